"""The action that searches alarms of the past."""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import probatio

from ..alarms import alarm_event_data
from ..alarms.archive import ArchiveQuery, StoredAlarm
from ..errors import translate_storage_errors
from ..vendors.contract import AlarmQuery
from ..vendors.kinds import AlarmKind
from ..vendors.model import Phase
from .action import Action, Scope, Target, invalid, required

DEFAULT_RANGE: Final = timedelta(hours=24)


def _range(call: ServiceCall) -> tuple[datetime, datetime]:
    """Return when; times without a zone are local."""
    end = dt_util.as_utc(call.data["end"]) if "end" in call.data else dt_util.utcnow()
    start = end - DEFAULT_RANGE
    if "start" in call.data:
        start = dt_util.as_utc(call.data["start"])
    if start >= end:
        raise invalid("end_before_start")
    return start, end


async def _async_search_archive(call: ServiceCall, target: Target) -> list[StoredAlarm]:
    start, end = _range(call)
    archive = target.data.alarms.archive
    query = ArchiveQuery(
        hubs=(target.entry_id,),
        channels=() if target.channel is None else (target.channel,),
        kinds=call.data["kind"],
        start=start,
        end=end,
        phase=call.data.get("phase"),
        person=call.data.get("person"),
        plate=call.data.get("plate"),
        limit=call.data["limit"],
    )
    with translate_storage_errors(archive):
        return await archive.search(query)


async def _async_search_hub(call: ServiceCall, target: Target) -> list[StoredAlarm]:
    start, end = _range(call)
    history = required(target.data.hub.history)
    phase = call.data.get("phase")
    now = dt_util.utcnow()
    return [
        StoredAlarm(key=0, hub=target.entry_id, alarm=alarm, received=now, late=True)
        async for alarm in history.search(
            AlarmQuery(
                start=start,
                end=end,
                channels=() if target.channel is None else (target.channel,),
                kinds=frozenset(call.data["kind"]),
                person=call.data.get("person"),
                plate=call.data.get("plate"),
                limit=call.data["limit"],
            )
        )
        if phase in {None, alarm.phase}
    ]


async def _async_search(call: ServiceCall, target: Target) -> JsonObjectType:
    found = await _SOURCES[call.data["source"]](call, target)
    return {
        "alarms": [alarm_event_data(call.hass, target.entry, each) for each in found]
    }


_SOURCES: Final = {"archive": _async_search_archive, "hub": _async_search_hub}

ACTIONS = (
    Action(
        name="search_alarms",
        run=_async_search,
        fields={
            probatio.Optional("source", default="archive"): probatio.In(list(_SOURCES)),
            probatio.Optional("start"): cv.datetime,
            probatio.Optional("end"): cv.datetime,
            probatio.Optional("kind", default=list): probatio.All(
                probatio.EnsureList(), [probatio.Coerce(AlarmKind)]
            ),
            probatio.Optional("phase"): probatio.Coerce(Phase),
            probatio.Optional("person"): cv.string,
            probatio.Optional("plate"): cv.string,
            probatio.Optional("limit", default=100): probatio.All(
                probatio.Coerce(int), probatio.Range(min=1, max=1000)
            ),
        },
        scope=Scope.BOTH,
        permission=POLICY_READ,
        response=SupportsResponse.ONLY,
    ),
)

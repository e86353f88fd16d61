"""Lets a conversation agent ask what the cameras saw."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import probatio

from .alarms.archive import ARCHIVE, ArchiveQuery, StoredAlarm
from .const import DOMAIN
from .errors import translate_storage_errors
from .identity import channel_of
from .vendors.kinds import AlarmKind
from .vendors.model import Phase

# A model reads every line, and pays for it.
LIMIT: Final = 40
COUNTED: Final = 1000

_RANGES: Final = ("last_hour", "today", "yesterday", "last_7_days")


def _range(name: str) -> tuple[datetime, datetime]:
    """Return when that is."""
    now = dt_util.now()
    today = dt_util.start_of_local_day()
    match name:
        case "today":
            return today, now
        case "yesterday":
            return dt_util.start_of_local_day(now.date() - timedelta(days=1)), today
        case "last_7_days":
            return now - timedelta(days=7), now
        case _:
            return now - timedelta(hours=1), now


@dataclass(slots=True)
class _Camera:
    """A channel of which the assistant may know."""

    entry_id: str
    channel: str
    name: str
    names: set[str] = field(default_factory=set)
    persons: bool = False
    """Whether it may know who was seen there."""


class SearchAlarmsTool(Tool):
    """Searches the archive."""

    name = f"{DOMAIN}__search_alarms"
    title = "Search alarms of cameras"
    description = (
        "Find out what the AI cameras detected: persons, faces, vehicles, fire and "
        "other alarms, newest first. Use this to answer questions like "
        "'What happened at the front door today?' or 'Was there a fire alarm "
        "yesterday?'. 'total' counts all alarms of the range, 'alarms' lists the newest."
    )
    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )
    integration = DOMAIN

    def __init__(self, names: list[str], kinds: list[str]) -> None:
        """Offer the cameras that are exposed, and what they have reported."""
        self.parameters = probatio.Schema(
            {
                probatio.Optional(
                    "camera", description="Name or area; leave out for all cameras"
                ): probatio.In(names),
                probatio.Required("range"): probatio.In(list(_RANGES)),
                probatio.Optional(
                    "kind", description="Kind of alarm; leave out for all"
                ): probatio.In(kinds),
            }
        )

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Search."""
        data = self.parameters(tool_input.tool_args)
        cameras = {
            (camera.entry_id, camera.channel): camera
            for camera in _async_cameras(hass, llm_context.assistant)
            if data.get("camera") in {None, *camera.names}
        }
        if not cameras:
            return ToolResult(data={"error": "Camera not found"}, error=True)
        start, end = _range(data["range"])
        found = await _async_search(hass, set(cameras), start, end, data.get("kind"))
        return ToolResult(
            data={
                "total": dict(Counter(stored.alarm.kind.value for stored in found)),
                "alarms": [
                    _described(stored, cameras[stored.hub, stored.alarm.channel or ""])
                    for stored in found[:LIMIT]
                ],
            }
        )


async def _async_search(
    hass: HomeAssistant,
    channels: set[tuple[str, str]],
    start: datetime,
    end: datetime,
    kind: str | None,
) -> list[StoredAlarm]:
    """Return the alarms of some channels, newest first."""
    found: list[StoredAlarm] = []
    archive = hass.data[ARCHIVE]
    for hub in {hub for hub, _ in channels}:
        query = ArchiveQuery(
            hubs=(hub,),
            channels=[channel for of, channel in channels if of == hub],
            kinds=(AlarmKind(kind),) if kind else (),
            start=start,
            end=end,
            phase=Phase.STARTED,
            limit=COUNTED,
        )
        with translate_storage_errors(archive):
            found += await archive.search(query)
    return sorted(found, key=lambda stored: stored.alarm.time, reverse=True)


def _described(stored: StoredAlarm, camera: _Camera) -> JsonObjectType:
    alarm = stored.alarm
    described: JsonObjectType = {
        "time": dt_util.as_local(alarm.time).isoformat(timespec="seconds"),
        "camera": camera.name,
        "kind": alarm.kind.value,
    }
    if camera.persons and (match := alarm.best_match):
        described["person"] = match.name
    return described


@callback
def _async_cameras(hass: HomeAssistant, assistant: str) -> list[_Camera]:
    """Return the channels of which the camera or an event entity is exposed."""
    devices = dr.async_get(hass)
    areas = ar.async_get(hass)
    cameras: dict[str, _Camera] = {}
    for entity in er.async_get(hass).entities.values():
        if (
            entity.platform != DOMAIN
            or entity.domain not in {Platform.CAMERA, Platform.EVENT}
            or entity.disabled_by
            or entity.device_id is None
            or (device := devices.async_get(entity.device_id)) is None
            or (
                entry := hass.config_entries.async_get_entry(
                    entity.config_entry_id or ""
                )
            )
            is None
            or not async_should_expose(hass, assistant, entity.entity_id)
        ):
            continue
        camera = cameras.get(device.id)
        if camera is None:
            channel = channel_of(device, entry.unique_id)
            if channel is None:
                continue
            name = device.name_by_user or device.name or channel
            camera = _Camera(entry.entry_id, channel, name, {name})
            cameras[device.id] = camera
        camera.names.update(er.async_get_entity_aliases(hass, entity))
        area_id = entity.area_id or device.area_id
        if area_id and (area := areas.async_get_area(area_id)):
            camera.names.update({area.name, *area.aliases})
        if entity.translation_key == "face":
            camera.persons = True
    return list(cameras.values())


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tool when a camera is exposed."""
    if api_id != LLM_API_ASSIST:
        return None
    cameras = _async_cameras(hass, llm_context.assistant)
    names = sorted({name for camera in cameras for name in camera.names})
    known = {(camera.entry_id, camera.channel) for camera in cameras}
    kinds = sorted(
        {
            kind.value
            for entry in hass.config_entries.async_loaded_entries(DOMAIN)
            for channel, kind in entry.runtime_data.alarms.seen
            if (entry.entry_id, channel) in known
        }
    )
    return LLMTools(tools=[SearchAlarmsTool(names, kinds)]) if names else None

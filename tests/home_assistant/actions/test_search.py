"""Alarms are searched in the archive and on the hub."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Match, Phase, Target

from ...helpers.actions import act, alarm
from .conftest import BusyHub


async def test_search_alarms(
    hass: HomeAssistant, entry: MockConfigEntry, box: str, gate: str
) -> None:
    """The archive is searched by all that is known of an alarm."""
    alarms = entry.runtime_data.alarms
    now = dt_util.utcnow()
    await alarms.accept(
        alarm(
            "1",
            AlarmKind.FACE_RECOGNIZED,
            time=now - timedelta(hours=2),
            matches=(Match(person_id="P1", name="Ada", similarity=90),),
        )
    )
    await alarms.accept(
        alarm(
            "2",
            AlarmKind.PLATE_RECOGNIZED,
            channel="2",
            time=now - timedelta(hours=1),
            targets=(Target(type="vehicle", plate="AB123"),),
        )
    )
    await alarms.accept(alarm("3", phase=Phase.ENDED, time=now - timedelta(minutes=1)))
    await alarms.accept(alarm("4", time=now - timedelta(days=3)))

    async def found(target: str, **how: Any) -> list[str]:
        answer = await act(hass, "search_alarms", target, **how)
        return [each["alarm_id"] for each in answer["alarms"]]

    assert await found(box) == ["3", "2", "1"]
    assert await found(gate) == ["3", "1"]
    assert await found(box, limit=1) == ["3"]
    assert await found(box, kind="plate_recognized") == ["2"]
    assert await found(box, person="Ada") == ["1"]
    assert await found(box, plate="123") == ["2"]
    assert await found(box, phase="ended") == ["3"]
    start = (now - timedelta(days=4)).isoformat()
    end = dt_util.as_local(now - timedelta(minutes=90)).replace(tzinfo=None)
    assert await found(box, start=start, end=end.isoformat()) == ["1", "4"]
    with pytest.raises(ServiceValidationError) as error:
        await found(box, start=now.isoformat(), end=start)
    assert error.value.translation_key == "end_before_start"


async def test_search_alarms_of_the_hub(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    """The hub's own memory is searched when the user wants it."""
    answer = await act(
        hass, "search_alarms", gate, source="hub", kind="intrusion", phase="started"
    )
    (found,) = answer["alarms"]
    assert (found["alarm_id"], found["key"], found["device_id"]) == ("r1", None, gate)
    (query,) = hub.history.queries
    assert query.channels == ("1",)
    assert query.kinds == {AlarmKind.INTRUSION}
    assert query.end - query.start == timedelta(hours=24)

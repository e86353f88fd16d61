"""Where the manual of the Huawei cloud contradicts itself, either way is understood."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from typing import Any

from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.vendors.huawei.hub import readings
from simulators.huawei import CountScene, HuaweiCloud, Rule, VehicleScene
from simulators.huawei.push_quirks import PushQuirks

from ...conftest import Setup, until_true

EVENT = "vision_hub_alarm"

# With these something else happens.
OF_THEIR_OWN = {"half_lifts_silence", "flow_prefix"}

CONTRADICTIONS = [
    field.name
    for field in fields(PushQuirks)
    if isinstance(field.default, bool) and field.name not in OF_THEIR_OWN
]


@pytest.fixture
async def cloud() -> AsyncIterator[HuaweiCloud]:
    """A recorder, a camera that moves, one that counts."""
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


def shown(event: Event[Any]) -> tuple[str, ...]:
    """Return what matters of an alarm."""
    data = event.data
    matches = [f"{each['library']} {each['similarity']}" for each in data["matches"]]
    plates = [each["plate"] for each in data["targets"] if each["plate"]]
    counts = data["counts"] or {}
    seen = [f"{name} {value}" for name, value in counts.items() if value is not None]
    return (data["kind"], *matches, *plates, *seen)


async def told(hass: HomeAssistant, events: list[Event[Any]], count: int) -> None:
    """Wait for that many alarms; what is missing is found out afterwards."""
    with suppress(TimeoutError):
        await until_true(hass, lambda: len(events) >= count, EVENT, timeout=5)


async def test_contradictions(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the cloud makes of each, the same is told of what happens."""
    monkeypatch.setattr(readings, "AT_MOST_EVERY", timedelta(0))
    await start_hub(cloud)
    events = async_capture_events(hass, EVENT)
    misread: dict[str, Any] = {}
    for number, name in enumerate(["", *CONTRADICTIONS]):
        if name:
            default = getattr(cloud.quirks, name)
            setattr(cloud.quirks, name, not default)
        events.clear()
        expected = await everything(cloud, number)
        await told(hass, events, len(expected))
        found = [shown(event) for event in events]
        if sorted(found) != sorted(expected):
            missing = [each for each in expected if each not in found]
            misread[name] = (missing, [each for each in found if each not in expected])
        if name:
            setattr(cloud.quirks, name, default)
    assert misread == {}


async def everything(cloud: HuaweiCloud, number: int) -> list[tuple[str, ...]]:
    """Let one of each happen; return what shall be told."""
    gate = cloud.channels[0]
    sent = [
        await cloud.alarm("over_line_alarm", channel=gate),
        await cloud.alarm("target_alarm", channel=gate, target_id="Liu Chen"),
        await cloud.target("Mira Solberg", channel=gate, similarity=90, glasses=True),
        await cloud.vehicle("沪X12345", channel=gate),
        await cloud.vehicle(scene=VehicleScene.RIDER, channel=gate),
        await cloud.head_shoulder(
            CountScene.LINE,
            channel=gate,
            entered_in_all=100 + number,
            left_in_all=50 + number,
        ),
        await cloud.head_shoulder(
            CountScene.CROWD,
            channel=gate,
            entered_in_all=4,
            left_in_all=3,
            people=7 + number,
        ),
        await cloud.behavior(Rule.INVASION, channel=gate),
        await cloud.checkpoint("京X55555", channel=gate, record=46),
    ]
    for push in sent:
        assert await push.delivered(timeout=10)
    return [
        ("line_crossed",),
        ("face_recognized", "Staff 92.0"),
        ("face_recognized", "Staff 90.0"),
        ("plate_recognized", "沪X12345"),
        ("cycle_detected",),
        ("people_counted", f"entered {100 + number}", f"left {50 + number}"),
        # As in the sample, who counts a crowd tells of passing people, too.
        ("people_counted", "entered 4", "left 3", f"inside {7 + number}"),
        ("intrusion",),
        ("traffic_violation", "京X55555"),
    ]

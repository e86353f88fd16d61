"""What a MegBox tells, over each of its ways, becomes the same in Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, STATE_ON
from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import EVENT_ALARM as EVENT
from custom_components.vision_hub.vendors.megvii.hub import push
from simulators.megvii import MegviiBox

from ...conftest import Setup, entity_id, until, until_true
from ...helpers.megvii import QUICK, slow_to_give_up

WAYS = ("http", "websocket", "port", "polling")

type Load = Callable[[MegviiBox], Awaitable[MockConfigEntry]]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """How alarms come."""
    return str(request.param)


@pytest.fixture
def listen(
    start_hub: Setup,
    way: str,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Load:
    """Load an entry that listens in that way."""
    monkeypatch.setattr(push, "POLLING", 0.1)
    options: dict[str, Any] = {"push": way}
    if way == "port":
        options = {"push": "websocket", "socket_port": unused_tcp_port}

    async def listen(box: MegviiBox) -> MockConfigEntry:
        return await start_hub(box, **options)

    return listen


@pytest.fixture
async def box() -> AsyncIterator[MegviiBox]:
    """A box whose pauses are over soon."""
    async with MegviiBox(time_scale=QUICK) as box:
        slow_to_give_up(box)
        yield box


def told(events: list[Event[Any]]) -> list[tuple[str, str]]:
    """Return channels and kinds, in an order of their own."""
    return sorted((event.data["channel"], event.data["kind"]) for event in events)


async def settled(hass: HomeAssistant, events: list[Event[Any]], count: int) -> None:
    """Wait for that many alarms."""
    await until_true(hass, lambda: len(events) >= count, EVENT, timeout=20)
    await hass.async_block_till_done()


async def test_faces(hass: HomeAssistant, box: MegviiBox, listen: Load) -> None:
    """Who is enrolled, and who is not, is told alike."""
    entry = await listen(box)
    events = async_capture_events(hass, EVENT)
    shown = async_capture_events(hass, EVENT_STATE_CHANGED)
    face = entity_id(hass, entry, "1_face")
    await box.recognize("Iris Vale", 1, score=91)
    await box.stranger(2)
    await settled(hass, events, 4)
    # What is wanted is what the library is for: that of a new box is a watch list.
    assert told(events) == [
        ("1", "face_blacklisted"),
        ("1", "face_captured"),
        ("2", "face_captured"),
        ("2", "face_stranger"),
    ]
    (known,) = [e for e in events if e.data["kind"] == "face_blacklisted"]
    person = box.events.person("Iris Vale")
    assert known.data["matches"][0]["person_id"] == person.image_id
    (state,) = [
        event.data["new_state"].attributes
        for event in shown
        if event.data["entity_id"] == face
        and event.data["new_state"].attributes.get("event_type") == "blacklisted"
    ]
    assert (state["person"], state["library"]) == ("Iris Vale", "Staff")
    assert state["similarity"] == pytest.approx(91)
    image = entity_id(hass, entry, "2_last_face")
    await until(hass, image, lambda s: s.state not in ("unknown", "unavailable"))


async def test_best_stranger(
    hass: HomeAssistant, box: MegviiBox, start_hub: Setup
) -> None:
    """The best picture of a stranger is no news when the stranger was told of."""
    await start_hub(box)
    box.device.channels[2].structure["bestStrangerUpload"] = True
    events = async_capture_events(hass, EVENT)
    result = await box.stranger(2)
    assert await result.delivered()
    await hass.async_block_till_done()
    assert told(events) == [("2", "face_stranger")]


async def test_targets(hass: HomeAssistant, box: MegviiBox, listen: Load) -> None:
    """People and vehicles are told with what they look like, and with their plate."""
    entry = await listen(box)
    events = async_capture_events(hass, EVENT)
    await box.capture("vehicle", 3, plate="TEST123")
    await box.capture("human", 3)
    await box.capture("cycle", 3)
    await box.capture("face", 3)
    await settled(hass, events, 5)
    assert told(events) == [
        ("3", "cycle_detected"),
        ("3", "face_captured"),
        ("3", "person_detected"),
        ("3", "plate_recognized"),
        ("3", "vehicle_detected"),
    ]
    by_kind = {event.data["kind"]: event.data for event in events}
    assert by_kind["plate_recognized"]["targets"][0]["plate"] == "TEST123"
    assert by_kind["vehicle_detected"]["targets"][0]["attributes"]
    assert by_kind["person_detected"]["targets"][0]["type"] == "person"
    for kind in by_kind:
        assert by_kind[kind]["targets"][0]["attributes"], kind
    await until(hass, entity_id(hass, entry, "3_plate_recognized"), STATE_ON)


@pytest.mark.parametrize("mode", [1, 3])
async def test_events_of_rules(hass: HomeAssistant, listen: Load, mode: int) -> None:
    """Rules of the algorithm store and of alert mode fire on their channel."""
    async with MegviiBox(mode=mode, multi_algorithm=mode != 3, time_scale=QUICK) as box:
        entry = await listen(box)
        events = async_capture_events(hass, EVENT)
        if mode == 1:
            alarms = ((1, "tripwire"), (2, "fall"), (4, "no_safetycap"), (4, "flame"))
            kinds = ["line_crossed", "fall", "no_helmet", "fire"]
        else:
            alarms = ((1, 2), (2, 8), (3, 4), (4, 9))
            kinds = ["intrusion", "fall", "illegal_parking", "smoking"]
        for channel, alarm in alarms:
            result = await box.alert(alarm, channel)
            assert result.held_back is None
        await settled(hass, events, len(alarms))
        assert told(events) == sorted(
            (str(channel), kind)
            for (channel, _), kind in zip(alarms, kinds, strict=True)
        )
        for channel, kind in zip((1, 2), kinds, strict=False):
            await until(hass, entity_id(hass, entry, f"{channel}_{kind}"), STATE_ON)
        assert all(event.data["task"] for event in events)
        image = entity_id(hass, entry, "2_last_alarm")
        await until(hass, image, lambda s: s.state not in ("unknown", "unavailable"))

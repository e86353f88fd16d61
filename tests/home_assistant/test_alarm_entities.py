"""From what a box sees to what a user sees."""

from datetime import timedelta
import time

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import Event, HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.alarms.archive import ArchiveQuery
from simulators.push_delivery import PushFault
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup, entity_id, until


async def test_alarm(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """An alarm turns its sensor on, fires its event, shows its picture."""
    events = async_capture_events(hass, "vision_hub_alarm")
    helmet = entity_id(hass, entry, "2_no_helmet")
    assert hass.states.get(helmet).state == STATE_OFF

    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)

    await until(hass, helmet, STATE_ON)
    event = hass.states.get(entity_id(hass, entry, "2_alarm"))
    assert event.attributes["event_type"] == "no_helmet"
    assert event.attributes["code"] == "SafetyHelmetAlarm"
    assert hass.states.get(entity_id(hass, entry, "1_alarm")).state == STATE_UNKNOWN

    (fired,) = events
    assert fired.data["kind"] == "no_helmet"
    assert fired.data["group"] == "safety"
    assert fired.data["alarm_id"].startswith(push.event_id)
    assert fired.data["channel"] == "2"
    assert fired.data["late"] is False

    image = hass.states.get(
        next(
            state.entity_id
            for state in hass.states.async_all("image")
            if state.state != STATE_UNKNOWN
        )
    )
    client = await hass_client()
    response = await client.get(image.attributes["entity_picture"])
    assert response.status == 200
    assert (await response.read()).startswith(b"\xff\xd8")


async def test_recovery(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The box tells that it is over, and the sensor goes off at once."""
    helmet = entity_id(hass, entry, "2_no_helmet")
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    await until(hass, helmet, STATE_ON)
    await box.recover(push)
    await until(hass, helmet, STATE_OFF)


async def test_hold_time(hass: HomeAssistant, box: UniviewBox, set_up: Setup) -> None:
    """Without a word from the box the sensor goes off after the hold time."""
    entry = await set_up(box, hold_time=5)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    helmet = entity_id(hass, entry, "2_no_helmet")
    await (await box.alarm("SafetyHelmetAlarm", channel_id=2)).delivered(timeout=5)
    await until(hass, helmet, STATE_ON)

    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=6))
    await until(hass, helmet, STATE_OFF)


async def test_unforeseen_kind(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A kind that was not configured gets its sensor when it is first seen."""
    push = await box.alarm("SmokingAlarm", channel_id=2, force=True)
    assert await push.delivered(timeout=5)
    await hass.async_block_till_done()
    assert hass.states.get(entity_id(hass, entry, "2_smoking")).state == STATE_ON
    assert (
        hass.states.get(entity_id(hass, entry, "2_alarm")).attributes["event_type"]
        == "smoking"
    )


async def test_unknown_code(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A code that no manual knows arrives with its code."""
    events = async_capture_events(hass, "vision_hub_alarm")
    push = await box.alarm("DragonDetection", channel_id=1, force=True)
    assert await push.delivered(timeout=5)
    await hass.async_block_till_done()
    assert events[0].data["kind"] == "other"
    assert events[0].data["code"] == "DragonDetection"


async def test_faces(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A known person, a stranger and a mere face are told apart."""
    events = async_capture_events(hass, "vision_hub_alarm")
    face = entity_id(hass, entry, "1_face")
    person = next(iter(box.device.people.values()))

    await box.face(channel_id=1, person_id=person.person_id)
    state = await until(
        hass, face, lambda s: s.attributes["event_type"] == "recognized"
    )
    assert state.attributes["person"] == person.name
    assert 0 < state.attributes["similarity"] <= 100

    await box.face(channel_id=1, stranger=True)
    await until(hass, face, lambda s: s.attributes["event_type"] == "stranger")
    await box.face(channel_id=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "captured")
    assert [event.data["kind"] for event in events] == [
        "face_recognized",
        "face_stranger",
        "face_captured",
    ]
    assert events[0].data["matches"][0]["person_id"] == str(person.person_id)


async def test_people_counting(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Counts become sensors, and a count is no alarm."""
    await box.people_count(channel_id=1, entered=3, left=1)
    await until(hass, entity_id(hass, entry, "1_people_entered"), "3")
    await until(hass, entity_id(hass, entry, "1_people_left"), "1")
    assert hass.states.get(entity_id(hass, entry, "1_alarm")).state == STATE_UNKNOWN


async def test_a_counter_that_repeats_itself(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Sixty pushes are acknowledged; they make an event for each change only."""
    events = async_capture_events(hass, "vision_hub_alarm")
    entered = entity_id(hass, entry, "1_people_entered")
    for number in range(60):
        push = await box.people_count(channel_id=1, entered=3 + number // 30, left=1)
        assert await push.delivered(timeout=5)
    await until(hass, entered, "4")
    await hass.async_block_till_done()
    assert [event.data["counts"]["entered"] for event in events] == [3, 4]
    archive = entry.runtime_data.alarms.archive
    assert len(await archive.search(ArchiveQuery(limit=100))) == 1


async def test_people_inside(hass: HomeAssistant, set_up: Setup) -> None:
    """An area tells how many are in it."""
    async with UniviewBox(channels=4, password=PASSWORD) as box:
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        await box.people_count(channel_id=4, inside=7)
        await until(hass, entity_id(hass, entry, "4_people_inside"), "7")


async def test_repeats_are_one_alarm(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A message that comes again and again is acknowledged each time and told once."""
    events = async_capture_events(hass, "vision_hub_alarm")
    box.push_faults.add(PushFault.DUPLICATE)
    box.push_faults.add(PushFault.LOST_ANSWER, times=1)
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)
    await hass.async_block_till_done()
    assert len(events) == 1


async def test_late_alarm(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """What is minutes old is told as late and triggers nothing."""
    events: list[Event] = async_capture_events(hass, "vision_hub_alarm")
    push = await box.alarm(
        "SafetyHelmetAlarm",
        channel_id=2,
        at=time.time() - 600,
    )
    assert await push.delivered(timeout=5)
    await hass.async_block_till_done()
    assert events[0].data["late"] is True
    assert hass.states.get(entity_id(hass, entry, "2_no_helmet")).state == STATE_OFF
    assert hass.states.get(entity_id(hass, entry, "2_alarm")).state == STATE_UNKNOWN


async def test_restart_remembers(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """After a restart the last pictures are there, and what was missed is fetched."""
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)

    events = async_capture_events(hass, "vision_hub_alarm")
    missed = await box.alarm("FieldDetectorObjectsInside", channel_id=2)
    assert not missed.acknowledgements
    await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert await missed.delivered(timeout=30)
    await hass.async_block_till_done()

    assert [event.data["kind"] for event in events] == ["intrusion"]
    newest = entry.runtime_data.alarms.latest_alarm["2"]
    assert newest.alarm.kind == "intrusion"

"""From a hub to all who care: events, what is told once, what is kept."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import AlarmCenter, AlarmUpdate, Outage, Reason
from custom_components.vision_hub.alarms.archive import Archive, Limits
from custom_components.vision_hub.vendors.errors import CannotConnect, SubscriptionTaken
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Box,
    Counts,
    Match,
    Passage,
    Phase,
    Target,
)

from ..helpers.alarms import an_alarm, scene
from ..helpers.fake_hub import FakeHub
from .conftest import make_center, now, pass_time, until


async def test_event(
    hass: HomeAssistant, entry: MockConfigEntry, center: AlarmCenter
) -> None:
    """Every key is there, whatever is known."""
    events = async_capture_events(hass, "vision_hub_alarm")
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("vision_hub", "box:1")},
        name="Door",
    )
    full = an_alarm(
        kind=AlarmKind.FACE_RECOGNIZED,
        time=now(),
        matches=(Match(person_id="7", name="Ann", library="Staff", similarity=90),),
        targets=(Target(type="face", box=Box(0, 0, 0.5, 1), attributes={"age": 40}),),
        counts=Counts(entered=1),
        task="Gate",
        passage=Passage.ENTRY,
        pictures=(scene(),),
    )
    await center.accept(full)
    await center.accept(an_alarm(channel=None, time=now()))
    await hass.async_block_till_done()
    one, two = (dict(event.data) for event in events)
    pictures = one.pop("pictures")
    assert one == {
        "entry_id": entry.entry_id,
        "vendor": "uniview",
        "hub": "Shop",
        "device_id": device.id,
        "channel": "1",
        "channel_name": "Door",
        "alarm_id": full.id,
        "key": 1,
        "kind": "face_recognized",
        "group": "face",
        "code": "intrusion",
        "phase": "started",
        "time": full.time.isoformat(),
        "late": False,
        "matches": [
            {
                "person_id": "7",
                "name": "Ann",
                "library_id": None,
                "library": "Staff",
                "similarity": 90,
            }
        ],
        "targets": [
            {
                "type": "face",
                "plate": None,
                "box": {"left": 0, "top": 0, "right": 0.5, "bottom": 1},
                "attributes": {"age": 40},
            }
        ],
        "counts": {"entered": 1, "left": None, "inside": None},
        "task": "Gate",
        "passage": "entry",
    }
    stored = center.latest_alarm["1"]
    name = stored.pictures[0].path.rpartition("/")[2]
    assert pictures == [
        {
            "role": "scene",
            "media_content_id": f"media-source://vision_hub/{entry.entry_id}/1/1/{name}",
        }
    ]
    assert two.keys() == one.keys() | {"pictures"}
    assert (two["device_id"], two["channel"], two["counts"]) == (None, None, None)


async def test_repeat_is_told_once(
    hass: HomeAssistant, center: AlarmCenter, updates: list[AlarmUpdate]
) -> None:
    alarm = an_alarm(time=now())
    await asyncio.gather(*(center.accept(alarm) for _ in range(5)))
    assert len(updates) == 1


async def test_stored_is_told_though_the_hub_hung_up(
    center: AlarmCenter, updates: list[AlarmUpdate]
) -> None:
    task = asyncio.create_task(center.accept(an_alarm(time=now())))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await center.stop()
    assert [update.reason for update in updates] == [Reason.ALARM]


async def test_late(
    hass: HomeAssistant, center: AlarmCenter, updates: list[AlarmUpdate]
) -> None:
    events = async_capture_events(hass, "vision_hub_alarm")
    await center.accept(an_alarm(time=now(70)))
    await center.accept(an_alarm(time=now(50), kind=AlarmKind.FIRE))
    await hass.async_block_till_done()
    assert [event.data["late"] for event in events] == [True, False]
    assert not center.is_on("1", AlarmKind.INTRUSION)
    assert center.is_on("1", AlarmKind.FIRE)
    assert center.latest_alarm["1"].alarm.kind is AlarmKind.FIRE


async def test_latest_after_a_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    center: AlarmCenter,
) -> None:
    await center.accept(an_alarm(time=now(3), pictures=(scene(),)))
    await center.accept(an_alarm(time=now(2), kind=AlarmKind.FACE_CAPTURED))
    await center.accept(
        an_alarm(time=now(1), kind=AlarmKind.PEOPLE_COUNTED, counts=Counts(inside=2))
    )
    await center.accept(an_alarm(time=now(), phase=Phase.ENDED))
    again = make_center(hass, entry, hub, archive)
    await again.load()
    assert again.counts == center.counts == {"1": Counts(inside=2)}
    for which in ("alarm", "picture", "face"):
        name = f"latest_{which}"
        assert getattr(again, name) == getattr(center, name)
        assert getattr(again, name)["1"]
    assert again.seen == center.seen
    assert len(again.seen) == 3


async def test_clip(center: AlarmCenter, updates: list[AlarmUpdate]) -> None:
    await center.accept(an_alarm(time=now(), clip="clip"))
    await center.add_clip("clip", b"\0\0\0\x18ftypmp42", "video/mp4")
    await center.add_clip("other", b"\0\0\0\x18ftypmp42", "video/mp4")
    assert [update.reason for update in updates] == [Reason.ALARM, Reason.PICTURE]
    assert center.latest_alarm["1"].clip


async def test_refused(
    center: AlarmCenter,
    updates: list[AlarmUpdate],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space")

    center.start()
    await until(lambda: center.outage is None)
    updates.clear()
    monkeypatch.setattr("os.write", full)
    alarm = an_alarm(time=now(), pictures=(scene(),))
    for _ in range(3):
        with pytest.raises(OSError, match="No space"):
            await center.accept(alarm)
    assert center.outage is Outage.STORAGE
    monkeypatch.undo()
    await center.accept(alarm)
    await until(lambda: center.outage is None)
    assert [update.reason for update in updates] == [
        Reason.PUSH,
        Reason.ALARM,
        Reason.PUSH,
    ]
    assert caplog.text.count("cannot be stored") == 1


async def test_outages(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whoever shows alarms is told why none can come."""
    assert center.outage is Outage.STARTING
    hub.errors = [CannotConnect("no route"), SubscriptionTaken(("192.0.2.1",))]
    center.start()
    await until(lambda: center.outage is Outage.FAILED)
    await pass_time(hass, freezer, 2)
    await until(lambda: center.outage is Outage.TAKEN)
    await pass_time(hass, freezer, 901)
    await until(lambda: center.outage is None)
    await pass_time(hass, freezer, 100)
    assert center.outage is Outage.SILENT
    center.heard()
    assert center.outage is None


async def test_retention(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    center = make_center(hass, entry, hub, archive, megabytes=1)
    await center.load()
    for number in range(30):
        await center.accept(an_alarm(time=now(), pictures=(scene(number, 100_000),)))
    center.start()
    await until(lambda: not archive.exceeds(entry.entry_id, Limits(30, 1)))
    assert (await archive.usage()).alarms == 9
    await center.stop()


async def test_stored_but_not_told(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    """What a crash kept from being told is told after the restart, once."""
    untold = an_alarm(time=now(10))
    await archive.add(entry.entry_id, untold, received=now(10), late=False)
    events = async_capture_events(hass, "vision_hub_alarm")

    for _ in range(2):
        center = make_center(hass, entry, hub, archive)
        await center.load()
        center.start()
        await center.accept(untold)
        await hass.async_block_till_done()
        await center.stop()
    assert [event.data["alarm_id"] for event in events] == [untold.id]
    assert events[0].data["late"] is False

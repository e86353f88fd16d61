"""Counters that are pushed once a second: what is told of them, and what is kept."""

from datetime import datetime
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import AlarmCenter
from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm, Counts, Phase, Source

from ..helpers.alarms import an_alarm, scene
from ..helpers.fake_hub import FakeHub
from .conftest import make_center, now, pass_time, until

COUNTED = AlarmKind.PEOPLE_COUNTED


@pytest.fixture
def events(hass: HomeAssistant) -> list[Event]:
    return async_capture_events(hass, "vision_hub_alarm")


def counted(
    inside: int | None = None,
    entered: int | None = None,
    *,
    channel: str | None = "1",
    code: str = "AreaPeopleCounting",
    kind: AlarmKind = COUNTED,
    time: datetime | None = None,
    told: bool = True,
    source: Source = Source.PUSH,
    phase: Phase = Phase.STARTED,
) -> Alarm:
    return an_alarm(
        channel=channel,
        kind=kind,
        code=code,
        time=time or now(),
        counts=Counts(inside=inside, entered=entered) if told else None,
        pictures=(scene(),),
        source=source,
        phase=phase,
    )


async def kept(archive: Archive) -> list[int | None]:
    """Return what the archive has of people inside, oldest first."""
    rows = await archive.search(ArchiveQuery(limit=1000))
    return [row.alarm.counts and row.alarm.counts.inside for row in reversed(rows)]


async def push_each_second(
    hass: HomeAssistant,
    center: AlarmCenter,
    freezer: FrozenDateTimeFactory,
    numbers: list[int],
) -> None:
    for number in numbers:
        await center.accept(counted(number))
        await pass_time(hass, freezer, 1)


async def test_a_count_that_stays_is_one_event_and_one_row(
    hass: HomeAssistant,
    center: AlarmCenter,
    archive: Archive,
    events: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    await push_each_second(hass, center, freezer, [3] * 150)
    await hass.async_block_till_done()
    assert [event.data["counts"]["inside"] for event in events] == [3]
    assert await kept(archive) == [3]


async def test_a_count_that_changes_is_told_each_time_and_kept_once_a_minute(
    hass: HomeAssistant,
    center: AlarmCenter,
    archive: Archive,
    events: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    await push_each_second(hass, center, freezer, list(range(150)))
    await hass.async_block_till_done()
    assert [event.data["counts"]["inside"] for event in events] == list(range(150))
    assert center.counts["1"].inside == 149
    rows = await kept(archive)
    assert len(rows) <= 4
    assert rows[0] == 0
    # What is archived can be asked for by its key; the others have none.
    assert events[0].data["key"] == 1
    assert events[1].data["key"] is None
    assert events[1].data["pictures"] == []
    await pass_time(hass, freezer, 61)
    await until(lambda: not center._accepting)
    assert (await kept(archive))[-1] == 149


async def test_there_and_back_within_a_minute_is_no_change_for_the_archive(
    hass: HomeAssistant,
    center: AlarmCenter,
    archive: Archive,
    events: list[Event],
    freezer: FrozenDateTimeFactory,
) -> None:
    await push_each_second(hass, center, freezer, [1, 2, 1])
    await pass_time(hass, freezer, 61)
    await push_each_second(hass, center, freezer, [2])
    await hass.async_block_till_done()
    assert [event.data["counts"]["inside"] for event in events] == [1, 2, 1, 2]
    assert await kept(archive) == [1, 2]


async def test_channels_and_counters_are_apart(
    center: AlarmCenter, archive: Archive, events: list[Event]
) -> None:
    for _ in range(3):
        await center.accept(counted(5, channel="1"))
        await center.accept(counted(5, channel="2"))
        await center.accept(counted(entered=7, channel="1", code="LinePeopleCounting"))
    assert len(await kept(archive)) == 3
    assert center.counts["1"] == Counts(inside=5, entered=7)
    assert center.counts["2"] == Counts(inside=5)


async def test_what_is_no_measurement_is_never_held_back(
    center: AlarmCenter, archive: Archive
) -> None:
    for _ in range(5):
        await center.accept(counted(9, kind=AlarmKind.CROWD))
        await center.accept(counted(9, kind=COUNTED, phase=Phase.ENDED))
    assert len(await kept(archive)) == 10


@pytest.mark.parametrize("kind", [COUNTED, AlarmKind.VEHICLES_COUNTED])
async def test_counters_that_tell_no_count_are_told_once_a_minute(
    hass: HomeAssistant,
    center: AlarmCenter,
    archive: Archive,
    events: list[Event],
    freezer: FrozenDateTimeFactory,
    kind: AlarmKind,
) -> None:
    for _ in range(130):
        await center.accept(counted(kind=kind, told=False))
        await pass_time(hass, freezer, 1)
    await hass.async_block_till_done()
    assert len(events) == len(await kept(archive)) == 3


async def test_records_of_a_counter_without_counts_are_not_kept(
    center: AlarmCenter, archive: Archive
) -> None:
    await center.accept(counted(told=False, source=Source.HISTORY))
    assert await kept(archive) == []


async def test_late_counts_are_samples_of_their_own_time(
    center: AlarmCenter, archive: Archive
) -> None:
    await center.accept(counted(1))
    for ago in range(600, 300, -1):
        await center.accept(counted(ago, time=now(ago)))
    rows = await kept(archive)
    assert 5 <= len(rows) <= 7
    assert center.counts["1"].inside == 1


async def test_a_restart_knows_what_was_counted(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    center: AlarmCenter,
    events: list[Event],
) -> None:
    await center.accept(counted(5))
    await center.accept(counted(entered=7, code="LinePeopleCounting"))
    await center.accept(counted(6))
    # What waits for its minute is kept when the hub is unloaded.
    await center.stop()
    assert len(await kept(archive)) == 3
    events.clear()
    after = make_center(hass, entry, hub, archive)
    await after.load()
    assert after.counts["1"] == Counts(inside=6, entered=7)
    await after.accept(counted(6))
    await after.stop()
    await hass.async_block_till_done()
    assert events == []
    assert len(await kept(archive)) == 3


async def test_a_full_disk_refuses_a_sample_only(
    hass: HomeAssistant,
    center: AlarmCenter,
    archive: Archive,
    database: Path,
    events: list[Event],
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    await center.accept(counted(1))
    await center.accept(counted(2))
    monkeypatch.setattr(archive, "add", full)
    await pass_time(hass, freezer, 61)
    await hass.async_block_till_done()
    with pytest.raises(OSError, match="space"):
        await center.accept(counted(3, channel="2"))
    await hass.async_block_till_done()
    assert [event.data["counts"]["inside"] for event in events] == [1, 2, 3]
    assert center.counts["2"].inside == 3

"""What was missed is fetched."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
import errno
from pathlib import Path
import sqlite3
import time

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import AlarmCenter
from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery
from custom_components.vision_hub.alarms.receiving import PushState
from custom_components.vision_hub.vendors.errors import CannotConnect
from custom_components.vision_hub.vendors.model import Alarm, Source

from ..helpers.alarms import an_alarm, scene
from ..helpers.disk import Disk
from ..helpers.fake_hub import FakeHub
from .conftest import make_center, now, pass_time, until


async def test_catching_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was missed is fetched once; the first start missed nothing."""
    events = async_capture_events(hass, "vision_hub_alarm")
    center.start()
    await until(lambda: center.push is PushState.LISTENING)
    await until_marked(archive, entry, now())
    pushed = an_alarm(time=now())
    await center.accept(pushed)
    assert not hub.history.queries
    begin = now()
    await until_marked(archive, entry, begin)

    # It is silent for two hours, then heard again.
    hub.history.alarms = [
        an_alarm(source=Source.HISTORY, time=pushed.time),
        *(
            an_alarm(source=Source.HISTORY, time=now(-3600 - n % 2), id=f"record-{n}")
            for n in range(4)
        ),
    ]
    await pass_time(hass, freezer, 7200)
    assert center.push is PushState.SILENT
    center.heard()
    await until_marked(archive, entry, begin + timedelta(seconds=7200))
    await hass.async_block_till_done()
    assert len(events) == 5
    assert all(event.data["late"] for event in events[1:])
    assert [event.data["alarm_id"] for event in events[1:]] == [
        f"record-{n}" for n in (2, 0, 3, 1)
    ]
    assert len(await archive.search(ArchiveQuery())) == 5
    assert hub.history.queries[0].start <= begin - timedelta(seconds=60)


async def until_marked(
    archive: Archive, entry: MockConfigEntry, mark: datetime
) -> None:
    for _ in range(2000):
        last = await archive.last_time(entry.entry_id)
        if last is not None and last >= mark:
            return
        await asyncio.to_thread(time.sleep, 0.002)
    pytest.fail("It was not noted that nothing is missing")


async def test_catching_up_is_tried_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    freezer: FrozenDateTimeFactory,
) -> None:
    await archive.set_complete(entry.entry_id, now(600))
    hub.history.error = CannotConnect("no")
    hub.history.alarms = [an_alarm(source=Source.HISTORY, time=now(300))]
    center.start()
    await until(lambda: len(hub.history.queries) == 1)
    await pass_time(hass, freezer, 31)
    await until(lambda: len(hub.history.queries) == 2)
    hub.history.error = None
    await pass_time(hass, freezer, 121)
    await until_marked(archive, entry, now(1))
    assert (await archive.usage()).alarms == 1


@pytest.fixture
def disk(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Disk]:
    """What the pictures lie on; nobody waits long for it."""
    package = "custom_components.vision_hub.alarms"
    monkeypatch.setattr(f"{package}.archive.health.FIRST_WAIT", 0.02)
    monkeypatch.setattr(f"{package}.archive.health.LONGEST_WAIT", 0.05)
    monkeypatch.setattr(f"{package}.catch_up.FIRST_PAUSE", 0.02)
    disk = Disk(monkeypatch, tmp_path / "media")
    yield disk
    disk.error = None


def as_record(alarm: Alarm) -> Alarm:
    return replace(alarm, id=f"record of {alarm.id}", source=Source.HISTORY)


async def test_refused_is_fetched(
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    disk: Disk,
) -> None:
    """What the disk had no room for is fetched when it has."""
    center.start()
    await until_marked(archive, entry, now(10))
    mark = await archive.last_time(entry.entry_id)
    disk.error = errno.ENOSPC
    refused = [an_alarm(time=now(), pictures=(scene(),)) for _ in range(5)]
    for alarm in refused:
        with pytest.raises(OSError, match="space"):
            await center.accept(alarm)
    hub.history.alarms = [as_record(alarm) for alarm in refused]
    await until(lambda: len(hub.history.queries) > 0)
    disk.error = None
    await until(lambda: len(center.latest_alarm) == 1)
    await until_stored(archive, 5)
    # The hub may write down later what it could not push.
    assert center.catching_up
    assert await archive.last_time(entry.entry_id) <= mark


async def test_refused_is_written_down_later(
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.catch_up.OVERLAP", timedelta(seconds=1)
    )
    center.start()
    await until_marked(archive, entry, now(10))
    disk.error = errno.EIO
    # It happened long before it was pushed.
    refused = an_alarm(time=now(300), pictures=(scene(),))
    with pytest.raises(OSError, match="error"):
        await center.accept(refused)
    disk.error = None
    await until(lambda: len(hub.history.queries) > 0)
    hub.history.alarms = [as_record(refused)]
    await until_stored(archive, 1)
    await until(lambda: not center.catching_up)
    await until_marked(archive, entry, now(5))


async def test_refused_before_anything_was_stored(
    entry: MockConfigEntry,
    hass: HomeAssistant,
    hub: FakeHub,
    archive: Archive,
    disk: Disk,
) -> None:
    """A new hub has no mark; what it told first may be refused."""
    center = make_center(hass, entry, hub, archive)
    await center.load()
    disk.error = errno.ENOSPC
    refused, stored = an_alarm(time=now(), pictures=(scene(),)), an_alarm(time=now(-1))
    with pytest.raises(OSError, match="space"):
        await center.accept(refused)
    await center.accept(stored)
    hub.history.alarms = [as_record(refused)]
    disk.error = None
    center.start()
    await until_stored(archive, 2)
    await center.stop()


async def test_endless_trouble(
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is tried as long as it takes."""
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.catch_up.WAITS", (0.001, 0.002)
    )
    await archive.set_complete(entry.entry_id, now(600))
    hub.history.error = CannotConnect("no")
    hub.history.alarms = [an_alarm(source=Source.HISTORY, time=now(300))]
    center.start()
    await until(lambda: len(hub.history.queries) > 10)
    hub.history.error = None
    await until_stored(archive, 1)


async def test_record_that_cannot_be_stored(
    center: AlarmCenter,
    hub: FakeHub,
    archive: Archive,
    entry: MockConfigEntry,
    database: Path,
) -> None:
    """It does not block those beside it."""
    with sqlite3.connect(database) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON alarms WHEN NEW.code = 'bad' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    connection.close()
    await archive.set_complete(entry.entry_id, now(600))
    hub.history.alarms = [
        an_alarm(source=Source.HISTORY, time=now(100 * n), code=code)
        for n, code in enumerate(("good", "bad", "good"))
    ]
    center.start()
    await until_marked(archive, entry, now(5))
    assert (await archive.usage()).alarms == 2


async def until_stored(archive: Archive, count: int) -> None:
    for _ in range(2000):
        if (await archive.usage()).alarms == count:
            return
        await asyncio.to_thread(time.sleep, 0.005)
    pytest.fail("Not all was fetched")


async def test_mark_of_a_clock_that_was_ahead(
    center: AlarmCenter, hub: FakeHub, archive: Archive, entry: MockConfigEntry
) -> None:
    """Nothing is complete until a time that is yet to come."""
    await archive.set_complete(entry.entry_id, now(-90_000))
    hub.history.alarms = [an_alarm(source=Source.HISTORY, time=now(3600))]
    center.start()
    await until_stored(archive, 1)

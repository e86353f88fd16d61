"""What was missed is fetched."""

import asyncio
from datetime import datetime, timedelta
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
from custom_components.vision_hub.vendors.model import Source

from ..helpers.alarms import an_alarm
from ..helpers.fake_hub import FakeHub
from .conftest import now, pass_time, until


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
    await hass.async_block_till_done()
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

"""When an alarm is on, and when it goes off."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.alarms import AlarmCenter, AlarmUpdate, Reason
from custom_components.vision_hub.alarms.archive import Archive
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Phase

from ..helpers.alarms import an_alarm
from ..helpers.fake_hub import FakeHub
from .conftest import CLOCK_STEPS, make_center, now, pass_time, until


async def test_recovery(center: AlarmCenter, updates: list[AlarmUpdate]) -> None:
    await center.accept(an_alarm(time=now(5)))
    assert center.is_on("1", AlarmKind.INTRUSION)
    assert not center.is_on("1", AlarmKind.FIRE)
    assert not center.is_on("2", AlarmKind.INTRUSION)
    # The end of an earlier one.
    await center.accept(an_alarm(time=now(6), phase=Phase.ENDED))
    assert center.is_on("1", AlarmKind.INTRUSION)
    await center.accept(an_alarm(time=now(), phase=Phase.ENDED))
    assert not center.is_on("1", AlarmKind.INTRUSION)
    assert [update.reason for update in updates] == [
        Reason.ALARM,
        Reason.ENDED,
        Reason.ENDED,
    ]


@pytest.mark.parametrize("hold", [None, timedelta(seconds=10)])
async def test_hold_time(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    freezer: FrozenDateTimeFactory,
    hold: timedelta | None,
) -> None:
    center = make_center(hass, entry, hub, archive, hold=hold)
    await center.load()
    updates: list[AlarmUpdate] = []
    center.subscribe(updates.append)
    seconds = 10 if hold else 30
    await center.accept(an_alarm(time=now()))
    await center.accept(an_alarm(time=now(), kind=AlarmKind.FIRE))
    await pass_time(hass, freezer, seconds - 1)
    await center.accept(an_alarm(time=now()))
    await pass_time(hass, freezer, seconds - 1)
    assert center.is_on("1", AlarmKind.INTRUSION)
    assert center.is_on("1", AlarmKind.FIRE) is (hold is None)
    await pass_time(hass, freezer, 2)
    assert not center.is_on("1", AlarmKind.INTRUSION)
    assert updates[-1] == AlarmUpdate("1", AlarmKind.INTRUSION, None, Reason.ENDED)
    await center.stop()


async def test_what_happens_has_no_state(center: AlarmCenter) -> None:
    await center.accept(an_alarm(time=now(), kind=AlarmKind.HUB_LOGIN))
    assert not center.is_on("1", AlarmKind.HUB_LOGIN)
    assert center.seen == {("1", AlarmKind.HUB_LOGIN)}


@pytest.mark.parametrize("step", CLOCK_STEPS)
async def test_clock_is_set_while_an_alarm_is_on(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    set_clock: Callable[[timedelta], None],
    step: timedelta,
) -> None:
    """The hold time is as long as ever."""
    center = make_center(hass, entry, hub, archive, hold=timedelta(seconds=0.5))
    await center.load()
    await center.accept(an_alarm(time=now()))
    begin = hass.loop.time()
    set_clock(step)
    await asyncio.sleep(0.2)
    assert center.is_on("1", AlarmKind.INTRUSION)
    await until(lambda: not center.is_on("1", AlarmKind.INTRUSION))
    assert hass.loop.time() - begin < 5
    await center.stop()

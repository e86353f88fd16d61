"""How listening to a hub goes, and what is done when it does not."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import gc
from typing import override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.alarms import AlarmCenter, AlarmUpdate, Outage, Reason
from custom_components.vision_hub.alarms.archive import Archive
from custom_components.vision_hub.alarms.receiving import PushState
from custom_components.vision_hub.vendors.contract import AlarmSink, CallbackServer
from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    CannotConnect,
    SubscriptionTaken,
)
from custom_components.vision_hub.vendors.model import HubStatus

from ...helpers.fake_hub import FakeHub
from ..conftest import CLOCK_STEPS, make_center, pass_time, until

NOTHING = HubStatus(channels={})


async def test_listening_and_silence(
    hass: HomeAssistant,
    center: AlarmCenter,
    freezer: FrozenDateTimeFactory,
    updates: list[AlarmUpdate],
) -> None:
    assert center.push is PushState.STARTING
    center.start()
    await until(lambda: center.push is PushState.LISTENING)
    await pass_time(hass, freezer, 80)
    center.heard()
    assert center.last_heard == dt_util.utcnow()
    await pass_time(hass, freezer, 80)
    assert center.push is PushState.LISTENING
    await pass_time(hass, freezer, 11)
    assert center.push is PushState.SILENT
    center.heard()
    assert center.push is PushState.LISTENING
    center.expect(None)
    await pass_time(hass, freezer, 10_000)
    assert center.push is PushState.LISTENING
    assert [update.reason for update in updates] == [
        Reason.PUSH,
        Reason.PUSH,
        Reason.RECEPTION,
        Reason.PUSH,
        Reason.RECEPTION,
    ]


async def test_hub_that_does_not_answer(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is gone, unless it calls, and as long as it does."""
    hub.within = None
    center.start()
    await until(lambda: center.outage is None)
    center.polled(NOTHING, answered=False)
    assert center.outage is Outage.UNREACHABLE
    center.heard()
    assert center.outage is None
    await pass_time(hass, freezer, 170)
    center.heard()
    await pass_time(hass, freezer, 170)
    assert center.outage is None
    await pass_time(hass, freezer, 11)
    assert center.outage is Outage.UNREACHABLE
    assert not center.lost
    await pass_time(hass, freezer, 61)
    assert center.lost
    center.polled(NOTHING, answered=True)
    assert center.outage is None
    assert not center.lost
    await pass_time(hass, freezer, 10_000)
    assert center.outage is None


@pytest.mark.parametrize("step", CLOCK_STEPS)
async def test_clock_is_set_while_a_hub_is_silent(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    set_clock: Callable[[timedelta], None],
    step: timedelta,
) -> None:
    """Silence is noticed as soon as ever, and no sooner."""
    hub.within = timedelta(seconds=0.5)
    center.start()
    await until(lambda: center.push is PushState.LISTENING)
    begin = hass.loop.time()
    set_clock(step)
    await asyncio.sleep(0.2)
    assert center.push is PushState.LISTENING
    center.heard()
    await until(lambda: center.push is PushState.SILENT)
    assert 0.6 < hass.loop.time() - begin < 5


async def test_failures(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried again, less and less often; what is not expected is no end either."""
    error = CannotConnect("no route")
    hub.errors = [error, OSError(28, "full"), KeyError("张三"), error]
    center.start()
    for number in range(4):
        await until(lambda n=number: len(hub.taken_over) == n + 1)
        await until(lambda: center.push is PushState.FAILED)
        await pass_time(hass, freezer, 2**number)
    await until(lambda: center.push is PushState.LISTENING)
    assert center.error is None
    assert "张三" not in caplog.text
    assert "KeyError" in caplog.text


async def test_wrong_password(
    entry: MockConfigEntry,
    center: AlarmCenter,
    hub: FakeHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub.errors = [AuthenticationFailed("wrong")]
    started: list[HomeAssistant] = []
    monkeypatch.setattr(entry, "async_start_reauth", started.append)
    center.start()
    await until(lambda: center.push is PushState.FAILED)
    assert isinstance(center.error, AuthenticationFailed)
    # One refusal is no proof: polling finds out.
    assert not started


async def test_taken(
    hass: HomeAssistant,
    center: AlarmCenter,
    hub: FakeHub,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody is turned out without consent; a free place is found by itself."""
    hub.errors = [SubscriptionTaken(("192.0.2.1",))] * 3
    center.start()
    await until(lambda: center.push is PushState.TAKEN)
    assert center.owners == ("192.0.2.1",)
    await pass_time(hass, freezer, 901)
    await until(lambda: len(hub.taken_over) == 2)
    assert center.push is PushState.TAKEN
    await center.take_over()
    await until(lambda: center.push is PushState.LISTENING)
    assert hub.taken_over == [False, False, True]
    assert center.owners == ()


async def test_no_address(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> None:
    class Picky(FakeHub):
        @override
        async def listen(
            self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
        ) -> None:
            if callbacks.url is None:
                raise CannotConnect("no address")

    hass.config.internal_url = hass.config.external_url = hass.config.api = None
    center = make_center(hass, entry, Picky(), archive, base_url=None)
    await center.load()
    center.start()
    await until(lambda: center.push is PushState.NO_ADDRESS)
    await center.stop()


async def test_failing_while_stopping(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    archive: Archive,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A hub that breaks down while we stop listening is not worth a word."""
    listening = asyncio.Event()

    class Failing(FakeHub):
        @override
        async def listen(
            self,
            sink: AlarmSink,
            callbacks: CallbackServer,
            *,
            take_over: bool = False,
        ) -> None:
            listening.set()
            try:
                await asyncio.Event().wait()
            finally:
                raise CannotConnect

    center = make_center(hass, entry, Failing(), archive)
    await center.load()
    center.start()
    await listening.wait()
    await center.stop()
    del center
    gc.collect()
    await hass.async_block_till_done()
    assert "never retrieved" not in caplog.text

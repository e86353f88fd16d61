"""Keeps listening to a hub, and knows how that goes."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
import logging
from secrets import SystemRandom
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ...vendors.contract import AlarmSink, Hub
from ...vendors.errors import (
    AuthenticationFailed,
    NoCallbackAddress,
    SubscriptionTaken,
    VisionError,
)
from .callbacks import CallbackEndpoint
from .fault_log import FaultLog, end_of

_LOGGER = logging.getLogger(__name__)

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 300.0
TAKEN_WAIT: Final = 900.0

DOUBTFUL_AFTER: Final = 180.0
"""Seconds without a call after which a hub that does not answer is thought to be gone."""

_RANDOM: Final = SystemRandom()


class PushState(StrEnum):
    """How alarms of a hub reach us."""

    STARTING = "starting"
    LISTENING = "listening"
    SILENT = "silent"
    """The hub should have been heard by now."""
    TAKEN = "taken"
    """Every place for a receiver belongs to somebody else."""
    NO_ADDRESS = "no_address"
    """Home Assistant does not know an address that the hub could call."""
    FAILED = "failed"


class Listening:
    """Runs `Hub.listen`, again and again."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        hub: Hub,
        callbacks: CallbackEndpoint,
        on_state: Callable[[], None],
    ) -> None:
        """`on_state` is told of every change of `state`."""
        self._hass = hass
        self._hub = hub
        self._callbacks = callbacks
        self._on_state = on_state
        self._name = entry.title
        self._faults = FaultLog(_LOGGER)
        self._consent = asyncio.Event()
        self._within: timedelta | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._failures = 0
        self._answers = True
        self._doubt: asyncio.TimerHandle | None = None
        self.deaf = False
        """The hub does not answer, and has not called since."""
        self.state = PushState.STARTING
        self.owners: tuple[str, ...] = ()
        self.error: VisionError | None = None
        self.last_heard: datetime | None = None

    async def run(self, sink: AlarmSink) -> None:
        """Listen until cancelled."""
        try:
            while True:
                wait = await self._listen(sink)
                self._cancel_timer()
                try:
                    async with asyncio.timeout(wait):
                        await self._consent.wait()
                except TimeoutError:
                    continue
        finally:
            self._cancel_timer()
            self._cancel_doubt()

    async def _listen(self, sink: AlarmSink) -> float:
        """Listen once; return how long to wait after it failed."""
        take_over = self._consent.is_set()
        self._consent.clear()
        match await end_of(
            self._hub.listen(sink, self._callbacks, take_over=take_over)
        ):
            case SubscriptionTaken() as error:
                self._set(PushState.TAKEN, owners=error.owners)
                return TAKEN_WAIT
            case VisionError() as error:
                self._fail(error)
                if isinstance(error, AuthenticationFailed):
                    # Polling finds out whether it is sure.
                    return LONGEST_WAIT
            case OSError() as error:
                # The storage refused an alarm of a hub that is asked for alarms.
                _LOGGER.warning("%s: an alarm was refused: %s", self._name, error)
                self._set(PushState.FAILED)
            case None:
                self._set(PushState.FAILED)
            case fault:
                self._faults.log(f"Listening to {self._name} met a fault", fault)
                self._set(PushState.FAILED)
        wait = min(FIRST_WAIT * 2.0 ** min(self._failures, 16), LONGEST_WAIT)
        self._failures += 1
        return wait * _RANDOM.uniform(0.5, 1)

    def _fail(self, error: VisionError) -> None:
        if self._callbacks.missing_address or isinstance(error, NoCallbackAddress):
            self._set(PushState.NO_ADDRESS, error=error)
            return
        if self.state is not PushState.FAILED:
            _LOGGER.warning(
                "Listening to %s failed, trying again: %s", self._name, error
            )
        self._set(PushState.FAILED, error=error)

    @callback
    def consent(self) -> None:
        """Listen at once, and take the place of somebody else."""
        self._consent.set()

    @callback
    def heard(self) -> None:
        """Note that the hub reached us."""
        self.last_heard = dt_util.utcnow()
        self._reached()

    @callback
    def polled(self, *, answered: bool) -> None:
        """Note whether the hub answers: one that does not will hardly call."""
        if answered is self._answers:
            return
        self._answers = answered
        self._set_deaf(deaf=not answered)

    @callback
    def expect(self, within: timedelta | None) -> None:
        """Note how long the hub may be silent."""
        self._within = within
        self._reached()

    @property
    def complete_until(self) -> datetime:
        """When everything that had happened had certainly reached us."""
        if self._within is None or self.last_heard is None:
            return dt_util.utcnow()
        return self.last_heard

    def _reached(self) -> None:
        self._failures = 0
        if not self._answers:
            self._set_deaf(deaf=False)
        self._cancel_timer()
        if self._within is not None:
            # On the clock of the event loop: nobody can set that.
            self._timer = self._hass.loop.call_later(
                self._within.total_seconds(), self._set, PushState.SILENT
            )
        self._set(PushState.LISTENING)

    def _set_deaf(self, *, deaf: bool) -> None:
        self._cancel_doubt()
        if not (deaf or self._answers):
            # It calls, though it does not answer: for how long?
            self._doubt = self._hass.loop.call_later(
                DOUBTFUL_AFTER, partial(self._set_deaf, deaf=True)
            )
        if deaf is not self.deaf:
            self.deaf = deaf
            self._on_state()

    def _cancel_doubt(self) -> None:
        if self._doubt is not None:
            self._doubt.cancel()
            self._doubt = None

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(
        self,
        state: PushState,
        *,
        owners: tuple[str, ...] = (),
        error: VisionError | None = None,
    ) -> None:
        if (state, owners, error) != (self.state, self.owners, self.error):
            self.state, self.owners, self.error = state, owners, error
            self._on_state()

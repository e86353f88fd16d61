"""Whether the alarms of a hub can come, and for how long they cannot."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from homeassistant.core import HomeAssistant, callback

from .receiving import PushState

GRACE: Final = 60.0
"""Seconds in which a trouble may pass before anybody is shown it."""


class Outage(StrEnum):
    """Why alarms of a hub cannot come."""

    STARTING = "starting"
    SILENT = "silent"
    TAKEN = "taken"
    NO_ADDRESS = "no_address"
    FAILED = "failed"
    STORAGE = "storage"
    """They cannot be stored, hence are refused: see `Archive.fault`."""
    REFUSED = "refused"
    """Nothing that comes is taken: see `AlarmCenter.refusals`."""
    UNREACHABLE = "unreachable"
    """The hub does not answer, and has not reached us since."""
    HINDERED = "hindered"
    """The hub itself keeps all of them back: see `HubStatus.hindrances`."""


OUTAGES: Final[Mapping[PushState, Outage]] = {
    PushState.STARTING: Outage.STARTING,
    PushState.SILENT: Outage.SILENT,
    PushState.TAKEN: Outage.TAKEN,
    PushState.NO_ADDRESS: Outage.NO_ADDRESS,
    PushState.FAILED: Outage.FAILED,
}

# These do not pass by themselves, or were waited for long enough.
_SURE: Final = frozenset(
    {Outage.SILENT, Outage.TAKEN, Outage.NO_ADDRESS, Outage.HINDERED}
)


class Reception:
    """Knows since when there is an outage, on the clock of the event loop."""

    def __init__(self, hass: HomeAssistant, on_change: Callable[[], None]) -> None:
        """`on_change` is told when `lost` changed."""
        self._loop = hass.loop
        self._on_change = on_change
        self._timer: asyncio.TimerHandle | None = None
        self.lost = False
        """Alarms cannot come, and that is no short trouble."""

    @callback
    def follow(self, outage: Outage | None) -> None:
        """Note why alarms cannot come now."""
        if outage is None:
            self._set(lost=False)
        elif outage in _SURE:
            self._set(lost=True)
        elif not self.lost and self._timer is None:
            self._timer = self._loop.call_later(GRACE, self._over)

    @callback
    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @callback
    def _over(self) -> None:
        self._set(lost=True)

    def _set(self, *, lost: bool) -> None:
        self.stop()
        if lost is not self.lost:
            self.lost = lost
            self._on_change()

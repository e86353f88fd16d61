"""What the state of every virtual device has, whatever its vendor."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
import random
import time
from typing import Any, Protocol


@dataclass(slots=True)
class Timing:
    """How long things take in seconds, before `time_scale`."""

    reboot: float = 8.0


def do_nothing(*_: object) -> None:
    """Do nothing: what a device calls before somebody listens."""


@dataclass(slots=True)
class DeviceState[Q, T: Timing, L]:
    """One device. `clock_offset` (seconds) makes its clock wrong.

    A vendor's state gives model, quirks, timing and limits their defaults.
    `time_scale` multiplies every duration of the device.
    """

    serial: str
    model: str
    quirks: Q
    timing: T
    limits: L
    host: str = "127.0.0.1"
    rng: random.Random = field(default_factory=random.Random)
    time_scale: float = 1.0
    clock_offset: float = 0.0
    rtsp_port: int = 0
    rebooting: bool = False
    on_reboot: Callable[[], None] = do_nothing
    _ids: dict[str, int] = field(default_factory=dict)

    def now(self) -> float:
        """Return the device's own idea of the Unix time in seconds."""
        return time.time() + self.clock_offset

    def steady(self) -> float:
        """Return the steady clock in seconds."""
        return asyncio.get_running_loop().time()

    def next_id(self, what: str, first: int = 1) -> int:
        """Return the next number of a series."""
        self._ids[what] = max(self._ids.get(what, first - 1), first - 1) + 1
        return self._ids[what]


class HasState(Protocol):
    """What has the state of a device."""

    @property
    def device(self) -> DeviceState[Any, Any, Any]:
        """Return it."""

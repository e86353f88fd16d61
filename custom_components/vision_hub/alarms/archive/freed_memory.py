"""Gives memory back to the system after a storm of alarms.

What was freed is kept by the C library of most systems, and a storm frees much at once.
"""

import asyncio
import ctypes
from typing import Final

STORM: Final = 8 << 20
"""Bytes that wait at the same time."""
QUIET: Final = 10.0
"""Seconds without a storm, after which none is expected to follow at once."""


def give_back() -> None:
    """Give back what is free; does nothing where the C library does so by itself."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


class FreedMemory:
    """Notices when a storm is over."""

    def __init__(self) -> None:
        """Expect none."""
        self._timer: asyncio.TimerHandle | None = None

    def note(self, waiting: int) -> None:
        """Note how many bytes wait now."""
        if waiting < STORM:
            return
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(QUIET, loop.run_in_executor, None, give_back)

    def close(self) -> None:
        """Give nothing back any more."""
        if self._timer is not None:
            self._timer.cancel()

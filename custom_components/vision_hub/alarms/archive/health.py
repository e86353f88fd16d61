"""Knows whether alarms can be stored, and looks again by itself until they can."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import logging
from typing import Final

from .faults import StorageFault, fault_of

_LOGGER = logging.getLogger(__name__)

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 30.0


class Health:
    """What was last seen of the storage."""

    def __init__(
        self, look: Callable[[], Awaitable[None]], on_change: Callable[[], None]
    ) -> None:
        """`look` raises OSError as long as nothing can be stored."""
        self._look = look
        self._on_change = on_change
        self._watching: asyncio.Task[None] | None = None
        self._doubt = asyncio.Event()
        self.fault: StorageFault | None = None

    def failed(self, error: OSError) -> None:
        """Note that something could not be stored."""
        fault = fault_of(error)
        if self.fault is None:
            _LOGGER.error("Alarms cannot be stored: %s", error.strerror or fault.value)
        if self._watching is None:
            self._watching = asyncio.create_task(
                self._watch(), name="vision_hub storage"
            )
        self._set(fault)

    def passed(self) -> None:
        """Note that storing works."""
        if self.fault is not None:
            _LOGGER.warning("Alarms can be stored again")
            self._set(None)

    def doubt(self) -> None:
        """Note that something could be stored: look soon whether all can."""
        if self.fault is not None:
            self._doubt.set()

    async def close(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    def _set(self, fault: StorageFault | None) -> None:
        if fault is not self.fault:
            self.fault = fault
            self._on_change()

    async def _watch(self) -> None:
        wait = FIRST_WAIT
        try:
            while self.fault is not None:
                self._doubt.clear()
                await asyncio.sleep(FIRST_WAIT)
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait - FIRST_WAIT):
                        await self._doubt.wait()
                wait = min(2 * wait, LONGEST_WAIT)
                try:
                    await self._look()
                except OSError as error:
                    self.failed(error)
                else:
                    self.passed()
        finally:
            self._watching = None

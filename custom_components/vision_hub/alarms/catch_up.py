"""Asks a hub for what happened while nobody listened."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.util import dt as dt_util

from ..vendors.contract import AlarmQuery, Hub
from ..vendors.errors import Unsupported, VisionError
from ..vendors.model import Alarm
from .archive import Archive

_LOGGER = logging.getLogger(__name__)

# A hub may write its records somewhat later than it pushes.
OVERLAP: Final = timedelta(seconds=60)

# Records are told newest first and stored oldest first, hence kept until then.
WINDOW: Final = timedelta(hours=6)

WAITS: Final = (30, 120, 600)


class CatchUp:
    """Keeps the archive of one hub complete."""

    def __init__(self, hub: Hub, hub_id: str, archive: Archive, days: int) -> None:
        """Ask for no more than `days` back."""
        self._hub = hub
        self._id = hub_id
        self._archive = archive
        self._most = timedelta(days=days)
        self._wanted = asyncio.Event()
        self.running = False

    def want(self) -> None:
        """Look soon: something may have been missed."""
        self._wanted.set()
        self.running = True

    async def run(
        self,
        accept: Callable[[Alarm], Awaitable[None]],
        offset: Callable[[], timedelta | None],
    ) -> None:
        """Look whenever it is wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            for wait in (*WAITS, None):
                try:
                    await self._look(accept, offset() or timedelta())
                except Unsupported:
                    break
                except (VisionError, OSError) as error:
                    if wait is None:
                        _LOGGER.warning(
                            "Alarms that were missed could not be fetched: %s", error
                        )
                        break
                    await asyncio.sleep(wait)
                else:
                    self.running = self._wanted.is_set()
                    break

    async def note_complete(self, until: datetime) -> None:
        """Note that everything until now arrived, unless something is missing."""
        if not self.running:
            await self._archive.set_complete(self._id, until)

    async def _look(
        self, accept: Callable[[Alarm], Awaitable[None]], offset: timedelta
    ) -> None:
        now = dt_util.utcnow()
        start = await self._archive.last_time(self._id)
        if start is not None and self._hub.history is not None:
            start = max(start - OVERLAP, now - self._most)
            while start < now:
                end = min(start + WINDOW, now)
                # The hub thinks in the time of its own clock.
                query = AlarmQuery(start=start + offset, end=end + offset + OVERLAP)
                found = [alarm async for alarm in self._hub.history.search(query)]
                for alarm in reversed(found):
                    await accept(alarm)
                await self._archive.set_complete(self._id, end)
                start = end
        await self._archive.set_complete(self._id, now)

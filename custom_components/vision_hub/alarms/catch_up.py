"""Asks a hub for what happened while nobody listened, or was refused."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.util import dt as dt_util

from ..vendors.contract import AlarmQuery, Hub
from ..vendors.errors import Unsupported, VisionError
from ..vendors.model import Alarm
from .archive import Archive, Unstorable

_LOGGER = logging.getLogger(__name__)

# A hub may write its records somewhat later than it pushes.
OVERLAP: Final = timedelta(seconds=60)

# A hub may push somewhat later than something happened.
DELAY: Final = timedelta(minutes=10)

# Records are told newest first and stored oldest first, hence kept until then.
WINDOW: Final = timedelta(hours=6)

# How far to look back when the mark lies in the future.
CLOCK_SET_BACK: Final = timedelta(days=1)

WAITS: Final = (30, 120, 600)

# Between looks as long as messages are refused.
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 600.0


class CatchUp:
    """Keeps the archive of one hub complete."""

    def __init__(self, hub: Hub, hub_id: str, archive: Archive, days: int) -> None:
        """Ask for no more than `days` back."""
        self._hub = hub
        self._id = hub_id
        self._archive = archive
        self._most = timedelta(days=days)
        self._began = dt_util.utcnow()
        self._wanted = asyncio.Event()
        self._hurry = asyncio.Event()
        self._refused: float | None = None
        """When a message was refused last, on the clock of the event loop."""
        self._held: datetime | None = None
        """What happened from then on may be missing though the hub was asked."""
        self._failures = 0
        self._pause = FIRST_PAUSE
        self.running = False

    def want(self) -> None:
        """Look soon: something may have been missed, and there is hope to get it."""
        self._wanted.set()
        self._hurry.set()
        self.running = True

    def refuse(self) -> None:
        """Look when a hub whose message was refused has written it down."""
        self._refused = _clock()
        if self._held is None:
            self._held = dt_util.utcnow() - DELAY
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
            if self._refused is not None:
                await self._rest(self._next_pause(self._refused))
            self._wanted.clear()
            self._hurry.clear()
            try:
                await self._look(accept, offset() or timedelta())
            except Unsupported:
                self._refused = self._held = None
            except (VisionError, OSError) as error:
                await self._fail(error)
                continue
            self._failures = 0
            self.running = self._wanted.is_set()

    async def _fail(self, error: VisionError | OSError) -> None:
        wait = WAITS[min(self._failures, len(WAITS) - 1)]
        self._failures += 1
        if self._failures == len(WAITS):
            _LOGGER.warning(
                "Alarms that were missed could not be fetched, trying on: %s", error
            )
        self._wanted.set()
        await self._rest(wait)

    def _next_pause(self, refused: float) -> float:
        """Look soon once, then no sooner than the hub has surely written it down."""
        pause = self._pause
        if pause > FIRST_PAUSE:
            pause = max(pause, refused + OVERLAP.total_seconds() - _clock())
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return pause

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def note_complete(self, until: datetime) -> None:
        """Note that everything until now arrived, unless something is missing."""
        if not self.running:
            await self._archive.set_complete(self._id, until)

    async def _look(
        self, accept: Callable[[Alarm], Awaitable[None]], offset: timedelta
    ) -> None:
        now = dt_util.utcnow()
        refused = self._refused
        settled = refused is None or _clock() >= refused + OVERLAP.total_seconds()

        async def note(until: datetime) -> None:
            if self._held is not None and not (settled and refused == self._refused):
                until = min(until, self._held)
            await self._archive.set_complete(self._id, until)

        start = await self._start(now)
        if start is not None and self._hub.history is not None:
            while start < now:
                end = min(start + WINDOW, now)
                # The hub thinks in the time of its own clock.
                query = AlarmQuery(start=start + offset, end=end + offset + OVERLAP)
                found = [alarm async for alarm in self._hub.history.search(query)]
                for alarm in reversed(found):
                    try:
                        await accept(alarm)
                    except Unstorable as error:
                        _LOGGER.debug("A record cannot be stored: %s", error)
                await note(end)
                start = end
        await note(now)
        if refused == self._refused:
            if settled:
                self._refused = self._held = None
                self._pause = FIRST_PAUSE
            else:
                # The hub may not have written it down yet.
                self._wanted.set()

    async def _start(self, now: datetime) -> datetime | None:
        """Return from when on something may be missing; None if nothing is."""
        start = await self._archive.last_time(self._id)
        if start is not None and start > now:
            # Our clock was ahead when that was noted.
            start = now - CLOCK_SET_BACK
        if self._held is not None:
            # A new hub has no past.
            start = (
                max(self._began, self._held)
                if start is None
                else min(start, self._held)
            )
        return None if start is None else max(start - OVERLAP, now - self._most)


def _clock() -> float:
    return asyncio.get_running_loop().time()

"""Fetches pictures that an alarm only pointed to, until they are there or lost."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.util import dt as dt_util

from ..vendors.contract import Hub
from ..vendors.errors import (
    AuthenticationFailed,
    Busy,
    CannotConnect,
    InvalidRequest,
    RejectedByHub,
    Unsupported,
    VisionError,
)
from .archive import Archive, StoredAlarm, WaitingPicture
from .receiving import FaultLog, end_of

_LOGGER = logging.getLogger(__name__)

AT_ONCE: Final = 4

# How long a picture waits after each attempt. Some hubs tell of it before they have
# finished writing it.
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800, 3600)
)
WRITTEN_WITHIN: Final = timedelta(minutes=1)
"""Before that no picture is lost."""

# After so many attempts a picture is lost of which the hub says that it is not there,
# for which it has another answer, which it was not even asked for.
MOST_WITHOUT: Final = 2
MOST_REFUSALS: Final = 12
MOST_ATTEMPTS: Final = 100
MOST_WAITING: Final = 5000
OLDEST: Final = timedelta(days=7)
TIDY_INTERVAL: Final = 600

# How long all pictures wait when the hub, or our storage, is out of reach.
FIRST_REST: Final = 5.0
LONGEST_REST: Final = 300.0


class PictureFetcher:
    """Works off the pictures of one hub that wait in the archive, newest first."""

    def __init__(
        self,
        hub: Hub,
        hub_id: str,
        archive: Archive,
        on_picture: Callable[[StoredAlarm], None],
    ) -> None:
        """`on_picture` is told what an alarm has become."""
        self._hub = hub
        self._id = hub_id
        self._archive = archive
        self._on_picture = on_picture
        self._faults = FaultLog(_LOGGER)
        self._choosing = asyncio.Lock()
        self._hope = asyncio.Event()
        """Things may have become better."""
        self._news = asyncio.Event()
        """Another picture may be due."""
        self._working: set[int] = set()
        self._troubles = 0
        """How often in a row the hub could not be reached."""

    def want(self) -> None:
        """Look at once: a picture waits, or there is hope again."""
        self._hope.set()
        self._news.set()

    async def run(self) -> None:
        """Fetch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tidy())
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def _tidy(self) -> None:
        while True:
            with suppress(OSError):
                lost = await self._archive.give_up_waiting(
                    self._id, OLDEST, MOST_WAITING
                )
                if lost:
                    _LOGGER.warning("%s pictures could not be fetched in time", lost)
            await asyncio.sleep(TIDY_INTERVAL)

    async def _work(self) -> None:
        while True:
            try:
                waiting = await self._next()
                try:
                    await self._fetch(waiting)
                finally:
                    self._working.discard(waiting.alarm)
                    self._news.set()
            except OSError:
                await _happens(self._hope, FIRST_REST)

    async def _next(self) -> WaitingPicture:
        """Choose what to fetch, one after the other."""
        async with self._choosing:
            while True:
                if self._troubles >= AT_ONCE:
                    exponent = min(self._troubles - AT_ONCE, 16)
                    rest = min(FIRST_REST * 2.0**exponent, LONGEST_REST)
                    await _happens(self._hope, rest)
                self._hope.clear()
                self._news.clear()
                found = await self._archive.next_waiting(self._id, self._working)
                match found:
                    case WaitingPicture():
                        self._working.add(found.alarm)
                        return found
                    case datetime():
                        left = (found - dt_util.utcnow()).total_seconds()
                        await _happens(self._news, min(max(left, 0), LONGEST_REST))
                    case None:
                        await self._news.wait()

    async def _fetch(self, waiting: WaitingPicture) -> None:
        """Fetch a picture and store it; raises OSError when it cannot be stored."""
        content = b""

        async def fetch() -> None:
            nonlocal content
            content = await self._hub.fetch(waiting.reference)

        match await end_of(fetch()):
            case None:
                self._troubles = 0
                stored = await self._archive.attach_waiting(waiting, content)
                if stored is not None:
                    self._on_picture(stored)
                else:
                    await self._postpone(waiting, MOST_REFUSALS)
            case CannotConnect() | AuthenticationFailed() | Busy():
                self._troubles += 1
                await self._postpone(waiting, MOST_ATTEMPTS)
            case RejectedByHub(code="404" | "410") | InvalidRequest() | Unsupported():
                self._troubles = 0
                await self._postpone(waiting, MOST_WITHOUT)
            case VisionError():
                self._troubles = 0
                await self._postpone(waiting, MOST_REFUSALS)
            case fault:
                self._faults.log("Fetching a picture met a fault", fault)
                await self._postpone(waiting, MOST_REFUSALS)

    async def _postpone(self, waiting: WaitingPicture, most: int) -> None:
        age = dt_util.utcnow() - waiting.received
        if waiting.attempts + 1 >= most and age > WRITTEN_WITHIN:
            _LOGGER.warning("A picture of alarm %s is lost", waiting.alarm)
            await self._archive.postpone(waiting, None)
        else:
            wait = WAITS[min(waiting.attempts, len(WAITS) - 1)]
            await self._archive.postpone(waiting, wait)


async def _happens(event: asyncio.Event, within: float) -> None:
    """Wait for an event, but not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await event.wait()

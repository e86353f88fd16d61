"""A queue of requests: the box serves one at a time (1.2, 1.4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum
import heapq
from itertools import count


class Priority(IntEnum):
    """Who goes first."""

    COMMAND = 0
    """Somebody waits for it."""
    POLL = 1
    """It can as well be told a little later."""


@dataclass(order=True)
class Ticket:
    """A place in the queue."""

    priority: Priority
    number: int
    admitted: asyncio.Future[None] | None = field(default=None, compare=False)


class RequestQueue:
    """Lets one in at a time, the most urgent first, equals in the order they came."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._numbers = count()
        self._queue: list[Ticket] = []
        self._holder: Ticket | None = None
        self._joined = asyncio.Event()

    @asynccontextmanager
    async def slot(self, priority: Priority) -> AsyncIterator[Ticket]:
        """Wait for the slot, and hold it as long as the context lasts."""
        ticket = Ticket(priority, next(self._numbers))
        try:
            await self._acquire(ticket)
            yield ticket
        finally:
            self._release(ticket)

    async def back_off(self, ticket: Ticket, seconds: float) -> None:
        """Wait with the slot, but lend it to who is more urgent.

        Nobody of the same priority overtakes meanwhile.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            self._joined.clear()
            if self._queue and self._queue[0].priority < ticket.priority:
                self._release(ticket)
                await self._acquire(ticket)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._joined.wait()

    async def _acquire(self, ticket: Ticket) -> None:
        if self._holder is None:
            self._holder = ticket
            return
        ticket.admitted = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, ticket)
        self._joined.set()
        await ticket.admitted

    def _release(self, ticket: Ticket) -> None:
        if self._holder is not ticket:
            # Whoever waited for it gave up.
            if ticket in self._queue:
                self._queue.remove(ticket)
                heapq.heapify(self._queue)
            return
        self._holder = None
        if self._queue:
            self._holder = follower = heapq.heappop(self._queue)
            if follower.admitted and not follower.admitted.done():
                follower.admitted.set_result(None)

"""Whose turn it is: the box serves one request at a time (1.2, 1.4)."""

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
    called: asyncio.Future[None] | None = field(default=None, compare=False)


class Turns:
    """Lets one in at a time, the most urgent first, equals in the order they came."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._numbers = count()
        self._queue: list[Ticket] = []
        self._inside: Ticket | None = None
        self._came = asyncio.Event()

    @asynccontextmanager
    async def turn(self, priority: Priority) -> AsyncIterator[Ticket]:
        """Wait for the turn, and have it as long as the context lasts."""
        ticket = Ticket(priority, next(self._numbers))
        try:
            await self._enter(ticket)
            yield ticket
        finally:
            self._leave(ticket)

    async def rest(self, ticket: Ticket, seconds: float) -> None:
        """Wait within a turn, but let in who is more urgent.

        Nobody of the same priority overtakes meanwhile.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            self._came.clear()
            if self._queue and self._queue[0].priority < ticket.priority:
                self._leave(ticket)
                await self._enter(ticket)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._came.wait()

    async def _enter(self, ticket: Ticket) -> None:
        if self._inside is None:
            self._inside = ticket
            return
        ticket.called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, ticket)
        self._came.set()
        await ticket.called

    def _leave(self, ticket: Ticket) -> None:
        if self._inside is not ticket:
            # Whoever waited for it gave up.
            if ticket in self._queue:
                self._queue.remove(ticket)
                heapq.heapify(self._queue)
            return
        self._inside = None
        if self._queue:
            self._inside = follower = heapq.heappop(self._queue)
            if follower.called and not follower.called.done():
                follower.called.set_result(None)

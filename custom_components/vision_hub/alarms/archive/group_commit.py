"""Collects alarms that come at the same time into groups."""

import asyncio
from collections import deque
import errno
from functools import partial
from typing import Final

from .additions import Addition
from .database import Database
from .freed_memory import FreedMemory
from .stored_alarm import StoredAlarm

# A larger group would keep its first alarm waiting.
GROUP_ALARMS: Final = 64
GROUP_BYTES: Final = 16 << 20

# What waits for the disk is in memory.
QUEUE_BYTES: Final = 32 << 20
QUEUE_TIMEOUT: Final = 20

# What an alarm weighs beside its pictures.
_ALARM_BYTES: Final = 2048

type _Waiting = tuple[Addition, int, asyncio.Future[StoredAlarm | None]]


class Intake:
    """Adds what came while the group before was being written."""

    def __init__(self, database: Database) -> None:
        """Add to a database."""
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._running = False
        self._scheduled = False
        self._open = False
        self._turn = asyncio.Lock()
        self._room = asyncio.Event()
        self._freed = FreedMemory()

    def open(self) -> None:
        """Begin to take alarms."""
        self._open = True

    async def close(self) -> None:
        """Take no more, and wait for those that were taken."""
        self._open = False
        self._freed.close()
        self._room.set()
        while self._bytes:
            self._room.clear()
            await self._room.wait()

    async def add(self, addition: Addition) -> StoredAlarm | None:
        """Return when an alarm is durable; None when it is a repeat.

        Raises OSError when it cannot be stored, TimeoutError among them.
        """
        size = addition.size + _ALARM_BYTES
        if self._turn.locked() or not self._fits(size):
            async with asyncio.timeout(QUEUE_TIMEOUT), self._turn:
                while self._open and not self._fits(size):
                    self._room.clear()
                    await self._room.wait()
        if not self._open:
            raise OSError(errno.ESHUTDOWN, "The archive is closed")
        self._bytes += size
        self._freed.note(self._bytes)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[StoredAlarm | None] = loop.create_future()
        self._waiting.append((addition, size, future))
        self._schedule(loop)
        return await future

    def _fits(self, size: int) -> bool:
        return not self._bytes or self._bytes + size <= QUEUE_BYTES

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start a group after all that is ready now had its turn."""
        if not self._running and not self._scheduled:
            self._scheduled = True
            loop.call_soon(self._start)

    def _start(self) -> None:
        self._scheduled = False
        group: list[_Waiting] = []
        size = 0
        while self._waiting and len(group) < GROUP_ALARMS and size < GROUP_BYTES:
            group.append(self._waiting.popleft())
            size += group[-1][1]
        if group:
            self._running = True
            self._database.add(
                [addition for addition, _, _ in group]
            ).add_done_callback(partial(self._answer, group))

    def _answer(self, group: list[_Waiting], done: asyncio.Future[None]) -> None:
        self._running = False
        failure = done.exception()
        for addition, size, future in group:
            self._bytes -= size
            if future.done():
                continue
            result = addition.result if failure is None else failure
            if isinstance(result, OSError):
                # The same one would gather the tracebacks of all who wait.
                future.set_exception(OSError(*result.args))
            elif isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)
        self._start()
        self._room.set()

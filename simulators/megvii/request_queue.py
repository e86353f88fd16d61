"""1.4: one request at a time, and who gives way to whom."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from aiohttp import hdrs

from .error_codes import Code, Refusal
from .quirks import Quirks, SecondGet


class Priority(IntEnum):
    """Priorities of 1.4."""

    QUERY = 1
    CHANGE = 2
    SETTING = 3


_PRIORITIES = {
    hdrs.METH_GET: Priority.QUERY,
    hdrs.METH_PATCH: Priority.CHANGE,
    hdrs.METH_DELETE: Priority.CHANGE,
}


def priority_of(method: str) -> Priority:
    """Return the priority of a request."""
    return _PRIORITIES.get(method, Priority.SETTING)


@dataclass(slots=True, eq=False)
class _Running:
    priority: Priority
    parallel: bool
    task: asyncio.Future[Any]
    aborted: bool = False


class RequestQueue:
    """Lets requests run. `aborted` and `refused` count the 104004 of either kind.

    `most_parallel` enrolments and deletions of faces may run at once (chapter 5); one more
    gets 104012.
    """

    def __init__(self, quirks: Quirks, most_parallel: int = 10) -> None:
        """Start idle."""
        self.aborted = 0
        self.refused = 0
        self._quirks = quirks
        self._most_parallel = most_parallel
        self._running: set[_Running] = set()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Return how many requests run."""
        return len(self._running)

    async def run[A](
        self,
        priority: Priority,
        work: Callable[[], Awaitable[A]],
        *,
        parallel: bool = False,
    ) -> A:
        """Do the work of a request, or refuse it; it may be aborted on its way."""
        while not self._may_start(priority, parallel):
            changed = self._changed
            await changed.wait()
        task = asyncio.ensure_future(work())
        request = _Running(priority, parallel, task)
        self._running.add(request)
        try:
            return await task
        except asyncio.CancelledError:
            if request.aborted:
                raise Refusal(Code.NO_ACCESS) from None
            raise
        finally:
            self._leave(request)

    def _leave(self, request: _Running) -> None:
        self._running.discard(request)
        self._changed.set()
        self._changed = asyncio.Event()

    def _may_start(self, priority: Priority, parallel: bool) -> bool:
        """Abort who must give way; refuse, or return whether to start or to wait."""
        at_once = sum(request.parallel for request in self._running)
        if parallel and at_once >= self._most_parallel:
            raise Refusal(Code.PROCESS_BUSY)
        others = [r for r in self._running if not (parallel and r.parallel)]
        peers = [request for request in others if request.priority is priority]
        higher = any(request.priority > priority for request in others)
        if higher or (peers and priority is Priority.SETTING):
            self._refuse()
        if peers and priority is Priority.QUERY:
            match self._quirks.second_get:
                case SecondGet.REFUSED:
                    self._refuse()
                case SecondGet.WINS:
                    self._abort(peers)
                    peers = []
        self._abort([request for request in others if request.priority < priority])
        return not peers

    def _refuse(self) -> None:
        self.refused += 1
        raise Refusal(Code.NO_ACCESS)

    def _abort(self, requests: list[_Running]) -> None:
        for request in requests:
            if not request.aborted:
                self.aborted += 1
                request.aborted = True
                request.task.cancel()

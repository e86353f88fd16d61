"""1.4: one request at a time, and who gives way to whom."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from aiohttp import hdrs

from .codes import Code, Refusal
from .quirks import Quirks, SecondGet


class Rank(IntEnum):
    """Priorities of 1.4."""

    QUERY = 1
    CHANGE = 2
    SETTING = 3


_RANKS = {
    hdrs.METH_GET: Rank.QUERY,
    hdrs.METH_PATCH: Rank.CHANGE,
    hdrs.METH_DELETE: Rank.CHANGE,
}


def rank_of(method: str) -> Rank:
    """Return the priority of a request."""
    return _RANKS.get(method, Rank.SETTING)


@dataclass(slots=True, eq=False)
class _Turn:
    rank: Rank
    parallel: bool
    task: asyncio.Future[Any]
    aborted: bool = False


class Turns:
    """Lets requests run. `aborted` and `refused` count the 104004 of either kind.

    `links` enrolments and deletions of faces may run at once (chapter 5); one more
    gets 104012.
    """

    def __init__(self, quirks: Quirks, links: int = 10) -> None:
        """Start idle."""
        self.aborted = 0
        self.refused = 0
        self._quirks = quirks
        self._links = links
        self._running: set[_Turn] = set()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Return how many requests run."""
        return len(self._running)

    async def run[A](
        self, rank: Rank, work: Callable[[], Awaitable[A]], *, parallel: bool = False
    ) -> A:
        """Do the work of a request, or refuse it; it may be aborted on its way."""
        while not self._may_start(rank, parallel):
            changed = self._changed
            await changed.wait()
        task = asyncio.ensure_future(work())
        turn = _Turn(rank, parallel, task)
        self._running.add(turn)
        try:
            return await task
        except asyncio.CancelledError:
            if turn.aborted:
                raise Refusal(Code.NO_ACCESS) from None
            raise
        finally:
            self._leave(turn)

    def _leave(self, turn: _Turn) -> None:
        self._running.discard(turn)
        self._changed.set()
        self._changed = asyncio.Event()

    def _may_start(self, rank: Rank, parallel: bool) -> bool:
        """Abort who must give way; refuse, or return whether to start or to wait."""
        if parallel and sum(turn.parallel for turn in self._running) >= self._links:
            raise Refusal(Code.PROCESS_BUSY)
        others = [t for t in self._running if not (parallel and t.parallel)]
        peers = [turn for turn in others if turn.rank is rank]
        if any(turn.rank > rank for turn in others) or (peers and rank is Rank.SETTING):
            self._refuse()
        if peers and rank is Rank.QUERY:
            match self._quirks.second_get:
                case SecondGet.REFUSED:
                    self._refuse()
                case SecondGet.WINS:
                    self._abort(peers)
                    peers = []
        self._abort([turn for turn in others if turn.rank < rank])
        return not peers

    def _refuse(self) -> None:
        self.refused += 1
        raise Refusal(Code.NO_ACCESS)

    def _abort(self, turns: list[_Turn]) -> None:
        for turn in turns:
            if not turn.aborted:
                self.aborted += 1
                turn.aborted = True
                turn.task.cancel()

"""Asks a hub again for what grows old, and no more often than it likes.

A vendor lists its readers. What is needed for cameras and alarms is read first, and its
errors fail the poll. Of the rest a poll reads what is due, as far as the budget goes.
"""

import asyncio
from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
)
from dataclasses import dataclass
from heapq import nsmallest
from itertools import batched
import logging
from math import inf
from operator import itemgetter
import sys
from time import monotonic
from typing import Final

from ..errors import (
    AnswerTimeout,
    AuthenticationFailed,
    Busy,
    CannotConnect,
    Unsupported,
    VisionError,
)

_LOGGER = logging.getLogger(__name__)

# A little less, since polls do not keep their time exactly.
ONE_MINUTE: Final = 55.0
FIVE_MINUTES: Final = 290.0

UNSUPPORTED_PERIOD: Final = 12 * 3600.0
"""Seconds until a hub is asked again for what it does not have."""
_BUSY_PERIOD: Final = 30.0
"""Seconds until what a hub was too busy for is due again; then four times as long."""
_MAX_EXPONENT: Final = 10

# Points of time before all others: what a user just changed goes first.
_FORGOTTEN: Final = -inf
_NEVER_READ: Final = -1.0


@dataclass(frozen=True, slots=True)
class Reader:
    """Something of the whole hub that is read again and again."""

    read: Callable[[], Awaitable[object]]
    period: float | Callable[[], float] = 0
    """Seconds until it is old; a callable is asked when it was read."""
    needed: bool = False
    """Whether there are no cameras and alarms without it."""


@dataclass(frozen=True, slots=True)
class PartReader[P: Hashable]:
    """The same of each channel, library or whatever parts the hub has."""

    read: Callable[[P], Awaitable[object]]
    period: float
    parts: Callable[[], Iterable[P]]
    """Tells the parts that there are now."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of what is not needed a poll may read."""

    per_minute: int = sys.maxsize
    """What is not used up is lost after a minute."""
    first_reads: int | None = None
    """So many in the first poll instead, so that a small hub is complete at once."""
    first_seconds: float | None = None
    """When the first poll breaks off."""
    fresh_is_free: bool = False
    """Whether what was never read, or was forgotten, goes beside the budget."""
    seconds: float = inf
    """After which a poll begins nothing more."""


@dataclass(slots=True)
class _Plan:
    """When something is read next."""

    due: float = _NEVER_READ
    asked: float = -inf
    failures: int = 0
    lacking: bool = False

    def backoff(self, seconds: float, factor: int, most: float) -> float:
        """Return how long to wait after a failure: ever longer."""
        wait: float = seconds * factor ** min(self.failures, _MAX_EXPONENT)
        self.failures += 1
        return min(wait, most)


type _Key[P: Hashable] = tuple[str, P | None]


class PollScheduler[P: Hashable = str]:
    """Knows what is due. Parts that are gone are not asked for."""

    def __init__(
        self,
        readers: Mapping[str, Reader | PartReader[P]],
        budget: Budget | None = None,
        *,
        concurrency: int = 1,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Begin with nothing read; of a clock only differences count."""
        self._readers = readers
        self._budget = budget or Budget()
        self._concurrency = concurrency
        self._clock = clock
        self._plans: dict[_Key[P], _Plan] = {}
        self._allowance = 0.0
        self._earned_at: float | None = None

    async def poll(self) -> None:
        """Read what is needed, and of the rest what is due.

        Raises what goes wrong with what is needed, and that the hub cannot be reached
        or refuses us. When it is busy, the rest is left for the next poll.
        """
        now = self._clock()
        for name, reader in self._readers.items():
            if isinstance(reader, Reader) and reader.needed:
                plan = self._plans.get((name, None))
                if plan is None or plan.due <= now:
                    await self.read(name)
        seconds = self._budget.first_seconds if self._earned_at is None else None
        self._earn()
        try:
            async with asyncio.timeout(seconds):
                await self._read_due()
        except TimeoutError:
            _LOGGER.debug("The hub is slow: the rest is read later")

    async def read(
        self, name: str, part: P | None = None, *, needed: bool = True
    ) -> bool:
        """Read something now; tell whether the hub takes more.

        Unless it is `needed`, errors are passed over as in a poll.
        """
        reader = self._readers[name]
        plan = self._plans.setdefault((name, part), _Plan())
        now, due, period = self._clock(), plan.due, _period(reader)
        plan.asked, plan.due = now, now + period
        try:
            if isinstance(reader, Reader):
                await reader.read()
            elif part is not None:
                await reader.read(part)
        except (Busy, AnswerTimeout) as error:
            if needed:
                raise
            _LOGGER.debug("The hub has no time for %s: %s", name, error.key)
            due = now + plan.backoff(_BUSY_PERIOD, 4, period)
            return False
        except AuthenticationFailed, CannotConnect:
            raise
        except VisionError as error:
            if needed:
                raise
            _LOGGER.debug("The hub did not tell %s: %s", name, error.key)
            plan.lacking = isinstance(error, Unsupported)
            seldom = max(UNSUPPORTED_PERIOD, period)
            due = now + (seldom if plan.lacking else plan.backoff(period, 2, seldom))
        else:
            plan.failures, plan.lacking = 0, False
            due = now + _period(reader)
        finally:
            # Unless it was forgotten meanwhile: the answer may be from before.
            if plan.due >= 0:
                plan.due = due
        return True

    def forget(self, *names: str, part: P | None = None) -> None:
        """Read something again at the next poll, of all parts unless one is named.

        Without names it is everything but what the hub lacks.
        """
        if part is not None:
            for name in names:
                self._plans.setdefault((name, part), _Plan())
        for (name, of), plan in self._plans.items():
            if (name in names and part in {None, of}) if names else not plan.lacking:
                plan.due = _FORGOTTEN

    def forget_unsupported(self) -> None:
        """Read again what the hub lacked: something tells that it may have it now."""
        for plan in self._plans.values():
            if plan.lacking:
                plan.due = _FORGOTTEN

    def age(self, name: str) -> float:
        """Return how many seconds ago something of the hub was asked for."""
        plan = self._plans.get((name, None))
        return inf if plan is None else self._clock() - plan.asked

    def _earn(self) -> None:
        now, most = self._clock(), self._budget.per_minute
        if self._earned_at is None:
            first = self._budget.first_reads
            self._allowance = most if first is None else first
        else:
            earned = (now - self._earned_at) / 60 * most
            self._allowance = min(self._allowance + earned, most)
        self._earned_at = now

    async def _read_due(self) -> None:
        start = self._clock()
        seen: set[_Key[P]] = set()
        # Again, since reading finds parts that were not known before.
        while keys := self._due(seen):
            for batch in batched(keys, self._concurrency, strict=False):
                if self._clock() - start > self._budget.seconds:
                    return
                seen.update(batch)
                results = await asyncio.gather(
                    *(self._spend(key) for key in batch), return_exceptions=True
                )
                for result in results:
                    if isinstance(result, BaseException):
                        raise result
                if not all(results):
                    return

    def _due(self, seen: Collection[_Key[P]]) -> list[_Key[P]]:
        """Return what may be read, first what is overdue by most of its periods."""
        if self._allowance < 1 and not self._budget.fresh_is_free:
            return []
        now = self._clock()
        due: list[tuple[tuple[float, float], _Key[P]]] = []
        free = 0
        for key, period in self._periods():
            plan = self._plans.get(key)
            at = _NEVER_READ if plan is None else plan.due
            if at > now or key in seen:
                continue
            if at < 0:
                due.append(((at, 0), key))
                free += self._budget.fresh_is_free
            else:
                due.append(((0, (at - now) / (period or 1)), key))
        count = free + int(min(self._allowance, len(due)))
        return [key for _, key in nsmallest(count, due, key=itemgetter(0))]

    def _periods(self) -> Iterator[tuple[_Key[P], float]]:
        for name, reader in self._readers.items():
            period = _period(reader)
            if isinstance(reader, PartReader):
                for part in reader.parts():
                    yield (name, part), period
            elif not reader.needed:
                yield (name, None), period

    async def _spend(self, key: _Key[P]) -> bool:
        plan = self._plans.get(key)
        fresh = plan is None or plan.due < 0
        if not (fresh and self._budget.fresh_is_free):
            self._allowance -= 1
        return await self.read(*key, needed=False)


def _period[P: Hashable](reader: Reader | PartReader[P]) -> float:
    return reader.period() if callable(reader.period) else reader.period

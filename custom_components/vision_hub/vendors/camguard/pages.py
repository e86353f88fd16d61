"""A list that can only be asked for by the number of a page, in an order not stated."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import RejectedByHub, UnexpectedAnswer
from .cursor import Entry

PROBE: Final = 20
"""How many records a look asks for."""
BULK: Final = 100
"""How many, when all are wanted."""

_LEAST: Final = 5
_MOST_PAGES: Final = 2000
_TRIES: Final = 5
_PROOF: Final = 8
"""So many records stand in order by chance once in forty thousand times."""


@dataclass(frozen=True, slots=True)
class Answer[T: Entry]:
    """What the server sent for a page."""

    entries: tuple[T, ...]
    count: int
    """Rows, also those that make no sense."""
    total: int | None
    """How many records match; None where the server does not tell."""


@dataclass(frozen=True, slots=True)
class RecordPage[T: Entry]:
    """A page as it fits into the list."""

    number: int
    entries: tuple[T, ...]
    count: int
    total: int
    last: bool
    """Not full, so nothing follows."""

    @property
    def is_all(self) -> bool:
        """Whether the list has no other page."""
        return self.number == 1 and self.last

    @property
    def top(self) -> int | None:
        """The highest position; None when it is empty."""
        return max((entry.position for entry in self.entries), default=None)


class ListChanged(Exception):
    """What was known about the order or the size of pages was wrong: begin anew."""


class RecordPages[T: Entry]:
    """Learns how the server divides and orders its list, and walks it."""

    def __init__(self, ask: Callable[[int, int], Awaitable[Answer[T]]]) -> None:
        """`ask` gets the number of a page, from 1 on, and how many rows it may have."""
        self._ask = ask
        self._most: int | None = None
        self._fixed: int | None = None
        self._total = 0
        self._counts_all = False
        """Totals are certainly those of the list."""
        self._counts_pages = False
        """Totals are those of a page, and mean nothing."""
        self._last_page = 1
        self.oldest_first: bool | None = None
        """None as long as the list fits into one page."""
        self.numbered = True
        """Records certainly stand by their number."""
        self.ordered = True
        """By number or by time; if not, records may appear anywhere."""

    def size(self, wanted: int) -> int:
        """Return how many rows to ask for."""
        if self._fixed is not None:
            return self._fixed
        return wanted if self._most is None else min(wanted, self._most)

    async def page(self, number: int, size: int) -> RecordPage[T]:
        """Read one page; raises ListChanged when the server has another size."""
        try:
            answer = await self._ask(number, size)
        except RejectedByHub:
            if number > 1 or size <= _LEAST:
                raise
            # Perhaps pages of this size are too big, which no code tells.
            self._most = max(_LEAST, size // 2)
            raise ListChanged from None
        before, count = (number - 1) * size, answer.count
        total = await self._total_of(answer, number, size)
        if 0 < count < min(size, total - before):
            self._most = count
            raise ListChanged
        if size < count < total:
            self._fixed = count
            raise ListChanged
        if not count and number == 1 and total:
            raise UnexpectedAnswer("The server counts records and shows none")
        self._total = total
        return RecordPage(number, answer.entries, count, total, count != size)

    async def _total_of(self, answer: Answer[T], number: int, size: int) -> int:
        """Tell how long the list is, also where the server counts but the page."""
        end = (number - 1) * size + answer.count
        if self._counts_pages:
            if number > 1:
                return end if 0 < answer.count < size else max(self._total, end)
            return await self._measured(size) if answer.count >= size else end
        if answer.total is not None:
            self._counts_all = self._counts_all or answer.total > answer.count
            if self._counts_all:
                return answer.total
        if answer.count >= size and await self._is_followed(answer, number, size):
            self._counts_pages = True
            raise ListChanged
        return end

    async def _is_followed(self, answer: Answer[T], number: int, size: int) -> bool:
        try:
            following = await self._ask(number + 1, size)
        except RejectedByHub:
            return False
        return following.count > 0 and following.entries != answer.entries

    async def _measured(self, size: int) -> int:
        """Look for the last page, near where it was before."""
        full, beyond, step = 0, _MOST_PAGES, 1
        number = max(self._last_page, 1)
        while beyond - full > 1:
            try:
                count = (await self._ask(number, size)).count
            except RejectedByHub:
                count = 0
            if 0 < count < size:
                self._last_page = number
                return (number - 1) * size + count
            if count:
                full = number
            else:
                beyond = number
            number = (full + beyond) // 2
            if beyond == _MOST_PAGES:
                number, step = min(full + step, beyond - 1), 2 * step
        self._last_page = full
        return full * size

    async def learn_order(self, first: RecordPage[T], size: int) -> RecordPage[T]:
        """Compare the first page with the last, which is returned."""
        number = -(-first.total // size)
        last = await self.page(number, size) if number > 1 else first
        if last.total != first.total:
            # What was added or deleted meanwhile is on other pages now.
            raise ListChanged
        ends = (first.top, last.top)
        if number > 1 and None not in ends:
            self.oldest_first = (last.top or 0) > (first.top or 0)
        elif first.entries:
            positions = [entry.position for entry in first.entries]
            self.oldest_first = positions[-1] > positions[0]
        rows = first.entries if last is first else first.entries + last.entries
        rows = rows if self.oldest_first else rows[::-1]
        by_number = _is_rising([entry.position for entry in rows])
        self.numbered = by_number and len(rows) >= _PROOF
        self.ordered = by_number or _is_rising([entry.created for entry in rows])
        return last

    def is_odd(self, page: RecordPage[T]) -> bool:
        """Tell whether a page contradicts the order that was learned."""
        rows = page.entries if self.oldest_first else page.entries[::-1]
        return (
            self.ordered
            and not page.is_all
            and not _is_rising([entry.position for entry in rows])
            and (self.numbered or not _is_rising([entry.created for entry in rows]))
        )

    def doubt_order(self) -> None:
        """Note that records stand neither by number nor by time."""
        self.ordered = self.numbered = False

    async def forward(self, wanted: int) -> AsyncGenerator[RecordPage[T]]:
        """Yield pages from the first on.

        What is deleted meanwhile moves the rest forward; then it is read again from
        where nothing can have been skipped.
        """
        size = self.size(wanted)
        number, before = 1, None
        for _ in range(_MOST_PAGES):
            page = await self.page(number, size)
            if before is not None and page.total < before.total:
                number = max(1, number + (page.total - before.total) // size)
            elif before is not None and (before.entries, before.total) == (
                page.entries,
                page.total,
            ):
                # The server does not look at the number of the page.
                return
            else:
                yield page
                if page.last:
                    return
                number += 1
            before = page
        raise UnexpectedAnswer("The list of records has no end")

    async def backward(self, wanted: int) -> AsyncGenerator[RecordPage[T]]:
        """Yield pages from the last on; what is added or deleted skips nothing."""
        size = self.size(wanted)
        if self._counts_pages:
            self._total = await self._measured(size)
        page = await self._last(size)
        yield page
        for number in range(page.number - 1, 0, -1):
            yield await self.page(number, size)

    async def _last(self, size: int) -> RecordPage[T]:
        number = max(1, -(-self._total // size))
        try:
            page = await self.page(number, size)
        except RejectedByHub:
            if number == 1:
                raise
            # Perhaps because there is no such page any more.
            page = await self.page(1, size)
        for _ in range(_TRIES):
            number = max(1, -(-page.total // size))
            if number == page.number and (page.count or not page.total):
                return page
            page = await self.page(number, size)
        raise UnexpectedAnswer("The list of records has no end")


def _is_rising(values: Sequence[int] | Sequence[str]) -> bool:
    return list(values) == sorted(values)

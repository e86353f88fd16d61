"""Finds new records, each once, with one small request when there is none."""

from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, NoReturn

from ..errors import UnexpectedAnswer
from .cursor import Cursor, Entry
from .pages import BULK, PROBE, ListChanged, RecordPage, RecordPages

_TRIES: Final = 12


@dataclass(slots=True)
class _Seen:
    """What a look saw of the list as a whole."""

    total: int | None = None
    head: int | None = None
    top: int | None = None
    reliable: bool = True
    """Nothing that is not above `top` can have been overlooked."""


class NewRecordFinder[T: Entry]:
    """Looks where new records appear, as far as they are new.

    Whoever takes what `poll` found calls `note` for each record, in that order, and
    `finish` at the end. What was not noted is found again.
    """

    def __init__(self, pages: RecordPages[T], cursor: Cursor | None) -> None:
        """Continue at `cursor`; None begins where nothing is new."""
        self._pages = pages
        self.cursor = cursor
        self._total: int | None = None
        """How many records were in the list when all in it were known."""
        self._head: int | None = None
        """The highest position where new ones appear."""
        self._relearned = False
        self._seen = _Seen()

    @property
    def ordered(self) -> bool:
        """Whether new records appear at one end; if not, be thorough now and then."""
        return self._pages.ordered

    async def poll(self, *, thorough: bool = False) -> list[T]:
        """Return what is new, oldest first. `thorough` reads the whole list."""
        self._relearned = False
        for _ in range(_TRIES):
            try:
                if self.cursor is None:
                    self.cursor = await self._begin()
                    return []
                return await self._read(self.cursor, thorough=thorough)
            except ListChanged:
                continue
        raise UnexpectedAnswer("The list of records changes all the time")

    def note(self, entry: T) -> None:
        """Know a record from now on."""
        assert self.cursor is not None
        self.cursor.note(entry)
        if self._total is not None:
            self._total += 1

    def finish(self) -> None:
        """Note that everything that was found is known."""
        assert self.cursor is not None
        seen = self._seen
        self._total, self._head = seen.total, seen.head
        self.cursor.finish(seen.top if seen.reliable else None)
        if not seen.total:
            self.cursor.notice_empty()

    async def _begin(self) -> Cursor:
        size = self._pages.size(PROBE)
        first = await self._pages.page(1, size)
        entries = list(first.entries)
        if not first.last:
            entries += (await self._pages.learn_order(first, size)).entries
            if not self._pages.numbered:
                # The highest number may be anywhere.
                async for page in self._pages.forward(BULK):
                    entries += page.entries
        if first.total and not entries:
            # Else they would be new as soon as they can be read.
            raise UnexpectedAnswer("The server sent records that cannot be read")
        head = max((entry.position for entry in entries), default=None)
        self._seen = _Seen(total=first.total, head=head)
        return Cursor.after(entries)

    async def _read(self, cursor: Cursor, *, thorough: bool) -> list[T]:
        self._seen = seen = _Seen()
        found: dict[str, T] = {}
        if self._pages.oldest_first:
            walk = self._pages.backward(PROBE)
        else:
            walk = self._pages.forward(PROBE)
        async with aclosing(walk):
            async for page in walk:
                if seen.total is None:
                    await self._check(page)
                    seen.total, seen.head = page.total, page.top
                    seen.reliable = page.is_all or self._pages.numbered
                if self._pages.is_odd(page):
                    if not self._relearned:
                        self._relearn()
                    self._pages.doubt_order()
                    seen.reliable = False
                if not self._collect(page, cursor, found):
                    break
        # More than was found has been added: it is not where it should be.
        hidden = (
            self._total is not None
            and seen.total is not None
            and seen.total - self._total > len(found)
        )
        unsure = cursor.since is not None and not seen.reliable
        if thorough or hidden or unsure:
            await self._read_all(cursor, found)
        return sorted(found.values(), key=lambda entry: entry.position)

    async def _read_all(self, cursor: Cursor, found: dict[str, T]) -> None:
        totals = []
        async with aclosing(self._pages.forward(BULK)) as walk:
            async for page in walk:
                totals.append(page.total)
                self._collect(page, cursor, found)
        self._seen.total = totals[0]
        self._seen.reliable = len(set(totals)) == 1

    async def _check(self, page: RecordPage[T]) -> None:
        """Look whether this is still the end where new records appear."""
        pages = self._pages
        if page.is_all:
            return
        if pages.oldest_first is None:
            await pages.learn_order(page, pages.size(PROBE))
            if pages.oldest_first:
                raise ListChanged
        if self._head is not None and page.top is not None and page.top < self._head:
            self._relearn()

    def _relearn(self) -> NoReturn:
        self._pages.oldest_first = self._head = None
        self._relearned = True
        raise ListChanged

    def _collect(
        self, page: RecordPage[T], cursor: Cursor, found: dict[str, T]
    ) -> bool:
        """Keep what is new on a page; tell whether anything is."""
        if cursor.notice_reset(page.entries):
            self._relearn()
        new = [entry for entry in page.entries if cursor.is_new(entry)]
        found.update((entry.key, entry) for entry in new)
        if page.top is not None:
            self._seen.top = max(page.top, self._seen.top or 0)
        return bool(new)

"""On which list persons are by their own rows, whatever records say of them (4.4)."""

from collections.abc import Iterable
import logging
from time import monotonic
from typing import Final

from ...errors import VisionError
from ...model import LibraryKind
from ...toolkit.lenient import rows_of
from ..alarms import LISTS, is_match
from ..transport import Transport
from ..wire import Capture, Category, Person
from .resources import PERSON, Resources

_LOGGER = logging.getLogger(__name__)

FRESH: Final = 60.0
"""For so many seconds it is believed on which list somebody is."""
_MOST_ASKED: Final = 20
"""More persons than this are not asked for by name."""

type _Place = tuple[int | None, int]


class OwnLists:
    """Asks on which list persons are, no more than is needed.

    There are servers whose records have `sex` and `category` swapped. Whoever is on the
    black list is few: they are read once a minute while somebody is recognised. Whoever
    is on another list by a record is looked for.
    """

    def __init__(self, transport: Transport, resources: Resources) -> None:
        """Ask through `transport`."""
        self._transport = transport
        self._resources = resources
        self._black: frozenset[_Place] = frozenset()
        self._black_until = 0.0
        self._asked: dict[_Place, tuple[int | None, float]] = {}

    async def know(self, rows: Iterable[Capture]) -> None:
        """Ask what must be known to understand some records."""
        matched = [row for row in rows if is_match(row) and row.person_id is not None]
        if not matched:
            return
        try:
            if self._black_until <= monotonic():
                await self._read_black()
            doubtful = {
                place: row.person_name
                for row in matched
                if row.category is not None
                and (row.category == Category.WHITE)
                is ((place := _place(row)) in self._black)
                and self._is_stale(place)
            }
            await self._ask(doubtful)
        except VisionError as error:
            _LOGGER.debug("The server did not tell who is on a list: %s", error.key)

    def of(self, row: Capture) -> LibraryKind | None:
        """Return the list of who was recognised; None when nothing but `row` tells."""
        place = _place(row)
        category, _ = self._asked.get(place, (None, 0.0))
        if category is None and place in self._black:
            return LibraryKind.BLOCKED
        return LISTS.get(category)

    def _is_stale(self, place: _Place) -> bool:
        _, asked = self._asked.get(place, (None, float("-inf")))
        return monotonic() - asked > FRESH

    async def _read_black(self) -> None:
        began = monotonic()
        black: set[_Place] = set()
        filters = {"category": int(Category.BLACK)}
        async for raw in self._transport.pages(PERSON.query, filters):
            for row in rows_of(Person, [raw]):
                if row.category == Category.BLACK:
                    black.update(_places(row))
        self._black = frozenset(black)
        # A server that does not filter sends everybody, which takes its time.
        now = monotonic()
        self._black_until = now + max(FRESH, 20 * (now - began))

    async def _ask(self, wanted: dict[_Place, str]) -> None:
        """Look for persons: by name, or through all when they are many."""
        if not wanted:
            return
        names = set(wanted.values()) if len(wanted) <= _MOST_ASKED else {""}
        found: dict[_Place, int | None] = dict.fromkeys(wanted)
        for name in names:
            async for raw in self._resources.persons(name, ""):
                for row in rows_of(Person, [raw]):
                    for place in _places(row):
                        if place in wanted:
                            found[place] = row.category
        now = monotonic()
        self._asked = {
            place: known
            for place, known in self._asked.items()
            if now - known[1] < FRESH
        } | {place: (category, now) for place, category in found.items()}


def _place(row: Capture) -> _Place:
    return row.lib_id, -1 if row.person_id is None else row.person_id


def _places(row: Person) -> tuple[_Place, ...]:
    """Name a person in their library, and for records that do not tell it."""
    if row.person_id is None:
        return ()
    return (row.lib_id, row.person_id), (None, row.person_id)

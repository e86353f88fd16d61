"""What a hub told that could not be understood: where, which key, what type; no values."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
import logging
import re
from typing import Final

from mashumaro.exceptions import InvalidFieldValue

from ..model import Json
from .lenient import WireObject

_LOGGER = logging.getLogger(__name__)

_MOST_NOTES: Final = 200
# A key may be the name of somebody.
_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}", re.ASCII)

_UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class Oddity(StrEnum):
    """What was wrong with something."""

    UNREADABLE = "unreadable"
    """A record or message that no alarm can be made of."""
    UNKNOWN = "unknown"
    """A message that is empty or of no kind that we know."""
    CONTRADICTION = "contradiction"
    """A field that another one is believed instead of."""


@dataclass(frozen=True, slots=True)
class ReadNote:
    """One kind of oddity at one place."""

    place: str
    """An operation, or `push`."""
    oddity: Oddity
    key: str = ""
    type: str = ""


class ReadNotes:
    """Counts oddities; tells of each kind once, at debug level."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counts: Counter[ReadNote] = Counter()

    def add(
        self, place: str, oddity: Oddity, key: str = "", kind: type | None = None
    ) -> None:
        """Count something odd."""
        shown = key if not key or _KEY.fullmatch(key) else "*"
        note = ReadNote(place, oddity, shown, kind.__name__ if kind else "")
        if note not in self._counts:
            if len(self._counts) >= _MOST_NOTES:
                return
            _LOGGER.debug("The hub told something odd: %s", note)
        self._counts[note] += 1

    def understood[T](
        self,
        place: str,
        rows: Iterable[Json],
        read: Callable[[dict[str, Json]], T | None],
        *,
        needed: str,
    ) -> Iterator[T]:
        """Yield what is read of rows, past those that cannot be understood.

        Of those it is noted of what type is what stands under the key that is `needed`.
        """
        for row in rows:
            if not isinstance(row, dict):
                self.add(place, Oddity.UNREADABLE, "row", type(row))
                continue
            try:
                found = read(row)
            except InvalidFieldValue as error:
                kind = type(error.field_value)
                self.add(place, Oddity.UNREADABLE, error.field_name, kind)
            except _UNREADABLE as error:
                self.add(place, Oddity.UNREADABLE, type(error).__name__)
            else:
                if found is None:
                    self.add(place, Oddity.UNREADABLE, needed, type(row.get(needed)))
                else:
                    yield found

    def identified[T: WireObject](
        self, place: str, kind: type[T], rows: Iterable[Json], key: str
    ) -> Iterator[T]:
        """Yield the objects of a list that tell their id."""

        def read(row: dict[str, Json]) -> T | None:
            found = kind.from_dict(row)
            return None if getattr(found, key) in (None, "") else found

        return self.understood(place, rows, read, needed=key)

    def __iter__(self) -> Iterator[tuple[ReadNote, int]]:
        """Yield every note with how often it was made, the most frequent first."""
        return iter(self._counts.most_common())

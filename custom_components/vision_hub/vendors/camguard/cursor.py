"""Which records are new, whatever became of the list since (8.1).

Records have rising numbers. The newest that are known are remembered one by one, by
number and time of creation; of older ones only that their numbers are not above the
floor. So a record that shows late is still found, and numbers that begin anew after a
reset of the database are told from old ones.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

from ..model import Json
from ..toolkit.lenient import as_int

REMEMBERED: Final = 256
"""How many records are remembered one by one."""

_NOWHERE: Final = -1


class Entry(Protocol):
    """A record as far as a cursor cares."""

    @property
    def position(self) -> int:
        """Rises with every record, 0 or more."""

    @property
    def key(self) -> str:
        """Unique, also after a reset."""

    @property
    def created(self) -> str:
        """The time of creation in a form that can be compared; empty if unknown."""


@dataclass(slots=True)
class Cursor:
    """Tells new records from known ones."""

    floor: int = _NOWHERE
    """No record up to this position is new."""
    horizon: str = ""
    """The latest creation that is known."""
    since: str | None = None
    """After a reset, until it was read whole: what was created before is not new."""
    emptied: bool = False
    """The list was empty when last seen, and had not always been."""
    known: dict[str, int] = field(default_factory=dict)
    """The newest known records: their positions by key."""

    @classmethod
    def after(cls, entries: Collection[Entry]) -> Self:
        """Begin where nothing of what is there is new."""
        newest = sorted(entries, key=lambda entry: entry.position)[-REMEMBERED:]
        # Where the position is a time, another record may share the highest.
        return cls(
            floor=max((entry.position - 1 for entry in entries), default=_NOWHERE),
            horizon=max((entry.created for entry in entries), default=""),
            known={entry.key: entry.position for entry in newest},
        )

    @classmethod
    def load(cls, data: Json) -> Self | None:
        """Continue where `dump` was called; None when it was not."""
        if not isinstance(data, dict):
            return None
        floor, known = as_int(data.get("floor")), data.get("known")
        horizon, since = data.get("horizon"), data.get("since")
        if floor is None or not isinstance(known, dict) or not isinstance(horizon, str):
            return None
        return cls(
            floor=floor,
            horizon=horizon,
            since=since if isinstance(since, str) else None,
            emptied=data.get("emptied") is True,
            known={
                key: position
                for key, value in known.items()
                if (position := as_int(value)) is not None
            },
        )

    def dump(self) -> dict[str, Json]:
        """Return what outlives a restart."""
        return {
            "floor": self.floor,
            "horizon": self.horizon,
            "since": self.since,
            "emptied": self.emptied,
            "known": dict(self.known),
        }

    @property
    def top(self) -> int:
        """The highest position that is known."""
        return max(self.floor, *self.known.values(), _NOWHERE)

    def is_new(self, entry: Entry) -> bool:
        """Tell whether a record was not there before."""
        return (
            entry.key not in self.known
            and entry.position > self.floor
            and (self.since is None or entry.created >= self.since)
        )

    def notice_reset(self, entries: Iterable[Entry]) -> bool:
        """Begin anew if records show that the server began anew."""
        top = self.top
        low = [entry for entry in entries if entry.position <= top]
        unknown = [entry for entry in low if entry.key not in self.known]
        if self.emptied and low and len(unknown) == len(low):
            # What was there before is gone, so all of this came afterwards.
            self._begin_anew("")
            return True
        taken = set(self.known.values())
        if any(
            entry.created > self.horizon
            and (entry.position <= self.floor or entry.position in taken)
            for entry in unknown
        ):
            self._begin_anew(self.horizon)
            return True
        return False

    def _begin_anew(self, since: str) -> None:
        self.floor = _NOWHERE
        self.since = since
        self.emptied = False
        # Should it be no reset after all, what is known is not told again.
        self.known = dict.fromkeys(self.known, _NOWHERE)

    def note(self, entry: Entry) -> None:
        """Know a record; the oldest of several comes first."""
        self.known[entry.key] = entry.position
        self.horizon = max(self.horizon, entry.created)
        while len(self.known) > REMEMBERED:
            oldest = min(self.known, key=self.known.__getitem__)
            self.floor = max(self.floor, self.known.pop(oldest))

    def finish(self, top: int | None) -> None:
        """Note that all that is new up to `top` was noted; None where that is unsure."""
        self.emptied = False
        if self.since is not None and top is not None:
            self.floor = max(self.floor, top)
            self.since = None

    def notice_empty(self) -> None:
        """Note that the list is empty."""
        self.emptied = self.top > _NOWHERE
        if self.since is not None:
            self.since = ""

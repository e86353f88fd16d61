"""Counts what was not taken, and knows when that is no accident any more."""

from collections import Counter
from collections.abc import Callable, Mapping
import logging
from typing import Final

from homeassistant.core import callback

from ...vendors.contract import ForeignMessage, MalformedMessage, Refusal

_LOGGER = logging.getLogger(__name__)

SEVERAL: Final = 3
"""Refusals in a row after which alarms do not come."""

FORGOTTEN_AFTER: Final = 86400.0
"""Seconds without a refusal after which spells are not counted on."""

_WORDS: Final[Mapping[Refusal, str]] = {
    Refusal.UNREADABLE: "it cannot be understood",
    Refusal.FOREIGN: "it is not signed as agreed, or comes from another device",
    Refusal.UNWANTED: "nothing listens at the address that it was sent to",
    Refusal.TOO_LARGE: "it is too large",
    Refusal.INCOMPLETE: "it did not arrive as a whole",
    Refusal.BUSY: "too much arrives at once",
    Refusal.STORAGE: "it cannot be stored",
    Refusal.FAULT: "our own code failed",
}

# It is the way of a start that there is nobody yet.
ACCIDENTS: Final = frozenset({Refusal.STARTING})


def reason_of(fault: BaseException) -> Refusal:
    """Return what it means that a message ended so."""
    match fault:
        case ForeignMessage():
            return Refusal.FOREIGN
        case MalformedMessage():
            return Refusal.UNREADABLE
        case OSError():
            return Refusal.STORAGE
    return Refusal.FAULT


def _nothing() -> None:
    """Until somebody cares."""


class Refusals:
    """The messages of one hub that were not taken.

    A row of them ends with anything that is taken. A hub of which heartbeats are taken
    and alarms are not has many short rows: several such spells end with an alarm only.
    """

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        """`name` is how the log calls the hub; `clock` is monotonic."""
        self._name = name
        self._clock = clock
        self._row = 0
        self._spells = 0
        self._since_alarm = 0
        self._last = 0.0
        self._told = False
        self._reason = Refusal.STARTING
        self.counts: Counter[Refusal] = Counter()
        """All of them, by reason."""
        self.on_change: Callable[[], None] = _nothing
        """Called when `reason` or `in_a_row` changed."""

    @property
    def reason(self) -> Refusal | None:
        """Why alarms do not come: nothing but refusals; None as long as they do."""
        if self._row < SEVERAL and self._spells < SEVERAL:
            return None
        return self._reason

    @property
    def in_a_row(self) -> int:
        """How many were refused since one was taken."""
        return self._since_alarm if self._spells >= SEVERAL else self._row

    @callback
    def add(self, reason: Refusal) -> None:
        """Count a message that was not taken."""
        self.counts[reason] += 1
        if reason in ACCIDENTS:
            return
        if not self._told:
            self._told = True
            _LOGGER.warning(
                "A message of %s was refused: %s", self._name, _WORDS[reason]
            )
        now = self._clock()
        if now - self._last > FORGOTTEN_AFTER:
            self._spells = self._since_alarm = 0
        self._last, self._reason = now, reason
        self._row += 1
        self._since_alarm += 1
        if self._row == 1:
            self._spells += 1
        if self.reason is not None:
            self.on_change()

    @callback
    def end_row(self) -> None:
        """Note that something was taken."""
        if self._row:
            self._end(spells=False)

    @callback
    def end(self) -> None:
        """Note that an alarm was taken."""
        if self._since_alarm:
            self._end(spells=True)

    def _end(self, *, spells: bool) -> None:
        before = self.reason
        self._told = False
        self._row = 0
        if spells:
            self._spells = self._since_alarm = 0
        if self.reason is not before:
            self.on_change()

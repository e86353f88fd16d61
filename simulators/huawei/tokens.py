"""Access tokens (4.1): two for each key pair, seven days each."""

from collections.abc import Callable
from dataclasses import dataclass, field
import time


@dataclass(slots=True)
class Token:
    """A token of a key pair; `until` is on the steady clock."""

    value: str
    ak: str
    until: float


@dataclass(slots=True)
class Tokens:
    """The tokens. `new_value` makes one; `life` and `renewable` are seconds now."""

    new_value: Callable[[], str]
    life: Callable[[], float]
    renewable: Callable[[], float]
    clock: Callable[[], float] = time.monotonic
    issued: int = 0
    _known: dict[str, Token] = field(default_factory=dict)

    def alive(self, ak: str) -> list[Token]:
        """Return the valid tokens of a key pair, oldest first."""
        now = self.clock()
        return [t for t in self._known.values() if t.ak == ak and t.until > now]

    def obtain(self, ak: str, *, force: bool, eager: bool = False) -> tuple[str, float]:
        """Return a token and for how many seconds it is still valid.

        The pair's newest token is given again, unless it has none, or `force` and a
        single one that is near its end, or `eager` and less than two.
        """
        alive, now = self.alive(ak), self.clock()
        last = alive[-1] if alive else None
        single = len(alive) == 1
        if (
            last is None
            or (force and single and last.until - now <= self.renewable())
            or (eager and single)
        ):
            last = Token(self.new_value(), ak, now + self.life())
            self._known[last.value] = last
            self.issued += 1
        return last.value, last.until - now

    def state(self, value: str) -> bool | None:
        """Return whether a token is valid; None when it was never given."""
        token = self._known.get(value)
        return None if token is None else token.until > self.clock()

    def expire(self) -> None:
        """End every token."""
        self.shorten(0.0)

    def shorten(self, seconds: float) -> None:
        """Leave every valid token no more than so many seconds."""
        end = self.clock() + seconds
        for token in self._known.values():
            token.until = min(token.until, end)

    def forget(self) -> None:
        """Forget every token: they are invalid instead of overdue."""
        self._known.clear()

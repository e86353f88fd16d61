"""Sessions (1.1): how long they live is the server's own idea."""

from collections.abc import Callable
from dataclasses import dataclass, field
import hashlib
import time


def md5_of(password: str) -> str:
    """Return a password as requests carry it."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Sessions:
    """Who is logged in: user and time of the last request by session."""

    clock: Callable[[], float] = time.monotonic
    alive: dict[str, tuple[int, float]] = field(default_factory=dict)
    locked_until: float = 0.0

    def __len__(self) -> int:
        """Return how many are alive."""
        return len(self.alive)

    @property
    def locked(self) -> bool:
        """Return whether nobody may log in."""
        return self.clock() < self.locked_until

    def open(self, session: str, user_id: int) -> str:
        """Begin a session."""
        self.alive[session] = user_id, self.clock()
        return session

    def end(self, user_id: int | None = None) -> None:
        """End the sessions of a user, or all."""
        self.alive = {
            session: (owner, seen)
            for session, (owner, seen) in self.alive.items()
            if user_id is not None and owner != user_id
        }

    def touch(self, session: object, idle: float) -> bool:
        """Return whether a session is alive; if so it lives on."""
        if not isinstance(session, str) or session not in self.alive:
            return False
        owner, seen = self.alive[session]
        now = self.clock()
        if now - seen > idle:
            del self.alive[session]
            return False
        self.alive[session] = owner, now
        return True

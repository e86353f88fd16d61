"""Control locks of cameras that move (8.1, 8.2)."""

from dataclasses import dataclass, field

from .error_codes import Code, demand

type Key = tuple[str, str]


@dataclass(slots=True)
class _Lock:
    token: str
    until: float


@dataclass(slots=True)
class PtzLocks:
    """Who may move a camera. `others` are cameras that another user holds.

    Taking a lock again gives a new token; the one before is illegal then.
    """

    others: set[Key] = field(default_factory=set)
    _held: dict[Key, _Lock] = field(default_factory=dict)
    _commands: dict[Key, float] = field(default_factory=dict)

    def take(self, key: Key, token: str, until: float) -> str:
        """Take the lock of a camera."""
        demand(key not in self.others, Code.USED_BY_OTHERS)
        self._held[key] = _Lock(token, until)
        return token

    def renew(self, key: Key, token: str, now: float, until: float) -> None:
        """Check a token, which every operation renews."""
        lock = self._held.get(key)
        demand(lock is not None and lock.token == token, Code.LOCK_ILLEGAL)
        assert lock is not None
        demand(now < lock.until, Code.LOCK_EXPIRED)
        lock.until = until

    def release(self, key: Key) -> None:
        """Give the lock back, if there is one."""
        self._held.pop(key, None)

    def is_held(self, key: Key, now: float) -> bool:
        """Return whether a token for a camera is valid."""
        lock = self._held.get(key)
        return lock is not None and now < lock.until

    def expire(self) -> None:
        """End every lock."""
        for lock in self._held.values():
            lock.until = 0.0

    def spacing(self, key: Key, now: float) -> float:
        """Note a command; return how long after the one before it comes."""
        last = self._commands.get(key)
        self._commands[key] = now
        return float("inf") if last is None else now - last

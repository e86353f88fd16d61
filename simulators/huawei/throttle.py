"""Throttling: the cloud says that it is asked too often (IVM.90000011)."""

from collections import deque
from dataclasses import dataclass, field

from .account import Account
from .error_codes import Code, Refusal


@dataclass(slots=True)
class Throttle:
    """Refuses requests: some, for a while, or beyond `limits.requests_per_second`."""

    account: Account
    refused: int = 0
    _left: int = 0
    _until: float = 0.0
    _seen: deque[float] = field(default_factory=deque)

    def begin(self, *, times: int = 0, seconds: float = 0.0) -> None:
        """Refuse the next requests, and all of the coming (real) seconds."""
        self._left = times
        self._until = self.account.steady() + seconds

    def end(self) -> None:
        """Answer again."""
        self._left, self._until = 0, 0.0

    def count(self) -> None:
        """Count a request, or refuse it."""
        now = self.account.steady()
        if self._left > 0:
            self._left -= 1
            self._refuse()
        if now < self._until or self._too_many(now):
            self._refuse()

    def _refuse(self) -> None:
        self.refused += 1
        raise Refusal(Code.BUSY)

    def _too_many(self, now: float) -> bool:
        most = self.account.limits.requests_per_second
        while self._seen and self._seen[0] <= now - 1:
            self._seen.popleft()
        if not most or len(self._seen) < most:
            self._seen.append(now)
            return False
        return True

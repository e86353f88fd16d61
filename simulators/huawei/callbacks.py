"""10.1.1 to 10.1.3: where messages go, who signed them, and when an URL is silent."""

from dataclasses import dataclass, field
import hashlib

from .push_messages import Subscription
from .push_quirks import Signature

FAILURES = 6

_HEADERS = {
    Signature.LETTER_L: ("X-lvm-",),
    Signature.CAPITAL_I: ("X-Ivm-",),
    Signature.BOTH: ("X-lvm-", "X-Ivm-"),
}


@dataclass(slots=True)
class Callback:
    """The URL of a subscription."""

    url: str
    auth_key: str
    create_time: float
    update_time: float


@dataclass(slots=True)
class CircuitBreaker:
    """How an URL has behaved; `silent_until` is on the steady clock."""

    failures: int = 0
    silent_until: float = 0.0

    def note(self, success: bool, now: float, silence: float) -> None:
        """Count a transmission; six failures in a row silence the URL."""
        self.failures = 0 if success else self.failures + 1
        if self.failures >= FAILURES:
            self.silent_until = now + silence

    def is_silent(self, now: float, *, keep_count: bool = False) -> bool:
        """Return whether nothing is pushed now; what is over is forgotten."""
        if not self.silent_until:
            return False
        if now < self.silent_until:
            return True
        self.silent_until = 0.0
        self.failures = FAILURES - 1 if keep_count else 0
        return False


@dataclass(slots=True)
class Callbacks:
    """The configured URLs by subscription, and how each URL behaves."""

    known: dict[Subscription, Callback] = field(default_factory=dict)
    breakers: dict[str, CircuitBreaker] = field(default_factory=dict)

    def put(
        self, subscription: Subscription, url: str, auth_key: str, at: float
    ) -> Callback:
        """Add or change an URL; it is not silent any more."""
        old = self.known.get(subscription)
        created = at if old is None else old.create_time
        self.known[subscription] = Callback(url, auth_key, created, at)
        self.breakers.pop(url, None)
        return self.known[subscription]

    def breaker(self, url: str) -> CircuitBreaker:
        """Return how an URL behaves."""
        return self.breakers.setdefault(url, CircuitBreaker())


def signed(
    spelling: Signature, url: str, auth_key: str, at: float, *, capitals: bool = False
) -> dict[str, str]:
    """Return the headers of a message; none without a key."""
    if not auth_key:
        return {}
    moment = f"{int(at):010d}"
    digest = hashlib.sha256(f"{url}|{moment}|{auth_key}".encode()).hexdigest()
    if capitals:
        digest = digest.upper()
    return {
        f"{prefix}{name}": value
        for prefix in _HEADERS[spelling]
        for name, value in (("Timestamp", moment), ("Signature", digest))
    }

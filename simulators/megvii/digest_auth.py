"""Chapter 1.3 and `modelSw`: digest only when switched on, and its lock-out."""

from collections.abc import Callable
from dataclasses import dataclass, field
import random

from simulators.digest_auth import DigestAuth as BaseDigestAuth, Verdict

REALM = "MEGBOX"
_ACCOUNT = "admin"


@dataclass(slots=True, kw_only=True)
class DigestAuth(BaseDigestAuth):
    """Checks Authorization headers; a nonce is good for `lifetime` seconds (60).

    The account is locked, not the address.
    """

    rng: random.Random
    realm: str = REALM
    lock_after: int = 6
    lock_seconds: float = 1800.0
    lifetime: Callable[[], float]
    issued: dict[str, float] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def expire_nonces(self) -> None:
        """Make every nonce stale."""
        self.issued.clear()

    def challenge(self, *, stale: bool) -> str:
        """Return WWW-Authenticate with a new nonce."""
        nonce = f"{self.rng.getrandbits(128):032x}"
        now = self.now()
        self.issued = {
            old: at for old, at in self.issued.items() if now - at < self.lifetime()
        }
        self.counters = {old: self.counters.get(old, 0) for old in self.issued}
        self.issued[nonce] = now
        words = f'realm="{REALM}", qop="auth", nonce="{nonce}", algorithm=MD5'
        return f"Digest {words}, stale=true" if stale else f"Digest {words}"

    def check(self, *, method: str, target: str, authorization: str | None) -> Verdict:
        """Judge a request; `target` is path and query as on the request line."""
        return self.judge(
            method=method, target=target, authorization=authorization, address=_ACCOUNT
        )

    def lock_account(self, seconds: float | None = None) -> None:
        """Lock the account: also the right password gets 104101."""
        self.lock(_ACCOUNT, seconds)

    def _is_fresh(self, nonce: str, counter: int) -> bool:
        issued = self.issued.get(nonce)
        if issued is None or self.now() - issued >= self.lifetime():
            return False
        if counter <= self.counters.get(nonce, 0):
            return False
        self.counters[nonce] = counter
        return True

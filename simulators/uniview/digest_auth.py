"""HTTP Digest as in chapter 1 of the manual."""

from dataclasses import dataclass
import random

from simulators.digest_auth import DigestAuth as BaseDigestAuth, Verdict as Outcome

from .error_codes import Code
from .quirks import Quirks

REALM = "NVRDVR"

_CODES = {
    Outcome.PASSED: Code.SUCCEED,
    Outcome.CHALLENGED: Code.NOT_AUTHORIZED,
    Outcome.STALE: Code.NOT_AUTHORIZED,
    Outcome.WRONG: Code.WRONG_CREDENTIALS,
    Outcome.LOCKED: Code.LOCKED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request passes; else the code and whether its nonce was stale."""

    code: Code
    stale: bool = False


@dataclass(slots=True, kw_only=True)
class DigestAuth(BaseDigestAuth):
    """Checks Authorization headers; one nonce for the whole device."""

    quirks: Quirks
    rng: random.Random
    realm: str = REALM
    lock_after: int = 5
    lock_seconds: float = 300.0
    nonce: str | None = None
    counter: int = 0
    uses: int = 0

    def expire_nonce(self) -> None:
        """Make the current nonce invalid."""
        self.nonce = None

    def challenge(self, *, stale: bool) -> str:
        """Replace the nonce and return WWW-Authenticate."""
        self.nonce = str(self.rng.randrange(10**9, 2**31))
        self.counter = 0
        self.uses = 0
        qop = "auth" if self.quirks.unquoted_qop else '"auth"'
        if self.quirks.rfc_challenge:
            return (
                f'Digest realm="{REALM}", nonce="{self.nonce}", qop={qop}, '
                f"algorithm=MD5, stale={'true' if stale else 'false'}"
            )
        return (
            f'Digest qop={qop},algorithm="MD5",realm="{REALM}",'
            f'nonce="{self.nonce}",stale="{"TRUE" if stale else "FALSE"}"'
        )

    def check(
        self, *, method: str, target: str, authorization: str | None, address: str
    ) -> Verdict:
        """Judge a request; `target` is path and query as on the request line."""
        outcome = self.judge(
            method=method, target=target, authorization=authorization, address=address
        )
        return Verdict(_CODES[outcome], outcome is Outcome.STALE)

    def _is_fresh(self, nonce: str, counter: int) -> bool:
        if nonce != self.nonce or counter <= self.counter:
            return False
        if self.quirks.nonce_uses is not None and self.uses >= self.quirks.nonce_uses:
            return False
        self.counter = counter
        self.uses += 1
        return True

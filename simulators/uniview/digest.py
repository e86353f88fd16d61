"""HTTP Digest as in chapter 1 of the manual."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5
import hmac
import random
import re

from .codes import Code
from .quirks import Quirks

REALM = "NVRDVR"

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)')
_REQUIRED = ("username", "realm", "nonce", "uri", "nc", "cnonce", "response")


def _hex(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def digest_response(
    *,
    username: str,
    password: str,
    method: str,
    uri: str,
    nonce: str,
    nc: str,
    cnonce: str,
    realm: str = REALM,
    qop: str = "auth",
) -> str:
    """Return `response` of chapter 1.3."""
    r1 = _hex(f"{username}:{realm}:{password}")
    r2 = _hex(f"{method}:{uri}")
    return _hex(f"{r1}:{nonce}:{nc}:{cnonce}:{qop}:{r2}")


def parse_authorization(header: str) -> dict[str, str] | None:
    """Return the parameters (quoted or not), None when malformed."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    parameters: dict[str, str] = {}
    position = 0
    rest = rest.strip()
    while position < len(rest):
        found = _PARAMETER.match(rest, position)
        if found is None:
            return None
        name, quoted, bare = found.groups()
        parameters[name.lower()] = bare if quoted is None else quoted
        position = found.end()
        while position < len(rest) and rest[position].isspace():
            position += 1
    return parameters


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request passes; else the code and whether its nonce was stale."""

    code: Code
    stale: bool = False


@dataclass(slots=True)
class Gate:
    """Checks Authorization headers; one nonce for the whole device.

    `lock_after` wrong passwords from one address lock it for `lock_seconds`. `now`
    returns seconds of a steady clock.
    """

    username: str
    password: str
    quirks: Quirks
    now: Callable[[], float]
    rng: random.Random
    lock_after: int = 5
    lock_seconds: float = 300.0
    nonce: str | None = None
    counter: int = 0
    uses: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    locked_until: dict[str, float] = field(default_factory=dict)

    def expire_nonce(self) -> None:
        """Make the current nonce invalid."""
        self.nonce = None

    def lock(self, address: str, seconds: float | None = None) -> None:
        """Lock an address out."""
        self.locked_until[address] = self.now() + (
            self.lock_seconds if seconds is None else seconds
        )

    def unlock(self) -> None:
        """Let every address in again."""
        self.locked_until.clear()
        self.wrong.clear()

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
        if self._is_locked(address):
            return Verdict(Code.LOCKED)
        if authorization is None:
            return Verdict(Code.NOT_AUTHORIZED)
        given = parse_authorization(authorization)
        if (
            given is None
            or any(not given.get(name) for name in _REQUIRED)
            or given["realm"] != REALM
            or given.get("algorithm", "MD5").upper() != "MD5"
            or given.get("qop") != "auth"
            or not re.fullmatch(r"[0-9a-fA-F]{8}", given["nc"])
            or given["uri"] != target
        ):
            return Verdict(Code.NOT_AUTHORIZED)
        expected = digest_response(
            username=self.username,
            password=self.password,
            method=method,
            uri=target,
            nonce=given["nonce"],
            nc=given["nc"],
            cnonce=given["cnonce"],
        )
        if given["username"] != self.username or not hmac.compare_digest(
            expected.encode(), given["response"].encode()
        ):
            return self._wrong(address)
        return self._fresh(given["nonce"], int(given["nc"], 16), address)

    def _is_locked(self, address: str) -> bool:
        until = self.locked_until.get(address)
        if until is None:
            return False
        if self.now() < until:
            return True
        del self.locked_until[address]
        self.wrong.pop(address, None)
        return False

    def _wrong(self, address: str) -> Verdict:
        self.wrong[address] = self.wrong.get(address, 0) + 1
        if self.wrong[address] >= self.lock_after:
            self.lock(address)
            return Verdict(Code.LOCKED)
        return Verdict(Code.WRONG_CREDENTIALS)

    def _fresh(self, nonce: str, counter: int, address: str) -> Verdict:
        """Judge a right response by its nonce and counter."""
        if nonce != self.nonce or counter <= self.counter:
            return Verdict(Code.NOT_AUTHORIZED, stale=True)
        if self.quirks.nonce_uses is not None and self.uses >= self.quirks.nonce_uses:
            return Verdict(Code.NOT_AUTHORIZED, stale=True)
        self.counter = counter
        self.uses += 1
        self.wrong.pop(address, None)
        return Verdict(Code.SUCCEED)

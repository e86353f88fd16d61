"""HTTP Digest (RFC 7616 with MD5 and qop auth) as the devices check it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import md5
import hmac
import re

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
    realm: str,
    qop: str = "auth",
) -> str:
    """Return `response` of an Authorization header."""
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


class Verdict(Enum):
    """What becomes of a request."""

    PASSED = auto()
    CHALLENGED = auto()
    """There is no (readable) Authorization header."""
    STALE = auto()
    """The response is right, its nonce or counter is not."""
    WRONG = auto()
    LOCKED = auto()


@dataclass(slots=True, kw_only=True)
class DigestAuth(ABC):
    """Checks Authorization headers, and locks out who guesses.

    `lock_after` wrong passwords from one address lock it for `lock_seconds`. `now`
    returns seconds of a steady clock.
    """

    username: str
    password: str
    realm: str
    now: Callable[[], float]
    lock_after: int
    lock_seconds: float
    wrong: dict[str, int] = field(default_factory=dict)
    locked_until: dict[str, float] = field(default_factory=dict)

    @abstractmethod
    def _is_fresh(self, nonce: str, counter: int) -> bool:
        """Return whether nonce and counter of a right response are good; count it."""

    def lock(self, address: str, seconds: float | None = None) -> None:
        """Lock an address out."""
        self.locked_until[address] = self.now() + (
            self.lock_seconds if seconds is None else seconds
        )

    def unlock(self) -> None:
        """Let every address in again."""
        self.locked_until.clear()
        self.wrong.clear()

    def judge(
        self, *, method: str, target: str, authorization: str | None, address: str
    ) -> Verdict:
        """Judge a request; `target` is path and query as on the request line."""
        if self._is_locked(address):
            return Verdict.LOCKED
        if authorization is None:
            return Verdict.CHALLENGED
        given = parse_authorization(authorization)
        if (
            given is None
            or any(not given.get(name) for name in _REQUIRED)
            or given["realm"] != self.realm
            or given.get("algorithm", "MD5").upper() != "MD5"
            or given.get("qop") != "auth"
            or not re.fullmatch(r"[0-9a-fA-F]{8}", given["nc"])
            or given["uri"] != target
        ):
            return Verdict.CHALLENGED
        expected = digest_response(
            username=self.username,
            password=self.password,
            method=method,
            uri=target,
            nonce=given["nonce"],
            nc=given["nc"],
            cnonce=given["cnonce"],
            realm=self.realm,
        )
        if given["username"] != self.username or not hmac.compare_digest(
            expected.encode(), given["response"].encode()
        ):
            return self._count(address)
        if not self._is_fresh(given["nonce"], int(given["nc"], 16)):
            return Verdict.STALE
        self.wrong.pop(address, None)
        return Verdict.PASSED

    def _is_locked(self, address: str) -> bool:
        until = self.locked_until.get(address)
        if until is None:
            return False
        if self.now() < until:
            return True
        del self.locked_until[address]
        self.wrong.pop(address, None)
        return False

    def _count(self, address: str) -> Verdict:
        self.wrong[address] = self.wrong.get(address, 0) + 1
        if self.wrong[address] >= self.lock_after:
            self.lock(address)
            return Verdict.LOCKED
        return Verdict.WRONG

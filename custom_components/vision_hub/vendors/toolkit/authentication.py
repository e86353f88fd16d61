"""HTTP authentication by the strongest scheme that a hub offers (RFC 7616, RFC 7617).

A hub may offer several, in one header or in many, in any order. Digest comes first, by
the strength of its hash. Basic is a password in the clear, and no manual has it: it is
used only over TLS, where nothing else is offered.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
import hashlib
from http import HTTPStatus
import re
import secrets
from typing import Final

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, encode_basic_auth
from aiohttp.hdrs import AUTHORIZATION, WWW_AUTHENTICATE
from aiohttp.payload import Payload
from multidict import CIMultiDictProxy

from ..errors import AuthenticationFailed
from .connection import Account, Answer

_PART: Final = re.compile(
    r"""(?P<word>[\w!#$%&'*+.^`|~-]+)"""
    r"""(?:\s*(?P<parameter>=)\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s,]*)))?"""
)
_ESCAPED: Final = re.compile(r"\\(.)")

# The strongest first; names without dashes, which some leave out.
_HASHES: Final[Mapping[str, Callable[[bytes], str]]] = {
    "SHA512256": lambda data: hashlib.new("sha512_256", data).hexdigest(),
    "SHA512": lambda data: hashlib.sha512(data).hexdigest(),
    "SHA256": lambda data: hashlib.sha256(data).hexdigest(),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}
_STRENGTHS: Final = tuple(_HASHES)

# In the order of the worked example in Uniview's manual (1.4).
_QUOTED: Final = frozenset(
    {"username", "realm", "nonce", "uri", "cnonce", "response", "opaque"}
)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme that a hub offers; names are in lower case."""

    scheme: str
    parameters: Mapping[str, str]

    @property
    def is_stale(self) -> bool:
        """Whether our answer was right, but its nonce too old."""
        return self.parameters.get("stale", "").lower() == "true"

    @property
    def algorithm(self) -> str:
        """The hash of a digest, as `_HASHES` names it; empty when it is none of these."""
        told = self.parameters.get("algorithm", "MD5").upper().replace("-", "")
        name = told.removesuffix("SESS")
        return name if name in _HASHES else ""

    @property
    def qop(self) -> str | None:
        """What a digest shall cover; empty in the older form, None if it is unknown."""
        offered = {part.strip() for part in self.parameters.get("qop", "").split(",")}
        # The other hashes whole uploads.
        return next(
            (each for each in ("auth", "auth-int", "") if each in offered), None
        )

    @property
    def can_be_answered(self) -> bool:
        """Whether it is a digest that we know."""
        return (
            self.scheme == "digest"
            and bool(self.algorithm and self.parameters.get("nonce"))
            and self.qop is not None
        )


def challenges_in(headers: CIMultiDictProxy[str]) -> Iterable[Challenge]:
    """Read all that a hub offers (RFC 9110, 11.6.1)."""
    for header in headers.getall(WWW_AUTHENTICATE, ()):
        scheme = ""
        parameters: dict[str, str] = {}
        for part in _PART.finditer(header):
            if part["parameter"]:
                told = part["bare"] if part["quoted"] is None else part["quoted"]
                parameters.setdefault(part["word"].lower(), _ESCAPED.sub(r"\1", told))
                continue
            if scheme:
                yield Challenge(scheme, parameters)
            scheme, parameters = part["word"].lower(), {}
        if scheme:
            yield Challenge(scheme, parameters)


def strongest(challenges: Iterable[Challenge], *, secure: bool) -> Challenge | None:
    """Choose what to answer; None when there is nothing that we answer."""
    known = list(challenges)
    digests = [each for each in known if each.can_be_answered]
    if digests:
        return min(digests, key=lambda each: _STRENGTHS.index(each.algorithm))
    return next((each for each in known if secure and each.scheme == "basic"), None)


class Authentication:
    """Answers challenges, and what follows without being asked.

    The nonce is kept and counted, so only the first request of all costs two.
    """

    def __init__(
        self, account: Account, *, also_quoted: frozenset[str] = frozenset()
    ) -> None:
        """Send nothing yet. A hub may want more to be quoted than the standard does."""
        self._account = account
        self._quoted = _QUOTED | also_quoted
        self._challenge: Challenge | None = None
        self._count = 0

    def forget(self) -> None:
        """Wait for another challenge."""
        self._challenge = None

    def challenge_in(self, answer: Answer) -> Challenge | None:
        """Return what a hub asks of us that we can answer."""
        return strongest(challenges_in(answer.headers), secure=self._secure)

    @property
    def _secure(self) -> bool:
        return self._account.scheme == "https"

    async def __call__(
        self, request: ClientRequest, handler: ClientHandlerType
    ) -> ClientResponse:
        """Send a request, again when a hub asks who we are."""
        response = await self._sent(request, handler)
        if response.status == HTTPStatus.UNAUTHORIZED and self._learn(response):
            response = await self._sent(request, handler)
            if response.status == HTTPStatus.UNAUTHORIZED:
                self._learn(response)
        return response

    def _learn(self, response: ClientResponse) -> bool:
        challenge = strongest(challenges_in(response.headers), secure=self._secure)
        if challenge is not None:
            self._challenge, self._count = challenge, 0
        return challenge is not None

    async def _sent(
        self, request: ClientRequest, handler: ClientHandlerType
    ) -> ClientResponse:
        if (challenge := self._challenge) is not None:
            if ":" in self._account.username:
                raise AuthenticationFailed("No user has such a name")
            request.headers[AUTHORIZATION] = (
                self._basic()
                if challenge.scheme == "basic"
                else await self._digest(challenge, request)
            )
        return await handler(request)

    def _basic(self) -> str:
        account = self._account
        return encode_basic_auth(account.username, account.password, encoding="utf-8")

    async def _digest(self, challenge: Challenge, request: ClientRequest) -> str:
        told = challenge.parameters
        name, realm, nonce = (
            self._account.username,
            told.get("realm", ""),
            told["nonce"],
        )
        hashed, qop = _HASHES[challenge.algorithm], challenge.qop
        self._count += 1
        count, cnonce = f"{self._count:08x}", secrets.token_hex(16)
        who = hashed(f"{name}:{realm}:{self._account.password}".encode())
        if told.get("algorithm", "").lower().endswith("-sess"):
            who = hashed(f"{who}:{nonce}:{cnonce}".encode())
        # Byte for byte what goes out.
        uri = request.url.raw_path_qs
        what = f"{request.method}:{uri}"
        if qop == "auth-int":
            body = request.body
            content = await body.as_bytes() if isinstance(body, Payload) else b""
            what = f"{what}:{hashed(content)}"
        what = hashed(what.encode())
        fields = {"username": name, "realm": realm, "nonce": nonce, "uri": uri}
        fields["algorithm"] = told.get("algorithm", "MD5")
        if qop:
            fields |= {"qop": qop, "nc": count, "cnonce": cnonce}
            words = f"{who}:{nonce}:{count}:{cnonce}:{qop}:{what}"
        else:
            words = f"{who}:{nonce}:{what}"
        fields["response"] = hashed(words.encode())
        if opaque := told.get("opaque"):
            fields["opaque"] = opaque
        return "Digest " + ", ".join(
            f'{key}="{_escaped(value)}"' if key in self._quoted else f"{key}={value}"
            for key, value in fields.items()
        )


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"")

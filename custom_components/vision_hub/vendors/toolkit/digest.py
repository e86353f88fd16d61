"""Digest authentication, as far as hubs need more of it than aiohttp does by itself."""

from collections.abc import Mapping

from aiohttp import DigestAuthMiddleware
from aiohttp.client_middleware_digest_auth import parse_header_pairs
from aiohttp.hdrs import WWW_AUTHENTICATE

from ..errors import AuthenticationFailed
from .connection import Account, Answer


def digest_of[T: DigestAuthMiddleware](kind: type[T], account: Account) -> T:
    """Make what answers challenges; raises AuthenticationFailed."""
    try:
        return kind(account.username, account.password)
    except ValueError as error:
        raise AuthenticationFailed("No user has such a name") from error


def challenge_of(answer: Answer) -> Mapping[str, str] | None:
    """Return what a hub asks of us; None when that is no digest."""
    scheme, _, challenge = answer.headers.get(WWW_AUTHENTICATE, "").partition(" ")
    return parse_header_pairs(challenge) if scheme.lower() == "digest" else None


def is_stale(challenge: Mapping[str, str]) -> bool:
    """Tell whether our answer was right, but its nonce too old."""
    return challenge.get("stale", "").lower() == "true"

"""Addresses that hubs tell: where they report, and where cameras stream."""

from enum import IntEnum
from ipaddress import ip_address
import re
from typing import Final
from urllib.parse import quote

from yarl import URL

from ..errors import InvalidAddress
from ..network_address import divided, host_and_port

_PUSH_PATH: Final = "/api/vision_hub/push/"

_ABSOLUTE: Final = re.compile(
    r"\s*https?://[^/?#\\]*(.*?)\s*", re.IGNORECASE | re.DOTALL
)
_STREAM: Final = re.compile(r"(rtsps?|rtmps?|https?)://(.*)", re.IGNORECASE | re.DOTALL)
_ESCAPE: Final = re.compile(r"(%[0-9A-Fa-f]{2})")
_DELIMITERS: Final = "!$&'()*+,;="
_IN_PATH: Final = f"{_DELIMITERS}/?#[]@:"


def is_ours(theirs: str, address: str) -> bool:
    """Recognise our address, also when only the part before our secret changed."""
    theirs, address = theirs.rstrip("/"), address.rstrip("/")
    if not theirs or not address:
        return False
    token = address.partition(_PUSH_PATH)[2]
    return theirs == address or (
        bool(token) and theirs.partition(_PUSH_PATH)[2] == token
    )


def is_inside(url: URL) -> bool:
    """Tell whether an address means something in one's own network only."""
    host = url.host or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal"))


def owner_of(url: str) -> str:
    """Name who holds a place, without what may be secret in the address."""
    try:
        return str(URL(url).origin())
    except ValueError:
        return url.partition("/")[0].rpartition("@")[2][:64]


def path_in(address: str) -> str | None:
    """Return path and query of an address as they are; None for a relative one.

    Files of a hub are asked for where we know it: one with two network ports tells its
    other address, and a message may tell any.
    """
    match = _ABSOLUTE.fullmatch(address)
    return match[1] if match else None


def stream_address(address: str, username: str = "", password: str = "") -> str | None:
    """Return the address of a stream as players understand it; None if it is none.

    Hubs write the password of a camera as it is, whatever signs are in it. `username`
    and `password` stand in where there is no login.
    """
    match = _STREAM.fullmatch(address.strip().strip("\0\ufeff").strip())
    if match is None:
        return None
    login, place, path = _taken_apart(match[2])
    try:
        host, port = host_and_port(place)
    except InvalidAddress:
        return None
    if login.strip(":"):
        user, colon, secret = login.partition(":")
        login = f"{_escaped(user)}{colon}{_escaped(secret)}@"
    elif username:
        secret = (
            f":{quote(password, _DELIMITERS, errors='replace')}" if password else ""
        )
        login = f"{quote(username, _DELIMITERS, errors='replace')}{secret}@"
    else:
        login = ""
    if ":" in host:
        host = f"[{host.replace('%', '%25')}]"
    end = "" if port is None else f":{port}"
    path = _escaped(path, _IN_PATH)
    return f"{match[1].lower()}://{login}{host}{end}{path}"


def _escaped(part: str, safe: str = _DELIMITERS) -> str:
    """Escape a part of an address, unless that was done already."""
    return "".join(
        piece if _ESCAPE.fullmatch(piece) else quote(piece, safe, errors="replace")
        for piece in _ESCAPE.split(part)
    )


class _Place(IntEnum):
    """How certain it is that something is the place in an address."""

    NONE = 0
    WORD = 1
    NAME = 2
    IP = 3

    @classmethod
    def of(cls, text: str) -> _Place:
        try:
            host, _ = host_and_port(text)
        except InvalidAddress:
            return cls.NONE
        try:
            ip_address(host)
        except ValueError:
            return cls.NAME if "." in host or host == "localhost" else cls.WORD
        return cls.IP


def _taken_apart(address: str) -> tuple[str, str, str]:
    """Tell login, place and path of an address without its scheme.

    The login ends at the last @ before the path. That begins at the first of / ? #,
    unless they stand in a password: then what lies before is no place, or a mere word
    where behind a later @ there is an IP address or a name with dots.
    """
    authority, path = divided(address)
    login, _, place = authority.rpartition("@")
    best, found = _Place.of(place), (login, place, path)
    if best > _Place.WORD:
        return found
    for at in (match.start() for match in re.finditer("@", path)):
        before = f"{authority}{path[:at]}"
        later, rest = divided(path[at + 1 :])
        # Some servers pass on streams whose whole address is a path of theirs.
        if best is _Place.WORD and ("://" in before or ":" not in before):
            continue
        if (place_there := _Place.of(later)) > best:
            best, found = place_there, (before, later, rest)
    return found

"""Network addresses as people type them and hubs write them."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
import re
from typing import Final, Self
import unicodedata

from yarl import URL

from .errors import (
    AddressWithLogin,
    AddressWithPath,
    InvalidHost,
    InvalidPort,
    InvalidScheme,
)

_LONGEST_NAME: Final = 253
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_NUMBERS: Final = re.compile(r"(?:.*\.)?[0-9]+\.?")
_END: Final = re.compile(r"[/?#]")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_PORT: Final = re.compile(r"[0-9]{1,5}")
# What a browser shows of the page where a box was looked up.
_PAGE: Final = re.compile(
    r"/?(?:[\w-]+\.(?:s?html?|aspx?|php|jsp|cgi)(?:\?.*)?)?", re.IGNORECASE
)

HTTP_PORTS: Final = {False: 80, True: 443}
"""Where HTTP is without and with TLS, unless somebody says otherwise."""


def plain(text: str) -> str:
    """Return what was meant by a text with full-width or invisible characters."""
    shown = (c for c in text if unicodedata.category(c) not in {"Cc", "Cf"})
    # Chinese keyboards write the full stop for a dot.
    return unicodedata.normalize("NFKC", "".join(shown)).replace("。", ".").strip()


def divided(address: str) -> tuple[str, str]:
    """Tell the place from the path, the query and the fragment that follow it."""
    match = _END.search(address)
    end = match.start() if match else len(address)
    return address[:end], address[end:]


def host_and_port(place: str) -> tuple[str, int | None]:
    """Take the place in an address apart; the port is None where it says none.

    Names come in lower case and in ASCII, IPv6 without brackets.
    Raises InvalidHost, InvalidPort.
    """
    place = plain(place)
    if place.startswith("["):
        host, bracket, port = place[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            raise InvalidHost
        return _ipv6(host), _port(port.removeprefix(":"))
    if place.count(":") > 1:
        return _ipv6(place), None
    host, _, port = place.partition(":")
    return _ipv4_or_name(host.strip()), _port(port.strip())


def _port(text: str) -> int | None:
    if not text:
        return None
    if not _PORT.fullmatch(text) or not 0 < int(text) < 65_536:
        raise InvalidPort
    return int(text)


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text.replace("%25", "%")))
    except ValueError as error:
        raise InvalidHost from error


def _ipv4_or_name(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        pass
    if any(
        unicodedata.category(sign)[0] in "PSZ" for sign in _BEYOND_ASCII.findall(text)
    ):
        raise InvalidHost
    try:
        url = URL.build(scheme="http", host=text)
        # What is no punycode fails when it is read.
        name = (url.host and url.raw_host) or ""
    except ValueError as error:
        raise InvalidHost from error
    if (
        len(name) > _LONGEST_NAME
        or not _NAME.fullmatch(name)
        # Numbers with too few, too many or too large parts.
        or _NUMBERS.fullmatch(name)
    ):
        raise InvalidHost
    return name


@dataclass(frozen=True, slots=True)
class NetworkAddress:
    """A place where HTTP is spoken, as far as it was told."""

    host: str
    port: int | None = None
    ssl: bool | None = None
    """None where no scheme told."""
    path: str = ""
    """What follows, with a query."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what somebody typed: a host, a host and a port, or a whole address."""
        text = plain(text)
        scheme, separator, rest = text.partition("://")
        ssl = None
        if separator:
            ssl = {"http": False, "https": True}.get(scheme.lower())
            if ssl is None:
                raise InvalidScheme
        else:
            rest = text.removeprefix("//")
        # What follows a # never leaves a browser.
        place, path = divided(rest.partition("#")[0])
        if "@" in place:
            raise AddressWithLogin
        host, port = host_and_port(place)
        return cls(host, port, ssl, path)

    def without_path(self) -> Self:
        """Return itself; raises AddressWithPath where the hub were not at the root."""
        if not _PAGE.fullmatch(self.path):
            raise AddressWithPath
        return type(self)(self.host, self.port, self.ssl)

    def origin(self, *, ssl: bool = False) -> URL:
        """Return where it is; `ssl` stands in for a scheme, the port follows it."""
        secure = ssl if self.ssl is None else self.ssl
        return URL.build(
            scheme="https" if secure else "http",
            host=self.host,
            port=self.port or HTTP_PORTS[secure],
        )

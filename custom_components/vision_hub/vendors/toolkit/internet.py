"""Requests to hosts of the internet that somebody else named, never to our own network."""

from ipaddress import IPv6Address, IPv6Network, ip_address
import socket
from typing import Final

from aiohttp import AddrInfoType, ClientConnectorError, ClientSession, TCPConnector
from aiohttp.resolver import ThreadedResolver

# There networks without IPv4 put the addresses of IPv4.
_NAT64: Final = IPv6Network("64:ff9b::/96")


class _NotPublic(OSError):
    """What a name led to is no address of the internet."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet, also of its IPv4 within."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:
            return is_public(str(ip_address(int(ip) & 0xFFFF_FFFF)))
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _public_socket(info: AddrInfoType) -> socket.socket:
    """Open a socket for the very address that is about to be called.

    A name may lead elsewhere whenever it is asked for.
    """
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise _NotPublic("This is no address of the internet")
    return socket.socket(family, kind, protocol)


def internet_session() -> ClientSession:
    """Return a session that verifies certificates and calls the internet only."""
    connector = TCPConnector(resolver=ThreadedResolver(), socket_factory=_public_socket)
    return ClientSession(connector=connector)


def left_the_internet(error: BaseException | None) -> bool:
    """Tell whether a request of such a session was to go into our own network."""
    return isinstance(error, ClientConnectorError) and isinstance(
        error.os_error, _NotPublic
    )

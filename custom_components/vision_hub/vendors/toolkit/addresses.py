"""The addresses at which hubs report, ours and those of others."""

from ipaddress import ip_address
from typing import Final

from yarl import URL

_PUSH_PATH: Final = "/api/vision_hub/push/"


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

"""How hubs, their boxes and their channels are named in the device registry."""

import re
from typing import Final

from homeassistant.helpers.device_registry import ChildDeviceEntry, DeviceEntry

from .const import DOMAIN

_NO_NAME: Final = re.compile(
    r"[\W_]*|null|none|nil|unnamed|unknown|未命名", re.IGNORECASE
)
_DEFAULT: Final = re.compile(
    r"(?:(?:ip|network|video)?[ _-]?(?:camera|cam|channel|chn?|input)|ipc|ipcamera|d|no"
    r"|(?:网络)?摄像[机头]|(?:视频)?通道|监控点)?[ ._-]*\d*",
    re.IGNORECASE,
)
"""What boxes call each channel by themselves."""

type Identifier = tuple[str, str]
type AnyDevice = DeviceEntry | ChildDeviceEntry


def hub_identifier(hub: str) -> Identifier:
    """Return the identifier of a hub, by the unique id of its entry."""
    return (DOMAIN, hub)


def channel_identifier(hub: str, channel: str) -> Identifier:
    """Return the identifier of a channel."""
    return (DOMAIN, f"{hub}:{channel}")


def box_identifier(hub: str, box: str) -> Identifier:
    """Return the identifier of what stands between a hub and its channels."""
    return (DOMAIN, f"{hub}#{box}")


def own_name(hub: str, name: str, id_: str) -> str:
    """Return a name that tells a channel or a box from those of other hubs.

    Where nobody gave it one, hubs tell its number, its id or what each of them is called.
    """
    name = "".join(sign for sign in name if sign.isprintable()).strip()
    if _NO_NAME.fullmatch(name):
        name = id_
    return f"{hub} {name}" if name == id_ or _DEFAULT.fullmatch(name) else name


def channel_of(device: AnyDevice, hub: str | None) -> str | None:
    """Return which channel of a hub a device is; None when it is none."""
    return _part(device, f"{hub}:")


def box_of(device: AnyDevice, hub: str) -> str | None:
    """Return which box of a hub a device is; None when it is none."""
    return _part(device, f"{hub}#")


def _part(device: AnyDevice, prefix: str) -> str | None:
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and identifier.startswith(prefix):
            return identifier.removeprefix(prefix)
    return None

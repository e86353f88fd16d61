"""How hubs, their boxes and their channels are named in the device registry."""

from homeassistant.helpers.device_registry import ChildDeviceEntry, DeviceEntry

from .const import DOMAIN

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

    Where nobody gave it one, hubs tell its number or its id.
    """
    name = name.strip() or id_
    return f"{hub} {name}" if name == id_ or name.isdecimal() else name


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

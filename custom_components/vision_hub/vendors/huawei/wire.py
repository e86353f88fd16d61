"""Devices, channels, recordings and what else the cloud lists."""

from ..errors import InvalidRequest
from ..model import Json


def channel_key(device_id: str, channel_id: str) -> str:
    """Name a channel: `<device_id>_<channel_id>`."""
    return f"{device_id}_{channel_id}"


def ids_of(channel: str | None) -> dict[str, Json]:
    """Return `device_id` and `channel_id` of a channel, as parameters."""
    device, _, number = (channel or "").rpartition("_")
    if not device or not number:
        raise InvalidRequest("There is no such channel")
    return {"device_id": device, "channel_id": number}

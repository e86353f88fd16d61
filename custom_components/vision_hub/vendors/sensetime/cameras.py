"""Changing cameras: read, merge, write (4.2, 4.3)."""

from collections.abc import Mapping
from typing import Final

from ..errors import InvalidRequest, Unsupported
from ..model import Json
from ..toolkit.addresses import stream_address
from ..toolkit.lenient import as_int, as_text
from ..toolkit.replacing import demand_told, is_masked, untold_in
from .wire import Camera

_COMMON: Final = ("camera_name", "threshold", "lib_ids", "position", "description")
_VIDEO: Final = (*_COMMON, "snap_mode", "facesize_min", "facesize_max")
_ADDRESS: Final = ("ip", "port", "camera_pwd")

IMAGE: Final = "IMAGE"
"""The mode of snapshot cameras; they have no `protocol`."""

# What 4.3 takes, by kind of camera.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "rtsp": (*_VIDEO, "url", "camera_roi"),
    "onvif": (*_VIDEO, *_ADDRESS, "camera_user", "camera_roi"),
    "gb28181": (*_VIDEO, *_ADDRESS, "server_sip_id", "camera_sip_id"),
    IMAGE: (*_COMMON, *_ADDRESS, "camera_user", "vendor"),
    # The node does not tell; it may be one of the above.
    "": ("vendor",),
}
_NUMBERS: Final = frozenset(
    {"channel", "port", "threshold", "snap_mode", "facesize_min", "facesize_max"}
)
_VENDORS: Final = frozenset(
    {"hikvision", "sensedlc11", "sensedlct", "sensedlcd", "dahua", "sensedlcaa"}
)
_SMALLEST: Final = 60
_LARGEST: Final = 1000


def kind_of(mode: str, protocol: str) -> str:
    """Tell which of the four kinds a camera is."""
    return IMAGE if mode.upper() == IMAGE else protocol.lower()


def is_video(camera: Camera) -> bool:
    """Tell whether a camera streams, rather than sends pictures."""
    return camera.camera_mode.upper() != IMAGE


def stream_of(camera: Camera) -> str | None:
    """Return the address of a camera's video: only the first kind has one."""
    return stream_address(camera.url)


def merged(row: Mapping[str, Json], changes: Mapping[str, Json]) -> dict[str, Json]:
    """Return what 4.3 is to be sent, of a row of 4.1 and what shall change.

    `vendor` above all goes back: where it is missing the node assumes `dahua`. All else
    that is missing stays (4.3).
    """
    kind = kind_of(as_text(row.get("camera_mode")), as_text(row.get("protocol")))
    fields = _FIELDS.get(kind)
    if kind == IMAGE and "snap_mode" in changes:
        raise Unsupported("A snapshot camera has no capture strategy")
    if "vendor" in (fields or ()):
        demand_told(untold_in(row, ("vendor",), filled=("vendor",)), changes)
    # Of a kind that is not in the manual only what shall change goes out.
    message = {
        name: _typed(name, row[name])
        for name in fields or ()
        if row.get(name) is not None and not is_masked(row[name])
    }
    message |= {name: _typed(name, value) for name, value in changes.items()}
    message["channel"] = _typed("channel", row.get("channel"))
    check_camera(message)
    return message


def check_camera(message: Mapping[str, Json]) -> None:
    """Refuse what the node would silently change into something else."""
    vendor = as_text(message.get("vendor"))
    if vendor and vendor not in _VENDORS:
        raise InvalidRequest("The node knows no such vendor of cameras")
    smallest, largest = (
        as_int(message.get(name)) for name in ("facesize_min", "facesize_max")
    )
    if smallest is not None and not _SMALLEST <= smallest <= (largest or _LARGEST):
        raise InvalidRequest(
            "The smallest face is larger than the largest, or below 60"
        )
    if largest is not None and not (smallest or _SMALLEST) <= largest <= _LARGEST:
        raise InvalidRequest("The largest face is above 1000")


def _typed(name: str, value: Json) -> Json:
    """Write numbers as numbers and all else as text, as the tables want it."""
    if name in _NUMBERS:
        return value if (whole := as_int(value)) is None else whole
    return as_text(value) if isinstance(value, int | float) else value

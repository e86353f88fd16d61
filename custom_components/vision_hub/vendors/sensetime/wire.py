"""The messages as they are on the wire (chapters 2 to 10), read leniently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, override

from mashumaro import field_options

from ..model import Json
from ..toolkit.fields import Fields
from ..toolkit.lenient import (
    WireObject,
    as_int,
    as_text,
    decimal,
    many,
    number,
    secret,
    text,
)
from ..toolkit.replacing import untold_in
from ..toolkit.shapes import as_object, rows_in as _rows_in, value_in

PAGE_SIZE: Final = 50
"""The most that a query gives at once (3.5, 3.10, 3.13, 3.16, 3.22)."""


class ObjectLabel(IntEnum):
    """`obj_label` of a result (7.4, 9.2)."""

    FACE = 1
    BODY = 2


class LibraryType(IntEnum):
    """`lib_type` (3.2)."""

    BLACK = 1
    WHITE = 2


class MessageId(IntEnum):
    """`msg_id` of what the node sends by itself (7.3, 7.4, 9.2)."""

    HTTP_RESULT = 774
    HTTP_HEARTBEAT = 775
    SUBSCRIBE = 776
    WEBSOCKET_RESULT = 777


def _as_texts(value: object) -> dict[str, str]:
    return {name: as_text(item) for name, item in as_object(value).items()}


_TEXTS: Final = field_options(deserialize=_as_texts)


def rows_in(data: Json) -> list[Json]:
    """Find the rows of an answer: in `record`, or the answer is the list itself."""
    return _rows_in(data, "record")


def count_in(data: Json, key: str) -> int | None:
    """Read `result_num` or `total_num`."""
    return as_int(value_in(data, key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions(WireObject):
    """6.3."""

    device_id: str = text()
    serial_id: str = text()
    version: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemTime(WireObject):
    """6.6."""

    sys_time: str = text()
    time_format: str = text()
    time_zone: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(WireObject):
    """4.1, one row."""

    camera_mode: str = text()
    camera_name: str = text()
    channel: int | None = number()
    protocol: str = text()
    url: str = secret()
    lib_ids: str = text()
    threshold: int | None = number()
    snap_mode: int | None = number()
    facesize_min: int | None = number()
    facesize_max: int | None = number()
    status: int | None = number()
    vendor: str = text()
    product: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cameras(WireObject):
    """4.1."""

    camera: tuple[Camera, ...] = many(Camera)
    computing_power_capacity: int | None = number()
    used_computing_power: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceLibrary(WireObject):
    """3.1, one row."""

    lib_id: int | None = number()
    lib_name: str = text()
    lib_type: int | None = number()
    picture_no: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceRow(WireObject):
    """3.10, one row."""

    img_id: str = text()
    img_path: str = secret()
    person_idcard: str = secret()
    person_name: str = secret()
    person_gender: str = secret()
    person_addr: str = secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage(WireObject):
    """6.4."""

    cur_storage: float | None = decimal()
    max_storage: float | None = decimal()
    storage_strategy: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ntp(WireObject):
    """6.1."""

    ntp_cycle: str = text()
    ntp_disable: str = text()
    url: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ethernet(WireObject):
    """6.8, one row."""

    hw_addr: str = text()
    ip: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(WireObject):
    """6.8."""

    ethernet: tuple[Ethernet, ...] = many(Ethernet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding(WireObject):
    """10.1, one row."""

    id: int | None = number()
    camera_name: str = text()
    dev_ip: str = text()
    dev_name: str = text()
    dev_port: int | None = number()
    work_status: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushTarget(WireObject):
    """7.1."""

    url: str = secret()
    key: str = secret()
    untold: tuple[str, ...] = ()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        row = super().__pre_deserialize__(d)
        return Fields(row, untold=[*untold_in(row, ("url", "key"))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(WireObject):
    """5.1, one row of `topn`."""

    img_id: str = text()
    lib_id: int | None = number()
    lib_name: str = text()
    similarity: float | None = decimal()
    name: str = secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(WireObject):
    """What a node saw: 7.4, 9.2, and the rows of 3.13, 3.16 and 3.22."""

    device_id: str = text()
    camera_name: str = text()
    channel: int | None = number()
    threshold: float | None = decimal()
    img_id: str = text()
    img_path: str = secret()
    lib_id: int | None = number()
    lib_name: str = text()
    lib_type: int | None = number()
    person_name: str = secret()
    ranking: int | None = number()
    similarity: float | None = decimal()
    pos_top: float | None = decimal()
    pos_bottom: float | None = decimal()
    pos_left: float | None = decimal()
    pos_right: float | None = decimal()
    snap_id: str = text()
    snap_path: str = secret()
    snap_buf: str = secret()
    snap_frame: str = secret()
    img: str = secret()
    trigger: str = text()
    obj_label: int | None = number()
    obj_name: str = text()
    """A label in words, as the manual knows none."""
    quality: float | None = decimal()
    face_attr: dict[str, str] = field(default_factory=dict, repr=False, metadata=_TEXTS)
    body_attr: dict[str, str] = field(default_factory=dict, repr=False, metadata=_TEXTS)

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        """Take the crop also as `snap`, as a remark of 9.2 calls `snap_buf`."""
        told = super().__pre_deserialize__(d)
        label = told.get("obj_label")
        return Fields(
            told,
            snap_buf=told.get("snap_buf") or told.get("snap"),
            obj_name=label if as_int(label) is None else "",
        )


# Appendix A: what the codes mean, where the node adds no words of its own.
MEANINGS: Final[Mapping[int, str]] = {
    -1: "Unknown error",
    -105: "The data does not exist",
    -108: "There is no such user",
    -109: "There is no such camera",
    -110: "The library holds no face",
    -113: "Wrong user name or password",
    -114: "There is such a user already",
    -115: "A camera is on this channel already",
    -116: "The library holds this picture already",
    -117: "There is no such library",
    -118: "There can be no more libraries",
    -119: "There is such a library already",
    -122: "The library is full",
    -123: "Cameras still use the library",
    -126: "The library holds no such picture",
    -140: "The user may not do this",
    -141: "Not logged in",
    -142: "The password is too weak",
    -143: "There is no such role",
    -144: "There are too many users",
    -145: "Wrong user name or password",
    -146: "The role still has users",
    -147: "There is such a role already",
    -148: "There can be no more roles",
    -151: "Not enough computing power",
    -610: "The capture mode could not be changed",
    -1100: "The id of the picture is taken",
    -1101: "No face was found in the picture",
    -1102: "The picture is not good enough",
    -1104: "The format of the picture is wrong, or it is damaged",
    -2100: "There is nothing to export",
    -2617: "Not possible while HTTPS is on",
    -2754: "The id of the picture is too long",
    -2824: "Users cannot delete themselves",
    -3524: "Internal error",
    -3596: "A parameter is wrong",
    -3599: "There is no such operation",
    -3603: "The upgrade failed",
    -3606: "The network settings are wrong",
    -3607: "It is in this mode already",
    -3608: "The mode could not be changed",
    -3614: "The time server cannot be reached",
    -3616: "Not possible while HTTPS is on",
    -3617: "Not possible while HTTPS is on",
    -3619: "HTTP and HTTPS could not be changed over",
    -3620: "A snapshot camera has no capture strategy",
    -3624: "Internal error",
    -3625: "The certificate or the key is missing",
}

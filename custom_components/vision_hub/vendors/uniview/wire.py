"""The messages as they are on the wire (chapters 2 to 13).

The manual contradicts itself on types and spellings, so every field is read by what it
can mean: numbers may be text, a key may be missing or null, unknown keys are ignored.
Whoever needs a field checks that it is there. What we send is strict: see `strict`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar, override

from mashumaro import field_options

from ..model import Json
from ..toolkit import shapes
from ..toolkit.fields import Fields
from ..toolkit.lenient import (
    WireObject,
    as_int,
    as_text,
    many,
    number,
    numbers,
    object_of,
    secret,
    text,
    told_secret,
)
from ..toolkit.replacing import untold_in

_LIST_KEYS = ("list", "channel_list", "workcloth_lib_list", "workclothes_list")


def list_in(data: Json) -> list[Json]:
    """Find the rows of an answer; their key differs from operation to operation."""
    return find_list(data) or []


def find_list(data: Json) -> list[Json] | None:
    """Find the rows of an answer; None when it has no list at all."""
    return shapes.list_in(data, *_LIST_KEYS)


class Status(IntEnum):
    """`status` of a channel (4.6, 13.1)."""

    ONLINE = 1
    OFFLINE = 2


class Modeling(IntEnum):
    """`modeling_type` of a person (3.5)."""

    NOT_MODELLED = 1
    MODELLING = 2
    MODELLED = 3
    FAILED = 4


class Sex(IntEnum):
    """`sex` of a person (3.1)."""

    MALE = 1
    FEMALE = 2
    NOT_GIVEN = 99


class ObjectType(IntEnum):
    """`object_type` of pushes and searches (11.1, 13.1); tasks number otherwise (6.1)."""

    PERSON = 1
    MOTOR_VEHICLE = 2
    NON_MOTOR_VEHICLE = 3


class Matched(IntEnum):
    """`match_type` of a comparison (11.1 to 11.4)."""

    YES = 1
    NO = 2


class Mode(IntEnum):
    """`mode` of `channel_info` (13.1)."""

    INFORMATION = 0
    ADDED = 1
    MODIFIED = 2
    DELETED = 3
    STATE_CHANGED = 4


class Content(IntEnum):
    """`type` of a push (13.1)."""

    BEHAVIOUR = 1
    RECOVERY = 2
    FACE_CAPTURE = 3
    FACE_COMPARISON = 4
    BEHAVIOUR_COMPARISON = 5
    KEEP_ALIVE = 6
    CHANNEL_CHANGE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(WireObject):
    """9.2."""

    device_name: str = text()
    device_model: str = text()
    serial_number: str = text()
    firmware_version: str = text()
    release_time: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(WireObject):
    """4.6, one row."""

    channel_id: int | None = number()
    channel_name: str = text()
    serial_number: str = text()
    model: str = text()
    manufacturer: str = text()
    status: int | None = number()
    rtsp: str = secret()
    flv: str = secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartTask(WireObject):
    """S2, what we need of it."""

    algo_model: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonControl(WireObject):
    """S4: which faces are compared with whom."""

    person_lib_id: tuple[int, ...] = numbers()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartTasks(WireObject):
    """6.2."""

    smart_list: tuple[SmartTask, ...] = many(SmartTask)
    person_control_info: PersonControl | None = field(
        default=None, metadata=object_of(PersonControl)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLibrary(WireObject):
    """2.4, one row."""

    lib_id: int | None = number()
    lib_name: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow(WireObject):
    """3.5, one row."""

    person_id: int | None = number()
    person_name: str = secret()
    sex: int | None = number()
    email: str | None = told_secret()
    tel: str | None = told_secret()
    modeling_type: int | None = number()
    certificate_type: int | None = number()
    certificate_no: str | None = told_secret()
    image_path: str = secret()
    lib_id: int | None = number()
    birth_date: str | None = told_secret()

    optional: ClassVar[tuple[str, ...]] = (
        *("sex", "email", "tel", "certificate_type", "certificate_no", "birth_date"),
    )
    """What 3.4 writes beside the name."""
    untold: tuple[str, ...] = ()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        row = super().__pre_deserialize__(d)
        untold = untold_in(
            row,
            ("person_name", *cls.optional),
            filled=("person_name",),
            optional=cls.optional,
        )
        return Fields(row, untold=[*untold])


def _as_written(value: object) -> str:
    """Read a version, of which 2.0 as a number is not 2."""
    return str(value) if isinstance(value, float) else as_text(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(WireObject):
    """12.3, one row."""

    version_code: str = field(
        default="", metadata=field_options(deserialize=_as_written)
    )
    version_name: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform(WireObject):
    """S6, what we need of it."""

    enabled: int | None = number()
    url: str = secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(WireObject):
    """S8: a comparison as the searches tell it."""

    match_type: int | None = number()
    base_image_id: int | None = number()
    base_image_url: str = secret()
    name: str = secret()
    similarity: Json = None
    small_picture_url: str = secret()
    plate_no: str = secret()
    """In 11.1 `object_list` holds number plates instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(WireObject):
    """One row of any search (11.1 to 11.4)."""

    alarm_id: str = text()
    capture_time: int | None = number()
    channel_id: int | None = number()
    channel_name: str = text()
    algo_model: str = text()
    algo_name: str = text()
    big_picture_url: str = secret()
    small_picture_url: str = secret()
    video_url: str = secret()
    compare_list: tuple[Comparison, ...] = many(Comparison)
    object_list: tuple[Comparison, ...] = many(Comparison)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo(WireObject):
    """`device_info` of a push."""

    device_sn: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo(WireObject):
    """`channel_info` of a push."""

    mode: int | None = number()
    channel_id: int | None = number()
    channel_name: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured(WireObject):
    """`capture_info` of a push; also where a face stands."""

    point_x: Json = None
    point_y: Json = None
    object_type: int | None = number()
    plate_no: str = secret()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        """Accept the sample's spelling beside the table's, also when both are there."""
        told = super().__pre_deserialize__(d)
        return Fields(told, plate_no=told.get("plate_no") or told.get("PlateNo"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour(WireObject):
    """`behaviour` of a push."""

    algo_model: str = text()
    algo_name: str = text()
    """What newer firmware calls it, for people."""
    image_base64: str = secret()
    image_path: str = secret()
    capture_time: Json = None
    in_num: int | None = number()
    out_num: int | None = number()
    area_num: int | None = number()
    video_uuid: str = text()
    video_url: str = secret()
    capture_info: tuple[Captured, ...] = many(Captured)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face(WireObject):
    """`face` of a push."""

    capture_time: Json = None
    point_x: Json = None
    point_y: Json = None
    orig_image_path: str = secret()
    crop_image_path: str = secret()
    orig_image_base64: str = secret()
    crop_image_base64: str = secret()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(WireObject):
    """A row of `compare_results` of a push."""

    lib_id: int | None = number()
    lib_name: str = text()
    person_id: int | None = number()
    person_name: str = secret()
    image_path: str = secret()
    image_base64: str = secret()
    similarity: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push(WireObject):
    """13.1."""

    type: int | None = number()
    event_id: str = text()
    device_info: DeviceInfo | None = field(default=None, metadata=object_of(DeviceInfo))
    channel_info: ChannelInfo | None = field(
        default=None, metadata=object_of(ChannelInfo)
    )
    behaviour: Behaviour | None = field(default=None, metadata=object_of(Behaviour))
    face: Face | None = field(default=None, metadata=object_of(Face))
    compare_results: tuple[Compared, ...] = many(Compared)


def strict(row: Mapping[str, Json], integers: Iterable[str]) -> dict[str, Json]:
    """Write numbers that were read as text as the numbers that the manual demands."""
    wanted = frozenset(integers)
    return {
        key: value if key not in wanted or (whole := as_int(value)) is None else whole
        for key, value in row.items()
    }

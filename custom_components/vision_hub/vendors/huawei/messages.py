"""The messages that the cloud posts to us (10.1.4), read leniently.

Fields come and go with the algorithms of the cameras, and the printed samples disagree
with their tables on types, spellings and nesting. Whoever needs a field checks that it
is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from itertools import islice
from typing import Final, override

from ..contract import read_messages
from ..model import Json
from ..toolkit.fields import Fields
from ..toolkit.lenient import (
    WireObject,
    as_bool,
    as_int,
    as_number,
    as_text,
    many,
    number,
    object_of,
    secret,
    text,
)
from ..toolkit.shapes import as_object, objects_in

BEIJING: Final = timezone(timedelta(hours=8))
"""The zone of every time that names none."""

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_MAX_TARGETS: Final = 256


class Scene(IntEnum):
    """`itgt_type` and `target_type`: what intelligent data are about."""

    FACE_ATTRIBUTES = 1
    FACE_RECOGNITION = 2
    PEDESTRIAN = 6
    VEHICLE = 7
    CYCLE = 8
    CROWD_DENSITY = 12
    QUEUE = 13
    LINE_COUNT = 15
    FACE_FEATURES = 20
    BEHAVIOR = 21
    FACE_COOPERATION = 22
    CHECKPOINT = 51
    TRAFFIC = 52
    RIDER = 53


class DataMask(IntEnum):
    """Bits of `meta_type_mask`."""

    BOX = 1
    PICTURE = 2
    KEEP_ALIVE = 8
    ALARM = 16


_MESSAGE_TYPES: Final[Mapping[int, str]] = {
    Scene.FACE_ATTRIBUTES: "target_data",
    Scene.FACE_RECOGNITION: "target_data",
    Scene.FACE_FEATURES: "target_data",
    Scene.FACE_COOPERATION: "target_data",
    Scene.PEDESTRIAN: "vehicle_data",
    Scene.VEHICLE: "vehicle_data",
    Scene.CYCLE: "vehicle_data",
    Scene.RIDER: "vehicle_data",
    Scene.CROWD_DENSITY: "head_shoulder_data",
    Scene.QUEUE: "head_shoulder_data",
    Scene.LINE_COUNT: "head_shoulder_data",
    Scene.BEHAVIOR: "behavior_analysis_data",
    Scene.CHECKPOINT: "micro_checkpoint_data",
    Scene.TRAFFIC: "micro_checkpoint_data",
}


def iso_time(value: str) -> datetime | None:
    """Read `2023-02-10T17:37:30+08:00` or `2023-02-10 17:37:30`; None if absurd."""
    try:
        time = datetime.fromisoformat(value)
        if time.tzinfo is None:
            time = time.replace(tzinfo=BEIJING)
        return time.astimezone(UTC) if _EARLIEST <= time < _LATEST else None
    except ValueError, OverflowError:
        return None


def unix_milliseconds(value: Json) -> datetime | None:
    """Read milliseconds since 1970; None for those since the camera's start."""
    number = as_number(value)
    if number is None or not (
        _EARLIEST.timestamp() <= number / 1000 < _LATEST.timestamp()
    ):
        return None
    return datetime.fromtimestamp(number / 1000, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """P0: what every message is wrapped in."""

    id: str
    """Unique, or empty."""
    type: str
    test: bool
    """Only tries whether we answer, while a callback is being configured."""
    data: Mapping[str, Json] = field(repr=False)


def _spelt(kind: str) -> str:
    return "head_shoulder_data" if kind == "head_should_data" else kind


def opened(content: bytes) -> Envelope:
    """Take a message out of its envelope, or raise MalformedMessage.

    It has no type where it says nothing.
    """
    body = next(iter(read_messages(content, "message_type", "message_id")), {})
    data = as_object(body.get("data"))
    if not data and "device_id" in body:
        data = body
    number = body.get("message_id")
    test = as_bool(body.get("test")) is True and not data
    kind = as_text(body.get("message_type"))
    return Envelope(
        # More digits than fit are read as a fraction, which several messages share.
        id="" if isinstance(number, float) else as_text(number),
        type=_spelt(kind) if data else "",
        test=test,
        data=data,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTarget(WireObject):
    """P2, `target`: whose face it is."""

    target_id: str = text()
    name: str = secret()
    gender: str = text()
    age: int | None = number()
    age_group: str = text()
    similarity: int | None = number()
    target_alarm_type: str = text()
    group_id: int | None = number()
    targetgroup_name: str = text()
    appear_cnt: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAlarm(WireObject):
    """P2: an intelligent alarm."""

    device_id: str = text()
    device_name: str = text()
    channel_id: str = text()
    channel_name: str = text()
    classification: str = text()
    alarm_type: str = text()
    alarm_type_name: str = text()
    alarm_status: str = text()
    alarm_time: str = text()
    alarm_uuid: str = text()
    enter_count: int | None = number()
    leave_count: int | None = number()
    repeat_count: int | None = number()
    target: AlarmTarget | None = field(default=None, metadata=object_of(AlarmTarget))


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedFile(WireObject):
    """P3, `UpgradeStatusList`."""

    package_name: str = text()
    status: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoChannel(WireObject):
    """P3, one channel whose state changed."""

    channel_id: str = text()
    channel_name: str = text()
    channel_state: int | None = number()
    status_list: tuple[UpgradedFile, ...] = many(UpgradedFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus(WireObject):
    """P3: a device or channel that came, went or was upgraded."""

    method: str = text()
    device_id: str = text()
    device_name: str = text()
    time: str = text()
    overall_upgrade_status: str = text()
    offline_reason_type: str = text()
    video_channel: tuple[VideoChannel, ...] = many(VideoChannel)

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        """Lift `param`; one sample has fields of a channel there, or beside it."""
        told = super().__pre_deserialize__(d)
        flat = Fields({**told, **as_object(told.get("param"))})
        if not flat.get("video_channel") and "channel_state" in flat:
            flat["video_channel"] = [dict(flat)]
        return flat


@dataclass(frozen=True, slots=True, kw_only=True)
class UnboundDevice(WireObject):
    """P4, one device."""

    device_id: str = text()
    channel_id: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUnbind(WireObject):
    """P4: a device or a package is gone."""

    message_type: str = text()
    devices: tuple[UnboundDevice, ...] = many(UnboundDevice)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlvData:
    """S8: intelligent data, flat or nested, brought into one form."""

    device_id: str
    channel_id: str
    report_time: datetime | None
    data_id: str
    outer: Mapping[str, Json] = field(repr=False)
    """What the cloud says of the target, where it says so beside it."""
    common: Mapping[str, Json] = field(repr=False)
    rule_type: int | None
    targets: tuple[Mapping[str, Json], ...] = field(repr=False)

    @classmethod
    def of(cls, data: Mapping[str, Json]) -> TlvData:
        """Read `data` of an envelope."""
        inner = as_object(data.get("data"))
        # The end of a printed page moved them one level up (trap 4).
        targets = inner.get("targets") or data.get("targets") or data.get("target")
        rule = as_object(inner.get("rule")) or as_object(data.get("rule"))
        rules = (rule.get("rule_type"), inner.get("rule_type"), data.get("rule_type"))
        return cls(
            device_id=as_text(data.get("device_id")),
            channel_id=as_text(data.get("channel_id")),
            report_time=iso_time(as_text(data.get("report_time"))),
            data_id=as_text(data.get("data_id")),
            outer=data,
            common=as_object(inner.get("common")) or as_object(data.get("common")),
            rule_type=next(
                (code for rule in rules if (code := as_int(rule)) is not None), None
            ),
            targets=tuple(islice(objects_in(targets), _MAX_TARGETS)),
        )

    def scene_of(self, target: Mapping[str, Json]) -> int | None:
        """Tell what a target is about."""
        places = (
            self.outer.get("itgt_type"),
            target.get("target_type"),
            self.common.get("target_type"),
        )
        codes = (as_int(place) for place in places)
        return next((code for code in codes if code is not None), None)

    @property
    def scene(self) -> int | None:
        """What the first target is about."""
        return self.scene_of(self.targets[0] if self.targets else {})

    @property
    def is_keep_alive(self) -> bool:
        """Nothing was seen: the camera only tells that it works."""
        return as_int(self.common.get("meta_type_mask")) == DataMask.KEEP_ALIVE


def tlv_type(envelope: Envelope, data: TlvData) -> str:
    """Tell which of the six kinds of intelligent data it is (P2 to P7).

    One chapter calls vehicles `target_data`: the scene knows better.
    """
    return _MESSAGE_TYPES.get(data.scene or 0, envelope.type)

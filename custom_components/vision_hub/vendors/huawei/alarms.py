"""What the cloud tells of alarms, of devices that come and go, and what it calls them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..kind_words import kind_by_words, kind_of
from ..kinds import AlarmKind
from ..model import (
    Alarm,
    Attribute,
    Counts,
    Json,
    LibraryKind,
    Match,
    Phase,
    Picture,
    PictureRole,
    Target,
)
from ..toolkit.alarm_values import as_percent, content_hash
from ..toolkit.matches import kind_by_name, kind_of_match
from ..toolkit.shapes import as_object
from .codes import ALARM_FACE, attributes_of
from .messages import AlarmTarget, DeviceAlarm, DeviceStatus, Envelope, iso_time
from .wire import channel_key

ALARM_TYPES: Final[Mapping[str, AlarmKind]] = {
    "motion_detection": AlarmKind.MOTION,
    "human_detection": AlarmKind.PERSON_DETECTED,
    "abandon_alarm": AlarmKind.OBJECT_LEFT,
    "removed_alarm": AlarmKind.OBJECT_REMOVED,
    "lift_electric_alarm": AlarmKind.E_BIKE,
    "electric_bicycle_alarm": AlarmKind.E_BIKE,
    "illegal_parking_alarm": AlarmKind.ILLEGAL_PARKING,
    "fire_detect_alarm": AlarmKind.FIRE,
    "io_event": AlarmKind.INPUT_TRIGGERED,
    "disk_failure": AlarmKind.STORAGE_FAILED,
    "device_offline": AlarmKind.CHANNEL_OFFLINE,
    "target_alarm": AlarmKind.FACE_CAPTURED,
    "target_high_frequency_alarm": AlarmKind.FACE_FREQUENT,
    "mask_alarm": AlarmKind.NO_MASK,
    "people_queue_alarm": AlarmKind.QUEUE,
    "people_count_region_alarm": AlarmKind.CROWD,
    "people_count_line_alarm": AlarmKind.PEOPLE_COUNTED,
    "people_leave_station_alarm": AlarmKind.OFF_DUTY,
    "over_line_alarm": AlarmKind.LINE_CROSSED,
    "region_invasion_alarm": AlarmKind.INTRUSION,
    "region_in_alarm": AlarmKind.REGION_ENTERED,
    "region_out_alarm": AlarmKind.REGION_LEFT,
    # Named "left object" among the perimeter alarms (10-15), "covered" in 11.8.
    "occlusion_alarm": AlarmKind.TAMPERED,
    "fast_move_alarm": AlarmKind.FAST_MOVING,
    "linger_alarm": AlarmKind.LOITERING,
    "beh_parking_detection": AlarmKind.ILLEGAL_PARKING,
    "thirdparty_intelligent": AlarmKind.THIRD_PARTY,
    # Only in the list of 11.8.
    "face_alarm": AlarmKind.FACE_CAPTURED,
}
"""`alarm_type` of an alarm (10-15)."""

RECORD_TYPES: Final[Mapping[int, AlarmKind]] = {
    0: AlarmKind.MOTION,
    1: AlarmKind.TAMPERED,
    2: AlarmKind.FACE_CAPTURED,
    3: AlarmKind.FACE_CAPTURED,
    4: AlarmKind.FACE_RECOGNIZED,
    5: AlarmKind.INTRUSION,
    6: AlarmKind.PEOPLE_COUNTED,
    # Somebody disturbs the camera.
    7: AlarmKind.TAMPERED,
    8: AlarmKind.TAMPERED,
    # A port of the network went up or down.
    9: AlarmKind.CHANNEL_OFFLINE,
    10: AlarmKind.LINE_CROSSED,
    11: AlarmKind.INTRUSION,
    12: AlarmKind.LOITERING,
    13: AlarmKind.OBJECT_LEFT,
    14: AlarmKind.OBJECT_REMOVED,
    15: AlarmKind.TAMPERED,
    16: AlarmKind.OBJECT_LEFT,
    17: AlarmKind.NOISE,
    18: AlarmKind.NOISE,
    19: AlarmKind.NOISE,
    20: AlarmKind.REGION_ENTERED,
    21: AlarmKind.REGION_LEFT,
    22: AlarmKind.FAST_MOVING,
    23: AlarmKind.TAMPERED,
    24: AlarmKind.MOTION,
    25: AlarmKind.PICTURE_FAULT,
    26: AlarmKind.GATHERING,
    27: AlarmKind.PICTURE_FAULT,
    28: AlarmKind.PICTURE_FAULT,
    29: AlarmKind.PICTURE_FAULT,
    30: AlarmKind.PICTURE_FAULT,
    31: AlarmKind.PICTURE_FAULT,
    32: AlarmKind.PICTURE_FAULT,
    33: AlarmKind.ILLEGAL_PARKING,
    34: AlarmKind.VEHICLE_DETECTED,
    35: AlarmKind.PEOPLE_COUNTED,
    36: AlarmKind.VEHICLE_DETECTED,
    37: AlarmKind.TRAFFIC_VIOLATION,
    38: AlarmKind.VEHICLE_DETECTED,
    39: AlarmKind.CROWD,
    40: AlarmKind.QUEUE,
    41: AlarmKind.ILLEGAL_PARKING,
    42: AlarmKind.TRAFFIC_JAM,
    43: AlarmKind.PERSON_DETECTED,
    44: AlarmKind.ILLEGAL_PARKING,
    45: AlarmKind.TRAFFIC_VIOLATION,
    46: AlarmKind.TRAFFIC_VIOLATION,
    47: AlarmKind.TRAFFIC_VIOLATION,
    48: AlarmKind.TRAFFIC_VIOLATION,
    49: AlarmKind.TRAFFIC_VIOLATION,
    50: AlarmKind.TRAFFIC_JAM,
    51: AlarmKind.TRAFFIC_VIOLATION,
    52: AlarmKind.VEHICLE_BLACKLISTED,
    53: AlarmKind.PLATE_RECOGNIZED,
    54: AlarmKind.TRAFFIC_VIOLATION,
    55: AlarmKind.FIGHT,
    56: AlarmKind.CLIMBING,
    57: AlarmKind.FALL,
    58: AlarmKind.FAST_MOVING,
    59: AlarmKind.FIRE,
    60: AlarmKind.OVERHEATED,
}
"""`trecord_type` of intelligent data (20-3)."""

RULE_TYPES: Final[Mapping[int, AlarmKind]] = {
    0: AlarmKind.LINE_CROSSED,
    1: AlarmKind.LOITERING,
    2: AlarmKind.OBJECT_LEFT,
    3: AlarmKind.OBJECT_REMOVED,
    4: AlarmKind.INTRUSION,
    5: AlarmKind.REGION_ENTERED,
    6: AlarmKind.REGION_LEFT,
    7: AlarmKind.FAST_MOVING,
    8: AlarmKind.VEHICLE_DETECTED,
    9: AlarmKind.PEOPLE_COUNTED,
    10: AlarmKind.CROWD,
    11: AlarmKind.QUEUE,
    12: AlarmKind.ILLEGAL_PARKING,
    # Rules that help a camera to aim or to write: what is left is that it saw something.
    13: AlarmKind.MOTION,
    14: AlarmKind.MOTION,
    15: AlarmKind.FIGHT,
    16: AlarmKind.CLIMBING,
    17: AlarmKind.FALL,
    18: AlarmKind.FAST_MOVING,
    19: AlarmKind.FIRE,
    20: AlarmKind.MOTION,
    21: AlarmKind.MOTION,
    22: AlarmKind.E_BIKE,
    23: AlarmKind.OFF_DUTY,
}
"""`rule_type` of intelligent data (20-4)."""

OBJECT_STATES: Final[Mapping[int, AlarmKind]] = {
    1: AlarmKind.LOITERING,
    2: AlarmKind.LINE_CROSSED,
    4: AlarmKind.OBJECT_LEFT,
    8: AlarmKind.OBJECT_REMOVED,
    16: AlarmKind.INTRUSION,
    32: AlarmKind.REGION_ENTERED,
    64: AlarmKind.REGION_LEFT,
    # The dome camera turns towards what a radar found.
    128: AlarmKind.MOTION,
    256: AlarmKind.E_BIKE,
}
"""The bits of `obj_status` (P6)."""

_PERIMETER: Final = "PERIMETER"
_WITHOUT_PICTURE: Final = frozenset({"io_event", "disk_failure", "device_offline"})
_UNKNOWN_TARGET: Final = frozenset({"", "-1"})

MAX_TEXT: Final = 256

type ChannelsOf = Callable[[str], Collection[str]]
"""Which channels a device is known to have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one message says."""

    alarms: tuple[Alarm, ...] = ()
    changed: bool = False
    """Devices or channels are not what they were."""
    traffic: tuple[Traffic, ...] = ()
    queues: Mapping[str, int] = field(default_factory=dict)
    """How many people wait, by channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a checkpoint counted on one lane."""

    channel: str
    lane: int
    vehicles: int | None = None
    speed: int | None = None


def digest(*parts: str) -> str:
    """Name something by what it is."""
    return content_hash("\0".join(parts).encode())


def channel_id_of(device_id: str, channel_id: str) -> str | None:
    """Name a channel as `HubStatus` does; None when a message does not tell it."""
    return channel_key(device_id, channel_id) if device_id and channel_id else None


def truncated(text: str) -> str | None:
    """Cut a text that may be absurd; None when it is empty."""
    return text[:MAX_TEXT] or None


def read_alarm(envelope: Envelope, now: datetime) -> Alarm:
    """Understand P2."""
    told = DeviceAlarm.from_dict(dict(envelope.data))
    code = told.alarm_type[:MAX_TEXT]
    face = told.target
    ended = told.alarm_status == "stop"
    name = told.alarm_uuid or envelope.id
    if not name or len(name) > MAX_TEXT:
        name = digest(
            envelope.id, name, told.device_id, told.channel_id, code, told.alarm_time
        )
    counts = Counts(entered=told.enter_count, left=told.leave_count)
    return Alarm(
        id=f"{name}:ended" if ended else name,
        channel=channel_id_of(told.device_id, told.channel_id),
        channel_name=truncated(told.channel_name or told.device_name),
        kind=_kind(told),
        code=code or told.classification[:MAX_TEXT] or envelope.type,
        time=iso_time(told.alarm_time) or now,
        phase=Phase.ENDED if ended else Phase.STARTED,
        matches=(_match(told.device_id, face),) if face and _is_known(face) else (),
        targets=_targets(told, as_object(envelope.data.get("target"))),
        counts=None if counts == Counts() else counts,
        task=truncated(told.alarm_type_name),
        pictures=_pictures(told) if told.alarm_uuid and not ended else (),
    )


def _kind(told: DeviceAlarm) -> AlarmKind:
    code, face = told.alarm_type, told.target
    if code == "occlusion_alarm" and told.classification == _PERIMETER:
        return AlarmKind.OBJECT_LEFT
    kind = kind_of(ALARM_TYPES, code, told.alarm_type_name, told.classification)
    if kind is AlarmKind.THIRD_PARTY:
        # Whose algorithm it is says less than what it saw.
        named = kind_by_words(told.alarm_type_name)
        return kind if named is AlarmKind.OTHER else named
    if kind is not AlarmKind.FACE_CAPTURED or face is None:
        return kind
    names = (face.targetgroup_name, face.target_alarm_type)
    own, listed = map(kind_by_name, names)
    if LibraryKind.BLOCKED not in {own, listed} and (
        not _is_known(face) or AlarmKind.FACE_STRANGER in map(kind_by_words, names)
    ):
        return AlarmKind.FACE_STRANGER
    return kind_of_match(own, listed, "target_alarm_type")


def _is_known(face: AlarmTarget) -> bool:
    return face.target_id not in _UNKNOWN_TARGET


def _match(device_id: str, face: AlarmTarget) -> Match:
    group = face.group_id
    return Match(
        person_id=face.target_id[:MAX_TEXT],
        name=face.name[:MAX_TEXT],
        # As the library is named in `HuaweiPeople`.
        library_id=None if group is None else f"{device_id}_{group}",
        library=truncated(face.targetgroup_name or face.target_alarm_type),
        similarity=as_percent(face.similarity),
    )


def _targets(told: DeviceAlarm, face: Mapping[str, Json]) -> tuple[Target, ...]:
    if told.repeat_count is not None:
        return (Target(type="person", attributes={"repeated": told.repeat_count}),)
    if told.target is None:
        return ()
    return (Target(type="face", attributes=attributes_of(ALARM_FACE, face)),)


def _pictures(told: DeviceAlarm) -> tuple[Picture, ...]:
    """Point to pictures: their addresses are asked for when they are fetched."""
    if told.alarm_type in _WITHOUT_PICTURE:
        return ()
    pictures = [Picture(PictureRole.SCENE, None, f"{SCENE_OF}{told.alarm_uuid}")]
    if told.target and _is_known(told.target):
        reference = f"{LIBRARY_OF}{told.alarm_uuid}"
        pictures.append(Picture(PictureRole.LIBRARY, None, reference))
    return tuple(pictures)


SCENE_OF: Final = "alarm:"
"""Begins the reference of an alarm's picture; its `alarm_uuid` follows (10.2.2)."""
LIBRARY_OF: Final = "alarm-library:"
"""Begins the reference of the enrolled picture of who was recognised."""


def read_status(
    envelope: Envelope, channels_of: ChannelsOf, now: datetime
) -> tuple[Alarm, ...]:
    """Understand P3: an alarm for each channel that came or went, or was upgraded."""
    told = DeviceStatus.from_dict(dict(envelope.data))
    time = iso_time(told.time) or now
    name = envelope.id or digest(told.method, told.device_id, told.time)
    alarms: list[Alarm] = []

    def add(
        channel: str | None,
        shown: str,
        kind: AlarmKind,
        phase: Phase = Phase.STARTED,
        attributes: Mapping[str, Attribute] | None = None,
    ) -> None:
        alarms.append(
            Alarm(
                id=f"{name}:{channel or told.device_id}",
                channel=channel,
                channel_name=truncated(shown),
                kind=kind,
                code=told.method[:MAX_TEXT],
                time=time,
                phase=phase,
                targets=(Target(attributes=attributes),) if attributes else (),
            )
        )

    match told.method:
        case "login" | "logout":
            online = told.method == "login"
            rows = {row.channel_id: row for row in told.video_channel if row.channel_id}
            reason = told.offline_reason_type[:MAX_TEXT].casefold()
            channels = {channel_key(told.device_id, row): rows[row] for row in rows}
            known = frozenset(channels_of(told.device_id))
            if not online or not rows:
                # A camera without recorder has this one (6.1).
                known = known or frozenset({channel_key(told.device_id, "0")})
            else:
                known = frozenset()
            for channel in sorted(known | channels.keys()):
                row = channels.get(channel)
                came = online and (row is None or row.channel_state != 0)
                add(
                    channel,
                    row.channel_name if row else "",
                    AlarmKind.CHANNEL_OFFLINE,
                    Phase.ENDED if came else Phase.STARTED,
                    {"reason": reason} if reason and not online else None,
                )
        case "channel_state_notice":
            for row in told.video_channel:
                if row.channel_id and row.channel_state in {0, 1}:
                    add(
                        channel_key(told.device_id, row.channel_id),
                        row.channel_name,
                        AlarmKind.CHANNEL_OFFLINE,
                        Phase.ENDED if row.channel_state else Phase.STARTED,
                    )
        case "upgrade_result":
            results: dict[str, Attribute] = {
                file.package_name[:MAX_TEXT] or "package": file.status[:MAX_TEXT]
                for row in told.video_channel
                for file in row.status_list
            }
            if told.overall_upgrade_status:
                results["status"] = told.overall_upgrade_status[:MAX_TEXT]
            add(None, told.device_name, AlarmKind.HUB_UPGRADED, attributes=results)
    return tuple(alarms)

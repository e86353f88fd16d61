"""Pushes (13.1) and records (11.1 to 11.4) as alarms, and what their codes mean (14.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson

from ..contract import ForeignMessage, read_messages
from ..kind_words import kind_of
from ..kinds import AlarmGroup, AlarmKind
from ..model import (
    Alarm,
    Box,
    Counts,
    Json,
    Match,
    Phase,
    Picture,
    PictureRole,
    Source,
    Target,
    serial_key,
)
from ..toolkit.alarm_values import as_percent, content_hash
from ..toolkit.lenient import as_number, as_text
from ..toolkit.pictures import decoded
from ..toolkit.shapes import as_rows
from .wire import (
    Behaviour,
    Captured,
    Compared,
    Comparison,
    Content,
    Face,
    Matched,
    Mode,
    ObjectType,
    Push,
    Record,
)

FACE: Final = "ObjectIsRecognized"
"""The code of everything that is about a face."""

KINDS: Final[Mapping[str, AlarmKind]] = {
    "SafetyHelmetAlarm": AlarmKind.NO_HELMET,
    "WorkClothesAlarm": AlarmKind.NO_WORKWEAR,
    "TelephoningAlarm": AlarmKind.PHONE_CALL,
    "SmokingAlarm": AlarmKind.SMOKING,
    "SleepingDetectionAlarm": AlarmKind.ASLEEP,
    "OffDutyDetectionAlarm": AlarmKind.OFF_DUTY,
    "ChannelBlockageDetection": AlarmKind.EXIT_BLOCKED,
    "ObjectRemoved": AlarmKind.OBJECT_REMOVED,
    "FieldDetectorObjectsInside": AlarmKind.INTRUSION,
    "AccessElevatorAlarm": AlarmKind.E_BIKE,
    "NoMaskAlarm": AlarmKind.NO_MASK,
    "FallOverAlarm": AlarmKind.FALL,
    "CrowdDensityCriticalAlarm": AlarmKind.CROWD,
    "ReflectiveClothesDetectionAlarm": AlarmKind.NO_VEST,
    "AbnormalParkingDetection": AlarmKind.ILLEGAL_PARKING,
    "FumesAlarmBegin": AlarmKind.SMOKE,
    "PlayMobilePhoneDetection": AlarmKind.PHONE_USE,
    "FireDetection": AlarmKind.FIRE,
    "LongStayDetection": AlarmKind.LOITERING,
    "FightDetectionAlarm": AlarmKind.FIGHT,
    "LineDetectorCrossed": AlarmKind.LINE_CROSSED,
    "EnterArea": AlarmKind.REGION_ENTERED,
    "LeaveArea": AlarmKind.REGION_LEFT,
    "AreaPeopleCounting": AlarmKind.PEOPLE_COUNTED,
    "LinePeopleCounting": AlarmKind.PEOPLE_COUNTED,
    FACE: AlarmKind.FACE_CAPTURED,
    "NonMotorAbnormalParkingDetection": AlarmKind.ILLEGAL_CYCLE_PARKING,
    "KnifeStickDetection": AlarmKind.WEAPON,
    "ClimbingDetectionAlarm": AlarmKind.CLIMBING,
    "PeopleGathering": AlarmKind.GATHERING,
    "FastMoving": AlarmKind.FAST_MOVING,
    "ChefHatAlarm": AlarmKind.NO_CHEF_HAT,
    "ChefClothesDetection": AlarmKind.NO_CHEF_CLOTHES,
    "UncoveredTrashCanDetection": AlarmKind.BIN_UNCOVERED,
    "ShirtlessDetection": AlarmKind.SHIRTLESS,
    "MouseDetect": AlarmKind.RODENT,
    "DisorderStackingDetection": AlarmKind.CLUTTER,
    "BareSoilCoverDetection": AlarmKind.SOIL_UNCOVERED,
    "UnwashedVehicleDetection": AlarmKind.VEHICLE_UNWASHED,
    "SafetyHarnessDetection": AlarmKind.NO_HARNESS,
    # 多人作业, "work of several", by its name; a rule about the number of people.
    "StayAloneDetection": AlarmKind.STAFFING,
    "ExposedGarbageDetection": AlarmKind.GARBAGE_EXPOSED,
    "OutsideTheStoreBusinessDetection": AlarmKind.TRADING_OUTSIDE,
    "PackedGarbageDetection": AlarmKind.GARBAGE_PACKED,
    "SharedBicylesRandomParkingDetection": AlarmKind.SHARED_BIKE_PARKING,
    "FloatingObjOnRiverDetection": AlarmKind.RIVER_DEBRIS,
    "WasteTruckDetection": AlarmKind.WASTE_TRUCK,
    "TrashOverflowingDetection": AlarmKind.BIN_OVERFLOWING,
    # 路口焚烧: "file" is a slip for "fire".
    "SetFileOnTheRoadDetection": AlarmKind.OPEN_BURNING,
    "DirtyRoadDetection": AlarmKind.ROAD_DIRTY,
    "SurfaceWaterDetection": AlarmKind.ROAD_FLOODED,
    "DogDetection": AlarmKind.DOG,
    "IllegalUseOfAnUmbrellaDetection": AlarmKind.ILLEGAL_UMBRELLA,
    "IllegalBillboardsDetection": AlarmKind.ILLEGAL_BILLBOARD,
    "DryingOnTheStreetDetection": AlarmKind.LAUNDRY_OUTSIDE,
    "StreetVendorDetection": AlarmKind.STREET_VENDOR,
    "RoadsideStallBusinessDetection": AlarmKind.ROADSIDE_STALL,
    # Only in the samples of 6.3 to 6.5: the other names of the two people counters.
    "LineRuleData": AlarmKind.PEOPLE_COUNTED,
    "AreaRuleData": AlarmKind.PEOPLE_COUNTED,
}

_MAX_TEXT: Final = 256
_MAX_ITEMS: Final = 64
_SCALE: Final = 10_000

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_FIRST_MILLISECONDS: Final = 1e11

_KEYS: Final = ("type", "behaviour", "face", "channel_info", "device_info")
"""A message has some of them (13.1)."""

_TYPES: Final[Mapping[int | None, str]] = {
    ObjectType.PERSON: "person",
    ObjectType.MOTOR_VEHICLE: "vehicle",
    ObjectType.NON_MOTOR_VEHICLE: "cycle",
}

# Told apart from a behaviour alarm, whose id is the hub's own word: nothing says that
# the hub does not give one event number to the alarm, its comparison and its recovery.
_SUFFIX: Final[Mapping[Content, str]] = {
    Content.BEHAVIOUR: "",
    Content.RECOVERY: ":ended",
    Content.FACE_CAPTURE: ":face",
    Content.FACE_COMPARISON: ":face_comparison",
    Content.BEHAVIOUR_COMPARISON: ":comparison",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one push says."""

    alarm: Alarm | None = None
    changed: bool = False
    modified: int | None = None
    """The channel that is new or no longer set up as it was."""
    unknown: type | None = None
    """The type of its kind, which is none that we know."""


def codes_of(kinds: Iterable[AlarmKind], known: Iterable[str]) -> list[str]:
    """Tell which `algo_model`s stand for some kinds, of the manual's and the known."""
    wanted = frozenset(kinds)
    codes = dict.fromkeys((*KINDS, *known))
    return [code for code in codes if kind_of(KINDS, code) in wanted]


def read_pushes(content: bytes, serial: str, now: datetime) -> list[Message]:
    """Understand a JSON push, or raise MalformedMessage.

    One odd field never loses an alarm. Decodes pictures, so big bodies take a while.
    """
    return [
        _read_push(message, serial, now) for message in read_messages(content, *_KEYS)
    ]


def _read_push(message: dict[str, Json], serial: str, now: datetime) -> Message:
    push = Push.from_dict(message)
    content = content_of(push)
    sender = push.device_info.device_sn if push.device_info else ""
    # What tells nothing may be of anybody.
    nothing = content in {None, Content.KEEP_ALIVE}
    if serial_key(sender) != serial_key(serial) and (sender or not nothing):
        raise ForeignMessage("The message comes from another device")
    match content:
        case None:
            return Message(unknown=type(message.get("type")))
        case Content.KEEP_ALIVE:
            return Message()
        case Content.CHANNEL_CHANGE:
            info = push.channel_info
            known = info is None or info.mode in {Mode.DELETED, Mode.STATE_CHANGED}
            return Message(
                changed=True, modified=None if known or not info else info.channel_id
            )
        case kind:
            return Message(alarm=_alarm(kind, push, message, now))


def content_of(push: Push) -> Content | None:
    """Tell what a push is about, by its type or else by what it holds."""
    if push.type in frozenset(Content):
        return Content(push.type)
    if push.behaviour:
        return Content.BEHAVIOUR
    if push.face:
        return Content.FACE_COMPARISON if push.compare_results else Content.FACE_CAPTURE
    return None


def _alarm(
    content: Content, push: Push, message: dict[str, Json], now: datetime
) -> Alarm:
    behaviour, face = push.behaviour or Behaviour(), push.face or Face()
    about_face = content in {Content.FACE_CAPTURE, Content.FACE_COMPARISON}
    code = (behaviour.algo_model or behaviour.algo_name)[:_MAX_TEXT]
    if not code:
        code = FACE if about_face else f"type_{content}"
    matches = tuple(
        _match(row)
        for row in push.compare_results[:_MAX_ITEMS]
        if row.person_id is not None or row.person_name
    )
    kind = kind_of(KINDS, code, behaviour.algo_name)
    if about_face:
        kind = _face_kind(content is Content.FACE_COMPARISON, matches)
    elif kind is AlarmKind.FACE_CAPTURED:
        kind = _face_kind(bool(matches), matches)
    info = push.channel_info
    channel = as_text(info.channel_id) if info else ""
    times = [unix_time(face.capture_time), unix_time(behaviour.capture_time)]
    time = next(filter(None, times if about_face else times[::-1]), None)
    # A number that is always nought says as little as none.
    event = push.event_id if push.event_id.strip("0") else ""
    if time:
        # The box may count from one again after a restart.
        event = f"{event or f'{channel}/{code}'}@{time.timestamp():.0f}"
    elif not event:
        # Only the message itself tells a repeat from another alarm.
        event = f"{channel}/{code}/{content_hash(orjson.dumps(message))}"
    return Alarm(
        id=_id(content, event),
        channel=channel or None,
        channel_name=(info.channel_name[:_MAX_TEXT] or None) if info else None,
        kind=kind,
        code=code,
        time=time or now,
        phase=Phase.ENDED if content is Content.RECOVERY else Phase.STARTED,
        matches=matches,
        targets=_targets(behaviour, face),
        counts=_counts(kind, behaviour),
        pictures=_pictures(behaviour, face, push.compare_results),
        clip=behaviour.video_uuid[:_MAX_TEXT] or behaviour.video_url or None,
    )


def _id(content: Content, event: str) -> str:
    if len(event) > _MAX_TEXT // 2:
        event = content_hash(event.encode())
    return event + _SUFFIX[content]


def unix_time(value: Json) -> datetime | None:
    """Read a time in seconds or milliseconds; None when it cannot be one."""
    seconds = as_number(value)
    if seconds is None:
        return None
    if seconds >= _FIRST_MILLISECONDS:
        seconds /= 1000
    if not _EARLIEST.timestamp() <= seconds < _LATEST.timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def percent(value: Json) -> float | None:
    """Read a similarity: percent by chapter 11; 13.1 does not say, so maybe a fraction."""
    number = as_number(value)
    if number is None:
        return None
    if 0 < number <= 1 and (isinstance(value, float) or "." in as_text(value)):
        number *= 100
    return as_percent(number)


def _face_kind(compared: bool, matches: tuple[Match, ...]) -> AlarmKind:
    if not compared:
        return AlarmKind.FACE_CAPTURED
    return AlarmKind.FACE_RECOGNIZED if matches else AlarmKind.FACE_STRANGER


def _match(row: Compared) -> Match:
    return Match(
        person_id=as_text(row.person_id),
        name=row.person_name[:_MAX_TEXT],
        library_id=as_text(row.lib_id) or None,
        library=row.lib_name[:_MAX_TEXT] or None,
        similarity=percent(row.similarity),
    )


def _counts(kind: AlarmKind, behaviour: Behaviour) -> Counts | None:
    counts = Counts(
        entered=behaviour.in_num, left=behaviour.out_num, inside=behaviour.area_num
    )
    told = (counts.entered, counts.left, counts.inside)
    # Zeros are news from a counter only.
    if any(told) or (kind.traits.group is AlarmGroup.CROWD and told != (None,) * 3):
        return counts
    return None


def _targets(behaviour: Behaviour, face: Face) -> tuple[Target, ...]:
    targets = [
        Target(
            type=_TYPES.get(row.object_type) or ("vehicle" if row.plate_no else None),
            box=_box(row.point_x, row.point_y),
            plate=row.plate_no[:_MAX_TEXT] or None,
        )
        for row in behaviour.capture_info[:_MAX_ITEMS]
        if row != Captured()
    ]
    if box := _box(face.point_x, face.point_y):
        targets.append(Target(type="face", box=box))
    return tuple(targets)


def _box(point_x: Json, point_y: Json) -> Box | None:
    x, y = _span(point_x), _span(point_y)
    return Box(x[0], y[0], x[1], y[1]) if x and y else None


def _span(value: Json) -> tuple[float, float] | None:
    """Read `"x0,x1"` on the scale of 0 to 10000 as fractions."""
    parts: list[Json] = []
    if isinstance(value, str):
        parts.extend(value.split(",", maxsplit=_MAX_ITEMS))
    else:
        parts.extend(as_rows(value))
    points = [
        min(max(point / _SCALE, 0.0), 1.0)
        for part in parts
        if (point := as_number(part)) is not None
    ]
    if len(points) < 2 or min(points) == max(points):
        return None
    return min(points), max(points)


def _pictures(
    behaviour: Behaviour, face: Face, results: Iterable[Compared]
) -> tuple[Picture, ...]:
    shown = [
        picture(PictureRole.SCENE, behaviour.image_path, behaviour.image_base64)
        or picture(PictureRole.SCENE, face.orig_image_path, face.orig_image_base64),
        picture(PictureRole.TARGET, face.crop_image_path, face.crop_image_base64),
        *(
            picture(PictureRole.LIBRARY, row.image_path, row.image_base64)
            for row in tuple(results)[:_MAX_ITEMS]
        ),
    ]
    return tuple(item for item in shown if item)


def picture(role: PictureRole, reference: str, encoded: str = "") -> Picture | None:
    """Make a picture of what can be used of it; None when that is nothing."""
    data = decoded(encoded)
    if data is None and not reference:
        return None
    return Picture(role, data, reference or None)


def read_record(search: str, row: Record, *, about_face: bool) -> Alarm | None:
    """Make an alarm of a row that a search found; None when it has no time."""
    time = unix_time(row.capture_time)
    if time is None:
        return None
    found = (*row.compare_list, *row.object_list)
    compared = [item for item in found if item.match_type or item.name]
    matched = [item for item in compared if item.match_type != Matched.NO]
    matches = tuple(_found(item) for item in matched)
    code = (row.algo_model or row.algo_name)[:_MAX_TEXT] or (FACE if about_face else "")
    kind = kind_of(KINDS, code, row.algo_name)
    if about_face or kind is AlarmKind.FACE_CAPTURED:
        kind = _face_kind(bool(compared), matches)
    crop = row.small_picture_url or next(
        (item.small_picture_url for item in found if item.small_picture_url), ""
    )
    shown = [
        picture(PictureRole.SCENE, row.big_picture_url),
        picture(PictureRole.TARGET, crop),
        *(picture(PictureRole.LIBRARY, item.base_image_url) for item in matched),
    ]
    number = row.alarm_id or f"{row.channel_id}/{code}/{time.timestamp():.0f}"
    return Alarm(
        id=f"{search}:{number}",
        source=Source.HISTORY,
        channel=as_text(row.channel_id) or None,
        channel_name=row.channel_name or None,
        kind=kind,
        code=code,
        time=time,
        matches=matches,
        targets=tuple(
            Target(type="vehicle", plate=item.plate_no)
            for item in row.object_list
            if item.plate_no
        ),
        pictures=tuple(item for item in shown if item),
        clip=row.video_url or None,
    )


def _found(row: Comparison) -> Match:
    return Match(
        person_id=as_text(row.base_image_id),
        name=row.name[:_MAX_TEXT],
        similarity=percent(row.similarity),
    )

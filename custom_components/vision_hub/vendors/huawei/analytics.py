"""The six kinds of intelligent data (10.1.4.5) as alarms, counts and readings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..kinds import AlarmKind
from ..model import (
    Alarm,
    Box,
    Counts,
    Json,
    LibraryKind,
    Match,
    Picture,
    PictureRole,
    Target,
)
from ..toolkit.alarm_values import as_percent
from ..toolkit.lenient import as_int, as_number, as_text
from ..toolkit.matches import kind_by_name, kind_of_match
from ..toolkit.pictures import decoded
from ..toolkit.shapes import as_object
from .alarms import (
    MAX_TEXT,
    OBJECT_STATES,
    RECORD_TYPES,
    RULE_TYPES,
    Message,
    Traffic,
    channel_id_of,
    digest,
    truncated,
)
from .codes import (
    BODY,
    CABIN,
    CYCLE,
    FACE,
    OBJECT_TYPES,
    VEHICLE,
    attributes_of,
    named_vehicle,
)
from .messages import DataMask, Envelope, Scene, TlvData, tlv_type, unix_milliseconds

type Fields = Mapping[str, Json]

_SCALE: Final = 10_000
_MAX_BLOB: Final = 16_384
_TRUSTED_FOR: Final = timedelta(minutes=1)

_NO_PLATE: Final = frozenset({"", "无", "无牌", "无车牌", "未知", "未识别", "unknown"})

# These say more than that a vehicle passed.
_OFFENCES: Final = frozenset({33, 37, 41, 42, *range(44, 52), 52, 54})

_LISTS: Final[Mapping[int | None, LibraryKind]] = {
    1: LibraryKind.BLOCKED,
    2: LibraryKind.ALLOWED,
}
"""`target_lib_type`."""

_PICTURES: Final[Mapping[str, tuple[tuple[PictureRole, tuple[str, ...], str], ...]]] = {
    "TARGET": (
        (PictureRole.SCENE, ("panorama_url", "target_panorama"), "BACKGROUND"),
        (PictureRole.TARGET, ("target_url", "target_pic"), "TARGET"),
        (PictureRole.TARGET, ("target_all_pic_url", "human_pic"), "BODY"),
    ),
    "VEHICLE": (
        (PictureRole.SCENE, ("panorama_url", "panorama_pic"), "BACKGROUND"),
        (PictureRole.TARGET, ("vehicle_url", "vehicle_pic"), "VEHICLE"),
        (PictureRole.TARGET, ("target_all_pic_url", "human_pic"), "BODY"),
        (PictureRole.TARGET, ("plate_pic",), "PLATE"),
    ),
    # For these no operation gives a new address (10.2.1).
    "": (
        (PictureRole.SCENE, ("panorama_pic",), ""),
        (PictureRole.TARGET, ("vehicle_pic",), ""),
        (PictureRole.TARGET, ("plate_pic",), ""),
    ),
}
"""Where pictures stand, and how 10.2.1 calls them, by `data_classification`."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One message of intelligent data."""

    envelope: Envelope
    data: TlvData
    channel: str
    now: datetime

    def name(self, target: Fields, *, suffix: str = "") -> str:
        """Name an alarm alike whenever it is told."""
        name = as_text(target.get("data_id")) or self.data.data_id or self.envelope.id
        if not name or len(name) > MAX_TEXT:
            name = digest(self.channel, self.envelope.type, name, str(self.data))
        return name + suffix

    def time(self, target: Fields) -> datetime:
        """Take the moment of the picture, unless the camera's clock is wrong."""
        report = self.data.report_time or self.now
        for key in ("target_pic_time", "pic_snapshot_timems", "obj_appear_timems"):
            taken = unix_milliseconds(target.get(key))
            if taken and abs(taken - report) <= _TRUSTED_FOR:
                return taken
        return report


def read_intelligence(envelope: Envelope, now: datetime) -> Message | None:
    """Understand P2 to P7; None when it is something else."""
    data = TlvData.of(envelope.data)
    read = _READERS.get(tlv_type(envelope, data))
    if read is None:
        return None
    channel = channel_id_of(data.device_id, data.channel_id)
    if channel is None or data.is_keep_alive:
        return Message()
    return read(_Seen(envelope, data, channel, now))


def _faces(seen: _Seen) -> Message:
    """`target_data`: the outer fields are what the cloud made of the inner ones."""
    outer = seen.data.outer
    inner = seen.data.targets[0] if seen.data.targets else {}
    scene = seen.data.scene
    kind, hit = _face_kind(scene, inner)
    face = Target(
        type="face",
        box=_box(outer.get("target_pos")) or _box(inner.get("target_pic_position")),
        attributes=attributes_of(FACE, outer, inner),
    )
    body = _box(outer.get("human_pos"))
    library = as_text(inner.get("target_match"))
    pictures = _pictures("TARGET", seen.data.data_id, outer, inner)
    if hit and (enrolled := _enrolled(library)):
        pictures = (*pictures, enrolled)
    return Message(
        alarms=(
            Alarm(
                id=seen.name({}),
                channel=seen.channel,
                kind=kind,
                code=f"itgt_type_{scene}",
                time=seen.time(inner),
                matches=(_match(inner),) if hit else (),
                # The box of a body is one of its crop at times (trap 25).
                targets=(face, Target(type="person", box=body))
                if _holds(body, face.box)
                else (face,),
                pictures=pictures,
            ),
        )
    )


def _face_kind(scene: int | None, told: Fields) -> tuple[AlarmKind, bool]:
    """Tell what a comparison found, and whether it found somebody."""
    library, matched = (
        as_int(told.get("target_lib_type")),
        as_int(told.get("match_type")),
    )
    hit = matched == 1 or (
        matched is None
        and (library in _LISTS or bool(as_int(told.get("target_lib_recordid"))))
    )
    if hit:
        own = kind_by_name(as_text(told.get("target_lib_name")))
        listed = _LISTS.get(library)
        return kind_of_match(own, listed, "target_lib_type"), True
    compared = matched == 0 or library is not None
    if scene == Scene.FACE_RECOGNITION and compared:
        return AlarmKind.FACE_STRANGER, False
    return AlarmKind.FACE_CAPTURED, False


def _match(told: Fields) -> Match:
    return Match(
        person_id=as_text(told.get("target_lib_recordid"))[:MAX_TEXT],
        # Only the list of the device knows it.
        name="",
        library=truncated(as_text(told.get("target_lib_name"))),
        similarity=as_percent(told.get("target_matchrate")),
    )


def _enrolled(text: str) -> Picture | None:
    if text.startswith(("http://", "https://")):
        return Picture(PictureRole.LIBRARY, None, text)
    data = decoded(text)
    return Picture(PictureRole.LIBRARY, data) if data else None


def _vehicles(seen: _Seen) -> Message:
    """`vehicle_data`."""
    outer = seen.data.outer
    inner = seen.data.targets[0] if seen.data.targets else {}
    scene = seen.data.scene
    plate = plate_of(inner) or plate_of(outer)
    box = _box(outer.get("vehicle_pos")) or _box(inner.get("vehicle_pos"))
    body = _box(outer.get("human_pos")) or _box(inner.get("human_rect_position"))
    person = Target(
        type="person", box=body, attributes=attributes_of(BODY, outer, inner)
    )
    targets: list[Target] = []
    if scene == Scene.PEDESTRIAN:
        kind = AlarmKind.PERSON_DETECTED
    elif scene in {Scene.CYCLE, Scene.RIDER}:
        kind = AlarmKind.CYCLE_DETECTED
        cycle = attributes_of(CYCLE, outer, inner)
        targets.append(Target(type="cycle", box=box, plate=plate, attributes=cycle))
    else:
        kind = _vehicle_kind(inner, plate)
        targets.append(_vehicle(box, plate, outer, inner))
    if scene == Scene.PEDESTRIAN or body or person.attributes:
        targets.append(person)
    return Message(
        alarms=(
            Alarm(
                id=seen.name({}),
                channel=seen.channel,
                kind=kind,
                code=_vehicle_code(f"itgt_type_{scene}", inner),
                time=seen.time(inner),
                targets=tuple(targets),
                pictures=_pictures("VEHICLE", seen.data.data_id, outer, inner),
            ),
        )
    )


def plate_of(told: Fields) -> str | None:
    """Return the number plate; None where the camera read none."""
    plate = as_text(told.get("plate_char"))[:MAX_TEXT]
    return None if plate.casefold() in _NO_PLATE else plate


def _record_type(told: Fields) -> int | None:
    # Misprinted once.
    return as_int(told.get("trecord_type", told.get("trecored_type")))


def _vehicle_kind(told: Fields, plate: str | None) -> AlarmKind:
    record = _record_type(told)
    if record in _OFFENCES and record is not None:
        return RECORD_TYPES[record]
    return AlarmKind.PLATE_RECOGNIZED if plate else AlarmKind.VEHICLE_DETECTED


def _vehicle_code(scene: str, told: Fields) -> str:
    record = _record_type(told)
    return f"trecord_type_{record}" if record in _OFFENCES else scene


def _vehicle(box: Box | None, plate: str | None, *places: Fields) -> Target:
    attributes = named_vehicle(attributes_of(VEHICLE, *places), places[-1])
    attributes |= attributes_of(CABIN, places[-1])
    return Target(type="vehicle", box=box, plate=plate, attributes=attributes)


def _heads(seen: _Seen) -> Message:
    """`head_shoulder_data`: how many people there are, wait, or crossed a line."""
    alarms: list[Alarm] = []
    queues: dict[str, int] = {}
    for target in seen.data.targets:
        scene = seen.data.scene_of(target)
        if scene == Scene.QUEUE:
            if (waiting := _count(target, "shoulder_num")) is not None:
                # Several areas of one camera are one queue.
                queues[seen.channel] = queues.get(seen.channel, 0) + waiting
            continue
        counts = Counts(
            entered=_count(target, "human_count_all_in_num"),
            left=_count(target, "human_count_all_out_num"),
            inside=_count(target, "people_num"),
        )
        if counts == Counts():
            continue
        alarms.append(
            Alarm(
                id=seen.name({}, suffix=f":{len(alarms)}" if alarms else ""),
                channel=seen.channel,
                kind=AlarmKind.PEOPLE_COUNTED,
                code=f"target_type_{scene}",
                time=seen.time(target),
                counts=counts,
            )
        )
    return Message(alarms=tuple(alarms), queues=queues)


def _count(told: Fields, key: str) -> int | None:
    number = as_int(told.get(key))
    return number if number is not None and 0 <= number < 1 << 31 else None


def _behaviour(seen: _Seen) -> Message:
    """`behavior_analysis_data`: one entry has the picture, the others the objects."""
    mask = as_int(seen.data.common.get("meta_type_mask"))
    live = as_int(seen.data.common.get("target_time_domain_info")) == 0
    if live and mask == DataMask.BOX:
        # Boxes to be drawn over live video.
        return Message()
    objects = [
        row for row in seen.data.targets if "obj_status" in row or "obj_id" in row
    ]
    shown = {
        picture: None
        for row in seen.data.targets
        for picture in _pictures("", "", row, {})
    }
    states: dict[int, list[Fields]] = {}
    for row in objects:
        status = as_int(row.get("obj_status")) or 0
        for bit in (bit for bit in OBJECT_STATES if status & bit):
            states.setdefault(bit, []).append(row)
    first = next(iter(objects or seen.data.targets), {})
    if not states:
        # Some behaviours have no bit, such as fast movement.
        rule = seen.data.rule_type
        code = f"rule_type_{rule}" if rule is not None else "target_type_21"
        kind = RULE_TYPES.get(-1 if rule is None else rule, AlarmKind.OTHER)
        found = [("", kind, code, objects)]
    else:
        found = [
            (f":{bit}", OBJECT_STATES[bit], f"obj_status_{bit}", rows)
            for bit, rows in states.items()
        ]
    return Message(
        alarms=tuple(
            Alarm(
                id=seen.name({}, suffix=suffix),
                channel=seen.channel,
                kind=kind,
                code=code,
                time=seen.time(first),
                targets=tuple(
                    Target(
                        type=OBJECT_TYPES.get(as_int(row.get("obj_type"))),
                        box=_box(row.get("obj_pos_r")),
                    )
                    for row in rows
                ),
                pictures=tuple(shown),
            )
            for suffix, kind, code, rows in found
        )
    )


def _checkpoint(seen: _Seen) -> Message:
    """`micro_checkpoint_data`: vehicles with their drivers, or how many passed."""
    alarms: list[Alarm] = []
    traffic: list[Traffic] = []
    for target in seen.data.targets:
        scene = seen.data.scene_of(target)
        if scene == Scene.TRAFFIC or as_int(target.get("microport_traffic_statistics")):
            traffic.append(
                Traffic(
                    channel=seen.channel,
                    lane=as_int(target.get("statistics_lane_index")) or 0,
                    vehicles=_count(target, "statistics_vehicle_count"),
                    speed=_count(target, "statistics_average_speed"),
                )
            )
            continue
        plate = plate_of(target)
        alarms.append(
            Alarm(
                id=seen.name(target, suffix=f":{len(alarms)}" if alarms else ""),
                channel=seen.channel,
                kind=_vehicle_kind(target, plate),
                code=_vehicle_code(f"target_type_{scene}", target),
                time=seen.time(target),
                targets=(_vehicle(_box(target.get("vehicle_pos")), plate, target),),
                pictures=_pictures("", "", target, {}),
            )
        )
    return Message(alarms=tuple(alarms), traffic=tuple(traffic))


def _third_party(seen: _Seen) -> Message:
    """`third_data`: only who made the algorithm knows what is in it."""
    blob = as_text(seen.data.outer.get("tlv_data"))
    kept = {"tlv_data": blob} if 0 < len(blob) <= _MAX_BLOB else {}
    return Message(
        alarms=(
            Alarm(
                id=seen.name({}),
                channel=seen.channel,
                kind=AlarmKind.THIRD_PARTY,
                code="third_data",
                time=seen.time({}),
                targets=(Target(attributes=kept),) if kept else (),
            ),
        )
    )


_READERS: Final = {
    "target_data": _faces,
    "vehicle_data": _vehicles,
    "head_shoulder_data": _heads,
    "behavior_analysis_data": _behaviour,
    "micro_checkpoint_data": _checkpoint,
    "third_data": _third_party,
}


def _box(value: Json) -> Box | None:
    """Read ten-thousandths of the scene: `x_cor`, `y_cor` outside, `x`, `y` inside."""
    rect = as_object(value)
    left = as_number(rect.get("x_cor", rect.get("x")))
    top = as_number(rect.get("y_cor", rect.get("y")))
    width, height = as_number(rect.get("width")), as_number(rect.get("height"))
    if left is None or top is None or not width or not height:
        return None
    sides = (left, top, left + width, top + height)
    x0, y0, x1, y1 = (min(max(side / _SCALE, 0.0), 1.0) for side in sides)
    return Box(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _holds(outer: Box | None, inner: Box | None) -> bool:
    if outer is None:
        return False
    return inner is None or (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )


def _pictures(
    classification: str, data_id: str, *places: Fields
) -> tuple[Picture, ...]:
    """Point to pictures, each once: at its address, and at how to get a new one."""
    return tuple(
        Picture(role, None, _reference(address, classification, kind, data_id))
        for role, keys, kind in _PICTURES[classification]
        if (address := _address(keys, places))
    )


def _address(keys: Iterable[str], places: Iterable[Fields]) -> str:
    for place in places:
        for key in keys:
            address = as_text(place.get(key))
            if address.startswith(("http://", "https://")) and len(address) <= 2048:
                return address
    return ""


def _reference(address: str, classification: str, kind: str, data_id: str) -> str:
    if not classification or not data_id or not data_id.isalnum():
        return address
    return f"{address.partition('#')[0]}#{classification}/{kind}/{data_id}"

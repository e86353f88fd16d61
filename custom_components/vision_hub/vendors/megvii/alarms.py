"""What the box saw, pushed in any way or found later, as alarms.

Which reports of one track are one alarm: a box reports a face again and again - when a
better picture was caught, every minute while somebody stays, when the track ended, as
the best picture of a stranger - and again what it could not deliver. What counts is
what was caught and what it means: reports that share the code below, the channel, the
track and the time of the catch are one alarm, however often, however late and over
whichever transport they come. A catch at another time is a new alarm: the face was
seen, and perhaps compared, again. That a track ended changes neither its last catch nor
the alarm; that the face of a catch is nobody's (`bestStranger`) is news.

`alert`, `stranger` and `spoof` are the codes of comparisons, `objType` is that of what
was merely captured, `alertor_type` that of alert mode.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..kind_words import kind_of
from ..kinds import AlarmKind
from ..model import (
    Alarm,
    Attribute,
    Json,
    LibraryKind,
    Match,
    PictureRole,
    Source,
    Target,
)
from ..toolkit.alarm_values import as_percent
from ..toolkit.lenient import as_bool, as_int, as_text
from ..toolkit.matches import kind_by_name, kind_of_match
from ..toolkit.shapes import as_object, as_rows, objects_in
from .attributes import DOOR, TYPES, FaceSet, attributes_of, plate_of, score, type_of
from .events import AREAS, EVENTS, PASSAGES, channel_of_stream, kind_of_event
from .message_fields import (
    MAX_TEXT,
    alarm_id,
    box_of,
    corners_of,
    first_of,
    picture_reference,
    pictures_of,
    raw_time,
    sides_of,
    split_pictures,
    time_of,
    unix_time,
)
from .messages import Message

_MAX_EVENTS: Final = 64
_EVENT: Final = ("alertor_type", "alertor_id", "area_id", "target")
_MAX_GROUPS: Final = 20

ALERT: Final = "alert"
STRANGER: Final = "stranger"
SPOOF: Final = "spoof"

CAPTURES: Final[Mapping[str, AlarmKind]] = {
    "face": AlarmKind.FACE_CAPTURED,
    "human": AlarmKind.PERSON_DETECTED,
    "vehicle": AlarmKind.VEHICLE_DETECTED,
    "cycle": AlarmKind.CYCLE_DETECTED,
    "plate": AlarmKind.PLATE_RECOGNIZED,
}
"""By `objType` (S9)."""

_RANKS: Final = tuple(f"top{rank}" for rank in range(1, 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What must be known of a box to understand what it tells."""

    blacklist: bool = True
    """Whoever is recognised is on a watch list: the work mode is BlackNameListMode."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """The number of a channel by its name, for records that tell only that."""
    looks_for: Mapping[str, frozenset[AlarmKind]] = field(default_factory=dict)
    """What each channel is armed for."""
    counts_from_zero: bool = False
    """Alert mode numbers channels from 0: its `stream_id` 0 was seen."""


def counts_from_zero(message: Message) -> bool:
    """Whether a message proves that alert mode numbers channels from 0."""
    return _is_event(message.fields) and as_int(message.fields.get("stream_id")) == 0


def read_message(
    message: Message, site: Site, now: datetime, *, faces: FaceSet
) -> tuple[Alarm, ...]:
    """Understand a pushed message; nothing is left of a heartbeat.

    `faces` is how the transport codes faces. One odd field never loses an alarm.
    """
    fields = message.fields
    if _is_event(fields):
        return _events(message, site, now)
    if first_of(fields, "trackId", "track_id", "videoNo", "video_number") is None:
        return ()
    references = {
        role: reference
        for role, value in message.references.items()
        if (reference := picture_reference(value))
    }
    return (
        _sighting(
            fields,
            site,
            faces=faces,
            source=Source.PUSH,
            alert=_is_alert(message),
            pictures=message.pictures,
            references=references,
            now=now,
        ),
    )


def read_alert(row: Mapping[str, Json], site: Site) -> Alarm | None:
    """Make an alarm of a row of 8.1.1; None when it has no time."""
    best = as_object(row.get("top1"))
    return _record(
        row,
        site,
        faces=FaceSet.A,
        alert=True,
        shown={
            PictureRole.SCENE: first_of(row, "captureFullImageURL", "fullImageURI"),
            PictureRole.TARGET: first_of(row, "captureImageURL", "faceImageURI"),
            PictureRole.LIBRARY: first_of(best, "faceImageURL", "faceImage"),
        },
    )


def read_capture(
    row: Mapping[str, Json], site: Site, *, target: str = "", faces: FaceSet
) -> Alarm | None:
    """Make an alarm of a row of 9.1.1, 20.2 or 25.2.1, told apart by their keys.

    `target` is the `objType` of the list. None when the row has no time.
    """
    shown = {
        PictureRole.SCENE: row.get("fullImageURI"),
        PictureRole.TARGET: first_of(row, "imageURI", "faceImageURI"),
    }
    if as_text(row.get("alertType")):
        return _event_record(row, site, shown)
    if target and not row.get("objType"):
        row = {**row, "objType": target}
    return _record(row, site, faces=faces, alert=False, shown=shown)


# Faces, and structured targets


def _record(
    row: Mapping[str, Json],
    site: Site,
    *,
    faces: FaceSet,
    alert: bool,
    shown: Mapping[PictureRole, Json],
) -> Alarm | None:
    if time_of(row) is None:
        return None
    pictures, references = split_pictures(shown)
    return _sighting(
        row,
        site,
        faces=faces,
        source=Source.HISTORY,
        alert=alert,
        pictures=pictures,
        references=references,
    )


def _sighting(
    fields: Mapping[str, Json],
    site: Site,
    *,
    faces: FaceSet,
    source: Source,
    alert: bool,
    pictures: Mapping[PictureRole, bytes],
    references: Mapping[PictureRole, str],
    now: datetime | None = None,
) -> Alarm:
    code, kind = _meaning(fields, site, alert=alert)
    time = time_of(fields)
    at = time or now
    assert at is not None
    name = as_text(first_of(fields, "channelName", "screen_token"))[:MAX_TEXT]
    number = as_text(first_of(fields, "videoNo", "video_number"))[:MAX_TEXT]
    matches = _matches(fields) if code == ALERT else ()
    return Alarm(
        id=alarm_id(fields, code, number or name, raw_time(fields)),
        source=source,
        channel=number or site.channels.get(name) or name or None,
        channel_name=name or None,
        kind=kind,
        code=code,
        time=at,
        matches=matches,
        targets=(_target(fields, faces, pictures),),
        pictures=pictures_of(pictures, references, known=bool(matches)),
    )


def _meaning(
    fields: Mapping[str, Json], site: Site, *, alert: bool
) -> tuple[str, AlarmKind]:
    captured = as_text(fields.get("objType"))[:MAX_TEXT]
    if not captured:
        seen = type_of(fields)
        captured = {"person": "human"}.get(seen or "", seen or "face")
    known = captured.casefold()
    kind = kind_of(CAPTURES, known if known in CAPTURES else captured)
    if kind is not AlarmKind.FACE_CAPTURED:
        return captured, kind
    if not alert or as_int(fields.get("event_type")) == _PASSWORD:
        if as_bool(fields.get("bestStranger")):
            return STRANGER, AlarmKind.FACE_STRANGER
        return captured, kind
    if _is_spoof(fields):
        # Nobody shall open a door to a photograph of somebody who is known.
        return SPOOF, AlarmKind.FACE_STRANGER
    if not _is_known(fields):
        return STRANGER, AlarmKind.FACE_STRANGER
    matches = _matches(fields)
    if not matches:
        # A number says that somebody is known, and nothing who.
        return ALERT, AlarmKind.FACE_CAPTURED
    kinds = {kind_by_name(match.library or "") for match in matches}
    if LibraryKind.BLOCKED in kinds:
        own: LibraryKind | None = LibraryKind.BLOCKED
    else:
        own = LibraryKind.ALLOWED if kinds == {LibraryKind.ALLOWED} else None
    mode = LibraryKind.BLOCKED if site.blacklist else LibraryKind.ALLOWED
    return ALERT, kind_of_match(own, mode, "workMode")


_PASSWORD: Final = 2
"""`event_type`: the door was opened by password, whoever stood before it."""


def _is_alert(message: Message) -> bool:
    """Whether a face was compared: HTTP messages do not say so themselves (23.2)."""
    fields = message.fields
    if kind := message.type or as_text(fields.get("dataType")):
        return kind.casefold() == "alert"
    names = ("stranger_flag", "access_pass", "ImageID", "alertGroup", "searchScore")
    return any(name in fields for name in names)


def _is_known(fields: Mapping[str, Json]) -> bool:
    for name, known in (
        ("stranger_flag", 0),
        ("stranger", 0),
        ("aboveHigh", 1),
        ("event_type", 0),
    ):
        if (told := as_int(fields.get(name))) is not None:
            return told == known
    rows = [fields, *_ranked(fields)]
    if any(_groups(row) for row in rows):
        return True
    if any("alertGroup" in row for row in rows[1:]):
        return False
    named = ("faceToken", "imageId", "ImageID")
    return any(as_text(row.get(name)) for row in rows for name in named)


def _is_spoof(fields: Mapping[str, Json]) -> bool:
    return as_int(first_of(fields, "fmp_error", "fmpErr")) == 1


def _matches(fields: Mapping[str, Json]) -> tuple[Match, ...]:
    """Tell who it is; once for each group that raised the alarm.

    Records rank five persons (8.1.1), of whom those count that raised it.
    """
    ranked = _ranked(fields)
    if not ranked:
        return _match(fields, _groups(fields))
    raised = [(row, groups) for row in ranked if (groups := _groups(row))]
    found = raised or [(ranked[0], _groups(ranked[0], "group"))]
    return tuple(match for row, groups in found for match in _match(row, groups))


def _ranked(fields: Mapping[str, Json]) -> list[dict[str, Json]]:
    return [row for rank in _RANKS if (row := as_object(fields.get(rank)))]


def _match(row: Mapping[str, Json], groups: tuple[str, ...]) -> tuple[Match, ...]:
    token = as_text(row.get("faceToken"))
    # HTTP pushes know nothing but the picture; so it comes first wherever it is told.
    person = as_text(first_of(row, "imageId", "ImageID")) or token
    name = as_text(first_of(row, "description", "Description"))
    if not person and not name:
        return ()
    similarity = as_percent(first_of(row, "searchScore", "confidence"))
    return tuple(
        Match(
            person_id=(person or name)[:MAX_TEXT],
            name=(name or person)[:MAX_TEXT],
            library_id=group,
            library=group,
            similarity=similarity,
        )
        for group in groups or (None,)
    )


def _groups(row: Mapping[str, Json], key: str = "alertGroup") -> tuple[str, ...]:
    names = [
        as_text(group.get("groupName") if isinstance(group, dict) else group)
        for group in as_rows(row.get(key))
    ]
    return tuple(name[:MAX_TEXT] for name in names if name)[:_MAX_GROUPS]


def _target(
    fields: Mapping[str, Json],
    faces: FaceSet,
    pictures: Mapping[PictureRole, bytes],
) -> Target:
    attributes = attributes_of(fields, faces)
    _add_scores(attributes, fields)
    return Target(
        type=type_of(fields) or ("face" if not fields.get("objType") else None),
        box=box_of(sides_of(fields.get("detectionResult")), pictures),
        plate=plate_of(fields),
        attributes=attributes,
    )


def _add_scores(attributes: dict[str, Attribute], fields: Mapping[str, Json]) -> None:
    """Add what a message tells of a face beside its attributes."""
    if (age := as_int(fields.get("age"))) is not None and age > 0:
        attributes.setdefault("age", age)
    if (quality := score(fields.get("quality"), 1)) is not None:
        attributes["quality"] = quality
    liveness = score(first_of(fields, "livenessScore", "fmp"), 100)
    if liveness:
        attributes["liveness"] = liveness
    if as_int(first_of(fields, "fmp_error", "fmpErr")) is not None:
        attributes["live"] = not _is_spoof(fields)
    if (door := as_int(fields.get("openDoorStatus"))) in DOOR:
        attributes["access"] = DOOR[door or 0]
    elif (passed := as_int(fields.get("access_pass"))) is not None:
        attributes["access"] = "allowed" if passed else "not_permitted"
    if (seen := as_int(fields.get("frequency"))) is not None and seen >= 0:
        attributes["times_seen"] = seen


# Alert mode


def _is_event(fields: Mapping[str, Json]) -> bool:
    return any(objects_in(fields.get("alert_events")))


def _events(message: Message, site: Site, now: datetime) -> tuple[Alarm, ...]:
    fields = message.fields
    rows = _rows_of_events(fields)
    channel = _channel_of_event(fields, rows, site)
    time = unix_time(first_of(fields, "pts", "recv_ts", "dts", "timestamp"))
    pictures = pictures_of(message.pictures, {}, known=False)
    alarms: dict[str, Alarm] = {}
    for row in rows[:_MAX_EVENTS]:
        seen = as_object(row.get("target"))
        code = as_text(row.get("alertor_type"))[:MAX_TEXT] or "unknown"
        told_type = as_text(seen.get("target_type"))
        alarm = Alarm(
            id=alarm_id(
                {**fields, "trackId": seen.get("target_id"), "event": row},
                f"{code}/{as_text(row.get('alertor_id'))}/{as_text(row.get('area_id'))}",
                channel or "",
                first_of(fields, "pts", "recv_ts", "dts", "timestamp"),
            ),
            channel=channel,
            kind=kind_of_event(code, told_type),
            code=code,
            time=time or now,
            targets=(
                Target(
                    type=TYPES.get(told_type.casefold()),
                    box=box_of(corners_of(seen.get("points")), message.pictures),
                ),
            ),
            task=_task(row.get("alertor_id"), row.get("area_id"), row.get("area_type")),
            pictures=pictures,
        )
        alarms[alarm.id] = alarm
    return tuple(alarms.values())


def _rows_of_events(fields: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Return what happened; what says nothing of an event counts if nothing else does."""
    rows = list(objects_in(fields.get("alert_events")))
    return [row for row in rows if any(key in row for key in _EVENT)] or rows


def _channel_of_event(
    fields: Mapping[str, Json], rows: Sequence[Mapping[str, Json]], site: Site
) -> str | None:
    stream = as_int(fields.get("stream_id"))
    if stream is None:
        number = as_int(first_of(fields, "videoNo", "video_number"))
        return None if number is None else str(number)
    if site.counts_from_zero:
        return str(stream + 1)
    codes = (as_text(row.get("alertor_type")) for row in rows)
    return channel_of_stream(stream, set(map(kind_of_event, codes)), site.looks_for)


def _event_record(
    row: Mapping[str, Json], site: Site, shown: Mapping[PictureRole, Json]
) -> Alarm | None:
    time = time_of(row)
    told = as_text(row.get("alertType"))[:MAX_TEXT]
    if time is None:
        return None
    number = as_int(told)
    code = told if number is None or number not in EVENTS else EVENTS[number][0]
    told_type = as_text(row.get("objType"))
    name = as_text(row.get("channelName"))[:MAX_TEXT]
    channel = as_text(row.get("videoNo"))[:MAX_TEXT]
    rule, area = as_text(row.get("rule_id")), as_text(row.get("area_id"))
    attributes: dict[str, Attribute] = {}
    if passage := PASSAGES.get(as_int(row.get("alertSubType")) or 0):
        attributes["passage"] = passage
    if as_bool(row.get("personPreOverWall")):
        attributes["pre_alarm"] = True
    pictures, references = split_pictures(shown)
    area_type = as_int(row.get("areaType"))
    return Alarm(
        id=alarm_id(row, f"{code}/{rule}/{area}", channel or name, raw_time(row)),
        source=Source.HISTORY,
        channel=channel or site.channels.get(name) or name or None,
        channel_name=name or None,
        kind=kind_of_event(code, told_type),
        code=code,
        time=time,
        targets=(Target(type=TYPES.get(told_type.casefold()), attributes=attributes),),
        task=_task(rule, area, AREAS.get(area_type or 0, row.get("areaType"))),
        pictures=pictures_of(pictures, references, known=False),
    )


def _task(rule: Json, area: Json, area_type: Json) -> str | None:
    """Name what reported an event; rules and areas have numbers only."""
    rule, area = as_text(rule)[:MAX_TEXT], as_text(area)[:MAX_TEXT]
    if not rule and not area:
        return None
    return f"{as_text(area_type)[:MAX_TEXT] or 'area'} {area}, rule {rule}"

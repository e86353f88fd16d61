"""What a node saw, pushed either way or found later, as alarms."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import re
from types import MappingProxyType
from typing import Final

import orjson

from ..contract import read_messages
from ..kind_words import kind_by_words
from ..kinds import AlarmKind
from ..model import (
    Alarm,
    Attribute,
    Box,
    Json,
    LibraryKind,
    Match,
    Picture,
    PictureRole,
    Source,
    Target,
)
from ..toolkit.alarm_values import as_percent, box_in_scene, content_hash
from ..toolkit.http import BIG
from ..toolkit.lenient import as_bool, as_int
from ..toolkit.matches import kind_of_match
from ..toolkit.pictures import decoded, is_picture
from ..toolkit.shapes import object_in
from .node_clock import NodeClock
from .wire import LibraryType, MessageId, ObjectLabel, Result

_MAX_TEXT: Final = 256

# A result has no code of its own beside the label of what was seen.
_CODE: Final = "obj_label_{}"

# `st_respirator_v2`, `st_smoking_without`; with any of the others it is there.
_ENDING: Final = re.compile(r"_(without|(?:type_)?none|v\d+|full|half)$")
_ENDINGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("without", "none", "type_none"), False),
    **dict.fromkeys(("full", "half"), True),
}

_MAX_NAME: Final = 64
_MAX_ATTRIBUTES: Final = 40
# In appendix B the colour tells only whether there is a mask; C has st_respirator.
_ATTRIBUTES: Final[Mapping[str, str]] = {
    "gender_code": "gender",
    "st_age": "age_group",
    "st_age_value": "age",
    "glass_style": "glasses",
    "mustache_style": "beard",
    "cap_style": "hat",
    "respirator_color": "mask",
    "st_respirator": "mask",
}

LIBRARY_KINDS: Final[Mapping[int | None, LibraryKind]] = {
    LibraryType.BLACK: LibraryKind.BLOCKED,
    LibraryType.WHITE: LibraryKind.ALLOWED,
}
_RESULTS: Final = frozenset({MessageId.HTTP_RESULT, MessageId.WEBSOCKET_RESULT})
_OTHERS: Final = frozenset({MessageId.HTTP_HEARTBEAT, MessageId.SUBSCRIBE})
_NOTHING: Final[Mapping[str, Json]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What must be known of a node to understand its results."""

    clock: NodeClock = field(default_factory=NodeClock)
    comparing: Collection[str] = ()
    """The channels that compare faces with a library."""
    libraries: Mapping[int, LibraryKind] = field(default_factory=dict)
    """What the libraries are, by their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one message says."""

    number: int | None = None
    """Its `msg_id`."""
    alarm: Alarm | None = None
    envelope: Mapping[str, Json] = field(default_factory=dict, repr=False)

    @property
    def empty(self) -> bool:
        """Whether it is a result without what it was."""
        return self.alarm is None and self.number in _RESULTS

    @property
    def unknown(self) -> bool:
        """Whether it is of no kind that we know, nor an acknowledgement."""
        if self.alarm is not None or self.number in _OTHERS:
            return False
        return self.number is not None or "code" not in self.envelope


async def read_pushes(
    content: bytes,
    site: Site,
    now: datetime,
    files: Mapping[PictureRole, bytes] | None = None,
) -> list[Message]:
    """Understand messages, or raise MalformedMessage."""
    if len(content) > BIG:
        return await asyncio.to_thread(parse_pushes, content, site, now, files)
    return parse_pushes(content, site, now, files)


def parse_pushes(
    content: bytes,
    site: Site,
    now: datetime,
    files: Mapping[PictureRole, bytes] | None = None,
) -> list[Message]:
    """Understand messages of either transport, or raise MalformedMessage.

    One odd field never loses an alarm. `files` are pictures that came beside it.
    """
    return [
        _parse(envelope, site, now, files or {})
        for envelope in read_messages(content, "msg_id", "snap_id")
    ]


def _parse(
    envelope: dict[str, Json],
    site: Site,
    now: datetime,
    files: Mapping[PictureRole, bytes],
) -> Message:
    number = as_int(envelope.get("msg_id"))
    data = object_in(
        envelope.get("data") or (envelope if "snap_id" in envelope else None), "snap_id"
    )
    unnumbered = number is None and "snap_id" in data
    if not data or (number not in _RESULTS and not unnumbered):
        return Message(number=number, envelope=envelope)
    alarm = _alarm(Result.from_dict(data), site, files, envelope, now)
    return Message(number=number, alarm=alarm, envelope=envelope)


def read_record(row: Result, site: Site, *, label: ObjectLabel) -> Alarm | None:
    """Make an alarm of a row of 3.13, 3.16 or 3.22; None when it has no time."""
    time = site.clock.read(row.trigger)
    if time is None:
        return None
    return _make(row, site, label=label, time=time, source=Source.HISTORY, pictures={})


def _alarm(
    result: Result,
    site: Site,
    files: Mapping[PictureRole, bytes],
    envelope: dict[str, Json],
    now: datetime,
) -> Alarm:
    label = _label(result)
    encoded = {
        PictureRole.SCENE: result.snap_frame,
        PictureRole.TARGET: result.snap_buf,
        PictureRole.LIBRARY: result.img,
    }
    pictures = {
        role: data
        for role, text in encoded.items()
        if (data := _usable(files.get(role)) or decoded(text)) is not None
    }
    return _make(
        result,
        site,
        label=label,
        time=site.clock.read(result.trigger),
        source=Source.PUSH,
        pictures=pictures,
        now=now,
        message=envelope,
    )


def _label(result: Result) -> int | str:
    """Tell what a result is about: by its label, which may be a word, or else itself."""
    if result.obj_label is not None:
        return result.obj_label
    match kind_by_words(result.obj_name):
        case AlarmKind.FACE_CAPTURED:
            return ObjectLabel.FACE
        case AlarmKind.PERSON_DETECTED:
            return ObjectLabel.BODY
        case AlarmKind.OTHER:
            body = result.body_attr and not result.face_attr
            return ObjectLabel.BODY if body else ObjectLabel.FACE
        case _:
            return result.obj_name[:_MAX_TEXT]


def _make(
    result: Result,
    site: Site,
    *,
    label: int | str,
    time: datetime | None,
    source: Source,
    pictures: Mapping[PictureRole, bytes],
    now: datetime | None = None,
    message: Mapping[str, Json] = _NOTHING,
) -> Alarm:
    code = label if isinstance(label, str) else _CODE.format(label)
    channel = None if result.channel is None else str(result.channel)
    at = time or now
    assert at is not None
    hit = label == ObjectLabel.FACE and _is_hit(result)
    if label == ObjectLabel.BODY:
        kind = AlarmKind.PERSON_DETECTED
    elif label != ObjectLabel.FACE:
        kind = kind_by_words(code)
    elif hit:
        own = None if result.lib_id is None else site.libraries.get(result.lib_id)
        kind = kind_of_match(own, LIBRARY_KINDS.get(result.lib_type), "lib_type")
    elif result.similarity is not None and result.similarity >= 0:
        kind = AlarmKind.FACE_STRANGER
    else:
        # -1: either nobody was compared, or nobody resembled.
        known = channel in site.comparing
        kind = AlarmKind.FACE_STRANGER if known else AlarmKind.FACE_CAPTURED
    return Alarm(
        id=_id(result, label, time, message),
        source=source,
        common_id=bool(result.snap_id),
        channel=channel,
        channel_name=result.camera_name[:_MAX_TEXT] or None,
        kind=kind,
        code=code,
        time=at,
        matches=(_match(result),) if hit and result.img_id else (),
        targets=_targets(result, label, pictures) if source is Source.PUSH else (),
        pictures=_pictures(result, hit, pictures),
    )


def _is_hit(result: Result) -> bool:
    if result.lib_id is None and not result.lib_name:
        return False
    if result.similarity is None:
        return bool(result.img_id)
    return result.similarity >= max(result.threshold or 0, 0)


def _id(
    result: Result,
    label: int | str,
    time: datetime | None,
    message: Mapping[str, Json],
) -> str:
    """Name an alarm alike, however it reaches us.

    The crop of a body and of its face may share a `snap_id`, and so may the ranks of
    one comparison (`ranking`, 9.2).
    """
    name = result.snap_id
    if len(name) > _MAX_TEXT // 2:
        name = content_hash(name.encode(errors="surrogatepass"))
    if not name and time:
        box = (result.pos_left, result.pos_top)
        name = f"{result.channel}@{time.timestamp():.0f}"
        if box != (None, None):
            name += "/" + "/".join(f"{value or 0:.0f}" for value in box)
    name = name or content_hash(orjson.dumps(message))
    if label != ObjectLabel.FACE:
        name += ":body" if label == ObjectLabel.BODY else f":{label}"
    if (rank := result.ranking or 1) > 1:
        name += f":{rank}"
    return name


def _match(result: Result) -> Match:
    return Match(
        person_id=result.img_id[:_MAX_TEXT],
        name=result.person_name[:_MAX_TEXT],
        library_id=None if result.lib_id is None else str(result.lib_id),
        library=result.lib_name[:_MAX_TEXT] or None,
        similarity=as_percent(result.similarity),
    )


def _targets(
    result: Result, label: int | str, pictures: Mapping[PictureRole, bytes]
) -> tuple[Target, ...]:
    """Tell what was seen, and where in the scene."""
    if label == ObjectLabel.FACE:
        kind, told = "face", result.face_attr
    elif label == ObjectLabel.BODY:
        kind, told = "person", result.body_attr
    else:
        return ()
    box = _box(result, pictures.get(PictureRole.SCENE))
    return (Target(type=kind, box=box, attributes=_attributes(told, result.quality)),)


def _attributes(told: Mapping[str, str], quality: float | None) -> dict[str, Attribute]:
    """Read appendix B or C: `st_hat` is True where it says itself, no beard is False.

    What is not told is left out: it may be anything.
    """
    found: dict[str, Attribute] = {} if quality is None else {"quality": quality}
    for key, text in told.items():
        if not text or len(key) > _MAX_NAME or len(found) >= _MAX_ATTRIBUTES:
            continue
        thing, _ = _ending(key)
        said, worn = _ending(text)
        name = _ATTRIBUTES.get(thing, thing.removeprefix("st_"))
        if worn is False:
            found[name] = False
        elif said in (thing, "color_type_other"):
            found[name] = True
        elif key.startswith("st_") and (truth := as_bool(text)) is not None:
            found[name] = truth
        elif name == "age":
            if (age := as_int(text)) is not None:
                found[name] = age
        else:
            found[name] = text.removeprefix("st_")[:_MAX_NAME]
    return found


def _ending(word: str) -> tuple[str, bool | None]:
    """Take off what newer versions put behind a word, and tell what it says."""
    worn: bool | None = None
    word = word.lower()
    while ending := _ENDING.search(word):
        worn = _ENDINGS.get(ending[1], worn)
        word = word[: ending.start()]
    return word, worn


def _box(result: Result, scene: bytes | None) -> Box | None:
    """Make fractions of pixels, with the size of the scene that came along.

    The samples have the bottom above the top (7.4, 9.2).
    """
    sides = (result.pos_left, result.pos_right, result.pos_top, result.pos_bottom)
    if scene is None or None in sides:
        return None
    left, right, top, bottom = (side or 0.0 for side in sides)
    left, right = sorted((left, right))
    top, bottom = sorted((top, bottom))
    return box_in_scene(left, top, right, bottom, scene)


def _pictures(
    result: Result, hit: bool, given: Mapping[PictureRole, bytes]
) -> tuple[Picture, ...]:
    paths = {
        PictureRole.SCENE: "",
        PictureRole.TARGET: result.snap_path,
        PictureRole.LIBRARY: result.img_path if hit else "",
    }
    pictures: list[Picture] = []
    for role, path in paths.items():
        if role is PictureRole.LIBRARY and not hit:
            # Below the threshold the most similar person is none of our business.
            continue
        # HTTP pushes have names there, with which nothing can be fetched (7.4).
        reference = path if "/" in path else None
        if role in given or reference:
            pictures.append(Picture(role, given.get(role), reference))
    return tuple(pictures)


def _usable(data: bytes | None) -> bytes | None:
    return data if data is not None and is_picture(data) else None

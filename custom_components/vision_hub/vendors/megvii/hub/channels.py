"""What the lists of channels say, which differ with the mode of the box (7, 14, 20, 25, 26)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ...errors import UnexpectedAnswer
from ...kinds import AlarmKind
from ...model import Channel, Hindrance, HindranceKind, Json, Task
from ...toolkit.lenient import as_bool, as_int, as_text
from ...toolkit.shapes import as_object, as_rows, list_in, objects_in, rows_in
from ..alarms import CAPTURES
from ..events import kind_of_event
from ..wire import DetectMode, VideoState

SURVEILLANCE: Final = "surveillance"
"""The task of a channel that arms all its rules together."""
RULE: Final = "rule"
"""The task of one rule is `rule:<ruleIndex>`."""


class Family(StrEnum):
    """A list of channels, by the operation that gives it."""

    VIDEOS = "list_videos"
    STRUCTURES = "list_structures"
    ALERT = "list_alert_videos"
    MULTI = "list_multi_alg_videos"
    PICTURES = "list_pictures"


# The first that has channels is right: firmware with several algorithms a channel
# keeps the older lists, and no mode of 3.1.3 stands for it.
FAMILIES: Final[Mapping[int | None, tuple[Family, ...]]] = {
    DetectMode.FACE: (Family.VIDEOS, Family.MULTI),
    DetectMode.MIXED: (Family.MULTI, Family.STRUCTURES),
    DetectMode.ALERT: (Family.MULTI, Family.ALERT),
}
ANY_FAMILY: Final = (Family.MULTI, Family.STRUCTURES, Family.ALERT, Family.VIDEOS)

STRUCTURED: Final = frozenset({0, 1})
"""The `algType` of slots that are set as structured channels are (26.2)."""

_OBJECTS: Final[Mapping[str, str]] = {
    "motorVehicle": "vehicle",
    "nonMotorVehicle": "cycle",
}
"""`objType` by the name in `detectTargetList`, where they differ (S9)."""
_FACES: Final = frozenset({Family.VIDEOS, Family.PICTURES})


_HINDRANCES: Final[Mapping[int | None, HindranceKind]] = {
    VideoState.AUTHENTICATION_FAILED: HindranceKind.CAMERA_LOGIN_REFUSED,
    VideoState.WRONG_FORMAT: HindranceKind.CAMERA_STREAM_UNUSABLE,
    VideoState.TOO_LARGE: HindranceKind.CAMERA_STREAM_UNUSABLE,
    VideoState.DECODING_FAILED: HindranceKind.CAMERA_STREAM_UNUSABLE,
    VideoState.NO_CAPACITY: HindranceKind.CAMERA_STREAM_UNUSABLE,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One slot of a channel."""

    index: int | None
    enabled: bool | None
    kinds: frozenset[AlarmKind]
    words: tuple[str, ...]
    faces: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A channel as the box wrote it; in `/structures` it may have two rows."""

    family: Family
    rows: tuple[dict[str, Json], ...] = field(repr=False)
    """With the login of the camera in the clear."""

    @property
    def head(self) -> dict[str, Json]:
        """The row that has name, address and state."""
        return self.rows[0]


def sources_in(family: Family, data: Json) -> dict[str, Source]:
    """Read a list of channels; raises UnexpectedAnswer when it is none."""
    key = "pictures" if family is Family.PICTURES else "videos"
    rows = list_in(data, key)
    if rows is None:
        raise UnexpectedAnswer("The box did not tell its channels")
    found: dict[str, Source] = {}
    for row in objects_in(rows):
        if (number := number_of(row)) is not None:
            earlier = found.get(str(number))
            before = earlier.rows if earlier else ()
            found[str(number)] = Source(family, (*before, row))
    if rows and not found:
        # Else every channel would be taken for removed.
        raise UnexpectedAnswer("The box did not tell the numbers of its channels")
    return found


def number_of(row: Mapping[str, Json]) -> int | None:
    """Return the number of a channel."""
    return as_int(row.get("videoNo", row.get("pictureNo")))


def channel_of(id_: str, source: Source, *, blacklist: bool) -> Channel:
    """Tell what a channel is set to."""
    head = source.head
    armed = as_bool(head.get("surveillanceEnabled"))
    rules = [
        rule
        for row in source.rows
        for rule in _rules_of(source.family, row, blacklist=blacklist)
    ]
    kinds: frozenset[AlarmKind] = frozenset()
    if armed:
        kinds = kinds.union(
            *(rule.kinds for rule in rules if rule.enabled is not False)
        )
    return Channel(
        id=id_,
        name=as_text(head.get("videoName", head.get("pictureName"))) or id_,
        online=_online(head),
        kinds=kinds,
        tasks=tuple(_tasks(armed, rules)),
        recognizes_faces=any(rule.faces for rule in rules),
        streams=bool(as_text(head.get("url")) or as_text(head.get("subUrl"))),
    )


def _tasks(armed: bool | None, rules: list[Rule]) -> Iterator[Task]:
    yield Task(id=SURVEILLANCE, enabled=armed)
    for rule in rules:
        if rule.index is not None and rule.enabled is not None:
            (*only,) = rule.kinds
            words = ", ".join(rule.words)
            yield Task(
                id=f"{RULE}:{rule.index}",
                kind=only[0] if len(only) == 1 else None,
                name=f"{rule.index}: {words}" if words else str(rule.index),
                enabled=rule.enabled,
            )


def _online(row: Mapping[str, Json]) -> bool | None:
    if "isOnline" in row:
        return as_bool(row["isOnline"])
    state = as_int(row.get("videoConStatus"))
    return None if state is None else state == VideoState.CONNECTED


def hindrance_of(id_: str, source: Source) -> Hindrance | None:
    """Tell why a channel cannot be analysed though its camera answers."""
    kind = _HINDRANCES.get(as_int(source.head.get("videoConStatus")))
    return Hindrance(kind=kind, channel=id_, silences=True) if kind else None


def _rules_of(
    family: Family, row: Mapping[str, Json], *, blacklist: bool
) -> Iterator[Rule]:
    match family:
        case Family.ALERT:
            rules = row.get("alertRules")
            # A channel has one; its number is ours.
            yield _alert_rule(1, as_object(rules))
        case Family.MULTI:
            for slot in objects_in(row.get("algRules")):
                yield _slot(slot, blacklist=blacklist)
        case _:
            yield _structured(
                as_int(row.get("ruleIndex")),
                as_bool(row.get("ruleEnable")),
                row,
                blacklist=blacklist,
                structured=as_int(row.get("surveillanceType")) == 1,
                faces=family in _FACES,
            )


def _slot(slot: Mapping[str, Json], *, blacklist: bool) -> Rule:
    index, enabled = as_int(slot.get("ruleIndex")), as_bool(slot.get("ruleEnable"))
    algorithm = as_int(slot.get("algType"))
    if algorithm in STRUCTURED:
        rule = slot.get("structuresRule")
        return _structured(
            index,
            enabled,
            as_object(rule),
            blacklist=blacklist,
            structured=algorithm == 1,
            faces=False,
        )
    rules = as_object(slot.get("alertRules"))
    if "proc" not in rules and "alertType" in rules:
        old = _alert_rule(index, rules)
        return Rule(
            index,
            enabled,
            old.kinds if old.enabled else frozenset(),
            old.words,
            faces=False,
        )
    words = tuple(dict.fromkeys(_words(rules)))
    return Rule(
        index, enabled, frozenset(map(kind_of_event, words)), words, faces=False
    )


def _words(rules: Mapping[str, Json]) -> Iterator[str]:
    """Yield the events of a rule of the algorithm store (26.1.1)."""
    options = rules.get("customizedOptions")
    for row in rows_in(options, "alertor_configs"):
        types = row.get("alertor_type") if isinstance(row, dict) else None
        for word in types if isinstance(types, list) else [types]:
            # A region to be ignored is written as an event, too.
            if isinstance(word, str) and word != "mask_area":
                yield word


def _alert_rule(index: int | None, rules: Mapping[str, Json]) -> Rule:
    kind = as_int(rules.get("alertType"))
    code = "" if kind is None else str(kind)
    return Rule(
        index,
        as_bool(rules.get("enable")),
        frozenset({kind_of_event(code)} if code else ()),
        (),
        faces=False,
    )


def _structured(
    index: int | None,
    enabled: bool | None,
    row: Mapping[str, Json],
    *,
    blacklist: bool,
    structured: bool,
    faces: bool,
) -> Rule:
    targets = tuple(_targets(row))
    kinds = {
        CAPTURES[name]
        for target in targets
        if (name := _OBJECTS.get(target, target)) in CAPTURES
    }
    faces = faces or "face" in targets
    if faces:
        kinds.add(AlarmKind.FACE_CAPTURED)
    if faces and not structured:
        if row.get("group"):
            kinds.add(
                AlarmKind.FACE_BLACKLISTED if blacklist else AlarmKind.FACE_RECOGNIZED
            )
        stranger = row.get("globalStranger")
        if as_bool(as_object(stranger).get("enable")):
            kinds.add(AlarmKind.FACE_STRANGER)
    return Rule(index, enabled, frozenset(kinds), targets, faces)


def _targets(row: Mapping[str, Json]) -> Iterator[str]:
    for target in as_rows(row.get("detectTargetList")):
        # The tables have objects, the samples texts.
        name = target.get("targetName") if isinstance(target, dict) else target
        if text := as_text(name):
            yield text

"""26.4 to 26.6: the dictionaries of the algorithm store."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

LINES = ("single_line", "single_line_both", "multi_line", "multi_line_both")
AREA_WORDS = (*LINES, "polygon")
"""`areaType` 1 to 5."""
POLYGON = 5
TARGET_WORDS = (
    *("face", "person", "car", "cycle", "plate", "head", "flame", "crowd"),
    *("fighter", "smog", "oil_spill", "fire_equipment", "trashbin", "mice", "sundry"),
)
COLOURS = ("red", "blue", "yellow", "gray")
MASK_AREA = "mask_area"


class Store(IntEnum):
    """`algType` of rules."""

    FACE = 0
    STRUCTURED = 1
    PERIMETER = 10
    BEHAVIOUR = 11
    CITY = 12
    SAFETY = 13
    ALERT = 14
    KITCHEN = 15
    GOODS = 16
    FIRE = 17


STORE_NAMES = {
    Store.PERIMETER: "perimeter_alarm",
    Store.BEHAVIOUR: "behavior_alarm",
    Store.CITY: "city_alarm",
    Store.SAFETY: "safety_alarm",
    Store.ALERT: "alert_alarm",
    Store.KITCHEN: "mclz_alarm",
    Store.GOODS: "goods_alarm",
    Store.FIRE: "fire_alarm",
}


@dataclass(frozen=True, slots=True)
class EventKind:
    """A row of the event dictionary. `figure` is what its picture shows."""

    number: int
    word: str
    store: Store
    targets: tuple[str, ...]
    sub_kinds: tuple[int, ...] = ()
    areas: tuple[str, ...] = ("polygon",)
    figure: str = "person"
    voice: int = 0
    extra: tuple[str, ...] = ()


_PERSON, _CAR = ("person",), ("car",)
_STAYS = (5,)

EVENTS = {
    kind.number: kind
    for kind in (
        EventKind(1, "", Store.ALERT, _PERSON, (1,), LINES, voice=1),
        EventKind(2, "", Store.ALERT, _PERSON, (2, 3, 4), voice=2),
        EventKind(3, "", Store.ALERT, _CAR, (1,), LINES, figure="vehicle", voice=3),
        EventKind(4, "park", Store.ALERT, _CAR, _STAYS, figure="vehicle", voice=4),
        EventKind(5, "exit", Store.ALERT, _CAR, (3,), figure="vehicle", voice=5),
        EventKind(6, "wander", Store.ALERT, _PERSON, _STAYS, voice=6),
        EventKind(
            7,
            "overwall",
            Store.ALERT,
            _PERSON,
            (6,),
            ("multi_line_both",),
            voice=7,
            extra=("personPreOverWall",),
        ),
        EventKind(8, "fall", Store.ALERT, _PERSON, _STAYS, figure="lying"),
        EventKind(9, "smoke", Store.ALERT, _PERSON, _STAYS, figure="smoker", voice=8),
        EventKind(10, "call", Store.ALERT, _PERSON, _STAYS),
        EventKind(11, "watch_phone", Store.ALERT, _PERSON, _STAYS),
        EventKind(12, "run", Store.ALERT, _PERSON, _STAYS),
        EventKind(13, "sleep", Store.ALERT, _PERSON, _STAYS, figure="lying"),
        EventKind(14, "", Store.CITY, ("sundry",), figure="boxes"),
        EventKind(15, "", Store.CITY, ("sundry",), figure="boxes"),
        EventKind(16, "", Store.CITY, ("sundry",), figure="boxes"),
        EventKind(17, "", Store.CITY, ("sundry",), figure="boxes"),
        EventKind(18, "", Store.CITY, ("sundry",), figure="empty"),
        EventKind(19, "no_safetycap", Store.SAFETY, _PERSON, figure="worker"),
        EventKind(20, "no_uniform", Store.SAFETY, _PERSON, extra=("allowed_colors",)),
        EventKind(21, "no_safetybelt", Store.SAFETY, _PERSON, figure="worker"),
        EventKind(22, "flame", Store.SAFETY, ("flame",), figure="fire", voice=8),
        EventKind(23, "smog", Store.SAFETY, ("smog",), figure="smoke", voice=8),
        EventKind(24, "oil_spill", Store.SAFETY, ("oil_spill",), figure="empty"),
        EventKind(
            25,
            "person_off_duty_querying",
            Store.ALERT,
            _PERSON,
            figure="empty",
            extra=("target_min_num", "target_max_num"),
        ),
        EventKind(
            26,
            "gathering",
            Store.ALERT,
            ("crowd",),
            figure="crowd",
            extra=("obj_count",),
        ),
        EventKind(27, "fight", Store.ALERT, ("fighter",), figure="crowd"),
        EventKind(28, "intrusion", Store.ALERT, ("person", "car", "cycle"), voice=2),
        EventKind(
            29,
            "tripwire",
            Store.ALERT,
            ("car", "cycle", "person"),
            areas=LINES,
            voice=1,
        ),
        EventKind(30, "no_vest", Store.SAFETY, _PERSON),
        EventKind(
            31,
            "lose_fire_equipment",
            Store.SAFETY,
            ("fire_equipment",),
            figure="empty",
            extra=("expected_num",),
        ),
        EventKind(32, MASK_AREA, Store.ALERT, ("person", "car", "cycle")),
        EventKind(33, "trashbin", Store.KITCHEN, ("trashbin",), figure="boxes"),
        EventKind(34, "mice", Store.KITCHEN, ("mice",), figure="empty"),
        EventKind(
            35,
            "sundry_detect",
            Store.GOODS,
            ("sundry",),
            figure="boxes",
            extra=("duty_ratio", "interrupt_endurance"),
        ),
    )
}
BY_WORD = {kind.word: kind for kind in EVENTS.values() if kind.word}
# What newer firmware reports instead of the kinds that have no word.
_WORDLESS = {1: "tripwire", 2: "intrusion", 3: "tripwire"}


def word_of(kind: EventKind) -> str:
    """Return `alertor_type` of a push; the five city kinds have only a number."""
    return kind.word or _WORDLESS.get(kind.number, str(kind.number))


def event_kind(what: int | str) -> EventKind:
    """Return an event by its number or word; LookupError when there is none."""
    if isinstance(what, str) and not what.isdecimal():
        return BY_WORD[what]
    return EVENTS[int(what)]


def abilities() -> list[dict[str, Any]]:
    """Return `alg_infos` of /getAlgInfos."""
    found = []
    for store in (*Store,)[4:-1]:
        kinds = [kind for kind in EVENTS.values() if kind.store is store and kind.word]
        if not kinds:
            continue
        found.append(
            {
                "alg_type": int(store),
                "alg_frame_rate": 25.0 if store is Store.SAFETY else 8.0,
                "items_type": STORE_NAMES[store],
                "version": "V1",
                "mask_area_num": 2 if store is Store.ALERT else 0,
                "area_max_num": 4,
                "roi_area_points_range": [3, 8],
                "mask_area_points_range": [3, 8],
                "alertor_type": [
                    {
                        "type": kind.word,
                        "type_num": kind.number,
                        "target_type": list(kind.targets),
                        "area_type": list(kind.areas),
                    }
                    for kind in kinds
                ],
            }
        )
    return found


def _parameter(
    name: str, kind: str, default: object, span: list[Any]
) -> dict[str, Any]:
    return {"param": name, "value_type": kind, "default": default, "range": span}


_EXTRA = {
    "allowed_colors": _parameter("allowed_colors", "array_string", [""], list(COLOURS)),
    "expected_num": _parameter("expected_num", "int", 1, [1, 100]),
    "target_min_num": _parameter("target_min_num", "int", 1, [0, 100]),
    "target_max_num": _parameter("target_max_num", "int", 10, [0, 100]),
    "obj_count": _parameter("obj_count", "int", 5, [2, 100]),
    "duty_ratio": _parameter("duty_ratio", "double", 0.5, [0, 1]),
    "interrupt_endurance": _parameter("interrupt_endurance", "int", 5, [1, 100]),
    "personPreOverWall": _parameter("personPreOverWall", "int", 0, [0, 1]),
}


def rule_card(kind: EventKind) -> dict[str, Any]:
    """Return the answer of /getRuleTypeAttr."""
    return {
        "type": kind.word,
        "value": kind.number,
        "attr": {
            "target_type": list(kind.targets),
            "area_type": list(kind.areas),
            "params": [
                _parameter("target_min", "double", 0.05, [0, 1]),
                _parameter("target_max", "double", 0.5, [0, 1]),
                _parameter("duration", "int", 30, [0, 86_399]),
                _parameter("cooldown_duration", "int", 3, [0, 1799]),
                *(_EXTRA[name] for name in kind.extra),
            ],
        },
    }

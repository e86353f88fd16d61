"""The dictionary of events (26.6), and which channel an event is about (25.3, 25.4)."""

from collections.abc import Mapping, Set as AbstractSet
from typing import Final

from ..kind_words import kind_of
from ..kinds import AlarmKind
from .attributes import TYPES

EVENTS: Final[Mapping[int, tuple[str, AlarmKind]]] = {
    1: ("1", AlarmKind.LINE_CROSSED),
    2: ("2", AlarmKind.INTRUSION),
    3: ("3", AlarmKind.LINE_CROSSED),
    4: ("park", AlarmKind.ILLEGAL_PARKING),
    5: ("exit", AlarmKind.VEHICLE_LEFT),
    6: ("wander", AlarmKind.LOITERING),
    7: ("overwall", AlarmKind.CLIMBING),
    8: ("fall", AlarmKind.FALL),
    9: ("smoke", AlarmKind.SMOKING),
    10: ("call", AlarmKind.PHONE_CALL),
    11: ("watch_phone", AlarmKind.PHONE_USE),
    12: ("run", AlarmKind.FAST_MOVING),
    13: ("sleep", AlarmKind.ASLEEP),
    14: ("14", AlarmKind.TRADING_OUTSIDE),
    15: ("15", AlarmKind.CLUTTER),
    16: ("16", AlarmKind.GARBAGE_EXPOSED),
    17: ("17", AlarmKind.ILLEGAL_BILLBOARD),
    18: ("18", AlarmKind.ROAD_FLOODED),
    19: ("no_safetycap", AlarmKind.NO_HELMET),
    20: ("no_uniform", AlarmKind.NO_WORKWEAR),
    21: ("no_safetybelt", AlarmKind.NO_HARNESS),
    22: ("flame", AlarmKind.FIRE),
    23: ("smog", AlarmKind.SMOKE),
    24: ("oil_spill", AlarmKind.LIQUID_LEAK),
    25: ("person_off_duty_querying", AlarmKind.OFF_DUTY),
    26: ("gathering", AlarmKind.GATHERING),
    27: ("fight", AlarmKind.FIGHT),
    28: ("intrusion", AlarmKind.INTRUSION),
    29: ("tripwire", AlarmKind.LINE_CROSSED),
    30: ("no_vest", AlarmKind.NO_VEST),
    31: ("lose_fire_equipment", AlarmKind.FIRE_EQUIPMENT_MISSING),
    # A region to be ignored; if it were ever told, something moved there.
    32: ("mask_area", AlarmKind.MOTION),
    33: ("trashbin", AlarmKind.BIN_UNCOVERED),
    34: ("mice", AlarmKind.RODENT),
    35: ("sundry_detect", AlarmKind.CLUTTER),
}
"""The event dictionary (26.6) by number; what has no word there is its number."""

_BY_WORD: Final[Mapping[str, AlarmKind]] = {
    **{str(number): kind for number, (_, kind) in EVENTS.items()},
    **dict(EVENTS.values()),
    "overwll": AlarmKind.CLIMBING,
}
PASSAGES: Final[Mapping[int, str]] = {2: "entered", 3: "left", 4: "entered_or_left"}
"""`alertSubType` (25.1.1), where it tells more than the type."""
AREAS: Final[Mapping[int, str]] = {
    1: "single_line",
    2: "single_line_both",
    3: "multi_line",
    4: "multi_line_both",
    5: "polygon",
}


def kind_of_event(code: str, target: str = "") -> AlarmKind:
    """Tell what a word or a number of the event dictionary means, or any other word."""
    known = code.casefold()
    kind = kind_of(_BY_WORD, known if known in _BY_WORD else code)
    if kind is AlarmKind.ILLEGAL_PARKING and TYPES.get(target.casefold()) == "cycle":
        return AlarmKind.ILLEGAL_CYCLE_PARKING
    return kind


def channel_of_stream(
    stream: int,
    kinds: AbstractSet[AlarmKind],
    looks_for: Mapping[str, AbstractSet[AlarmKind]],
) -> str:
    """Return the channel that a `stream_id` stands for.

    It is "the number of the channel", and 0 in both samples, while channels are
    numbered from 1 everywhere else. So it counts from 0, unless only the other way
    leads to a channel that `looks_for` such events, or to a channel at all.
    """
    ways = (str(stream + 1), str(stream))
    for wanted in (kinds, frozenset[AlarmKind]()):
        fitting = [way for way in ways if way in looks_for and looks_for[way] >= wanted]
        if len(fitting) == 1:
            return fitting[0]
    return ways[0]

"""Rules of behaviour analysis (table 20-4), and how messages draw them."""

from enum import IntEnum
from typing import Any

from .geometry import GRID, Point, area, line

_FIELD = ((28, 34), (9971, 34), (9971, 9965), (28, 9965))
_LINE = ((568, 5000), (9659, 5000))


class Rule(IntEnum):
    """`rule_type` (table 20-4)."""

    TRIPWIRE = 0
    WANDER = 1
    ABANDON = 2
    REMOVE = 3
    INVASION = 4
    ENTER = 5
    EXIT = 6
    FAST_MOVE = 7
    CAR = 8
    HUMAN_COUNT = 9
    CROWD = 10
    QUEUE = 11
    PARKING_DOME = 12
    CALIBRATION = 13
    CALIBRATION_CLEAR = 14
    FIGHTING = 15
    CLIMBING = 16
    FALL = 17
    RUNNING = 18
    FIRE = 19
    FIXED_POINT = 20
    TEXT = 21
    MOTORBIKE = 22
    LEAVE = 23


# `obj_status` (bits) of what a rule was broken by
STATUS_OF = {
    Rule.WANDER: 1,
    Rule.TRIPWIRE: 2,
    Rule.ABANDON: 4,
    Rule.REMOVE: 8,
    Rule.INVASION: 16,
    Rule.ENTER: 32,
    Rule.EXIT: 64,
    Rule.MOTORBIKE: 256,
}


def rule_area(rule: Rule, points: tuple[Point, ...] = _FIELD) -> dict[str, Any]:
    """Return a rule with its area, on the old grid and relative."""
    return {
        "rule_area_pos": area(points, GRID),
        "rule_area_pos_relative": area(points),
        "rule_type": int(rule),
    }


def rule_line(rule: Rule, points: tuple[Point, Point] = _LINE) -> dict[str, Any]:
    """Return a rule with its line, on the old grid and relative."""
    return {
        "rule_line_dir": 1,
        "rule_line_pos": line(*points, GRID),
        "rule_line_pos_r": line(*points),
        "rule_type": int(rule),
    }

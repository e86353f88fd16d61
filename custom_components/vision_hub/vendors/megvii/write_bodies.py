"""Bodies of writes, made of what was read: a write replaces the whole (3 to 29)."""

from collections.abc import Mapping
from typing import Final

from ..model import Json
from ..toolkit.lenient import as_bool, as_number
from ..toolkit.shapes import as_object

_IDENTITY: Final = frozenset(
    {
        "videoNo",
        "videoName",
        "url",
        "subUrl",
        "username",
        "password",
        "rotation",
        "videoConStatus",
        "pictureNo",
        "pictureName",
        "deviceId",
        "isOnline",
    }
)
"""What a channel is, beside what it is set to."""

_TOP: Final = frozenset(
    {
        "surveillanceEnabled",
        "attributeEnabled",
        "surveillanceType",
        "ruleIndex",
        "ruleEnable",
        "bestStrangerUpload",
    }
)
"""What stands outside of `faces` and `structures` (20.1.1)."""

_INTEGERS: Final = frozenset(
    {
        "searchThresholdHigh",
        "searchThresholdLow",
        "livenessThreshold",
        "blurness",
        "pushMode",
    }
)
"""Read with a fraction or as text, written as a whole number."""

_BOOLEANS: Final = frozenset({"libMode", "digestMode"})
"""Printed as text somewhere, written as a truth value (3.1.1)."""


def merged(old: Mapping[str, Json], changes: Mapping[str, Json]) -> dict[str, Json]:
    """Change an object, whatever else is in it; lists are replaced."""
    result = dict(old)
    for name, value in changes.items():
        earlier = result.get(name)
        if isinstance(earlier, dict) and isinstance(value, dict):
            result[name] = merged(earlier, value)
        else:
            result[name] = value
    return result


def without(row: Mapping[str, Json], *names: str) -> dict[str, Json]:
    """Leave out what cannot be written."""
    return {name: value for name, value in row.items() if name not in names}


def surveillance_body(row: Mapping[str, Json]) -> dict[str, Json]:
    """Return what 7.1.2, 14.2 and 25.1.1 take."""
    return _rounded(without(row, *_IDENTITY))


def structures_body(row: Mapping[str, Json]) -> dict[str, Json]:
    """Return what 20.1.1 takes: 20.1.2 has it flat, without the inner object."""
    flat = surveillance_body(row)
    name = "structures" if flat.get("surveillanceType") == 1 else "faces"
    body = {key: value for key, value in flat.items() if key in _TOP}
    body[name] = {key: value for key, value in flat.items() if key not in _TOP}
    return body


def slot_body(head: Mapping[str, Json], slot: Mapping[str, Json]) -> dict[str, Json]:
    """Return what 20.1.1 takes for a slot of 26.2 that is structured."""
    rule = slot.get("structuresRule")
    return structures_body(
        {
            **as_object(rule),
            **without(slot, "structuresRule", "alertRules", "algType"),
            "surveillanceEnabled": head.get("surveillanceEnabled", False),
            "surveillanceType": slot.get("algType"),
        }
    )


def alert_body(head: Mapping[str, Json], slot: Mapping[str, Json]) -> dict[str, Json]:
    """Return what 26.1.1 takes for a slot of 26.2."""
    return {
        **without(slot, "structuresRule"),
        "surveillanceEnabled": head.get("surveillanceEnabled", False),
    }


def switches_body(switches: Mapping[str, Json]) -> dict[str, Json]:
    """Return `modelSw` as 3.1.1 takes it."""
    return {
        name: as_bool(value) if name in _BOOLEANS else value
        for name, value in switches.items()
    }


def _rounded(row: Mapping[str, Json]) -> dict[str, Json]:
    return {name: _rounded_value(name, value) for name, value in row.items()}


def _rounded_value(name: str, value: Json) -> Json:
    if isinstance(value, dict):
        return _rounded(value)
    if isinstance(value, list):
        return [_rounded(item) if isinstance(item, dict) else item for item in value]
    if name in _INTEGERS and (number := as_number(value)) is not None:
        return round(number)
    return value

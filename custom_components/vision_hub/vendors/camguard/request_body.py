"""Requests as servers take them: the types of the tables, and all that samples have.

A server in C++ reads its fields by type: it refuses a whole number for `threshold`,
text for an id, and a task without the optional `type` or `camera_list2` (6.1).
"""

from collections.abc import Callable, Mapping
from typing import Final

import orjson

from ..errors import InvalidRequest
from ..model import Json
from ..toolkit.lenient import as_int, as_number, as_text

_INTEGERS: Final = frozenset(
    {
        *("user_id", "lib_id", "person_id", "camera_id", "task_id", "record_id"),
        *("page_no", "page_size", "type", "sex", "category", "classify", "state"),
        "interval",
    }
)
_DECIMALS: Final = frozenset({"threshold", "similarity"})
_LISTS: Final = frozenset({"camera_list1", "camera_list2", "lib_list"})
_OBJECTS: Final = frozenset({"config"})

DEFAULTS: Final[Mapping[str, Mapping[str, Json]]] = {
    "user_register": {"remark": ""},
    "library_add": {"type": 0, "remark": ""},
    "person_add": {"sex": 0, "card_no": "", "phone": "", "category": 0, "remark": ""},
    "camera_add": {"type": 0, "remark": ""},
    "task_add": {
        "type": 0,
        "camera_list2": "",
        # Those of the sample; the manual demands them and names no other.
        "interval": 3000,
        "threshold": 0.8,
        "plan": "",
        "remark": "",
    },
    "config_update": {"remark": ""},
}
"""What goes out with something new although it may be left out by the tables."""

_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "user_register": ("name", "password"),
    "library_add": ("name",),
    "person_add": ("lib_id", "name", "pic_url"),
    "camera_add": ("name", "rtsp"),
    "task_add": ("name", "camera_list1", "lib_list"),
    "config_update": ("name", "config"),
}


def request_body(operation: str, params: Mapping[str, Json]) -> dict[str, Json]:
    """Return the message of a request, or raise InvalidRequest."""
    message: dict[str, Json] = {
        **DEFAULTS.get(operation, {}),
        **{
            name: _written(name, value)
            for name, value in params.items()
            if value is not None
        },
    }
    for name in _REQUIRED.get(operation, ()):
        if message.get(name) in {None, ""}:
            raise InvalidRequest(f"{name} is missing")
    return message


def _written(name: str, value: Json) -> Json:
    if name in _INTEGERS:
        return _number(name, value, as_int)
    if name in _DECIMALS:
        return _number(name, value, as_number)
    if name in _LISTS and isinstance(value, list):
        return ",".join(as_text(each) for each in value)
    if name in _OBJECTS and isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return as_text(value) if isinstance(value, int | float) else value


def _number[NumberT: (int, float)](
    name: str, value: Json, read: Callable[[Json], NumberT | None]
) -> NumberT:
    number = read(value)
    if number is None:
        raise InvalidRequest(f"{name} is no number")
    return number

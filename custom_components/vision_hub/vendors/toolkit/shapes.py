"""Where in an answer things stand: a list of one as an object, a level deeper or higher."""

from collections.abc import Iterator, Mapping
from typing import Final

from ..model import Json
from .fields import Fields, folded
from .json_reader import is_json, read_json

_WRAPPERS: Final = frozenset({"data", "info", "result", "body", "payload", "response"})
_ENVELOPE: Final = frozenset(
    {
        *("code", "msg", "message", "success", "statuscode", "errorcode", "errormsg"),
        *("timestamp", "timecost", "requestid"),
    }
)
"""What an answer says of itself."""
_MOST_WRAPPERS: Final = 3
_NOUGHT: Final = frozenset({"0", "0.0"})
_COUNTS: Final = frozenset({"count", "num", "number", "resultnum", "listcount"})
"""Names of how many rows there are, beside those that begin with `total`."""
_NOTHING: Final = frozenset({"", "null", "none", "nil", "[]", "{}"})


def as_object(value: object) -> dict[str, Json]:
    """Read an object, which may be the only one in an array, or written as text.

    Empty when it is none.
    """
    if isinstance(value, str):
        value = _written(value)
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        value = rows[0] if len(rows) == 1 else None
    if isinstance(value, dict):
        return value if isinstance(value, Fields) else Fields(value)
    return Fields()


def as_rows(value: object) -> list[Json]:
    """Read an array: an object is one of one, nothing is one of none.

    Some languages write an array as an object whose keys are numbers.
    """
    if isinstance(value, str):
        value = _written(value)
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(key.isdecimal() for key in value):
        return [*value.values()]
    return [value] if isinstance(value, dict) and value else []


def objects_in(value: object) -> Iterator[dict[str, Json]]:
    """Yield the objects of an array that say something, whatever else is in it."""
    for row in as_rows(value):
        if row and isinstance(row, dict):
            yield as_object(row)


def object_in(value: object, *keys: str) -> dict[str, Json]:
    """Find the object that has most of some keys: this one, or one within it."""
    told = as_object(value)
    if any(key in told for key in keys):
        return told
    most, found = 0, told
    for each in map(as_object, told.values()):
        count = sum(key in each for key in keys) if each else 0
        if count > most:
            most, found = count, each
    return found


def value_in(value: object, key: str) -> Json:
    """Find a value by its key, also one level deeper."""
    return object_in(value, key).get(key)


def list_in(value: object, *keys: str) -> list[Json] | None:
    """Find the rows of an answer under one of several keys; None when it has no list.

    They may stand one level deeper, or be the answer itself. Null, an empty text and an
    empty object are an empty list, and so is no list at all where the hub counts none.
    """
    if isinstance(value, list) or value in (None, "") or not keys:
        return as_rows(value)
    place = object_in(value, *keys)
    total = next(
        (
            str(count).strip()
            for key, count in place.items()
            if _is_count(key) and isinstance(count, float | int | str)
        ),
        None,
    )
    empty = total in _NOUGHT
    for inner in (place[key] for key in keys if key in place):
        if isinstance(inner, dict) and any(key in inner for key in keys):
            return list_in(inner, *keys)
        if isinstance(inner, list) or as_rows(inner):
            return as_rows(inner)
        # What is counted and not shown is no empty list.
        empty = empty or (total is None and _is_nothing(inner))
    return [] if empty else None


def _is_count(key: str) -> bool:
    name = folded(key)
    return name.startswith("total") or name in _COUNTS


def _is_nothing(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().casefold() in _NOTHING
    return value is None or value is False or value == {}


def rows_in(value: object, *keys: str) -> list[Json]:
    """Find the rows of an answer under one of several keys, if there are any."""
    return list_in(value, *keys) or []


def content_of(envelope: dict[str, Json], key: str) -> Json:
    """Take the content out of an answer, which is there under a key.

    It may stand beside that key instead, or within another envelope.
    """
    envelope = as_object(envelope)
    content = envelope.get(key)
    if content in (None, "", {}):
        content = _without_envelope(envelope, key) or content
    return unwrapped(content) if isinstance(content, dict) else content


def unwrapped(content: dict[str, Json]) -> dict[str, Json]:
    """Take an object out of what only wraps it."""
    for _ in range(_MOST_WRAPPERS):
        inner = _without_envelope(content)
        name, value = next(iter(inner.items()), ("", None))
        if len(inner) != 1 or name.lower() not in _WRAPPERS:
            break
        if not isinstance(value, dict) or not _without_envelope(value):
            break
        content = value
    return content


def messages_in(value: object, *keys: str) -> list[dict[str, Json]]:
    """Find the messages in what a hub pushed: several, or some within other objects."""
    return [*_messages_in(value, keys, _MOST_WRAPPERS)]


def _messages_in(
    value: object, keys: tuple[str, ...], depth: int
) -> Iterator[dict[str, Json]]:
    for message in objects_in(value):
        if any(key in message for key in keys) or not depth:
            yield message
            continue
        inner = [
            row
            for each in message.values()
            for row in _messages_in(each, keys, depth - 1)
            if any(key in row for key in keys)
        ]
        yield from inner or [message]


def _without_envelope(told: Mapping[str, Json], key: str = "") -> dict[str, Json]:
    return Fields(
        {
            name: told[name]
            for name in told
            if folded(name) not in _ENVELOPE and folded(name) != key
        }
    )


def _written(text: str) -> Json:
    """Read an object or an array that was written as text."""
    content = text.encode(errors="replace")
    try:
        return read_json(content) if is_json(content) else None
    except ValueError:
        return None

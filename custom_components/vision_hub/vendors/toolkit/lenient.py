"""Readers of what hubs write, whatever the manuals promise.

Numbers may be text, a key may be missing or null, unknown keys are ignored. Whoever
needs a field checks that it is there.
"""

from collections.abc import Callable, Iterable
from dataclasses import field
from math import isfinite

from mashumaro import DataClassDictMixin, field_options

_LONGEST_NUMBER = 32


def as_number(value: object) -> float | None:
    """Read a number that may be text; None when it is none."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, int | float) and isfinite(value):
        return float(value)
    return None


def as_int(value: object) -> int | None:
    """Read a whole number that may be text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = as_number(value)
    return None if number is None else int(number)


def as_text(value: object) -> str:
    """Read text that may be a number."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _as_ints(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(number for item in value if (number := as_int(item)) is not None)


def number() -> int | None:
    """Declare a whole number."""
    return field(default=None, metadata=field_options(deserialize=as_int))


def decimal() -> float | None:
    """Declare a number that may have a fraction."""
    return field(default=None, metadata=field_options(deserialize=as_number))


def numbers() -> tuple[int, ...]:
    """Declare an array of whole numbers."""
    return field(default=(), metadata=field_options(deserialize=_as_ints))


def text() -> str:
    """Declare a text."""
    return field(default="", metadata=field_options(deserialize=as_text))


def secret() -> str:
    """Declare a text that must not be shown."""
    return field(default="", repr=False, metadata=field_options(deserialize=as_text))


def object_of[T: DataClassDictMixin](
    kind: type[T],
) -> dict[str, Callable[[object], T | None]]:
    """Make the metadata of a field that holds an object."""

    def read(value: object) -> T | None:
        return kind.from_dict(value) if isinstance(value, dict) else None

    return {"deserialize": read}


def many[T: DataClassDictMixin](kind: type[T]) -> tuple[T, ...]:
    """Declare an array of objects."""

    def read(value: object) -> tuple[T, ...]:
        return tuple(rows_of(kind, value))

    return field(default=(), metadata=field_options(deserialize=read))


def rows_of[T: DataClassDictMixin](kind: type[T], value: object) -> Iterable[T]:
    """Read the objects of an array, whatever else is in it."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield kind.from_dict(item)

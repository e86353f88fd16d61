"""Readers of what hubs write, whatever the manuals promise.

Numbers may be text, truth a number, an object the text of one; a key may be missing or
null, and spelt in another way; unknown keys are ignored. Whoever needs a field checks
that it is there.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field, fields
from math import isfinite
import re
from typing import ClassVar, Final, override

from mashumaro import DataClassDictMixin, field_options

from ..model import Json
from .shapes import as_object, object_in, objects_in

_LONGEST_NUMBER: Final = 32
_LEAST: Final = -(2**63)
_MOST: Final = 2**64
_BETWEEN_NUMBERS: Final = re.compile(r"[\s,;|/\[\]{}\"'\uff0c\uff1b\u3001]+")
_BLANK: Final = " \t\r\n\v\f\0\ufeff\xa0\u3000"

_WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("enable", "enabled"), True),
    **dict.fromkeys(("disable", "disabled"), False),
    "true": True,
    # A manual's own spelling (Megvii 3.1.1).
    "ture": True,
    "on": True,
    "yes": True,
    "1": True,
    "false": False,
    "off": False,
    "no": False,
    "0": False,
}
_LETTERS: Final[Mapping[str, bool]] = {"y": True, "t": True, "n": False, "f": False}
"""Tell the truth, but where a number should be they are no number."""


def as_number(value: object) -> float | None:
    """Read a number that may be text; None when it is none."""
    if isinstance(value, str):
        if len(value) > _LONGEST_NUMBER:
            return None
        text = value.strip(_BLANK)
        try:
            value = float(text)
        except ValueError:
            value = _WORDS.get(text.casefold())
    if isinstance(value, int | float) and isfinite(value) and _LEAST <= value < _MOST:
        return float(value)
    return None


def as_int(value: object) -> int | None:
    """Read a whole number that may be text; one beyond 64 bits is none."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER:
        # All digits of it, which a fraction would not keep.
        with suppress(ValueError):
            value = int(value.strip(_BLANK))
    if isinstance(value, int) and not isinstance(value, bool):
        return value if _LEAST <= value < _MOST else None
    number = as_number(value)
    return None if number is None else int(number)


def as_bool(value: object) -> bool | None:
    """Read a truth value that may be a text or a number."""
    if isinstance(value, bool):
        return value
    word = as_text(value).casefold()
    told = _WORDS.get(word, _LETTERS.get(word))
    if told is None and (number := as_number(value)) in {0, 1}:
        return bool(number)
    return told


def as_text(value: object) -> str:
    """Read text that may be a number or a truth value."""
    if isinstance(value, str):
        return value.strip(_BLANK)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return ""


def _as_ints(value: object) -> tuple[int, ...]:
    if isinstance(value, str):
        value = _BETWEEN_NUMBERS.split(value)
    rows = value if isinstance(value, list) else [value]
    return tuple(number for item in rows if (number := as_int(item)) is not None)


def number() -> int | None:
    """Declare a whole number."""
    return field(default=None, metadata=field_options(deserialize=as_int))


def decimal() -> float | None:
    """Declare a number that may have a fraction."""
    return field(default=None, metadata=field_options(deserialize=as_number))


def numbers() -> tuple[int, ...]:
    """Declare an array of whole numbers."""
    return field(default=(), metadata=field_options(deserialize=_as_ints))


def flag() -> bool | None:
    """Declare a truth value."""
    return field(default=None, metadata=field_options(deserialize=as_bool))


def text() -> str:
    """Declare a text."""
    return field(default="", metadata=field_options(deserialize=as_text))


def secret() -> str:
    """Declare a text that must not be shown."""
    return field(default="", repr=False, metadata=field_options(deserialize=as_text))


def told_secret() -> str | None:
    """Declare a secret text; None when it was not told."""
    return field(default=None, repr=False, metadata=field_options(deserialize=as_text))


class WireObject(DataClassDictMixin):
    """An object as a hub writes it.

    Its keys are found however they are spelt, and also one level deeper than the
    manual prints them.
    """

    _keys: ClassVar[dict[type, frozenset[str]]] = {}

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        keys = cls._keys.get(cls) or cls._keys.setdefault(cls, _declared(cls))
        return object_in(d, *keys) if keys.isdisjoint(d) else as_object(d)


def _declared(kind: type[WireObject]) -> frozenset[str]:
    return frozenset(
        each.metadata.get("alias") or each.name
        for each in fields(kind)  # type: ignore[arg-type]
    )


def object_of[T: DataClassDictMixin](
    kind: type[T],
) -> dict[str, Callable[[object], T | None]]:
    """Make the metadata of a field that holds an object."""

    def read(value: object) -> T | None:
        told = as_object(value)
        return kind.from_dict(told) if told else None

    return {"deserialize": read}


def many[T: DataClassDictMixin](kind: type[T]) -> tuple[T, ...]:
    """Declare an array of objects."""

    def read(value: object) -> tuple[T, ...]:
        return tuple(rows_of(kind, value))

    return field(default=(), metadata=field_options(deserialize=read))


def rows_of[T: DataClassDictMixin](kind: type[T], value: object) -> Iterator[T]:
    """Read the objects of an array, whatever else is in it."""
    for item in objects_in(value):
        yield kind.from_dict(item)

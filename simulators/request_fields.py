"""Field tables, and what is missing or illegal in a request by them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field as attribute
from enum import Enum, auto
import json
import math
import re
from typing import Any

from .form_data import Upload
from .json_types import Json

type Path = tuple[str, ...]

_INTEGER = re.compile(r"-?\d{1,18}")


class Kind(Enum):
    """Types of the field tables."""

    INTEGER = auto()
    INTEGER_OR_DIGITS = auto()
    NUMBER = auto()
    BOOL = auto()
    TEXT = auto()
    TEXT_IN_BYTES = auto()
    """A text that is measured in UTF-8 bytes."""
    OBJECT = auto()
    ARRAY = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a field table. `low` and `high` include the limit.

    They limit the value of numbers, the length of texts and arrays.
    """

    name: str
    kind: Kind
    required: bool = True
    low: float | None = None
    high: float | None = None
    choices: frozenset[Any] | None = None
    fields: tuple[Field, ...] = ()
    item: Field | None = None

    def fits(self, value: Json) -> bool:
        """Return whether the value is of this kind and within the limits."""
        match self.kind:
            case Kind.INTEGER | Kind.INTEGER_OR_DIGITS | Kind.NUMBER:
                number = int | float if self.kind is Kind.NUMBER else int
                if isinstance(value, bool) or not isinstance(value, number):
                    return False
                size: float = value
            case Kind.TEXT | Kind.TEXT_IN_BYTES:
                if not isinstance(value, str):
                    return False
                in_bytes = self.kind is Kind.TEXT_IN_BYTES
                size = len(value.encode() if in_bytes else value)
            case Kind.ARRAY:
                if not isinstance(value, list):
                    return False
                size = len(value)
            case Kind.BOOL:
                return isinstance(value, bool)
            case Kind.OBJECT:
                return isinstance(value, dict)
            case Kind.FILE:
                return isinstance(value, Upload)
        return (
            (self.choices is None or value in self.choices)
            and (self.low is None or size >= self.low)
            and (self.high is None or size <= self.high)
            and (isinstance(size, int) or math.isfinite(size))
        )


@dataclass(slots=True)
class RequestCheck:
    """Reads a request by its table; notes the names that are missing or illegal.

    `null_is_missing`: a value that is null counts as left out.
    """

    null_is_missing: bool = False
    missing: list[str] = attribute(default_factory=list)
    illegal: list[str] = attribute(default_factory=list)

    def known(
        self,
        fields: Iterable[Field],
        given: Mapping[str, Json],
        path: Path = (),
        *,
        texts: bool = False,
    ) -> dict[str, Any]:
        """Return the fields of the table. `texts`: everything is text, as in forms."""
        known: dict[str, Any] = {}
        for field in fields:
            where = (*path, field.name)
            absent = field.name not in given
            if absent or (self.null_is_missing and given[field.name] is None):
                if field.required:
                    self.missing.append(".".join(where))
            else:
                value = given[field.name]
                known[field.name] = self._value(field, value, where, texts=texts)
        return known

    def _value(self, field: Field, value: Json, path: Path, *, texts: bool) -> Json:
        if isinstance(value, str):
            value = _from_text(field.kind, value, texts=texts)
        if not field.fits(value):
            self.illegal.append(".".join(path))
        elif field.kind is Kind.OBJECT and field.fields:
            return self.known(field.fields, value, path)
        elif field.item is not None:
            return [self._value(field.item, item, path, texts=False) for item in value]
        return value


def _from_text(kind: Kind, value: str, *, texts: bool) -> Json:
    """Return what a text stands for."""
    digits = kind is Kind.INTEGER_OR_DIGITS or (texts and kind is Kind.INTEGER)
    if digits and _INTEGER.fullmatch(value):
        return int(value)
    if texts and kind is Kind.BOOL:
        return {"true": True, "false": False}.get(value.lower(), value)
    if texts and kind in {Kind.OBJECT, Kind.ARRAY}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def integer(
    name: str = "",
    low: float | None = None,
    high: float | None = None,
    *,
    required: bool = True,
    choices: Iterable[int] | None = None,
) -> Field:
    """Return a row for an integer."""
    allowed = None if choices is None else frozenset(choices)
    return Field(name, Kind.INTEGER, required, low, high, allowed)


def digits(name: str, *, required: bool = True, high: float | None = None) -> Field:
    """Return a row for a natural number that may also come as a text of digits."""
    return Field(name, Kind.INTEGER_OR_DIGITS, required, 0, high)


def number(
    name: str = "",
    low: float | None = None,
    high: float | None = None,
    *,
    required: bool = True,
) -> Field:
    """Return a row for an integer or float."""
    return Field(name, Kind.NUMBER, required, low, high)


def switch(name: str, *, required: bool = True) -> Field:
    """Return a row for a bool."""
    return Field(name, Kind.BOOL, required)


def text(
    name: str = "",
    high: int | None = None,
    *,
    low: int = 0,
    required: bool = True,
    choices: Iterable[str] | None = None,
    kind: Kind = Kind.TEXT,
) -> Field:
    """Return a row for a text of `low` to `high` characters."""
    allowed = None if choices is None else frozenset(choices)
    return Field(name, kind, required, low, high, allowed)


def group(name: str, *fields: Field, required: bool = True) -> Field:
    """Return a row for an object; without fields anything may be in it."""
    return Field(name, Kind.OBJECT, required, fields=fields)


def array(
    name: str,
    item: Field | None,
    *,
    low: int = 0,
    high: int | None = None,
    required: bool = True,
) -> Field:
    """Return a row for an array."""
    return Field(name, Kind.ARRAY, required, low, high, item=item)


def each(*fields: Field) -> Field:
    """Return the element of an array of objects."""
    return Field("", Kind.OBJECT, fields=fields)


def file(name: str, *, required: bool = True) -> Field:
    """Return a row for a file part."""
    return Field(name, Kind.FILE, required)

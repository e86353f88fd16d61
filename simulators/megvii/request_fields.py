"""Checks a request against the manual's field tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field as described
from enum import Enum, auto
import json
import math
from typing import Any

from simulators.json_types import Json

from .error_codes import Code, Refusal

type Path = tuple[str, ...]


class Kind(Enum):
    """Types of the field tables."""

    INTEGER = auto()
    NUMBER = auto()
    BOOL = auto()
    TEXT = auto()
    OBJECT = auto()
    ARRAY = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a field table. `low` and `high` include the limit.

    They limit the value of numbers, the UTF-8 bytes of texts, the length of arrays.
    """

    name: str
    kind: Kind
    required: bool = True
    low: float | None = None
    high: float | None = None
    choices: frozenset[Any] | None = None
    fields: tuple[Field, ...] = ()
    item: Field | None = None

    def parse(self, value: Json, found: Findings, path: Path, *, texts: bool) -> Json:
        """Return the value, and note in `found` what is wrong with it."""
        if texts and isinstance(value, str):
            value = _from_text(self.kind, value)
        if not self._fits(value):
            found.illegal.append(".".join(path))
        elif self.kind is Kind.OBJECT and self.fields:
            return _parse(self.fields, value, found, path)
        elif self.item is not None:
            return [self.item.parse(each, found, path, texts=False) for each in value]
        return value

    def _fits(self, value: Json) -> bool:
        match self.kind:
            case Kind.INTEGER | Kind.NUMBER:
                number = int if self.kind is Kind.INTEGER else int | float
                if isinstance(value, bool) or not isinstance(value, number):
                    return False
                size: float = value
            case Kind.TEXT:
                if not isinstance(value, str):
                    return False
                size = len(value.encode())
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
            and size not in {math.inf, -math.inf}
            and not math.isnan(size if isinstance(size, float) else 0.0)
        )


@dataclass(slots=True)
class Findings:
    """The names that are missing or illegal."""

    missing: list[str] = described(default_factory=list)
    illegal: list[str] = described(default_factory=list)


def _from_text(kind: Kind, value: str) -> Json:
    """Return a value of a query or form, where everything is text."""
    if kind is Kind.INTEGER and value.lstrip("-").isdecimal():
        return int(value)
    if kind is Kind.BOOL:
        return {"true": True, "false": False}.get(value.lower(), value)
    if kind in {Kind.OBJECT, Kind.ARRAY}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _parse(
    fields: Iterable[Field],
    given: Mapping[str, Json],
    found: Findings,
    path: Path = (),
    *,
    texts: bool = False,
) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for field in fields:
        where = (*path, field.name)
        if given.get(field.name) is not None:
            value = given[field.name]
            known[field.name] = field.parse(value, found, where, texts=texts)
        elif field.required:
            found.missing.append(".".join(where))
    return known


def parse(
    fields: Iterable[Field], given: Json, *, texts: bool = False
) -> dict[str, Any]:
    """Return the known keys, or refuse: 104002 what is missing, 104001 what is wrong."""
    if not isinstance(given, Mapping):
        raise Refusal(Code.ILLEGAL_JSON_BODY)
    found = Findings()
    known = _parse(fields, given, found, texts=texts)
    if found.missing:
        raise Refusal(Code.MISSING_ARGUMENT, *found.missing)
    if found.illegal:
        raise Refusal(Code.ILLEGAL_ARGUMENT, *dict.fromkeys(found.illegal))
    return known


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
) -> Field:
    """Return a row for a text of `low` to `high` bytes."""
    allowed = None if choices is None else frozenset(choices)
    return Field(name, Kind.TEXT, required, low, high, allowed)


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


PAGING = (
    integer("pageOffset", 0, required=False),
    integer("pageToken", 0, required=False),
    integer("pageSize", 1, required=False),
)
SHORT_PAGING = (*PAGING[:2], integer("pageSize", 1, 30, required=False))
"""`pageSize` of /access is limited to 30."""
SPAN = (
    integer("timeStart", 0, required=False),
    integer("timeEnd", 0, required=False),
)

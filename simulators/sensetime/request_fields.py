"""Checks a request against the manual's field tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from simulators.json_types import Json

from .error_codes import demand
from .uploaded_pictures import Upload


class Kind(Enum):
    """Types of the field tables."""

    INTEGER = auto()
    INTEGER_OR_DIGITS = auto()
    STRING = auto()
    PICTURE = auto()
    PICTURES = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a field table. `low` and `high` include the limit."""

    name: str
    kind: Kind
    required: bool = True
    low: int | None = None
    high: int | None = None
    choices: frozenset[str] | None = None

    def parse(self, value: Json, *, form: bool) -> Json:
        """Return the value, or refuse it with -3596. Form fields are all texts."""
        match self.kind:
            case Kind.INTEGER | Kind.INTEGER_OR_DIGITS:
                return self._number(value, form or self.kind is Kind.INTEGER_OR_DIGITS)
            case Kind.STRING:
                demand(isinstance(value, str) and self._within(len(value)))
                demand(self.choices is None or value in self.choices)
            case Kind.FILE:
                demand(isinstance(value, Upload))
            case Kind.PICTURE:
                demand(_is_picture(value))
            case Kind.PICTURES:
                demand(isinstance(value, list) and value)
                demand(all(_is_picture(item) for item in value))
        return value

    def _number(self, value: Json, texts: bool) -> int:
        if texts and isinstance(value, str) and value.lstrip("-").isdecimal():
            value = int(value)
        demand(isinstance(value, int) and not isinstance(value, bool))
        demand(self._within(value))
        return int(value)

    def _within(self, size: int) -> bool:
        return (self.low is None or size >= self.low) and (
            self.high is None or size <= self.high
        )


def _is_picture(value: Json) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("filename"), str)
        and isinstance(value.get("data"), str)
    )


def parse(
    fields: Iterable[Field], given: dict[str, Any], *, form: bool
) -> dict[str, Any]:
    """Return the known keys of a request, or refuse it with -3596."""
    known: dict[str, Any] = {}
    for field in fields:
        if field.name in given:
            known[field.name] = field.parse(given[field.name], form=form)
        else:
            demand(not field.required)
    return known


def integer(
    name: str,
    *,
    required: bool = True,
    low: int | None = None,
    high: int | None = None,
) -> Field:
    """Return a row for an integer."""
    return Field(name, Kind.INTEGER, required, low, high)


def text(
    name: str,
    *,
    required: bool = True,
    low: int | None = None,
    high: int | None = None,
    choices: Iterable[str] | None = None,
) -> Field:
    """Return a row for a text of `low` to `high` characters."""
    allowed = None if choices is None else frozenset(choices)
    return Field(name, Kind.STRING, required, low, high, allowed)


def file(name: str) -> Field:
    """Return a row for a file part."""
    return Field(name, Kind.FILE)


def picture(name: str) -> Field:
    """Return a row for a base64 picture."""
    return Field(name, Kind.PICTURE)


PAGING = (
    integer("start_no", required=False, low=1),
    integer("qry_len", required=False, low=1),
)
SPAN = (text("start_time", required=False), text("stop_time", required=False))

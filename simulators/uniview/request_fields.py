"""Checks a request against the manual's field tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from simulators.json_types import Json

from .error_codes import Code, Refusal


class Kind(Enum):
    """JSON types of the field tables."""

    INTEGER = auto()
    INTEGER_OR_DIGITS = auto()
    STRING = auto()
    OBJECT = auto()
    ARRAY = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a field table. `low` and `high` include the limit."""

    name: str
    kind: Kind
    required: bool = True
    low: int | None = None
    high: int | None = None
    choices: frozenset[int] | None = None
    fields: tuple[Field, ...] = ()
    item: Field | None = None

    def parse(self, value: Json) -> Json:
        """Return the value with known keys only, or refuse it with code 2."""
        match self.kind:
            case Kind.INTEGER | Kind.INTEGER_OR_DIGITS:
                return self._number(value)
            case Kind.STRING:
                _demand(isinstance(value, str))
                _demand(self._within(len(value)))
                return value
            case Kind.OBJECT:
                return parse(self.fields, value)
            case Kind.ARRAY:
                _demand(isinstance(value, list) and self._within(len(value)))
                if self.item is None:
                    return list(value)
                return [self.item.parse(element) for element in value]

    def _number(self, value: Json) -> int:
        if (
            self.kind is Kind.INTEGER_OR_DIGITS
            and isinstance(value, str)
            and value.isdecimal()
        ):
            value = int(value)
        _demand(isinstance(value, int) and not isinstance(value, bool))
        _demand(self.choices is None or value in self.choices)
        _demand(self._within(value))
        return int(value)

    def _within(self, size: int) -> bool:
        return (self.low is None or size >= self.low) and (
            self.high is None or size <= self.high
        )


def parse(fields: Iterable[Field], value: Json) -> dict[str, Any]:
    """Return the known keys of an object, or refuse it with code 2."""
    _demand(isinstance(value, dict))
    known: dict[str, Any] = {}
    for field in fields:
        if field.name in value:
            known[field.name] = field.parse(value[field.name])
        else:
            _demand(not field.required)
    return known


def _demand(condition: bool) -> None:
    if not condition:
        raise Refusal(Code.INVALID_ARGUMENTS)


def integer(
    name: str = "",
    *,
    required: bool = True,
    low: int | None = None,
    high: int | None = None,
    choices: Iterable[int] | None = None,
) -> Field:
    """Return a row for an integer."""
    allowed = None if choices is None else frozenset(choices)
    return Field(name, Kind.INTEGER, required, low, high, allowed)


def digits(name: str, *, required: bool = True, high: int | None = None) -> Field:
    """Return a row for an integer that may also come as a text of digits."""
    return Field(name, Kind.INTEGER_OR_DIGITS, required, 0, high)


def text(
    name: str = "", longest: int | None = None, *, required: bool = True, low: int = 0
) -> Field:
    """Return a row for a text of at most `longest` characters."""
    return Field(name, Kind.STRING, required, low, longest)


def group(name: str, *fields: Field, required: bool = True) -> Field:
    """Return a row for an object."""
    return Field(name, Kind.OBJECT, required, fields=fields)


def array(
    name: str, item: Field, *, required: bool = True, high: int | None = None
) -> Field:
    """Return a row for an array."""
    return Field(name, Kind.ARRAY, required, high=high, item=item)


def each(*fields: Field) -> Field:
    """Return the element of an array of objects."""
    return Field("", Kind.OBJECT, fields=fields)


PAGING = (integer("page", low=1), integer("pagesize", low=1))
SWITCH = (0, 1)

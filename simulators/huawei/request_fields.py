"""Types of the manual's parameter tables, as validators.

Each takes the code that it refuses with. Numbers of a query are texts.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
import re
from typing import Any

import voluptuous as vol

from simulators import validators
from simulators.json_types import Json

from .error_codes import Code, Refusal

type Check[T] = Callable[[Json], T]

BEIJING = timezone(timedelta(hours=8))
_DIGITS = re.compile(r"-?\d{1,18}")


def integer(
    low: int | None = None,
    high: int | None = None,
    *,
    choices: Iterable[int] = (),
    code: int = Code.WRONG_PARAMETER,
) -> Check[int]:
    """Return a validator for an integer (no text, no boolean)."""
    return validators.integer(low, high, choices, refusal=lambda: Refusal(code))


def number(
    low: int | None = None,
    high: int | None = None,
    *,
    choices: Iterable[int] = (),
    code: int = Code.WRONG_PARAMETER,
) -> Check[int]:
    """Return a validator for an integer that a query writes as text."""
    check_integer = integer(low, high, choices=choices, code=code)

    def check(value: Json) -> int:
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            raise Refusal(code)
        return check_integer(int(value))

    return check


def text(
    low: int = 0,
    high: int | None = None,
    *,
    pattern: str = "",
    code: int = Code.WRONG_PARAMETER,
) -> Check[str]:
    """Return a validator for a text of so many characters."""
    form = re.compile(pattern, re.DOTALL) if pattern else None

    def check(value: Json) -> str:
        if (
            not isinstance(value, str)
            or len(value) < low
            or (high is not None and len(value) > high)
            or (form is not None and not form.fullmatch(value))
        ):
            raise Refusal(code)
        return value

    return check


def name(
    low: int, high: int, *, code: int = Code.WRONG_PARAMETER, other: str = ""
) -> Check[str]:
    """Return a validator for a name; a Chinese character counts twice."""
    form = re.compile(rf"[\w\- {other}]*")

    def check(value: Json) -> str:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise Refusal(code)
        if not low <= sum(1 if char.isascii() else 2 for char in value) <= high:
            raise Refusal(code)
        return value

    return check


def one_of(*choices: str, code: int = Code.WRONG_PARAMETER) -> Check[str]:
    """Return a validator for one value of an enumeration."""

    def check(value: Json) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Refusal(code)
        return value

    return check


def some_of(*choices: str, code: int = Code.WRONG_PARAMETER) -> Check[list[str]]:
    """Return a validator for values with commas between, as queries have them."""

    def check(value: Json) -> list[str]:
        values = value.split(",") if isinstance(value, str) else []
        if not values or (choices and not set(values) <= set(choices)):
            raise Refusal(code)
        return values

    return check


def direction(value: Json) -> str:
    """Check a direction of sorting; its case does not matter."""
    if not isinstance(value, str) or value.upper() not in ("ASC", "DESC"):
        raise Refusal(Code.WRONG_DIRECTION)
    return value.upper()


def flag(value: Json) -> bool:
    """Check a boolean that a query writes as text."""
    if value not in ("true", "false"):
        raise Refusal(Code.WRONG_PARAMETER)
    return bool(value == "true")


def boolean(value: Json) -> bool:
    """Check a boolean of a body."""
    if not isinstance(value, bool):
        raise Refusal(Code.WRONG_PARAMETER)
    return value


def moment(code: int = Code.WRONG_PARAMETER) -> Check[float]:
    """Return a validator for Beijing time; it gives Unix seconds."""

    def check(value: Json) -> float:
        try:
            if not isinstance(value, str):
                raise Refusal(code)
            parsed = datetime.strptime(f"{value} +0800", "%Y-%m-%d %H:%M:%S %z")
        except ValueError as error:
            raise Refusal(code) from error
        return parsed.timestamp()

    return check


def listed(
    kind: object, low: int = 1, high: int = 100, *, code: int = Code.WRONG_PARAMETER
) -> vol.All:
    """Return a validator for a list of so many items."""

    def check(value: Json) -> Json:
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise Refusal(code)
        return value

    return vol.All(check, [kind])


def table(
    required: Mapping[str, Any] | None = None,
    optional: Mapping[str, Any] | None = None,
    codes: Mapping[str, int] | None = None,
) -> vol.Schema:
    """Return the check of a parameter table; unknown keys are left out.

    `codes` are the codes for required parameters that are missing, where not 10020001.
    """
    checked = validators.table(required or {}, optional or {})
    missing = dict(codes or {})

    def check(value: Json) -> Json:
        if isinstance(value, dict):
            for key, code in missing.items():
                if value.get(key) in (None, ""):
                    raise Refusal(code)
        return checked(value)

    return vol.Schema(check)


LIMIT = number(1, 1000, code=Code.WRONG_LIMIT)
OFFSET = number(0, 2147483646, code=Code.WRONG_OFFSET)
DEVICE_ID = text(8, 32, pattern=r"[0-9A-Za-z]+", code=Code.ILLEGAL_DEVICE)
CHANNEL_ID = text(1, 20, pattern=r"-?\d+", code=Code.ILLEGAL_CHANNEL)

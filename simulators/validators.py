"""Validators that parameter tables of several vendors have, for voluptuous."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import voluptuous as vol

from .json_types import Json


def _not_an_integer() -> Exception:
    return vol.Invalid("an integer within the limits is expected")


def integer(
    low: int | None = None,
    high: int | None = None,
    choices: Iterable[int] = (),
    *,
    refusal: Callable[[], Exception] = _not_an_integer,
) -> Callable[[Json], int]:
    """Return a validator for an integer (no text, no boolean)."""
    allowed = frozenset(choices)

    def check(value: Json) -> int:
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or (low is not None and value < low)
            or (high is not None and value > high)
            or (allowed and value not in allowed)
        ):
            raise refusal()
        return value

    return check


def table(required: Mapping[str, Any], optional: Mapping[str, Any]) -> vol.Schema:
    """Return the check of a parameter table; unknown keys are left out."""
    rows: dict[vol.Marker, Any] = {}
    rows.update({vol.Required(name): kind for name, kind in required.items()})
    rows.update({vol.Optional(name): kind for name, kind in optional.items()})
    return vol.Schema(rows, extra=vol.REMOVE_EXTRA)

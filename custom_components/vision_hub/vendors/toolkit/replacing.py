"""Writes that replace a whole: no part goes lost that the hub did not tell."""

from collections.abc import Collection, Iterable, Mapping
import re
from typing import Final

from ..errors import WouldErase
from ..model import Json
from .shapes import as_object, as_rows

# What a hub shows instead of a password or of the middle of a number.
_MASKED: Final = re.compile(r"[*•●]{3}")
_EMPTY: Final[tuple[Json, ...]] = (None, "", [], {})


def untold_in(
    row: Mapping[str, Json],
    parts: Iterable[str],
    *,
    filled: Collection[str] = (),
    optional: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the parts of something that a hub does not tell.

    Null and empty are told, but for those of `filled`, which never are empty on a hub.
    Those of `optional` may be missing where there is nothing to tell.
    """
    return tuple(
        part
        for part in parts
        if (part not in row and part not in optional)
        or (part in filled and row.get(part) in _EMPTY)
        or is_masked(row.get(part))
    )


def demand_told(untold: Iterable[str], changes: Collection[str] = ()) -> None:
    """Raise WouldErase for parts that were not told and that no change gives."""
    lost = [part for part in untold if part not in changes]
    if lost:
        raise WouldErase(*lost)


def demand_rows(name: str, row: Mapping[str, Json], parts: Collection[str]) -> None:
    """Raise WouldErase unless a list was told whole: objects with all their parts.

    Null and an empty text are an empty list.
    """
    listed = row.get(name)
    rows = as_rows(listed)
    if name not in row or (not rows and listed not in _EMPTY):
        raise WouldErase(name)
    for each in rows:
        if not isinstance(each, dict):
            raise WouldErase(name)
        untold = untold_in(as_object(each), parts, filled=parts)
        demand_told(f"{name}.{part}" for part in untold)


def is_masked(value: Json) -> bool:
    """Tell whether a hub hides a text, or a part of it."""
    return isinstance(value, str) and _MASKED.search(value) is not None

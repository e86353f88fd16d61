"""Writes that replace a whole: no part goes lost that the hub did not tell."""

from collections.abc import Collection, Iterable, Mapping
import re
from typing import Final

from ..errors import WouldErase
from ..model import Json

# What a hub shows instead of a password, alone or within an address.
_MASKED: Final = re.compile(r"(?:^|:)[*•●]{3,}(?:$|@)")
_EMPTY: Final[tuple[Json, ...]] = (None, "", [], {})


def told_of(
    row: Mapping[str, Json], parts: Iterable[str], *, filled: Collection[str] = ()
) -> frozenset[str]:
    """Return the parts that a hub tells of something, be they null or empty.

    Those of `filled` are never empty on a hub: empty, they were not told.
    """
    return frozenset(
        part
        for part in parts
        if part in row
        and not (part in filled and row[part] in _EMPTY)
        and not _is_masked(row[part])
    )


def demand_told(
    parts: Iterable[str], told: Collection[str], changes: Collection[str] = ()
) -> None:
    """Raise WouldErase for parts that were not told and that no change gives."""
    untold = [part for part in parts if part not in told and part not in changes]
    if untold:
        raise WouldErase(*untold)


def _is_masked(value: Json) -> bool:
    return isinstance(value, str) and _MASKED.search(value) is not None

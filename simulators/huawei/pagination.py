"""How lists are filtered, sorted and cut into pages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from .operation import Fields


class Dated(Protocol):
    """What lists can be sorted by."""

    create_time: float
    update_time: float


def in_order[T: Dated](
    rows: Iterable[T], query: Fields, default: str = "DESC"
) -> list[T]:
    """Return rows by `sort_by` and `direction`; equal times keep their order."""
    by_update = query.get("sort_by") == "update_time"
    key: Callable[[T], float] = (
        (lambda row: row.update_time) if by_update else (lambda row: row.create_time)
    )
    reverse = query.get("direction", default) == "DESC"
    return sorted(rows, key=key, reverse=reverse)


def page_of[T](rows: list[T], query: Fields) -> list[T]:
    """Return a page where `offset` counts pages (5.2, 6.2)."""
    limit = query.get("limit", 10)
    start = query.get("offset", 0) * limit
    return rows[start : start + limit]


def page_by_rows[T](rows: list[T], query: Fields) -> list[T]:
    """Return rows where `offset` counts rows (7.2)."""
    start = query.get("offset", 0)
    return rows[start : start + query.get("limit", 10)]


def matches_filters(row: object, query: Fields, filters: Mapping[str, str]) -> bool:
    """Return whether a row has one of the values of each filter that is given.

    `filters` are attributes by parameter.
    """
    for parameter, attribute in filters.items():
        wanted: Any = query.get(parameter)
        value = getattr(row, attribute)
        if wanted is None:
            continue
        if isinstance(wanted, str):
            if wanted != value:
                return False
        elif value not in wanted:
            return False
    return True


def name_contains(name: str, wanted: str | None) -> bool:
    """Return whether a name contains what is searched for."""
    return not wanted or wanted.casefold() in name.casefold()

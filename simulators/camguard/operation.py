"""One request of the manual: its path, what is checked, who answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from .device import Device, in_order
from .error_codes import Code, demand
from .models import Answer
from .quirks import Beyond, Order, Quirks

type Fields = dict[str, Any]
type Handler = Callable[[Device, Fields], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A POST whose answer has, besides code and msg, what the handler returns.

    `open` needs no session, `upload` is multipart.
    """

    path: str
    handler: Handler
    schema: vol.Schema
    open: bool = False
    upload: bool = False


def _list_order(quirks: Quirks) -> Order:
    return quirks.list_order


@dataclass(frozen=True, slots=True)
class Listing[T]:
    """How rows are queried: where they are, how one reads, what filters it has.

    A filter "" asks for nothing. `least` are lower bounds.
    """

    rows: Callable[[Device], Mapping[int, T]]
    write: Callable[[Device, T], dict[str, Any]]
    exact: tuple[str, ...] = ()
    fuzzy: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    order: Callable[[Quirks], Order] = _list_order

    async def query(self, device: Device, request: Fields) -> Answer:
        """Return `info` with the wanted page."""
        quirks = device.quirks
        found = {
            number: row
            for number, row in self.rows(device).items()
            if self._passes(row, request)
        }
        asked = request["page_size"]
        size = min(asked, device.limits.page)
        start = (request["page_no"] - 1) * size
        page = in_order(found, self.order(quirks))[start : start + size]
        info: dict[str, Any] = {
            "page_no": request["page_no"],
            "page_size": asked if quirks.echo_page_size else size,
            "total_count": len(found),
            "items": [self.write(device, row) for row in page],
        }
        if not page and quirks.beyond is Beyond.NULL:
            info["items"] = None
        elif not page and quirks.beyond is Beyond.MISSING:
            del info["items"]
        return {"info": info}

    def _passes(self, row: T, request: Fields) -> bool:
        return (
            all(request.get(n, "") in ("", getattr(row, n)) for n in self.exact)
            and all(
                request.get(n, "").casefold() in getattr(row, n).casefold()
                for n in self.fuzzy
            )
            and all(getattr(row, n) >= request.get(n, 0) for n in self.least)
        )


def change(
    device: Device, row: object, request: Fields, defaults: Mapping[str, Any]
) -> None:
    """Set the fields that a modification has; what is left out stays or is cleared.

    `defaults` are the fields that can be cleared.
    """
    for name, value in request.items():
        setattr(row, name, value)
    if device.quirks.omitted_cleared:
        for name, value in defaults.items():
            if name not in request:
                setattr(row, name, value)


def demand_unique(
    device: Device, name: str, value: str, rows: Sequence[Any], own: object = None
) -> None:
    """Refuse a value that another row has, where the server cares."""
    taken = any(getattr(row, name) == value and row is not own for row in rows)
    demand(not (device.quirks.refuse_duplicates and value and taken), Code.EXISTS, name)

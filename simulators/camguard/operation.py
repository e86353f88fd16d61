"""One request of the manual: its path, what is checked, who answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from .codes import Code, demand
from .device import Device, in_order
from .models import Answer
from .quirks import Beyond, Order

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


@dataclass(frozen=True, slots=True)
class Listing[T]:
    """How a list is written: what a row is known by, how it reads."""

    number: Callable[[T], int]
    write: Callable[[Device, T], dict[str, Any]]

    def page(
        self,
        device: Device,
        rows: Sequence[T],
        request: Fields,
        order: Order | None = None,
    ) -> Answer:
        """Return `info` with the wanted page."""
        quirks = device.quirks
        asked = request["page_size"]
        size = min(asked, device.limits.page)
        start = (request["page_no"] - 1) * size
        ordered = in_order(rows, order or quirks.list_order, self.number)
        info: dict[str, Any] = {
            "page_no": request["page_no"],
            "page_size": asked if quirks.echo_page_size else size,
            "total_count": len(rows),
            "items": [self.write(device, row) for row in ordered[start : start + size]],
        }
        if not info["items"] and quirks.beyond is Beyond.NULL:
            info["items"] = None
        elif not info["items"] and quirks.beyond is Beyond.MISSING:
            del info["items"]
        return {"info": info}


def passes(row: object, request: Fields, *, exact: Sequence[str] = ()) -> bool:
    """Return whether a row has the wanted values; a text "" asks for nothing."""
    return all(
        request.get(name, "") == "" or getattr(row, name) == request[name]
        for name in exact
    )


def resembles(text: str, wanted: str) -> bool:
    """Return whether a fuzzy filter matches."""
    return wanted.casefold() in text.casefold()


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

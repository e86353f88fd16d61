"""One request of the manual: where, what is checked, who answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.request_fields import Field

from .device import Device

type Fields = dict[str, Any]
type Answer = dict[str, Any] | list[Any] | None
type Handler = Callable[[Device, Fields], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A POST with a JSON body.

    `empty_body` marks requests without fields, whose body may be missing. `content`
    is the Content-Type that the manual requires, None when it names none.
    `code_is_string` and `no_status_code` mark answers where table or sample differ.
    """

    path: str
    handler: Handler
    fields: tuple[Field, ...] = ()
    empty_body: bool = False
    content: str | None = "application/json"
    code_is_string: bool = False
    no_status_code: bool = False


def page_of(
    device: Device, rows: Sequence[Any], request: Fields, key: str = "list"
) -> dict[str, Any]:
    """Return `total` and the rows of the page under the operation's list key."""
    size = request["pagesize"]
    if device.quirks.longest_page is not None:
        size = min(size, device.quirks.longest_page)
    start = (request["page"] - 1) * size
    if device.quirks.generic_list_key:
        key = "list"
    return {"total": len(rows), key: list(rows[start : start + size])}


def named_like(name: str, wanted: str | None) -> bool:
    """Return whether a fuzzy name filter lets the name pass."""
    return not wanted or wanted.casefold() in name.casefold()

"""One request of the manual: its number, what is checked, who answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.request_fields import Field

from .device import Device
from .error_codes import demand

type Fields = dict[str, Any]
type Answer = dict[str, Any] | list[Any] | str
type Handler = Callable[[Device, Fields], Awaitable[Answer]]

PAGE = 10


@dataclass(frozen=True, slots=True)
class Operation:
    """A POST to /api/json, or with `form` to /api/form.

    `everything` hands all text and file parts to the handler, not only the fields.
    """

    msg_id: int
    handler: Handler
    fields: tuple[Field, ...] = ()
    form: bool = False
    everything: bool = False


def window(
    device: Device, rows: Sequence[Any], request: Fields, longest: int
) -> list[Any]:
    """Return the rows that `start_no` and `qry_len` name."""
    length = request.get("qry_len", PAGE)
    if device.quirks.clamp_pages:
        length = min(length, longest)
    demand(length <= longest)
    start = request.get("start_no", 1) - 1
    return list(rows[start : start + length])


def page_of(device: Device, rows: Sequence[Any], request: Fields) -> dict[str, Any]:
    """Return `record` with the wanted rows, `result_num` and `total_num`."""
    record = window(device, rows, request, device.limits.page)
    return {"record": record, "result_num": len(record), "total_num": len(rows)}

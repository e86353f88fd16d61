"""Checks a request against the manual's field tables; rows that many tables have."""

from collections.abc import Iterable
from typing import Any

from simulators.request_fields import (
    Field,
    RequestCheck,
    array,
    each,
    group,
    integer,
    text,
)

from .error_codes import demand


def parse(
    fields: Iterable[Field], given: dict[str, Any], *, form: bool
) -> dict[str, Any]:
    """Return the known keys of a request, or refuse it with -3596."""
    check = RequestCheck()
    known = check.known(fields, given, texts=form)
    demand(not check.missing and not check.illegal)
    return known


def picture(name: str) -> Field:
    """Return a row for a base64 picture."""
    return group(name, *_PICTURE)


def pictures(name: str) -> Field:
    """Return a row for several base64 pictures."""
    return array(name, each(*_PICTURE), low=1)


_PICTURE = (text("filename"), text("data"))
PAGING = (
    integer("start_no", required=False, low=1),
    integer("qry_len", required=False, low=1),
)
SPAN = (text("start_time", required=False), text("stop_time", required=False))

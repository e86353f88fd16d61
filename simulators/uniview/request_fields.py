"""Checks a request against the manual's field tables; rows that many tables have."""

from collections.abc import Iterable
from typing import Any

from simulators.json_types import Json
from simulators.request_fields import Field, RequestCheck, integer

from .error_codes import Code, Refusal


def parse(fields: Iterable[Field], given: Json) -> dict[str, Any]:
    """Return the known keys of a request, or refuse it with code 2."""
    check = RequestCheck()
    if not isinstance(given, dict):
        raise Refusal(Code.INVALID_ARGUMENTS)
    known = check.known(fields, given)
    if check.missing or check.illegal:
        raise Refusal(Code.INVALID_ARGUMENTS)
    return known


PAGING = (integer("page", low=1), integer("pagesize", low=1))
SWITCH = (0, 1)

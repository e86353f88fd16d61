"""Checks a request against the manual's field tables; rows that many tables have."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from simulators.json_types import Json
from simulators.request_fields import (
    Field,
    Kind,
    RequestCheck,
    integer,
    text as text_in_characters,
)

from .error_codes import Code, Refusal

text = partial(text_in_characters, kind=Kind.TEXT_IN_BYTES)


def parse(
    fields: Iterable[Field], given: Json, *, texts: bool = False
) -> dict[str, Any]:
    """Return the known keys, or refuse: 104002 what is missing, 104001 what is wrong."""
    if not isinstance(given, Mapping):
        raise Refusal(Code.ILLEGAL_JSON_BODY)
    check = RequestCheck(null_is_missing=True)
    known = check.known(fields, given, texts=texts)
    if check.missing:
        raise Refusal(Code.MISSING_ARGUMENT, *check.missing)
    if check.illegal:
        raise Refusal(Code.ILLEGAL_ARGUMENT, *dict.fromkeys(check.illegal))
    return known


PAGING = (
    integer("pageOffset", 0, required=False),
    integer("pageToken", 0, required=False),
    integer("pageSize", 1, required=False),
)
SHORT_PAGING = (*PAGING[:2], integer("pageSize", 1, 30, required=False))
"""`pageSize` of /access is limited to 30."""
SPAN = (
    integer("timeStart", 0, required=False),
    integer("timeEnd", 0, required=False),
)

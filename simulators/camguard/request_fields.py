"""Types of the manual's parameter tables, as validators."""

import json
import re
from typing import Any

import voluptuous as vol

from simulators.json_types import Json
from simulators.validators import integer, table

_MD5 = re.compile(r"[0-9a-f]{32}")


def share(value: Json) -> float:
    """Check a number of 0 to 1."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise vol.Invalid("a number is expected")
    if not 0 <= value <= 1:
        raise vol.Invalid("out of range")
    return value


def md5(value: Json) -> str:
    """Check a password as it is sent."""
    if not isinstance(value, str) or not _MD5.fullmatch(value):
        raise vol.Invalid("an MD5 is expected")
    return value


def ids(value: Json) -> list[int]:
    """Return the different ids of a list such as "1,2"."""
    parts = TEXT(value).split(",") if value else []
    if not all(part.isdecimal() for part in parts):
        raise vol.Invalid("ids with commas between are expected")
    found = [int(part) for part in parts]
    if len(set(found)) != len(found):
        raise vol.Invalid("an id is there twice")
    return found


def config(value: Json) -> dict[str, Any]:
    """Return the object in a text such as {"ip":"127.0.0.1","port":10009} (7.1)."""
    try:
        document = json.loads(TEXT(value))
    except ValueError as error:
        raise vol.Invalid("a JSON text is expected") from error
    return dict(_STORAGE(document))


TEXT = vol.Schema(str)
NAME = vol.All(str, vol.Length(min=1))
IDS = vol.All(ids, vol.Length(min=1))
ID = integer(low=0)
_PAGE = {"page_no": integer(low=1), "page_size": integer(low=1)}
_STORAGE = vol.Schema(
    {vol.Required("ip"): NAME, vol.Required("port"): integer(1, 65535)}
)


def query(**filters: Any) -> vol.Schema:
    """Return the check of a list with optional filters."""
    return table(_PAGE, filters)


def only(**required: Any) -> vol.Schema:
    """Return the check of a request all of whose fields are required."""
    return table(required, {})

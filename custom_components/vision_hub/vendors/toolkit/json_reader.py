"""Reads JSON that comes from hubs, whatever they made of it.

Strictness belongs to what we send. What leaves here can be written again by everybody:
no number beyond 64 bits, no half of a character, nothing that is too deep.
"""

import asyncio
from codecs import BOM_UTF8
from typing import Final

import orjson

from ..model import Json
from .fields import Fields
from .http import BIG
from .json_repair import DEEPEST, repaired

_LEAST: Final = -float(2**63)
_MOST: Final = float(2**64)
_MOST_NESTED: Final = 1_000_000
"""Objects and arrays in one message."""

_BLANK: Final = BOM_UTF8 + b" \t\r\n\0"


def read_json(content: bytes) -> Json:
    """Read a message; an object is `Fields`. Raises ValueError.

    Text that is no UTF-8 is read as GB18030, else with replacement characters; a number
    that nobody can store is None, and so is what lies too deep; wrong commas and
    escapes do no harm.
    """
    if len(content) > BIG and content.count(b"{") + content.count(b"[") > _MOST_NESTED:
        raise ValueError("The message is absurdly big")
    try:
        value: Json = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = repaired(content)
    return _readable(value, DEEPEST)


async def read_big_json(content: bytes) -> Json:
    """Read a message of any size, a big one in a thread. Raises ValueError."""
    if len(content) > BIG:
        return await asyncio.to_thread(read_json, content)
    return read_json(content)


def is_json(content: bytes) -> bool:
    """Tell whether a body looks like JSON, whatever its type says."""
    return content[:64].lstrip(_BLANK)[:1] in (b"{", b"[")


def _readable(value: Json, depth: int) -> Json:
    if not depth:
        return None
    if isinstance(value, dict):
        fields = Fields(value)
        for key, item in value.items():
            kind = type(item)
            if kind is dict or kind is list:
                fields[key] = _readable(item, depth - 1)
            elif kind is float and not _LEAST <= item < _MOST:  # type: ignore[operator]
                fields[key] = None
        return fields
    if isinstance(value, list):
        for index, item in enumerate(value):
            kind = type(item)
            if kind is dict or kind is list:
                value[index] = _readable(item, depth - 1)
            elif kind is float and not _LEAST <= item < _MOST:  # type: ignore[operator]
                value[index] = None
        return value
    if isinstance(value, float) and not _LEAST <= value < _MOST:
        return None
    return value

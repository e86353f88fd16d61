"""Parameters of operations as a user gives them, and answers as a user gets them."""

import asyncio
import base64

from ..errors import InvalidRequest
from ..model import Json
from .base64_reader import decode_base64
from .connection import File
from .lenient import as_int


def number_of(value: object, thing: str) -> int:
    """Read the id of a thing, which is a number; raises InvalidRequest."""
    number = as_int(value)
    if number is None:
        raise InvalidRequest(f"There is no such {thing}")
    return number


def channel_number(channel: str | None) -> int:
    """Read the id of a channel, which is a number; raises InvalidRequest."""
    return number_of(channel, "channel")


def file_of(name: str, value: Json) -> bytes:
    """Decode a file that is given in base64; raises InvalidRequest."""
    content = decode_base64(value) if isinstance(value, str) else b""
    if content is None:
        raise InvalidRequest(f"{name} is no base64")
    if not content:
        raise InvalidRequest(f"{name} is empty")
    return content


async def answer_with(file: File) -> dict[str, Json]:
    """Return what an operation answers that has a file for an answer."""
    content = await asyncio.to_thread(base64.b64encode, file.content)
    return {"content_type": file.content_type, "content_base64": content.decode()}

"""Parameters of operations as a user gives them, and answers as a user gets them."""

import asyncio
import base64
import binascii

from ..errors import InvalidRequest
from ..model import Json
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
    text = value if isinstance(value, str) else ""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest(f"{name} is no base64") from error
    if not content:
        raise InvalidRequest(f"{name} is empty")
    return content


async def answer_with(file: File) -> dict[str, Json]:
    """Return what an operation answers that has a file for an answer."""
    content = await asyncio.to_thread(base64.b64encode, file.content)
    return {"content_type": file.content_type, "content_base64": content.decode()}

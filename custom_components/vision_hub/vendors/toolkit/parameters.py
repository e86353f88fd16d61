"""Parameters of operations as a user gives them."""

import base64
import binascii

from ..errors import InvalidRequest
from ..model import Json


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

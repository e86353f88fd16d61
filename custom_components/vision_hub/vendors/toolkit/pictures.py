"""Pictures as they come with messages."""

import binascii
from io import BytesIO
from typing import Final

from PIL import Image

MAX_PICTURE: Final = 16 * 1024 * 1024
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def decoded(encoded: str) -> bytes | None:
    """Decode a picture; None when it is none."""
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    if not encoded or len(encoded) > MAX_PICTURE // 3 * 4:
        return None
    try:
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        try:
            data = binascii.a2b_base64("".join(encoded.split()), strict_mode=True)
        except ValueError:
            return None
    return data if data.startswith(_MAGIC) else None


def is_picture(data: bytes) -> bool:
    """Tell whether bytes are a picture that the hub can take."""
    return len(data) <= MAX_PICTURE and data.startswith(_MAGIC)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Read width and height in the head of a picture; None when it has none."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            return picture.size
    except OSError, ValueError, SyntaxError, Image.DecompressionBombError:
        return None

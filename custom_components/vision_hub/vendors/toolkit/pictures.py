"""Pictures as they come with messages."""

from io import BytesIO
from typing import Final

from PIL import Image

from .base64_reader import decode_base64

MAX_PICTURE: Final = 16 * 1024 * 1024
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def decoded(encoded: str) -> bytes | None:
    """Decode a picture; None when it is none."""
    if not encoded or len(encoded) > MAX_PICTURE * 3 // 2:
        return None
    data = decode_base64(encoded)
    return data if data and is_picture(data) else None


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

"""Small pictures, made once and kept beside the pictures that they were made of."""

from io import BytesIO
from typing import Final

from ...vendors.decoding import Undecodable, opened

SIZE: Final = (320, 320)


def thumbnail_of(content: bytes) -> bytes:
    """Make a small JPEG; nothing of what is damaged or too big."""
    try:
        with opened(content) as picture:
            picture.draft("RGB", SIZE)
            picture.thumbnail(SIZE)
            buffer = BytesIO()
            picture.convert("RGB").save(buffer, "JPEG", quality=80)
    except Undecodable:
        return b""
    return buffer.getvalue()

"""Faces as devices take them: small, and not too wide (14.12, 20.4)."""

import asyncio
import base64
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from ...errors import InvalidRequest
from ...toolkit.pictures import is_picture, size_of

MAX_SIDE: Final = 1200
MAX_ENCODED: Final = 40 * 1024
"""Bytes of base64 beyond which an import may fail (20.4)."""

_QUALITIES: Final = (90, 80, 70, 55, 40)
_SHRINK: Final = 0.75
_LEAST_SIDE: Final = 100


async def encoded(picture: bytes) -> str:
    """Return base64 of a picture that every device takes, or raise InvalidRequest."""
    if not is_picture(picture):
        raise InvalidRequest("The picture is neither JPEG nor PNG, or too big")
    return await asyncio.to_thread(_encode, picture)


def _encode(picture: bytes) -> str:
    size = size_of(picture)
    if size is None:
        raise InvalidRequest("The picture is damaged")
    if max(size) > MAX_SIDE or _length(picture) > MAX_ENCODED:
        picture = _fitted(picture)
    return base64.b64encode(picture).decode()


def _length(picture: bytes) -> int:
    return (len(picture) + 2) // 3 * 4


def _fitted(picture: bytes) -> bytes:
    try:
        with Image.open(BytesIO(picture), formats=("JPEG", "PNG")) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidRequest("The picture is damaged") from error
    side = min(MAX_SIDE, max(image.size))
    while side >= _LEAST_SIDE:
        image.thumbnail((side, side))
        for quality in _QUALITIES:
            buffer = BytesIO()
            image.save(buffer, "JPEG", quality=quality)
            if _length(fitted := buffer.getvalue()) <= MAX_ENCODED:
                return fitted
        side = int(side * _SHRINK)
    raise InvalidRequest("The picture cannot be made small enough")

"""Faces as devices take them: small, and not too wide (14.12, 20.4)."""

import base64
from io import BytesIO
from typing import Final

from PIL import ImageOps

from ...decoding import Undecodable, in_turn, opened
from ...errors import InvalidRequest
from ...toolkit.picture_limits import PictureLimits
from ...toolkit.pictures import size_of

ACCEPTED: Final = PictureLimits()
"""What we make fit."""
MAX_SIDE: Final = 1200
MAX_ENCODED: Final = 40 * 1024
"""Bytes of base64 beyond which an import may fail (20.4)."""
LIMITS: Final = PictureLimits(most_bytes=MAX_ENCODED // 4 * 3, longest_side=MAX_SIDE)
"""14.12"""

_QUALITIES: Final = (90, 80, 70, 55, 40)
_SHRINK: Final = 0.75
_LEAST_SIDE: Final = 100


async def encode_face_picture(picture: bytes) -> str:
    """Return base64 of a picture that every device takes, or raise InvalidRequest."""
    await ACCEPTED.check(picture)
    return await in_turn(_encode, picture)


def _encode(picture: bytes) -> str:
    size = size_of(picture)
    if size is None:
        raise InvalidRequest("The picture is damaged")
    if not LIMITS.has_room_for(size) or len(picture) > LIMITS.most_bytes:
        picture = _shrink(picture)
    return base64.b64encode(picture).decode()


def _shrink(picture: bytes) -> bytes:
    try:
        with opened(picture, ("JPEG", "PNG")) as original:
            original.thumbnail((MAX_SIDE, MAX_SIDE))
            image = ImageOps.exif_transpose(original).convert("RGB")
    except Undecodable as error:
        raise InvalidRequest(f"The picture is damaged: {error}") from error
    side = max(image.size)
    while side >= _LEAST_SIDE:
        image.thumbnail((side, side))
        for quality in _QUALITIES:
            buffer = BytesIO()
            image.save(buffer, "JPEG", quality=quality)
            if len(fitted := buffer.getvalue()) <= LIMITS.most_bytes:
                return fitted
        side = int(side * _SHRINK)
    raise InvalidRequest("The picture cannot be made small enough")

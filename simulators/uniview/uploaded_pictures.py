"""Pictures that are uploaded as base64."""

import asyncio
import base64
import binascii
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from .device import Device
from .error_codes import Code, Refusal


def _inspect(content: bytes, pixels: int) -> tuple[int, int]:
    """Return the size of a JPEG that decodes; raise ValueError for anything else."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as image:
            if image.width * image.height > pixels:
                raise OverflowError
            image.load()
            return image.size
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("not a JPEG") from error


async def received_picture(
    device: Device, encoded: str, *, wrong: Code, too_large: Code
) -> tuple[bytes, bool]:
    """Return an uploaded JPEG and whether it can be modelled.

    Refused with `wrong` when it is no bare base64 of a JPEG, with `too_large` beyond
    the limits of the device.
    """
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(wrong) from error
    if len(content) > device.limits.picture_bytes:
        raise Refusal(too_large)
    try:
        size = await asyncio.to_thread(_inspect, content, device.limits.picture_pixels)
    except OverflowError as error:
        raise Refusal(too_large) from error
    except ValueError as error:
        raise Refusal(wrong) from error
    large_enough = min(size) >= device.limits.smallest_face
    return content, large_enough and not device.modelling_fails

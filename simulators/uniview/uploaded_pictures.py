"""Pictures that are uploaded as base64."""

import asyncio
import base64
import binascii

from simulators.received_picture import WrongPictureError, WrongSizeError, read_picture

from .device import Device
from .error_codes import Code, Refusal


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
    pixels = device.limits.picture_pixels
    try:
        image = await asyncio.to_thread(
            read_picture, content, ("JPEG",), lambda w, h: w * h <= pixels
        )
    except WrongSizeError as error:
        raise Refusal(too_large) from error
    except WrongPictureError as error:
        raise Refusal(wrong) from error
    large_enough = min(image.size) >= device.limits.smallest_face
    return content, large_enough and not device.modelling_fails

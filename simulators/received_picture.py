"""Pictures that somebody sent: whether they are what they should be."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image


class WrongPictureError(Exception):
    """It is no picture of the formats that are taken."""


class WrongSizeError(WrongPictureError):
    """It has too few or too many pixels."""


def read_picture(
    content: bytes, formats: tuple[str, ...], fits: Callable[[int, int], bool]
) -> Image.Image:
    """Return a picture that decodes and whose width and height fit.

    Slow enough to be called in a thread.
    """
    try:
        with Image.open(BytesIO(content), formats=formats) as image:
            if not fits(*image.size):
                raise WrongSizeError
            image.load()
            return image
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise WrongPictureError from error

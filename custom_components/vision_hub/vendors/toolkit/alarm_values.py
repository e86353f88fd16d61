"""What alarms of all vendors are made of: ids, similarities, boxes."""

import hashlib

from ..model import Box
from .lenient import as_number
from .pictures import size_of


def content_hash(content: bytes) -> str:
    """Name something by what it is."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def as_percent(value: object) -> float | None:
    """Read a similarity, and keep it within percent."""
    number = as_number(value)
    return None if number is None else min(max(number, 0.0), 100.0)


def box_in_scene(
    left: float, top: float, right: float, bottom: float, scene: bytes
) -> Box | None:
    """Make fractions of pixels; None where these are no pixels of the scene."""
    if (size := size_of(scene)) is None:
        return None
    width, height = size
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        return None
    return Box(left / width, top / height, right / width, bottom / height)

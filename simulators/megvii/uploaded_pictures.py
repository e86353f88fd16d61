"""Pictures that come with a request: limits, the face in them, its features."""

import base64
from dataclasses import dataclass
from hashlib import md5

from simulators import pictures
from simulators.picture_similarity import features_of
from simulators.received_picture import WrongPictureError, WrongSizeError, read_picture

from .error_codes import Code, Refusal, demand
from .models import Rect

_FORMATS = ("JPEG", "PNG", "BMP")
_BYTES = 4 * 1024 * 1024
_SIDES = (100, 4096)


@dataclass(frozen=True, slots=True)
class FacePicture:
    """What the analysis finds: the largest face (`rect`), a crop of it."""

    rect: Rect
    features: tuple[float, ...]
    crop: bytes
    size: tuple[int, int]

    @property
    def quality(self) -> float:
        """Return the quality of the face, 0 to 1."""
        return round(min(0.99, 0.5 + min(self.size) / 1200), 2)


def image_id(content: bytes) -> str:
    """Return Base64 of the 16 MD5 bytes, for URLs (5.1.1)."""
    digest = md5(content, usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _fits(width: int, height: int) -> bool:
    return _SIDES[0] <= min(width, height) and max(width, height) <= _SIDES[1]


def inspect(content: bytes, *, face: bool = True) -> FacePicture:
    """Look at a picture, or refuse: 104201 not within the limits, 104200 no face.

    Any picture that is not of one colour is taken for a face. Slow enough to be
    called in a thread.
    """
    demand(len(content) <= _BYTES, Code.BAD_QUALITY, "INVALID_SIZE")
    try:
        image = read_picture(content, _FORMATS, _fits).convert("RGB")
    except WrongSizeError as error:
        raise Refusal(Code.BAD_QUALITY, "INVALID_RESOLUTION") from error
    except WrongPictureError as error:
        raise Refusal(Code.BAD_QUALITY, "INVALID_TYPE") from error
    width, height = image.size
    features = features_of(image)
    if features is None and face:
        raise Refusal(Code.FACE_NOT_FOUND)
    box = (width // 5, height // 6, width * 4 // 5, height * 4 // 5)
    crop = pictures.jpeg(image.crop(box))
    return FacePicture(rect_of(box), features or (), crop, (width, height))


def rect_of(box: tuple[int, int, int, int]) -> Rect:
    """Return left, top, right, bottom by name."""
    return dict(zip(("left", "top", "right", "bottom"), box, strict=True))

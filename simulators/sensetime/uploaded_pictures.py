"""Pictures that come with a request: as file part or as base64 text."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from simulators.form_data import Upload
from simulators.picture_similarity import features_of, similarity_of
from simulators.received_picture import WrongPictureError, read_picture

from .error_codes import Code, Refusal, demand

_FORMATS = ("JPEG", "PNG", "BMP", "TIFF")
_SMALLEST = 40
_LARGEST = 40_000_000


@dataclass(frozen=True, slots=True)
class FacePicture:
    """What the analysis finds in a picture. `box` is left, top, right, bottom."""

    suffix: str
    quality: int
    box: tuple[int, int, int, int]
    features: tuple[float, ...]


def decoded(picture: dict[str, Any], *, data_uri: bool) -> Upload:
    """Return a base64 picture as a file, or refuse it with -1104."""
    data: str = picture["data"]
    if data_uri and data.startswith("data:"):
        data = data.partition(",")[2]
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(Code.BAD_PICTURE) from error
    return Upload(picture["filename"], content)


def inspect(content: bytes) -> FacePicture:
    """Find the face, or refuse: -1104 no picture, -1101 no face, -1102 too small.

    Any picture that is not of one colour is taken for a face.
    """
    try:
        image = read_picture(content, _FORMATS, lambda w, h: w * h <= _LARGEST)
    except WrongPictureError as error:
        raise Refusal(Code.BAD_PICTURE) from error
    width, height = image.size
    features = features_of(image)
    if features is None:
        raise Refusal(Code.NO_FACE)
    demand(min(width, height) >= _SMALLEST, Code.LOW_QUALITY)
    return FacePicture(
        str(image.format).lower().replace("jpeg", "jpg"),
        min(99, 50 + min(width, height) // 6),
        (width // 5, height // 6, width * 4 // 5, height * 4 // 5),
        features,
    )


def similarity(first: FacePicture, second: FacePicture) -> int:
    """Return how alike two faces are, 0 to 100."""
    return round(similarity_of(first.features, second.features))


def feature_text(features: tuple[float, ...]) -> str:
    """Return a feature vector as the samples of 7.4 write it."""
    return "".join(f"{(value + 1) * 250:.6f}," for value in features[::8])

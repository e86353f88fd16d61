"""Which pictures a hub takes."""

from io import BytesIO

from PIL import Image
import pytest

from custom_components.vision_hub.vendors.errors import InvalidRequest
from custom_components.vision_hub.vendors.toolkit.picture_limits import (
    BMP,
    JPEG,
    PNG,
    TIFF,
    PictureFormat,
    PictureLimits,
)

LIMITS = PictureLimits(
    formats=(JPEG, PNG, BMP, TIFF),
    most_bytes=100_000,
    shortest_side=100,
    longest_side=400,
)


def picture(name: str, width: int = 100, height: int = 100) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height)).save(buffer, name)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [JPEG, PNG, BMP, TIFF])
async def test_every_format_is_known(kind: PictureFormat) -> None:
    assert await LIMITS.check(picture(kind.name)) is kind


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GIF89a", id="another format"),
        pytest.param(picture("JPEG") + bytes(100_000), id="too many bytes"),
        pytest.param(picture("PNG", 99, 200), id="a side too short"),
        pytest.param(picture("PNG", 401, 200), id="a side too long"),
    ],
)
async def test_what_a_hub_does_not_take(content: bytes) -> None:
    with pytest.raises(InvalidRequest):
        await LIMITS.check(content)


@pytest.mark.parametrize("size", [(100, 400), (400, 100)])
async def test_limits_are_included(size: tuple[int, int]) -> None:
    assert await LIMITS.check(picture("PNG", *size)) is PNG


async def test_what_is_not_stated_is_not_limited() -> None:
    limits = PictureLimits()
    assert await limits.check(picture("JPEG", 1, 3000)) is JPEG
    with pytest.raises(InvalidRequest, match="JPEG, PNG"):
        await limits.check(picture("BMP"))


async def test_a_picture_that_tells_no_size_is_left_to_the_hub() -> None:
    assert await LIMITS.check(b"\xff\xd8\xff damaged") is JPEG

"""The colours of heat maps (20.3)."""

from bisect import bisect_right
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from ..errors import UnexpectedAnswer, Unsupported
from ..toolkit.base64_reader import decode_base64

# The first value of each colour; what is cooler cannot be seen.
_FIRST: Final = (
    *(12, 24, 35, 47, 58, 70, 82, 93, 105, 116, 128),
    *(140, 151, 163, 174, 186, 198, 209, 221, 232, 244),
)
_RAMP: Final = (0, 51, 102, 153, 204, 255)
_COLORS: Final = (
    *((0, green, 255) for green in _RAMP),
    *((0, 255, blue) for blue in reversed(_RAMP[:-1])),
    *((red, 255, 0) for red in _RAMP[1:]),
    *((255, green, 0) for green in reversed(_RAMP[:-1])),
)
_ALPHA: Final = 0x55

_BAR: Final = (20, 120)
"""Width with its gap and greatest height, in pixels."""

MAX_BARS: Final = 366
MAX_PIXELS: Final = 16 * 1024 * 1024


def color_of(heat: int) -> tuple[int, int, int, int]:
    """Return red, green, blue and alpha of a value from 0 to 255."""
    place = bisect_right(_FIRST, heat)
    return (*_COLORS[place - 1], _ALPHA) if place else (0, 0, 0, 0)


_PALETTE: Final = bytes(part for heat in range(256) for part in color_of(heat)[:3])
_TRANSPARENCY: Final = bytes(color_of(heat)[3] for heat in range(256))


def draw_heat_map(width: int, height: int, encoded: str) -> bytes:
    """Make a PNG out of base64 of one byte for each pixel, row by row.

    Raises Unsupported when there is nothing in it. Takes its time.
    """
    if width <= 0 or height <= 0 or not encoded:
        raise Unsupported("There is no heat map of this time")
    if width * height > MAX_PIXELS or len(encoded) > MAX_PIXELS * 2:
        raise UnexpectedAnswer("The heat map is too big")
    heats = decode_base64(encoded)
    if heats is None:
        raise UnexpectedAnswer("The heat map is no base64")
    if len(heats) != width * height:
        raise UnexpectedAnswer("The heat map has not the size that it tells")
    picture = Image.frombytes("P", (width, height), heats)
    picture.putpalette(_PALETTE)
    content = BytesIO()
    picture.save(content, "PNG", transparency=_TRANSPARENCY)
    return content.getvalue()


def draw_bars(counts: Sequence[int]) -> bytes:
    """Make a PNG with a bar for each count, the highest in the hottest colour.

    Raises Unsupported when there is nothing to count. Takes its time.
    """
    if not counts or len(counts) > MAX_BARS:
        raise Unsupported("There is no heat map of this time")
    width, height = _BAR
    picture = Image.new("RGBA", (width * len(counts), height))
    draw = ImageDraw.Draw(picture)
    most = max(*counts, 1)
    for number, count in enumerate(counts):
        share = max(count, 0) / most
        top = height - 1 - round(share * (height - 1))
        left = width * number
        # Cold is blue, not transparent: no bar shall be missing.
        color = color_of(max(round(share * 255), _FIRST[0]))[:3]
        draw.rectangle((left, top, left + width - 3, height - 1), (*color, 255))
    content = BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()

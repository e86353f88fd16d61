"""Drawn pictures for alarms: scenes with a marked target, invented faces.

Drawing takes tens of milliseconds: call it in a thread from a coroutine.
"""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
import random
import time

from PIL import Image, ImageDraw, ImageFont

from .scene_backgrounds import BACKGROUNDS, WIDTH_HEIGHT, background
from .scene_figures import FIGURES, figure

__all__ = [
    "WIDTH_HEIGHT",
    "Box",
    "cutout",
    "face",
    "face_of",
    "huge",
    "in_pixels",
    "jpeg",
    "padded",
    "place_target",
    "scene",
]

# Left, top, right, bottom on the 0..10000 scale of the frame.
type Box = tuple[int, int, int, int]
type Colour = tuple[int, int, int]

_MARK = (230, 60, 50)
_SKINS = ((255, 219, 184), (241, 194, 150), (214, 160, 115), (150, 100, 68))
_HAIRS = ((44, 34, 30), (92, 58, 36), (168, 120, 62), (206, 190, 170), (120, 44, 30))
_CLOTHES = ((52, 92, 140), (150, 62, 70), (70, 120, 92), (110, 90, 140), (70, 74, 84))
_WALLS = ((206, 216, 224), (224, 216, 204), (210, 222, 210), (220, 212, 224))


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Return the picture as JPEG."""
    stream = BytesIO()
    image.convert("RGB").save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def padded(picture: bytes, size: int) -> bytes:
    """Return a JPEG of exactly `size` bytes by adding comment segments.

    A picture that is already larger, or too near to `size`, is returned as it is.
    """
    missing = size - len(picture)
    if missing < 4:
        return picture
    segments = bytearray()
    while missing:
        length = min(missing, 65_537)
        if 0 < missing - length < 4:
            length -= 4
        segments += b"\xff\xfe" + (length - 2).to_bytes(2) + b"." * (length - 4)
        missing -= length
    return picture[:2] + bytes(segments) + picture[2:]


def huge(size: int) -> bytes:
    """Return a valid JPEG of exactly `size` bytes (at least some thousand)."""
    return padded(jpeg(Image.new("RGB", (64, 48), (90, 110, 130)), 70), size)


def place_target(target: str, rng: random.Random) -> Box:
    """Return where a target stands, standing on the floor of the picture."""
    width, height = FIGURES.get(target, FIGURES["person"]).size
    scale = rng.uniform(0.9, 1.25)
    wide = int(width * scale * 10_000 / WIDTH_HEIGHT[0])
    tall = int(height * scale * 10_000 / WIDTH_HEIGHT[1])
    left = rng.randrange(1000, max(1001, 9000 - wide))
    bottom = rng.randrange(7800, 9400)
    return left, max(600, bottom - tall), left + wide, bottom


def in_pixels(box: Box, size: tuple[int, int] = WIDTH_HEIGHT) -> Box:
    """Return a box in pixels of a picture."""
    wide, high = size
    left, top, right, bottom = box
    return (
        left * wide // 10_000,
        top * high // 10_000,
        right * wide // 10_000,
        bottom * high // 10_000,
    )


def face_of(box: Box) -> Box:
    """Return where the face of a person is who stands in a box."""
    left, top, right, bottom = box
    quarter = (right - left) // 4
    return left + quarter, top, right - quarter, top + (bottom - top) // 6


def scene(
    place: str,
    *,
    channel_name: str,
    at: float,
    target: str = "person",
    label: str = "",
    box: Box = (4000, 3000, 5000, 8000),
    seed: int = 0,
) -> bytes:
    """Draw what a camera sees: place, bystander, marked target, clock and name.

    `at` is Unix seconds, shown in local time.
    """
    rng = random.Random(seed)
    image = background(place if place in BACKGROUNDS else "shop").copy()
    if rng.random() < 0.6:
        _put(image, "worker", place_target("worker", rng), rng.random())
    _put(image, target, box, rng.random())
    draw = ImageDraw.Draw(image, "RGBA")
    left, top, right, bottom = in_pixels(box, image.size)
    margin = 8
    frame = (left - margin, top - margin, right + margin, bottom + margin)
    draw.rounded_rectangle(frame, radius=6, outline=_MARK, width=4)
    if label:
        font = _font(22)
        wide = int(draw.textlength(label, font=font)) + 16
        tag_top = max(0, frame[1] - 32)
        tag_left = min(frame[0], image.width - wide)
        draw.rounded_rectangle(
            (tag_left, tag_top, tag_left + wide, tag_top + 30), 6, fill=_MARK
        )
        draw.text((tag_left + 8, tag_top + 2), label, font=font, fill="white")
    _caption(draw, image.size, channel_name, at)
    return jpeg(image)


def _caption(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], name: str, at: float
) -> None:
    font = _font(26)
    clock = time.strftime("%Y-%m-%d  %H:%M:%S", time.localtime(at))
    for text, left, top in (
        (clock, 24, 18),
        (name, 24, size[1] - 50),
    ):
        draw.text(
            (left, top),
            text,
            font=font,
            fill="white",
            stroke_width=2,
            stroke_fill=(20, 24, 28),
        )


def _put(image: Image.Image, name: str, box: Box, variety: float) -> None:
    width, height = image.size
    size = (
        max(8, (box[2] - box[0]) * width // 10_000),
        max(8, (box[3] - box[1]) * height // 10_000),
    )
    sprite = figure(name, variety).resize(size, Image.Resampling.LANCZOS)
    corner = (box[0] * width // 10_000, box[1] * height // 10_000)
    image.paste(sprite, corner, sprite)


def cutout(target: str, seed: int) -> bytes:
    """Draw a target alone on plain ground, as a device cuts it out of its scene."""
    variety = seed % 97 / 97
    sprite = figure(target, variety)
    margin = 25
    size = (sprite.width + 2 * margin, sprite.height + 2 * margin)
    image = Image.new("RGB", size, (196, 200, 206))
    image.paste(sprite, (margin, margin), sprite)
    return jpeg(image)


def face(seed: int, *, glasses: bool = False, mask: bool = False) -> bytes:
    """Draw the portrait of an invented person; a seed always gives the same one."""
    rng = random.Random(seed)
    scale = 3
    image = Image.new("RGB", (240 * scale, 300 * scale), rng.choice(_WALLS))
    draw = ImageDraw.Draw(image)

    def at(*points: float) -> tuple[float, ...]:
        return tuple(point * scale for point in points)

    skin, hair = rng.choice(_SKINS), rng.choice(_HAIRS)
    long_hair = rng.random() < 0.5
    shade: Colour = (skin[0] * 9 // 10, skin[1] * 86 // 100, skin[2] * 82 // 100)
    if long_hair:
        draw.rounded_rectangle(at(52, 70, 188, 236), 50 * scale, fill=hair)
    draw.rounded_rectangle(at(24, 226, 216, 380), 60 * scale, fill=rng.choice(_CLOTHES))
    draw.rounded_rectangle(at(98, 190, 142, 246), 16 * scale, fill=shade)
    for ear in (56, 168):
        draw.ellipse(at(ear, 128, ear + 18, 162), fill=shade)
    draw.ellipse(at(62, 58, 178, 218), fill=skin)
    draw.pieslice(at(58, 44, 182, 178), 180, 360, fill=hair)
    if rng.random() < 0.6:
        draw.polygon(at(60, 112, 120, 112, 70, 140), fill=hair)
    _features(draw, at, scale, hair, shade, rng=rng)
    if glasses:
        for eye in (80, 124):
            draw.rounded_rectangle(
                at(eye, 124, eye + 36, 152),
                8 * scale,
                outline=(40, 44, 52),
                width=3 * scale,
            )
        draw.line(at(116, 136, 124, 136), fill=(40, 44, 52), width=3 * scale)
    if mask:
        draw.rounded_rectangle(at(74, 156, 166, 210), 22 * scale, fill=(196, 222, 236))
    return jpeg(image.reduce(scale), 88)


def _features(
    draw: ImageDraw.ImageDraw,
    at: Callable[..., tuple[float, ...]],
    scale: int,
    hair: Colour,
    shade: Colour,
    *,
    rng: random.Random,
) -> None:
    iris = rng.choice(((70, 50, 38), (64, 96, 130), (74, 104, 70)))
    for eye in (86, 130):
        draw.ellipse(at(eye, 130, eye + 24, 146), fill="white")
        draw.ellipse(at(eye + 7, 131, eye + 19, 145), fill=iris)
        draw.ellipse(at(eye + 10, 134, eye + 16, 141), fill=(16, 16, 18))
        draw.line(at(eye - 2, 120, eye + 26, 118), fill=hair, width=5 * scale)
    draw.arc(at(108, 142, 132, 172), 20, 160, fill=shade, width=4 * scale)
    smile = rng.randrange(30, 60)
    draw.arc(
        at(94, 150, 146, 194), smile, 180 - smile, fill=(168, 74, 70), width=5 * scale
    )

"""Figures that stand in the drawn scenes: people, vehicles, fire, boxes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

_SCALE = 3
_SHIRTS = ((58, 110, 165), (196, 84, 60), (84, 140, 96), (130, 100, 160), (90, 96, 104))
_SKIN = (236, 190, 150)
_DARK = (52, 56, 66)
_CARS = ((190, 60, 56), (64, 96, 150), (210, 210, 214), (70, 74, 80))

type _Draw = Callable[[ImageDraw.ImageDraw, int], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """How large a figure is in a 1280x720 picture (pixels) and how it is drawn."""

    size: tuple[int, int]
    draw: _Draw


def _s(*values: float) -> tuple[float, ...]:
    return tuple(value * _SCALE for value in values)


def _person(
    draw: ImageDraw.ImageDraw,
    variety: int,
    *,
    left: float = 0,
    top: float = 0,
    helmet: bool = False,
    vest: bool = False,
) -> None:
    shirt = _SHIRTS[variety % len(_SHIRTS)]

    def s(*values: float) -> tuple[float, ...]:
        return _s(
            *(
                value + (left if index % 2 == 0 else top)
                for index, value in enumerate(values)
            )
        )

    draw.ellipse(s(14, 276, 96, 294), fill=(0, 0, 0, 70))
    for leg in (34, 58):
        draw.rounded_rectangle(s(leg, 160, leg + 20, 284), 8 * _SCALE, fill=_DARK)
        draw.rounded_rectangle(
            s(leg - 4, 274, leg + 20, 288), 6 * _SCALE, fill=(30, 32, 38)
        )
    for arm in (16, 80):
        draw.rounded_rectangle(s(arm, 72, arm + 16, 164), 8 * _SCALE, fill=shirt)
        draw.ellipse(s(arm, 154, arm + 16, 172), fill=_SKIN)
    draw.rounded_rectangle(s(26, 64, 86, 176), 18 * _SCALE, fill=shirt)
    if vest:
        draw.rounded_rectangle(s(28, 66, 84, 160), 14 * _SCALE, fill=(240, 150, 40))
        for stripe in (100, 130):
            draw.rectangle(s(28, stripe, 84, stripe + 9), fill=(240, 240, 220))
    draw.rectangle(s(48, 52, 64, 70), fill=_SKIN)
    draw.ellipse(s(36, 10, 76, 60), fill=_SKIN)
    if helmet:
        draw.pieslice(s(32, 2, 80, 58), 180, 360, fill=(250, 206, 60))
        draw.rounded_rectangle(s(28, 27, 84, 35), 4 * _SCALE, fill=(236, 190, 40))
    else:
        draw.pieslice(s(34, 4, 78, 56), 180, 360, fill=(60, 44, 36))


def _smoker(draw: ImageDraw.ImageDraw, variety: int) -> None:
    _person(draw, variety)
    draw.line(_s(74, 46, 94, 42), fill="white", width=4 * _SCALE)
    draw.ellipse(_s(91, 38, 99, 46), fill=(240, 120, 40))


def _worker(draw: ImageDraw.ImageDraw, variety: int) -> None:
    _person(draw, variety, helmet=True, vest=True)


def _lying(draw: ImageDraw.ImageDraw, variety: int) -> None:
    shirt = _SHIRTS[variety % len(_SHIRTS)]
    draw.ellipse(_s(6, 74, 294, 108), fill=(0, 0, 0, 70))
    for leg in (52, 74):
        draw.rounded_rectangle(_s(168, leg, 290, leg + 20), 9 * _SCALE, fill=_DARK)
    draw.rounded_rectangle(_s(66, 42, 184, 98), 20 * _SCALE, fill=shirt)
    draw.rounded_rectangle(_s(76, 84, 160, 102), 9 * _SCALE, fill=shirt)
    draw.ellipse(_s(14, 44, 66, 88), fill=_SKIN)
    draw.pieslice(_s(8, 40, 60, 90), 90, 270, fill=(60, 44, 36))


def _crowd(draw: ImageDraw.ImageDraw, variety: int) -> None:
    for index, (left, top) in enumerate(((20, 0), (150, 4), (270, 0), (85, 24))):
        _person(draw, variety + index, left=left, top=top)
    _person(draw, variety + 4, left=210, top=26)


def _vehicle(draw: ImageDraw.ImageDraw, variety: int) -> None:
    paint = _CARS[variety % len(_CARS)]
    draw.ellipse(_s(6, 140, 394, 178), fill=(0, 0, 0, 80))
    draw.polygon(_s(88, 66, 134, 16, 268, 16, 316, 66), fill=paint)
    draw.polygon(_s(108, 64, 142, 26, 194, 26, 194, 64), fill=(176, 206, 220))
    draw.polygon(_s(204, 64, 204, 26, 262, 26, 296, 64), fill=(176, 206, 220))
    draw.rounded_rectangle(_s(16, 62, 386, 140), 24 * _SCALE, fill=paint)
    draw.rounded_rectangle(_s(362, 82, 386, 100), 6 * _SCALE, fill=(255, 240, 180))
    draw.rounded_rectangle(_s(16, 82, 32, 104), 6 * _SCALE, fill=(200, 40, 40))
    for wheel in (66, 272):
        draw.ellipse(_s(wheel, 102, wheel + 64, 166), fill=(34, 36, 40))
        draw.ellipse(_s(wheel + 18, 120, wheel + 46, 148), fill=(170, 174, 180))


def _bicycle(draw: ImageDraw.ImageDraw, _: int) -> None:
    for wheel in (10, 150):
        draw.ellipse(
            _s(wheel, 60, wheel + 90, 150), outline=(40, 42, 48), width=7 * _SCALE
        )
    frame = (55, 105, 100, 48, 172, 48, 120, 105, 55, 105)
    draw.line(_s(*frame), fill=(40, 140, 150), width=8 * _SCALE, joint="curve")
    draw.line(_s(195, 105, 172, 22, 150, 18), fill=(40, 140, 150), width=8 * _SCALE)
    draw.line(_s(100, 48, 92, 28), fill=(40, 140, 150), width=7 * _SCALE)
    draw.rounded_rectangle(_s(70, 20, 116, 32), 6 * _SCALE, fill=(40, 42, 48))


def _fire(draw: ImageDraw.ImageDraw, _: int) -> None:
    draw.ellipse(_s(10, 176, 190, 206), fill=(30, 20, 16, 150))
    flames = (
        (
            (240, 80, 30),
            (
                20,
                190,
                8,
                110,
                50,
                60,
                60,
                100,
                92,
                4,
                122,
                84,
                150,
                44,
                194,
                130,
                176,
                190,
            ),
        ),
        (
            (250, 150, 40),
            (
                44,
                190,
                40,
                130,
                72,
                100,
                84,
                120,
                104,
                50,
                128,
                120,
                146,
                100,
                164,
                140,
                156,
                190,
            ),
        ),
        ((255, 226, 110), (72, 190, 72, 150, 100, 104, 120, 150, 134, 190)),
    )
    for colour, points in flames:
        draw.polygon(_s(*points), fill=colour)


def _smoke(draw: ImageDraw.ImageDraw, _: int) -> None:
    puffs = (
        (80, 190, 60),
        (120, 180, 60),
        (70, 140, 70),
        (130, 120, 76),
        (90, 80, 80),
        (150, 60, 70),
        (110, 50, 60),
    )
    for x, y, radius in puffs:
        draw.ellipse(
            _s(x - radius, y - radius, x + radius, y + radius),
            fill=(120, 122, 128, 110),
        )


def _boxes(draw: ImageDraw.ImageDraw, _: int) -> None:
    draw.ellipse(_s(6, 180, 254, 206), fill=(0, 0, 0, 70))
    for left, top, width in ((14, 100, 96), (112, 92, 104), (60, 10, 96)):
        right, bottom = left + width, top + 92
        draw.rectangle(_s(left, top, right, bottom), fill=(196, 152, 100))
        draw.rectangle(
            _s(left, top, right, bottom), outline=(140, 104, 62), width=3 * _SCALE
        )
        draw.rectangle(
            _s(left + width * 0.42, top, left + width * 0.58, bottom),
            fill=(222, 190, 140),
        )


def _empty(draw: ImageDraw.ImageDraw, _: int) -> None:
    draw.rounded_rectangle(_s(40, 90, 120, 110), 8 * _SCALE, fill=(70, 76, 88))
    draw.rounded_rectangle(_s(108, 10, 124, 108), 8 * _SCALE, fill=(70, 76, 88))
    draw.rectangle(_s(76, 108, 84, 170), fill=(48, 52, 60))
    for foot in (44, 76, 106):
        draw.ellipse(_s(foot, 164, foot + 12, 176), fill=(30, 32, 38))


FIGURES: dict[str, Figure] = {
    "person": Figure((110, 296), _person),
    "worker": Figure((110, 296), _worker),
    "smoker": Figure((110, 296), _smoker),
    "lying": Figure((300, 112), _lying),
    "crowd": Figure((390, 326), _crowd),
    "vehicle": Figure((400, 182), _vehicle),
    "bicycle": Figure((250, 156), _bicycle),
    "fire": Figure((204, 210), _fire),
    "smoke": Figure((230, 260), _smoke),
    "boxes": Figure((260, 208), _boxes),
    "empty": Figure((160, 180), _empty),
}


@lru_cache(maxsize=64)
def _drawn(name: str, variety: int) -> Image.Image:
    shape = FIGURES.get(name) or FIGURES["person"]
    width, height = shape.size
    image = Image.new("RGBA", (width * _SCALE, height * _SCALE))
    shape.draw(ImageDraw.Draw(image, "RGBA"), variety)
    if name == "smoke":
        image = image.filter(ImageFilter.GaussianBlur(8 * _SCALE))
    return image.reduce(2)


def figure(name: str, variety: float) -> Image.Image:
    """Return a figure on a transparent ground; `variety` 0..1 picks its colours."""
    return _drawn(name, int(variety * 20))

"""Places that the drawn cameras look at."""

from collections.abc import Callable
from functools import lru_cache
import random

from PIL import Image, ImageDraw

WIDTH_HEIGHT = (1280, 720)

type Colour = tuple[int, int, int]


def _gradient(
    draw: ImageDraw.ImageDraw, top: int, bottom: int, first: Colour, last: Colour
) -> None:
    for y in range(top, bottom):
        part = (y - top) / max(1, bottom - top)
        colour = tuple(
            int(a + (b - a) * part) for a, b in zip(first, last, strict=True)
        )
        draw.line((0, y, WIDTH_HEIGHT[0], y), fill=colour)


def _shop(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _gradient(draw, 0, 430, (236, 230, 218), (222, 214, 200))
    _gradient(draw, 430, 720, (196, 188, 176), (170, 160, 148))
    for x in range(-400, 1700, 130):
        draw.line((640 + (x - 640) * 0.6, 430, x, 720), fill=(182, 172, 160), width=2)
    for left in (60, 470, 880):
        draw.rounded_rectangle((left, 110, left + 350, 440), 8, fill=(120, 104, 90))
        for shelf in range(4):
            top = 124 + shelf * 78
            draw.rectangle((left + 12, top, left + 338, top + 64), fill=(92, 80, 70))
            x = left + 18
            while x < left + 310:
                width, height = rng.randrange(18, 34), rng.randrange(34, 58)
                colour = rng.choice(
                    (
                        (214, 106, 84),
                        (236, 190, 92),
                        (110, 160, 140),
                        (110, 140, 190),
                        (230, 224, 210),
                        (160, 110, 150),
                    )
                )
                draw.rounded_rectangle(
                    (x, top + 64 - height, x + width, top + 64), 3, fill=colour
                )
                x += width + 4
    draw.rounded_rectangle((880, 470, 1270, 640), 10, fill=(104, 120, 128))
    draw.rectangle((870, 456, 1280, 482), fill=(206, 212, 214))
    draw.rounded_rectangle((1080, 386, 1190, 458), 6, fill=(54, 60, 68))
    draw.rectangle((1090, 394, 1180, 446), fill=(150, 200, 210))


def _yard(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _gradient(draw, 0, 260, (150, 190, 224), (222, 234, 240))
    for _ in range(7):
        x, y = rng.randrange(0, 1200), rng.randrange(20, 120)
        for step in range(4):
            draw.ellipse((x + step * 30, y, x + step * 30 + 70, y + 30), fill="white")
    _gradient(draw, 380, 720, (132, 134, 138), (104, 106, 112))
    draw.rectangle((0, 130, 1280, 400), fill=(176, 182, 186))
    for x in range(0, 1280, 32):
        draw.line((x, 130, x, 400), fill=(164, 170, 175), width=2)
    draw.rectangle((0, 118, 1280, 140), fill=(64, 92, 120))
    for number, left in enumerate((90, 420, 750), 1):
        draw.rectangle((left, 200, left + 220, 400), fill=(92, 100, 108))
        for y in range(200, 400, 20):
            draw.line((left, y, left + 220, y), fill=(108, 116, 124), width=3)
        draw.rectangle((left - 14, 360, left + 234, 400), fill=(60, 64, 70))
        draw.rounded_rectangle(
            (left + 86, 150, left + 134, 190), 6, fill=(250, 206, 80)
        )
        draw.rectangle(
            (left + 104, 158, left + 104 + number * 4, 182), fill=(60, 60, 60)
        )
    draw.rectangle((1080, 240, 1180, 400), fill=(70, 96, 124))
    for x in (20, 350, 680, 1010):
        draw.polygon(
            ((x + 40, 410), (x + 52, 410), (x - 60, 720), (x - 84, 720)),
            fill=(226, 216, 160),
        )


def _workshop(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _gradient(draw, 0, 420, (204, 212, 214), (186, 194, 198))
    _gradient(draw, 420, 720, (150, 156, 156), (120, 126, 128))
    for left in range(60, 1280, 310):
        draw.rectangle((left, 50, left + 230, 180), fill=(214, 234, 244))
        draw.rectangle((left, 50, left + 230, 180), outline=(120, 130, 138), width=6)
        draw.line((left + 115, 50, left + 115, 180), fill=(120, 130, 138), width=5)
        draw.line((left, 115, left + 230, 115), fill=(120, 130, 138), width=5)
    for left, colour in ((60, (74, 122, 108)), (830, (84, 108, 146))):
        draw.rounded_rectangle((left, 250, left + 360, 470), 12, fill=colour)
        draw.rounded_rectangle(
            (left + 30, 280, left + 190, 390), 8, fill=(210, 222, 224)
        )
        draw.rectangle((left + 220, 290, left + 330, 360), fill=(50, 56, 62))
        draw.rectangle((left + 230, 300, left + 320, 350), fill=(130, 200, 170))
        for lamp, light in enumerate(((220, 80, 70), (240, 190, 70), (90, 190, 110))):
            x = left + 230 + lamp * 34
            draw.ellipse((x, 380, x + 20, 400), fill=light)
        draw.rectangle((left + 20, 470, left + 340, 492), fill=(60, 64, 68))
    draw.rounded_rectangle((480, 300, 760, 320), 4, fill=(140, 104, 70))
    for leg in (496, 730):
        draw.rectangle((leg, 320, leg + 14, 450), fill=(110, 82, 56))
    for tool in range(5):
        x = 500 + tool * 50
        draw.rounded_rectangle(
            (x, 270, x + 14, 300), 3, fill=rng.choice(((190, 70, 60), (70, 80, 96)))
        )
    for stripe in range(0, 1280, 60):
        draw.polygon(
            (
                (stripe, 520),
                (stripe + 30, 520),
                (stripe + 14, 540),
                (stripe - 16, 540),
            ),
            fill=(240, 200, 60),
        )


def _corridor(draw: ImageDraw.ImageDraw, _: random.Random) -> None:
    draw.rectangle((0, 0, 1280, 720), fill=(226, 228, 226))
    draw.polygon(((0, 0), (1280, 0), (800, 220), (480, 220)), fill=(240, 242, 242))
    draw.polygon(((0, 720), (1280, 720), (800, 440), (480, 440)), fill=(158, 150, 140))
    draw.polygon(((0, 0), (480, 220), (480, 440), (0, 720)), fill=(206, 214, 216))
    draw.polygon(((1280, 0), (800, 220), (800, 440), (1280, 720)), fill=(198, 206, 208))
    draw.rectangle((480, 220, 800, 440), fill=(216, 224, 226))
    draw.rectangle((580, 270, 700, 440), fill=(130, 160, 176))
    draw.line((640, 270, 640, 440), fill=(96, 122, 136), width=4)
    draw.rounded_rectangle((600, 236, 680, 260), 4, fill=(60, 150, 96))
    for part in (0.15, 0.42, 0.66):
        y = 220 * part
        half = 110 * (1 - part) + 20
        draw.polygon(
            (
                (640 - half, y),
                (640 + half, y),
                (640 + half * 0.82, y + 26 * (1 - part)),
                (640 - half * 0.82, y + 26 * (1 - part)),
            ),
            fill=(255, 255, 250),
        )
    for side in (1, -1):
        for near, far in ((0.12, 0.34), (0.56, 0.72)):
            points = []
            for part, high in ((near, True), (far, True), (far, False), (near, False)):
                x = 640 - side * (640 - 480 * part)
                floor, ceiling = 720 - 280 * part, 220 * part
                top = ceiling + (floor - ceiling) * 0.28
                points.append((x, top if high else floor))
            draw.polygon(points, fill=(164, 124, 88))
    draw.line((480, 440, 0, 720), fill=(120, 112, 104), width=6)
    draw.line((800, 440, 1280, 720), fill=(120, 112, 104), width=6)


def _door(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.rectangle((0, 0, 1280, 500), fill=(178, 112, 88))
    for row, y in enumerate(range(0, 500, 24)):
        for x in range(-60 + (row % 2) * 30, 1280, 60):
            shade = rng.randrange(-10, 10)
            draw.rectangle(
                (x, y, x + 56, y + 20), fill=(190 + shade, 122 + shade, 98 + shade)
            )
    _gradient(draw, 500, 720, (176, 174, 168), (148, 146, 142))
    for x in range(-600, 1900, 160):
        draw.line((640 + (x - 640) * 0.5, 500, x, 720), fill=(136, 134, 130), width=2)
    draw.rectangle((440, 90, 840, 500), fill=(238, 236, 228))
    for left in (464, 650):
        draw.rectangle((left, 116, left + 166, 500), fill=(56, 92, 84))
        draw.rectangle((left + 22, 140, left + 144, 330), fill=(196, 220, 226))
        draw.rectangle((left + 22, 356, left + 144, 476), fill=(66, 106, 96))
    for handle in (612, 658):
        draw.ellipse((handle, 350, handle + 12, 390), fill=(220, 190, 110))
    draw.polygon(((400, 90), (880, 90), (930, 40), (350, 40)), fill=(70, 78, 90))
    for lamp in (380, 880):
        draw.rounded_rectangle((lamp, 170, lamp + 24, 226), 6, fill=(250, 232, 170))
    for pot in (300, 900):
        draw.polygon(
            ((pot, 430), (pot + 90, 430), (pot + 74, 520), (pot + 16, 520)),
            fill=(120, 90, 80),
        )
        for _ in range(26):
            x, y = pot + rng.randrange(-14, 80), rng.randrange(310, 420)
            green = rng.randrange(110, 170)
            draw.ellipse((x, y, x + 30, y + 34), fill=(60, green, 76))


BACKGROUNDS: dict[str, Callable[[ImageDraw.ImageDraw, random.Random], None]] = {
    "shop": _shop,
    "yard": _yard,
    "workshop": _workshop,
    "corridor": _corridor,
    "door": _door,
}


@lru_cache(maxsize=len(BACKGROUNDS))
def background(place: str) -> Image.Image:
    """Return the empty place; copy before drawing on it."""
    image = Image.new("RGB", WIDTH_HEIGHT)
    BACKGROUNDS[place](ImageDraw.Draw(image), random.Random(place))
    return image

"""Moving pictures: an encoded loop for streams and short clips for alarms."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
import math
import time

import av
from av.video.stream import VideoStream
import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

from .scene_backgrounds import BACKGROUNDS, background
from .scene_figures import figure

SIZE = (640, 360)
FRAMES_PER_SECOND = 10
_X264 = {
    "preset": "ultrafast",
    "tune": "zerolatency",
    "profile": "baseline",
    "g": str(FRAMES_PER_SECOND),
    "crf": "26",
    "threads": "1",
}


@dataclass(frozen=True, slots=True)
class View:
    """Where a camera looks: shares of a full turn and of a half one, zoom factor."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 1.0

    def of(self, image: Image.Image) -> Image.Image:
        """Return the part of a surrounding picture that is seen."""
        if self == STRAIGHT:
            return image
        width, height = image.size
        moved = ImageChops.offset(
            image, -round(self.pan * width), round(self.tilt * height)
        )
        wide, tall = width / self.zoom, height / self.zoom
        left, top = (width - wide) / 2, (height - tall) / 2
        return moved.resize(image.size, box=(left, top, left + wide, top + tall))


STRAIGHT = View()


def _straight(_: float) -> View:
    return STRAIGHT


@lru_cache(maxsize=2)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@lru_cache(maxsize=len(BACKGROUNDS))
def _ground(place: str) -> Image.Image:
    return background(place if place in BACKGROUNDS else "shop").resize(SIZE)


def frame(place: str, name: str, at: float, view: View = STRAIGHT) -> Image.Image:
    """Draw what the camera sees at a moment: somebody walks, the clock runs."""
    image = _ground(place).copy()
    path = (1 - math.cos(at * 2 * math.pi / 16)) / 2
    walker = figure("worker", 0.4).resize((55, 148))
    bob = int(3 * abs(math.sin(at * 4)))
    image.paste(walker, (int(40 + path * (SIZE[0] - 140)), 190 - bob), walker)
    image = view.of(image)
    draw = ImageDraw.Draw(image)
    clock = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))
    for text, top in ((clock, 8), (name, SIZE[1] - 28)):
        draw.text(
            (12, top),
            text,
            font=_font(16),
            fill="white",
            stroke_width=2,
            stroke_fill=(20, 24, 28),
        )
    return image


def _picture(image: Image.Image) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")


class Muxer:
    """Writes what a camera sees into a file, picture by picture."""

    def __init__(
        self,
        target: object,
        form: str,
        name: str,
        place: str,
        *,
        view: Callable[[float], View] = _straight,
        options: dict[str, str] | None = None,
    ) -> None:
        """Begin a file of a form that FFmpeg knows."""
        self._seen = place, name
        self._view = view
        self._container = av.open(target, "w", format=form, options=options or {})
        self._stream = _open_stream(self._container)

    def add(self, at: float, number: int) -> None:
        """Write the picture of a moment as the so-many-th."""
        picture = _picture(frame(*self._seen, at, self._view(at)))
        picture.pts = number
        picture.time_base = Fraction(1, FRAMES_PER_SECOND)
        self._container.mux(self._stream.encode(picture))

    def add_all(self, start: float, seconds: float, first: int = 0) -> None:
        """Write all pictures of a while, the `first`-th and what follows, and the end."""
        for number in range(round(seconds * FRAMES_PER_SECOND)):
            self.add(start + number / FRAMES_PER_SECOND, first + number)
        self.close()

    def close(self) -> None:
        """Write the end."""
        self._container.mux(self._stream.encode())
        self._container.close()


def segment(
    name: str,
    place: str,
    start: float,
    *,
    seconds: float,
    offset: float = 0.0,
    view: Callable[[float], View] = _straight,
) -> bytes:
    """Return a piece of an MPEG transport stream, as HLS has them.

    It shows what a camera saw from `start` (Unix seconds); its clock begins at
    `offset`. Slow enough to be called in a thread.
    """
    target = BytesIO()
    muxer = Muxer(target, "mpegts", name, place, view=view)
    muxer.add_all(start, seconds, round(offset * FRAMES_PER_SECOND))
    return target.getvalue()


def _open_stream(container: av.container.OutputContainer) -> VideoStream:
    stream = container.add_stream(
        "libx264",
        rate=FRAMES_PER_SECOND,
        options=_X264,
    )
    stream.width, stream.height = SIZE
    stream.pix_fmt = "yuv420p"
    return stream


def clip(name: str, place: str, *, seconds: float = 2.0) -> bytes:
    """Return an MP4 of what a camera saw; slow enough to be called in a thread."""
    target = BytesIO()
    Muxer(target, "mp4", name, place).add_all(time.time() - seconds, seconds)
    return target.getvalue()


@dataclass(slots=True)
class LiveEncoder:
    """Encodes the moment as H.264 with start codes, one picture per call."""

    name: str
    place: str
    view: Callable[[float], View] = _straight
    _context: av.VideoCodecContext | None = None

    def next_picture(self, at: float) -> bytes:
        """Return the access unit of what the camera sees at a moment."""
        if self._context is None:
            self._context = _new_context()
        picture = _picture(frame(self.place, self.name, at, self.view(at)))
        return b"".join(bytes(packet) for packet in self._context.encode(picture))


def _new_context() -> av.VideoCodecContext:
    context = av.VideoCodecContext.create("libx264", "w")
    context.width, context.height = SIZE
    context.pix_fmt = "yuv420p"
    context.time_base = Fraction(1, FRAMES_PER_SECOND)
    context.framerate = Fraction(FRAMES_PER_SECOND)
    context.options = _X264
    return context

"""What cameras take for their reports: scenes, faces, bodies, vehicles, plates."""

from collections.abc import Callable
from dataclasses import dataclass
import random

from PIL import Image, ImageDraw, ImageFont

from simulators import pictures
from simulators.pictures import Box

from .models import Channel


@dataclass(frozen=True, slots=True)
class Shot:
    """A moment in front of a camera; `seed` decides how things look."""

    channel: Channel
    at: float
    box: Box
    seed: int
    figure: str = "person"

    def panorama(self) -> bytes:
        """Draw what the camera sees."""
        return pictures.scene(
            self.channel.scene,
            channel_name=self.channel.channel_name,
            at=self.at,
            target=self.figure,
            box=self.box,
            seed=self.seed,
        )

    def cutout(self) -> bytes:
        """Draw the target alone."""
        return pictures.cutout(self.figure, self.seed)

    def face(self, *, glasses: bool = False, mask: bool = False) -> Callable[[], bytes]:
        """Return what draws the face of the target."""
        return lambda: pictures.face(self.seed, glasses=glasses, mask=mask)


def shot(
    channel: Channel,
    at: float,
    rng: random.Random,
    figure: str = "person",
    seed: int = 0,
) -> Shot:
    """Let something stand in front of a camera."""
    box = pictures.place_target(figure, rng)
    return Shot(channel, at, box, seed or rng.randrange(1, 10**6), figure)


def plate(text: str) -> bytes:
    """Draw a plate, as far as its characters are Latin."""
    image = Image.new("RGB", (200, 64), (30, 70, 170))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((4, 4, 195, 59), 6, outline="white", width=3)
    plain = "".join(char for char in text if char.isascii())
    draw.text((18, 12), plain, font=ImageFont.load_default(34), fill="white")
    return pictures.jpeg(image)


def draw(parts: dict[int, Callable[[], bytes]]) -> dict[int, bytes]:
    """Draw several pictures; call it in a thread."""
    return {bit: part() for bit, part in parts.items()}

"""What a hub takes as a picture of somebody, by its manual."""

import asyncio
from dataclasses import dataclass
from typing import Final

from ..errors import InvalidRequest
from .pictures import MAX_PICTURE, size_of


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """How a picture is written."""

    name: str
    extension: str
    content_type: str
    magics: tuple[bytes, ...]


JPEG: Final = PictureFormat("JPEG", "jpg", "image/jpeg", (b"\xff\xd8\xff",))
PNG: Final = PictureFormat("PNG", "png", "image/png", (b"\x89PNG\r\n\x1a\n",))
BMP: Final = PictureFormat("BMP", "bmp", "image/bmp", (b"BM",))
TIFF: Final = PictureFormat("TIFF", "tif", "image/tiff", (b"II*\x00", b"MM\x00*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """The formats, bytes and sides in pixels that a hub takes.

    What a manual does not state is not limited, but by what we carry.
    """

    formats: tuple[PictureFormat, ...] = (JPEG, PNG)
    most_bytes: int = MAX_PICTURE
    shortest_side: int = 1
    longest_side: int | None = None

    async def check(self, picture: bytes) -> PictureFormat:
        """Return the format of a picture; raises InvalidRequest where it does not fit."""
        found = self.format_of(picture)
        if self.longest_side is not None or self.shortest_side > 1:
            size = await asyncio.to_thread(size_of, picture)
            if size and not self.has_room_for(size):
                raise InvalidRequest(
                    f"The picture has no sides of {self.shortest_side} "
                    f"to {self.longest_side} pixels"
                )
        return found

    def format_of(self, picture: bytes) -> PictureFormat:
        """Return the format of a picture, whatever its sides; raises InvalidRequest."""
        for each in self.formats:
            if picture.startswith(each.magics) and len(picture) <= self.most_bytes:
                return each
        names = ", ".join(each.name for each in self.formats)
        raise InvalidRequest(
            f"Possible are {names} of at most {self.most_bytes // 1024} KiB"
        )

    def has_room_for(self, size: tuple[int, int]) -> bool:
        """Tell whether a picture has sides that fit."""
        longest = self.longest_side or max(size)
        return self.shortest_side <= min(size) and max(size) <= longest

"""The picture and video files of the box and their relative paths."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from simulators import pictures


class PictureType(IntEnum):
    """`Type` in a picture path."""

    SCENE = 1
    FACE = 2
    LIBRARY = 3


@dataclass(slots=True)
class _File:
    content: bytes | None
    draw: Callable[[], bytes] | None = None
    size: int | None = None
    kind: str = "image/jpeg"


class PictureStore:
    """Files by their exact path and query. Captures beyond `keep` are overwritten."""

    def __init__(self, keep: int = 2000) -> None:
        """Start empty."""
        self._keep = keep
        self._captures: OrderedDict[str, _File] = OrderedDict()
        self._library: dict[str, _File] = {}
        self._number = 40_000

    def capture(
        self,
        kind: PictureType,
        seconds: int,
        picture: bytes | Callable[[], bytes],
        size: int,
    ) -> str:
        """Add a capture and return its path.

        A drawing function is called at the first read; the picture is then padded to
        `size` bytes because the path tells the size.
        """
        self._number += 1
        if isinstance(picture, bytes):
            file = _File(picture)
            size = len(picture)
        else:
            file = _File(None, picture, size)
        path = (
            f"/api/v2/smart/picture?Type={kind.value}&Index=ubs_5_0_0_0_0_0_"
            f"{700 + self._number // 1000}_{self._number % 100}_{self._number}_"
            f"{seconds}&Size={size}"
        )
        self._captures[path] = file
        while len(self._captures) > self._keep:
            self._captures.popitem(last=False)
        return path

    def library(
        self,
        milliseconds: int,
        picture: bytes | Callable[[], bytes],
        *,
        directory: bool = False,
    ) -> str:
        """Add a library picture and return its path; the time must be unique."""
        seconds = milliseconds // 1000
        base = "/api/v2/smart/picture?Type=3&Index=ubs_0_0_0"
        if directory or not isinstance(picture, bytes):
            path = f"{base}_0_2_{seconds}/"
            while path in self._library:
                seconds += 1
                path = f"{base}_0_2_{seconds}/"
        else:
            path = f"{base}_4_2_{seconds}/Pic_{milliseconds}.jpg&Size={len(picture)}"
        self._library[path] = (
            _File(picture) if isinstance(picture, bytes) else _File(None, picture)
        )
        return path

    @staticmethod
    def video_path(uuid: str) -> str:
        """Return the path that an alarm video will have."""
        return f"/api/v2/smart/video?Uuid={uuid}"

    def add_video(self, uuid: str, content: bytes) -> None:
        """Add an alarm video."""
        self._captures[self.video_path(uuid)] = _File(content, kind="video/mp4")

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._library.pop(path, None)
        self._captures.pop(path, None)

    def forget_captures(self) -> None:
        """Delete all captures, as a disk that was formatted."""
        self._captures.clear()

    async def read(self, path: str) -> tuple[bytes, str] | None:
        """Return content and content type, None when there is no such file."""
        file = self._library.get(path) or self._captures.get(path)
        if file is None:
            return None
        if file.content is None:
            assert file.draw is not None
            drawn = await asyncio.to_thread(file.draw)
            if file.size is not None:
                drawn = pictures.padded(drawn, file.size)
            file.content = drawn
        return file.content, file.kind

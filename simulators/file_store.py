"""Pictures and exports of a device by the paths that its answers carry."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
import mimetypes

type Draw = Callable[[], bytes]
type Content = bytes | Draw


@dataclass(slots=True)
class _File:
    content: bytes | None
    draw: Draw | None = None


class FileStore:
    """Files by path. Captures beyond `keep` are overwritten.

    A drawing function is called at the first read.
    """

    def __init__(self, keep: int = 2000) -> None:
        """Start empty."""
        self._keep = keep
        self._kept: dict[str, _File] = {}
        self._captures: OrderedDict[str, _File] = OrderedDict()

    def put(self, path: str, content: Content) -> str:
        """Keep a file until it is removed; return its path."""
        self._kept[path] = _new(content)
        return path

    def capture(self, path: str, content: Content) -> str:
        """Keep a file as long as there is room; return its path."""
        self._captures[path] = _new(content)
        while len(self._captures) > self._keep:
            self._captures.popitem(last=False)
        return path

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._kept.pop(path, None)
        self._captures.pop(path, None)

    def forget_captures(self) -> None:
        """Delete all captures."""
        self._captures.clear()

    async def read(self, path: str) -> bytes | None:
        """Return the content, None when there is no such file."""
        file = self._kept.get(path) or self._captures.get(path)
        if file is None:
            return None
        if file.content is None:
            assert file.draw is not None
            file.content = await asyncio.to_thread(file.draw)
        return file.content


def _new(content: Content) -> _File:
    if isinstance(content, bytes):
        return _File(content)
    return _File(None, content)


def content_type(path: str) -> str:
    """Return the Content-Type for a path."""
    return mimetypes.guess_type(path)[0] or "application/octet-stream"

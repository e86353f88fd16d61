"""Reads what a hub sent, within limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.hdrs import CONTENT_TYPE
from aiohttp.http_exceptions import HttpProcessingError

from ...vendors.contract import CallbackPart, CallbackRequest, MalformedMessage

MAX_BODY: Final = 24 << 20
MAX_PARTS: Final = 64

# What all hubs together may have in memory before it is handled.
MAX_BODIES: Final = 8 * MAX_BODY

_CHUNK: Final = 1 << 16
_MAX_NAME: Final = 255


class BodyTooLarge(Exception):
    """A body is longer than any honest message."""


class TooManyBodies(OSError):
    """There is no memory for one more message now."""


class Bodies:
    """The bodies that are in memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self._bytes = 0

    @asynccontextmanager
    async def read(
        self, request: web.Request, tail: str
    ) -> AsyncIterator[CallbackRequest]:
        """Read a request whose body counts as long as the context lasts.

        Raises BodyTooLarge, TooManyBodies and MalformedMessage.
        """
        meter = _Meter(self)
        try:
            if (request.content_length or 0) > MAX_BODY:
                raise BodyTooLarge
            try:
                content = b""
                parts: tuple[CallbackPart, ...] = ()
                if request.content_type.startswith("multipart/"):
                    parts = await _read_parts(request, meter)
                else:
                    content = await _read_content(request, meter)
            except (
                ValueError,
                RuntimeError,  # an encoding that aiohttp does not know
                HttpProcessingError,
                web.RequestPayloadError,
            ) as error:
                raise MalformedMessage from error
            yield CallbackRequest(
                method=request.method,
                tail=tail,
                query=request.query,
                headers=request.headers,
                content_type=request.content_type,
                content=content,
                parts=parts,
            )
        finally:
            self._bytes -= meter.read

    def take(self, size: int) -> None:
        """Count bytes that were read."""
        if self._bytes + size > MAX_BODIES:
            raise TooManyBodies
        self._bytes += size


class _Meter:
    """Counts what is read of one body."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self.read = 0

    def take(self, size: int) -> None:
        if self.read + size > MAX_BODY:
            raise BodyTooLarge
        self._bodies.take(size)
        self.read += size


async def _read_content(request: web.Request, meter: _Meter) -> bytes:
    # request.read() has a limit of its own, below ours.
    chunks = []
    while chunk := await request.content.readany():
        meter.take(len(chunk))
        chunks.append(chunk)
    return b"".join(chunks)


async def _read_parts(request: web.Request, meter: _Meter) -> tuple[CallbackPart, ...]:
    parts: list[CallbackPart] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise MalformedMessage("Parts within parts")
        if len(parts) == MAX_PARTS:
            raise MalformedMessage("Too many parts")
        chunks = []
        while chunk := await part.read_chunk(_CHUNK):
            meter.take(len(chunk))
            chunks.append(chunk)
        parts.append(
            CallbackPart(
                name=(part.name or "")[:_MAX_NAME],
                filename=_file_name(part.filename),
                content_type=_media_type(part),
                content=bytes(part.decode(b"".join(chunks))),
            )
        )
    return tuple(parts)


def _media_type(part: BodyPartReader) -> str:
    value = part.headers.get(CONTENT_TYPE, "application/octet-stream")
    return value.partition(";")[0].strip().lower()


def _file_name(name: str | None) -> str | None:
    """Return the last part of a name, whichever slashes its system uses."""
    if name is None:
        return None
    return PurePosixPath(name.replace("\\", "/")).name[:_MAX_NAME] or None

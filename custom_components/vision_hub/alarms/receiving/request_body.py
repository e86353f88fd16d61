"""Reads what a hub sent, within limits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from aiohttp.hdrs import CONTENT_TYPE
from aiohttp.http_exceptions import HttpProcessingError

from ...vendors.contract import CallbackRequest, MalformedMessage, parts_in

MAX_BODY: Final = 24 << 20

# What all hubs together may have in memory before it is handled.
MAX_BODIES: Final = 8 * MAX_BODY

# From this size on a body is worked on in a thread.
_BIG: Final = 256 << 10


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
                content = await _read_content(request, meter)
            except (
                ValueError,
                RuntimeError,  # an encoding that aiohttp does not know
                HttpProcessingError,
                web.RequestPayloadError,
            ) as error:
                raise MalformedMessage from error
            header = request.headers.get(CONTENT_TYPE, "")
            if len(content) > _BIG:
                parts = await asyncio.to_thread(parts_in, content, header)
            else:
                parts = parts_in(content, header)
            yield CallbackRequest(
                method=request.method,
                tail=tail,
                query=request.query,
                headers=request.headers,
                content_type=request.content_type,
                content=content if parts is None else b"",
                parts=parts or (),
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

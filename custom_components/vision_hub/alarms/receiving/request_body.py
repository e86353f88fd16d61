"""Reads what a hub sent, within limits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web
from aiohttp.hdrs import CONTENT_TYPE
from aiohttp.http_exceptions import HttpProcessingError

from ...vendors.contract import CallbackRequest, MalformedMessage, parts_in

MAX_BODY: Final = 24 << 20

# What all hubs together may have in memory until it is stored: the body, and about as
# much again of what is read from it.
MAX_BODIES: Final = 2 * MAX_BODY

# From this size on a body is worked on in a thread.
_BIG: Final = 256 << 10


type Hold = Callable[[asyncio.Future[Any]], None]
"""Lets a body count as long as a task has it."""


class BodyTooLarge(Exception):
    """A body is longer than any honest message."""


class TooManyBodies(OSError):
    """There is no memory for one more message now."""


class Bodies:
    """The bodies that are in memory."""

    def __init__(self) -> None:
        """Begin with none."""
        self.waiting = 0
        """How many bytes they have together."""

    @asynccontextmanager
    async def read(
        self, request: web.Request, tail: str
    ) -> AsyncIterator[tuple[CallbackRequest, Hold]]:
        """Read a request whose body counts as long as the context lasts.

        It goes on to count for a task that outlives the context, when it is told to.
        Raises BodyTooLarge, TooManyBodies and MalformedMessage.
        """
        meter = _Meter(self)
        try:
            # Refused at once, not when half of it was read.
            meter.reserve(request.content_length or 0)
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
            message = CallbackRequest(
                method=request.method,
                tail=tail,
                query=request.query,
                headers=request.headers,
                content_type=request.content_type,
                content=content if parts is None else b"",
                parts=parts or (),
            )
            yield message, meter.hold
        finally:
            meter.release()

    def take(self, size: int) -> None:
        """Count bytes that come."""
        if self.waiting + size > MAX_BODIES:
            raise TooManyBodies
        self.waiting += size

    def give(self, size: int) -> None:
        """Count bytes no more."""
        self.waiting -= size


class _Meter:
    """Counts what is read of one body."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._read = 0
        self._taken = 0
        self._held = False

    def reserve(self, size: int) -> None:
        if size > MAX_BODY:
            raise BodyTooLarge
        if size > self._taken:
            self._bodies.take(size - self._taken)
            self._taken = size

    def read(self, size: int) -> None:
        self._read += size
        self.reserve(self._read)

    def hold(self, task: asyncio.Future[Any]) -> None:
        self._held = True
        task.add_done_callback(self._let_go)

    def _let_go(self, _: asyncio.Future[Any]) -> None:
        self._held = False
        self.release()

    def release(self) -> None:
        if not self._held:
            self._bodies.give(self._taken)
            self._taken = 0


async def _read_content(request: web.Request, meter: _Meter) -> bytes:
    # request.read() has a limit of its own, below ours.
    chunks = []
    while chunk := await request.content.readany():
        meter.read(len(chunk))
        chunks.append(chunk)
    return b"".join(chunks)

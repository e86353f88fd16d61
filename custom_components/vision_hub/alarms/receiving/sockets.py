"""WebSockets that hubs open to us, at our address or at a port of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
import errno
from http import HTTPStatus
import logging
from typing import Final

from aiohttp import WSCloseCode, web

from ...vendors.contract import MalformedMessage, SocketHandler
from ...vendors.errors import PortInUse
from .fault_log import FaultLog
from .request_body import MAX_BODY

_LOGGER = logging.getLogger(__name__)

MOST: Final = 8
"""Sockets at a time: a hub opens one for each kind of message.

The oldest goes first: a hub that lost its power never told us goodbye.
"""


class Sockets:
    """Hands the WebSockets of one hub to whom they concern."""

    def __init__(self, on_refused: Callable[[], None]) -> None:
        """`on_refused` is told when what came over a socket was not taken."""
        self._on_refused = on_refused
        self._handler: SocketHandler | None = None
        self._open: dict[asyncio.Task[None], None] = {}
        self._faults = FaultLog(_LOGGER)

    @contextmanager
    def serve(self, handler: SocketHandler | None) -> Iterator[None]:
        """Let `handler` speak as long as the context lasts."""
        before, self._handler = self._handler, handler
        try:
            yield
        finally:
            self._handler = before
            for task in self._open:
                task.cancel()

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Speak on the socket that a request opens."""
        if (handler := self._handler) is None:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        socket = web.WebSocketResponse(max_msg_size=MAX_BODY)
        await socket.prepare(request)
        task = asyncio.ensure_future(handler(socket, request.remote or ""))
        self._open[task] = None
        if len(self._open) > MOST:
            next(iter(self._open)).cancel()
        try:
            await asyncio.wait((task,))
        finally:
            del self._open[task]
            task.cancel()
            await socket.close(code=_why(task))
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._on_refused()
            match fault:
                case MalformedMessage() | OSError():
                    _LOGGER.debug("A socket of a hub was closed: %s", fault)
                case _:
                    self._faults.log("A socket of a hub met a fault", fault)
        return socket

    @asynccontextmanager
    async def serve_port(
        self, port: int, handler: SocketHandler
    ) -> AsyncIterator[None]:
        """Open a port, whatever path is asked for there."""
        app = web.Application()
        app.router.add_get("/{tail:.*}", self.take)
        runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=1
        )
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, port=port).start()
            except OSError as error:
                if error.errno in (errno.EADDRINUSE, errno.EACCES):
                    raise PortInUse(str(port)) from error
                raise
            with self.serve(handler):
                yield
        finally:
            await runner.cleanup()


def _why(task: asyncio.Task[None]) -> int:
    if not task.done() or task.cancelled():
        return WSCloseCode.GOING_AWAY
    match task.exception():
        case None:
            return WSCloseCode.OK
        case MalformedMessage():
            return WSCloseCode.POLICY_VIOLATION
        case OSError():
            return WSCloseCode.TRY_AGAIN_LATER
        case _:
            return WSCloseCode.INTERNAL_ERROR

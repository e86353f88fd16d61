"""WebSockets that hubs open to us, at our address or at a port of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
import errno
from http import HTTPStatus
import logging
from typing import Final, Literal

from aiohttp import WSCloseCode, web

from ...vendors.contract import Refusal, SocketHandler
from ...vendors.errors import PortInUse
from .fault_log import FaultLog
from .refusals import reason_of
from .request_body import MAX_BODY

_LOGGER = logging.getLogger(__name__)

_CODES: Final[Mapping[Refusal, int]] = {
    Refusal.UNREADABLE: WSCloseCode.POLICY_VIOLATION,
    Refusal.FOREIGN: WSCloseCode.POLICY_VIOLATION,
    Refusal.STORAGE: WSCloseCode.TRY_AGAIN_LATER,
    Refusal.FAULT: WSCloseCode.INTERNAL_ERROR,
}

MOST: Final = 8
"""Sockets at a time: a hub opens one for each kind of message.

The oldest goes first: a hub that lost its power never told us goodbye.
"""


class Sockets:
    """Hands the WebSockets of one hub to whom they concern."""

    def __init__(self, on_refused: Callable[[Refusal], None]) -> None:
        """`on_refused` is told why what came over a socket was not taken."""
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
        # The bytes as they come, since not all are UTF-8.
        socket = web.WebSocketResponse[Literal[False]](
            max_msg_size=MAX_BODY, decode_text=False
        )
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
            reason = reason_of(fault)
            if reason is Refusal.FAULT:
                self._faults.log("A socket of a hub met a fault", fault)
            else:
                _LOGGER.debug("A socket of a hub was closed: %s", fault)
            if reason is not Refusal.FOREIGN or not self._open:
                # Who else calls is no matter as long as the hub is there.
                self._on_refused(reason)
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
    fault = task.exception()
    return WSCloseCode.OK if fault is None else _CODES[reason_of(fault)]

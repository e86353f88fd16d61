"""A server between two others: passes on what it gets, remembers it, can change it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, hdrs, web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDict

_OWN_HEADERS: Final = frozenset(
    {
        *(hdrs.HOST, hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING, hdrs.CONNECTION),
        *(hdrs.ACCEPT_ENCODING, hdrs.CONTENT_ENCODING, hdrs.DATE, hdrs.SERVER),
    }
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that went through."""

    method: str
    path: str
    headers: CIMultiDict[str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered."""

    status: int
    headers: CIMultiDict[str]
    body: bytes = field(repr=False)


def _passed_on(headers: object) -> CIMultiDict[str]:
    kept = CIMultiDict[str](headers)  # type: ignore[arg-type]
    for name in _OWN_HEADERS:
        kept.popall(name, None)
    return kept


class Relay:
    """Passes requests and WebSockets on to `target`, an origin."""

    def __init__(self, session: ClientSession, target: str) -> None:
        self._session = session
        self.target = target.rstrip("/")
        self.server: TestServer | None = None
        self.requests: list[Passed] = []
        self.frames: list[str] = []
        """What the one who was dialled or dials as a device sent."""
        self.device_dials = False
        """WebSockets are opened by who tells, not by who listens."""
        self.listener: web.WebSocketResponse | ClientWebSocketResponse | None = None
        """The WebSocket to who listens."""
        self.opened = asyncio.Event()
        self.answer: Callable[[Passed], Answered | None] = lambda _: None
        """Answers instead of the target."""
        self.on_answer: Callable[[Passed, Answered], None] = lambda *_: None

    @property
    def url(self) -> str:
        assert self.server
        return str(self.server.make_url("")).rstrip("/")

    @property
    def port(self) -> int:
        assert self.server
        assert self.server.port
        return self.server.port

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Relay]:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self.server = TestServer(app)
        await self.server.start_server(access_log=None)
        try:
            yield self
        finally:
            await self.server.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get(hdrs.UPGRADE, "").lower() == "websocket":
            return await self._socket(request)
        passed = Passed(
            request.method,
            request.raw_path,
            _passed_on(request.headers),
            await request.read(),
        )
        if (answered := self.answer(passed)) is None:
            self.requests.append(passed)
            answered = await self.send(passed)
            self.on_answer(passed, answered)
        return web.Response(
            status=answered.status, headers=answered.headers, body=answered.body
        )

    async def send(self, passed: Passed) -> Answered:
        """Ask the target."""
        async with self._session.request(
            passed.method,
            self.target + passed.path,
            headers=passed.headers,
            data=passed.body,
            skip_auto_headers=(hdrs.CONTENT_TYPE,),
        ) as response:
            return Answered(
                response.status, _passed_on(response.headers), await response.read()
            )

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        near = web.WebSocketResponse(max_msg_size=0)
        await near.prepare(request)
        async with self._session.ws_connect(
            self.target + request.raw_path, max_msg_size=0
        ) as far:
            dialled, told = (far, near) if self.device_dials else (near, far)
            self.listener = dialled
            self.opened.set()
            pumps = {
                asyncio.create_task(_pump(told, dialled, self.frames)),
                asyncio.create_task(_pump(dialled, told, [])),
            }
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.wait(pumps)
                if self.listener is dialled:
                    self.opened.clear()
        await near.close()
        return near


async def _pump(
    source: web.WebSocketResponse | ClientWebSocketResponse,
    sink: web.WebSocketResponse | ClientWebSocketResponse,
    frames: list[str],
) -> None:
    with suppress(ConnectionError):
        async for frame in source:
            if frame.type is WSMsgType.TEXT:
                frames.append(frame.data)
                await sink.send_str(frame.data)
            elif frame.type is WSMsgType.BINARY:
                await sink.send_bytes(frame.data)

"""A receiver of pushes, for the tests only."""

import asyncio
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import BodyPartReader, web

OK = {"code": 0, "msg": "Succeed", "status_code": 0}


@dataclass
class Message:
    """One received push."""

    path: str
    content_type: str
    raw: bytes
    parts: dict[str, bytes] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Receiver:
    """Collects pushes; `refusals` says how many it refuses first."""

    messages: list[Message] = field(default_factory=list)
    refusals: int = 0
    refusal: tuple[int, str] = (500, "no")
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        self.gate.set()
        app = web.Application(client_max_size=10**9)
        app.router.add_post("/{tail:.*}", self._receive)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._take(request)
        finally:
            self.at_once -= 1

    async def _take(self, request: web.Request) -> web.Response:
        message = Message(request.path, request.content_type, b"")
        if request.content_type.startswith("multipart/"):
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                message.parts[part.name or ""] = bytes(await part.read())
        else:
            message.raw = await request.read()
        await self.gate.wait()
        self.messages.append(message)
        self._changed.set()
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=self.refusal[0], text=self.refusal[1])
        return web.json_response(OK)

    async def wait_for(self, count: int) -> list[Message]:
        async with asyncio.timeout(10):
            while len(self.messages) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.messages

    def kinds(self) -> list[int]:
        return [message.json["type"] for message in self.messages]

"""A WebSocket server that receives what the box sends, for the tests only."""

import asyncio
from dataclasses import dataclass, field
import json
import struct
from typing import Any

from aiohttp import WSMsgType, web

from ..waiting import until


@dataclass
class Frame:
    """One received message."""

    word: str
    number: int
    json: dict[str, Any]
    pictures: bytes = b""


def decode(raw: bytes, order: str = "<") -> Frame:
    """Take a message of 23.1.2 apart."""
    kind, length, number = struct.unpack(f"{order}8sII", raw[:16])
    document = json.loads(raw[16 : 16 + length])
    word = kind.rstrip(b"\0 ").decode()
    return Frame(word, number, document, raw[16 + length :])


@dataclass
class WsReceiver:
    """Collects frames, and acknowledges them unless `silences` says not to."""

    raw: list[bytes | str] = field(default_factory=list)
    silences: int = 0
    pongs: bool = True
    ack: str = "{word}_{no:02d}_{at}_{track}_ACK"
    pings: int = 0
    texts: list[str] = field(default_factory=list)
    closed: int = 0
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"ws://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def frames(self) -> list[Frame]:
        return [decode(raw) for raw in self.raw if isinstance(raw, bytes)]

    async def wait_for(self, count: int) -> list[Frame]:
        await until(lambda: len(self.raw) >= count)
        return self.frames

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False, max_msg_size=0, timeout=0.1)
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.PING:
                self.pings += 1
                if self.pongs:
                    await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT and message.data == "ping":
                self.pings += 1
                if self.pongs:
                    await socket.send_str("pong")
            elif message.type is WSMsgType.TEXT:
                self.raw.append(message.data)
            elif message.type is WSMsgType.BINARY:
                await self._take(socket, message.data)
        self.closed += 1
        return socket

    async def _take(self, socket: web.WebSocketResponse, raw: bytes) -> None:
        self.raw.append(raw)
        if self.silences:
            self.silences -= 1
            return
        try:
            frame = decode(raw)
            at = frame.json.get("timestamp") or frame.json["catchTimestamp"]
            text = self.ack.format(
                word=frame.word,
                no=frame.json["videoNo"],
                at=at,
                seconds=at // 1000,
                track=frame.json["trackId"],
            )
        except ValueError, KeyError, struct.error, TypeError:
            return
        await asyncio.sleep(0)
        await socket.send_str(text)

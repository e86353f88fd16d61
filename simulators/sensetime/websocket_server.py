"""9.2: the WebSocket at /ws/ and those who subscribed to results."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import ClientConnectionResetError, WSMsgType, web

from simulators.background_task import running
from simulators.push_delivery import PushFault, PushFaultRule, PushFaults, spoilt_text

from .device import Device
from .error_codes import MESSAGES, Code
from .models import Message
from .quirks import WrongKey
from .sessions import Sessions

SUBSCRIBE = "776"


@dataclass(slots=True, eq=False)
class _Subscriber:
    socket: web.WebSocketResponse
    transport: asyncio.Transport
    subscribed: bool = False
    queue: deque[str] = field(default_factory=deque)
    wanted: asyncio.Event = field(default_factory=asyncio.Event)


class Subscribers:
    """The open WebSockets. `sent` counts the results written to them."""

    def __init__(self, device: Device, sessions: Sessions, faults: PushFaults) -> None:
        """Start without connections."""
        self.sent = 0
        self._device = device
        self._sessions = sessions
        self._faults = faults
        self._open: set[_Subscriber] = set()

    def __len__(self) -> int:
        """Return how many are subscribed."""
        return sum(subscriber.subscribed for subscriber in self._open)

    def push(self, document: dict[str, Any]) -> int:
        """Queue a result for every subscriber; return for how many."""
        frame = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        receivers = [one for one in self._open if one.subscribed]
        for subscriber in receivers:
            subscriber.queue.append(frame)
            while len(subscriber.queue) > self._device.limits.subscriber_queue:
                subscriber.queue.popleft()
            subscriber.wanted.set()
        return len(receivers)

    def drop(self) -> int:
        """Cut every WebSocket without a close frame; return how many."""
        cut = list(self._open)
        for subscriber in cut:
            subscriber.transport.abort()
        return len(cut)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk to one client until either side ends."""
        socket = web.WebSocketResponse(compress=False)
        if not socket.can_prepare(request):
            return web.Response(status=400, text="WebSocket expected")
        await socket.prepare(request)
        assert request.transport is not None
        subscriber = _Subscriber(socket, request.transport)
        self._open.add(subscriber)
        try:
            async with running(self._write(subscriber)):
                async for message in socket:
                    if message.type is WSMsgType.TEXT:
                        await self._subscribe(subscriber, message.data)
        except ClientConnectionResetError:
            pass
        finally:
            self._open.discard(subscriber)
        return socket

    async def _subscribe(self, subscriber: _Subscriber, text: str) -> None:
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            await self._tell(subscriber, Code.WRONG_PARAMETER)
            return
        msg_id = given.get("msg_id")
        if msg_id != SUBSCRIBE and (
            self._device.quirks.strict_msg_id or str(msg_id) != SUBSCRIBE
        ):
            await self._tell(subscriber, Code.WRONG_MSG_ID)
        elif self._sessions.take_key(given.get("key")):
            await self._tell(subscriber, Code.OK)
            subscriber.subscribed = True
        elif self._device.quirks.wrong_key is WrongKey.CLOSE:
            await subscriber.socket.close()
        elif self._device.quirks.wrong_key is WrongKey.ANSWER:
            await self._tell(subscriber, Code.WRONG_PARAMETER)

    @staticmethod
    async def _tell(subscriber: _Subscriber, code: Code) -> None:
        await subscriber.socket.send_str(
            json.dumps({"code": int(code), "msg": MESSAGES[code]}, ensure_ascii=False)
        )

    async def _write(self, subscriber: _Subscriber) -> None:
        while True:
            await subscriber.wanted.wait()
            if not subscriber.queue:
                subscriber.wanted.clear()
                continue
            frame = subscriber.queue.popleft()
            rule = self._faults.take(Message.WS_RESULT)
            try:
                await self._send(subscriber, frame, rule)
            except ClientConnectionResetError:
                return
            self.sent += 1

    @staticmethod
    async def _send(
        subscriber: _Subscriber, frame: str, rule: PushFaultRule | None
    ) -> None:
        socket = subscriber.socket
        fault = None if rule is None else rule.fault
        match fault:
            case PushFault.DUPLICATE:
                await socket.send_str(frame)
            case PushFault.SLOW if rule is not None:
                await asyncio.sleep(rule.delay)
            case PushFault.ABORTED:
                body = frame.encode()
                head = b"\x81\x7f" + len(body).to_bytes(8)
                subscriber.transport.write(head + body[: len(body) // 2])
                subscriber.transport.close()
                return
        await socket.send_str(spoilt_text(frame, fault))

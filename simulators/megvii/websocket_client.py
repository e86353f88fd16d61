"""The box as WebSocket client: one connection for each kind of message (23.1)."""

import asyncio
from collections.abc import Callable
import contextlib
from dataclasses import dataclass, replace
from math import inf
import socket as sockets
from sys import maxsize
import time

import aiohttp

from simulators.push_delivery import (
    Attempt,
    Outbox,
    Push,
    PushFault,
    PushFaultRule,
    PushFaults,
    ResendPolicy,
    spoilt_text,
)

from .device import Device
from .keepalive import KeepAlive
from .push_messages import Framed, acknowledges, dump, encode


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message on its way: `attempts` times, `pause` seconds apart."""

    push: Push
    framed: Framed
    sequence: int
    attempts: int
    pause: float


class MessageOutbox(Outbox[OutgoingMessage]):
    """The queue of a connection; each message says how often it is sent again."""

    async def _deliver(self, message: OutgoingMessage) -> None:
        self.policy = replace(
            self.policy, attempts=message.attempts, first_delay=message.pause
        )
        await super()._deliver(message)


class WebSocketClient:
    """Keeps a connection to `address` while there is one, and sends in order.

    `connections` counts how often it connected.
    """

    def __init__(
        self,
        target: int,
        device: Device,
        faults: PushFaults,
        address: Callable[[], str],
        delivered: Callable[[Framed], None],
    ) -> None:
        """Remember whom to talk to; `run` does it."""
        self.target = target
        self.connections = 0
        self.unexpected: list[str] = []
        self._device = device
        self._faults = faults
        self._address = address
        self._delivered = delivered
        self._changed = asyncio.Event()
        self._ready = asyncio.Event()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._sequence = 0
        self._waits: Framed | None = None
        self._acknowledged = asyncio.Event()
        self.outbox = MessageOutbox(
            target,
            self,
            policy=ResendPolicy(growth=1.0, longest_delay=inf, queue_limit=maxsize),
            scale=lambda: device.time_scale,
        )

    @property
    def connected(self) -> bool:
        """Return whether there is a connection."""
        return self._ready.is_set()

    def put(self, push: Push, framed: Framed, *, attempts: int, pause: float) -> None:
        """Queue a message; without an address it is given up."""
        if not self._address():
            push.give_up(self.target)
            return
        self._sequence += 1
        self.outbox.put(OutgoingMessage(push, framed, self._sequence, attempts, pause))

    def check_address(self) -> None:
        """Look at the address again."""
        self._changed.set()

    def cut(self) -> None:
        """Break the connection without a close frame."""
        if self._socket is not None:
            raw = self._socket.get_extra_info("socket")
            with contextlib.suppress(OSError, AttributeError):
                raw.shutdown(sockets.SHUT_RDWR)

    async def run(self) -> None:
        """Keep the connection until cancelled."""
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session:
            while True:
                await self._connect(session)
                await self._pause()

    async def _connect(self, session: aiohttp.ClientSession) -> None:
        """Talk while the connection lasts."""
        address = self._address()
        self._changed.clear()
        if not address or self._device.rebooting:
            return
        try:
            async with session.ws_connect(
                address,
                autoping=False,
                max_msg_size=0,
                timeout=aiohttp.ClientWSTimeout(ws_close=0.2),
            ) as socket:
                await self._talk(socket, address)
        except aiohttp.ClientError, OSError, TimeoutError, ValueError:
            pass
        finally:
            self._socket = None
            self._ready.clear()

    async def _pause(self) -> None:
        seconds = self._device.timing.reconnect * self._device.time_scale
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def _talk(
        self, socket: aiohttp.ClientWebSocketResponse, address: str
    ) -> None:
        self._socket = socket
        self.connections += 1
        self._ready.set()
        alive = KeepAlive(self._device, socket)
        tasks = [
            asyncio.ensure_future(work)
            for work in (alive.run(), self._read(socket, alive), self._moved(address))
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._ready.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _moved(self, address: str) -> None:
        while self._address() == address and not self._device.rebooting:
            await self._changed.wait()
            self._changed.clear()

    async def _read(
        self, socket: aiohttp.ClientWebSocketResponse, alive: KeepAlive
    ) -> None:
        async for message in socket:
            text = await alive.text(message)
            if text is None:
                continue
            waits = self._waits
            if waits is not None and acknowledges(self._device, text, waits.key):
                self._acknowledged.set()
            else:
                self.unexpected.append(text)

    async def send(self, message: OutgoingMessage, target: int, _: float) -> Attempt:
        """Send once and wait for the acknowledgement."""
        at = time.time()
        framed = message.framed
        rule = self._faults.take(message.push.kind)
        limit = self._device.timing.acknowledgement * self._device.time_scale
        if rule is not None and rule.fault is PushFault.SLOW:
            await asyncio.sleep(rule.delay)
        error: str | None = None
        self._acknowledged.clear()
        try:
            async with asyncio.timeout(limit):
                await self._ready.wait()
                assert self._socket is not None
                self._waits = framed if framed.word and framed.sighting else None
                await self._transmit(self._socket, message, rule)
                if self._waits is not None:
                    await self._acknowledged.wait()
        except TimeoutError:
            error = "no acknowledgement" if self.connected else "not connected"
        except (aiohttp.ClientError, OSError) as problem:
            error = repr(problem)
        finally:
            self._waits = None
        if rule is not None and rule.fault is PushFault.LOST_ANSWER:
            error = "answer lost"
        if error is None:
            self._delivered(framed)
        return Attempt(at, target, None, error is None, error=error)

    async def _transmit(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        message: OutgoingMessage,
        rule: PushFaultRule | None,
    ) -> None:
        fault = None if rule is None else rule.fault
        text = spoilt_text(dump(message.framed.document), fault)
        match fault:
            case PushFault.EMPTY:
                await socket.send_bytes(b"")
                return
            case PushFault.ABORTED:
                self.cut()
                return
            case PushFault.DUPLICATE:
                await self._write(socket, message, text)
        await self._write(socket, message, text)

    async def _write(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        message: OutgoingMessage,
        text: str,
    ) -> None:
        frame = encode(self._device, message.framed, message.sequence, text)
        if isinstance(frame, str):
            await socket.send_str(frame)
        else:
            await socket.send_bytes(frame)

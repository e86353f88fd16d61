"""What stands for the layers above a vendor's client."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from custom_components.vision_hub.vendors.contract import (
    CallbackHandler,
    Hub,
    Refusal,
    SocketHandler,
)
from custom_components.vision_hub.vendors.errors import VisionError
from custom_components.vision_hub.vendors.model import Alarm, Json


@dataclass
class Clock:
    """A clock that stands still until it is told otherwise."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Sink:
    """Keeps what a hub brings."""

    alarms: list[Alarm] = field(default_factory=list)
    clips: list[tuple[str, bytes, str]] = field(default_factory=list)
    heards: int = 0
    changes: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    missing: asyncio.Event = field(default_factory=asyncio.Event)
    silences: list[timedelta | None] = field(default_factory=list)
    subscribed: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    gate: asyncio.Event | None = None
    entered: int = 0
    broken: bool = False

    async def accept(self, alarm: Alarm) -> None:
        self.entered += 1
        if self.gate:
            await self.gate.wait()
        if self.broken:
            raise OSError("No space left")
        async with self.came:
            self.alarms.append(alarm)
            self.came.notify_all()

    async def until(self, count: int) -> None:
        """Wait until so many alarms are here."""
        async with asyncio.timeout(5), self.came:
            await self.came.wait_for(lambda: len(self.alarms) >= count)

    async def add_clip(self, name: str, content: bytes, content_type: str) -> None:
        self.clips.append((name, content, content_type))

    def heard(self) -> None:
        self.heards += 1

    def expect(self, within: timedelta | None) -> None:
        self.silences.append(within)
        self.subscribed.set()

    def refused(self, reason: Refusal) -> None:
        self.refusals.append(reason)

    def missed(self) -> None:
        self.missing.set()

    def changed(self) -> None:
        self.changes += 1


@dataclass
class Callbacks:
    """Our address, and what must be remembered."""

    url: str | None = "http://192.0.2.9:8123/api/vision_hub/push/our-secret-token"
    memory: Json = None
    memories: list[Json] = field(default_factory=list)
    handler: CallbackHandler | None = None
    sockets: SocketHandler | None = None
    ports: dict[int, SocketHandler] = field(default_factory=dict)

    @contextmanager
    def serve(
        self, handler: CallbackHandler, sockets: SocketHandler | None = None
    ) -> Iterator[None]:
        self.handler, self.sockets = handler, sockets
        try:
            yield
        finally:
            self.handler = self.sockets = None

    @asynccontextmanager
    async def serve_port(
        self, port: int, sockets: SocketHandler
    ) -> AsyncIterator[str | None]:
        self.ports[port] = sockets
        try:
            yield f"ws://192.0.2.9:{port}"
        finally:
            del self.ports[port]

    async def remember(self, memory: Json) -> None:
        self.memory = memory
        self.memories.append(memory)


@dataclass
class Tokens:
    """Tokens in memory."""

    tokens: dict[str, Json] = field(default_factory=dict)
    locks: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    @asynccontextmanager
    async def exclusively(self, key: str) -> AsyncIterator[None]:
        async with self.locks[key]:
            yield

    async def load(self, key: str) -> Json:
        return self.tokens.get(key)

    async def save(self, key: str, token: Json) -> None:
        self.tokens[key] = token


@asynccontextmanager
async def listening(
    hub: Hub, sink: Sink, callbacks: Callbacks, *, take_over: bool = False
) -> AsyncIterator[asyncio.Task[None]]:
    """Connect, listen until subscribed, and as long as the context lasts."""
    await hub.connect()
    sink.subscribed.clear()
    task = asyncio.create_task(hub.listen(sink, callbacks, take_over=take_over))
    waiter = asyncio.create_task(sink.subscribed.wait())
    await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield task
    finally:
        waiter.cancel()
        task.cancel()
        with suppress(asyncio.CancelledError, VisionError, OSError):
            await task

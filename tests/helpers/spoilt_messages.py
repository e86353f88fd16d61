"""A virtual device, a hub that listens to it, and spoilt messages between them."""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
import json
import logging
from pathlib import Path as FilePath
import re
from typing import Any, Final, override

from aiohttp import ClientSession, WSMsgType, hdrs, web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS
import orjson

from custom_components.vision_hub.alarms.archive.rows import encode
from custom_components.vision_hub.alarms.receiving import (
    CallbackEndpoint,
    PushView,
    async_registry,
)
from custom_components.vision_hub.vendors import VENDORS
from custom_components.vision_hub.vendors.contract import Hub
from custom_components.vision_hub.vendors.errors import VisionError
from custom_components.vision_hub.vendors.model import Alarm
from scripts.lib.config_flow import entered
from simulators.vendors import vendors

from .alarms import jpeg
from .doubles import Sink, Tokens
from .relay import Passed, Relay
from .spoiling import Draft, Path, Recipe, Spoilt, leaves

_TOKEN: Final = "t" * 43
_PASSWORD: Final = "Open-Sesame-1"
_LONG: Final = 3000
"""Characters of what must be a picture."""

_TOOK_LONG: Final = 5.0
_BOUNDARY: Final = "----spoilt"


class KeepingSink(Sink):
    """Keeps alarms as far as the archive does before the disk."""

    @override
    async def accept(self, alarm: Alarm) -> None:
        row = encode(alarm, hub="hub", received=datetime.now(UTC), late=False)
        for value in row.values():
            assert not isinstance(value, int) or -(2**63) <= value < 2**63
            assert not isinstance(value, str) or "\0" not in value.encode().decode()
        orjson.dumps(row)
        await super().accept(alarm)


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What of a vendor's messages must be whole for what."""

    identity: frozenset[str]
    """Keys that decide which alarm a message tells, if any."""
    channel: frozenset[str]
    """Keys that decide of which channel it is."""
    sender: frozenset[str] = frozenset()
    """Keys by which a message is refused as somebody else's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form."""

    head: bytes
    content: bytes = field(repr=False)
    is_message: bool = False


@dataclass(frozen=True, slots=True)
class Seed:
    """A message as the virtual device sends it, with small pictures."""

    tree: Any
    request: Passed | None = None
    """None where it is a frame of a WebSocket."""
    parts: tuple[Part, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    """What it says when it is whole."""

    def body(self, content: bytes) -> bytes:
        """Put what was made of the message where it belongs."""
        if not self.parts:
            return content
        line = f"--{_BOUNDARY}".encode()
        pieces = [
            line
            + b"\r\n"
            + part.head
            + b"\r\n\r\n"
            + (content if part.is_message else part.content)
            + b"\r\n"
            for part in self.parts
        ]
        return b"".join(pieces) + line + b"--\r\n"

    def pictures(self, alarm: Alarm) -> dict[bytes, Path | None]:
        """Tell where the pictures of an alarm stand; None: beside the message."""
        wanted = {picture.data for picture in alarm.pictures if picture.data}
        found: dict[bytes, Path | None] = dict.fromkeys(
            part.content for part in self.parts if part.content in wanted
        )
        for path, value in leaves(self.tree).items():
            if isinstance(value, str) and (data := _picture(value)) in wanted:
                assert data
                found[data] = path
        return found


def _picture(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True)
    except ValueError:
        return None


def _smaller(tree: Any) -> Any:
    """Put small pictures in the place of big ones."""
    draft = Draft(tree)
    for number, (path, value) in enumerate(leaves(tree).items()):
        if isinstance(value, str) and len(value) > _LONG:
            head, comma, _ = value[:100].rpartition(",")
            small = base64.b64encode(jpeg(number, 300)).decode()
            draft.put(path, head + comma + small)
    return draft.tree


@dataclass(frozen=True, slots=True)
class Sending:
    """How a message is sent; whichever way, it says the same."""

    content_type: str | None = None
    """Another one than the manual's; empty: none."""


PLAIN: Final = Sending()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a message."""

    status: int | None
    alarms: tuple[Alarm, ...]


class Faults(logging.Handler):
    """What must not happen at all."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))

    def take(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.found.append(f"{context.get('message')}: {error!r}")

    def check(self) -> None:
        found, self.found = self.found, []
        assert not found, "\n".join(found)


class Bench:
    """Takes messages of one virtual device, whole and spoilt."""

    def __init__(
        self,
        hub: Hub,
        device: Any,
        front: Relay,
        back: Relay,
        session: ClientSession,
        anatomy: Anatomy,
    ) -> None:
        self.hub = hub
        self.device = device
        self.front = front
        self.back = back
        self.session = session
        self.anatomy = anatomy
        self.sink = KeepingSink()
        self.faults = Faults()
        self.seeds: list[Seed] = []
        self.canary: Seed | None = None

    # Life

    async def listen(self, endpoint: CallbackEndpoint) -> None:
        """Listen for ever, as the alarm centre does."""
        while True:
            try:
                await self.hub.listen(self.sink, endpoint, take_over=True)
            except VisionError, OSError:
                self.sink.subscribed.clear()
                await asyncio.sleep(0.01)
            except Exception as error:
                self.faults.found.append(f"listening ended: {error!r}")
                raise

    async def quiet(self) -> None:
        """Wait until the device has sent all that it has."""
        before = -1
        while before != (sent := len(self.back.requests) + len(self.sockets.frames)):
            before = sent
            await asyncio.sleep(0.5)

    @property
    def sockets(self) -> Relay:
        """Where WebSockets go through."""
        return self.back if self.back.device_dials else self.front

    async def learn(self) -> None:
        """Make seeds of all that the device sent."""
        seeds = [
            *map(_seed_of, self.back.requests),
            *(Seed(_smaller(json.loads(frame))) for frame in self.sockets.frames),
        ]
        found = {_shape(seed): seed for seed in reversed(seeds)}.values()
        self.sink.alarms.clear()
        for seed in found:
            # The first that is known to tell something.
            await self._send(seed, Recipe().spoil(seed.tree))
            with suppress(TimeoutError):
                await self._until(lambda: bool(self.sink.alarms), 0.5)
                alarms = tuple(self.sink.alarms)
                self.canary = replace(seed, alarms=alarms)
                break
        assert self.canary
        for seed in found:
            delivered = await self.deliver(seed, Recipe().spoil(seed.tree))
            assert delivered.status in {None, HTTPStatus.OK}
            if delivered.alarms != self.canary.alarms:
                self.seeds.append(replace(seed, alarms=delivered.alarms))

    async def _until(self, condition: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds), self.sink.came:
            await self.sink.came.wait_for(condition)

    # Messages

    async def deliver(
        self, seed: Seed, spoilt: Spoilt, sending: Sending = PLAIN
    ) -> Delivered:
        """Send a spoilt message, and one that is whole behind it."""
        assert self.canary
        sink, last = self.sink, self.canary.alarms[-1].id
        sink.alarms.clear()
        async with asyncio.timeout(_TOOK_LONG):
            status = await self._send(seed, spoilt, sending)
            told = len(sink.alarms)
            while not any(alarm.id == last for alarm in sink.alarms[told:]):
                # Whoever hung up listens again.
                await self._send(self.canary, Recipe().spoil(self.canary.tree))
                if self.canary.request:
                    break
                with suppress(TimeoutError):
                    await self._until(
                        lambda: any(alarm.id == last for alarm in sink.alarms[told:]),
                        0.3,
                    )
        whole = len(self.canary.alarms)
        assert _ids(sink.alarms[-whole:]) == _ids(self.canary.alarms)
        self.faults.check()
        return Delivered(status, tuple(sink.alarms[:-whole]))

    async def _send(
        self, seed: Seed, spoilt: Spoilt, sending: Sending = PLAIN
    ) -> int | None:
        if not seed.request:
            await self._send_frame(spoilt.content)
            return None
        headers = seed.request.headers.copy()
        if seed.parts:
            headers[hdrs.CONTENT_TYPE] = f"multipart/form-data; boundary={_BOUNDARY}"
        if sending.content_type is not None:
            headers.pop(hdrs.CONTENT_TYPE, None)
            if sending.content_type:
                headers[hdrs.CONTENT_TYPE] = sending.content_type
        answered = await self.back.send(
            replace(seed.request, headers=headers, body=seed.body(spoilt.content))
        )
        return answered.status

    async def _send_frame(self, content: bytes) -> None:
        while True:
            await self.sink.subscribed.wait()
            await self.sockets.opened.wait()
            assert self.sockets.listener
            try:
                await self.sockets.listener.send_frame(content, WSMsgType.TEXT)
            except ConnectionError:
                await asyncio.sleep(0.01)
            else:
                return

    def check(self, seed: Seed, spoilt: Spoilt, delivered: Delivered) -> None:
        """Tell whether all that was whole was understood."""
        names = self.anatomy
        status = delivered.status
        assert status in {None, HTTPStatus.OK, HTTPStatus.BAD_REQUEST}
        if delivered.alarms:
            assert status in {None, HTTPStatus.OK}
        if not spoilt.whole or not _kept(seed, spoilt, names.sender):
            return
        assert status in {None, HTTPStatus.OK}
        if not _kept(seed, spoilt, names.identity):
            return
        told = list(delivered.alarms)
        assert _kinds(told) == _kinds(seed.alarms)
        for alarm, whole in zip(told, seed.alarms, strict=True):
            if _kept(seed, spoilt, names.channel):
                assert alarm.channel == whole.channel
            pictures = {picture.data for picture in alarm.pictures}
            for data, path in seed.pictures(whole).items():
                if path is None or spoilt.keeps(path):
                    assert data in pictures


def _ids(alarms: Iterable[Alarm]) -> list[str]:
    return [alarm.id for alarm in alarms]


def _kinds(alarms: Iterable[Alarm]) -> list[tuple[str, ...]]:
    return [(alarm.kind, alarm.code, alarm.phase) for alarm in alarms]


def _kept(seed: Seed, spoilt: Spoilt, names: frozenset[str]) -> bool:
    """Tell whether everything under some keys is still there."""
    named = [path for path in Draft(seed.tree).places() if path and path[-1] in names]
    rows = {path[:-1] for path in spoilt.lost if isinstance(path[-1], int)}
    return all(spoilt.keeps(path) and path not in rows for path in named)


def _shape(seed: Seed) -> str:
    """Tell messages apart that say different things."""

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(item) for key, item in value.items()}
        if isinstance(value, list):
            return [shape(item) for item in value[:1]]
        return type(value).__name__

    words = [
        value
        for value in leaves(seed.tree).values()
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]{3,40}", value)
    ]
    numbers = [part.head for part in seed.parts]
    return f"{shape(seed.tree)}{sorted(Counter(words))}{len(numbers)}"


def _seed_of(passed: Passed) -> Seed:
    kind = passed.headers.get(hdrs.CONTENT_TYPE, "")
    if not kind.startswith("multipart/"):
        return Seed(_smaller(json.loads(passed.body)), passed)
    line = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    parts: list[Part] = []
    tree: Any = {}
    for piece in passed.body.split(line)[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        head, content = head.strip(b"\r\n"), content.removesuffix(b"\r\n")
        is_message = content[:1] == b"{" and b"filename" not in head
        if is_message:
            tree = _smaller(json.loads(content))
        elif b"filename" in head:
            content = content[:12] + jpeg(len(parts), 300)
        parts.append(Part(head, content, is_message))
    return Seed(tree, passed, tuple(parts))


@asynccontextmanager
async def bench(
    vendor: str,
    anatomy: Anatomy,
    folder: FilePath,
    busy: Callable[[Any], Awaitable[object]],
    **options: Any,
) -> AsyncIterator[Bench]:
    """Start a virtual device, let it do something, and learn what it sends."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        simulated = vendors()[vendor]
        device = await stack.enter_async_context(
            simulated.make(seed=1, video=False, password=_PASSWORD)
        )
        front = Relay(session, device.url)
        await stack.enter_async_context(front.running())
        hass = HomeAssistant(str(folder))
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app[KEY_HASS] = hass
        PushView(async_registry(hass)).register(hass, app, app.router)
        ours = TestServer(app)
        await ours.start_server(access_log=None)
        stack.push_async_callback(ours.close)
        back = Relay(session, str(ours.make_url("")))
        back.device_dials = options.get("push") == "websocket"
        await stack.enter_async_context(back.running())
        endpoint = CallbackEndpoint(hass, "entry", token=_TOKEN, base_url=back.url)
        await endpoint.load()
        config = entered(
            vendor,
            host="127.0.0.1",
            port=front.port,
            serial=device.serial,
            username=device.username,
            password=_PASSWORD,
        )
        hub = VENDORS[vendor].open({**config, **options}, session, Tokens())
        found = Bench(hub, device, front, back, session, anatomy)
        await hub.connect()
        await hub.poll()
        asyncio.get_running_loop().set_exception_handler(found.faults.take)
        logger = logging.getLogger("custom_components.vision_hub")
        logger.addHandler(found.faults)
        stack.callback(logger.removeHandler, found.faults)
        task = asyncio.create_task(found.listen(endpoint))
        async with asyncio.timeout(10):
            await found.sink.subscribed.wait()
        await busy(device)
        await found.quiet()
        await found.learn()
        # Who is hung up on comes back soon.
        device.device.time_scale = 0.01
        yield found
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await hass.async_stop(force=True)

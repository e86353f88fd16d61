"""What the node tells us by itself: over WebSocket (9.2), or over HTTP (chapter 7)."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
import hmac
import logging
import secrets
from time import monotonic
from typing import Final, Literal

from aiohttp import ClientWebSocketResponse, WSMsgType
import orjson

from ...contract import (
    AlarmSink,
    CallbackReply,
    CallbackRequest,
    CallbackServer,
    ForeignMessage,
    MalformedMessage,
    Refusal,
    open_body,
)
from ...errors import (
    AnswerTimeout,
    CannotConnect,
    InvalidRequest,
    NoCallbackAddress,
    RejectedByHub,
    SubscriptionTaken,
    UnexpectedAnswer,
    WouldErase,
)
from ...model import PictureRole
from ...toolkit.addresses import is_ours, owner_of
from ...toolkit.http import translated
from ...toolkit.lenient import as_text
from ...toolkit.read_notes import Oddity, ReadNotes
from ...toolkit.replacing import demand_told
from ...toolkit.shapes import as_object, value_in
from ...toolkit.shared_config import expect_unchanged, repeated_if_changed
from ...toolkit.subscriptions import RECHECK, keep_subscribed
from ..alarms import Message, read_pushes
from ..transport import Transport, refused
from ..wire import MessageId, PushTarget
from .details import Details

_LOGGER = logging.getLogger(__name__)

HEARTBEAT: Final = 20.0
"""Seconds of silence after which a node is pinged, and again after which it is gone."""

SILENCE: Final = timedelta(seconds=3 * HEARTBEAT)
FIRST_BEAT: Final = timedelta(minutes=15)
"""How long a node that was never heard may be silent; 7.3 does not tell its period."""
ACKNOWLEDGED_WITHIN: Final = 15.0

_LEAST_SILENCE: Final = 60.0

_FILES: Final[Mapping[str, PictureRole]] = {
    "snap": PictureRole.TARGET,
    "snap_frame": PictureRole.SCENE,
    "img": PictureRole.LIBRARY,
}
_DONE: Final = CallbackReply(200)
_TEXT: Final = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})
_ALIVE: Final = frozenset({WSMsgType.PING, WSMsgType.PONG})


class WebSocketListener:
    """Hears a node over a WebSocket until it ends."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Connect through `transport`."""
        self._transport = transport
        self._details = details
        self._notes = transport.notes

    async def listen(self, sink: AlarmSink) -> None:
        """Subscribe and bring alarms to `sink`; raises when the connection ends."""
        data = await self._transport.ask("ws_key_get")
        key = as_text(value_in(data, "key"))
        if not key:
            raise UnexpectedAnswer("The node gave no key")
        socket = await self._transport.open_websocket()
        try:
            with translated():
                await socket.send_str(
                    orjson.dumps(
                        {"key": key, "msg_id": str(int(MessageId.SUBSCRIBE))}
                    ).decode()
                )
            try:
                async with asyncio.timeout(ACKNOWLEDGED_WITHIN):
                    first, *more = await self._next(socket, sink)
            except TimeoutError as error:
                raise AnswerTimeout("The node did not confirm") from error
            if refusal := refused(first.envelope):
                raise refusal
            sink.expect(SILENCE)
            await self._take([first, *more], sink)
            while True:
                await self._take(await self._next(socket, sink), sink)
        finally:
            with suppress(TimeoutError):
                await socket.close()

    async def _next(
        self, socket: ClientWebSocketResponse[Literal[False]], sink: AlarmSink
    ) -> list[Message]:
        """Wait for messages that can be read."""
        # The heartbeat of aiohttp would outlive a socket that we close.
        pinged = False
        while True:
            with translated():
                try:
                    frame = await socket.receive(timeout=HEARTBEAT)
                except TimeoutError:
                    if pinged:
                        raise
                    pinged = True
                    await socket.ping()
                    continue
                pinged = False
                if frame.type is WSMsgType.PING:
                    await socket.pong(frame.data)
            if frame.type in _ALIVE:
                sink.heard()
                continue
            if frame.type not in _TEXT:
                raise CannotConnect("The node ended the connection")
            sink.heard()
            try:
                messages = await read_pushes(
                    frame.data, self._details.site, datetime.now(UTC)
                )
            except MalformedMessage as error:
                _LOGGER.debug("A message was passed over: %s", error)
                self._pass_over(sink)
                continue
            if any(message.empty for message in messages):
                self._pass_over(sink)
            elif messages:
                return messages
            else:
                self._notes.add("push", Oddity.UNKNOWN)
                if not frame.data:
                    # Whatever was in it got lost: the records are read.
                    sink.missed()

    def _pass_over(self, sink: AlarmSink) -> None:
        self._notes.add("push", Oddity.UNREADABLE)
        sink.refused(Refusal.UNREADABLE)

    async def _take(self, messages: Iterable[Message], sink: AlarmSink) -> None:
        # The next message is read only after this one is safe. The silence that ends a
        # connection counts from then on.
        for message in messages:
            if message.alarm:
                await sink.accept(message.alarm)
            elif message.unknown:
                self._notes.add("push", Oddity.UNKNOWN, "msg_id", type(message.number))


class Receiver:
    """Takes what the node posts to our address."""

    def __init__(self, sink: AlarmSink, details: Details, notes: ReadNotes) -> None:
        """Bring alarms to `sink`."""
        self._notes = notes
        self._sink = sink
        self._details = details
        self._beat: float | None = None
        self._shown = False
        self.key = ""
        """What the node was told to identify itself with."""

    async def __call__(self, request: CallbackRequest) -> CallbackReply:
        """Answer one message; only after what it brought is safe."""
        body = open_body(request)
        key = body.fields.get("key", b"").strip()
        files = {
            role: body.fields[name]
            for name, role in _FILES.items()
            if body.fields.get(name)
        }
        messages = await read_pushes(
            body.json, self._details.site, datetime.now(UTC), files
        )
        for message in messages:
            told = key or as_text(message.envelope.get("key")).encode(errors="replace")
            self._check(told, message, has_place=bool(body.fields))
        self._sink.heard()
        if not messages:
            self._notes.add("push", Oddity.UNKNOWN)
        for message in messages:
            if message.number == MessageId.HTTP_HEARTBEAT:
                self._learn_period()
            elif message.alarm:
                await self._sink.accept(message.alarm)
            elif message.unknown:
                self._notes.add("push", Oddity.UNKNOWN, "msg_id", type(message.number))
        return _DONE

    def _check(self, key: bytes, message: Message, *, has_place: bool) -> None:
        """Refuse a wrong key, and an alarm without one.

        The manual does not say that heartbeats have it. Where JSON comes without a form
        it `has_place` nowhere; but a node that showed it once does so always.
        """
        if not self.key:
            return
        if hmac.compare_digest(key, self.key.encode()):
            self._shown = True
        elif key or (message.alarm and (has_place or self._shown)):
            raise ForeignMessage("The key is not ours")

    def _learn_period(self) -> None:
        """Expect a heartbeat as often as the node sends one; 7.3 does not tell."""
        now, before = monotonic(), self._beat
        self._beat = now
        if before is not None:
            silence = max(3 * (now - before), _LEAST_SILENCE)
            self._sink.expect(timedelta(seconds=silence))


class HttpSubscription:
    """Takes and gives back the one target of the node's HTTP push (7.1, 7.2)."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._lock = asyncio.Lock()
        self.notes = transport.notes

    @repeated_if_changed
    async def subscribe(self, callbacks: CallbackServer, *, take_over: bool) -> str:
        """Let the node push to us; return the key with which it identifies itself."""
        address = callbacks.url
        if address is None:
            raise NoCallbackAddress
        async with self._lock:
            present = await self._read()
            if is_ours(present.url, address):
                if present.url == address and present.key:
                    return present.key
            elif present.url and not take_over:
                raise SubscriptionTaken((owner_of(present.url),))
            else:
                # It could not be given back.
                demand_told(present.untold if present.url else ())
                # Before the write, so that it is known whatever happens then.
                await callbacks.remember(
                    {"url": present.url, "key": present.key, "address": address}
                )
            key = secrets.token_hex(16)
            await expect_unchanged(self._read, present)
            await self._write(address, key)
            return key

    @repeated_if_changed
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Give the target back to whom it belonged."""
        memory = callbacks.memory
        if not isinstance(memory, dict):
            return
        address = callbacks.url or as_text(memory.get("address"))
        async with self._lock:
            present = await self._read()
            if is_ours(present.url, address) or is_ours(
                present.url, as_text(memory.get("address"))
            ):
                await expect_unchanged(self._read, present)
                try:
                    await self._write(
                        as_text(memory.get("url")), as_text(memory.get("key"))
                    )
                except (RejectedByHub, InvalidRequest) as error:
                    if memory.get("url"):
                        raise
                    # Nothing tells how to have no target; ours is dead from now on.
                    _LOGGER.debug("The push target could not be cleared: %s", error)
            await callbacks.remember(None)

    async def _read(self) -> PushTarget:
        told = as_object(await self._transport.ask("http_push_get"))
        target = PushTarget.from_dict(told)
        if told and "url" in target.untold:
            # Somebody may be told of there.
            raise WouldErase("url")
        return target

    async def _write(self, url: str, key: str) -> None:
        await self._transport.ask("http_push_set", {"url": url, "key": key})


async def listen_http(
    subscription: HttpSubscription,
    details: Details,
    sink: AlarmSink,
    callbacks: CallbackServer,
    *,
    take_over: bool,
) -> None:
    """Bring what the node posts to `sink`, and look whether it is still ours."""
    receiver = Receiver(sink, details, subscription.notes)

    async def subscribe(*, take_over: bool = False) -> bool:
        known = receiver.key
        receiver.key = await subscription.subscribe(callbacks, take_over=take_over)
        return receiver.key != known

    with callbacks.serve(receiver):
        await subscribe(take_over=take_over)
        sink.expect(FIRST_BEAT)
        await keep_subscribed(RECHECK, subscribe, sink.missed)

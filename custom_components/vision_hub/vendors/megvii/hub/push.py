"""What the box tells us by itself, or on being asked often enough.

Over HTTP it calls our address (23.2, 25.3). Over WebSocket it is the client and we are
the server, at our address or at a port of our own (23.1, 25.4). Where neither can be,
its records are read every few seconds (8, 9).
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
import logging
import socket as network
from time import monotonic, time
from typing import Final, Literal

from aiohttp import WSMsgType
from aiohttp.web import WebSocketResponse

from ...contract import (
    AlarmSink,
    CallbackReply,
    CallbackRequest,
    CallbackServer,
    ForeignMessage,
    MalformedMessage,
    Refusal,
)
from ...errors import Busy, NoCallbackAddress, RejectedByHub, Unsupported
from ...model import Alarm, HubConfig, serial_key
from ...toolkit.lenient import as_int
from ...toolkit.read_notes import Oddity, ReadNotes
from ...toolkit.shapes import as_object
from ...toolkit.subscriptions import RECHECK, keep_subscribed
from ..alarms import counts_from_zero, read_message
from ..attributes import FaceSet
from ..message_fields import device_of
from ..messages import Message, acknowledgement, read_frame, read_request
from ..request_queue import Priority
from ..transport import Transport
from ..wire import Device
from .details import Details
from .history import MegviiHistory
from .subscription import (
    BEATS,
    HEARTBEAT,
    HTTP,
    REPORTS,
    Subscription,
    memory_of,
    remember,
    socket_address,
)

_LOGGER = logging.getLogger(__name__)

SILENCE: Final = timedelta(seconds=4 * HEARTBEAT)

POLLING: Final = 15.0
"""Seconds between two looks at the records; the box serves one request at a time."""
PATIENCE: Final = 90.0
"""Seconds during which a box may be busy before that is told."""

_FROM_ZERO: Final = "counts_from_zero"
_POLLED: Final = "polled"
_OVERLAP: Final = 60
"""Seconds; records may be written somewhat later than what they tell of."""
_MOST_POLLED: Final = 4096

_DONE: Final = CallbackReply(200, {"code": 0, "message": ""})


class MessageReceiver:
    """Understands messages, and brings what they say to the sink."""

    def __init__(
        self,
        details: Details,
        sink: AlarmSink,
        callbacks: CallbackServer,
        notes: ReadNotes,
    ) -> None:
        """Bring alarms to `sink`."""
        self._details = details
        self._sink = sink
        self._callbacks = callbacks
        self._notes = notes

    async def __call__(self, request: CallbackRequest) -> CallbackReply:
        """Answer what came over HTTP, by whatever method."""
        messages = await read_request(request)
        if not messages:
            self._sink.heard()
            self._notes.add("push", Oddity.UNKNOWN)
        for message in messages:
            self._check(message)
        for message in messages:
            await self._handle(message, FaceSet.B)
        return _DONE

    def _check(self, message: Message, *, anonymous: bool = True) -> None:
        """Refuse what another box says, and unless `anonymous` what tells no box."""
        told, names = serial_key(device_of(message.fields)), self._details.names
        if (told and names and told not in names) or not (told or anonymous):
            raise ForeignMessage("Another box called")

    async def handle_socket(
        self,
        socket: WebSocketResponse[Literal[False]],
        *,
        anonymous: bool = True,
    ) -> None:
        """Take what comes over a socket until it is closed.

        Each message is acknowledged when it is safe. What cannot be stored ends the
        socket, so that the box sends it again; what another box says does, too.
        """
        async for frame in socket:
            match frame.type:
                case WSMsgType.TEXT | WSMsgType.BINARY:
                    content = frame.data
                case _:
                    return
            if content.strip().lower() == b"ping":
                # Whether these are frames of the protocol is not stated (23.1.2).
                await socket.send_str("pong")
                continue
            try:
                message = await read_frame(content)
            except MalformedMessage as error:
                _LOGGER.debug("A message was passed over: %s", error)
                self._notes.add("push", Oddity.UNREADABLE)
                self._sink.refused(Refusal.UNREADABLE)
                continue
            self._check(message, anonymous=anonymous)
            await self._handle(message, FaceSet.A)
            if text := acknowledgement(message):
                await socket.send_str(text)

    async def _handle(self, message: Message, faces: FaceSet) -> None:
        """Return when everything that a message says is safe."""
        from_zero = memory_of(self._callbacks, _FROM_ZERO) is True
        if not from_zero and counts_from_zero(message):
            from_zero = True
            await remember(self._callbacks, _FROM_ZERO, from_zero)
        site = self._details.site(counts_from_zero=from_zero)
        alarms = read_message(message, site, datetime.now(UTC), faces=faces)
        self._sink.heard()
        if not alarms and not device_of(message.fields):
            self._notes.add("push", Oddity.UNKNOWN)
        for alarm in alarms:
            await self._sink.accept(alarm)


class Listener:
    """Listens in one of the ways that there are."""

    def __init__(
        self,
        transport: Transport,
        details: Details,
        sink: AlarmSink,
        callbacks: CallbackServer,
        *,
        take_over: bool,
    ) -> None:
        """Bring alarms to `sink`."""
        self._transport = transport
        self._details = details
        self._sink = sink
        self._callbacks = callbacks
        self._take_over = take_over
        self._history = MegviiHistory(transport, details)
        self._subscription = Subscription(transport)
        self._receiver = MessageReceiver(details, sink, callbacks, transport.notes)
        self._beats: bool | None = None
        self._polled: dict[str, None] = {}

    async def automatic(self) -> None:
        """Be called over HTTP; read records as long as that cannot be."""
        while True:
            try:
                await self.http()
            except (NoCallbackAddress, RejectedByHub, Unsupported) as error:
                _LOGGER.debug("Nothing is pushed, so records are read: %s", error.key)
            await self.polling(until=monotonic() + RECHECK.total_seconds())

    async def http(self) -> None:
        """Be called over HTTP."""
        await self._release(sockets=True)

        async def subscribe(*, take_over: bool = False) -> bool:
            address = self._callbacks.url
            if address is None:
                raise NoCallbackAddress
            return await self._subscription.subscribe_http(
                self._callbacks, address, take_over=take_over
            )

        with self._callbacks.serve(self._receiver):
            await subscribe(take_over=self._take_over)
            self._sink.expect(None)
            await keep_subscribed(RECHECK, subscribe, self._sink.missed)

    async def sockets(self, port: int | None) -> None:
        """Be dialled: at our address, or at a port of our own."""
        await self._release(http=True)
        if port is None:
            await self._at_our_address()
        else:
            await self._at_port(port)

    async def _at_our_address(self) -> None:
        async def handle_socket(
            socket: WebSocketResponse[Literal[False]], peer: str
        ) -> None:
            await self._receiver.handle_socket(socket)

        def address() -> str:
            if (url := self._callbacks.url) is None:
                raise NoCallbackAddress
            return socket_address(url)

        with self._callbacks.serve(self._receiver, handle_socket):
            await self._serve_sockets(address)

    async def _at_port(self, port: int) -> None:
        """There is no secret in such an address: look who calls."""
        await self._details.device()

        async def handle_socket(
            socket: WebSocketResponse[Literal[False]], peer: str
        ) -> None:
            if _address(peer) not in await _addresses(self._transport.origin.host):
                raise ForeignMessage("Somebody else called")
            await self._receiver.handle_socket(socket, anonymous=False)

        async with self._callbacks.serve_port(port, handle_socket) as ours:
            if ours is None:
                raise NoCallbackAddress
            # As the manual writes it: ws://domain(ip):port/
            await self._serve_sockets(lambda: f"{ours.rstrip('/')}/")

    async def _serve_sockets(self, address: Callable[[], str]) -> None:
        async def subscribe(*, take_over: bool = False) -> bool:
            ours = address()
            lost = await self._subscription.subscribe_sockets(
                self._callbacks, ours, take_over=take_over
            )
            beats = await self._subscription.subscribe_heartbeat(self._callbacks, ours)
            if beats is not self._beats:
                self._beats = beats
                self._sink.expect(SILENCE if beats else None)
            return lost

        await subscribe(take_over=self._take_over)
        await keep_subscribed(RECHECK, subscribe, self._sink.missed)

    async def polling(self, *, until: float | None = None) -> None:
        """Read records, from where the last run ended; up to a time of `monotonic`."""
        if until is None:
            await self._release(http=True, sockets=True)
        start = as_int(memory_of(self._callbacks, _POLLED))
        began, last = False, monotonic()
        while until is None or monotonic() < until:
            try:
                start = await self._poll(start)
            except Busy as error:
                if monotonic() - last > PATIENCE:
                    raise
                _LOGGER.debug("Records are read a little later: %s", error.key)
            else:
                last = monotonic()
                if not began:
                    # Not sooner: a box that does not answer tells no alarms.
                    began = True
                    self._sink.expect(None)
            await asyncio.sleep(POLLING)

    async def _poll(self, start: int | None) -> int:
        """Bring what is new; return from when on to look the next time."""
        now = await self._time()
        if start is None or start > now:
            # Nobody listened before; what was then is a matter of the history.
            start = now
        newest = start
        async for alarms in self._history.pages(start - _OVERLAP, now + _OVERLAP):
            for alarm in alarms:
                if alarm.id in self._polled:
                    continue
                await self._store(alarm)
                self._polled[alarm.id] = None
                newest = max(newest, min(int(alarm.time.timestamp()), now))
        self._sink.heard()
        while len(self._polled) > _MOST_POLLED:
            del self._polled[next(iter(self._polled))]
        if newest != memory_of(self._callbacks, _POLLED):
            await remember(self._callbacks, _POLLED, newest)
        return newest

    async def _store(self, alarm: Alarm) -> None:
        """Hold on to an alarm that cannot be stored: the box may have forgotten it."""
        while True:
            try:
                return await self._sink.accept(alarm)
            except OSError as error:
                _LOGGER.debug("An alarm waits to be stored: %s", error)
            await asyncio.sleep(POLLING)

    async def _time(self) -> int:
        """Return the time of the box in Unix seconds."""
        data = await self._transport.ask("get_device", priority=Priority.POLL)
        device = Device.from_dict(as_object(data))
        told = device.time.device_time if device.time else None
        return int(time()) if told is None else told

    async def _release(self, *, http: bool = False, sockets: bool = False) -> None:
        """Release what was taken for another way, before the user changed it."""
        if http and memory_of(self._callbacks, HTTP):
            await self._subscription.release_http(self._callbacks)
        taken = (memory_of(self._callbacks, name) for name in (REPORTS, BEATS))
        if sockets and any(taken):
            await self._subscription.release_sockets(self._callbacks)


async def listen(
    transport: Transport,
    details: Details,
    sink: AlarmSink,
    callbacks: CallbackServer,
    options: HubConfig,
    *,
    take_over: bool,
) -> None:
    """Bring alarms to `sink` until cancelled, as the options `push` and `socket_port` say.

    `push` is `automatic`, `http`, `websocket` or `polling`.
    """
    listener = Listener(transport, details, sink, callbacks, take_over=take_over)
    match options.get("push"):
        case "http":
            await listener.http()
        case "websocket":
            await listener.sockets(as_int(options.get("socket_port")) or None)
        case "polling":
            await listener.polling()
        case _:
            await listener.automatic()


async def _addresses(host: str | None) -> frozenset[str]:
    """Return every address of the box."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=network.SOCK_STREAM)
    except OSError as error:
        raise MalformedMessage("The box has no address") from error
    return frozenset(_address(str(sockaddr[0])) for *_, sockaddr in found)


def _address(text: str) -> str:
    """Write an address in one way, also an IPv4 address within IPv6."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)

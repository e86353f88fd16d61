"""Our side of the hubs that call us."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from aiohttp.web import WebSocketResponse

from ..model import Json


@dataclass(frozen=True, slots=True)
class CallbackPart:
    """One part of a multipart body."""

    name: str
    filename: str | None
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequest:
    """A message that a hub sent to our address. Nothing in it is to be trusted."""

    method: str
    tail: str
    """What follows the address we gave, without the leading slash."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content_type: str
    content: bytes = field(repr=False)
    """The whole body; empty when there are `parts`."""
    parts: tuple[CallbackPart, ...] = ()


@dataclass(frozen=True, slots=True)
class CallbackReply:
    """What we answer to a hub."""

    status: int = 200
    content: Json = None


type CallbackHandler = Callable[[CallbackRequest], Awaitable[CallbackReply]]


type SocketHandler = Callable[[WebSocketResponse[Literal[False]], str], Awaitable[None]]
"""Speaks on a WebSocket until it is closed; the second is the address of the peer."""


class MalformedMessage(Exception):
    """A handler cannot make sense of a message; it is answered with 400."""


class ForeignMessage(MalformedMessage):
    """A message has not our key, or is of another hub."""


class CallbackServer(Protocol):
    """Our side of the hubs that call us, one for each hub."""

    @property
    def url(self) -> str | None:
        """The address that a hub must call, with our secret in it, without a final slash.

        None when Home Assistant does not know an address of its own.
        """

    def serve(
        self, handler: CallbackHandler, sockets: SocketHandler | None = None
    ) -> AbstractContextManager[None]:
        """Let `handler` answer what comes to `url` as long as the context lasts.

        `sockets` takes the WebSockets that are opened there.
        """

    def serve_port(
        self, port: int, sockets: SocketHandler
    ) -> AbstractAsyncContextManager[str | None]:
        """Open a port of our own to `sockets`, for hubs that dial no path.

        Gives its address, such as `ws://192.0.2.5:8765`, None when we do not know it.
        There is no secret in it: look who calls. Raises PortInUse.
        """

    @property
    def memory(self) -> Json:
        """What `remember` was given, also in an earlier run; None if nothing."""

    async def remember(self, memory: Json) -> None:
        """Keep what must outlive a restart.

        What the hub was set to before we subscribed, or how far its records were read.
        """

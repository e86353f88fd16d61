"""The address at which hubs reach us: `/api/vision_hub/push/{token}/{tail}`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
import errno
import hashlib
import hmac
from http import HTTPStatus
import logging
import secrets
from typing import Final, override

from aiohttp import web
from aiohttp.hdrs import METH_GET, METH_POST, METH_PUT, UPGRADE
from homeassistant.const import CONTENT_TYPE_JSON
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey
from yarl import URL

from ...vendors.contract import (
    CallbackHandler,
    CallbackReply,
    CallbackRequest,
    CallbackServer,
    MalformedMessage,
    Refusal,
    SocketHandler,
)
from ...vendors.model import Json
from .fault_log import FaultLog
from .log_redaction import redact_logs
from .refusals import Refusals, reason_of
from .request_body import Bodies, BodyTooLarge, Hold, TooManyBodies
from .sockets import Sockets

_LOGGER = logging.getLogger(__name__)

PATH: Final = "/api/vision_hub/push"

READ_TIMEOUT: Final = 30
HANDLE_TIMEOUT: Final = 30

# What a hub is told, so that it sends again what may be taken later.
_STATUSES: Final[Mapping[Refusal, HTTPStatus]] = {
    Refusal.UNREADABLE: HTTPStatus.BAD_REQUEST,
    Refusal.FOREIGN: HTTPStatus.BAD_REQUEST,
    Refusal.UNWANTED: HTTPStatus.NOT_FOUND,
    Refusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Refusal.INCOMPLETE: HTTPStatus.REQUEST_TIMEOUT,
    Refusal.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Refusal.STORAGE: HTTPStatus.SERVICE_UNAVAILABLE,
    Refusal.FAULT: HTTPStatus.INTERNAL_SERVER_ERROR,
    Refusal.STARTING: HTTPStatus.SERVICE_UNAVAILABLE,
}

# What a handler means that answers so by itself.
_REASONS: Final[Mapping[int, Refusal]] = {
    HTTPStatus.BAD_REQUEST: Refusal.UNREADABLE,
    HTTPStatus.UNAUTHORIZED: Refusal.FOREIGN,
    HTTPStatus.FORBIDDEN: Refusal.FOREIGN,
    HTTPStatus.NOT_FOUND: Refusal.UNWANTED,
    HTTPStatus.METHOD_NOT_ALLOWED: Refusal.UNWANTED,
    HTTPStatus.REQUEST_TIMEOUT: Refusal.INCOMPLETE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Refusal.TOO_LARGE,
    HTTPStatus.SERVICE_UNAVAILABLE: Refusal.BUSY,
}

_TOKEN_BYTES: Final = 32
_STORE_VERSION: Final = 1


def new_token() -> str:
    """Return the secret of an entry."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


class CallbackEndpoint(CallbackServer):
    """Where the hub of one entry reaches us."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        *,
        token: str,
        base_url: str | None,
        prefer_external: bool = False,
        name: str = "a hub",
    ) -> None:
        """`prefer_external`: the hub is somewhere on the internet; `name` is its own."""
        self._hass = hass
        self._token = token
        self._base_url = base_url
        self._prefer_external = prefer_external
        self._handler: CallbackHandler | None = None
        self._faults = FaultLog(_LOGGER)
        self._store = Store[dict[str, Json]](
            hass, _STORE_VERSION, f"vision_hub.{entry_id}", private=True
        )
        self._memory: Json = None
        self.on_refused: Callable[[], None] = _nothing
        """Called when a message of the hub was not taken."""
        self.refusals = Refusals(name, hass.loop.time)
        self.sockets = Sockets(self.refuse)
        self.missing_address = False
        """A hub wanted our address when there was none."""

    async def load(self) -> None:
        """Read what was remembered, and answer from now on; raises OSError."""
        try:
            stored = await self._store.async_load()
        except HomeAssistantError as error:
            raise OSError(errno.EIO, str(error)) from error
        if stored is not None:
            # The first release knew only what a hub had been set to earlier.
            self._memory = stored.get("memory", stored.get("earlier"))
        async_registry(self._hass).add(self._token, self)

    async def remove(self) -> None:
        """Forget everything; the address means nothing from now on."""
        async_registry(self._hass).remove(self._token)
        await self._store.async_remove()

    @property
    @override
    def url(self) -> str | None:
        try:
            base = self._base_url or get_url(
                self._hass,
                allow_ip=True,
                allow_cloud=self._prefer_external,
                prefer_external=self._prefer_external,
            )
        except NoURLAvailableError:
            self.missing_address = True
            return None
        self.missing_address = False
        return f"{base.rstrip('/')}{PATH}/{self._token}"

    @override
    @contextmanager
    def serve(
        self, handler: CallbackHandler, sockets: SocketHandler | None = None
    ) -> Iterator[None]:
        before, self._handler = self._handler, handler
        try:
            with self.sockets.serve(sockets):
                yield
        finally:
            self._handler = before

    @override
    @asynccontextmanager
    async def serve_port(
        self, port: int, sockets: SocketHandler
    ) -> AsyncIterator[str | None]:
        async with Sockets(self.refuse).serve_port(port, sockets):
            host = URL(self.url).host if self.url else None
            yield str(URL.build(scheme="ws", host=host, port=port)) if host else None

    @property
    @override
    def memory(self) -> Json:
        return self._memory

    @override
    async def remember(self, memory: Json) -> None:
        self._memory = memory
        await self._store.async_save({"memory": memory})

    def refuse(self, reason: Refusal) -> None:
        """Count a message that was not taken, and tell of it."""
        self.refusals.add(reason)
        self.on_refused()

    async def handle(
        self, request: CallbackRequest, hold: Hold
    ) -> CallbackReply | Refusal:
        """Answer a message, or tell why it is not taken."""
        if self._handler is None:
            # Being set up or reloaded: the hub shall send it again.
            return Refusal.STARTING
        # In a task of its own: a hub that hangs up leaves no alarm half done.
        task = self._hass.async_create_task(
            _run(self._handler, request), "vision_hub push", eager_start=True
        )
        if not task.done():
            # Looked at also when nobody waits any more.
            task.add_done_callback(_retrieve)
            await asyncio.wait((task,), timeout=HANDLE_TIMEOUT)
        if not task.done():
            hold(task)
            return Refusal.BUSY
        if (fault := task.exception()) is None:
            if request.method == "POST" and not (request.content or request.parts):
                # Whatever was in it got lost: the records are read.
                self.on_refused()
            return task.result()
        reason = reason_of(fault)
        if reason is Refusal.FAULT:
            self._faults.log("A message of a hub met a fault", fault)
        return reason


def _nothing() -> None:
    """Until somebody cares."""


async def _run(handler: CallbackHandler, request: CallbackRequest) -> CallbackReply:
    return await handler(request)


def _retrieve(task: asyncio.Task[CallbackReply]) -> None:
    if not task.cancelled():
        task.exception()


class Registry:
    """The endpoints by what is derived from their token."""

    def __init__(self) -> None:
        """Begin with none."""
        # Keyed by a digest, so that the time of a search tells nothing of a token.
        self._endpoints: dict[bytes, tuple[str, CallbackEndpoint | None]] = {}
        self.bodies = Bodies()

    def expect(self, token: str) -> None:
        """Know a token of an entry that is not set up yet."""
        self._endpoints.setdefault(_digest(token), (token, None))

    def add(self, token: str, endpoint: CallbackEndpoint) -> None:
        """Let an endpoint answer."""
        self._endpoints[_digest(token)] = (token, endpoint)

    def remove(self, token: str) -> None:
        """Forget a token."""
        self._endpoints.pop(_digest(token), None)

    def tokens(self) -> Iterable[str]:
        """Return all secrets."""
        return [token for token, _ in self._endpoints.values()]

    def find(self, token: str) -> tuple[bool, CallbackEndpoint | None]:
        """Tell whether a token is known, and which endpoint it is."""
        known, endpoint = self._endpoints.get(_digest(token), ("", None))
        if not hmac.compare_digest(known.encode(), token.encode("utf-8", "replace")):
            return False, None
        return True, endpoint


_REGISTRY: HassKey[Registry] = HassKey("vision_hub_push")


@callback
def async_registry(hass: HomeAssistant) -> Registry:
    """Return the registry of all endpoints."""
    if (registry := hass.data.get(_REGISTRY)) is None:
        registry = hass.data[_REGISTRY] = Registry()
        redact_logs(registry)
    return registry


class PushView(HomeAssistantView):
    """Takes messages of hubs: whoever knows a token may send."""

    name = "api:vision_hub:push"
    url = f"{PATH}/{{token}}/{{tail:.*}}"
    requires_auth = False

    def __init__(self, registry: Registry) -> None:
        """Answer for the endpoints of a registry."""
        self._registry = registry

    @override
    def register(
        self, hass: HomeAssistant, app: web.Application, router: web.UrlDispatcher
    ) -> None:
        # Home Assistant's own way logs the path, which holds our secret.
        for url in (self.url, f"{PATH}/{{token}}"):
            for method in (METH_GET, METH_POST, METH_PUT):
                router.add_route(method, url, self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.app[KEY_HASS].is_stopping:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        known, endpoint = self._registry.find(request.match_info["token"])
        if not known:
            # As any path that does not exist.
            raise web.HTTPNotFound
        if endpoint is None:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if request.headers.get(UPGRADE, "").lower() == "websocket":
            return await endpoint.sockets.take(request)
        answer = await self._answer(request, endpoint)
        if isinstance(answer, Refusal):
            endpoint.refuse(answer)
            return web.Response(status=_STATUSES[answer])
        if answer.status >= HTTPStatus.BAD_REQUEST:
            endpoint.refuse(_REASONS.get(answer.status, Refusal.FAULT))
        else:
            endpoint.refusals.end_row()
        return _response(answer)

    async def _answer(
        self, request: web.Request, endpoint: CallbackEndpoint
    ) -> CallbackReply | Refusal:
        try:
            async with (
                asyncio.timeout(READ_TIMEOUT) as slow,
                self._registry.bodies.read(
                    request, request.match_info.get("tail", "")
                ) as (message, hold),
            ):
                slow.reschedule(None)
                return await endpoint.handle(message, hold)
        except BodyTooLarge:
            return Refusal.TOO_LARGE
        except MalformedMessage:
            return Refusal.UNREADABLE
        except TooManyBodies:
            return Refusal.BUSY
        except OSError:
            # It took too long, or the hub hung up.
            return Refusal.INCOMPLETE


def _response(reply: CallbackReply) -> web.Response:
    if reply.content is None:
        return web.Response(status=reply.status)
    return web.Response(
        status=reply.status,
        body=json_bytes(reply.content),
        content_type=CONTENT_TYPE_JSON,
    )


@callback
def async_register_push_view(hass: HomeAssistant) -> None:
    """Take messages from now on."""
    hass.http.register_view(PushView(async_registry(hass)))


@callback
def async_expect_token(hass: HomeAssistant, token: str) -> None:
    """Ask a hub to send again until its entry is set up, instead of turning it away."""
    async_registry(hass).expect(token)

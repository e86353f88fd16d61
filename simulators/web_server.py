"""The web server of every virtual device: request log, faults, order of the checks."""

from abc import ABC, abstractmethod
import json
import time
from typing import Any, ClassVar

from aiohttp import hdrs, web

from .control_page import PREFIX
from .device_state import DeviceState
from .faults import IN_DATA, Faults, Handler, ResultPlace, reset
from .json_types import Json
from .request_log import LOGGED, LoggedRequest, RequestLog, headers_of


def json_answer(document: Json, status: int = 200) -> web.Response:
    """Return a JSON response with the text as it is (Chinese is not escaped)."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(status=status, body=body, content_type="application/json")


class WebServer[D: DeviceState[Any, Any, Any]](ABC):
    """Records each request, then: early faults, authentication, late faults, answer.

    `credentials` are headers (lower case) that the request log leaves out besides
    Authorization. `code_key` is where an answer has the vendor's own code.
    """

    credentials: ClassVar[frozenset[str]] = frozenset()
    code_key: ClassVar[str] = "code"
    result_place: ClassVar[ResultPlace] = IN_DATA

    def __init__(self, device: D) -> None:
        """Begin with an empty request log and without faults."""
        self.device = device
        self.request_log = RequestLog()
        self.faults = Faults(self.error, self.result_place)

    def app(self) -> web.Application:
        """Return the application."""

        @web.middleware
        async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.startswith(PREFIX):
                return await handler(request)
            return await self._record(request, handler)

        app = web.Application(client_max_size=256 * 1024 * 1024, middlewares=(record,))
        self._route(app.router)
        return app

    @abstractmethod
    def error(self, code: int) -> web.Response:
        """Return the answer for an error code."""

    @abstractmethod
    def _refused(self, request: web.Request) -> web.Response | None:
        """Return the refusal of a request that is not authenticated."""

    @abstractmethod
    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Answer an authenticated request."""

    def _route(self, router: web.UrlDispatcher) -> None:
        """Send requests to `_guarded`: all of them, unless the vendor says else."""
        router.add_route(hdrs.METH_ANY, f"/{{tail:(?!{PREFIX[1:]}).*}}", self._guarded)

    async def _read(self, request: web.Request, entry: LoggedRequest) -> None:
        """Put the body into the request log, and the path that faults are known by."""
        if request.content_type.startswith("multipart/"):
            return
        raw = await request.read()
        entry.size = len(raw)
        try:
            entry.body = json.loads(raw) if raw else None
        except ValueError:
            entry.body = None

    async def _record(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        entry = LoggedRequest(
            time.time(),
            request.method,
            request.path,
            request.raw_path,
            headers_of(request, self.credentials),
            request.remote,
        )
        request[LOGGED] = entry
        self.request_log.record(entry)
        if self.device.rebooting:
            return reset(request)
        await self._read(request, entry)
        answer = await handler(request)
        entry.status = answer.status
        entry.code = self._code_of(answer)
        self.request_log.changed()
        return answer

    async def _guarded(self, request: web.Request) -> web.StreamResponse:
        return await self.faults.apply(
            request, self._authenticate, before_auth=True, path=request[LOGGED].path
        )

    async def _authenticate(self, request: web.Request) -> web.StreamResponse:
        refusal = self._refused(request)
        if refusal is not None:
            return refusal
        request[LOGGED].authorized = True
        return await self.faults.apply(
            request, self._answer, before_auth=False, path=request[LOGGED].path
        )

    def _code_of(self, answer: web.StreamResponse) -> int | None:
        if not (
            isinstance(answer, web.Response)
            and isinstance(answer.body, bytes)
            and answer.content_type.endswith("json")
        ):
            return None
        try:
            document = json.loads(answer.body)
            return int(document[self.code_key]) if isinstance(document, dict) else None
        except KeyError, TypeError, ValueError:
            return None

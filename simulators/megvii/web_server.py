"""The box's web server: digest, request queue, envelope, pictures, WebSockets."""

import asyncio
from fnmatch import fnmatchcase
import json
from typing import Any

from aiohttp import hdrs, web

from simulators.digest_auth import Verdict
from simulators.file_store import content_type
from simulators.form_data import Part, read_form, without_files
from simulators.json_types import Json
from simulators.request_log import LoggedRequest
from simulators.web_server import WebServer as BaseWebServer, json_answer

from .device import USER_LOG, Device
from .digest_auth import DigestAuth
from .error_codes import Code, Refusal, demand, envelope, valid
from .operation import Answer, Call, Fields, File, Operation
from .quirks import Order, PictureRoot
from .request_fields import parse
from .request_queue import RequestQueue, priority_of
from .websocket_server import SERVER_PATH, Subscribers

PREFIX = "/v1/MEGBOX"

_BEGUN = web.RequestKey("begun", float)
_PARTS = web.RequestKey("parts", list)


class WebServer(BaseWebServer[Device]):
    """Answers the requests of the manual below /v1/MEGBOX, and serves pictures."""

    def __init__(
        self,
        device: Device,
        digest_auth: DigestAuth,
        request_queue: RequestQueue,
        subscribers: Subscribers,
        operations: tuple[Operation, ...],
    ) -> None:
        """Keep the parts together."""
        super().__init__(device)
        self.digest_auth = digest_auth
        self.request_queue = request_queue
        self._subscribers = subscribers
        self._operations = operations

    def error(self, code: int) -> web.Response:
        """Return the answer for an error code."""
        return self._envelope(code, {}, 0.0)

    def _envelope(
        self, code: int, data: Json, cost: float, details: tuple[str, ...] = ()
    ) -> web.Response:
        document = envelope(
            code,
            data,
            details=details,
            at=self.device.now(),
            cost=cost,
            cost_key="time_cost" if self.device.quirks.time_cost else "timeCost",
        )
        if code == Code.OK:
            return json_answer(document)
        return json_answer(document, 500 if code == Code.INTERNAL_ERROR else 400)

    async def _read(self, request: web.Request, entry: LoggedRequest) -> None:
        request[_BEGUN] = self.device.steady()
        if not request.content_type.startswith("multipart/"):
            await super()._read(request, entry)
            return
        try:
            parts, entry.size = await read_form(request)
        except ValueError:
            parts = []
        request[_PARTS] = parts
        entry.body = without_files(dict(parts))

    def _refused(self, request: web.Request) -> web.Response | None:
        if not self.device.settings.model["digestMode"]:
            return None
        verdict = self.digest_auth.check(
            method=request.method,
            target=request.raw_path,
            authorization=request.headers.get(hdrs.AUTHORIZATION),
        )
        match verdict:
            case Verdict.PASSED:
                return None
            case Verdict.LOCKED:
                return self.error(Code.ACCOUNT_BLOCKED)
            case Verdict.WRONG:
                return self.error(Code.PASSWORD_ERROR)
        challenge = self.digest_auth.challenge(stale=verdict is Verdict.STALE)
        return web.Response(status=401, headers={hdrs.WWW_AUTHENTICATE: challenge})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if path == SERVER_PATH and request.method == hdrs.METH_GET:
            return await self._subscribers.serve(request)
        if path.startswith(f"{PREFIX}/"):
            path = path.removeprefix(PREFIX)
            for operation in self._operations:
                if operation.method != request.method:
                    continue
                variables = operation.match(self.device.quirks, path)
                if variables is not None and self._is_there(operation):
                    return await self._serve(request, operation, variables)
            if self.device.quirks.picture_root is PictureRoot.SITE:
                return _not_there()
        elif self.device.quirks.picture_root is PictureRoot.API:
            return _not_there()
        return await self._picture(request, path)

    def _is_there(self, operation: Operation) -> bool:
        if operation.multi_algorithm and not self.device.multi_algorithm:
            return False
        return not operation.legacy or self.device.quirks.two_generations

    async def _serve(
        self, request: web.Request, operation: Operation, path: dict[str, str]
    ) -> web.Response:
        async def work() -> Answer:
            await asyncio.sleep(self._duration(request))
            demand(
                operation.modes is None or self.device.mode in operation.modes,
                Code.WORK_MODE_NOT_MATCH,
            )
            call = await self._call(request, operation, path)
            return await operation.handler(self.device, call)

        code = Code.OK
        data: Fields = {}
        details: tuple[str, ...] = ()
        try:
            answer = await self.request_queue.run(
                priority_of(request.method), work, parallel=operation.parallel
            )
        except Refusal as refusal:
            code, details = refusal.code, refusal.details
        else:
            if isinstance(answer, File):
                return web.Response(
                    body=answer.content, content_type=answer.content_type
                )
            data = answer or {}
            if request.method != hdrs.METH_GET:
                where = f"{request.method} {operation.path}"
                self.device.log(USER_LOG, where, request.remote or "")
        cost = self.device.steady() - request[_BEGUN]
        return self._envelope(code, data, cost, details)

    def _duration(self, request: web.Request) -> float:
        asked = f"{request.method} {request.path.removeprefix(PREFIX)}"
        for pattern, seconds in self.device.durations.items():
            if fnmatchcase(asked, pattern):
                return seconds
        return self.device.timing.request * self.device.time_scale

    async def _call(
        self, request: web.Request, operation: Operation, path: dict[str, str]
    ) -> Call:
        parts: list[Part] = []
        body: Fields = {}
        if operation.form is not None:
            parts = request.get(_PARTS, [])
            body = parse(operation.form, dict(parts), texts=True)
        elif operation.body is not None:
            raw = await request.read()
            document: Any = {}
            if raw or not operation.body_optional:
                try:
                    document = json.loads(raw)
                except ValueError as error:
                    raise Refusal(Code.ILLEGAL_JSON_BODY) from error
            body = parse(operation.body, document)
        return Call(
            path, self._query(request, operation), body, parts, request.remote or ""
        )

    def _query(self, request: web.Request, operation: Operation) -> Fields:
        """Return the query; the URI parser takes it in a fixed order (V2.3)."""
        ranks = {field.name: rank for rank, field in enumerate(operation.query)}
        known: dict[str, str] = {}
        furthest = -1
        late: list[str] = []
        for name, value in request.query.items():
            if name not in ranks:
                continue
            if ranks[name] < furthest:
                late.append(name)
                if self.device.quirks.query_order is Order.IGNORED:
                    continue
            furthest = max(furthest, ranks[name])
            known[name] = value
        valid(not late or self.device.quirks.query_order is not Order.REFUSED, *late)
        return parse(operation.query, known, texts=True)

    async def _picture(self, request: web.Request, path: str) -> web.Response:
        name = path.removeprefix("/").removeprefix("./").removeprefix("group/")
        content = None
        if request.method == hdrs.METH_GET:
            content = await self.device.files.read(name)
        if content is None:
            return _not_there()
        return web.Response(body=content, content_type=content_type(name))


def _not_there() -> web.Response:
    return web.Response(status=404, text="404 Not Found")

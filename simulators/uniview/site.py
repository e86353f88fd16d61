"""The box's web server: digest, checks, envelope, pictures."""

from collections.abc import Awaitable, Callable
from email.utils import formatdate
import json
import time
from typing import Any

from aiohttp import hdrs, web

from simulators.faults import Faults, reset
from simulators.journal import ENTRY, Entry, Journal, headers_of

from .codes import Code, Refusal, envelope
from .device import Device
from .digest import Gate
from .fields import parse
from .operation import Answer, Operation
from .upgrade import UPGRADE_PATH, receive_package

CONTROL_PREFIX = "/_control"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def json_answer(document: dict[str, Any], status: int = 200) -> web.Response:
    """Return a JSON response with the text as it is (Chinese is not escaped)."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(status=status, body=body, content_type="application/json")


class Site:
    """Answers the requests of the manual."""

    def __init__(
        self,
        device: Device,
        gate: Gate,
        journal: Journal,
        operations: tuple[Operation, ...],
    ) -> None:
        """Keep the parts together."""
        self.device = device
        self.gate = gate
        self.journal = journal
        self.faults = Faults(self.error)
        self._operations = {operation.path: operation for operation in operations}

    def app(self) -> web.Application:
        """Return the application; the order of the layers is the order of checks."""

        @web.middleware
        async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.startswith(CONTROL_PREFIX):
                return await handler(request)
            return await self._record(request, handler)

        @web.middleware
        async def early_faults(
            request: web.Request, handler: Handler
        ) -> web.StreamResponse:
            return await self._apply_faults(request, handler, before_auth=True)

        @web.middleware
        async def authenticate(
            request: web.Request, handler: Handler
        ) -> web.StreamResponse:
            return self._refused(request) or await handler(request)

        @web.middleware
        async def late_faults(
            request: web.Request, handler: Handler
        ) -> web.StreamResponse:
            return await self._apply_faults(request, handler, before_auth=False)

        app = web.Application(
            client_max_size=256 * 1024 * 1024,
            middlewares=(record, early_faults, authenticate, late_faults),
        )
        app.router.add_route(hdrs.METH_ANY, "/{tail:(?!_control).*}", self._answer)
        return app

    def error(self, code: int, *, stale: bool = False) -> web.Response:
        """Return the answer for an error code."""
        quirks = self.device.quirks
        if code == Code.NOT_AUTHORIZED:
            status = 401
        elif Code.WRONG_CREDENTIALS <= code <= Code.LOCKED:
            status = quirks.refusal_status
        else:
            status = quirks.error_status
        document = envelope(code, status)
        if quirks.no_status_code:
            del document["status_code"]
        answer = json_answer(document, status)
        if status == 401:
            answer.headers[hdrs.WWW_AUTHENTICATE] = self.gate.challenge(stale=stale)
        return answer

    async def _record(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        entry = Entry(
            time.time(),
            request.method,
            request.path,
            request.raw_path,
            headers_of(request),
            request.remote,
        )
        request[ENTRY] = entry
        self.journal.record(entry)
        if self.device.rebooting:
            return reset(request)
        if not request.content_type.startswith("multipart/"):
            raw = await request.read()
            entry.size = len(raw)
            try:
                entry.body = json.loads(raw) if raw else None
            except ValueError:
                entry.body = None
        answer = await handler(request)
        answer.headers[hdrs.DATE] = formatdate(self.device.now(), usegmt=True)
        entry.status = answer.status
        if isinstance(answer, web.Response) and isinstance(answer.body, bytes):
            entry.code = _code_of(answer)
        self.journal.changed()
        return answer

    async def _apply_faults(
        self, request: web.Request, handler: Handler, *, before_auth: bool
    ) -> web.StreamResponse:
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        return await self.faults.apply(request, handler, before_auth=before_auth)

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.path.startswith(CONTROL_PREFIX):
            return None
        verdict = self.gate.check(
            method=request.method,
            target=request.raw_path,
            authorization=request.headers.get(hdrs.AUTHORIZATION),
            address=request.remote or "",
        )
        if verdict.code is not Code.SUCCEED:
            return self.error(verdict.code, stale=verdict.stale)
        request[ENTRY].authorized = True
        if self.device.busy:
            return self.error(Code.BUSY)
        return None

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            if request.method == hdrs.METH_GET:
                return await self._file(request)
            if request.method != hdrs.METH_POST:
                return self._not_there(405)
            if request.path == UPGRADE_PATH:
                await receive_package(self.device, request)
                return json_answer(envelope(Code.SUCCEED, 200))
            operation = self._operations.get(request.path)
            if operation is None:
                return self._not_there(404)
            return self._succeed(operation, await self._run(operation, request))
        except Refusal as refusal:
            return self.error(refusal.code)

    def _not_there(self, status: int) -> web.Response:
        return json_answer(envelope(Code.NOT_SUPPORTED, status), status)

    async def _file(self, request: web.Request) -> web.Response:
        file = await self.device.pictures.read(request.raw_path)
        if file is None:
            return json_answer(envelope(Code.COMMON_ERROR, 404), 404)
        content, content_type = file
        return web.Response(body=content, content_type=content_type)

    async def _run(self, operation: Operation, request: web.Request) -> Answer:
        raw = await request.read()
        wrong_type = operation.content not in (None, request.content_type)
        if wrong_type and self.device.quirks.strict_content_type:
            raise Refusal(Code.INVALID_ARGUMENTS)
        if operation.empty_body and (not raw or not operation.fields):
            return await operation.handler(self.device, {})
        try:
            body = json.loads(raw)
        except ValueError as error:
            raise Refusal(Code.INVALID_ARGUMENTS) from error
        return await operation.handler(self.device, parse(operation.fields, body))

    def _succeed(self, operation: Operation, data: Answer) -> web.Response:
        quirks = self.device.quirks
        document = envelope(Code.SUCCEED, 200, data)
        if operation.no_status_code or quirks.no_status_code:
            del document["status_code"]
        if operation.code_is_string and quirks.code_as_string:
            document["code"] = str(document["code"])
        return json_answer(document)


def _code_of(answer: web.Response) -> int | None:
    if not answer.content_type.endswith("json") or not isinstance(answer.body, bytes):
        return None
    try:
        document = json.loads(answer.body)
        return int(document["code"]) if isinstance(document, dict) else None
    except KeyError, TypeError, ValueError:
        return None

"""The node's web server: envelope, sessions, dispatch by msg_id, files."""

from collections.abc import Awaitable, Callable
import json
import time
from typing import Any

from aiohttp import BodyPartReader, hdrs, web

from simulators.faults import Faults, reset
from simulators.journal import ENTRY, Entry, Journal, headers_of
from simulators.json_types import Json

from .codes import Code, Refusal, demand, envelope
from .device import Device
from .fields import parse
from .files import content_type
from .operation import Operation
from .sessions import Sessions
from .subscribers import Subscribers
from .uploads import Upload

CONTROL_PREFIX = "/_control"
JSON_PATH, FORM_PATH, FILE_PATH = "/api/json", "/api/form", "/ws/"
SESSION_HEADER = "sessionid"
LOG_IN, LOG_OUT, WS_KEY = 257, 258, 1286

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_GIVEN = web.RequestKey("given", dict)


def json_answer(document: dict[str, Any]) -> web.Response:
    """Return a JSON response with the text as it is (Chinese is not escaped)."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(body=body, content_type="application/json")


class Site:
    """Answers the requests of the manual.

    In the journal and for the patterns of faults, a request is known as
    /api/json/<msg_id> or /api/form/<msg_id>.
    """

    def __init__(
        self,
        device: Device,
        sessions: Sessions,
        subscribers: Subscribers,
        journal: Journal,
        operations: tuple[Operation, ...],
    ) -> None:
        """Keep the parts together."""
        self.device = device
        self.sessions = sessions
        self.subscribers = subscribers
        self.journal = journal
        self.faults = Faults(self.error)
        self._operations = {
            (str(operation.msg_id), operation.form): operation
            for operation in operations
        }

    def app(self) -> web.Application:
        """Return the application; the order of the layers is the order of checks."""

        @web.middleware
        async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.startswith(CONTROL_PREFIX):
                return await handler(request)
            return await self._record(request, handler)

        app = web.Application(client_max_size=256 * 1024 * 1024, middlewares=(record,))
        app.router.add_post(JSON_PATH, self._guarded)
        app.router.add_post(FORM_PATH, self._guarded)
        app.router.add_get("/ws/{path:.*}", self._guarded)
        return app

    def error(self, code: int) -> web.Response:
        """Return the answer for an error code."""
        return json_answer(envelope(code, None if self.device.quirks.null_data else ""))

    async def _record(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        entry = Entry(
            time.time(),
            request.method,
            request.path,
            request.raw_path,
            {
                name: value
                for name, value in headers_of(request).items()
                if name.lower() != SESSION_HEADER
            },
            request.remote,
        )
        request[ENTRY] = entry
        self.journal.record(entry)
        if self.device.rebooting:
            return reset(request)
        if request.method == hdrs.METH_POST:
            given, entry.size = await _read(request)
            request[_GIVEN] = given
            msg_id = given.get("msg_id")
            if request.path in (JSON_PATH, FORM_PATH):
                entry.path = f"{request.path}/{msg_id}"
            entry.body = {
                name: value.filename if isinstance(value, Upload) else value
                for name, value in given.items()
            }
        answer = await handler(request)
        entry.status = answer.status
        if isinstance(answer, web.Response):
            entry.code = _code_of(answer)
        self.journal.changed()
        return answer

    async def _guarded(self, request: web.Request) -> web.StreamResponse:
        return await self.faults.apply(
            request, self._authenticate, before_auth=True, path=request[ENTRY].path
        )

    async def _authenticate(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.method != hdrs.METH_GET:
                if str(request[_GIVEN].get("msg_id")) != str(LOG_IN):
                    self.sessions.check(request.headers.get(SESSION_HEADER))
            elif self.device.quirks.pictures_need_session and request.path != FILE_PATH:
                self.sessions.check(request.headers.get(SESSION_HEADER))
        except Refusal as refusal:
            return self.error(refusal.code)
        request[ENTRY].authorized = True
        return await self.faults.apply(
            request, self._answer, before_auth=False, path=request[ENTRY].path
        )

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == hdrs.METH_GET:
            if request.path == FILE_PATH:
                return await self.subscribers.serve(request)
            return await self._file(request.match_info["path"])
        try:
            data = await self._run(request, request[_GIVEN])
        except Refusal as refusal:
            return self.error(refusal.code)
        if data == "" and self.device.quirks.null_data:
            data = None
        document = envelope(Code.OK, data)
        if self.device.quirks.echo_msg_id:
            document["msg_id"] = request[_GIVEN]["msg_id"]
        return json_answer(document)

    async def _run(self, request: web.Request, given: dict[str, Any]) -> Json:
        form = request.path == FORM_PATH
        demand(given)
        msg_id = given.get("msg_id")
        strict = self.device.quirks.strict_msg_id
        demand(isinstance(msg_id, str) or not strict, Code.WRONG_MSG_ID)
        if not form:
            match str(msg_id):
                case "257":
                    name, password = given.get("user_name"), given.get("user_pwd")
                    demand(isinstance(name, str) and isinstance(password, str))
                    return self.sessions.log_in(str(name), str(password))
                case "258":
                    self.sessions.log_out(request.headers[SESSION_HEADER])
                    return ""
                case "1286":
                    return {"key": self.sessions.new_key()}
        operation = self._operations.get((str(msg_id), form))
        if operation is None:
            raise Refusal(Code.WRONG_MSG_ID)
        fields = parse(operation.fields, given, form=form)
        if operation.everything:
            fields = {**given, **fields}
        return await operation.handler(self.device, fields)

    async def _file(self, path: str) -> web.Response:
        hidden = path.startswith("tmp/") and not self.device.quirks.exports_downloadable
        content = None if hidden else await self.device.files.read(path)
        if content is None:
            return web.Response(status=404, text="404 Not Found")
        return web.Response(body=content, content_type=content_type(path))


async def _read(request: web.Request) -> tuple[dict[str, Any], int]:
    """Return the fields of a request ({} when it is not what it should be)."""
    if request.path == FORM_PATH and request.content_type.startswith("multipart/"):
        given: dict[str, Any] = {}
        size = 0
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            content = bytes(await part.read())
            size += len(content)
            if part.filename is None:
                given[part.name] = content.decode(errors="replace")
            else:
                given[part.name] = Upload(part.filename, content)
        return given, size
    raw = await request.read()
    if request.path == FORM_PATH:
        return {}, len(raw)
    try:
        document = json.loads(raw)
    except ValueError:
        return {}, len(raw)
    return (document if isinstance(document, dict) else {}), len(raw)


def _code_of(answer: web.Response) -> int | None:
    if answer.content_type != "application/json" or not isinstance(answer.body, bytes):
        return None
    try:
        document = json.loads(answer.body)
    except ValueError:
        return None
    code = document.get("code") if isinstance(document, dict) else None
    return code if isinstance(code, int) else None

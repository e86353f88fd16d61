"""The node's web server: envelope, sessions, dispatch by msg_id, files."""

import json
from typing import Any

from aiohttp import hdrs, web

from simulators.file_store import content_type
from simulators.form_data import read_form, without_files
from simulators.json_types import Json
from simulators.request_log import LoggedRequest
from simulators.web_server import WebServer as BaseWebServer, json_answer

from .device import Device
from .error_codes import Code, Refusal, demand, envelope
from .operation import Operation
from .request_fields import parse
from .sessions import Sessions
from .websocket_server import Subscribers

JSON_PATH, FORM_PATH, FILE_PATH = "/api/json", "/api/form", "/ws/"
SESSION_HEADER = "sessionid"
LOG_IN, LOG_OUT, WS_KEY = 257, 258, 1286

_GIVEN = web.RequestKey("given", dict)


class WebServer(BaseWebServer[Device]):
    """Answers the requests of the manual.

    In the request log and for the patterns of faults, a request is known as
    /api/json/<msg_id> or /api/form/<msg_id>.
    """

    credentials = frozenset({SESSION_HEADER})

    def __init__(
        self,
        device: Device,
        sessions: Sessions,
        subscribers: Subscribers,
        operations: tuple[Operation, ...],
    ) -> None:
        """Keep the parts together."""
        super().__init__(device)
        self.sessions = sessions
        self.subscribers = subscribers
        self._operations = {
            (str(operation.msg_id), operation.form): operation
            for operation in operations
        }

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post(JSON_PATH, self._guarded)
        router.add_post(FORM_PATH, self._guarded)
        router.add_get("/ws/{path:.*}", self._guarded)

    def error(self, code: int) -> web.Response:
        """Return the answer for an error code."""
        return json_answer(envelope(code, None if self.device.quirks.null_data else ""))

    async def _read(self, request: web.Request, entry: LoggedRequest) -> None:
        if request.method != hdrs.METH_POST:
            return
        given, entry.size = await _fields_of(request)
        request[_GIVEN] = given
        if request.path in (JSON_PATH, FORM_PATH):
            entry.path = f"{request.path}/{given.get('msg_id')}"
        entry.body = without_files(given)

    def _refused(self, request: web.Request) -> web.Response | None:
        try:
            if request.method != hdrs.METH_GET:
                if str(request[_GIVEN].get("msg_id")) != str(LOG_IN):
                    self.sessions.check(request.headers.get(SESSION_HEADER))
            elif self.device.quirks.pictures_need_session and request.path != FILE_PATH:
                self.sessions.check(request.headers.get(SESSION_HEADER))
        except Refusal as refusal:
            return self.error(refusal.code)
        return None

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


async def _fields_of(request: web.Request) -> tuple[dict[str, Any], int]:
    """Return the fields of a request ({} when it is not what it should be)."""
    if request.path == FORM_PATH and request.content_type.startswith("multipart/"):
        parts, size = await read_form(request)
        return dict(parts), size
    raw = await request.read()
    if request.path == FORM_PATH:
        return {}, len(raw)
    try:
        document = json.loads(raw)
    except ValueError:
        return {}, len(raw)
    return (document if isinstance(document, dict) else {}), len(raw)

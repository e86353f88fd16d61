"""The box's web server: digest, checks, envelope, pictures."""

from email.utils import formatdate
import json

from aiohttp import hdrs, web

from simulators.faults import Handler
from simulators.request_log import LOGGED
from simulators.web_server import WebServer as BaseWebServer, json_answer

from .device import Device
from .digest_auth import DigestAuth
from .error_codes import Code, Refusal, envelope
from .operation import Answer, Operation
from .request_fields import parse
from .upgrade import UPGRADE_PATH, receive_package


class WebServer(BaseWebServer[Device]):
    """Answers the requests of the manual."""

    def __init__(
        self,
        device: Device,
        digest_auth: DigestAuth,
        operations: tuple[Operation, ...],
    ) -> None:
        """Keep the parts together."""
        super().__init__(device)
        self.digest_auth = digest_auth
        self._operations = {operation.path: operation for operation in operations}

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
            answer.headers[hdrs.WWW_AUTHENTICATE] = self.digest_auth.challenge(
                stale=stale
            )
        return answer

    async def _record(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        answer = await super()._record(request, handler)
        answer.headers[hdrs.DATE] = formatdate(self.device.now(), usegmt=True)
        return answer

    def _refused(self, request: web.Request) -> web.Response | None:
        verdict = self.digest_auth.check(
            method=request.method,
            target=request.raw_path,
            authorization=request.headers.get(hdrs.AUTHORIZATION),
            address=request.remote or "",
        )
        if verdict.code is not Code.SUCCEED:
            return self.error(verdict.code, stale=verdict.stale)
        if self.device.busy:
            request[LOGGED].authorized = True
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

"""The server's web server: sessions in the body, envelope, dispatch, pictures."""

from collections.abc import Iterable
from email.utils import formatdate
import json
from typing import Any

from aiohttp import hdrs, web
from aiohttp.web_request import FileField
import voluptuous as vol

from simulators.faults import ResultPlace
from simulators.file_store import content_type
from simulators.json_types import Json
from simulators.request_log import LoggedRequest
from simulators.web_server import WebServer as BaseWebServer, json_answer

from .device import PICTURES, Device
from .error_codes import MESSAGES, Code, Refusal, demand
from .operation import Operation
from .picture_requests import CONTENT
from .quirks import UploadSession

SESSION = "session"

_ENVELOPE = ("code", "msg")
_INFO = ("info", "Info")
_GIVEN = web.RequestKey("given", dict)


def _result(document: dict[str, Any]) -> Json:
    rest = {key: value for key, value in document.items() if key not in _ENVELOPE}
    return next((rest[key] for key in _INFO if key in rest), rest)


def _with_result(document: dict[str, Any], result: Json) -> Json:
    for key in _INFO:
        if key in document:
            result = {key: result}
    return {"code": document["code"], **result, "msg": document["msg"]}


class WebServer(BaseWebServer[Device]):
    """Answers the requests of the manual; faults know them by their path.

    The request log leaves sessions and the bytes of uploads out.
    """

    result_place = ResultPlace(_result, _with_result)

    def __init__(self, device: Device, operations: Iterable[Operation]) -> None:
        """Keep the parts together."""
        super().__init__(device)
        self._operations = {operation.path: operation for operation in operations}

    def error(self, code: int) -> web.Response:
        """Return the answer for an error code."""
        known = MESSAGES.get(code, MESSAGES[Code.FAILED])
        return json_answer({"code": int(code), "msg": known})

    def _refusal(self, refusal: Refusal) -> web.Response:
        code = self.device.quirks.single_code
        code = int(refusal.code) if code is None else code
        return json_answer({"code": code, "msg": refusal.message})

    def _operation(self, request: web.Request) -> Operation | None:
        if request.method != hdrs.METH_POST:
            return None
        return self._operations.get(request.path)

    async def _read(self, request: web.Request, entry: LoggedRequest) -> None:
        operation = self._operation(request)
        if operation is not None and operation.upload:
            given = await _form_of(request)
        else:
            raw = await request.read()
            entry.size = len(raw)
            given = _object_of(raw)
        request[_GIVEN] = given
        if operation is not None:
            entry.body = {
                name: value.filename if isinstance(value, FileField) else value
                for name, value in given.items()
                if name != SESSION
            }

    def _refused(self, request: web.Request) -> web.Response | None:
        operation, quirks = self._operation(request), self.device.quirks
        if operation is None or operation.open:
            return None
        session = request[_GIVEN].get(SESSION)
        if operation.upload:
            places = {
                UploadSession.FORM: session,
                UploadSession.QUERY: request.query.get(SESSION),
            }
            if quirks.upload_session is UploadSession.NONE:
                return None
            any_place = session or request.query.get(SESSION)
            session = places.get(quirks.upload_session, any_place)
        idle = self.device.timing.session * self.device.time_scale
        if self.device.sessions.touch(session, idle):
            return None
        code = quirks.single_code
        code = int(quirks.expired_code) if code is None else code
        return json_answer(
            {"code": code, "msg": MESSAGES[Code.NOT_LOGGED_IN]},
            401 if quirks.expired_http_401 else 200,
        )

    async def _guarded(self, request: web.Request) -> web.StreamResponse:
        return self._dressed(await super()._guarded(request))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        operation = self._operation(request)
        if operation is None:
            return await self._other(request)
        try:
            given = self._given(request, operation)
            result = await operation.handler(self.device, operation.schema(given))
        except vol.Invalid as error:
            return self._refusal(Refusal(Code.WRONG_PARAMETER, str(error)))
        except Refusal as refusal:
            return self._refusal(refusal)
        return self._written(result)

    async def _other(self, request: web.Request) -> web.Response:
        """Serve a picture; every other path is unknown."""
        if request.path in self._operations:
            return web.Response(status=405, text="405 Method Not Allowed")
        content = None
        if (
            request.method == hdrs.METH_GET
            and request.path.startswith(PICTURES)
            and self.device.quirks.pictures_over_http
        ):
            content = await self.device.files.read(request.path)
        if content is None:
            return web.Response(status=404, text="404 Not Found")
        return web.Response(body=content, content_type=content_type(request.path))

    def _given(self, request: web.Request, operation: Operation) -> dict[str, Any]:
        given: dict[str, Any] = request[_GIVEN]
        expected = "multipart/form-data" if operation.upload else "application/json"
        strict = operation.upload or self.device.quirks.strict_content_type
        if strict and request.content_type != expected:
            raise Refusal(Code.WRONG_PARAMETER, request.content_type)
        if not operation.upload:
            return given
        part = self.device.quirks.file_part
        files = [
            value
            for name, value in given.items()
            if isinstance(value, FileField) and part in (None, name)
        ]
        demand(files, detail="file")
        return {CONTENT: files[0].file.read()}

    # How answers look

    def _written(self, result: dict[str, Any]) -> web.Response:
        document = {**result, "msg": ""}
        if self.device.quirks.numbers_as_text:
            document = _texts(document)
        if self.device.quirks.blank_texts and "info" in document:
            document["info"] = _blanks(document["info"])
        return json_answer({"code": int(Code.OK), **document})

    def _dressed(self, answer: web.StreamResponse) -> web.StreamResponse:
        quirks = self.device.quirks
        answer.headers[hdrs.DATE] = (
            "" if quirks.blank_date else formatdate(self.device.now(), usegmt=True)
        )
        if quirks.missing_comma and isinstance(answer, web.Response):
            _drop_comma(answer)
        if quirks.connection_close:
            answer.force_close()
        if quirks.chunked:
            answer.enable_chunked_encoding()
        if quirks.capital_content_type and answer.content_type == "application/json":
            answer.headers[hdrs.CONTENT_TYPE] = "Application/json"
        return answer


def _drop_comma(answer: web.Response) -> None:
    """Print `"info":{…}"msg":""` as the samples do."""
    body = answer.body
    if isinstance(body, bytes) and answer.content_type == "application/json":
        answer.body = body.replace(b'},"msg":', b'}"msg":')


def _object_of(raw: bytes) -> dict[str, Any]:
    try:
        document = json.loads(raw)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


async def _form_of(request: web.Request) -> dict[str, Any]:
    try:
        return dict(await request.post())
    except ValueError:
        return {}


def _texts(value: Json) -> Json:
    """Return a document with its numbers as texts."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return str(value) if isinstance(value, int | float) else value


def _blanks(value: Json) -> Json:
    """Return a document whose empty texts are a blank."""
    if isinstance(value, dict):
        return {key: _blanks(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_blanks(item) for item in value]
    return " " if value == "" else value

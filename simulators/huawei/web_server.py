"""The cloud's web server: tokens, throttling, dispatch by the tables of operations."""

from collections.abc import Iterable, Mapping
import json
import math
from typing import Any

from aiohttp import hdrs, web
import voluptuous as vol

from simulators.control_page import PREFIX
from simulators.faults import WHOLE_DOCUMENT
from simulators.json_types import Json
from simulators.request_log import LoggedRequest
from simulators.web_server import WebServer as BaseWebServer, json_answer

from .account import Account
from .error_codes import Code, Refusal, demand
from .operation import Call, Operation
from .throttle import Throttle

ACCESS_TOKEN = "Access-Token"
_SECRETS = frozenset({"sk", "device_password", "auth_key", "new_password", "password"})

_RAW = web.RequestKey("raw", bytes)


def _written(code: int, message: str, status: int) -> web.Response:
    document = {"error_code": f"IVM.{code}", "error_msg": message}
    return json_answer(document, status)


class WebServer(BaseWebServer[Account]):
    """Answers the requests of the manual; faults know them by their path.

    The request log leaves tokens and secrets out.
    """

    credentials = frozenset({ACCESS_TOKEN.lower()})
    code_key = "error_code"
    result_place = WHOLE_DOCUMENT

    def __init__(self, device: Account, operations: Iterable[Operation]) -> None:
        """Keep the parts together."""
        super().__init__(device)
        self.throttle = Throttle(device)
        self._operations = {operation.name: operation for operation in operations}

    def error(self, code: int) -> web.Response:
        """Return the answer for an error code."""
        return self._refusal(Refusal(code))

    def _refusal(self, refusal: Refusal) -> web.Response:
        return _written(refusal.code, str(refusal), refusal.status)

    def _route(self, router: web.UrlDispatcher) -> None:
        for operation in self._operations.values():
            router.add_route(
                operation.method, operation.path, self._guarded, name=operation.name
            )
        router.add_route(hdrs.METH_ANY, f"/{{tail:(?!{PREFIX[1:]}).*}}", self._lost)

    async def _lost(self, request: web.Request) -> web.StreamResponse:
        """Refuse a path, or only its method, that the manual does not have."""
        for resource in request.app.router.resources():
            if resource.get_info().get("formatter", "").startswith("/{tail"):
                continue
            _, methods = await resource.resolve(request)
            if methods:
                return self.error(Code.WRONG_METHOD)
        return self.error(Code.NO_PATH)

    def _operation(self, request: web.Request) -> Operation | None:
        return self._operations.get(request.match_info.route.name or "")

    async def _read(self, request: web.Request, entry: LoggedRequest) -> None:
        raw = request[_RAW] = await request.read()
        entry.size = len(raw)
        try:
            entry.body = _without_secrets(json.loads(raw)) if raw else None
        except ValueError:
            entry.body = None

    def _refused(self, request: web.Request) -> web.Response | None:
        operation = self._operation(request)
        try:
            if operation is None or not operation.open:
                self._demand_token(request)
            self.throttle.count()
        except Refusal as refusal:
            return self._refusal(refusal)
        return None

    def _demand_token(self, request: web.Request) -> None:
        token = request.headers.get(ACCESS_TOKEN)
        demand(token, Code.TOKEN_NULL)
        valid = self.device.tokens.state(token or "")
        demand(valid is not None, Code.TOKEN_INVALID)
        demand(valid, Code.TOKEN_OVERDUE)
        demand(not self.device.frozen, Code.USER_FROZEN)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        operation = self._operation(request)
        assert operation is not None
        try:
            answer = await operation.handler(
                self.device, self._call(request, operation)
            )
        except vol.Invalid as error:
            return self._refusal(Refusal(Code.WRONG_PARAMETER, str(error)))
        except Refusal as refusal:
            return self._refusal(refusal)
        return json_answer(answer) if isinstance(answer, dict) else answer

    def _call(self, request: web.Request, operation: Operation) -> Call:
        path = dict(request.match_info)
        own = path.get("user_id", self.device.serial) == self.device.serial
        demand(own, Code.WRONG_USER)
        body: dict[str, Any] = {}
        if operation.body is not None:
            body = operation.body(_object_of(request))
        query = operation.query(_once(request.query))
        return Call(request, path, query, body)

    def _code_of(self, answer: web.StreamResponse) -> int | None:
        """Return the code without its prefix."""
        if not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
            return None
        if not answer.content_type.endswith("json"):
            return None
        try:
            document = json.loads(answer.body)
            return int(document["error_code"].removeprefix("IVM."))
        except AttributeError, KeyError, TypeError, ValueError:
            return None


def _once(query: Mapping[str, str]) -> dict[str, str]:
    """Return a query; a parameter that is repeated is joined with commas."""
    found: dict[str, str] = {}
    for key, value in query.items():
        found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _object_of(request: web.Request) -> dict[str, Any]:
    raw = request[_RAW]
    if raw:
        demand(request.content_type == "application/json", Code.MEDIA_TYPE)
    try:
        document = json.loads(raw) if raw else {}
    except ValueError as error:
        raise Refusal(Code.NOT_JSON) from error
    demand(isinstance(document, dict) and _finite(document), Code.NOT_JSON)
    return dict(document)


def _finite(value: object) -> bool:
    """Return whether a document has no NaN and no infinity, which JSON has not."""
    if isinstance(value, dict):
        return all(_finite(item) for item in value.values())
    if isinstance(value, list):
        return all(_finite(item) for item in value)
    return not isinstance(value, float) or math.isfinite(value)


def _without_secrets(value: Json) -> Json:
    if isinstance(value, dict):
        return {
            key: "***" if key in _SECRETS else _without_secrets(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return value

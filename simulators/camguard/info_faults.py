"""Faults of answers whose result is `info`, or stands beside `code` and `msg`."""

from dataclasses import dataclass
import json
from typing import Any

from aiohttp import web

from simulators.faults import Faults, Handler
from simulators.web_server import json_answer

_ENVELOPE = ("code", "msg")
_INFO = ("info", "Info")


def _nested(document: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its result in `data`, where the faults look."""
    rest = {key: value for key, value in document.items() if key not in _ENVELOPE}
    for key in _INFO:
        if key in rest:
            rest = rest[key]
    return {"code": document["code"], "data": rest, "msg": document["msg"]}


def _spoilt(original: dict[str, Any], nested: dict[str, Any]) -> dict[str, Any]:
    """Return the spoilt result where the answer had it."""
    result = nested["data"]
    for key in _INFO:
        if key in original:
            result = {key: result}
    return {"code": nested["code"], **result, "msg": nested["msg"]}


def _document(body: object) -> dict[str, Any] | None:
    try:
        document = json.loads(body) if isinstance(body, bytes) else None
    except ValueError:
        return None
    if isinstance(document, dict) and document.keys() >= set(_ENVELOPE):
        return document
    return None


@dataclass(slots=True)
class InfoFaults(Faults):
    """Spoils what a request asked for: `info`, or all but `code` and `msg`."""

    async def apply(
        self,
        request: web.Request,
        handler: Handler,
        *,
        before_auth: bool,
        path: str | None = None,
    ) -> web.StreamResponse:
        """Answer through the fault in force, or through the handler."""
        originals: list[web.Response] = []

        async def nest(request: web.Request) -> web.StreamResponse:
            answer = await handler(request)
            if not isinstance(answer, web.Response):
                return answer
            document = _document(answer.body)
            if document is None:
                return answer
            originals.append(answer)
            body = json.dumps(_nested(document)).encode()
            return web.Response(body=body, content_type="application/json")

        answer = await Faults.apply(
            self, request, nest, before_auth=before_auth, path=path
        )
        if not originals or not isinstance(answer, web.Response):
            return answer
        (original,) = originals
        assert isinstance(original.body, bytes)
        before, after = _document(original.body), _document(answer.body)
        if before is None or after is None:
            body = original.body[: max(1, len(original.body) * 2 // 3)]
        elif after == _nested(before):
            return original
        else:
            return json_answer(_spoilt(before, after), original.status)
        return web.Response(
            status=original.status, body=body, content_type=original.content_type
        )

"""Faults that a virtual box shows on request, whatever its vendor."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from fnmatch import fnmatchcase
import json
import socket
import struct
from typing import Any

from aiohttp import web

from simulators.json_types import Json
from simulators.odd_json import Oddity, odd_json, odd_values

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Fault(StrEnum):
    """What goes wrong with an answer."""

    WRONG_TYPES = auto()
    """Texts become objects, all else texts (inside what was asked for)."""
    NULLS = auto()
    """Every value that was asked for becomes null."""
    MISSING_KEYS = auto()
    """What was asked for loses all its keys."""
    TRUNCATED = auto()
    """The JSON ends in the middle; Content-Length fits what is sent."""
    NOT_JSON = auto()
    """An HTML page with status 200."""
    EMPTY = auto()
    """Status 200 without a body."""
    SLOW = auto()
    """The right answer, `delay` seconds late."""
    SILENT = auto()
    """Never answers; the connection stays open."""
    HTTP_STATUS = auto()
    """HTTP `status` (500) with a plain text body."""
    CODE = auto()
    """The vendor's error `code`."""
    RESET = auto()
    """The connection is reset before an answer."""
    HUGE = auto()
    """The right answer with `size` bytes of padding in what was asked for."""


@dataclass(slots=True)
class FaultRule:
    """One fault that was asked for.

    `pattern` is a shell pattern for the path. `times` counts down; None means until
    cleared. `before_auth` also hits requests that are not authenticated.
    """

    fault: Fault | Oddity
    pattern: str = "*"
    times: int | None = None
    delay: float = 5.0
    code: int = 1
    status: int = 500
    size: int = 32 * 1024 * 1024
    before_auth: bool = False
    hits: int = 0


@dataclass(frozen=True, slots=True)
class ResultPlace:
    """Where an answer has what was asked for; only that is spoilt."""

    get: Callable[[dict[str, Any]], Json]
    put: Callable[[dict[str, Any], Json], Json]


IN_DATA = ResultPlace(
    lambda document: document.get("data"),
    lambda document, result: {**document, "data": result},
)
WHOLE_DOCUMENT = ResultPlace(lambda document: document, lambda _, result: result)


@dataclass(slots=True)
class Faults:
    """The faults in force. `error` makes the vendor's answer for a code."""

    error: Callable[[int], web.Response]
    place: ResultPlace = IN_DATA
    rules: list[FaultRule] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def add(
        self,
        fault: Fault | Oddity,
        pattern: str = "*",
        *,
        times: int | None = None,
        delay: float = 5.0,
        code: int = 1,
        status: int = 500,
        size: int = 32 * 1024 * 1024,
        before_auth: bool = False,
    ) -> FaultRule:
        """Show a fault on the paths that match, `times` times or until cleared."""
        rule = FaultRule(
            fault,
            pattern,
            times=times,
            delay=delay,
            code=code,
            status=status,
            size=size,
            before_auth=before_auth,
        )
        self.rules.append(rule)
        return rule

    def clear(self, rule: FaultRule | None = None) -> None:
        """Remove one rule, or all."""
        self.rules = [kept for kept in self.rules if rule not in (None, kept)]

    def take(self, path: str, *, before_auth: bool) -> FaultRule | None:
        """Return the first rule for this request and count it."""
        for rule in self.rules:
            if rule.before_auth is before_auth and fnmatchcase(path, rule.pattern):
                rule.hits += 1
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self.clear(rule)
                return rule
        return None

    async def apply(
        self,
        request: web.Request,
        handler: Handler,
        *,
        before_auth: bool,
        path: str | None = None,
    ) -> web.StreamResponse:
        """Answer through the fault in force, or through the handler.

        `path` is what the patterns match, default the path of the request.
        """
        rule = self.take(path or request.path, before_auth=before_auth)
        if rule is None:
            return await handler(request)
        match rule.fault:
            case Fault.SLOW:
                async with asyncio.TaskGroup() as group:
                    answer = group.create_task(_run(handler, request))
                    group.create_task(_pause(self.closing, rule.delay))
                return answer.result()
            case Fault.SILENT:
                await self.closing.wait()
                return reset(request)
            case Fault.RESET:
                return reset(request)
            case Fault.HTTP_STATUS:
                return web.Response(status=rule.status, text="Internal Server Error")
            case Fault.CODE:
                return self.error(rule.code)
            case Fault.EMPTY:
                return web.Response()
            case Fault.NOT_JSON:
                return web.Response(
                    text="<html><body>It works!</body></html>",
                    content_type="text/html",
                )
        answered = await handler(request)
        if not isinstance(answered, web.Response) or not isinstance(
            answered.body, bytes
        ):
            return answered
        return _spoilt(rule, answered, answered.body, self.place)


async def _run(handler: Handler, request: web.Request) -> web.StreamResponse:
    return await handler(request)


async def _pause(closing: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await closing.wait()
    except TimeoutError:
        return


def reset(request: web.BaseRequest) -> web.Response:
    """Cut the connection with a TCP reset; the returned answer goes nowhere."""
    if (transport := request.transport) is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        transport.abort()
    return web.Response(status=500)


def _spoilt(
    rule: FaultRule, answer: web.Response, body: bytes, place: ResultPlace
) -> web.Response:
    if rule.fault is Fault.TRUNCATED:
        spoilt = body[: max(1, len(body) * 2 // 3)]
    elif not answer.content_type.endswith("json"):
        return answer
    else:
        document = json.loads(body)
        if not isinstance(document, dict):
            return answer
        if isinstance(rule.fault, Oddity):
            result = odd_values(place.get(document), rule.fault)
            return web.Response(
                status=answer.status,
                body=odd_json(place.put(document, result), rule.fault),
                content_type=answer.content_type,
            )
        result = _spoilt_result(rule, place.get(document))
        document = place.put(document, result)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        spoilt = text.encode()
    return web.Response(
        status=answer.status, body=spoilt, content_type=answer.content_type
    )


def _spoilt_result(rule: FaultRule, result: Json) -> Json:
    match rule.fault:
        case Fault.MISSING_KEYS:
            return {}
        case Fault.NULLS:
            return _each_leaf(result, lambda _: None)
        case Fault.WRONG_TYPES:
            return wrong_types(result)
        case Fault.HUGE:
            known = result if isinstance(result, dict) else {}
            return {**known, "padding": "x" * rule.size}
    return result


def _each_leaf(value: Json, change: Callable[[Json], Json]) -> Json:
    if isinstance(value, dict):
        return {key: _each_leaf(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_each_leaf(item, change) for item in value]
    return change(value)


def wrong_types(value: Json) -> Json:
    """Return the document with each leaf of another JSON type."""
    return _each_leaf(
        value, lambda leaf: {"wrong": 1} if isinstance(leaf, str) else f"<{leaf}>"
    )

"""Messages that a virtual box sends by itself: queue, order, resend, faults."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
import contextlib
from dataclasses import dataclass, field
from enum import StrEnum, auto
import json
import time
from typing import Any, Protocol

import aiohttp

from .faults import wrong_types
from .odd_json import Oddity, odd_json, odd_values

type Accept = Callable[[int, bytes], bool]


class PushFault(StrEnum):
    """What goes wrong with a message on its way out."""

    DUPLICATE = auto()
    """Sent twice, one right after the other."""
    TRUNCATED = auto()
    """The JSON ends in the middle."""
    WRONG_TYPES = auto()
    """Every value has another JSON type."""
    NOT_JSON = auto()
    """Random text instead of JSON."""
    EMPTY = auto()
    """No body."""
    SLOW = auto()
    """The body dribbles in over `delay` seconds."""
    ABORTED = auto()
    """The connection breaks in the middle of the body."""
    LOST_ANSWER = auto()
    """The box does not see the answer, so it sends the message again."""


@dataclass(frozen=True, slots=True)
class ResendPolicy:
    """How often and when a refused message is sent again (seconds)."""

    attempts: int = 5
    first_delay: float = 1.0
    growth: float = 2.0
    longest_delay: float = 60.0
    timeout: float = 10.0
    queue_limit: int = 1000

    def delay(self, attempt: int) -> float:
        """Return the pause after the given attempt (counted from 1)."""
        return min(self.first_delay * self.growth ** (attempt - 1), self.longest_delay)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One transmission; `status` is None when there was no HTTP answer."""

    at: float
    target: int
    status: int | None
    acknowledged: bool
    answer: bytes = b""
    error: str | None = None


@dataclass(slots=True, eq=False)
class Push:
    """A message and what became of it.

    `body` is the message as sent to a receiver that gets no pictures. `targets` are
    the receivers that must acknowledge; `held_back` tells why there is none.
    """

    event_id: str
    kind: int
    body: dict[str, Any]
    targets: set[int] = field(default_factory=set)
    attempts: list[Attempt] = field(default_factory=list)
    given_up: set[int] = field(default_factory=set)
    held_back: str | None = None
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def acknowledgements(self) -> list[Attempt]:
        """Return the transmissions that were acknowledged."""
        return [attempt for attempt in self.attempts if attempt.acknowledged]

    def note(self, attempt: Attempt, *, last: bool = False) -> None:
        """Keep the outcome of one transmission."""
        self.attempts.append(attempt)
        if last and not attempt.acknowledged:
            self.given_up.add(attempt.target)
        self.check()

    def give_up(self, target: int) -> None:
        """Stop expecting an acknowledgement of this receiver."""
        self.given_up.add(target)
        self.check()

    def check(self) -> None:
        """Wake the waiters once every receiver acknowledged or was given up."""
        acknowledged = {attempt.target for attempt in self.acknowledgements}
        if self.targets <= acknowledged | self.given_up:
            self._settled.set()

    async def delivered(self, timeout: float = 5.0) -> bool:  # noqa: ASYNC109
        """Wait for the outcome; True when every receiver acknowledged."""
        try:
            async with asyncio.timeout(timeout):
                await self._settled.wait()
        except TimeoutError:
            return False
        acknowledged = {attempt.target for attempt in self.acknowledgements}
        return bool(self.targets) and self.targets <= acknowledged


def _no_headers() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """What goes over the wire for one push to one receiver.

    `url` and `headers` are asked for at each attempt, because they may change while a
    message waits.
    """

    push: Push
    url: Callable[[], str]
    body: bytes
    content_type: str = "application/json"
    headers: Callable[[], dict[str, str]] = _no_headers


@dataclass(slots=True)
class PushFaultRule:
    """One fault that was asked for; `times` counts down, None until cleared."""

    fault: PushFault | Oddity
    times: int | None = None
    kinds: frozenset[int] | None = None
    delay: float = 1.0


@dataclass(slots=True)
class PushFaults:
    """The faults in force on outgoing messages."""

    rules: list[PushFaultRule] = field(default_factory=list)

    def add(
        self,
        fault: PushFault | Oddity,
        *,
        times: int | None = None,
        kinds: Iterable[int] | None = None,
        delay: float = 1.0,
    ) -> PushFaultRule:
        """Spoil the next `times` transmissions (of these kinds), or all."""
        rule = PushFaultRule(
            fault, times, None if kinds is None else frozenset(kinds), delay
        )
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Remove all faults."""
        self.rules.clear()

    def take(self, kind: int) -> PushFaultRule | None:
        """Return the first rule for this message and count it."""
        for rule in self.rules:
            if rule.kinds is None or kind in rule.kinds:
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self.rules.remove(rule)
                return rule
        return None


class Sender:
    """Transmits requests over HTTP; the session is opened at the first one."""

    def __init__(self, accept: Accept) -> None:
        """Remember what counts as an acknowledgement: (HTTP status, body)."""
        self.accept = accept
        self.faults = PushFaults()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(
        self, request: OutgoingRequest, target: int, limit: float
    ) -> Attempt:
        """Transmit once and tell the outcome."""
        rule = self.faults.take(request.push.kind)
        fault = None if rule is None else rule.fault
        if fault is PushFault.DUPLICATE:
            request.push.note(await self._post(request, target, limit, request.body))
        data: bytes | AsyncIterator[bytes] = _spoilt(request.body, fault)
        if rule is not None and fault is PushFault.SLOW:
            data = _dribble(request.body, rule.delay)
        elif fault is PushFault.ABORTED:
            data = _broken(request.body)
        attempt = await self._post(request, target, limit, data)
        if fault is PushFault.LOST_ANSWER:
            return Attempt(attempt.at, target, None, False, error="answer lost")
        return attempt

    async def _post(
        self,
        request: OutgoingRequest,
        target: int,
        limit: float,
        data: bytes | AsyncIterator[bytes],
    ) -> Attempt:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0, ssl=False, resolver=aiohttp.ThreadedResolver()
            )
            self._session = aiohttp.ClientSession(connector=connector)
        at = time.time()
        try:
            async with self._session.post(
                request.url(),
                data=data,
                headers={
                    "Content-Type": request.content_type,
                    **request.headers(),
                },
                timeout=aiohttp.ClientTimeout(total=limit),
            ) as response:
                answer = await response.read()
                accepted = self.accept(response.status, answer)
                return Attempt(at, target, response.status, accepted, answer)
        except TimeoutError:
            return Attempt(at, target, None, False, error="timeout")
        except (aiohttp.ClientError, OSError, BrokenBody) as error:
            return Attempt(at, target, None, False, error=repr(error))


class BrokenBody(Exception):
    """The body breaks off on purpose."""


async def _dribble(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    pieces = 10
    step = max(1, -(-len(body) // pieces))
    for start in range(0, len(body), step):
        yield body[start : start + step]
        await asyncio.sleep(seconds / pieces)


async def _broken(body: bytes) -> AsyncIterator[bytes]:
    yield body[: len(body) // 2]
    raise BrokenBody


def spoilt_text(text: str, fault: PushFault | Oddity | None) -> str:
    """Return a message of a WebSocket with what a fault makes of it."""
    if isinstance(fault, Oddity):
        # A frame of text is UTF-8, or the connection ends.
        return _odd(text.encode(), fault).decode(errors="replace")
    match fault:
        case PushFault.TRUNCATED:
            return text[: len(text) * 2 // 3]
        case PushFault.WRONG_TYPES:
            return json.dumps(
                wrong_types(json.loads(text)),
                ensure_ascii=False,
                separators=(",", ":"),
            )
        case PushFault.NOT_JSON:
            return "this is not JSON"
        case PushFault.EMPTY:
            return ""
    return text


def _odd(body: bytes, oddity: Oddity) -> bytes:
    """Spoil a message that is JSON, or has the length that it says."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    return odd_json(odd_values(document, oddity), oddity)


def _spoilt(body: bytes, fault: PushFault | Oddity | None) -> bytes:
    if isinstance(fault, Oddity):
        return _odd(body, fault)
    match fault:
        case PushFault.TRUNCATED:
            return body[: len(body) * 2 // 3]
        case PushFault.NOT_JSON:
            return b"\x00\xff this is not JSON"
        case PushFault.EMPTY:
            return b""
        case PushFault.WRONG_TYPES:
            with contextlib.suppress(ValueError):
                return json.dumps(wrong_types(json.loads(body))).encode()
    return body


class HasPush(Protocol):
    """A message to one receiver."""

    @property
    def push(self) -> Push:
        """Return what it is about."""


class Transport[M](Protocol):
    """What an outbox sends with."""

    async def send(self, message: M, target: int, limit: float, /) -> Attempt:
        """Transmit once, for `limit` seconds at the most, and tell the outcome."""


class Outbox[M: HasPush = OutgoingRequest]:
    """The queue to one receiver: in order, resent until acknowledged or given up.

    `scale` multiplies the pauses of the policy. `connections` messages are under way
    at once; more than one gives up the order.
    """

    def __init__(
        self,
        target: int,
        sender: Transport[M],
        *,
        policy: ResendPolicy,
        scale: Callable[[], float],
        connections: int = 1,
    ) -> None:
        """Start the workers; a running event loop is needed."""
        self.target = target
        self.policy = policy
        self._sender = sender
        self._scale = scale
        self._queue: deque[M] = deque()
        self._wanted = asyncio.Event()
        self._held = False
        self._workers = [
            asyncio.create_task(self._work(), name=f"outbox {target}")
            for _ in range(connections)
        ]

    def __len__(self) -> int:
        """Return how many messages wait (not counting those under way)."""
        return len(self._queue)

    def put(self, message: M) -> None:
        """Queue a message; the oldest is dropped when the queue is full."""
        self._queue.append(message)
        while len(self._queue) > self.policy.queue_limit:
            self._queue.popleft().push.give_up(self.target)
        self._wake()

    def hold(self) -> None:
        """Keep the messages back until released."""
        self._held = True
        self._wanted.clear()

    def release(self, order: Callable[[list[M]], list[M]]) -> None:
        """Send what was kept back, in the order that the function returns."""
        self._queue = deque(order(list(self._queue)))
        self._held = False
        self._wake()

    async def close(self) -> None:
        """Stop; what still waits is given up."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        while self._queue:
            self._queue.popleft().push.give_up(self.target)

    def _wake(self) -> None:
        if self._queue and not self._held:
            self._wanted.set()

    async def _work(self) -> None:
        while True:
            await self._wanted.wait()
            if self._held or not self._queue:
                self._wanted.clear()
                continue
            message = self._queue.popleft()
            try:
                await self._deliver(message)
            except asyncio.CancelledError:
                message.push.give_up(self.target)
                raise

    async def _deliver(self, message: M) -> None:
        for number in range(1, self.policy.attempts + 1):
            attempt = await self._sender.send(message, self.target, self.policy.timeout)
            last = number == self.policy.attempts
            message.push.note(attempt, last=last)
            if attempt.acknowledged or last:
                return
            await asyncio.sleep(self.policy.delay(number) * self._scale())

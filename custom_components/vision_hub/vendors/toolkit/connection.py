"""How bytes travel to a hub and back, whatever they mean."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final, NoReturn, Self

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientMiddlewareType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    FormData,
    ServerDisconnectedError,
)
from aiohttp.hdrs import CONTENT_TYPE
from multidict import CIMultiDictProxy
from yarl import URL

from ..errors import (
    Busy,
    CannotConnect,
    HostNotFound,
    HttpsRequired,
    InvalidAddress,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from ..model import HubConfig, Json
from ..network_address import HTTP_PORTS, NetworkAddress
from .http import body_of, clock_offset, translated
from .json_reader import read_big_json
from .tls import is_alert, port_of_https, reason_of

MAX_ANSWER: Final = 32 * 1024 * 1024
MAX_FILE: Final = 64 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_PAGES: Final = 1000


_ABSENT: Final = frozenset(
    {
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.NOT_IMPLEMENTED,
    }
)
_LATER: Final = frozenset(
    {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
)


@dataclass(frozen=True, slots=True)
class File:
    """A picture, a video or what else a hub keeps."""

    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; the status may be any."""

    status: int
    content_type: str
    headers: CIMultiDictProxy[str] = field(repr=False)
    content: bytes = field(repr=False)
    clock_offset: timedelta | None = None
    """How far the clock of the hub is ahead; None when it does not tell."""

    async def json(self) -> Json:
        """Return the body as JSON; None when it is none."""
        try:
            return await read_big_json(self.content)
        except ValueError:
            return None

    def file(self) -> File:
        """Return the body as a file; raises when there is none."""
        if self.status != HTTPStatus.OK:
            raise RejectedByHub(str(self.status), "There is no such file")
        if not self.content:
            raise UnexpectedAnswer("The file is empty")
        return File(self.content_type, self.content)

    @property
    def is_absence(self) -> bool:
        """Whether it says that there is no such operation."""
        return self.status in _ABSENT

    def reject(self, device: str, *, needed: bool) -> NoReturn:
        """Tell why an answer without an envelope is none of a `device`.

        Each has what is `needed`; of all else it may have nothing.
        """
        if self.status == HTTPStatus.FORBIDDEN:
            raise PermissionDenied
        if self.status in _LATER:
            raise Busy
        if self.is_absence and not needed:
            raise Unsupported("There is no such operation")
        raise UnexpectedAnswer(f"This is no answer of a {device}")


class _SendOnce:
    """Keeps aiohttp from sending again what may have been done already.

    It repeats GET, PUT and DELETE by itself, whatever they do to a hub.
    """

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._error: ClientError | None = None

    async def __call__(
        self, request: ClientRequest, handler: ClientHandlerType
    ) -> ClientResponse:
        """Send a request unless it went out before."""
        if self._error:
            raise self._error
        try:
            return await handler(request)
        except (ServerDisconnectedError, ClientOSError) as error:
            self._error = error
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a box is and who we are there, as a user entered it."""

    scheme: str
    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, config: HubConfig, *, username: str = "") -> Self:
        """Read a configuration; `username` stands in for an empty one."""
        host, port, ssl = str(config["host"]), int(config["port"]), config.get("ssl")
        try:
            told = NetworkAddress.parse(host).without_path()
        except InvalidAddress:
            # It fails when it is used.
            pass
        else:
            host, port = told.host, told.port or port
            ssl = ssl if told.ssl is None else told.ssl
        return cls(
            scheme="https" if ssl else "http",
            host=host,
            port=port,
            username=str(config.get("username") or username),
            password=str(config.get("password") or ""),
        )

    @classmethod
    def at(cls, url: str) -> Self:
        """Read an address; a wrong one fails when it is used."""
        try:
            place = NetworkAddress.parse(url).without_path().origin(ssl=True)
        except InvalidAddress:
            return cls(scheme="https", host="", port=HTTP_PORTS[True])
        return cls(scheme=place.scheme, host=place.host or "", port=place.port or 0)


class Connection:
    """Exchanges requests for answers with one host."""

    def __init__(
        self, session: ClientSession, account: Account, *, at_once: int
    ) -> None:
        """Prepare; nothing is sent yet. `at_once` requests go out side by side."""
        self.session = session
        self._account = account
        self._places = asyncio.Semaphore(at_once)
        self._understood = False

    @property
    def origin(self) -> URL:
        """Where the hub is."""
        try:
            return URL.build(
                scheme=self._account.scheme,
                host=self._account.host,
                port=self._account.port,
            )
        except ValueError as error:
            raise HostNotFound("This is not the name of a host") from error

    async def exchange(
        self,
        method: str,
        url: URL,
        *,
        patience: ClientTimeout,
        limit: int | None = None,
        content: bytes | FormData | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        middlewares: Iterable[ClientMiddlewareType] = (),
    ) -> Answer:
        """Send one request.

        It goes out again when the hub closed an idle connection just as we took it up,
        if it is `repeatable`.
        """
        if not repeatable:
            middlewares = (_SendOnce(), *middlewares)
        if content_type is not None:
            headers = {**(headers or {}), CONTENT_TYPE: content_type}

        async def exchange() -> Answer:
            async with self.session.request(
                method,
                url,
                data=content,
                headers=headers,
                timeout=patience,
                allow_redirects=False,
                middlewares=tuple(middlewares),
            ) as response:
                return await answer_of(response, limit or MAX_ANSWER)

        async with self._places:
            try:
                with translated():
                    try:
                        answer = await exchange()
                    except (ServerDisconnectedError, ClientOSError) as error:
                        if not repeatable or isinstance(error, ClientConnectorError):
                            raise
                        answer = await exchange()
            except CannotConnect as error:
                if self._understood:
                    raise
                reason = await reason_of(error, self.session, self.origin)
                if reason is error:
                    raise
                raise reason from error
            except UnexpectedAnswer as error:
                if url.scheme == "http" and url.port and is_alert(error.__cause__):
                    raise HttpsRequired(url.port) from error
                raise
        self._understood = True
        wanted = port_of_https(url, answer.status, answer.headers, answer.content)
        if wanted is not None:
            raise HttpsRequired(wanted)
        return answer


async def answer_of(response: ClientResponse, limit: int = MAX_ANSWER) -> Answer:
    """Read an answer that has no more than `limit` bytes."""
    # A big body takes its time.
    offset = clock_offset(response.headers)
    return Answer(
        response.status,
        response.content_type,
        response.headers,
        await body_of(response, limit),
        offset,
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list; `total` is None where the hub does not tell."""

    rows: list[Json]
    total: int | None = None


async def rows_of_pages(
    ask: Callable[[int, int], Awaitable[Page]], size: int
) -> AsyncIterator[Json]:
    """Yield the rows of a list.

    `ask` gets how many rows there were on earlier pages, and the size of a page. A page
    that is full may be followed by another whatever the total says: some hubs count the
    rows of a page.
    """
    seen = 0
    complete = False
    first: list[Json] = []
    earlier: list[Json] = []
    for number in range(MAX_PAGES):
        try:
            page = await ask(seen, size)
        except RejectedByHub, UnexpectedAnswer, Unsupported:
            if complete:
                # There is no such page, as the total said.
                return
            raise
        if not page.rows or page.rows in (earlier, first):
            # The hub has no more, or does not look where to start.
            return
        for row in page.rows:
            yield row
        seen += len(page.rows)
        complete = page.total is None or seen >= page.total
        if complete and len(page.rows) < size:
            return
        if seen > MAX_ROWS:
            break
        if number == 0:
            first = page.rows
            # The hub may give smaller pages than it was asked for.
            size = min(size, len(page.rows))
        earlier = page.rows
    raise UnexpectedAnswer("The list of the hub has no end")

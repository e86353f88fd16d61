"""How one request travels: its turn, digest if asked for, the envelope, its errors."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
import logging
import random
from time import monotonic
from typing import Final, NoReturn

from aiohttp import ClientMiddlewareType, ClientSession, ClientTimeout
from yarl import URL

from ..errors import (
    AuthenticationFailed,
    Busy,
    LockedOut,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from ..login_refusal import LoginRefusal
from ..model import Json
from ..toolkit.authentication import Authentication
from ..toolkit.connection import (
    MAX_FILE,
    Account,
    Answer,
    Connection,
    File,
    Page,
    rows_of_pages,
)
from ..toolkit.envelope import complaint_of, envelope_of
from ..toolkit.lenient import as_int, as_text
from ..toolkit.operations import Danger, Operation, Operations
from ..toolkit.read_notes import ReadNotes
from ..toolkit.request_body import JSON_TYPE, Part, form_body, json_body
from ..toolkit.shapes import content_of, rows_in, value_in
from .request_queue import Priority, RequestQueue, Ticket
from .routes import file_path, other_path, route
from .wire import MEANINGS

_LOGGER = logging.getLogger(__name__)

PAGE_SIZE: Final = 30
"""The most that the rules of access give at once (12); others state no limit."""

_BASE: Final = "/v1/MEGBOX"

_TIMEOUT: Final = ClientTimeout(total=10)
_SLOW_TIMEOUT: Final = ClientTimeout(total=60)
_FIRMWARE_TIMEOUT: Final = ClientTimeout(total=900, sock_connect=10)
_SLOW: Final = frozenset(
    {
        "create_video",
        "update_video",
        "get_onvif_stream_urls",
        "list_onvif_devices",
        "run_ftp_upgrade",
        "test_ftp_upload",
        "debug_ping",
        "set_detect_mode",
        "set_configs",
        "reset_face_library",
        "delete_face_group",
        "format_disk",
        "export_logs",
        "get_face_image",
    }
)

_NEEDED: Final = frozenset({"get_device"})
"""Every box has it; the lists of channels differ with the mode."""

NO_ACCESS: Final = 104004
_MISSING_ARGUMENT: Final = 104002
_LATER: Final = frozenset({NO_ACCESS, 104012, 104401})
"""Refused because of somebody else's request: the same one may pass a little later."""
# What a repeated deletion says when the interrupted one had come to its end.
_GONE: Final = frozenset(
    {104007, 104009, 104017, 104202, 104203, 104301, 104303, 104503}
    | {104603, 104604, 104605}
)
_DONE: Final = b'{"code":0,"message":"","data":{}}'
_ERRORS: Final[Mapping[int, type[VisionError]]] = {
    104003: Busy,
    NO_ACCESS: Busy,
    104005: AuthenticationFailed,
    104006: Busy,
    104012: Busy,
    104101: LockedOut,
    104306: Busy,
    104307: Busy,
    104400: Unsupported,
    104401: Busy,
    104402: Unsupported,
}

_NONCE_LIFE: Final = 50.0
"""Two interactions must be less than 60 s apart (3.1.1)."""
_UNLOCK_MINUTES: Final = 30.0
"""How long a lock holds if nobody changed it (3.1.1)."""

_MOST_COMPLAINT: Final = 4096
"""Bytes of an answer that tells no more than what went wrong."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What goes out, before it is known how often."""

    operation: str
    method: str
    url: URL
    content: bytes | tuple[Part, ...] | None = field(repr=False)
    patience: ClientTimeout
    priority: Priority
    danger: Danger

    @property
    def reads(self) -> bool:
        """Whether nothing happens when it is sent twice."""
        return self.danger is Danger.NONE

    @property
    def once(self) -> bool:
        """Whether it must not be sent twice: a GET that changes something."""
        return self.method == "GET" and not self.reads


class Transport:
    """Talks to one box, one request at a time.

    Every request may be given a `priority`; what is left out is a user's command.
    """

    backoff: tuple[float, ...] = (0.25, 0.5, 1, 2, 4)
    """Seconds before a request that was in somebody's way goes out again."""

    def __init__(
        self,
        session: ClientSession,
        account: Account,
        operations: Operations,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.notes = ReadNotes()
        self._connection = Connection(session, account, at_once=1)
        self._account = account
        self._operations = operations
        self._authentication = Authentication(account)
        self._authenticated = 0.0
        self._refusal = LoginRefusal()
        self._queue = RequestQueue()
        self._file_base = ""
        self.unlock_minutes = _UNLOCK_MINUTES
        """How long the box stays locked after too many wrong passwords."""
        self.writes = 0
        """How many requests that change the box were begun, whatever became of them."""

    @property
    def origin(self) -> URL:
        """Where the box is."""
        return self._connection.origin

    def begin(self) -> None:
        """Try the password again, also after a refusal; a lock still holds."""
        self._refusal.allow()

    async def ask(
        self,
        operation: str,
        params: Mapping[str, Json] | None = None,
        *,
        priority: Priority = Priority.COMMAND,
    ) -> Json:
        """Send a request and return the `data` of the answer.

        `params` are those of the manual, wherever they stand: in the path, in the
        query, in the body. A query leaves out what is None.
        """
        answer = await self.ask_envelope(operation, params, priority=priority)
        return content_of(answer, "data")

    async def ask_envelope(
        self,
        operation: str,
        params: Mapping[str, Json] | None = None,
        *,
        priority: Priority = Priority.COMMAND,
    ) -> dict[str, Json]:
        """Send a request and return the whole answer."""
        request, in_query = self._request(operation, params or {}, priority)
        try:
            return await self._ask(request)
        except RejectedByHub as error:
            if (
                request.method != "DELETE"
                or not in_query
                or as_int(error.code) != _MISSING_ARGUMENT
            ):
                raise
        # The manual does not say where the argument of a deletion stands.
        return await self._ask(
            replace(
                request,
                url=request.url.with_query(None),
                content=json_body(in_query),
            )
        )

    async def ask_form(
        self,
        operation: str,
        parts: Iterable[Part],
        params: Mapping[str, Json] | None = None,
        *,
        priority: Priority = Priority.COMMAND,
    ) -> dict[str, Json]:
        """Send a form, its parts in the given order, and return the whole answer."""
        request, _ = self._request(operation, params or {}, priority)
        return await self._ask(replace(request, content=tuple(parts)))

    async def ask_file(
        self,
        operation: str,
        params: Mapping[str, Json] | None = None,
        *,
        priority: Priority = Priority.COMMAND,
    ) -> File:
        """Send a request that is answered by a file, not by an envelope."""
        request, _ = self._request(operation, params or {}, priority)
        return await _file(await self._sent(request, limit=MAX_FILE))

    def pages(
        self,
        operation: str,
        keys: tuple[str, ...],
        params: Mapping[str, Json] | None = None,
        *,
        size: int = PAGE_SIZE,
        priority: Priority = Priority.COMMAND,
    ) -> AsyncIterator[Json]:
        """Return the rows of a list, which stands under one of `keys`."""
        token: Json = None

        async def ask(seen: int, size: int) -> Page:
            nonlocal token
            if seen and token is None:
                return Page([])
            data = await self.ask(
                operation,
                {"pageToken": token, "pageSize": size, **(params or {})},
                priority=priority,
            )
            rows = rows_in(data, *keys)
            following = value_in(data, "nextPageToken")
            end = following in {"", token} or not isinstance(following, int | str)
            token = None if end else following
            # Totals count the answer here and the list there; the token decides.
            return Page(rows, seen + len(rows) + (0 if end else 1))

        return rows_of_pages(ask, size)

    async def download(
        self, reference: str, *, priority: Priority = Priority.COMMAND
    ) -> File:
        """Fetch a picture by the path that the box gave, `./record_CHN0/...`.

        The manual does not say what it is relative to.
        """
        path = file_path(reference)
        for base in dict.fromkeys((self._file_base, "", _BASE)):
            url = URL(f"{self.origin}{base}/{path}", encoded=True)
            request = _Request(
                "download", "GET", url, None, _SLOW_TIMEOUT, priority, Danger.NONE
            )
            answer = await self._sent(request, limit=MAX_FILE)
            if answer.status != HTTPStatus.NOT_FOUND:
                file = await _file(answer)
                self._file_base = base
                return file
        raise RejectedByHub(str(answer.status), "There is no such file")

    def _request(
        self, operation: str, params: Mapping[str, Json], priority: Priority
    ) -> tuple[_Request, dict[str, Json]]:
        """Distribute parameters; return those of the query, too."""
        row = self._operations[operation]
        way = route(operation, row, params)
        content = json_body(way.in_body) if way.in_body else None
        url = self.origin.with_path(_BASE + way.path, encoded=True)
        if way.query:
            url = URL(f"{url}?{way.query}", encoded=True)
        request = _Request(
            operation,
            row.method,
            url,
            content,
            _patience(operation, row),
            priority,
            row.danger,
        )
        return request, way.in_query

    async def _ask(self, request: _Request) -> dict[str, Json]:
        answer = await self._sent(request)
        if answer.status == HTTPStatus.NOT_FOUND and await envelope_of(answer) is None:
            other = other_path(
                request.operation,
                self._operations[request.operation],
                request.url.raw_path.removeprefix(_BASE),
            )
            if other:
                url = self.origin.with_path(_BASE + other, encoded=True)
                answer = await self._sent(replace(request, url=url))
        return await _opened(answer, needed=request.operation in _NEEDED)

    async def _sent(self, request: _Request, *, limit: int | None = None) -> Answer:
        """Send a request when it is its turn, again if somebody was in the way."""
        async with self._queue.slot(request.priority) as ticket:
            if not request.reads:
                self.writes += 1
            answer = await self._attempts(request, ticket, limit)
            if not request.reads:
                self.writes += 1
            return answer

    async def _attempts(
        self, request: _Request, ticket: Ticket, limit: int | None
    ) -> Answer:
        waits = iter(() if request.once else self.backoff)
        interrupted = False
        while True:
            answer = await self._exchange(request, limit)
            code = await _code(answer)
            if interrupted and request.method == "DELETE" and code in _GONE:
                return replace(answer, status=HTTPStatus.OK, content=_DONE)
            wait = next(waits, None)
            if code not in _LATER or wait is None:
                return answer
            _LOGGER.debug("%s was in somebody's way (%s)", request.operation, code)
            interrupted = True
            await self._queue.back_off(ticket, wait * random.uniform(0.75, 1.25))

    async def _exchange(self, request: _Request, limit: int | None) -> Answer:
        self._refusal.check()
        content = request.content
        # Made anew each time, since a form can be sent once only.
        body = form_body(content) if isinstance(content, tuple) else content
        answer = await self._connection.exchange(
            request.method,
            request.url,
            patience=request.patience,
            limit=limit,
            content=body,
            content_type=JSON_TYPE if isinstance(body, bytes) else None,
            repeatable=request.reads and not isinstance(content, tuple),
            middlewares=self._login(),
        )
        await self._look_for_refusal(answer)
        return answer

    def _login(self) -> tuple[ClientMiddlewareType, ...]:
        """Have credentials at hand for a box that asks; an open one never sees them."""
        if not self._account.password:
            return ()
        now = monotonic()
        if now - self._authenticated > _NONCE_LIFE:
            # An old nonce would be a wrong attempt, and those are counted.
            self._authentication.forget()
        self._authenticated = now
        return (self._authentication,)

    async def _look_for_refusal(self, answer: Answer) -> None:
        code = await _code(answer)
        if code is not None and issubclass(
            known := _ERRORS.get(code, VisionError), AuthenticationFailed
        ):
            self._refuse(known(MEANINGS[code]))
        if answer.status != HTTPStatus.UNAUTHORIZED:
            self._refusal.forget()
            return
        challenge = self._authentication.challenge_in(answer)
        if challenge is None:
            raise UnexpectedAnswer("This is not a MegBox")
        if not self._account.password:
            raise AuthenticationFailed("The box asks for a password")
        if challenge.is_stale:
            self._authentication.forget()
            raise Busy("The box wants a new handshake")
        self._refuse(AuthenticationFailed("The box refuses the password"))

    def _refuse(self, error: AuthenticationFailed) -> NoReturn:
        self._authentication.forget()
        if isinstance(error, LockedOut):
            error.seconds = 60 * self.unlock_minutes
        if isinstance(error, LockedOut) or self._account.password:
            self._refusal.remember(error)
        raise error


def _patience(operation: str, row: Operation) -> ClientTimeout:
    if operation == "upgrade_firmware":
        return _FIRMWARE_TIMEOUT
    if operation in _SLOW or row.path.startswith(("/captures", "/alerts", "/faces")):
        return _SLOW_TIMEOUT
    return _TIMEOUT


async def _code(answer: Answer) -> int | None:
    """Look for a complaint, which is the only thing said by a body this small."""
    if len(answer.content) > _MOST_COMPLAINT:
        return None
    return as_int((await envelope_of(answer) or {}).get("code"))


async def _opened(answer: Answer, *, needed: bool) -> dict[str, Json]:
    """Return the envelope of an answer that says that all is well."""
    envelope = await envelope_of(answer)
    if envelope is None:
        answer.reject("MegBox", needed=needed)
    if error := refused(envelope, absent=answer.is_absence and not needed):
        raise error
    return envelope


def refused(
    envelope: Mapping[str, Json], *, absent: bool = False
) -> VisionError | None:
    """Return what an envelope complains of; None when all is well."""
    told = as_text(envelope.get("message"))
    message = MEANINGS.get(as_int(envelope.get("code")) or 0, "")
    # Behind the constant stand the names of arguments, or a reason.
    _, _, suffix = told.replace("\uff1a", ":").partition(":")
    if message and suffix:
        message = f"{message}: {suffix.strip()}"
    return complaint_of(envelope, message or told, _ERRORS, absent=absent)


async def _file(answer: Answer) -> File:
    if answer.content.startswith(b"{") or answer.content_type.endswith("json"):
        await _opened(answer, needed=True)
        raise UnexpectedAnswer("The box sent no file")
    return answer.file()

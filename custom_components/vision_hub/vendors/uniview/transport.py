"""How one request travels: digest, one at a time, the envelope, and what can go wrong."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final, NoReturn

from aiohttp import ClientSession, ClientTimeout, FormData
from yarl import URL

from ..errors import (
    AuthenticationFailed,
    Busy,
    InvalidRequest,
    LockedOut,
    PermissionDenied,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from ..login_refusal import LoginRefusal
from ..model import Json
from ..toolkit.addresses import path_in
from ..toolkit.authentication import Authentication, Challenge
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
from ..toolkit.shapes import content_of, value_in
from .wire import find_list

PAGE_SIZE: Final = 100

_TIMEOUT: Final = ClientTimeout(total=10)
_SLOW_TIMEOUT: Final = ClientTimeout(total=60)
_FIRMWARE_TIMEOUT: Final = ClientTimeout(total=600, sock_connect=10)
_SLOW: Final = frozenset(
    {
        "person_add",
        "person_import",
        "person_update",
        "workclothes_add",
        "workclothes_batchadd",
    }
)

_NEEDED: Final = ("device_get", "channel_list")
"""Every box has them."""

UNAUTHORIZED: Final = 3
"""The code of a missing or wrong digest, and of a missing permission."""

_ERRORS: Final[Mapping[int, type[VisionError]]] = {
    UNAUTHORIZED: PermissionDenied,
    4: Unsupported,
    6: Busy,
    1000: AuthenticationFailed,
    1001: PermissionDenied,
    1002: LockedOut,
    1003: LockedOut,
    1004: LockedOut,
}


class Transport:
    """Talks to one hub, one request at a time."""

    def __init__(
        self,
        session: ClientSession,
        account: Account,
        operations: Operations,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.notes = ReadNotes()
        # A 401 to anybody makes the earlier nonce void (1.2), so two requests at a
        # time could starve each other.
        self._connection = Connection(session, account, at_once=1)
        self._operations = operations
        self._needed = {operations[name].path for name in _NEEDED}
        # As the worked example in 1.4 has it.
        self._authentication = Authentication(
            account, also_quoted=frozenset({"algorithm"})
        )
        self.clock_offset: timedelta | None = None
        self.refusal = LoginRefusal()

    @property
    def origin(self) -> URL:
        """Where the hub is."""
        return self._connection.origin

    async def ask(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> Json:
        """Send a JSON request and return the `data` of the answer."""
        return content_of(await self.ask_envelope(operation, params), "data")

    async def ask_envelope(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> dict[str, Json]:
        """Send a JSON request and return the whole answer."""
        return await self._ask(
            self._operations[operation],
            json_body(params or {}),
            patience=_SLOW_TIMEOUT if operation in _SLOW else _TIMEOUT,
            content_type=JSON_TYPE,
        )

    async def ask_form(self, operation: str) -> dict[str, Json]:
        """Send an empty form (10.2)."""
        return await self._ask(
            self._operations[operation],
            b"",
            patience=_TIMEOUT,
            content_type="application/x-www-form-urlencoded",
        )

    async def upload(
        self, operation: str, name: str, content: bytes
    ) -> dict[str, Json]:
        """Send a file (10.1)."""
        # With a nonce at hand the firmware is not sent twice.
        await self.ask("device_get")
        return await self._ask(
            self._operations[operation],
            form_body([Part("file", content, name)]),
            patience=_FIRMWARE_TIMEOUT,
        )

    def pages(
        self,
        operation: str,
        params: Mapping[str, Json] | None = None,
        *,
        needed: bool = False,
    ) -> AsyncIterator[Json]:
        """Return the rows of a list, page by page, until `total` is reached.

        Where the list is `needed`, an answer without one is no empty list.
        """

        async def ask(seen: int, size: int) -> Page:
            data = await self.ask(
                operation,
                {**(params or {}), "page": seen // size + 1, "pagesize": size},
            )
            rows = find_list(data)
            if rows is None and needed:
                raise UnexpectedAnswer("The hub did not tell a list")
            return Page(rows or [], total_of(data))

        return rows_of_pages(ask, PAGE_SIZE)

    async def download(self, reference: str) -> File:
        """Fetch a file by the address that the hub gave.

        The address is sent byte for byte: the digest covers it (11.x).
        """
        answer = await self._exchange(
            "GET", self._file_url(reference), patience=_SLOW_TIMEOUT, limit=MAX_FILE
        )
        if answer.content_type.endswith("json"):
            await _opened(answer, needed=True)
            raise UnexpectedAnswer("The hub sent no file")
        return answer.file()

    def _file_url(self, reference: str) -> URL:
        told = path_in(reference)
        path = (reference if told is None else told).removeprefix("/")
        if (
            not path
            or not path.isascii()
            or not path.isprintable()
            or " " in path
            or "://" in path.partition("?")[0]
        ):
            raise InvalidRequest("This is not an address of the hub")
        return URL(f"{self.origin}/{path}", encoded=True)

    async def _ask(
        self,
        operation: Operation,
        content: bytes | FormData,
        *,
        patience: ClientTimeout,
        content_type: str | None = None,
    ) -> dict[str, Json]:
        answer = await self._exchange(
            operation.method,
            self.origin.with_path(operation.path),
            patience=patience,
            content=content,
            content_type=content_type,
            repeatable=operation.danger is Danger.NONE,
        )
        return await _opened(answer, needed=operation.path in self._needed)

    async def _exchange(
        self,
        method: str,
        url: URL,
        *,
        patience: ClientTimeout,
        limit: int | None = None,
        content: bytes | FormData | None = None,
        content_type: str | None = None,
        repeatable: bool = True,
    ) -> Answer:
        self.refusal.check()
        answer = await self._connection.exchange(
            method,
            url,
            patience=patience,
            limit=limit,
            content=content,
            content_type=content_type,
            repeatable=repeatable,
            middlewares=(self._authentication,),
        )
        if answer.clock_offset is not None:
            self.clock_offset = answer.clock_offset
        if answer.status == HTTPStatus.UNAUTHORIZED:
            challenge = self._authentication.challenge_in(answer)
            # Else the next attempt would count twice: with the old nonce and a new one.
            self._authentication.forget()
            with self.refusal.remembered():
                await _refuse(answer, challenge)
        self.refusal.forget()
        return answer


def total_of(data: Json) -> int | None:
    """Read how many rows there are on all pages."""
    return as_int(value_in(data, "total"))


async def _refuse(answer: Answer, challenge: Challenge | None) -> NoReturn:
    """Tell why a request with credentials was answered by 401."""
    envelope = await envelope_of(answer)
    if envelope is None and challenge is None:
        raise UnexpectedAnswer("This is not a Uniview box")
    code = as_int((envelope or {}).get("code"))
    message = as_text((envelope or {}).get("msg"))
    error = _ERRORS.get(code or 0, AuthenticationFailed)
    if code != UNAUTHORIZED and error is not AuthenticationFailed:
        raise error(message)
    if challenge and challenge.is_stale:
        # The nonce fell to another client meanwhile.
        raise Busy(message)
    raise AuthenticationFailed(message)


async def _opened(answer: Answer, *, needed: bool) -> dict[str, Json]:
    """Return the envelope of an answer that says that all is well."""
    envelope = await envelope_of(answer)
    if envelope is None:
        answer.reject("Uniview box", needed=needed)
    if error := complaint_of(
        envelope,
        as_text(envelope.get("msg")),
        _ERRORS,
        absent=answer.is_absence and not needed,
    ):
        raise error
    return envelope

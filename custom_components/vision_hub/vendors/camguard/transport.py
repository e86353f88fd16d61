"""How one request travels: login, session in the body, and what can go wrong."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
import hashlib
from http import HTTPStatus
import logging
from typing import Final

from aiohttp import ClientSession, ClientTimeout, FormData
from yarl import URL

from ..errors import (
    AuthenticationFailed,
    Busy,
    CannotConnect,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
)
from ..model import Json
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
from ..toolkit.operations import Danger, Operations
from ..toolkit.read_notes import ReadNotes
from ..toolkit.request_body import JSON_TYPE, Part, form_body, json_body
from ..toolkit.session import LoginSession
from ..toolkit.shapes import as_object, content_of, list_in, value_in
from .request_body import request_body
from .wire import PAGE_SIZE

_LOGGER = logging.getLogger(__name__)

_TIMEOUT: Final = ClientTimeout(total=15)
_LONG_TIMEOUT: Final = ClientTimeout(total=60)
_SCAN_TIMEOUT: Final = ClientTimeout(total=120)

_PATIENCE: Final[Mapping[str, ClientTimeout]] = {
    "picture_upload": _LONG_TIMEOUT,
    "picture_download": _LONG_TIMEOUT,
    "compare_1v1": _LONG_TIMEOUT,
    "library_delete": _LONG_TIMEOUT,
    # How long a look through the network takes is not stated (5.5).
    "camera_search": _SCAN_TIMEOUT,
    "camera_rtsp_query": _LONG_TIMEOUT,
}

_NEEDED: Final = frozenset({"login", "camera_query", "capture_query"})
"""Every server has them."""

_AT_ONCE: Final = 3
"""Requests side by side, so that a slow one does not hide the server from polling."""

# No code tells that a session has ended, so any refusal may mean it.
_REFUSALS: Final = (RejectedByHub, PermissionDenied, UnexpectedAnswer, Busy)

type TookEffect = Callable[[], Awaitable[bool]]
type Files = Mapping[str, tuple[str, bytes]]


def hashed(password: str) -> str:
    """Return a password as the server wants it (1.1)."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


class Transport:
    """Talks to one server in one session."""

    def __init__(
        self,
        session: ClientSession,
        account: Account,
        operations: Operations,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.notes = ReadNotes()
        self._connection = Connection(session, account, at_once=_AT_ONCE)
        self._username = account.username
        self._password = hashed(account.password)
        self._operations = operations
        self._session = LoginSession(self._log_in)
        self._session_in_query = False
        self.clock_offset: timedelta | None = None
        """How far the server's clock is ahead, where its web server tells."""

    @property
    def origin(self) -> URL:
        """Where the server is."""
        return self._connection.origin

    async def login(self) -> None:
        """Open a session (1.1), also after a refusal."""
        await self._session.open()

    def forget_session(self) -> None:
        """Use the session no more; there is no operation that ends one."""
        self._session.close()

    async def ask(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> dict[str, Json]:
        """Read something; return the whole answer.

        Any failure with a session is followed by one login and one repetition.
        """
        return await self._session.run(
            lambda session: self._send(operation, params or {}, session),
            ended=_REFUSALS,
        )

    async def info(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        """Read something and return its `info`; empty where there is none."""
        return as_object(content_of(await self.ask(operation, params), "info"))

    async def page(self, operation: str, params: Mapping[str, Json]) -> Page:
        """Read one page of a list."""
        told = content_of(await self.ask(operation, params), "info")
        rows, total = list_in(told, "items"), as_int(value_in(told, "total_count"))
        if isinstance(told, dict) and (not told or (rows is None and total is None)):
            # Else a damaged answer would pass for an empty list.
            raise UnexpectedAnswer("The server sent no list")
        return Page(rows or [], total)

    def pages(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> AsyncIterator[Json]:
        """Return the rows of a list, until `total_count` is reached."""

        async def ask(seen: int, size: int) -> Page:
            page = {"page_no": seen // size + 1, "page_size": size}
            answer = await self.page(operation, {**(params or {}), **page})
            if answer.total and not answer.rows and not seen:
                raise UnexpectedAnswer("The server counts rows and shows none")
            return answer

        return rows_of_pages(ask, PAGE_SIZE)

    async def write(
        self,
        operation: str,
        params: Mapping[str, Json],
        took_effect: TookEffect | None = None,
        files: Files | None = None,
    ) -> dict[str, Json]:
        """Change something; return the whole answer.

        A write that failed is looked after before anything else: is it in effect, all
        is well. It goes out again only if the session had ended, which is the one
        reason of a refusal that is none of the write's.
        """
        session = await self._session.current()
        try:
            return await self._send(operation, params, session, files)
        except RejectedByHub, PermissionDenied:
            if await self._is_alive(session):
                raise
        except UnexpectedAnswer, Busy, CannotConnect:
            if took_effect is None:
                raise
            if await took_effect():
                return {"code": 0, "msg": ""}
            if await self._is_alive(session):
                raise
        session = await self._session.renewed(session)
        if took_effect is not None and await took_effect():
            return {"code": 0, "msg": ""}
        return await self._send(operation, params, session, files)

    async def upload(self, part: str, name: str, content: bytes) -> dict[str, Json]:
        """Send a picture (2.1), which may have the session in another place.

        The manual does not tell where; a form with all in it is tried first.
        """
        files = {part: (name, content)}
        try:
            return await self.write("picture_upload", {}, None, files)
        except RejectedByHub, PermissionDenied:
            self._session_in_query = not self._session_in_query
            try:
                return await self.write("picture_upload", {}, None, files)
            except BaseException:
                self._session_in_query = not self._session_in_query
                raise

    async def download(self, url: URL) -> File:
        """Fetch a picture by its own address; sends nothing that is secret."""
        answer = await self._connection.exchange(
            "GET", url, patience=_LONG_TIMEOUT, limit=MAX_FILE
        )
        return answer.file()

    async def _log_in(self) -> str:
        try:
            answer = await self._send(
                "login", {"username": self._username, "password": self._password}, ""
            )
        except (RejectedByHub, PermissionDenied) as error:
            raise AuthenticationFailed(str(error)) from error
        return as_text(value_in(content_of(answer, "info"), "session"))

    async def _is_alive(self, session: str) -> bool:
        """Tell whether a session still serves, with the cheapest of questions."""
        try:
            await self._send("camera_query", {"page_no": 1, "page_size": 1}, session)
        except _REFUSALS:
            return False
        return True

    async def _send(
        self,
        operation: str,
        params: Mapping[str, Json],
        session: str,
        files: Files | None = None,
    ) -> dict[str, Json]:
        row = self._operations[operation]
        url = self.origin.with_path(row.path)
        message = request_body(operation, params)
        if session:
            message["session"] = session
        if files is not None and self._session_in_query:
            url = url.with_query(session=session)
        answer = await self._connection.exchange(
            row.method,
            url,
            patience=_PATIENCE.get(operation, _TIMEOUT),
            limit=MAX_FILE if operation == "picture_download" else None,
            content=json_body(message) if files is None else _form(message, files),
            content_type=JSON_TYPE if files is None else None,
            repeatable=row.danger is Danger.NONE,
        )
        self.clock_offset = answer.clock_offset
        return await _opened(answer, needed=operation in _NEEDED)


def _form(message: Mapping[str, Json], files: Files) -> FormData:
    parts = [Part(name, as_text(value)) for name, value in message.items()]
    for name, (filename, content) in files.items():
        png = content.startswith(b"\x89PNG")
        parts += [Part(name, content, filename, "image/png" if png else "image/jpeg")]
    return form_body(parts)


async def _opened(answer: Answer, *, needed: bool) -> dict[str, Json]:
    """Return the envelope of an answer that says that all is well."""
    envelope = await envelope_of(answer)
    if envelope is None:
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise PermissionDenied
        answer.reject("CamGuard server", needed=needed)
    absent = answer.is_absence and not needed
    message = as_text(envelope.get("msg"))
    if error := complaint_of(envelope, message, {}, absent=absent):
        raise error
    return envelope

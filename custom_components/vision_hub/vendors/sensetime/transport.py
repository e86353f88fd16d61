"""How one request travels: login, session, envelope, and what can go wrong."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
import logging
from typing import Final, Literal
from urllib.parse import unquote

from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, FormData
from yarl import URL

from ..errors import (
    AuthenticationFailed,
    InvalidRequest,
    LockedOut,
    PermissionDenied,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from ..model import Json
from ..toolkit.addresses import path_in
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
from ..toolkit.http import translated
from ..toolkit.lenient import as_int, as_text
from ..toolkit.operations import Danger, Operations
from ..toolkit.read_notes import ReadNotes
from ..toolkit.request_body import JSON_TYPE, Part, form_body, json_body
from ..toolkit.session import LoginSession, SessionEnded
from ..toolkit.shapes import content_of, value_in
from .wire import MEANINGS, PAGE_SIZE, count_in, rows_in

_LOGGER = logging.getLogger(__name__)

MAX_FRAME: Final = 32 * 1024 * 1024

_TIMEOUT: Final = ClientTimeout(total=15)
_LONG_TIMEOUT: Final = ClientTimeout(total=60)
# With an address where no camera is, the node answers very late (4.2, 4.3).
_SLOW_TIMEOUT: Final = ClientTimeout(total=150)
_FIRMWARE_TIMEOUT: Final = ClientTimeout(total=900, sock_connect=15)
_GOODBYE_TIMEOUT: Final = ClientTimeout(total=3)

_PATIENCE: Final[Mapping[str, ClientTimeout]] = {
    "camera_add": _SLOW_TIMEOUT,
    "camera_modify": _SLOW_TIMEOUT,
    "upgrade": _FIRMWARE_TIMEOUT,
    "logout": _GOODBYE_TIMEOUT,
}
_LONG_GROUPS: Final = ("face_add", "capture_", "compare_", "detect_", "library_")

_AT_ONCE: Final = 2
"""Requests side by side, so that a slow one does not hide the node from polling."""

_NEEDED: Final = frozenset({"login", "version_get", "camera_list"})
"""Every node has them."""

EXPIRED: Final = -141
_UNKNOWN_OPERATION: Final = -3599

_ERRORS: Final[Mapping[int, type[VisionError]]] = {
    -140: PermissionDenied,
    EXPIRED: SessionEnded,
    _UNKNOWN_OPERATION: Unsupported,
}
_LOGIN_ERRORS: Final[Mapping[int, type[VisionError]]] = {
    -108: AuthenticationFailed,
    -113: AuthenticationFailed,
    -142: AuthenticationFailed,
    -144: LockedOut,
    -145: AuthenticationFailed,
    -140: PermissionDenied,
}


class Transport:
    """Talks to one node in one session."""

    def __init__(
        self,
        session: ClientSession,
        account: Account,
        operations: Operations,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.notes = ReadNotes()
        self._connection = Connection(session, account, at_once=_AT_ONCE)
        self._account = account
        self._operations = operations
        self._session = LoginSession(self._log_in)

    @property
    def origin(self) -> URL:
        """Where the node is."""
        return self._connection.origin

    async def login(self) -> None:
        """Open a session (2.1), also after a refusal."""
        await self._session.open()

    async def logout(self) -> None:
        """End the session (2.2); a node that is gone needs no goodbye."""
        if session := self._session.close():
            try:
                await self._ask_once("logout", {}, session)
            except VisionError as error:
                _LOGGER.debug("The session could not be ended: %s", error.key)

    async def ask(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> Json:
        """Send a request and return the `data` of the answer."""
        return content_of(await self.ask_envelope(operation, params), "data")

    async def ask_envelope(
        self,
        operation: str,
        params: Mapping[str, Json] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> dict[str, Json]:
        """Send a request and return the whole answer.

        `files` are the parts of a form that hold a file: name and content.
        """
        return await self._session.run(
            lambda session: self._ask_once(operation, params or {}, session, files)
        )

    def pages(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> AsyncIterator[Json]:
        """Return the rows of a list, until `total_num` is reached."""

        async def ask(seen: int, size: int) -> Page:
            data = await self.ask(
                operation, {**(params or {}), "start_no": seen + 1, "qry_len": size}
            )
            return Page(rows_in(data), count_in(data, "total_num"))

        return rows_of_pages(ask, PAGE_SIZE)

    async def download(self, reference: str) -> File:
        """Fetch a file by the path that the node gave (D1)."""
        url = self._file_url(reference)

        async def exchange(session: str) -> File:
            answer = await self._connection.exchange(
                "GET",
                url,
                patience=_LONG_TIMEOUT,
                limit=MAX_FILE,
                headers=_headers(session),
            )
            if answer.content_type.endswith("json"):
                await _opened(answer, _ERRORS, needed=True)
                raise UnexpectedAnswer("The node sent no file")
            if answer.status != HTTPStatus.OK or answer.content[:1] == b"<":
                # Without a session there seems to be no such file, or a page to log in.
                await self._ask_once("version_get", {}, session)
            return answer.file()

        return await self._session.run(exchange)

    async def open_websocket(self) -> ClientWebSocketResponse[Literal[False]]:
        """Connect to where the node tells what it sees (9.2)."""
        with translated():
            async with asyncio.timeout(_TIMEOUT.total):
                return await self._connection.session.ws_connect(
                    self.origin.with_path(self._operations["ws_subscribe"].path),
                    autoping=False,
                    # The bytes as they come, since not all are UTF-8.
                    decode_text=False,
                    max_msg_size=MAX_FRAME,
                )

    def _file_url(self, reference: str) -> URL:
        told = path_in(reference)
        path, _, query = (reference if told is None else told).partition("?")
        if (
            not path.strip("/")
            or not reference.isprintable()
            or any(sign in path for sign in "\\#:")
            or ".." in unquote(path).split("/")
            or (told is None and query)
        ):
            raise InvalidRequest("This is not a path of the node")
        if told is not None:
            return URL(f"{self.origin}{told}", encoded=told.isascii())
        place = self._operations["picture_download"].path
        return self.origin.with_path(place.replace("{path}", path.lstrip("/")))

    async def _log_in(self) -> str:
        answer = await self._ask_once(
            "login",
            {
                "user_name": self._account.username,
                "user_pwd": self._account.password,
            },
            "",
            errors=_LOGIN_ERRORS,
        )
        told = content_of(answer, "data")
        return as_text(told) or as_text(value_in(told, "sessionid"))

    async def _ask_once(
        self,
        operation: str,
        params: Mapping[str, Json],
        session: str,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        errors: Mapping[int, type[VisionError]] = _ERRORS,
    ) -> dict[str, Json]:
        row = self._operations[operation]
        message = {**params, "msg_id": row.method.rpartition(" ")[2]}
        is_form = row.path.endswith("form")
        answer = await self._connection.exchange(
            "POST",
            self.origin.with_path(row.path),
            patience=_patience(operation),
            content=_form(message, files or {}) if is_form else json_body(message),
            content_type=None if is_form else JSON_TYPE,
            headers=_headers(session),
            repeatable=row.danger is Danger.NONE and not is_form,
        )
        return await _opened(answer, errors, needed=operation in _NEEDED)


def refused(
    envelope: Mapping[str, Json],
    errors: Mapping[int, type[VisionError]] = _ERRORS,
    *,
    absent: bool = False,
) -> VisionError | None:
    """Return what an envelope complains of; None when all is well."""
    code = as_int(envelope.get("code"))
    message = as_text(envelope.get("msg")) or MEANINGS.get(code or 0, "")
    return complaint_of(envelope, message, errors, absent=absent)


def _patience(operation: str) -> ClientTimeout:
    if operation in _PATIENCE:
        return _PATIENCE[operation]
    if operation.startswith(_LONG_GROUPS) or "_export_" in operation:
        return _LONG_TIMEOUT
    return _TIMEOUT


def _form(
    message: Mapping[str, Json], files: Mapping[str, tuple[str, bytes]]
) -> FormData:
    parts = [Part(name, as_text(value)) for name, value in message.items()]
    parts += [
        Part(name, content, filename) for name, (filename, content) in files.items()
    ]
    return form_body(parts)


def _headers(session: str) -> dict[str, str]:
    return {"sessionid": session} if session else {}


async def _opened(
    answer: Answer, errors: Mapping[int, type[VisionError]], *, needed: bool
) -> dict[str, Json]:
    """Return the envelope of an answer that says that all is well."""
    envelope = await envelope_of(answer)
    if envelope is None:
        answer.reject("SenseNebula-M node", needed=needed)
    absent = answer.is_absence and not needed
    if error := refused(envelope, errors, absent=absent):
        raise error
    return envelope

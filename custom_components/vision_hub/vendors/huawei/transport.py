"""How one request travels: token, envelope, pages, batches, and what can go wrong."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
import re
import time
from typing import Final
from urllib.parse import quote, urlencode

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from ..contract import HubStore
from ..errors import (
    AuthenticationFailed,
    CannotConnect,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from ..model import Json
from ..network_address import HTTP_PORTS
from ..toolkit.connection import (
    MAX_FILE,
    Account,
    Answer,
    Connection,
    File,
    Page,
    answer_of,
    rows_of_pages,
)
from ..toolkit.http import translated
from ..toolkit.internet import internet_session, left_the_internet
from ..toolkit.lenient import as_int, as_text
from ..toolkit.operations import Danger, Operation, Operations
from ..toolkit.pictures import decoded
from ..toolkit.read_notes import ReadNotes
from ..toolkit.request_body import JSON_TYPE, json_body
from ..toolkit.session import SessionEnded
from ..toolkit.shapes import list_in, unwrapped, value_in
from .error_codes import (
    ERROR_CODES,
    Meaning,
    code_in,
    error_of,
    failures_in,
    meaning_of,
)
from .tokens import AccessTokens

_TIMEOUT: Final = ClientTimeout(total=20)
_LONG_TIMEOUT: Final = ClientTimeout(total=60)
_LONG_GROUPS: Final = ("target", "bind_", "unbind_", "set_")

_AT_ONCE: Final = 4
"""Requests side by side."""

MAX_BATCH: Final = 100

_NEEDED: Final = frozenset({"list_group_devices"})
"""Every account has it."""

_TOKEN: Final = "Access-Token"
_PLACE: Final = re.compile(r"\{(\w+)\}")
_PATH_PART: Final = re.compile(r"-?\w[\w.~-]{0,255}", re.ASCII)

# The other operations that delete take a body (12.2, 14.6, 15.3, 15.9).
_QUERY_OF_DELETE: Final = frozenset({"delete_message_callback"})

_PICTURE_PATH: Final = re.compile(r"/v1/holo/[^/?#]+/static", re.ASCII)


class NothingFound(UnexpectedAnswer):
    """The cloud has a code for a list that is empty."""


class Offset(Enum):
    """What the `offset` of a list counts."""

    PAGES = "pages"
    ROWS = "rows"
    UNKNOWN = "unknown"
    """The manual says "0 is the first page" and no more (9.2, 13.1)."""


_LISTS: Final[Mapping[str, tuple[str, Offset, int]]] = {
    "list_group_devices": ("devices", Offset.PAGES, 1000),
    "list_devices": ("devices", Offset.PAGES, 1000),
    "list_channels": ("channels", Offset.ROWS, 1000),
    "list_resources": ("resources", Offset.UNKNOWN, 300),
    "list_resource_channels": ("channels", Offset.UNKNOWN, 300),
    "list_records": ("records", Offset.UNKNOWN, 1000),
    "old_list_cloud_records": ("records", Offset.UNKNOWN, 1000),
    "old_list_device_records": ("records", Offset.UNKNOWN, 1000),
}
"""Where the rows are, how to go on, how many come at most."""

_BATCHES: Final[Mapping[str, str]] = {
    "move_devices": "device_ids",
    "batch_add_gb_devices": "devices",
    "batch_delete_devices": "devices",
    "live_connections": "channels",
    "old_live_urls": "channels",
    "old_p2p_live": "channels",
    "delete_media_urls": "urls",
    "get_intelligence_data_picture_urls": "data_ids",
    "get_alarm_picture_urls": "alarm_uuids",
    "set_record_configs": "channel_record_configs",
    "set_record_plans": "plans",
    "delete_record_plans": "channels",
    "set_time_policies": "channel_time_policies",
    "set_record_alarm_plans": "channels",
    "bind_channel_resources": "channels",
    "unbind_channel_resources": "channels",
    "targets_get": "target_ids",
    "targets_batch_delete": "target_ids",
}
"""Which of the parameters holds no more than `MAX_BATCH` items."""

# At what distance requests for one channel may follow each other, in seconds (8.3).
_PACES: Final[Mapping[str, float]] = {
    "ptz_control": 0.3,
    "preset_move": 0.3,
    "cruise_track_enable": 0.3,
}


@dataclass(slots=True)
class _Throttle:
    """When a camera may be told the next thing."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next: float = 0


class Transport:
    """Talks to one account of the cloud."""

    def __init__(
        self,
        session: ClientSession,
        tokens: HubStore,
        *,
        url: str,
        user_id: str,
        access_key: str,
        secret_key: str,
        operations: Operations,
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.notes = ReadNotes()
        self._connection = Connection(session, Account.at(url), at_once=_AT_ONCE)
        self._user_id = user_id.strip()
        self._keys: dict[str, Json] = {
            "ak": access_key.strip(),
            "sk": secret_key.strip(),
        }
        self._operations = operations
        self._tokens = AccessTokens(
            tokens,
            (url.strip(), self._user_id, access_key.strip(), secret_key.strip()),
            self._log_in,
        )
        self._throttles: dict[tuple[str, str], _Throttle] = {}

    @property
    def origin(self) -> URL:
        """Where the cloud is."""
        return self._connection.origin

    async def connect(self) -> None:
        """Have a token, also after keys were refused."""
        await self._tokens.open()

    async def token_lifetime(self) -> int:
        """Return how many seconds our token will live."""
        return await self._tokens.lifetime()

    async def ask(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> dict[str, Json]:
        """Send a request and return the answer; empty when there is nothing.

        `params` are those of the path, the query and the body alike. Of a batch whose
        items all failed, the first failure is raised; if some failed, look into them.
        """
        try:
            return await self._ask(operation, params)
        except NothingFound:
            return {}

    async def _ask(
        self, operation: str, params: Mapping[str, Json] | None
    ) -> dict[str, Json]:
        row = self._operations[operation]
        params = params or {}
        target, content = self._request(operation, row, params)

        async def exchange(token: str) -> dict[str, Json]:
            answer = await self._connection.exchange(
                row.method,
                target,
                patience=_patience(operation),
                content=content,
                content_type=None if content is None else JSON_TYPE,
                headers={_TOKEN: token},
                repeatable=row.method == "GET" and row.danger is Danger.NONE,
            )
            return await _opened(answer, needed=operation in _NEEDED)

        async with self._throttled(operation, params):
            return await self._tokens.run(exchange)

    async def rows(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> list[Json]:
        """Return all the rows of a list, each once."""
        return [row async for row in self.pages(operation, params)]

    def pages(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> AsyncIterator[Json]:
        """Return the rows of a list by what its `offset` means."""
        key, offset, most = _LISTS[operation]
        first: list[Json] = []

        async def ask_at(start: int, size: int) -> Page:
            try:
                answer = await self._ask(
                    operation, {**(params or {}), "limit": size, "offset": start}
                )
            except NothingFound:
                return Page([], 0)
            rows, total = list_in(answer, key), as_int(value_in(answer, "total"))
            if rows is None:
                # What cannot be read is no empty list: nobody's cameras are gone.
                raise UnexpectedAnswer(f"The cloud gave no list of {key}")
            # A sample of 9.7 has a total of 0 and one row.
            return Page(rows, total if total and total >= len(rows) else None)

        async def ask(seen: int, size: int) -> Page:
            nonlocal first, offset
            if offset is Offset.ROWS or seen == 0:
                page = await ask_at(seen, size)
            else:
                page = await ask_at(seen // size, size)
            if offset is Offset.UNKNOWN and seen:
                # A second page with rows of the first one: it began at the second row.
                offset = Offset.PAGES
                if any(row in first for row in page.rows[:1]):
                    offset = Offset.ROWS
                    page = await ask_at(seen, size)
            if not seen:
                first = page.rows
            return page

        return rows_of_pages(ask, most)

    async def ask_batch(
        self, operation: str, params: Mapping[str, Json]
    ) -> dict[str, Json]:
        """Send a request whose list may be longer than the cloud takes at once.

        The answers become one: lists follow each other, counts add up.
        """
        key = _BATCHES.get(operation)
        items = params.get(key) if key else None
        if key is None or not isinstance(items, list) or len(items) <= MAX_BATCH:
            return await self.ask(operation, params)
        whole: dict[str, Json] = {}
        for start in range(0, len(items), MAX_BATCH):
            part = {**params, key: items[start : start + MAX_BATCH]}
            for name, value in (await self.ask(operation, part)).items():
                earlier = whole.get(name)
                if isinstance(earlier, list) and isinstance(value, list):
                    earlier.extend(value)
                elif isinstance(earlier, int) and isinstance(value, int):
                    whole[name] = earlier + value
                else:
                    whole[name] = value
        return whole

    async def download(self, reference: str) -> File:
        """Fetch a picture by the address that the cloud gave.

        Our token goes to our cloud alone, and encrypted (10.3.1). Messages are signed
        without what they say, and other hosts answer to whom they were given, so they
        are asked by https and on the internet only.
        """
        url = self._own(reference)
        if url is None:
            return await _picture_elsewhere(URL(reference, encoded=True))
        return await self._tokens.run(lambda token: self._file(url, {_TOKEN: token}))

    def _own(self, reference: str) -> URL | None:
        """Return an address in our cloud; None for that of another host."""
        try:
            url = URL(reference, encoded=True)
            port = url.port
        except ValueError as error:
            raise InvalidRequest("This is no address") from error
        origin = self.origin
        if not url.absolute:
            if not _PICTURE_PATH.fullmatch(reference):
                raise InvalidRequest("This is no address of a picture")
        elif url.scheme not in {"http", "https"} or url.user or url.password:
            raise InvalidRequest("This is no address of a picture")
        elif url.host != origin.host or not (
            port == origin.port or url.explicit_port is None
        ):
            return None
        return URL(f"{origin}{url.raw_path_qs}", encoded=True)

    async def _file(self, url: URL, headers: Mapping[str, str]) -> File:
        answer = await self._connection.exchange(
            "GET", url, patience=_LONG_TIMEOUT, limit=MAX_FILE, headers=headers
        )
        return await _picture_in(answer)

    def _request(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> tuple[URL, bytes | None]:
        """Put each parameter where it belongs."""
        rest = {"user_id": self._user_id, **params}

        def part(match: re.Match[str]) -> str:
            value = as_text(rest.pop(match[1], None))
            if not _PATH_PART.fullmatch(value):
                raise InvalidRequest(f"{match[1]} is missing or wrong")
            return quote(value, safe="")

        path = _PLACE.sub(part, row.path)
        rest.pop("user_id", None)
        if row.method == "GET" or operation in _QUERY_OF_DELETE:
            query = {name: _text(value) for name, value in rest.items()}
            return self._url(path, query), None
        if not rest and row.method == "POST":
            # 8.2 has no body.
            return self._url(path), None
        return self._url(path), json_body(rest)

    def _url(self, path: str, query: Mapping[str, str] | None = None) -> URL:
        # A blank must be %20, which yarl would write as a plus.
        end = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return URL(f"{self.origin}{path}{end}", encoded=True)

    @asynccontextmanager
    async def _throttled(
        self, operation: str, params: Mapping[str, Json]
    ) -> AsyncIterator[None]:
        """Keep what moves a camera apart, from one answer to the next request."""
        pace = _PACES.get(operation)
        if pace is None:
            yield
            return
        channel = as_text(params.get("device_id")), as_text(params.get("channel_id"))
        throttle = self._throttles.setdefault(channel, _Throttle())
        async with throttle.lock:
            await asyncio.sleep(throttle.next - time.monotonic())
            try:
                yield
            finally:
                throttle.next = time.monotonic() + pace

    async def _log_in(self, force: bool) -> Json:
        """4.1; the overview of the manual has another version of the path."""
        row = self._operations["get_access_token"]
        if not self._user_id.isdigit() or not all(self._keys.values()):
            raise AuthenticationFailed("The user id or a key is missing or wrong")
        body = {**self._keys, "force_update": True} if force else self._keys
        path = row.path.replace("{user_id}", self._user_id)
        try:
            return await self._ask_token(path, body)
        except Unsupported:
            path = path.replace("/v2/", "/v1/")
            return await self._ask_token(path, body, needed=True)

    async def _ask_token(
        self, path: str, body: dict[str, Json], *, needed: bool = False
    ) -> Json:
        answer = await self._connection.exchange(
            "POST",
            self._url(path),
            patience=_TIMEOUT,
            content=json_body(body),
            content_type=JSON_TYPE,
        )
        try:
            return await _opened(answer, needed=needed)
        except SessionEnded as error:
            # There is no token yet: the keys are meant.
            raise AuthenticationFailed(*error.args) from error


async def _picture_elsewhere(url: URL) -> File:
    if url.scheme == "http":
        url = url.with_scheme("https")
        if url.explicit_port == HTTP_PORTS[False]:
            url = url.with_port(None)
    async with internet_session() as session:
        try:
            with translated():
                async with session.get(
                    url, timeout=_LONG_TIMEOUT, allow_redirects=False
                ) as response:
                    answer = await answer_of(response, MAX_FILE)
        except CannotConnect as error:
            if left_the_internet(error.__cause__):
                raise InvalidRequest("This is an address of our own network") from error
            raise
    return await _picture_in(answer)


async def _picture_in(answer: Answer) -> File:
    if answer.content[:1] != b"{":
        return answer.file()
    # A picture may come as JSON, whatever the type says (10.3.1).
    data = (await _opened(answer)).get("pic_data")
    picture = decoded(data) if isinstance(data, str) else None
    if picture is None:
        raise UnexpectedAnswer("The cloud sent no picture")
    return File("image/png" if picture[:1] == b"\x89" else "image/jpeg", picture)


def _text(value: Json) -> str:
    """Write a parameter of a query; how a list looks there is not said (6.1)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return as_text(value)


def _patience(operation: str) -> ClientTimeout:
    return _LONG_TIMEOUT if operation.startswith(_LONG_GROUPS) else _TIMEOUT


async def _opened(answer: Answer, *, needed: bool = False) -> dict[str, Json]:
    """Return an answer that complains of nothing, also not within a 200 (20.2)."""
    data = await answer.json()
    good = 200 <= answer.status < 300
    if good and not answer.content.strip():
        return {}
    code, message = code_in(data) if isinstance(data, dict) else ("", "")
    meaning = meaning_of(code)
    if meaning is Meaning.EMPTY:
        raise NothingFound(message)
    if code and meaning is not Meaning.DONE:
        if answer.is_absence and not needed and code not in ERROR_CODES:
            # The gateway before the cloud has codes of its own.
            raise Unsupported(message)
        raise error_of(code, message)
    if answer.status in {408, 500, 502, 504}:
        raise RejectedByHub(str(answer.status), "The cloud failed")
    if not good or not isinstance(data, dict):
        answer.reject("Huawei IVM cloud", needed=needed)
    if failures := failures_in(data):
        raise failures[0]
    return unwrapped(data)

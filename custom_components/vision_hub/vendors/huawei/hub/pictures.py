"""Pictures of alarms and of intelligent data, which the cloud gives out for a while.

Messages hold no pictures. An alarm has only its id, for which 10.2.2 gives addresses that
live for five minutes: they are asked for when the picture is fetched, not before. The
addresses within intelligent data are followed first; 10.2.1 gives others when they are
dead. Alarms are stored before, so that the cloud is answered at once, and completed
from here right after.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from ...errors import (
    AuthenticationFailed,
    CannotConnect,
    InvalidRequest,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from ...model import Json
from ...toolkit.lenient import as_text
from ...toolkit.pictures import decoded, is_picture
from ...toolkit.shapes import objects_in
from ..alarms import LIBRARY_OF, SCENE_OF
from ..error_codes import Meaning, code_in, error_of, meaning_of
from ..libraries import TARGET_PREFIX
from ..transport import Transport

AT_ONCE: Final = 4

LIFE: Final = 240.0
"""Seconds for which an address is used; it lives for five minutes."""

_MOST_KEPT: Final = 256

_DEAD: Final = (
    RejectedByHub,
    CannotConnect,
    InvalidRequest,
    PermissionDenied,
    UnexpectedAnswer,
    Unsupported,
)


@dataclass(frozen=True, slots=True)
class _Links:
    """Where the pictures of one alarm are, as long as it holds."""

    scene: str
    library: str
    until: float


class Pictures:
    """Fetches what the pictures of alarms refer to."""

    def __init__(
        self, transport: Transport, enrolled: Callable[[str], Awaitable[str]]
    ) -> None:
        """Work through `transport`; `enrolled` gives base64 of enrolled persons."""
        self._transport = transport
        self._enrolled = enrolled
        self._places = asyncio.Semaphore(AT_ONCE)
        self._links: OrderedDict[str, _Links] = OrderedDict()

    async def fetch(self, reference: str) -> bytes:
        """Return the picture of an `alarm:`, of a person, or at an address."""
        async with self._places:
            if reference.startswith(SCENE_OF):
                return await self._of_alarm(reference.removeprefix(SCENE_OF))
            if reference.startswith(LIBRARY_OF):
                alarm = reference.removeprefix(LIBRARY_OF)
                return await self._of_alarm(alarm, enrolled=True)
            if reference.startswith(TARGET_PREFIX):
                person = reference.removeprefix(TARGET_PREFIX)
                if picture := decoded(await self._enrolled(person)):
                    return picture
                raise Unsupported("The device does not give the picture")
            return await self._at(reference)

    async def _of_alarm(self, alarm: str, *, enrolled: bool = False) -> bytes:
        links = self._links.get(alarm)
        if links is None or links.until < monotonic():
            links = await self._ask_alarm(alarm)
        address = links.library if enrolled else links.scene
        if not address:
            self._links.pop(alarm, None)
            raise RejectedByHub("", "There is no such picture")
        try:
            return await self._download(address)
        except RejectedByHub, PermissionDenied:
            # It may have died early.
            self._links.pop(alarm, None)
            raise

    async def _ask_alarm(self, alarm: str) -> _Links:
        answer = await self._transport.ask(
            "get_alarm_picture_urls", {"alarm_uuids": [alarm]}
        )
        row = _only(answer.get("alarms"))
        links = _Links(
            as_text(row.get("url")),
            as_text(row.get("targetgroup_url")),
            monotonic() + LIFE,
        )
        self._links[alarm] = links
        while len(self._links) > _MOST_KEPT:
            self._links.popitem(last=False)
        return links

    async def _at(self, reference: str) -> bytes:
        address, _, key = reference.partition("#")
        if not key:
            return await self._download(address)
        try:
            return await self._download(address)
        except AuthenticationFailed:
            raise
        except _DEAD:
            return await self._again(key)

    async def _again(self, key: str) -> bytes:
        """Fetch a picture at a new address (10.2.1)."""
        parts = key.split("/")
        if len(parts) != 3:
            raise InvalidRequest("This is no reference of a picture")
        classification, kind, data_id = parts
        answer = await self._transport.ask(
            "get_intelligence_data_picture_urls",
            {
                "data_classification": classification,
                "type": kind,
                "data_ids": [data_id],
            },
        )
        links = _only(answer.get("data")).get("urls")
        addresses = {
            as_text(link.get("type")): as_text(link.get("url"))
            for link in objects_in(links)
        }
        # The answer may call the picture something else (trap 40).
        if not (address := addresses.get(kind) or next(iter(addresses.values()), "")):
            raise RejectedByHub("", "There is no such picture")
        return await self._download(address)

    async def _download(self, address: str) -> bytes:
        content = (await self._transport.download(address)).content
        if not is_picture(content):
            raise UnexpectedAnswer("This is no picture")
        return content


def _only(rows: Json) -> dict[str, Json]:
    """Return the one row that was asked for, unless it failed."""
    row = next(objects_in(rows), None)
    if row is None:
        raise UnexpectedAnswer("The cloud did not tell of the picture")
    code, message = code_in(row)
    if code and meaning_of(code) is not Meaning.DONE:
        raise error_of(code, message)
    return row

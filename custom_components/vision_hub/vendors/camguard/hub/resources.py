"""Making things on a server that tells no id of what it made (3.1, 4.1, 5.1, 6.1)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from ...errors import InvalidRequest, UnexpectedAnswer
from ...model import Json
from ...toolkit.lenient import as_int, as_text
from ...toolkit.shapes import as_object, rows_in
from ..transport import Transport


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """A kind of thing: how it is listed, and what its id is called."""

    query: str
    id: str


LIBRARY: Final = ResourceKind("library_query", "lib_id")
PERSON: Final = ResourceKind("person_query", "person_id")
CAMERA: Final = ResourceKind("camera_query", "camera_id")
TASK: Final = ResourceKind("task_query", "task_id")

KINDS: Final[Mapping[str, ResourceKind]] = {
    "library": LIBRARY,
    "person": PERSON,
    "camera": CAMERA,
    "task": TASK,
}


class NotListed(UnexpectedAnswer):
    """Something was made, and the list does not show it."""


class Resources:
    """Makes, finds and deletes, and looks afterwards what happened."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._lock = asyncio.Lock()
        self._finds_persons: bool | None = None

    async def add(
        self, kind: ResourceKind, operation: str, params: Mapping[str, Json]
    ) -> tuple[int, dict[str, Json]]:
        """Make something; return its id and the answer.

        What has the name of another of its kind is refused. A person may have the name
        of one in another library.
        """
        name = as_text(params.get("name"))
        if not name:
            raise InvalidRequest("The name is missing")
        library = as_int(params.get("lib_id")) if kind is PERSON else None
        if kind is PERSON and library is None:
            raise InvalidRequest("There is no such library")
        async with self._lock:
            await self.refuse_duplicate(kind, name, library)

            async def took_effect() -> bool:
                return bool(await self.ids(kind, name, library))

            answer = await self._transport.write(operation, params, took_effect)
            ids = await self.ids(kind, name, library)
        if not ids:
            raise NotListed("What was added is not in the list")
        return max(ids), answer

    async def refuse_duplicate(
        self, kind: ResourceKind, name: str, library: int | None
    ) -> None:
        """Raise when there is something of this name."""
        if await self.ids(kind, name, library):
            raise InvalidRequest("There is one of this name already")

    async def delete(
        self, kind: ResourceKind, operation: str, params: Mapping[str, Json]
    ) -> dict[str, Json]:
        """Delete something by its id."""
        number = as_int(params.get(kind.id))
        library = as_int(params.get("lib_id")) if kind is PERSON else None
        if number is None:
            raise InvalidRequest(f"{kind.id} is missing")

        async def took_effect() -> bool:
            return await self.find(kind, number, library) is None

        return await self._transport.write(operation, params, took_effect)

    async def find(
        self, kind: ResourceKind, number: int, library: int | None = None
    ) -> dict[str, Json] | None:
        """Return the row of something; None when there is no such thing."""
        async for row in self._transport.pages(kind.query):
            if (
                isinstance(row, dict)
                and as_int(row.get(kind.id)) == number
                and (library is None or as_int(row.get("lib_id")) == library)
            ):
                return row
        return None

    async def ids(self, kind: ResourceKind, name: str, library: int | None) -> set[int]:
        """Return the ids of what has exactly this name, though filters are fuzzy."""
        rows = (
            self.persons(name, "")
            if kind is PERSON
            else self._transport.pages(kind.query, {"name": name})
        )
        return {
            number
            async for row in rows
            if isinstance(row, dict)
            and as_text(row.get("name") or row.get("task_name")) == name
            and (library is None or as_int(row.get("lib_id")) == library)
            and (number := as_int(row.get(kind.id))) is not None
        }

    async def persons(self, name: str, card: str) -> AsyncIterator[Json]:
        """Yield persons, those of a name and identity number at least (4.4)."""
        filters: dict[str, Json] = {}
        if name and await self._filter_finds_persons():
            filters["name"] = name
        if card:
            filters["card_no"] = card
        async for row in self._transport.pages(PERSON.query, filters):
            yield row

    async def _filter_finds_persons(self) -> bool:
        """Tell whether `name` is that of a person; the table says of a library."""
        if self._finds_persons is None:
            row = await self._first_person({})
            name = as_text(row.get("name")) if row else ""
            if not row or not name:
                return False
            again = await self._first_person({"name": name})
            self._finds_persons = bool(again) and name in as_text(again.get("name"))
        return self._finds_persons

    async def _first_person(self, filters: Mapping[str, Json]) -> dict[str, Json]:
        page: dict[str, Json] = {**filters, "page_no": 1, "page_size": 1}
        rows = rows_in(await self._transport.info(PERSON.query, page), "items")
        return as_object(rows[:1])

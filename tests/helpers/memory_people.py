"""Somebody to be enrolled, found and removed, in memory."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import override

from custom_components.vision_hub.vendors.contract import People, PersonQuery
from custom_components.vision_hub.vendors.errors import RejectedByHub
from custom_components.vision_hub.vendors.model import (
    Enrollment,
    Library,
    LibraryKind,
    Match,
    Person,
    PersonDetails,
)


class MemoryPeople(People):
    """Keeps persons; resembles everybody to whoever is enrolled."""

    def __init__(self) -> None:
        self.lists = {
            "1": Library(id="1", name="Staff", kind=LibraryKind.ALLOWED, persons=0),
            "2": Library(id="2", name="Twins"),
            "3": Library(id="3", name="Twins"),
        }
        self.persons_now: dict[str, Person] = {}
        self.pictures: list[bytes] = []

    @override
    async def libraries(self) -> tuple[Library, ...]:
        return tuple(self.lists.values())

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        library = Library(id=str(len(self.lists) + 1), name=name, kind=kind, persons=0)
        self.lists[library.id] = library
        return library

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        old = self.lists[library]
        self.lists[library] = replace(old, name=name or old.name, kind=kind or old.kind)

    @override
    async def delete_library(self, library: str) -> None:
        del self.lists[library]

    @override
    async def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        for person in list(self.persons_now.values())[: query.limit]:
            if (
                (not query.libraries or person.library_id in query.libraries)
                and query.name in {None, person.details.name}
                and query.id_number in {None, person.details.id_number}
            ):
                yield person

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        if details.name == "Nobody":
            raise RejectedByHub("7", "No face")
        self.pictures.append(picture)
        person = Person(
            id=f"P{len(self.persons_now) + 1}",
            library_id=library,
            details=details,
            enrollment=Enrollment.WAITING,
        )
        self.persons_now[person.id] = person
        return person

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        self.persons_now[person] = replace(self.persons_now[person], details=details)
        if picture is not None:
            self.pictures.append(picture)

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        for person in persons:
            assert library in {None, self.persons_now.pop(person).library_id}

    @override
    async def search(
        self, picture: bytes, libraries: tuple[str, ...], limit: int
    ) -> tuple[Match, ...]:
        query = PersonQuery(libraries=libraries, limit=limit)
        return tuple(
            [
                Match(person_id=person.id, name=f"{person.details.name}", similarity=91)
                async for person in self.persons(query)
            ]
        )

    @override
    async def compare(self, first: bytes, second: bytes) -> float:
        return 100.0 if first == second else 12.5

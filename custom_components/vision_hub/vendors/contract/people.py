"""Who is enrolled, and in which library."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from ..errors import InvalidRequest, RejectedByHub, Unsupported
from ..model import Library, LibraryKind, Match, Person, PersonDetails


def _place_and_id(person: Person) -> Hashable:
    return person.library_id, person.id


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonQuery:
    """Which enrolled persons are wanted; empty means all."""

    libraries: tuple[str, ...] = ()
    name: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    limit: int | None = None

    def matches(self, person: Person) -> bool:
        """Tell whether a person has the name and the number that are wanted."""
        details = person.details
        return all(
            not wanted or wanted.strip().casefold() == (value or "").casefold()
            for wanted, value in (
                (self.name, details.name),
                (self.id_number, details.id_number),
            )
        )

    async def select(
        self,
        persons: AsyncIterator[Person],
        key: Callable[[Person], Hashable] = _place_and_id,
    ) -> AsyncIterator[Person]:
        """Yield which of some persons are wanted, each once, no more than `limit`.

        `key` tells who is the same.
        """
        seen: set[Hashable] = set()
        async for person in persons:
            if key(person) in seen or not self.matches(person):
                continue
            seen.add(key(person))
            yield person
            if self.limit is not None and len(seen) >= self.limit:
                return


@dataclass(frozen=True, slots=True)
class EnrollmentProgress:
    """How far a batch is; `done` counts the `failed`, too."""

    done: int
    failed: int
    total: int


class People(ABC):
    """Who is enrolled, and in which library."""

    person_kinds: ClassVar[bool] = False
    """Persons, not libraries, are allowed or blocked."""

    @abstractmethod
    async def libraries(self) -> tuple[Library, ...]:
        """Return every library."""

    @abstractmethod
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        """Make an empty library."""

    @abstractmethod
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        """Change a library; None leaves a property as it is."""

    @abstractmethod
    async def delete_library(self, library: str) -> None:
        """Delete a library with everybody in it."""

    async def library_ids(self, query: PersonQuery) -> tuple[str, ...]:
        """Return in which libraries a query looks."""
        if query.libraries:
            return query.libraries
        return tuple(library.id for library in await self.libraries())

    @abstractmethod
    def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        """Yield who fits, each once."""

    @abstractmethod
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        """Enrol one person and return when the hub took the picture.

        Modelling may go on: `Person.enrollment` tells.
        """

    async def enroll_many(
        self, library: str, people: Sequence[tuple[PersonDetails, bytes]]
    ) -> AsyncIterator[EnrollmentProgress]:
        """Enrol several persons, and yield how far it is until all are done.

        Whom the hub refuses is counted as failed and holds up nobody else.
        """
        failed = 0
        for done, (details, picture) in enumerate(people, start=1):
            try:
                await self.enroll(library, details, picture)
            except InvalidRequest, RejectedByHub:
                failed += 1
            yield EnrollmentProgress(done, failed, len(people))

    @abstractmethod
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        """Change a person; what is None stays."""

    @abstractmethod
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        """Delete persons and their pictures."""

    async def search(
        self, picture: bytes, libraries: tuple[str, ...], limit: int
    ) -> tuple[Match, ...]:
        """Return who a face resembles, most similar first."""
        raise Unsupported

    async def compare(self, first: bytes, second: bytes) -> float:
        """Return how similar two faces are, in percent."""
        raise Unsupported

"""Who is enrolled, and in which library (chapters 2 to 4)."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
import logging
from typing import Final, override

from ...contract import People, PersonQuery
from ...errors import InvalidRequest, UnexpectedAnswer, Unsupported, VisionError
from ...model import (
    Enrollment,
    Gender,
    Json,
    Library,
    LibraryKind,
    Person as ModelPerson,
    PersonDetails,
)
from ...toolkit.lenient import as_number, as_text, rows_of
from ...toolkit.parameters import number_of
from ...toolkit.picture_limits import PictureLimits
from ...toolkit.replacing import demand_told
from ...toolkit.shapes import value_in
from ..alarms import LISTS
from ..transport import Transport
from ..wire import Category, Person, percent
from .details import Details
from .resources import LIBRARY, PERSON, NotListed, Resources

_LOGGER = logging.getLogger(__name__)

_GENDERS: Final = {1: Gender.MALE, 2: Gender.FEMALE}
_SEXES: Final = {gender: sex for sex, gender in _GENDERS.items()}
_CATEGORIES: Final = {kind: category for category, kind in LISTS.items()}

# 2.1 states no limit.
_PICTURES: Final = PictureLimits()


class CamGuardPeople(People):
    """Works on libraries. Whether somebody is on the black list is their own matter."""

    person_kinds = True

    def __init__(
        self, transport: Transport, details: Details, resources: Resources, part: str
    ) -> None:
        """Work through `transport`; `part` of an upload holds the picture."""
        self._transport = transport
        self._details = details
        self._resources = resources
        self._part = part

    @override
    async def libraries(self) -> tuple[Library, ...]:
        return await self._details.read_libraries()

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        if kind is not None:
            raise Unsupported("Here persons are on a black list, not libraries")
        number, _ = await self._resources.add(
            LIBRARY, "library_add", {"name": name.strip(), "type": 0}
        )
        self._details.forget()
        return Library(id=str(number), name=name.strip(), persons=0)

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        raise Unsupported("The server has no operation to change a library")

    @override
    async def delete_library(self, library: str) -> None:
        await self._resources.delete(
            LIBRARY, "library_delete", {"lib_id": _number(library)}
        )
        self._details.forget()

    @override
    def persons(self, query: PersonQuery) -> AsyncIterator[ModelPerson]:
        return query.select(self._persons(query))

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> ModelPerson:
        if not details.name or not details.name.strip():
            raise InvalidRequest("The person has no name")
        message: dict[str, Json] = {
            "category": int(Category.WHITE),
            **_written(details),
            "lib_id": _number(library),
        }
        # Before the upload, so that there is nothing to undo.
        await self._resources.refuse_duplicate(
            PERSON, details.name.strip(), _number(library)
        )
        async with self.uploaded(picture) as reference:
            number, _ = await self._resources.add(
                PERSON, "person_add", {**message, "pic_url": reference}
            )
        self._details.forget()
        return ModelPerson(
            id=str(number),
            library_id=library,
            details=details,
            enrollment=Enrollment.READY,
            picture=reference,
        )

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        if details.name is not None and not details.name.strip():
            raise InvalidRequest("The person has no name")
        changes = _written(details)
        number, place = _number(person), _number(library)
        if picture is None:
            await self.write_person(number, place, changes)
            return
        row = await self._read(number, place, {*changes, "pic_url"})
        async with self.uploaded(picture) as reference:
            await self._write(number, place, row, {**changes, "pic_url": reference})

    async def write_person(
        self, person: int, library: int, changes: dict[str, Json]
    ) -> dict[str, Json]:
        """Change a person; all that is not named goes back as it is (4.3)."""
        row = await self._read(person, library, changes)
        return await self._write(person, library, row, changes)

    async def _read(
        self, person: int, library: int, changes: Collection[str]
    ) -> Person:
        """Read a person of whom some parts shall change."""
        raw = await self._resources.find(PERSON, person, library)
        if raw is None:
            raise InvalidRequest("There is no such person")
        row = Person.from_dict(raw)
        demand_told(row.untold, changes)
        return row

    async def _write(
        self, person: int, library: int, row: Person, changes: Mapping[str, Json]
    ) -> dict[str, Json]:
        present: dict[str, Json] = {
            "name": row.name,
            "pic_url": row.pic_url,
            "card_no": row.card_no,
            "phone": row.phone,
            "remark": row.remark,
            "sex": row.sex,
            "category": row.category,
        }
        message: dict[str, Json] = {
            name: value for name, value in present.items() if value not in {"", None}
        }
        message |= changes

        async def took_effect() -> bool:
            raw = await self._resources.find(PERSON, person, library)
            return raw is not None and all(
                as_text(raw.get(name)) == as_text(value)
                for name, value in changes.items()
            )

        return await self._transport.write(
            "person_update",
            {**message, "lib_id": library, "person_id": person},
            took_effect,
        )

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        numbers = {_number(person) for person in persons}
        places = {(_number(library), number) for number in numbers if library}
        if library is None:
            async for raw in self._transport.pages("person_query"):
                for row in rows_of(Person, [raw]):
                    if row.person_id in numbers and row.lib_id is not None:
                        places.add((row.lib_id, row.person_id or 0))
            if numbers - {number for _, number in places}:
                raise InvalidRequest("There is no such person")
        for place, number in sorted(places):
            await self._resources.delete(
                PERSON, "person_delete", {"lib_id": place, "person_id": number}
            )
        self._details.forget()

    @override
    async def compare(self, first: bytes, second: bytes) -> float:
        references: list[str] = []
        try:
            references += [await self._upload(first)]
            references += [await self._upload(second)]
            answer = await self._transport.ask(
                "compare_1v1",
                {"first_pic": references[0], "second_pic": references[1]},
            )
        finally:
            for reference in references:
                await self._delete_picture(reference)
        similarity = percent(as_number(value_in(answer, "similarity")))
        if similarity is None:
            raise UnexpectedAnswer("The server did not tell how similar they are")
        return similarity

    async def _persons(self, query: PersonQuery) -> AsyncIterator[ModelPerson]:
        wanted = {_number(library) for library in query.libraries}
        rows = self._resources.persons(
            (query.name or "").strip(), (query.id_number or "").strip()
        )
        async for raw in rows:
            for row in rows_of(Person, [raw]):
                if row.person_id is not None and (not wanted or row.lib_id in wanted):
                    yield _person(row)

    @asynccontextmanager
    async def uploaded(self, picture: bytes) -> AsyncIterator[str]:
        """Put a picture on the server, and off again if what follows fails."""
        reference = await self._upload(picture)
        try:
            yield reference
        except NotListed:
            # Somebody has this picture.
            raise
        except VisionError:
            await self._delete_picture(reference)
            raise

    async def _upload(self, picture: bytes) -> str:
        kind = await _PICTURES.check(picture)
        answer = await self._transport.upload(
            self._part, f"picture.{kind.extension}", picture
        )
        reference = as_text(value_in(answer, "pic_url"))
        if not reference:
            raise UnexpectedAnswer("The server did not tell where the picture is")
        return reference

    async def _delete_picture(self, reference: str) -> None:
        try:
            await self._transport.write("picture_delete", {"pic_url": reference})
        except VisionError as error:
            _LOGGER.debug("A picture could not be deleted again: %s", error.key)


def _number(text: str) -> int:
    return number_of(text, "person or library")


def _written(details: PersonDetails) -> dict[str, Json]:
    """Return what 4.1 and 4.3 take of the details that are given."""
    if details.birth_date or details.email:
        raise Unsupported("This server keeps no birth date and no email")
    texts = {
        "name": details.name,
        "card_no": details.id_number,
        "phone": details.phone,
        "remark": details.remark,
    }
    written: dict[str, Json] = {
        name: value.strip() for name, value in texts.items() if value is not None
    }
    if details.gender is not None:
        written["sex"] = _SEXES[details.gender]
    if details.kind is not None:
        written["category"] = _CATEGORIES[details.kind]
    return written


def _person(row: Person) -> ModelPerson:
    return ModelPerson(
        id=str(row.person_id),
        library_id="" if row.lib_id is None else str(row.lib_id),
        details=PersonDetails(
            name=row.name or None,
            gender=_GENDERS.get(-1 if row.sex is None else row.sex),
            phone=row.phone or None,
            id_number=row.card_no or None,
            remark=row.remark or None,
            kind=LISTS.get(row.category),
        ),
        enrollment=Enrollment.READY,
        picture=row.pic_url or None,
    )

"""Who is enrolled, and in which library (chapters 2 and 3)."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from datetime import date
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
    Person,
    PersonDetails,
)
from ...toolkit.lenient import as_int
from ...toolkit.parameters import number_of
from ...toolkit.picture_limits import PictureLimits
from ...toolkit.replacing import demand_told
from ...toolkit.shapes import value_in
from ..transport import Transport
from ..wire import Modeling, PersonRow, Sex
from .details import Details

_LOGGER = logging.getLogger(__name__)

_SEXES: Final[Mapping[Gender, Sex]] = {Gender.MALE: Sex.MALE, Gender.FEMALE: Sex.FEMALE}
_GENDERS: Final[Mapping[int | None, Gender]] = {
    sex: gender for gender, sex in _SEXES.items()
}
_ENROLLMENTS: Final[Mapping[int | None, Enrollment]] = {
    Modeling.NOT_MODELLED: Enrollment.WAITING,
    Modeling.MODELLING: Enrollment.WAITING,
    Modeling.MODELLED: Enrollment.READY,
    Modeling.FAILED: Enrollment.FAILED,
}
_LONGEST: Final[Mapping[str, int]] = {
    "person_name": 64,
    "email": 64,
    "tel": 32,
    "certificate_no": 64,
}
# A sample of 3.1 is JPEG; its limits are not stated.
_PICTURES: Final = PictureLimits()
_LONGEST_LIBRARY: Final = 64
_IDENTITY_CARD: Final = 1


class UniviewPeople(People):
    """Works on the person libraries. They have no kind: nobody is blocked by one."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`, tell `details` what changed."""
        self._transport = transport
        self._details = details
        self._lock = asyncio.Lock()

    @override
    async def libraries(self) -> tuple[Library, ...]:
        return await self._details.read_libraries()

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        _check_library(name, kind)
        data = await self._transport.ask("personlib_add", {"lib_name": name})
        self._details.forget_libraries()
        number = as_int(value_in(data, "lib_id"))
        if number is not None:
            return Library(id=str(number), name=name, persons=0)
        # `lib_id` is optional in 2.1; names are unique (code 1101).
        for library in await self.libraries():
            if library.name == name:
                return library
        raise UnexpectedAnswer("The new library is not in the list")

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        number = _number(library)
        if name is None and kind is None:
            return
        _check_library(name or "", kind)
        await self._transport.ask(
            "personlib_update", {"lib_name": name, "lib_id": number}
        )
        self._details.forget_libraries()

    @override
    async def delete_library(self, library: str) -> None:
        # An array, although its name is singular.
        await self._transport.ask("personlib_delete", {"lib_id": [_number(library)]})
        self._details.forget_libraries()

    @override
    def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        # The hub's filters find parts of names, too.
        return query.select(self._persons(query), key=lambda person: person.id)

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        number = _number(library)
        if not details.name:
            raise InvalidRequest("The person has no name")
        params: dict[str, Json] = {**_written(details), "lib_id": number}
        if details.id_number:
            params["certificate_type"] = _IDENTITY_CARD
        params["image_base64"] = await _encoded(picture)
        data = await self._transport.ask("person_add", params)
        self._details.forget_libraries()
        person = as_int(value_in(data, "person_id"))
        try:
            row = await self._find(number, person, details.name)
        except VisionError as error:
            _LOGGER.debug("The new person cannot be read back: %s", error.key)
            row = None
        if row is not None:
            return _person(row, library)
        if person is None:
            raise UnexpectedAnswer("The hub did not tell the number of the person")
        return Person(
            id=str(person),
            library_id=library,
            details=details,
            enrollment=Enrollment.WAITING,
        )

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        written = _written(details)
        if details.name is not None and not details.name:
            raise InvalidRequest("The person has no name")
        image = None if picture is None else await _encoded(picture)
        async with self._lock:
            row = await self._find(_number(library), _number(person), None)
            if row is None:
                raise InvalidRequest("There is no such person in this library")
            if details.id_number and row.certificate_type is None:
                written["certificate_type"] = _IDENTITY_CARD
            # What is left out may be cleared (3.4 does not say): all goes back. What
            # 3.5 leaves out, as it may, is not known, and does not go out as empty.
            demand_told(row.untold, written)
            kept: dict[str, Json] = {
                "person_name": row.person_name,
                "sex": row.sex,
                "email": row.email,
                "tel": row.tel,
                "certificate_type": row.certificate_type,
                "certificate_no": row.certificate_no,
                "birth_date": row.birth_date,
            }
            params: dict[str, Json] = {
                **{name: value for name, value in kept.items() if value is not None},
                **written,
                "person_id": row.person_id,
                "lib_id": row.lib_id if row.lib_id is not None else _number(library),
            }
            if image is not None:
                params["image_base64"] = image
            await self._transport.ask("person_update", params)

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        numbers: list[Json] = [_number(person) for person in persons]
        if numbers:
            await self._transport.ask("person_delete", {"person_id_list": numbers})
            self._details.forget_libraries()

    async def _persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        for library in await self.library_ids(query):
            async for row in self._rows(
                _number(library), query.name or "", query.id_number or ""
            ):
                if row.person_id is not None:
                    yield _person(row, library)

    async def _rows(
        self, library: int, name: str = "", certificate: str = ""
    ) -> AsyncIterator[PersonRow]:
        params: dict[str, Json] = {
            "lib_id": library,
            "person_name": name,
            "certificate_no": certificate,
        }
        async for row in self._transport.pages("person_list", params):
            for person in self._transport.notes.identified(
                "person_list", PersonRow, [row], "person_id"
            ):
                yield person

    async def _find(
        self, library: int, person: int | None, name: str | None
    ) -> PersonRow | None:
        """Find a person by number, or the last one of that name."""
        found: PersonRow | None = None
        async for row in self._rows(library, name or ""):
            if row.person_id is None:
                continue
            if row.person_id == person:
                return row
            if person is None and row.person_name == name:
                newer = found is None or row.person_id > (found.person_id or 0)
                found = row if newer else found
        return found


def _number(text: str) -> int:
    return number_of(text, "person or library")


def _check_library(name: str, kind: LibraryKind | None) -> None:
    if kind is not None:
        raise Unsupported("The libraries of this hub have no kind")
    if not 0 < len(name) <= _LONGEST_LIBRARY:
        raise InvalidRequest(f"A library's name has 1 to {_LONGEST_LIBRARY} characters")


def _written(details: PersonDetails) -> dict[str, Json]:
    """Return what 3.1 and 3.4 take of the details that are given."""
    if details.remark:
        raise Unsupported("This hub keeps no remarks")
    texts = {
        "person_name": details.name,
        "email": details.email,
        "tel": details.phone,
        "certificate_no": details.id_number,
    }
    for name, longest in _LONGEST.items():
        if len(texts[name] or "") > longest:
            raise InvalidRequest(f"{name} has more than {longest} characters")
    written: dict[str, Json] = {
        name: value for name, value in texts.items() if value is not None
    }
    if details.gender is not None:
        written["sex"] = _SEXES[details.gender]
    if details.birth_date is not None:
        written["birth_date"] = details.birth_date.isoformat()
    return written


async def _encoded(picture: bytes) -> str:
    await _PICTURES.check(picture)
    return (await asyncio.to_thread(base64.b64encode, picture)).decode()


def _person(row: PersonRow, library: str) -> Person:
    try:
        birth_date = date.fromisoformat(row.birth_date or "")
    except ValueError:
        birth_date = None
    return Person(
        id=str(row.person_id),
        library_id=library,
        details=PersonDetails(
            name=row.person_name or None,
            gender=_GENDERS.get(row.sex),
            birth_date=birth_date,
            phone=row.tel or None,
            email=row.email or None,
            id_number=row.certificate_no or None,
        ),
        enrollment=_ENROLLMENTS.get(row.modeling_type),
        picture=row.image_path or None,
    )

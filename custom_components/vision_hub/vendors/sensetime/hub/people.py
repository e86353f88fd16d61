"""Who is enrolled, and in which library (chapters 3 and 5)."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from typing import Final, override

from ...contract import People, PersonQuery
from ...errors import InvalidRequest, RejectedByHub, UnexpectedAnswer, Unsupported
from ...model import (
    Enrollment,
    Gender,
    Json,
    Library,
    LibraryKind,
    Match,
    Person,
    PersonDetails,
)
from ...toolkit.alarm_values import as_percent
from ...toolkit.lenient import as_int, as_text, rows_of
from ...toolkit.parameters import number_of
from ...toolkit.picture_limits import BMP, JPEG, PNG, TIFF, PictureLimits
from ...toolkit.replacing import demand_told
from ...toolkit.shapes import as_object, rows_in, value_in
from ..transport import Transport
from ..wire import FaceRow, Found, LibraryType
from .details import Details

_MOST_AT_ONCE: Final = 50
"""Ids in one request (3.20), libraries in one comparison and its results (5.1)."""

_TYPES: Final[Mapping[LibraryKind, LibraryType]] = {
    LibraryKind.BLOCKED: LibraryType.BLACK,
    LibraryKind.ALLOWED: LibraryType.WHITE,
}
_GENDERS: Final[Mapping[str, Gender]] = {"0": Gender.FEMALE, "1": Gender.MALE}
_GENDER_CODES: Final = {gender: code for code, gender in _GENDERS.items()}

# 3.7; the manual states neither bytes nor sides.
_PICTURES: Final = PictureLimits(formats=(JPEG, PNG, BMP, TIFF))
_EMPTY: Final = frozenset({"-105", "-110"})
_ABSENT: Final = frozenset({"-105", "-110", "-126"})


class SenseTimePeople(People):
    """Works on the black and white lists. A person is one picture here."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`, tell `details` what changed."""
        self._transport = transport
        self._details = details

    @override
    async def libraries(self) -> tuple[Library, ...]:
        return await self._details.read_libraries()

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        _check_name(name)
        kind = kind or LibraryKind.ALLOWED
        data = await self._transport.ask(
            "library_create", {"lib_name": name, "lib_type": _TYPES[kind]}
        )
        self._details.forget("libraries")
        number = as_int(value_in(data, "lib_id"))
        if number is None:
            raise UnexpectedAnswer("The node did not tell the number of the library")
        return Library(id=str(number), name=name, kind=kind, persons=0)

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        number = _number(library)
        if name is not None:
            _check_name(name)
        await self._details.read_libraries()
        row = self._details.library(number)
        if row is None:
            raise InvalidRequest("There is no such library")
        # Name and type are both demanded (3.4).
        message: dict[str, Json] = {
            "lib_name": row.lib_name or None if name is None else name,
            "lib_type": row.lib_type if kind is None else _TYPES[kind],
        }
        demand_told(part for part, value in message.items() if value is None)
        await self._transport.ask("library_modify", {"lib_id": number, **message})
        self._details.forget("libraries")

    @override
    async def delete_library(self, library: str) -> None:
        await self._transport.ask("library_delete", {"lib_id": _number(library)})
        self._details.forget("libraries")

    @override
    def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        return query.select(self._persons(query))

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        if not details.name:
            raise InvalidRequest("The person has no name")
        data = await self._transport.ask(
            "face_add_base64",
            {
                **_written(details),
                "lib_id": _number(library),
                "img": await _encoded(picture),
            },
        )
        self._details.forget("libraries")
        person = as_text(value_in(data, "img_id"))
        if not person:
            raise UnexpectedAnswer("The node did not tell the id of the person")
        return Person(
            id=person,
            library_id=library,
            details=details,
            enrollment=Enrollment.READY,
        )

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        if picture is not None:
            raise Unsupported("A picture cannot be replaced; enrol the person anew")
        if details.name is not None and not details.name:
            raise InvalidRequest("The person has no name")
        written = _written(details)
        if written:
            await self._transport.ask(
                "face_modify",
                {"img_id": person, "lib_id": _number(library), **written},
            )

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        for person in persons:
            if not person or "," in person:
                raise InvalidRequest("There is no such person")
        places = (
            {_number(library): list(persons)}
            if library is not None
            else await self._places(persons)
        )
        for number, ids in places.items():
            for start in range(0, len(ids), _MOST_AT_ONCE):
                await self._transport.ask(
                    "face_delete_batch",
                    {
                        "lib_id": number,
                        "img_ids": ",".join(ids[start : start + _MOST_AT_ONCE]),
                    },
                )
        self._details.forget("libraries")

    @override
    async def search(
        self, picture: bytes, libraries: tuple[str, ...], limit: int
    ) -> tuple[Match, ...]:
        wanted = libraries or tuple(
            library.id for library in await self.libraries() if library.persons != 0
        )
        image = await _encoded(picture)
        matches: list[Match] = []
        for start in range(0, len(wanted), _MOST_AT_ONCE):
            params: dict[str, Json] = {
                "img": image,
                "lib_ids": ",".join(wanted[start : start + _MOST_AT_ONCE]),
                "threshold": 0,
                "topk": min(max(limit, 1), _MOST_AT_ONCE),
                "n_topk": 1,
            }
            try:
                data = await self._transport.ask("compare_1n_base64", params)
            except RejectedByHub as error:
                if error.code in _EMPTY:
                    continue
                raise
            rows = rows_in(data, "topn")
            matches += (_match(row) for row in rows_of(Found, rows) if row.img_id)
        matches.sort(key=lambda match: match.similarity or 0, reverse=True)
        return tuple(matches[:limit])

    @override
    async def compare(self, first: bytes, second: bytes) -> float:
        data = await self._transport.ask(
            "compare_11_base64",
            {"img_1": await _encoded(first), "img_2": await _encoded(second)},
        )
        # The manual spells the key in two ways (5.2, 5.4).
        for key, value in as_object(data).items():
            score = as_percent(value)
            if key.casefold().endswith("1to1rsp_score") and score is not None:
                return score
        raise UnexpectedAnswer("The node did not tell how similar they are")

    async def _places(self, persons: tuple[str, ...]) -> dict[int, list[str]]:
        """Find in which libraries persons are (3.6)."""
        places: dict[int, list[str]] = {}
        missing = set(persons)
        for library in await self.libraries():
            number = _number(library.id)
            for person in persons:
                try:
                    await self._transport.ask(
                        "face_get", {"img_id": person, "lib_id": number}
                    )
                except RejectedByHub as error:
                    if error.code not in _ABSENT:
                        raise
                else:
                    places.setdefault(number, []).append(person)
                    missing.discard(person)
        if missing:
            raise InvalidRequest("There is no such person")
        return places

    async def _persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        # The filters of 3.10 want the whole value.
        filters: dict[str, Json] = {}
        if query.name:
            filters["person_name"] = query.name.strip()
        if query.id_number:
            filters["person_idcard"] = query.id_number.strip()
        for library in await self.library_ids(query):
            async for row in self._rows(_number(library), filters):
                if row.img_id:
                    yield _person(row, library)

    async def _rows(
        self, library: int, filters: Mapping[str, Json]
    ) -> AsyncIterator[FaceRow]:
        try:
            async for row in self._transport.pages(
                "face_query", {**filters, "lib_id": library}
            ):
                for face in self._transport.notes.identified(
                    "face_query", FaceRow, [row], "img_id"
                ):
                    yield face
        except RejectedByHub as error:
            if error.code not in _EMPTY:
                raise


def _number(library: str) -> int:
    return number_of(library, "library")


def _check_name(name: str) -> None:
    if not name.strip() or "," in name:
        raise InvalidRequest("The name is empty or has a comma")


def _written(details: PersonDetails) -> dict[str, Json]:
    """Return what 3.7 and 3.9 take of the details that are given."""
    if details.birth_date or details.phone or details.email:
        raise Unsupported("This node keeps no birth date, phone number or email")
    texts = {
        "person_name": details.name,
        "person_idcard": details.id_number,
        # The only other text that a node keeps.
        "person_addr": details.remark,
    }
    written: dict[str, Json] = {
        name: value for name, value in texts.items() if value is not None
    }
    if any("," in as_text(value) for value in written.values()):
        # Else exports fail (3.11).
        raise InvalidRequest("The details must not have a comma")
    if details.gender is not None:
        written["person_gender"] = _GENDER_CODES[details.gender]
    return written


async def _encoded(picture: bytes) -> dict[str, Json]:
    kind = await _PICTURES.check(picture)
    data = await asyncio.to_thread(base64.b64encode, picture)
    return {"filename": f"face.{kind.extension}", "data": data.decode()}


def _person(row: FaceRow, library: str) -> Person:
    return Person(
        id=row.img_id,
        library_id=library,
        details=PersonDetails(
            name=row.person_name or None,
            gender=_GENDERS.get(row.person_gender),
            id_number=row.person_idcard or None,
            remark=row.person_addr or None,
        ),
        enrollment=Enrollment.READY,
        picture=row.img_path or None,
    )


def _match(row: Found) -> Match:
    return Match(
        person_id=row.img_id,
        name=row.name,
        library_id=None if row.lib_id is None else str(row.lib_id),
        library=row.lib_name or None,
        similarity=as_percent(row.similarity),
    )

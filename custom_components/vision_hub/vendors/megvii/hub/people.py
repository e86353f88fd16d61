"""Who is enrolled, and in which group (chapters 5, 6 and 10).

A person is one face. Its id is that of its picture, which every message tells, or its
token where the box knows no picture. Of a person the box knows a name, `description`.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
import hashlib
from itertools import batched
from typing import Final, override

import orjson

from ...contract import EnrollmentProgress, People, PersonQuery
from ...errors import (
    AnswerTimeout,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from ...model import (
    Enrollment,
    Json,
    Library,
    LibraryKind,
    Match,
    Person,
    PersonDetails,
)
from ...toolkit.alarm_values import as_percent
from ...toolkit.lenient import as_int, as_text
from ...toolkit.picture_limits import BMP, JPEG, PNG, PictureLimits
from ...toolkit.pictures import decoded
from ...toolkit.request_body import Part
from ...toolkit.shapes import as_object, as_rows, content_of, value_in
from ..transport import Transport
from .details import Details

# 5.1.1
_PICTURES: Final = PictureLimits(
    formats=(JPEG, PNG, BMP),
    most_bytes=4 * 1024 * 1024,
    shortest_side=100,
    longest_side=4096,
)
_MOST_NAME: Final = 255
_MOST_GROUP_NAME: Final = 32
_TOP: Final = 5

MOST_AT_ONCE: Final = 50
"""Pictures in one request of a batch; not more than 30 s between two of them (5.1.8)."""

PROGRESS: Final = 2.0
"""Seconds between two questions of how far a batch is."""
PATIENCE: Final = 120.0
"""Seconds without any progress after which a batch is given up."""

_KEEP_FACES: Final = 1
_FACE_REFERENCE: Final = "face:"

_NO_TOKEN: Final = "104202"
_NO_PICTURE: Final = "104203"
_EXISTS: Final = "104204"


@dataclass(frozen=True, slots=True)
class _Face:
    """5.1.2, one row."""

    image: str
    token: str
    name: str

    @property
    def id(self) -> str:
        return self.image or self.token


class MegviiPeople(People):
    """Works on faces and the groups that they are bound to."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._details = details

    @override
    async def libraries(self) -> tuple[Library, ...]:
        return await self._details.read_libraries()

    @override
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        name = name.strip()
        letters = name.replace("_", "a")
        if not letters.isalnum() or len(name.encode()) > _MOST_GROUP_NAME:
            raise InvalidRequest(
                "A group has 1 to 32 bytes of letters, digits and underscores"
            )
        ours = self._check_kind(kind)
        await self._transport.ask("create_face_group", {"groupName": name})
        return Library(id=name, name=name, kind=ours, persons=0)

    @override
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        self._check_kind(kind)
        if name is not None and name != library:
            raise Unsupported("The box cannot rename groups")

    @override
    async def delete_library(self, library: str) -> None:
        # Left out, it would delete everybody, from other groups, too (6.1.3).
        await self._transport.ask(
            "delete_face_group", {"groupName": library, "deleteAllFace": _KEEP_FACES}
        )

    @override
    async def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        if query.id_number:
            # It keeps none.
            return
        async for person in query.select(
            self._persons(query), key=lambda person: person.id
        ):
            yield person

    @override
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        name = _name(details)
        part = await _checked(picture)
        image = await asyncio.to_thread(picture_id, picture)
        parts = [
            part,
            Part("description", name),
            Part("imageMd5", image),
        ]
        is_new = True
        try:
            answer = await self._transport.ask_form("create_face", parts)
        except RejectedByHub as error:
            if error.code != _EXISTS:
                raise
            # In another group, or in none: it only has to be bound.
            is_new, face = False, await self._find(image)
            if face is None or face.name != name:
                raise
        else:
            told = as_object(content_of(answer, "data"))
            token = as_text(told.get("faceToken"))
            if token in ("", "0"):
                raise RejectedByHub("faceToken 0", "The face was not enrolled")
            face = _Face(as_text(told.get("imageId")), token, name)
        try:
            await self._transport.ask(
                "bind_face_groups",
                {"faceToken": face.token, "faceGroupList": [library]},
            )
        except RejectedByHub:
            if is_new:
                # A face in no group is of no use, and in the way of the next attempt.
                await self._delete(face.id)
            raise
        return _person(face, library)

    @override
    async def enroll_many(
        self, library: str, people: Sequence[tuple[PersonDetails, bytes]]
    ) -> AsyncIterator[EnrollmentProgress]:
        """Send a batch (5.1.8); the box goes on by itself after the last picture."""
        taken: list[tuple[dict[str, Json], Part]] = []
        for details, picture in people:
            try:
                taken.append(await _for_batch(library, details, picture))
            except InvalidRequest:
                continue
        total, refused = len(people), len(people) - len(taken)
        yield EnrollmentProgress(refused, refused, total)
        if not taken:
            return
        try:
            for number, some in enumerate(
                batched(taken, MOST_AT_ONCE, strict=False), start=1
            ):
                parts = [
                    Part("total", str(len(taken))),
                    Part("count", str(len(some))),
                ]
                for place, (row, image) in enumerate(some, start=1):
                    row |= {"batchNum": number, "batchSeq": place}
                    parts += [Part("data", orjson.dumps(row).decode()), image]
                answer = await self._transport.ask_form("batch_create_faces", parts)
                yield _progress(content_of(answer, "data"), refused, total)
        finally:
            await self._transport.ask("stop_face_batch")
        idle, before = 0.0, -1
        while idle < PATIENCE:
            data = await self._transport.ask("get_face_batch_status")
            progress = _progress(data, refused, total)
            yield progress
            if progress.done >= total:
                return
            idle = idle + PROGRESS if progress.done == before else 0.0
            before = progress.done
            await asyncio.sleep(PROGRESS)
        raise AnswerTimeout("The box does not finish the batch")

    @override
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        # The manual has no request that changes a face.
        raise Unsupported("The box cannot change a person; enrol the person anew")

    @override
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        if library is None:
            for person in persons:
                await self._delete(person)
            return
        missing = set(persons)
        faces = [face async for face in self._faces(library)]
        for face in faces:
            for name in {face.image, face.token} & missing:
                missing.discard(name)
                await self._remove_from(face, library)
        if missing:
            raise InvalidRequest("There is no such person")

    @override
    async def search(
        self, picture: bytes, libraries: tuple[str, ...], limit: int
    ) -> tuple[Match, ...]:
        wanted = libraries or tuple(library.id for library in await self.libraries())
        if not wanted:
            return ()
        groups = orjson.dumps([{"groupName": name} for name in wanted]).decode()
        answer = await self._transport.ask_form(
            "search_face", [await _checked(picture), Part("group", groups)]
        )
        told = as_object(content_of(answer, "data"))
        matches: list[Match] = []
        for rank in range(1, min(limit, _TOP) + 1):
            row = as_object(told.get(f"top{rank}"))
            if token := as_text(row.get("faceToken")):
                matches.append(await self._match(row, token, wanted))
        return tuple(matches)

    @override
    async def compare(self, first: bytes, second: bytes) -> float:
        one, two = await _checked(first, "image1"), await _checked(second, "image2")
        answer = await self._transport.ask_form(
            "compare_faces", [one, two, Part("livenessEnabled", "false")]
        )
        score = as_percent(value_in(content_of(answer, "data"), "compareScore"))
        if score is None:
            raise UnexpectedAnswer("The box did not tell how similar they are")
        return score

    def _check_kind(self, kind: LibraryKind | None) -> LibraryKind:
        blocked = self._details.blacklist
        ours = LibraryKind.BLOCKED if blocked else LibraryKind.ALLOWED
        if kind is not None and kind is not ours:
            raise Unsupported("The work mode of the box decides what its groups mean")
        return ours

    async def _persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        for library in await self.library_ids(query):
            async for face in self._faces(library):
                yield _person(face, library)

    async def _faces(self, library: str) -> AsyncIterator[_Face]:
        async for row in self._transport.pages(
            "list_face_group_faces", ("face", "faces"), {"groupName": library}
        ):
            if (face := _face(row)).id:
                yield face

    async def _find(self, image: str) -> _Face | None:
        async for row in self._transport.pages("list_faces", ("face", "faces")):
            if (face := _face(row)).image == image and face.token:
                return face
        return None

    async def _delete(self, person: str) -> None:
        """Delete a face and all that belongs to it, by whichever id it has."""
        for operation, name, absent in (
            ("delete_face_image", "imageId", _NO_PICTURE),
            ("delete_face", "faceToken", _NO_TOKEN),
        ):
            try:
                await self._transport.ask(operation, {name: person})
            except RejectedByHub as error:
                if error.code != absent:
                    raise
            except Unsupported:
                # Pictures are kept in one of the work modes only.
                continue
            else:
                return
        raise InvalidRequest("There is no such person")

    async def _remove_from(self, face: _Face, library: str) -> None:
        """Take a face out of one group; delete it if it was in no other."""
        if face.token:
            data = await self._transport.ask("get_face", {"faceToken": face.token})
            groups = _group_names(value_in(data, "faceGroupList"))
            if any(group != library for group in groups):
                await self._transport.ask(
                    "unbind_face_groups",
                    {"faceToken": face.token, "faceGroupList": [library]},
                )
                return
        await self._delete(face.id)

    async def _match(
        self, row: Mapping[str, Json], token: str, wanted: Sequence[str]
    ) -> Match:
        """Name a person as everywhere else: 10.1.2 tells no picture's id."""
        try:
            data = await self._transport.ask("get_face", {"faceToken": token})
        except RejectedByHub:
            data = None
        told = as_object(data)
        groups = _group_names(row.get("group"))
        library = next((name for name in groups if name in wanted), None)
        return Match(
            person_id=as_text(told.get("imageId")) or token,
            name=as_text(row.get("description")),
            library_id=library,
            library=library,
            similarity=as_percent(row.get("searchScore")),
        )


def picture_id(picture: bytes) -> str:
    """Return what the box calls a picture: its MD5, in Base64 of 24 characters (5.1.1)."""
    digest = hashlib.md5(picture, usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _progress(data: Json, refused: int, total: int) -> EnrollmentProgress:
    told = as_object(data)
    failed = refused + max(as_int(told.get("failCnt")) or 0, 0)
    done = failed + max(as_int(told.get("successCnt")) or 0, 0)
    return EnrollmentProgress(min(done, total), min(failed, total), total)


async def _for_batch(
    library: str, details: PersonDetails, picture: bytes
) -> tuple[dict[str, Json], Part]:
    part = await _checked(picture)
    row: dict[str, Json] = {
        "imageMd5": await asyncio.to_thread(picture_id, picture),
        "size": len(picture),
        "description": _name(details),
        "faceGroupList": [library],
    }
    return row, part


def _name(details: PersonDetails) -> str:
    """Return the only thing that a box keeps of a person."""
    if not details.name:
        raise InvalidRequest("The person has no name")
    others = (
        details.gender,
        details.birth_date,
        details.phone,
        details.email,
        details.id_number,
        details.remark,
    )
    if any(others):
        raise Unsupported("This box keeps nothing but a name")
    if len(details.name.encode()) > _MOST_NAME:
        raise InvalidRequest("The name is too long")
    return details.name


async def _checked(picture: bytes, name: str = "image") -> Part:
    """Make a part of a picture that the box can take."""
    kind = await _PICTURES.check(picture)
    return Part(name, picture, f"{name}.{kind.extension}")


def _face(row: Json) -> _Face:
    told = as_object(row)
    token = as_text(told.get("faceToken"))
    return _Face(
        image=as_text(told.get("imageId")),
        token="" if token == "0" else token,
        name=as_text(told.get("description")),
    )


def _group_names(value: Json) -> tuple[str, ...]:
    names = (
        as_text(row.get("groupName") if isinstance(row, dict) else row)
        for row in as_rows(value)
    )
    return tuple(name for name in names if name)


def _person(face: _Face, library: str) -> Person:
    return Person(
        id=face.id,
        library_id=library,
        details=PersonDetails(name=face.name or None),
        # A picture without a face in it was refused.
        enrollment=Enrollment.READY if face.token else Enrollment.FAILED,
        picture=face_reference(face.token) if face.token else None,
    )


def face_reference(token: str) -> str:
    """Return what `Hub.fetch` takes for an enrolled face."""
    return f"{_FACE_REFERENCE}{token}"


async def fetch_face(transport: Transport, reference: str) -> bytes | None:
    """Return the face that a reference stands for (5.1.5); None if for something else."""
    if not reference.startswith(_FACE_REFERENCE):
        return None
    token = reference.removeprefix(_FACE_REFERENCE)
    data = await transport.ask("get_face", {"faceToken": token})
    image = as_text(value_in(data, "image"))
    if (picture := await asyncio.to_thread(decoded, image)) is None:
        raise UnexpectedAnswer("The box sent no picture")
    return picture

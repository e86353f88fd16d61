"""Chapters 2 and 3: person libraries and the people in them."""

from typing import Any

from simulators.request_fields import Field, array, each, integer, text

from .device import Device
from .error_codes import Code, Refusal
from .models import Library, Person
from .operation import Answer, Fields, Operation, named_like, page_of
from .request_fields import PAGING
from .uploaded_pictures import received_picture

SEXES = (1, 2, 99)
CERTIFICATE_TYPES = (1, 2, 3, 99)
ALL = 999

_DETAILS: tuple[Field, ...] = (
    integer("sex", required=False, choices=SEXES),
    text("email", 64, required=False),
    text("tel", 32, required=False),
    # An unknown type is not code 2: there is a code of its own for it (1201).
    integer("certificate_type", required=False),
    text("certificate_no", 64, required=False),
    text("birth_date", required=False),
)
PERSON: tuple[Field, ...] = (
    text("person_name", 64, low=1),
    text("image_base64", low=1),
    integer("lib_id"),
    *_DETAILS,
)
PERSON_UPDATE: tuple[Field, ...] = (
    integer("person_id"),
    text("person_name", 64, required=False, low=1),
    text("image_base64", required=False),
    *_DETAILS,
)
PERSON_LIST: tuple[Field, ...] = (
    integer("lib_id"),
    *PAGING,
    text("person_name", 64, required=False),
    integer("sex", required=False, choices=(*SEXES, ALL)),
    text("certificate_no", 64, required=False),
    integer("model_status", required=False, choices=(1, 2, 3, 4, ALL)),
)

_KEPT = ("sex", "email", "tel", "certificate_type", "certificate_no", "birth_date")


def _library(device: Device, lib_id: int) -> Library:
    try:
        return device.libraries[lib_id]
    except KeyError as error:
        raise Refusal(Code.INVALID_ARGUMENTS) from error


def _person(device: Device, person_id: int) -> Person:
    try:
        return device.people[person_id]
    except KeyError as error:
        raise Refusal(Code.INVALID_ARGUMENTS) from error


def _check_name(device: Device, name: str, lib_id: int | None = None) -> None:
    for library in device.libraries.values():
        if library.name == name and library.lib_id != lib_id:
            raise Refusal(Code.LIBRARY_EXISTS)


async def add_library(device: Device, request: Fields) -> Answer:
    """2.1."""
    _check_name(device, request["lib_name"])
    if len(device.libraries) >= device.limits.libraries:
        raise Refusal(Code.TOO_MANY_LIBRARIES)
    lib_id = device.next_id("library")
    device.libraries[lib_id] = Library(lib_id, request["lib_name"], int(device.now()))
    return {"lib_id": lib_id}


async def delete_libraries(device: Device, request: Fields) -> Answer:
    """2.2: people in a library go with it, tasks stop comparing with it."""
    wanted = set(request["lib_id"])
    for lib_id in wanted:
        _library(device, lib_id)
    for person in list(device.people.values()):
        if person.lib_id in wanted:
            _remove(device, person)
    for lib_id in wanted:
        del device.libraries[lib_id]
    for channel in device.channels.values():
        if channel.person_control and "person_lib_id" in channel.person_control:
            channel.person_control["person_lib_id"] = [
                lib_id
                for lib_id in channel.person_control["person_lib_id"]
                if lib_id not in wanted
            ]
    return None


async def rename_library(device: Device, request: Fields) -> Answer:
    """2.3."""
    library = _library(device, request["lib_id"])
    _check_name(device, request["lib_name"], library.lib_id)
    library.name = request["lib_name"]
    return None


async def list_libraries(device: Device, request: Fields) -> Answer:
    """2.4."""
    rows = [
        {"lib_id": library.lib_id, "lib_name": library.name}
        for library in device.libraries.values()
        if named_like(library.name, request.get("lib_name"))
    ]
    return page_of(device, rows, request)


def _check_certificate(request: Fields) -> None:
    if request.get("certificate_type", 99) not in CERTIFICATE_TYPES:
        raise Refusal(Code.WRONG_CERTIFICATE_TYPE)


async def _picture(device: Device, encoded: str) -> tuple[bytes, bool]:
    return await received_picture(
        device,
        encoded,
        wrong=Code.WRONG_PICTURE,
        too_large=Code.PICTURE_TOO_LARGE,
    )


def _set_picture(
    device: Device, person: Person, content: bytes, *, modelled: bool
) -> None:
    device.pictures.remove(person.image_path)
    milliseconds = device.next_milliseconds()
    person.image_path = device.pictures.library(
        milliseconds, content, directory=device.quirks.directory_image_path
    )
    person.modelling_ok = modelled
    person.modelled_at = device.steady() + device.timing.modelling * device.time_scale


async def _add(device: Device, request: Fields) -> Person:
    _library(device, request["lib_id"])
    _check_certificate(request)
    content, modelled = await _picture(device, request["image_base64"])
    if len(device.people) >= device.limits.people:
        raise Refusal(Code.TOO_MANY_PEOPLE)
    person = Person(
        device.next_id("person", first=2001),
        request["lib_id"],
        request["person_name"],
        "",
        device.next_milliseconds(),
        **{name: request[name] for name in _KEPT if name in request},
    )
    _set_picture(device, person, content, modelled=modelled)
    device.people[person.person_id] = person
    return person


def _remove(device: Device, person: Person) -> None:
    device.pictures.remove(person.image_path)
    del device.people[person.person_id]


async def add(device: Device, request: Fields) -> Answer:
    """3.1."""
    return {"person_id": (await _add(device, request)).person_id}


async def import_people(device: Device, request: Fields) -> Answer:
    """3.2: failures are told by name only."""
    failed = []
    for element in request["person_list"]:
        try:
            await _add(device, element)
        except Refusal:
            failed.append(element["person_name"])
    return {"fail_list": failed}


async def delete(device: Device, request: Fields) -> Answer:
    """3.3: nothing is deleted when one of the ids is unknown."""
    people = {_id: _person(device, _id) for _id in request["person_id_list"]}
    for person in people.values():
        _remove(device, person)
    return None


async def update(device: Device, request: Fields) -> Answer:
    """3.4: what is left out keeps its value."""
    person = _person(device, request["person_id"])
    _check_certificate(request)
    if request.get("image_base64"):
        content, modelled = await _picture(device, request["image_base64"])
        _set_picture(device, person, content, modelled=modelled)
    person.name = request.get("person_name", person.name)
    for name in _KEPT:
        if name in request:
            setattr(person, name, request[name])
    return None


def describe(device: Device, person: Person) -> dict[str, Any]:
    """Return an element of the list in 3.5.

    `create_time` is the low 32 bits of milliseconds, as in the manual's sample.
    """
    return {
        "person_id": person.person_id,
        "person_name": person.name,
        "sex": person.sex,
        "email": person.email,
        "tel": person.tel,
        "modeling_type": int(device.modelling_of(person)),
        "certificate_type": person.certificate_type,
        "certificate_no": person.certificate_no,
        "image_path": person.image_path,
        "lib_id": person.lib_id,
        "birth_date": person.birth_date,
        "create_time": person.created_ms & 0xFFFFFFFF,
    }


async def list_people(device: Device, request: Fields) -> Answer:
    """3.5."""
    _library(device, request["lib_id"])
    rows = []
    for person in device.people.values():
        row = describe(device, person)
        if (
            person.lib_id == request["lib_id"]
            and named_like(person.name, request.get("person_name"))
            and named_like(person.certificate_no, request.get("certificate_no"))
            and request.get("sex", ALL) in (ALL, person.sex)
            and request.get("model_status", ALL) in (ALL, row["modeling_type"])
        ):
            rows.append(row)
    return page_of(device, rows, request)


_NAME = text("lib_name", 64, low=1)

OPERATIONS = (
    Operation("/api/v2/personlib/add", add_library, (_NAME,)),
    Operation(
        "/api/v2/personlib/delete", delete_libraries, (array("lib_id", integer()),)
    ),
    Operation("/api/v2/personlib/update", rename_library, (_NAME, integer("lib_id"))),
    Operation(
        "/api/v2/personlib/list",
        list_libraries,
        (text("lib_name", 64, required=False), *PAGING),
    ),
    Operation("/api/v2/person/add", add, PERSON),
    Operation(
        "/api/v2/person/import", import_people, (array("person_list", each(*PERSON)),)
    ),
    Operation("/api/v2/person/delete", delete, (array("person_id_list", integer()),)),
    Operation("/api/v2/person/update", update, PERSON_UPDATE),
    Operation("/api/v2/person/list", list_people, PERSON_LIST, code_is_string=True),
)

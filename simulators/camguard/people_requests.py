"""Chapters 3 and 4: libraries and persons."""

from typing import Any

from simulators.validators import integer, table

from .device import Device
from .error_codes import Code, demand
from .models import Answer, Category, Library, Person
from .operation import Fields, Listing, Operation, change, demand_unique
from .picture_requests import enrolled
from .request_fields import ID, NAME, TEXT, only, query

_CLEARED = {"sex": 0, "card_no": "", "phone": "", "category": 0, "remark": ""}


def _library(device: Device, library: Library) -> dict[str, Any]:
    members = [p for p in device.people.values() if p.lib_id == library.lib_id]
    return {
        "lib_id": library.lib_id,
        "name": library.name,
        "type": library.type,
        "person_count": len(members),
        "remark": library.remark,
        "create_time": device.stamp(library.create_time),
    }


def _person(device: Device, person: Person) -> dict[str, Any]:
    return {
        "lib_id": person.lib_id,
        "lib_name": device.library(person.lib_id).name,
        "person_id": person.person_id,
        "name": person.name,
        "pinyin": person.pinyin,
        "sex": person.sex,
        "card_no": person.card_no,
        "phone": person.phone,
        "category": int(person.category),
        "pic_url": device.address(person.picture),
        "remark": person.remark,
        "create_time": device.stamp(person.create_time),
    }


# 3.3
_LIBRARIES: Listing[Library] = Listing(
    lambda device: device.libraries, _library, exact=("type",), fuzzy=("name",)
)
# 4.4: `name` is taken for the person's name, not the library's.
_PEOPLE: Listing[Person] = Listing(
    lambda device: device.people,
    _person,
    exact=("card_no", "category"),
    fuzzy=("name", "phone"),
)


def romanised(name: str) -> str:
    """Return the `pinyin` of a name that is written in Latin letters, else ""."""
    return "".join(letter for letter in name.lower() if letter.isascii()).replace(
        " ", ""
    )


async def add_library(device: Device, request: Fields) -> Answer:
    """3.1."""
    demand(len(device.libraries) < device.limits.libraries, Code.NO_ROOM)
    libraries = list(device.libraries.values())
    demand_unique(device, "name", request["name"], libraries)
    library = Library(
        device.next_id("library"),
        request["name"],
        request["type"],
        request.get("remark", ""),
        device.now(),
    )
    device.libraries[library.lib_id] = library
    return {}


async def delete_library(device: Device, request: Fields) -> Answer:
    """3.2: its persons go with it."""
    library = device.library(request["lib_id"])
    used = any(library.lib_id in task.lib_list for task in device.tasks.values())
    demand(not (used and device.quirks.refuse_in_use), Code.IN_USE)
    device.remove_library(library.lib_id)
    return {}


async def add_person(device: Device, request: Fields) -> Answer:
    """4.1."""
    device.library(request["lib_id"])
    demand(len(device.people) < device.limits.people, Code.NO_ROOM)
    people = list(device.people.values())
    demand_unique(device, "card_no", request.get("card_no", ""), people)
    picture = await enrolled(device, request.pop("pic_url"))
    person = Person(
        device.long_id("person"),
        picture=picture,
        create_time=device.now(),
        pinyin=romanised(request["name"]),
        **request,
    )
    device.people[person.person_id] = person
    return {}


def _member(device: Device, request: Fields) -> Person:
    """Return the person that library and person id name together."""
    device.library(request["lib_id"])
    person = device.person(request["person_id"])
    demand(person.lib_id == request["lib_id"], Code.UNKNOWN_ID, "person_id")
    return person


async def delete_person(device: Device, request: Fields) -> Answer:
    """4.2: the picture stays until it is deleted itself."""
    del device.people[_member(device, request).person_id]
    return {}


async def modify_person(device: Device, request: Fields) -> Answer:
    """4.3."""
    person = _member(device, request)
    people = list(device.people.values())
    demand_unique(device, "card_no", request.get("card_no", ""), people, person)
    if "pic_url" in request:
        request["picture"] = await enrolled(device, request.pop("pic_url"))
    if "name" in request:
        request["pinyin"] = romanised(request["name"])
    change(device, person, request, _CLEARED)
    return {}


_CATEGORY = integer(choices=tuple(Category))
_OPTIONAL = {
    "sex": integer(0, 2),
    "card_no": TEXT,
    "phone": TEXT,
    "category": _CATEGORY,
    "remark": TEXT,
}

OPERATIONS = (
    Operation(
        "/AddLibrary",
        add_library,
        table({"name": NAME, "type": integer(0)}, {"remark": TEXT}),
    ),
    Operation("/DeleteLibrary", delete_library, only(lib_id=ID)),
    Operation("/QueryLibraryList", _LIBRARIES.query, query(type=integer(), name=TEXT)),
    Operation(
        "/AddPerson",
        add_person,
        table({"lib_id": ID, "name": NAME, "pic_url": NAME}, _OPTIONAL),
    ),
    Operation("/DeletePerson", delete_person, only(lib_id=ID, person_id=ID)),
    Operation(
        "/UpdatePerson",
        modify_person,
        table(
            {"lib_id": ID, "person_id": ID},
            {"name": NAME, "pic_url": NAME, **_OPTIONAL},
        ),
    ),
    Operation(
        "/QueryPersonList",
        _PEOPLE.query,
        query(name=TEXT, card_no=TEXT, category=_CATEGORY, phone=TEXT),
    ),
)

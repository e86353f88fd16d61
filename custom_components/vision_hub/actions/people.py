"""Actions about who is enrolled."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final, cast

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.json import JsonObjectType
import probatio

from ..vendors.contract import EnrollmentProgress, People, PersonQuery
from ..vendors.errors import Unsupported
from ..vendors.model import Gender, LibraryKind, Person, PersonDetails
from .action import Action, Target, required
from .libraries import async_find_library
from .pictures import async_read_picture, picture

EVENT_ENROLLMENT: Final = "vision_hub_enrollment"

MOST_AT_ONCE: Final = 200
"""Persons in a batch: their pictures are in memory."""

TEXT = probatio.All(cv.string, probatio.Length(min=1))
LIMIT = probatio.All(probatio.Coerce(int), probatio.Range(min=1, max=1000))

DETAILS: VolDictType = {
    probatio.Optional("gender"): probatio.Coerce(Gender),
    probatio.Optional("birth_date"): cv.date,
    probatio.Optional("phone"): cv.string,
    probatio.Optional("email"): cv.string,
    probatio.Optional("id_number"): cv.string,
    probatio.Optional("remark"): cv.string,
    probatio.Optional("kind"): probatio.Coerce(LibraryKind),
}

_DETAIL_NAMES = [field.name for field in fields(PersonDetails)]


def _details(people: People, data: Mapping[str, Any]) -> PersonDetails:
    if "kind" in data and not people.person_kinds:
        raise Unsupported("It is the library that is allowed or blocked.")
    return PersonDetails(**{name: data.get(name) for name in _DETAIL_NAMES})


def _person(person: Person) -> JsonObjectType:
    birth_date = person.details.birth_date
    return {
        "person_id": person.id,
        "library_id": person.library_id,
        "enrollment": person.enrollment,
        **asdict(person.details),
        "birth_date": birth_date and birth_date.isoformat(),
    }


async def _async_libraries(call: ServiceCall, target: Target) -> tuple[str, ...]:
    people = required(target.data.hub.people)
    names = call.data.get("library", ())
    return tuple([(await async_find_library(people, name)).id for name in names])


async def _async_enroll(call: ServiceCall, target: Target) -> JsonObjectType:
    people = required(target.data.hub.people)
    content = await async_read_picture(call, call.data["picture"])
    library = await async_find_library(people, call.data["library"])
    person = await people.enroll(library.id, _details(people, call.data), content)
    target.data.coordinator.async_refresh_soon()
    return {
        "person_id": person.id,
        "library_id": library.id,
        "enrollment": person.enrollment,
    }


async def _async_enroll_many(call: ServiceCall, target: Target) -> JsonObjectType:
    """Enrol a list of persons; an event tells how far it is."""
    people = required(target.data.hub.people)
    library = await async_find_library(people, call.data["library"])
    batch = [
        (
            _details(people, person),
            await async_read_picture(call, person["picture"]),
        )
        for person in call.data["people"]
    ]
    progress = EnrollmentProgress(0, 0, len(batch))
    async for progress in people.enroll_many(library.id, batch):
        call.hass.bus.async_fire(
            EVENT_ENROLLMENT,
            {"device_id": target.device_id, **asdict(progress)},
            context=call.context,
        )
    target.data.coordinator.async_refresh_soon()
    return {"library_id": library.id, **asdict(progress)}


async def _async_update(call: ServiceCall, target: Target) -> None:
    people = required(target.data.hub.people)
    content = None
    if "picture" in call.data:
        content = await async_read_picture(call, call.data["picture"])
    library = await async_find_library(people, call.data["library"])
    await people.update(
        call.data["person_id"], library.id, _details(people, call.data), content
    )


async def _async_remove(call: ServiceCall, target: Target) -> None:
    people = required(target.data.hub.people)
    library = None
    if "library" in call.data:
        library = (await async_find_library(people, call.data["library"])).id
    await people.remove(tuple(call.data["person_id"]), library)
    target.data.coordinator.async_refresh_soon()


async def _async_list(call: ServiceCall, target: Target) -> JsonObjectType:
    query = PersonQuery(
        libraries=await _async_libraries(call, target),
        name=call.data.get("name"),
        id_number=call.data.get("id_number"),
        limit=call.data["limit"],
    )
    people = required(target.data.hub.people)
    return {"people": [_person(person) async for person in people.persons(query)]}


async def _async_find(call: ServiceCall, target: Target) -> JsonObjectType:
    if "picture" not in call.data:
        return await _async_list(call, target)
    people = required(target.data.hub.people)
    content = await async_read_picture(call, call.data["picture"])
    libraries = await _async_libraries(call, target)
    matches = await people.search(content, libraries, call.data["limit"])
    return {"matches": [cast(JsonObjectType, asdict(match)) for match in matches]}


async def _async_compare(call: ServiceCall, target: Target) -> JsonObjectType:
    people = required(target.data.hub.people)
    first = await async_read_picture(call, call.data["picture"])
    second = await async_read_picture(call, call.data["other_picture"])
    return {"similarity": await people.compare(first, second)}


def _searches_one_way(data: VolDictType) -> VolDictType:
    """Allow either a picture or what is written about a person."""
    if ("picture" in data) == ("name" in data or "id_number" in data):
        raise probatio.Invalid("give either a picture, or a name or an ID number")
    return data


_LIBRARIES = probatio.All(probatio.EnsureList(), [cv.string])

ACTIONS = (
    Action(
        name="enroll_person",
        run=_async_enroll,
        fields={
            probatio.Required("library"): cv.string,
            probatio.Required("picture"): picture,
            probatio.Required("name"): TEXT,
            **DETAILS,
        },
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="enroll_people",
        run=_async_enroll_many,
        fields={
            probatio.Required("library"): cv.string,
            probatio.Required("people"): probatio.All(
                probatio.EnsureList(),
                [
                    {
                        probatio.Required("picture"): picture,
                        probatio.Required("name"): TEXT,
                        **DETAILS,
                    }
                ],
                probatio.Length(min=1, max=MOST_AT_ONCE),
            ),
        },
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="update_person",
        run=_async_update,
        fields={
            probatio.Required("person_id"): cv.string,
            probatio.Required("library"): cv.string,
            probatio.Optional("picture"): picture,
            probatio.Optional("name"): TEXT,
            **DETAILS,
        },
    ),
    Action(
        name="remove_person",
        run=_async_remove,
        fields={
            probatio.Required("person_id"): probatio.All(
                probatio.EnsureList(), [cv.string], probatio.Length(min=1)
            ),
            probatio.Optional("library"): cv.string,
        },
        admin=True,
    ),
    Action(
        name="list_people",
        run=_async_list,
        fields={
            probatio.Optional("library"): _LIBRARIES,
            probatio.Optional("limit", default=100): LIMIT,
        },
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="find_person",
        run=_async_find,
        fields={
            probatio.Optional("name"): TEXT,
            probatio.Optional("id_number"): TEXT,
            probatio.Optional("picture"): picture,
            probatio.Optional("library"): _LIBRARIES,
            probatio.Optional("limit", default=10): LIMIT,
        },
        check=_searches_one_way,
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="compare_faces",
        run=_async_compare,
        fields={
            probatio.Required("picture"): picture,
            probatio.Required("other_picture"): picture,
        },
        response=SupportsResponse.ONLY,
    ),
)

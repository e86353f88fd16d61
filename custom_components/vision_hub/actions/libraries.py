"""Actions about the lists of persons."""

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio

from ..vendors.contract import People
from ..vendors.model import Library, LibraryKind
from .action import Action, Target, invalid, required


async def async_find_library(people: People, wanted: str) -> Library:
    """Return the library of an id or a name; names need not be unique on a hub."""
    libraries = await people.libraries()
    found = [library for library in libraries if library.id == wanted] or [
        library
        for library in libraries
        if library.name.casefold() == wanted.strip().casefold()
    ]
    if not found:
        raise invalid("library_not_found", library=wanted)
    if len(found) > 1:
        raise invalid("library_ambiguous", library=wanted)
    return found[0]


def _library(library: Library) -> JsonObjectType:
    return {
        "library_id": library.id,
        "name": library.name,
        "kind": library.kind,
        "persons": library.persons,
    }


async def _async_list(call: ServiceCall, target: Target) -> JsonObjectType:
    people = required(target.data.hub.people)
    return {"libraries": [_library(library) for library in await people.libraries()]}


async def _async_create(call: ServiceCall, target: Target) -> JsonObjectType:
    people = required(target.data.hub.people)
    library = await people.create_library(call.data["name"], kind=call.data.get("kind"))
    target.data.coordinator.async_refresh_soon()
    return _library(library)


async def _async_update(call: ServiceCall, target: Target) -> None:
    people = required(target.data.hub.people)
    library = await async_find_library(people, call.data["library"])
    await people.update_library(
        library.id, name=call.data.get("name"), kind=call.data.get("kind")
    )
    target.data.coordinator.async_refresh_soon()


async def _async_delete(call: ServiceCall, target: Target) -> None:
    people = required(target.data.hub.people)
    library = await async_find_library(people, call.data["library"])
    if not call.data["confirm"]:
        raise invalid("confirm_library", library=library.name)
    await people.delete_library(library.id)
    target.data.coordinator.async_refresh_soon()


ACTIONS = (
    Action(
        name="list_libraries",
        run=_async_list,
        fields={},
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="create_library",
        run=_async_create,
        fields={
            probatio.Required("name"): cv.string,
            probatio.Optional("kind"): probatio.Coerce(LibraryKind),
        },
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="update_library",
        run=_async_update,
        fields={
            probatio.Required("library"): cv.string,
            probatio.Optional("name"): cv.string,
            probatio.Optional("kind"): probatio.Coerce(LibraryKind),
        },
    ),
    Action(
        name="delete_library",
        run=_async_delete,
        fields={
            probatio.Required("library"): cv.string,
            probatio.Optional("confirm", default=False): cv.boolean,
        },
        admin=True,
    ),
)

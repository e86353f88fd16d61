"""Who is enrolled is found, changed and removed."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import probatio
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.vendors.model import LibraryKind, PersonDetails

from ...helpers.actions import act, picture
from ...helpers.memory_people import MemoryPeople
from .conftest import BusyHub


async def test_enroll_find_and_remove_a_person(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """A person goes in, is found by all that is known, is changed, and goes."""
    enrolled = await act(
        hass,
        "enroll_person",
        box,
        library="staff",
        name="Ada",
        birth_date="1815-12-10",
        gender="female",
        id_number="42",
        picture=str(photo),
    )
    assert enrolled == {
        "person_id": "P1",
        "library_id": "1",
        "enrollment": "waiting",
    }
    assert hub.people.pictures == [picture()]

    ada = {
        "person_id": "P1",
        "library_id": "1",
        "enrollment": "waiting",
        "name": "Ada",
        "gender": "female",
        "birth_date": "1815-12-10",
        "phone": None,
        "email": None,
        "id_number": "42",
        "remark": None,
        "kind": None,
    }
    for how in ({"name": "Ada"}, {"id_number": "42"}, {"name": "Ada", "library": "1"}):
        assert await act(hass, "find_person", box, **how) == {"people": [ada]}
    assert await act(hass, "find_person", box, name="Bob") == {"people": []}
    assert await act(hass, "list_people", box) == {"people": [ada]}
    found = await act(hass, "find_person", box, picture=str(photo), library=["Staff"])
    assert [(m["person_id"], m["similarity"]) for m in found["matches"]] == [("P1", 91)]

    await act(
        hass,
        "update_person",
        box,
        person_id="P1",
        library="1",
        name="Ada Lovelace",
        picture=str(photo),
    )
    await act(hass, "update_person", box, person_id="P1", library="1", phone="1")
    assert hub.people.persons_now["P1"].details == PersonDetails(phone="1")
    assert len(hub.people.pictures) == 2

    await act(hass, "remove_person", box, person_id="P1", library="Staff")
    assert await act(hass, "list_people", box) == {"people": []}


async def test_enroll_people(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """Whom the hub refuses holds up nobody else, and progress is told."""
    events = async_capture_events(hass, "vision_hub_enrollment")
    people = [
        {"name": name, "picture": str(photo)} for name in ("Ada", "Nobody", "Bob")
    ]
    assert await act(hass, "enroll_people", box, library="Staff", people=people) == {
        "library_id": "1",
        "done": 3,
        "failed": 1,
        "total": 3,
    }
    assert [(event.data["done"], event.data["failed"]) for event in events] == [
        (1, 0),
        (2, 1),
        (3, 1),
    ]
    assert {p.details.name for p in hub.people.persons_now.values()} == {"Ada", "Bob"}


async def test_kind_of_a_person(
    hass: HomeAssistant,
    box: str,
    hub: BusyHub,
    photo: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody is let in by mistake: where libraries decide, a person has no kind."""
    data = {"library": "Staff", "name": "Ada", "picture": str(photo)}
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "enroll_person", box, **data, kind="blocked")
    assert caught.value.translation_key == "unsupported"
    assert hub.people.persons_now == {}

    monkeypatch.setattr(MemoryPeople, "person_kinds", True)
    await act(hass, "enroll_person", box, **data, kind="blocked")
    assert hub.people.persons_now["P1"].details.kind is LibraryKind.BLOCKED


async def test_remove_a_person_wherever_it_is(
    hass: HomeAssistant, box: str, hub: BusyHub, photo: Path
) -> None:
    """The library may be left out; a camera stands for its hub."""
    await act(hass, "enroll_person", box, library="2", name="Ada", picture=str(photo))
    await act(hass, "remove_person", box, person_id=["P1"])
    assert hub.people.persons_now == {}


async def test_find_person_one_way(hass: HomeAssistant, box: str, photo: Path) -> None:
    """Either a picture or words."""
    for how in ({}, {"name": "Ada", "picture": str(photo)}):
        with pytest.raises(probatio.Invalid, match="either a picture"):
            await act(hass, "find_person", box, **how)


async def test_compare_faces(
    hass: HomeAssistant, box: str, photo: Path, tmp_path: Path
) -> None:
    """Two pictures have a similarity."""
    other = tmp_path / "other.jpg"
    other.write_bytes(picture((50, 50)))
    same = await act(
        hass, "compare_faces", box, picture=str(photo), other_picture=str(photo)
    )
    different = await act(
        hass, "compare_faces", box, picture=str(photo), other_picture=str(other)
    )
    assert (same, different) == ({"similarity": 100}, {"similarity": 12.5})

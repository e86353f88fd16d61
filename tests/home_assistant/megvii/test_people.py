"""What actions do with people, pictures and cameras at a MegBox."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.megvii.hub import people
from simulators import pictures
from simulators.megvii import MegviiBox, Quirks

from ...conftest import Setup
from ...helpers.megvii import QUICK

# As the chapters have it, and as their samples, where they differ.
QUIRKS = (
    Quirks(),
    Quirks(
        group_objects=False,
        faces_plural=True,
        delete_by_body=True,
        other_paths=True,
        time_cost=True,
        pages_are_counted=True,
        full_names=True,
    ),
)


@pytest.fixture(params=QUIRKS, ids=["tables", "others"])
async def box(request: pytest.FixtureRequest) -> AsyncIterator[MegviiBox]:
    """A box whose pauses are over soon."""
    async with MegviiBox(time_scale=QUICK, quirks=request.param) as box:
        yield box


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    box: MegviiBox,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> MockConfigEntry:
    """A loaded entry for the box."""
    monkeypatch.setattr(people, "PROGRESS", 0.05)
    return await start_hub(box)


@pytest.fixture
def photos(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder of photos that may be read."""
    folder = tmp_path / "photos"
    folder.mkdir()
    hass.config.allowlist_external_dirs.add(str(folder))
    return folder


def photo(folder: Path, seed: int) -> str:
    path = folder / f"{seed}.jpg"
    path.write_bytes(pictures.face(seed))
    return str(path)


async def act(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> Any:
    """Call an action on the box; return its answer if it has one."""
    device = entry.runtime_data.coordinator.hub_device_id
    answers = hass.services.supports_response(DOMAIN, action) != "none"
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device, **data},
        blocking=True,
        return_response=answers,
    )
    return answer[device] if answer is not None else None


def members(box: MegviiBox, group: str) -> set[str]:
    return {person.description for person in box.device.members(group)}


async def test_enrol_find_and_remove(
    hass: HomeAssistant, box: MegviiBox, entry: MockConfigEntry, photos: Path
) -> None:
    """Somebody is enrolled, found by face and name, recognised and removed."""
    picture = photo(photos, 1)
    answer = await act(
        hass, entry, "enroll_person", library="Staff", picture=picture, name="Ada"
    )
    assert answer["enrollment"] == "ready"
    assert "Ada" in members(box, "Staff")
    found = await act(hass, entry, "find_person", picture=picture, library="Staff")
    assert found["matches"][0]["name"] == "Ada"
    assert found["matches"][0]["person_id"] == answer["person_id"]
    assert found["matches"][0]["similarity"] > 90
    found = await act(hass, entry, "find_person", name="Ada")
    assert [person["person_id"] for person in found["people"]] == [answer["person_id"]]
    same = await act(
        hass, entry, "compare_faces", picture=picture, other_picture=picture
    )
    other = await act(
        hass, entry, "compare_faces", picture=picture, other_picture=photo(photos, 2)
    )
    assert same["similarity"] > other["similarity"]

    # The same face in another group is one person in two groups.
    again = await act(
        hass, entry, "enroll_person", library="Visitors", picture=picture, name="Ada"
    )
    assert again["person_id"] == answer["person_id"]
    person = [answer["person_id"]]
    await act(hass, entry, "remove_person", person_id=person, library="Staff")
    assert "Ada" not in members(box, "Staff")
    assert "Ada" in members(box, "Visitors")
    await act(hass, entry, "remove_person", person_id=person)
    assert answer["person_id"] not in box.device.people


async def test_enrol_many(
    hass: HomeAssistant, box: MegviiBox, entry: MockConfigEntry, photos: Path
) -> None:
    """Sixty are enrolled at once, more than fit into one request; progress is told."""
    events = async_capture_events(hass, "vision_hub_enrollment")
    crowd = [
        {"name": f"P{seed}", "picture": photo(photos, 100 + seed)} for seed in range(60)
    ]
    # Nobody is in it.
    blank = photos / "blank.jpg"
    blank.write_bytes(pictures.jpeg(pictures.Image.new("RGB", (200, 200))))
    crowd.append({"name": "Nobody", "picture": str(blank)})
    answer = await act(hass, entry, "enroll_people", library="Visitors", people=crowd)
    assert (answer["done"], answer["failed"], answer["total"]) == (61, 1, 61)
    assert len(members(box, "Visitors") & {f"P{seed}" for seed in range(60)}) == 60
    told = [event.data["done"] for event in events]
    assert told == sorted(told)
    assert len(set(told)) > 2


async def test_groups(
    hass: HomeAssistant, box: MegviiBox, entry: MockConfigEntry
) -> None:
    """Groups come and go; who is in one survives it."""
    await act(hass, entry, "create_library", name="Guests")
    assert "Guests" in box.device.groups
    listed = await act(hass, entry, "list_libraries")
    assert {row["name"]: row["persons"] for row in listed["libraries"]} == {
        "Staff": 4,
        "Visitors": 1,
        "Watch_list": 1,
        "Guests": 0,
    }
    person = box.events.person("Iris Vale")
    person.groups.append("Guests")
    await act(hass, entry, "delete_library", library="Guests", confirm=True)
    assert "Guests" not in box.device.groups
    assert box.events.person("Iris Vale").groups == ["Staff"]
    everybody = await act(hass, entry, "list_people", limit=1000)
    assert len(everybody["people"]) == 6


async def test_delete_everybody_of_a_group(
    hass: HomeAssistant, box: MegviiBox, entry: MockConfigEntry
) -> None:
    """Who means everybody, says so."""
    for channel in box.device.channels.values():
        channel.face["group"] = channel.structure.get("faces", {})["group"] = []
    with pytest.raises(HomeAssistantError):
        await act(
            hass,
            entry,
            "call_operation",
            operation="delete_face_group",
            parameters={"groupName": "Staff", "deleteAllFace": 2},
        )
    await act(
        hass,
        entry,
        "call_operation",
        operation="delete_face_group",
        parameters={"groupName": "Staff", "deleteAllFace": 2},
        confirm=True,
    )
    assert {person.description for person in box.device.people.values()} == {
        "Milo Grant",
        "Barred Guest",
    }


async def test_search_cameras(
    hass: HomeAssistant, box: MegviiBox, entry: MockConfigEntry
) -> None:
    """The box looks for cameras around it, and asks one for its streams."""
    found = await act(hass, entry, "search_cameras")
    assert len(found["cameras"]) == 3
    address = found["cameras"][0]["address"]
    found = await act(
        hass, entry, "search_cameras", address=address, username="u", password="p"
    )
    assert len(found["streams"]) == 2


async def test_inspect_picture(
    hass: HomeAssistant, box: MegviiBox, entry: MockConfigEntry, photos: Path
) -> None:
    """What is on a picture is told with its place."""
    found = await act(hass, entry, "inspect_picture", picture=photo(photos, 4))
    assert found["targets"]
    for target in found["targets"]:
        assert target["type"]
        assert target["box"]
        assert target["attributes"]

"""Who is enrolled on a server."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulators import pictures
from simulators.camguard import CamGuardServer

from ...conftest import Setup, entity_id, until
from ...helpers.actions import act, device, picture

type Photo = Callable[[bytes], str]


@pytest.fixture
def photo(hass: HomeAssistant, tmp_path: Path) -> Photo:
    """Return a function that puts a picture where Home Assistant may read it."""
    hass.config.allowlist_external_dirs.add(str(tmp_path))

    def write(content: bytes) -> str:
        path = tmp_path / f"{uuid4().hex}.jpg"
        path.write_bytes(content)
        return str(path)

    return write


async def test_people(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup, photo: Photo
) -> None:
    """Somebody is enrolled on the black list, met, forgiven and removed."""
    entry = await start_hub(server)
    hub = device(hass, entry)
    enrolled = {
        "library": "Staff",
        "name": "Vera Cole",
        "picture": photo(pictures.face(77)),
    }
    answer = await act(
        hass, "enroll_person", hub, **enrolled, kind="blocked", phone="555-0199"
    )
    person = server.device.people[int(answer["person_id"])]
    assert (person.name, person.lib_id, person.phone) == ("Vera Cole", 1, "555-0199")
    await until(hass, entity_id(hass, entry, "library_persons_1"), "4")
    (found,) = (await act(hass, "find_person", hub, name="vera cole"))["people"]
    assert (found["person_id"], found["kind"]) == (answer["person_id"], "blocked")
    face = entity_id(hass, entry, "1_face")
    await server.recognize(person.person_id, camera=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "blacklisted")

    # One more of that name in the library is refused before anything is sent.
    uploads = server.request_log.count("/UploadPersonPicture")
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "enroll_person", hub, **enrolled)
    assert caught.value.translation_key == "invalid_request"
    assert server.request_log.count("/UploadPersonPicture") == uploads
    await act(hass, "enroll_person", hub, **enrolled | {"library": "Pupils"})

    changes = {"person_id": answer["person_id"], "library": "Staff", "kind": "allowed"}
    await act(hass, "update_person", hub, **changes)
    await server.recognize(person.person_id, camera=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "recognized")
    assert server.device.people[person.person_id].phone == "555-0199"

    await act(hass, "remove_person", hub, person_id=answer["person_id"])
    (twin,) = (await act(hass, "find_person", hub, name="Vera Cole"))["people"]
    assert twin["library_id"] == "3"


async def test_refused_picture(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup, photo: Photo
) -> None:
    """A picture that nobody can be enrolled with does not stay on the server."""
    entry = await start_hub(server)
    people = dict(server.device.people)
    with pytest.raises(HomeAssistantError) as caught:
        await act(
            hass,
            "enroll_person",
            device(hass, entry),
            library="Staff",
            name="Nobody",
            picture=photo(picture()),
        )
    assert caught.value.translation_key == "rejected_by_hub"
    assert "未检测到人脸" in str(caught.value)
    assert server.device.people == people
    (sent,) = server.request_log.bodies("/DeletePicture")
    assert await server.device.files.read(sent["pic_url"]) is None


async def test_compare(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup, photo: Photo
) -> None:
    """Two pictures are compared, and none of them stays."""
    entry = await start_hub(server)
    ada, boris = photo(pictures.face(1)), photo(pictures.face(2))
    hub = device(hass, entry)
    same = await act(hass, "compare_faces", hub, picture=ada, other_picture=ada)
    other = await act(hass, "compare_faces", hub, picture=ada, other_picture=boris)
    assert same["similarity"] == pytest.approx(100, abs=0.1)
    assert other["similarity"] < 95
    assert server.request_log.count("/UploadPersonPicture") == 4
    assert server.request_log.count("/DeletePicture") == 4

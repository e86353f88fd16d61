"""A CamGuard server in Home Assistant: alarms that are read, tasks, people."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import ClientTimeout
from homeassistant.components.media_source import async_browse_media
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.camguard import transport
from custom_components.vision_hub.vendors.camguard.hub import records
from simulators import pictures
from simulators.camguard import CamGuardServer, Order, Quirks
from simulators.faults import Fault

from ...conftest import entity_id, until, until_true
from ..test_actions import act, device, picture
from ..test_media_source import follow

PASSWORD = "Open-Sesame-1"
EVENT = "vision_hub_alarm"
RECORDS = "/QueryTaskCaptureRecord"


def connection(server: CamGuardServer, **changes: Any) -> dict[str, Any]:
    return {
        "host": server.host,
        "port": server.port,
        "ssl": False,
        "verify_ssl": False,
        "username": "admin",
        "password": PASSWORD,
    } | changes


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read records as often as they come here."""
    monkeypatch.setattr(records, "FASTEST", 0.05)
    monkeypatch.setattr(records, "SLOWEST", 0.2)


@pytest.fixture(params=[Quirks(), Quirks.samples()], ids=["tables", "samples"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[CamGuardServer]:
    """A server that spells as the tables of the manual, and one as its samples."""
    async with CamGuardServer(
        channels=4, password=PASSWORD, quirks=request.param
    ) as server:
        yield server


def new_entry(server: CamGuardServer) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title="Faces",
        unique_id="camguard_1",
        data={**connection(server), "vendor": "camguard", "token": "c" * 43},
    )


async def load(hass: HomeAssistant, server: CamGuardServer) -> MockConfigEntry:
    entry = new_entry(server)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    return entry


async def start_flow(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow: str = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": "camguard"})
    return flow


async def test_add(hass: HomeAssistant, server: CamGuardServer, address: str) -> None:
    """A server is added; it has no serial number, and cannot be added twice."""
    flow = await start_flow(hass)
    result = await hass.config_entries.flow.async_configure(
        flow, connection(server, password="wrong")
    )
    assert result["errors"] == {"base": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(flow, connection(server))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED
    (hub,) = [
        device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), result["result"].entry_id
        )
        if device.via_device_id is None
    ]
    assert hub.serial_number is None

    result = await hass.config_entries.flow.async_configure(
        await start_flow(hass), connection(server)
    )
    assert (result["type"], result["reason"]) == (
        FlowResultType.ABORT,
        "already_configured",
    )


async def test_move(hass: HomeAssistant, server: CamGuardServer, address: str) -> None:
    """A server that moved is the same hub, at whatever address."""
    entry = await load(hass, server)
    async with CamGuardServer(channels=4, password="Another-2") as moved:
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(moved, password="Another-2")
        )
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert entry.unique_id == "camguard_1"
        assert entry.data["port"] == moved.port
        assert entry.state is ConfigEntryState.LOADED


async def test_reauthentication(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """A changed password is asked for; an ended session is not noticed."""
    entry = await load(hass, server)
    server.expire_session()
    await entry.runtime_data.coordinator.async_refresh()
    assert entry.runtime_data.coordinator.last_update_success

    server.change_password("Another-Word-2")
    server.expire_session()
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "admin", "password": "Another-Word-2"}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_faces(hass: HomeAssistant, server: CamGuardServer, address: str) -> None:
    """Records become faces, with who, where, which way, and pictures."""
    entry = await load(hass, server)
    events = async_capture_events(hass, EVENT)
    face = entity_id(hass, entry, "1_face")

    await server.recognize(1, camera=1, similarity=0.91)
    state = await until(
        hass, face, lambda s: s.attributes["event_type"] == "recognized"
    )
    assert state.attributes["person"] == "Ada Winter"
    assert state.attributes["similarity"] == pytest.approx(91)
    await server.recognize(4, camera=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "blacklisted")
    await server.stranger(camera=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "stranger")
    await server.recognize(5, camera=4)
    await until(
        hass,
        entity_id(hass, entry, "4_face"),
        lambda s: s.attributes["event_type"] == "recognized",
    )
    assert [(event.data["task"], event.data["passage"]) for event in events] == [
        ("Entrance watch", None),
        ("Entrance watch", None),
        ("Entrance watch", None),
        ("Sign-in", "exit"),
    ]
    image = entity_id(hass, entry, "1_last_face")
    await until(hass, image, lambda s: s.state not in ("unknown", "unavailable"))


@pytest.mark.parametrize("server", [Quirks()], indirect=True)
@pytest.mark.parametrize("fault", Fault)
async def test_spoilt_first_look(
    hass: HomeAssistant,
    server: CamGuardServer,
    address: str,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it cannot be read what is old, nothing old is told later."""
    monkeypatch.setattr(transport, "_TIMEOUT", ClientTimeout(total=0.5))
    events = async_capture_events(hass, EVENT)
    for person in (1, 2, 3):
        await server.recognize(person, camera=1)
    server.faults.add(fault, RECORDS, times=2, delay=0.1, code=1, size=1 << 20)
    entry = new_entry(server)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    await server.journal.until(lambda: server.journal.count(RECORDS) > 3)
    await server.stranger(camera=1)
    await until_true(hass, lambda: events, EVENT)
    assert [event.data["kind"] for event in events] == ["face_stranger"]


async def test_clock_that_only_records_tell(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """A clock that is behind is told of, and alarms count, when one has shown it."""
    server.quirks.blank_date = True
    server.clock_offset = -300
    entry = await load(hass, server)
    events = async_capture_events(hass, EVENT)
    await server.stranger(camera=1)
    await until_true(hass, lambda: events, EVENT)
    await entry.runtime_data.coordinator.async_refresh()
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"clock_wrong_{entry.entry_id}")
    assert issue is not None
    await server.stranger(camera=1)
    await until_true(hass, lambda: len(events) > 1, EVENT)
    assert [event.data["late"] for event in events] == [True, False]


async def test_restart(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """What happens while Home Assistant is down arrives after it, each once."""
    await server.recognize(1, camera=1)
    entry = await load(hass, server)
    events = async_capture_events(hass, EVENT)
    assert not events
    await server.recognize(2, camera=1)
    await until_true(hass, lambda: len(events) == 1, EVENT)

    assert await hass.config_entries.async_unload(entry.entry_id)
    for number in range(60):
        await server.recognize(1 + number % 3, camera=1)
    server.delete_from_middle(5)
    server.quirks.order = Order.ASCENDING
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until_true(hass, lambda: len(events) == 56, EVENT)
    await server.stranger(camera=2)
    await until_true(hass, lambda: len(events) == 57, EVENT)
    assert len({event.data["alarm_id"] for event in events}) == 57


async def test_tasks(hass: HomeAssistant, server: CamGuardServer, address: str) -> None:
    """Tasks are switches of the server."""
    entry = await load(hass, server)
    switch = entity_id(hass, entry, "task_1")
    assert hass.states.get(switch).state == STATE_ON
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": switch}, blocking=True
    )
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(switch).state == STATE_OFF
    assert await server.recognize(1, camera=1) == []


async def test_camera_away(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """A camera that the server does not reach is shown as such."""
    entry = await load(hass, server)
    online = entity_id(hass, entry, "2_online")
    assert hass.states.get(online).state == STATE_ON
    server.set_camera_status(2, online=False)
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(online).state == STATE_OFF


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
    hass: HomeAssistant, server: CamGuardServer, address: str, photo: Photo
) -> None:
    """Somebody is enrolled on the black list, met, forgiven and removed."""
    entry = await load(hass, server)
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
    uploads = server.journal.count("/UploadPersonPicture")
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "enroll_person", hub, **enrolled)
    assert caught.value.translation_key == "invalid_request"
    assert server.journal.count("/UploadPersonPicture") == uploads
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
    hass: HomeAssistant, server: CamGuardServer, address: str, photo: Photo
) -> None:
    """A picture that nobody can be enrolled with does not stay on the server."""
    entry = await load(hass, server)
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
    (sent,) = server.journal.bodies("/DeletePicture")
    assert await server.device.files.read(sent["pic_url"]) is None


async def test_compare(
    hass: HomeAssistant, server: CamGuardServer, address: str, photo: Photo
) -> None:
    """Two pictures are compared, and none of them stays."""
    entry = await load(hass, server)
    ada, boris = photo(pictures.face(1)), photo(pictures.face(2))
    hub = device(hass, entry)
    same = await act(hass, "compare_faces", hub, picture=ada, other_picture=ada)
    other = await act(hass, "compare_faces", hub, picture=ada, other_picture=boris)
    assert same["similarity"] == pytest.approx(100, abs=0.1)
    assert other["similarity"] < 95
    assert server.journal.count("/UploadPersonPicture") == 4
    assert server.journal.count("/DeletePicture") == 4


async def test_search_cameras(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """The server finds cameras in its network, and tells the stream of one."""
    server.device.time_scale = 0.01
    entry = await load(hass, server)
    hub = device(hass, entry)
    found = await act(hass, "search_cameras", hub)
    assert [(c["address"], c["manufacturer"]) for c in found["cameras"]] == [
        ("192.0.2.201", "Hikvision"),
        ("192.0.2.202", "Dahua"),
        ("192.0.2.203", "Uniview"),
    ]
    login = {"username": "admin", "password": "camera123"}
    answer = await act(hass, "search_cameras", hub, address="192.0.2.202", **login)
    (stream,) = answer["streams"]
    assert stream.startswith("rtsp://admin:camera123@")
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "search_cameras", hub, address="192.0.2.99")
    assert caught.value.translation_key == "rejected_by_hub"


async def test_task_numbers(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """Threshold and interval of a task are numbers; each leaves the rest alone."""
    entry = await load(hass, server)
    threshold = entity_id(hass, entry, "task_threshold_3")
    interval = entity_id(hass, entry, "task_interval_3")
    before = replace(server.device.tasks[3])

    async def write(entity: str, value: float) -> None:
        await hass.services.async_call(
            "number", "set_value", {"entity_id": entity, "value": value}, blocking=True
        )
        await until(hass, entity, lambda state: float(state.state) == value)

    assert float(hass.states.get(threshold).state) == 80
    told = float(hass.states.get(interval).state)
    assert told == (3 if server.quirks.interval_in_seconds else 3000)

    await write(threshold, 75)
    assert server.device.tasks[3] == replace(before, threshold=0.75)
    await write(interval, told * 2)
    assert server.device.tasks[3] == replace(before, threshold=0.75, interval=6000)
    await write(threshold, 80)
    assert server.device.tasks[3] == replace(before, interval=6000)


async def test_configuration(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """The server's own configuration is read as it is, and changed with consent."""
    entry = await load(hass, server)
    hub = device(hass, entry)
    storage = {"ip": "192.0.2.8", "port": 10009}
    call = {
        "operation": "config_update",
        "parameters": {"name": "StorageServer", "config": storage},
    }
    with pytest.raises(ServiceValidationError):
        await act(hass, "call_operation", hub, **call)
    assert server.device.configs["StorageServer"]["ip"] == server.host
    await act(hass, "call_operation", hub, **call, confirm=True)
    call = {"operation": "config_get", "parameters": {"name": "StorageServer"}}
    answer = await act(hass, "call_operation", hub, **call)
    told = (answer.get("info") or answer["Info"])["config"]
    assert (json.loads(told) if isinstance(told, str) else told) == storage


async def test_past(hass: HomeAssistant, server: CamGuardServer, address: str) -> None:
    """What happened before is asked of the server, what came is in the browser."""
    await server.recognize(1, camera=1)
    await server.stranger(camera=2)
    entry = await load(hass, server)
    events = async_capture_events(hass, EVENT)
    await server.recognize(4, camera=1)
    await until_true(hass, lambda: events, EVENT)

    hub = device(hass, entry)
    found = await act(hass, "search_alarms", hub, source="hub")
    assert {(alarm["channel"], alarm["kind"]) for alarm in found["alarms"]} == {
        ("1", "face_blacklisted"),
        ("2", "face_stranger"),
        ("1", "face_recognized"),
    }
    front = device(hass, entry, "1")
    found = await act(hass, "search_alarms", front, source="hub", person="winter")
    (alarm,) = found["alarms"]
    assert alarm["matches"][0]["name"] == "Ada Winter"
    assert (alarm["key"], alarm["late"]) == (None, True)

    assert await async_setup_component(hass, "media_source", {})
    (day,) = [
        child
        for child in (await follow(hass, "Faces", "Front door")).children or ()
        if child.title != "Recordings"
    ]
    (row,) = (await async_browse_media(hass, day.media_content_id)).children or ()
    assert row.title.endswith("· Blacklisted face · Unwelcome Visitor")


async def test_removal(
    hass: HomeAssistant, server: CamGuardServer, address: str
) -> None:
    """Who removes the entry keeps nothing of it, and the server is left alone."""
    entry = await load(hass, server)
    events = async_capture_events(hass, EVENT)
    await server.recognize(1, camera=1)
    await until_true(hass, lambda: events, EVENT)
    archive = entry.runtime_data.alarms.archive
    assert (await archive.usage(entry.entry_id)).alarms == 1

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    server.journal.clear()
    assert (await archive.usage(entry.entry_id)).alarms == 0
    assert not dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert len(server.records) == 1
    await hass.async_block_till_done()
    assert len(server.journal) == 0

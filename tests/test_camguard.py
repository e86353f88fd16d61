"""A CamGuard server in Home Assistant: alarms that are read, tasks, people."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientTimeout
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.camguard import transport
from custom_components.vision_hub.vendors.camguard.hub import records
from simulators.camguard import CamGuardServer, Order, Quirks
from simulators.faults import Fault

from .conftest import entity_id, until, until_true

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
    """Tasks are switches of the server, with a threshold and an interval."""
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

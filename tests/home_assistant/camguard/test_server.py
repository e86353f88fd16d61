"""A CamGuard server in Home Assistant: to add, to change, and to lose it."""

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.alarms import EVENT_ALARM as EVENT
from custom_components.vision_hub.const import DOMAIN
from simulators.camguard import CamGuardServer

from ...conftest import Setup, connection, until_true
from ..conftest import until_login_is_asked_for


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


async def test_move(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """A server that moved is the same hub, at whatever address."""
    entry = await start_hub(server)
    async with CamGuardServer(channels=4, password="Another-2") as moved:
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(moved, password="Another-2")
        )
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert entry.unique_id == f"camguard_{server.serial}"
        assert entry.data["port"] == moved.port
        assert entry.state is ConfigEntryState.LOADED


async def test_reauthentication(
    hass: HomeAssistant,
    server: CamGuardServer,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A changed password is asked for; an ended session is not noticed."""
    entry = await start_hub(server)
    server.expire_session()
    await entry.runtime_data.coordinator.async_refresh()
    assert entry.runtime_data.coordinator.last_update_success

    server.change_password("Another-Word-2")
    server.expire_session()
    flow = await until_login_is_asked_for(hass, entry, monkeypatch)
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "admin", "password": "Another-Word-2"}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_removal(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """Who removes the entry keeps nothing of it, and the server is left alone."""
    entry = await start_hub(server)
    events = async_capture_events(hass, EVENT)
    await server.recognize(1, camera=1)
    await until_true(hass, lambda: events, EVENT)
    archive = entry.runtime_data.alarms.archive
    assert (await archive.usage(entry.entry_id)).alarms == 1

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    server.request_log.clear()
    assert (await archive.usage(entry.entry_id)).alarms == 0
    assert not dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert len(server.records) == 1
    await hass.async_block_till_done()
    assert len(server.request_log) == 0

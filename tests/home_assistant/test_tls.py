"""Devices that speak TLS with a certificate that nobody signed."""

from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.camguard.hub import records
from simulators.camguard import CamGuardServer
from simulators.megvii import MegviiBox
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from ..conftest import connection as of_box, entity_id, until, until_true
from ..helpers.camguard import PASSWORD as SERVER_PASSWORD, connection as of_server
from ..helpers.megvii import connection as of_megbox
from ..helpers.sensetime import PASSWORD as NODE_PASSWORD, connection as of_node
from ..helpers.tls import self_signed, tls_before


async def add(
    hass: HomeAssistant, vendor: str, entered: dict[str, Any]
) -> ConfigEntry[Any]:
    """Add a device whose certificate must not be verified."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": vendor})
    result = await hass.config_entries.flow.async_configure(
        flow, entered | {"verify_ssl": True}
    )
    assert result["errors"] == {"base": "invalid_certificate"}
    result = await hass.config_entries.flow.async_configure(flow, entered)
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry: ConfigEntry[Any] = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_ON
    return entry


async def test_node(hass: HomeAssistant, address: str, tmp_path: Path) -> None:
    """Requests, pushes and pictures of a node come over TLS."""
    async with (
        SenseTimeNode(channels=2, password=NODE_PASSWORD) as node,
        tls_before(node.host, node.port, self_signed(tmp_path, node.host)) as port,
    ):
        entry = await add(hass, "sensetime", of_node(node, port=port, ssl=True))
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        events = async_capture_events(hass, "vision_hub_alarm")
        await node.recognize("staff-0001", channel=1)
        await until_true(hass, lambda: events, "vision_hub_alarm")
        assert events[0].data["kind"] == "face_recognized"
        picture = await entry.runtime_data.hub.fetch(node.device.captures[-1].snap_path)
        assert picture.startswith(b"\xff\xd8\xff")
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_box(
    hass: HomeAssistant, box: UniviewBox, address: str, tmp_path: Path
) -> None:
    """A box is read over TLS."""
    certificate = self_signed(tmp_path, box.host)
    async with tls_before(box.host, box.port, certificate) as port:
        entry = await add(hass, "uniview", of_box(box, port=port, ssl=True))
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_megbox(hass: HomeAssistant, address: str, tmp_path: Path) -> None:
    """A MegBox is read over TLS, and pushes."""
    await hass.config.async_update(internal_url=address)
    async with (
        MegviiBox() as box,
        tls_before(box.host, box.port, self_signed(tmp_path, box.host)) as port,
    ):
        entry = await add(hass, "megvii", of_megbox(box, port=port, ssl=True))
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        events = async_capture_events(hass, "vision_hub_alarm")
        await box.capture("human", 3)
        await until_true(hass, lambda: events, "vision_hub_alarm")
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_server(
    hass: HomeAssistant,
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Records and pictures of a server behind a proxy are asked for over TLS."""
    monkeypatch.setattr(records, "FASTEST", 0.05)
    monkeypatch.setattr(records, "SLOWEST", 0.2)
    async with (
        CamGuardServer(password=SERVER_PASSWORD) as server,
        tls_before(
            server.host, server.port, self_signed(tmp_path, server.host)
        ) as port,
    ):
        entry = await add(hass, "camguard", of_server(server, port=port, ssl=True))
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        events = async_capture_events(hass, "vision_hub_alarm")
        await server.recognize(1, camera=1)
        await until_true(hass, lambda: events, "vision_hub_alarm")
        assert events[0].data["kind"] == "face_recognized"
        picture = await entry.runtime_data.hub.fetch(server.records[0].capture)
        assert picture.startswith(b"\xff\xd8\xff")
        assert await hass.config_entries.async_unload(entry.entry_id)

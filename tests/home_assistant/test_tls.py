"""Devices that speak TLS with a certificate that nobody signed."""

from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.const import DOMAIN
from simulators.camguard import CamGuardServer
from simulators.megvii import MegviiBox
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, connection, entity_id, new_entry, until, until_true
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
        SenseTimeNode(channels=2, password=PASSWORD) as node,
        tls_before(node.host, node.port, self_signed(tmp_path, node.host)) as port,
    ):
        entry = await add(hass, "sensetime", connection(node, port=port, ssl=True))
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
        entry = await add(hass, "uniview", connection(box, port=port, ssl=True))
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_megbox(hass: HomeAssistant, address: str, tmp_path: Path) -> None:
    """A MegBox is read over TLS, and pushes."""
    await hass.config.async_update(internal_url=address)
    async with (
        MegviiBox() as box,
        tls_before(box.host, box.port, self_signed(tmp_path, box.host)) as port,
    ):
        entry = await add(hass, "megvii", connection(box, port=port, ssl=True))
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        events = async_capture_events(hass, "vision_hub_alarm")
        await box.capture("human", 3)
        await until_true(hass, lambda: events, "vision_hub_alarm")
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_server(hass: HomeAssistant, address: str, tmp_path: Path) -> None:
    """Records and pictures of a server behind a proxy are asked for over TLS."""
    async with (
        CamGuardServer(password=PASSWORD) as server,
        tls_before(
            server.host, server.port, self_signed(tmp_path, server.host)
        ) as port,
    ):
        entry = await add(hass, "camguard", connection(server, port=port, ssl=True))
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        events = async_capture_events(hass, "vision_hub_alarm")
        await server.recognize(1, camera=1)
        await until_true(hass, lambda: events, "vision_hub_alarm")
        assert events[0].data["kind"] == "face_recognized"
        picture = await entry.runtime_data.hub.fetch(server.records[0].capture)
        assert picture.startswith(b"\xff\xd8\xff")
        assert await hass.config_entries.async_unload(entry.entry_id)


async def begin(hass: HomeAssistant, vendor: str) -> str:
    """Return a flow that waits for an address."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow: str = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": vendor})
    return flow


async def test_https_is_wanted(
    hass: HomeAssistant, box: UniviewBox, address: str, tmp_path: Path
) -> None:
    """Who mixes up the ports of HTTP and HTTPS is told so, whatever the vendor."""
    context = self_signed(tmp_path, box.host)
    async with (
        SenseTimeNode(channels=1, password=PASSWORD) as node,
        CamGuardServer(password=PASSWORD) as server,
        MegviiBox() as megbox,
        tls_before(box.host, box.port, context) as port,
    ):
        for vendor, entered in (
            ("uniview", connection(box)),
            ("sensetime", connection(node)),
            ("camguard", connection(server)),
            ("megvii", connection(megbox)),
        ):
            flow = await begin(hass, vendor)
            result = await hass.config_entries.flow.async_configure(
                flow, entered | {"port": port}
            )
            assert result["errors"] == {"base": "https_required"}
            told = result["description_placeholders"]
            assert (told["hub"], told["port"]) == (f"{box.host}:{port}", str(port))
            result = await hass.config_entries.flow.async_configure(
                flow, entered | {"ssl": True}
            )
            assert result["errors"] == {"base": "https_unsupported"}


async def test_tls_that_fails_later(
    hass: HomeAssistant, box: UniviewBox, address: str, tmp_path: Path
) -> None:
    """An entry tells why TLS fails, and so do the forms that change it."""
    certificate = self_signed(tmp_path, box.host)
    async with tls_before(box.host, box.port, certificate) as port:
        entry = new_entry(box, address)
        entry.add_to_hass(hass)
        for changes, error in (
            ({"ssl": True, "verify_ssl": True, "port": port}, "invalid_certificate"),
            ({"ssl": False, "port": port}, "https_required"),
            ({"ssl": True, "port": box.port}, "https_unsupported"),
        ):
            hass.config_entries.async_update_entry(
                entry, data={**entry.data, **changes}
            )
            await hass.config_entries.async_setup(entry.entry_id)
            assert entry.state is ConfigEntryState.SETUP_RETRY
            assert entry.error_reason_translation_key == error
            form = await entry.start_reauth_flow(hass)
            result = await hass.config_entries.flow.async_configure(
                form["flow_id"],
                {
                    "username": entry.data["username"],
                    "password": entry.data["password"],
                },
            )
            assert result["errors"] == {"base": error}
            hass.config_entries.flow.async_abort(form["flow_id"])
            await hass.config_entries.async_unload(entry.entry_id)

"""A MegBox in Home Assistant: added, moved, and its ways of alarms chosen."""

from collections.abc import AsyncIterator
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from custom_components.vision_hub.vendors import login_refusal
from simulators.megvii import MegviiBox

from ...conftest import PASSWORD, Setup, connection, entity_id, until
from ..conftest import let_time_pass, until_login_is_asked_for


@pytest.fixture(params=[False, True], ids=["open", "digest"])
async def box(request: pytest.FixtureRequest) -> AsyncIterator[MegviiBox]:
    """A box as it comes, and one that asks for a password."""
    async with MegviiBox(digest=request.param, password=PASSWORD) as box:
        yield box


@pytest.fixture
async def locked() -> AsyncIterator[MegviiBox]:
    """A box that asks for a password."""
    async with MegviiBox(digest=True, password=PASSWORD) as box:
        yield box


def credentials(password: str) -> dict[str, str]:
    return {"username": "admin", "password": password}


async def start_flow(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow: str = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": "megvii"})
    return flow


async def test_add_open_box(hass: HomeAssistant, address: str) -> None:
    """A box as it comes needs no password; it is there once only."""
    async with MegviiBox() as box:
        result = await hass.config_entries.flow.async_configure(
            await start_flow(hass), connection(box)
        )
        await hass.async_block_till_done()
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["title"] == box.device.model
        entry = result["result"]
        assert entry.unique_id == f"megvii_{box.device.device_id}"
        assert entry.state is ConfigEntryState.LOADED
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        assert {device.name for device in devices} == {
            box.device.model,
            *(channel.name for channel in box.device.channels.values()),
        }
        (hub,) = [device for device in devices if device.via_device_id is None]
        assert (dr.CONNECTION_NETWORK_MAC, box.device.mac) in hub.connections

        result = await hass.config_entries.flow.async_configure(
            await start_flow(hass), connection(box)
        )
        assert (result["type"], result["reason"]) == (
            FlowResultType.ABORT,
            "already_configured",
        )


async def test_add_locked_box(
    hass: HomeAssistant, address: str, locked: MegviiBox
) -> None:
    """A box that asks for a password is told a wrong one once, and then the right one."""
    flow = await start_flow(hass)
    configure = hass.config_entries.flow.async_configure
    result = await configure(flow, connection(locked))
    assert result["errors"] == {"base": "invalid_auth"}
    result = await configure(flow, connection(locked, **credentials("wrong")))
    assert result["errors"] == {"base": "invalid_auth"}
    tries = [entry for entry in locked.request_log if entry.path.endswith("/devices")]
    # One without, one with a challenge and an answer to it.
    assert len(tries) <= 3
    result = await configure(flow, connection(locked, **credentials(PASSWORD)))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].state is ConfigEntryState.LOADED


async def test_add_while_locked_out(
    hass: HomeAssistant, address: str, locked: MegviiBox
) -> None:
    """A lock is told as such, though the password is right."""
    locked.lock_out()
    result = await hass.config_entries.flow.async_configure(
        await start_flow(hass), connection(locked, **credentials(PASSWORD))
    )
    assert result["errors"] == {"base": "locked_out"}


async def test_reauthentication(
    hass: HomeAssistant,
    start_hub: Setup,
    locked: MegviiBox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A changed password is asked for."""
    entry = await start_hub(locked)
    locked.digest_auth.password = "Another-Word-2"
    locked.expire_nonces()
    flow = await until_login_is_asked_for(hass, entry, monkeypatch)
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], credentials("Another-Word-2")
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_password_from_now_on(
    hass: HomeAssistant, start_hub: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who switches digest on at an open box is asked for the password."""
    async with MegviiBox(password=PASSWORD) as box:
        entry = await start_hub(box)
        box.device.settings.model["digestMode"] = True
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, "password": ""}
        )
        for _ in range(login_refusal.SURE_AFTER):
            await hass.config_entries.async_reload(entry.entry_id)
            await hass.async_block_till_done()
            assert entry.state is ConfigEntryState.SETUP_RETRY
            let_time_pass(monkeypatch, login_refusal.RETRY_INTERVAL)
        (flow,) = hass.config_entries.flow.async_progress()
        await hass.config_entries.flow.async_configure(
            flow["flow_id"], credentials(PASSWORD)
        )
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED


async def test_stale_nonce(
    hass: HomeAssistant, start_hub: Setup, box: MegviiBox
) -> None:
    """A nonce that ended is renewed, and nobody notices."""
    entry = await start_hub(box)
    box.expire_nonces()
    await entry.runtime_data.coordinator.async_refresh()
    assert entry.runtime_data.coordinator.last_update_success
    assert not hass.config_entries.flow.async_progress()


async def test_move(hass: HomeAssistant, start_hub: Setup, box: MegviiBox) -> None:
    """A box that moved is found again; another one is refused."""
    entry = await start_hub(box)
    async with MegviiBox(password=PASSWORD, seed=5) as another:
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(another, **credentials(PASSWORD))
        )
        assert result["reason"] == "another_hub"

        another.device.mac = box.device.mac
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(another, **credentials(PASSWORD))
        )
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert entry.data["port"] == another.port
        assert entry.state is ConfigEntryState.LOADED


async def test_options(
    hass: HomeAssistant,
    address: str,
    start_hub: Setup,
    box: MegviiBox,
    unused_tcp_port: int,
) -> None:
    """Each way of alarms can be chosen; what the last one took is given back."""
    settings = box.device.settings
    entry = await start_hub(box)

    async def choose(**options: Any) -> None:
        result = await hass.config_entries.options.async_init(entry.entry_id)
        result = await hass.config_entries.options.async_configure(
            result["flow_id"],
            {
                OPTION_CALLBACK_URL: address,
                "keep_days": 7,
                "keep_megabytes": 100,
                **options,
            },
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)

    def receivers() -> list[str]:
        reports = settings.http_reports
        return [
            reports["main"]["url"],
            reports["slave"]["url"],
            *(part["reportServerAdd"] for part in settings.reports.values()),
            settings.heartbeat["serverAdd"],
        ]

    ours = f"{address}/api/vision_hub/push/{'m' * 43}"
    socket = f"ws{ours.removeprefix('http')}"
    assert receivers() == [ours, "", "", "", ""]
    assert settings.http_reports["enable"]
    await choose(push="websocket")
    assert receivers() == ["", "", socket, socket, socket]
    assert not settings.http_reports["enable"]
    await choose(push="websocket", socket_port=unused_tcp_port)
    own = f"ws://127.0.0.1:{unused_tcp_port}/"
    assert receivers() == ["", "", own, own, own]
    await choose(push="polling")
    assert receivers() == ["", "", "", "", ""]
    await choose(push="http")
    assert receivers() == [ours, "", "", "", ""]
    await choose(push="automatic")
    assert receivers() == [ours, "", "", "", ""]
    await hass.config_entries.async_remove(entry.entry_id)
    assert receivers() == ["", "", "", "", ""]

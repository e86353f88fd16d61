"""A Home Assistant that listens on loopback, and virtual devices for it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp.test_utils import TestServer
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors import VENDORS
from custom_components.vision_hub.vendors.camguard.hub import record_listener
from custom_components.vision_hub.vendors.contract import Hub
from simulators.huawei import HuaweiCloud
from simulators.uniview import UniviewBox
from simulators.vendors import vendors

from .helpers.huawei import subscribed
from .helpers.hubs import (
    PASSWORD,
    Device,
    HubEntry,
    Setup,
    connection,
    entity_id,
    new_entry,
)
from .helpers.memory_hub import vendor as vendor_in_memory
from .helpers.waiting import until, until_entry, until_true

__all__ = [
    "PASSWORD",
    "HubEntry",
    "Setup",
    "connection",
    "entity_id",
    "new_entry",
    "until",
    "until_entry",
    "until_true",
]


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give every test a configuration folder of its own."""
    return hass_tmp_config_dir


@pytest.fixture
async def enable_event_loop_debug(request: pytest.FixtureRequest) -> None:
    """Let calls from wrong threads be found where Home Assistant is at work.

    It takes a third of the time of tests that work without it.
    """
    asyncio.get_running_loop().set_debug("hass" in request.fixturenames)


@pytest.fixture(autouse=True)
def _real_sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@pytest.fixture
async def box() -> AsyncGenerator[UniviewBox]:
    """A virtual Uniview box with two channels."""
    async with UniviewBox(channels=2, password=PASSWORD) as box:
        yield box


@pytest.fixture
async def address(
    hass: HomeAssistant,
    enable_custom_integrations: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[str]:
    """Set up the integration; return where Home Assistant listens."""
    # Records are read as often as they come here.
    monkeypatch.setattr(record_listener, "FASTEST", 0.05)
    monkeypatch.setattr(record_listener, "SLOWEST", 0.2)
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    assert await async_setup_component(hass, DOMAIN, {})
    # As Home Assistant's own server does: components may come later.
    hass.http.app._router.freeze = lambda: None
    server = TestServer(hass.http.app)
    # A WebSocket that is still open is cut, and not waited for.
    await server.start_server(shutdown_timeout=0.1)
    yield str(server.make_url("")).rstrip("/")
    await server.close()


@pytest.fixture
async def set_up(
    hass: HomeAssistant, address: str, monkeypatch: pytest.MonkeyPatch
) -> Setup:
    """Return a function that sets up an entry for a device, whatever comes of it."""

    async def set_up(device: Device, **options: object) -> HubEntry:
        if isinstance(device, Hub):
            monkeypatch.setitem(VENDORS, "memory", vendor_in_memory(device))
        entry = new_entry(device, address, **options)
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return set_up


@pytest.fixture
async def start_hub(address: str, set_up: Setup) -> AsyncGenerator[Setup]:
    """Return a function that loads a hub and waits until it is listened to.

    The hub is a vendor's name, a virtual device or a hub in memory; what else is given
    are options of the entry. The device of a vendor that was named ends with the test.
    """
    async with AsyncExitStack() as stack:

        async def start_hub(device: str | Device, **options: object) -> HubEntry:
            if isinstance(device, str):
                made = vendors()[device].make(password=PASSWORD)
                device = await stack.enter_async_context(made)
            entry = await set_up(device, **options)
            if isinstance(device, HuaweiCloud):
                # What it calls at first is only to find out whether we are there.
                await subscribed(device, address)
            await entry.until("push", STATE_ON)
            return entry

        yield start_hub


@pytest.fixture
async def entry(box: UniviewBox, start_hub: Setup) -> HubEntry:
    """A loaded entry for the box, subscribed to its alarms."""
    return await start_hub(box)

"""A Home Assistant that listens on loopback, and virtual boxes for it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from aiohttp.test_utils import TestServer
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from simulators.uniview import UniviewBox

PASSWORD = "open sesame"


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give every test a configuration folder of its own."""
    return hass_tmp_config_dir


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
    hass: HomeAssistant, enable_custom_integrations: None, tmp_path: Any
) -> AsyncGenerator[str]:
    """Set up the integration; return where Home Assistant listens."""
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    assert await async_setup_component(hass, DOMAIN, {})
    # As Home Assistant's own server does: components may come later.
    hass.http.app._router.freeze = lambda: None
    server = TestServer(hass.http.app)
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()


def connection(box: UniviewBox, **changes: Any) -> dict[str, Any]:
    """Return what a user enters for a box."""
    return {
        "host": box.host,
        "port": box.port,
        "ssl": False,
        "verify_ssl": False,
        "username": "admin",
        "password": PASSWORD,
    } | changes


def new_entry(box: UniviewBox, address: str, **options: Any) -> MockConfigEntry:
    """Return an entry for a box, as the config flow would make it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Shop",
        unique_id=f"uniview_{box.serial}",
        data={**connection(box), "vendor": "uniview", "token": "t" * 43},
        options={OPTION_CALLBACK_URL: address, **options},
    )


type Setup = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture
async def set_up(hass: HomeAssistant, address: str) -> Setup:
    """Return a function that loads an entry for a box and waits for its subscription."""

    async def set_up(box: UniviewBox, **options: Any) -> MockConfigEntry:
        entry = new_entry(box, address, **options)
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return set_up


@pytest.fixture
async def entry(hass: HomeAssistant, box: UniviewBox, set_up: Setup) -> MockConfigEntry:
    """A loaded entry for the box, subscribed to its alarms."""
    entry = await set_up(box)
    await until(hass, entity_id(hass, entry, "push"), "on")
    return entry


def entity_id(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return the entity whose unique id ends so: `<channel>_<key>` or `<key>`."""
    unique_id = f"{entry.unique_id}_{key}"
    found = [
        registered.entity_id
        for registered in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if registered.unique_id == unique_id
    ]
    assert len(found) == 1, f"{key}: {found}"
    return found[0]


async def until(
    hass: HomeAssistant,
    entity: str,
    wanted: str | Callable[[State], bool],
    timeout: float = 10,
) -> State:
    """Wait for the state of an entity, and return it."""

    def fits() -> bool:
        state = hass.states.get(entity)
        return state is not None and (
            state.state == wanted if isinstance(wanted, str) else wanted(state)
        )

    try:
        await until_true(hass, fits, EVENT_STATE_CHANGED, timeout)
    except TimeoutError:
        pytest.fail(f"{entity} stayed {hass.states.get(entity)}")
    state = hass.states.get(entity)
    assert state is not None
    return state


async def until_true(
    hass: HomeAssistant,
    condition: Callable[[], Any],
    event: str,
    timeout: float = 10,
) -> None:
    """Wait for a condition that may become true at an event."""
    done = asyncio.Event()

    @callback
    def look(_: Event[Any]) -> None:
        if condition():
            done.set()

    remove = hass.bus.async_listen(event, look)
    try:
        async with asyncio.timeout(timeout):
            if not condition():
                await done.wait()
    finally:
        remove()


async def until_entry(
    hass: HomeAssistant, entry: MockConfigEntry, state: ConfigEntryState
) -> None:
    """Wait for the state of an entry."""
    done = asyncio.Event()

    @callback
    def look(_: ConfigEntryChange, changed: ConfigEntry) -> None:
        if changed is entry and entry.state is state:
            done.set()

    remove = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, look)
    try:
        async with asyncio.timeout(10):
            if entry.state is not state:
                await done.wait()
    finally:
        remove()

"""How the hub of an entry is reached, and how it reaches us."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .alarms.receiving import CallbackEndpoint
from .const import CONF_TOKEN, CONF_VENDOR, OPTION_CALLBACK_URL
from .hub_store import async_hub_store
from .vendors import VENDORS
from .vendors.contract import Hub, Vendor


def open_hub(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Hub:
    """Return the hub of an entry, not yet connected. Whoever gets it closes it."""
    vendor = VENDORS[entry.data[CONF_VENDOR]]
    options = {
        field.name: entry.options[field.name]
        for field in vendor.options
        if field.name in entry.options
    }
    return _new_hub(hass, vendor, {**entry.data, **options})


@asynccontextmanager
async def visit_hub(hass: HomeAssistant, entry: ConfigEntry[Any]) -> AsyncIterator[Hub]:
    """Connect to the hub of an entry, beside the entry itself, and leave it again."""
    async with _connected(open_hub(hass, entry)) as hub:
        yield hub


@asynccontextmanager
async def try_hub(
    hass: HomeAssistant, vendor: Vendor, config: Mapping[str, Any]
) -> AsyncIterator[Hub]:
    """Connect to the hub that somebody entered, and leave it again."""
    async with _connected(_new_hub(hass, vendor, config)) as hub:
        yield hub


def _new_hub(hass: HomeAssistant, vendor: Vendor, config: Mapping[str, Any]) -> Hub:
    session = async_get_clientsession(
        hass, verify_ssl=config.get(CONF_VERIFY_SSL, True)
    )
    return vendor.open(config, session, async_hub_store(hass))


@asynccontextmanager
async def _connected(hub: Hub) -> AsyncIterator[Hub]:
    # Sessions that nobody closes pile up, and a hub has few.
    try:
        await hub.connect()
        yield hub
    finally:
        await hub.close()


def callback_endpoint(hass: HomeAssistant, entry: ConfigEntry[Any]) -> CallbackEndpoint:
    """Return where the hub of an entry reaches us."""
    return CallbackEndpoint(
        hass,
        entry.entry_id,
        token=entry.data[CONF_TOKEN],
        base_url=entry.options.get(OPTION_CALLBACK_URL),
        prefer_external=(vendor := VENDORS.get(entry.data[CONF_VENDOR])) is not None
        and vendor.in_cloud,
        name=entry.title,
    )

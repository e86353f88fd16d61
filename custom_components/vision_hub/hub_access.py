"""How the hub of an entry is reached, and how it reaches us."""

from collections.abc import Mapping
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


def new_hub(hass: HomeAssistant, vendor: Vendor, config: Mapping[str, Any]) -> Hub:
    """Return a hub, not yet connected. Whoever gets it closes it."""
    session = async_get_clientsession(
        hass, verify_ssl=config.get(CONF_VERIFY_SSL, True)
    )
    return vendor.open(config, session, async_hub_store(hass))


def open_hub(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Hub:
    """Return the hub of an entry, not yet connected."""
    vendor = VENDORS[entry.data[CONF_VENDOR]]
    options = {
        field.name: entry.options[field.name]
        for field in vendor.options
        if field.name in entry.options
    }
    return new_hub(hass, vendor, {**entry.data, **options})


def callback_endpoint(hass: HomeAssistant, entry: ConfigEntry[Any]) -> CallbackEndpoint:
    """Return where the hub of an entry reaches us."""
    return CallbackEndpoint(
        hass,
        entry.entry_id,
        token=entry.data[CONF_TOKEN],
        base_url=entry.options.get(OPTION_CALLBACK_URL),
        prefer_external=(vendor := VENDORS.get(entry.data[CONF_VENDOR])) is not None
        and vendor.in_cloud,
    )

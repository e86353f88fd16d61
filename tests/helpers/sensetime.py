"""A virtual SenseTime node in Home Assistant, as its tests need it."""

from typing import Any

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from simulators.sensetime import SenseTimeNode

from ..conftest import entity_id, until

PASSWORD = "Open-Sesame-1"


def connection(node: SenseTimeNode, **changes: Any) -> dict[str, Any]:
    return {
        "host": node.host,
        "port": node.port,
        "ssl": False,
        "verify_ssl": False,
        "username": "admin",
        "password": PASSWORD,
    } | changes


def new_entry(node: SenseTimeNode, address: str, **options: Any) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title="Node",
        unique_id=f"sensetime_{node.serial}",
        data={**connection(node), "vendor": "sensetime", "token": "s" * 43},
        options={OPTION_CALLBACK_URL: address, **options},
    )


async def load(
    hass: HomeAssistant, node: SenseTimeNode, address: str, **options: Any
) -> MockConfigEntry:
    entry = new_entry(node, address, **options)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    return entry

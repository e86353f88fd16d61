"""A virtual CamGuard server in Home Assistant, as its tests need it."""

from typing import Any

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from simulators.camguard import CamGuardServer

from ..conftest import entity_id, until

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

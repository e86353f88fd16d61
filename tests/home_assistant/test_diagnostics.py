"""What a user sends us when something is wrong."""

import json

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.const import DOMAIN
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD


async def test_diagnostics_keep_secrets(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """What a user sends us holds no address, name, password or token."""
    person = next(iter(box.device.people.values()))
    push = await box.face(channel_id=1, person_id=person.person_id)
    assert await push.delivered(timeout=5)
    await async_setup_component(hass, "diagnostics", {})
    diagnostics = json.dumps(
        await get_diagnostics_for_config_entry(hass, hass_client, entry)
    )
    secrets = (PASSWORD, entry.data["token"], box.serial, person.name, "rtsp:")
    for secret in secrets:
        assert secret not in diagnostics
    assert "no_helmet" in diagnostics


async def test_system_health(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The system information page counts hubs and channels."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    assert info["hubs"] == 1
    assert info["channels"] == 2
    assert info["push"] == "listening: 1"

"""What tests in Home Assistant share."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry


async def refresh(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Poll now."""
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()

"""What the system information page tells about Vision Hub."""

from collections import Counter
from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .alarms.archive import ARCHIVE
from .const import DOMAIN
from .coordinator import VisionHubConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Offer the information."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many hubs there are, how they are heard and what is stored."""
    entries: list[VisionHubConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    push = Counter(entry.runtime_data.alarms.push for entry in entries)
    usage = await hass.data[ARCHIVE].usage()
    return {
        "hubs": len(entries),
        "channels": sum(
            len(entry.runtime_data.coordinator.data.channels) for entry in entries
        ),
        "push": ", ".join(f"{state}: {count}" for state, count in push.items()),
        "alarms": usage.alarms,
        "megabytes": round(usage.size / 1_000_000, 1),
    }

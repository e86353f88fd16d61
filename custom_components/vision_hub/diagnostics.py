"""What helps to find a fault, without anything secret or personal."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant

from .const import CONF_TOKEN, OPTION_CALLBACK_URL
from .coordinator import VisionHubConfigEntry

SECRETS = {
    "access_key",
    "host",
    "password",
    "secret_key",
    "url",
    "user_id",
    "username",
    "configuration_url",
    "mac",
    "name",
    "serial",
    "stream_password",
    "stream_username",
    CONF_TOKEN,
    OPTION_CALLBACK_URL,
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: VisionHubConfigEntry
) -> dict[str, Any]:
    """Return the state of a hub."""
    data = entry.runtime_data
    status = data.coordinator.data
    usage = await data.alarms.archive.usage()
    return {
        "entry": async_redact_data(dict(entry.data), SECRETS),
        "options": async_redact_data(dict(entry.options), SECRETS),
        "hub": async_redact_data(asdict(data.hub.info), SECRETS),
        "capabilities": [
            name
            for name in (
                "streams",
                "snapshots",
                "tasks",
                "history",
                "people",
                "ptz",
                "relays",
                "recordings",
                "heat_maps",
                "voices",
                "schedules",
                "discovery",
                "inspection",
                "settings",
                "commands",
            )
            if getattr(data.hub, name) is not None
        ],
        "last_poll_succeeded": data.coordinator.last_update_success,
        "push": {
            "state": data.alarms.push,
            "error": data.alarms.error and data.alarms.error.key,
            "last_heard": data.alarms.last_heard,
            "places_taken": len(data.alarms.owners),
        },
        "clock_offset": data.alarms.clock_offset,
        "channels": [
            async_redact_data(asdict(channel), SECRETS)
            for channel in status.channels.values()
        ],
        "libraries": [
            async_redact_data(asdict(library), SECRETS) for library in status.libraries
        ],
        "measurements": status.measurements,
        "settings": {
            f"{key.channel or 'hub'} {key.name}": value
            for key, value in status.settings.items()
        },
        "archive": asdict(usage),
    }

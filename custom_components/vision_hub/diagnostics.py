"""What helps to find a fault, without anything secret or personal."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant

from .const import CONF_TOKEN, CONF_VENDOR
from .coordinator import VisionHubConfigEntry
from .redaction import Redactor
from .vendors.contract import FieldType, Hub, Vendor
from .vendors.model import HubStatus

_CAPABILITIES: Final = (
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


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: VisionHubConfigEntry
) -> dict[str, Any]:
    """Return the state of a hub."""
    data = entry.runtime_data
    alarms = data.alarms
    redact = Redactor()
    return {
        "entry": _entered(redact, data.vendor, entry.data),
        "options": _entered(redact, data.vendor, entry.options),
        "hub": redact(data.hub.info),
        "capabilities": [
            name for name in _CAPABILITIES if getattr(data.hub, name) is not None
        ],
        "last_poll_succeeded": data.coordinator.last_update_success,
        "push": {
            "state": redact(alarms.push),
            "outage": redact(alarms.outage),
            "error": alarms.error and alarms.error.key,
            "last_heard": redact(alarms.last_heard),
            "places_taken": len(alarms.owners),
            "refused": redact(alarms.refusals.counts),
            "refused_in_a_row": alarms.refusals.in_a_row,
        },
        # Only keys that the manuals print, and types.
        "not_understood": [
            {
                "place": note.place,
                "oddity": note.oddity,
                "key": note.key,
                "type": note.type,
                "count": count,
            }
            for note, count in data.hub.notes
        ],
        "clock_offset": redact(alarms.clock_offset),
        **_status(redact, data.hub, data.coordinator.data),
        "archive": redact(await alarms.archive.usage()),
    }


def _entered(
    redact: Redactor, vendor: Vendor, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a user entered: choices as they are, of secrets only that they are."""
    types = {field.name: field.type for field in (*vendor.fields, *vendor.options)}
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name == CONF_TOKEN or types.get(name) is FieldType.PASSWORD:
            shown[name] = REDACTED
        elif name == CONF_VENDOR or types.get(name) is FieldType.SELECT:
            shown[name] = value
        else:
            shown[name] = redact(value)
    return shown


def _status(redact: Redactor, hub: Hub, status: HubStatus) -> dict[str, Any]:
    """Return the last poll, each part by its name."""
    told = {field.name: getattr(status, field.name) for field in fields(status)}
    del told["clock_offset"]
    # Their keys are their ids.
    told |= {name: tuple(told[name].values()) for name in ("channels", "devices")}
    specs = {spec.name: spec for spec in (hub.settings.catalog if hub.settings else ())}
    settings = [
        {
            **redact(key),
            "value": value
            if key.name in specs and value in specs[key.name].options
            else redact(value),
        }
        for key, value in sorted(told.pop("settings").items(), key=str)
    ]
    return {name: redact(value) for name, value in told.items()} | {
        "settings": settings
    }

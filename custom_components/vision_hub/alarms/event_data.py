"""Alarms as automations and actions see them."""

from datetime import UTC
from typing import Any, Final
from urllib.parse import quote

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..vendors.model import Box, Target
from .archive import StoredAlarm

DOMAIN: Final = "vision_hub"
EVENT_ALARM: Final = "vision_hub_alarm"


def media_content_id(stored: StoredAlarm, path: str | None = None) -> str | None:
    """Return how media players name a file of an alarm, or what shows it best."""
    if path is None and not stored.pictures:
        return None
    channel = "-" if stored.alarm.channel is None else quote(stored.alarm.channel, "")
    name = "" if path is None else f"/{path.rpartition('/')[2]}"
    return f"media-source://{DOMAIN}/{stored.hub}/{channel}/{stored.key}{name}"


def _box(box: Box | None) -> JsonValueType:
    if box is None:
        return None
    return {
        "left": box.left,
        "top": box.top,
        "right": box.right,
        "bottom": box.bottom,
    }


def target_as_dict(target: Target) -> JsonObjectType:
    """Return what is known of a target."""
    return {
        "type": target.type,
        "plate": target.plate,
        "box": _box(target.box),
        "attributes": dict(target.attributes),
    }


def as_dict(stored: StoredAlarm) -> JsonObjectType:
    """Return what is known of an alarm, without the bytes of pictures."""
    alarm = stored.alarm
    return {
        "entry_id": stored.hub,
        "channel": alarm.channel,
        "channel_name": alarm.channel_name,
        "alarm_id": alarm.id,
        "key": stored.key or None,
        "kind": alarm.kind.value,
        "group": alarm.kind.traits.group.value,
        "code": alarm.code,
        "phase": alarm.phase.value,
        "time": alarm.time.astimezone(UTC).isoformat(),
        "late": stored.late,
        "matches": [
            {
                "person_id": match.person_id,
                "name": match.name,
                "library_id": match.library_id,
                "library": match.library,
                "similarity": match.similarity,
            }
            for match in alarm.matches
        ],
        "targets": [target_as_dict(target) for target in alarm.targets],
        "counts": None
        if alarm.counts is None
        else {
            "entered": alarm.counts.entered,
            "left": alarm.counts.left,
            "inside": alarm.counts.inside,
        },
        "task": alarm.task,
        "passage": alarm.passage and alarm.passage.value,
        "pictures": [
            {
                "role": picture.role.value,
                "media_content_id": media_content_id(stored, picture.path),
            }
            for picture in stored.pictures
        ],
    }


def alarm_event_data(
    hass: HomeAssistant, entry: ConfigEntry[Any], stored: StoredAlarm
) -> JsonObjectType:
    """Return what is fired on the bus: the same for every vendor."""
    registry = dr.async_get(hass)
    hub = registry.async_get_device_by_identifier(
        (DOMAIN, f"{entry.unique_id}"), entry.entry_id
    )
    channel = None
    if stored.alarm.channel is not None:
        channel = registry.async_get_device_by_identifier(
            (DOMAIN, f"{entry.unique_id}:{stored.alarm.channel}"), entry.entry_id
        )
    device = channel or hub
    record = as_dict(stored)
    if channel is not None:
        record["channel_name"] = channel.name_by_user or channel.name
    return {
        "vendor": entry.data.get("vendor"),
        "hub": entry.title,
        "device_id": device.id if device is not None else None,
        **record,
    }

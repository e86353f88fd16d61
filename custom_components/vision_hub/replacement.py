"""Another box answers where a hub was: told to the user, who may let it replace the hub."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .alarms.archive import ARCHIVE
from .const import CONF_VENDOR, DOMAIN
from .guide import learn_more
from .hub_access import callback_endpoint
from .identity import hub_identifier
from .vendors import VENDORS
from .vendors.contract import Vendor
from .vendors.errors import VisionError
from .vendors.model import Channel, HubInfo, serial_key


class AnotherHub(VisionError):
    """Who answers is not the hub that was set up."""

    key = "another_hub"


def unique_id_of(vendor: Vendor, serial: str) -> str:
    """Return the unique id of a hub's entry."""
    return f"{vendor.id}_{serial}"


def is_same_hub(entry: ConfigEntry[Any], serial: str) -> bool:
    """Tell whether the hub that we met is the one that an entry was made for."""
    vendor = VENDORS[entry.data[CONF_VENDOR]]
    return not vendor.has_serial or serial_key(entry.unique_id or "") == serial_key(
        unique_id_of(vendor, serial)
    )


@callback
def known_unique_id(hass: HomeAssistant, vendor: Vendor, info: HubInfo) -> str:
    """Return the unique id of a hub, as it was written when it was set up."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if (
            entry.data[CONF_VENDOR] == vendor.id
            and entry.unique_id is not None
            and is_same_hub(entry, info.serial)
        ):
            return entry.unique_id
    return unique_id_of(vendor, info.serial)


def _issue_id(entry: ConfigEntry[Any]) -> str:
    return f"{AnotherHub.key}_{entry.entry_id}"


@callback
def async_check_identity(
    hass: HomeAssistant, entry: ConfigEntry[Any], serial: str
) -> None:
    """Raise AnotherHub, and tell the user, if this is not the hub of an entry."""
    if is_same_hub(entry, serial):
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry),
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=AnotherHub.key,
        translation_placeholders={"hub": entry.title},
        learn_more_url=learn_more(AnotherHub.key),
    )
    raise AnotherHub


def continued_channels(
    hass: HomeAssistant, entry: ConfigEntry[Any], channels: Mapping[str, Channel]
) -> dict[str, str]:
    """Return by which channel of a new hub each of the old ones is continued.

    That with the same id, else the only one of the same name.
    """
    prefix = f"{entry.unique_id}:"
    known = {
        identifier.removeprefix(prefix): device.name
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        for domain, identifier in device.identifiers
        if domain == DOMAIN and identifier.startswith(prefix)
    }
    names = [channel.name for channel in channels.values()]
    by_name = {
        channel.name: id_
        for id_, channel in channels.items()
        if id_ not in known and names.count(channel.name) == 1
    }
    return {
        old: by_name[name]
        for old, name in known.items()
        if old not in channels and name in by_name
    }


async def async_replace(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    unique_id: str,
    channels: Mapping[str, Channel],
) -> None:
    """Let entities, names, areas and history go on with another hub.

    The entry must not be loaded. `channels` are those of the new hub.
    """
    moved = continued_channels(hass, entry, channels)
    _async_rename(hass, entry, unique_id, moved)
    # What the earlier hub was set to before us, and how far its records were read.
    endpoint = callback_endpoint(hass, entry)
    await endpoint.remember(None)
    await hass.data[ARCHIVE].hand_over(entry.entry_id, moved)


@callback
def _async_rename(
    hass: HomeAssistant, entry: ConfigEntry[Any], unique_id: str, moved: dict[str, str]
) -> None:
    earlier = f"{entry.unique_id}"
    devices, entities = dr.async_get(hass), er.async_get(hass)
    of_device: dict[str, str] = {}
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        identifiers = set(device.identifiers)
        for domain, identifier in device.identifiers:
            if domain != DOMAIN or not identifier.startswith(earlier):
                continue
            part = identifier.removeprefix(earlier)
            channel = part.removeprefix(":")
            if part != channel and channel in moved:
                of_device[device.id] = channel
                part = f":{moved[channel]}"
            identifiers -= {(domain, identifier)}
            identifiers |= {(domain, f"{unique_id}{part}")}
        is_hub = hub_identifier(unique_id) in identifiers
        devices.async_update_device(
            device.id,
            new_identifiers=identifiers,
            # The new one has another address of its own.
            new_connections=set() if is_hub else device.connections,
        )
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        key = entity.unique_id.removeprefix(f"{earlier}_")
        if (old := of_device.get(entity.device_id or "")) is not None:
            key = f"{moved[old]}_{key.removeprefix(f'{old}_')}"
        entities.async_update_entity(
            entity.entity_id, new_unique_id=f"{unique_id}_{key}"
        )
    hass.config_entries.async_update_entry(entry, unique_id=unique_id)

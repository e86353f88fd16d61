"""Vision Hub: AI video boxes in Home Assistant."""

import asyncio
from contextlib import AsyncExitStack, suppress
import logging
from pathlib import Path
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, Platform
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, instance_id
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.typing import ConfigType

from .actions import async_setup_actions
from .alarms import EVENT_ALARM, AlarmCenter
from .alarms.archive import ARCHIVE, Archive
from .alarms.receiving import async_expect_token, async_register_push_view
from .const import CONF_TOKEN, CONF_VENDOR, DOMAIN
from .coordinator import VisionHubConfigEntry, VisionHubCoordinator, VisionHubData
from .errors import translate_storage_errors
from .hub_access import callback_endpoint, open_hub, visit_hub
from .identity import box_of, channel_of
from .login_policy import async_forget_refusals
from .options import alarm_options
from .repairs import async_delete_issues, async_watch, async_watch_archive
from .vendors import VENDORS
from .vendors.contract import Hub
from .vendors.errors import VisionError
from .views import MediaView

_LOGGER = logging.getLogger(__name__)

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PATIENCE: Final = 20
"""Seconds for the storage to answer when Home Assistant or a hub starts."""

PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)


def platforms_of(hub: Hub) -> tuple[Platform, ...]:
    """Return the platforms of a hub: an empty calendar would show in the sidebar."""
    return (*PLATFORMS, Platform.CALENDAR) if hub.schedules else PLATFORMS


async def new_archive(hass: HomeAssistant) -> Archive:
    """Return the memory of all alarms; the pictures lie in the media folder.

    Two Home Assistants may share that folder, so each has a part of its own in it.
    """
    folders = hass.config.media_dirs
    media = folders.get("local") or next(iter(folders.values()), None)
    instance = (await instance_id.async_get(hass))[:8]
    return Archive(
        Path(hass.config.path(f"{DOMAIN}.db")),
        Path(media or hass.config.path("media")) / DOMAIN / instance,
    )


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Open what all hubs share: the address for pushes, the archive, the actions."""
    # First of all: whoever is turned away with 404 may never come again.
    async_register_push_view(hass)
    for entry in hass.config_entries.async_entries(DOMAIN):
        async_expect_token(hass, entry.data[CONF_TOKEN])
    archive = hass.data[ARCHIVE] = await new_archive(hass)
    async_watch_archive(hass, archive)
    hass.http.register_view(MediaView(hass, archive))
    if "recorder" in hass.config.components:
        # Names and plates belong into our archive, which forgets them in time.
        get_instance(hass).exclude_event_types.add(EVENT_ALARM)

    async def close_archive(_: Event) -> None:
        await archive.close()

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, close_archive)
    with suppress(OSError):
        # Every hub asks again, and waits until it is there.
        await _open(archive)
    async_setup_actions(hass)
    return True


async def _open(archive: Archive) -> None:
    """Wait until alarms can be stored, but not for ever: a disk may hang."""
    async with asyncio.timeout(PATIENCE):
        await archive.open()


async def async_setup_entry(hass: HomeAssistant, entry: VisionHubConfigEntry) -> bool:
    """Connect to a hub."""
    if entry.data[CONF_VENDOR] not in VENDORS:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="unknown_vendor"
        )
    async_expect_token(hass, entry.data[CONF_TOKEN])
    archive = hass.data[ARCHIVE]
    try:
        with translate_storage_errors(archive, ConfigEntryNotReady):
            await _open(archive)
    except ConfigEntryNotReady:
        # The user may just have allowed fewer alarms, to make room.
        with suppress(OSError):
            await archive.trim(entry.entry_id, alarm_options(entry).limits)
        raise
    hub = open_hub(hass, entry)
    async with AsyncExitStack() as undo:
        # What fails is tried again with another hub.
        undo.push_async_callback(hub.close)
        await _set_up(hass, entry, hub, archive)
        undo.pop_all()

    async def close_hub(_: Event) -> None:
        await hub.close()

    entry.async_on_unload(
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, close_hub)
    )
    return True


async def _set_up(
    hass: HomeAssistant, entry: VisionHubConfigEntry, hub: Hub, archive: Archive
) -> None:
    coordinator = VisionHubCoordinator(hass, entry, hub)
    alarms = AlarmCenter(
        hass,
        entry,
        hub,
        archive,
        callback_endpoint(hass, entry),
        alarm_options(entry),
        on_changed=coordinator.async_refresh_soon,
        told_offset=lambda: coordinator.data.clock_offset,
        read_clock=coordinator.async_read_clock,
    )
    with translate_storage_errors(archive, ConfigEntryNotReady):
        await alarms.load()
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = VisionHubData(
        vendor=VENDORS[entry.data[CONF_VENDOR]],
        hub=hub,
        coordinator=coordinator,
        alarms=alarms,
    )

    def follow_polls() -> None:
        alarms.polled(coordinator.data, answered=coordinator.last_update_success)

    follow_polls()
    entry.async_on_unload(coordinator.async_add_listener(follow_polls))
    await hass.config_entries.async_forward_entry_setups(entry, platforms_of(hub))
    async_watch(hass, entry)
    alarms.start()


async def async_unload_entry(hass: HomeAssistant, entry: VisionHubConfigEntry) -> bool:
    """Disconnect, leaving the subscription so that the hub keeps what we miss."""
    platforms = platforms_of(entry.runtime_data.hub)
    if not await hass.config_entries.async_unload_platforms(entry, platforms):
        return False
    try:
        await entry.runtime_data.alarms.stop()
    finally:
        await entry.runtime_data.hub.close()
    async_delete_issues(hass, entry)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: VisionHubConfigEntry) -> None:
    """Set the hub back to what it was before us, and forget its alarms."""
    endpoint = callback_endpoint(hass, entry)
    with suppress(OSError):
        await endpoint.load()
    if entry.data[CONF_VENDOR] in VENDORS:
        try:
            async with visit_hub(hass, entry) as hub:
                await hub.unsubscribe(endpoint)
        except VisionError as error:
            _LOGGER.warning(
                "%s still pushes alarms to Home Assistant, since it could not be set "
                "back: %s",
                entry.title,
                error,
            )
    await endpoint.remove()
    async_forget_refusals(hass, entry)
    await hass.data[ARCHIVE].forget(entry.entry_id)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: VisionHubConfigEntry, device: DeviceEntry
) -> bool:
    """Let a user remove the device of what the hub no longer has."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    coordinator = entry.runtime_data.coordinator
    if channel := channel_of(device, coordinator.unique_id):
        return channel not in coordinator.data.channels
    if box := box_of(device, coordinator.unique_id):
        return box not in coordinator.data.devices
    return False

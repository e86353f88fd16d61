"""Polls a hub and keeps its devices in step with what it reports."""

from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .alarms import AlarmCenter
from .const import CONF_VENDOR, DOMAIN
from .errors import translated
from .identity import (
    Identifier,
    box_identifier,
    channel_identifier,
    hub_identifier,
    own_name,
)
from .login_policy import async_accepted, async_check_pause, async_refused
from .replacement import AnotherHub, async_check_identity
from .vendors import VENDORS
from .vendors.contract import Hub, Vendor
from .vendors.errors import AuthenticationFailed, VisionError
from .vendors.model import Channel, Device, HubStatus

_LOGGER = logging.getLogger(__name__)

# A channel that is gone from one answer only was not removed by anybody.
POLLS_UNTIL_GONE = 2
# Seconds for which lists of a hub that starts may be short, or empty.
STARTING_TIME = 10 * 60.0

# Seconds until a hub that answered all the time is asked again who it is.
IDENTITY_INTERVAL = 15 * 60.0

DEFAULT_PTZ_SPEED = 50.0

type VisionHubConfigEntry = ConfigEntry[VisionHubData]


@dataclass(slots=True)
class VisionHubData:
    """What a loaded config entry holds."""

    vendor: Vendor
    hub: Hub
    coordinator: VisionHubCoordinator
    alarms: AlarmCenter
    ptz_speed: defaultdict[str, float] = field(
        default_factory=lambda: defaultdict(lambda: DEFAULT_PTZ_SPEED)
    )
    """How fast PTZ buttons move, in percent, by channel."""


class VisionHubCoordinator(DataUpdateCoordinator[HubStatus]):
    """Polls one hub."""

    config_entry: VisionHubConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: VisionHubConfigEntry, hub: Hub
    ) -> None:
        """Poll as often as the hub's vendor wants."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=hub.poll_interval,
            always_update=False,
        )
        self.hub = hub
        self.hub_device_id = ""
        self._identity_due = 0.0
        self._starting_until = 0.0
        self._was_empty = False
        self._missed: dict[Identifier, int] = {}
        self._device_ids: dict[Identifier, str] = {}

    @property
    def unique_id(self) -> str:
        """The hub's identity in the registries."""
        unique_id = self.config_entry.unique_id
        assert unique_id is not None
        return unique_id

    @override
    async def _async_setup(self) -> None:
        with self._translated():
            async_check_pause(self.hass, self.config_entry)
            await self.hub.connect()
            async_check_identity(self.hass, self.config_entry, self.hub.info.serial)
        self._identity_due = self.hass.loop.time() + IDENTITY_INTERVAL
        self._update_hub_device()

    @override
    async def _async_update_data(self) -> HubStatus:
        with self._translated():
            async_check_pause(self.hass, self.config_entry)
            await self._check_identity()
            status = await self.hub.poll()
        async_accepted(self.hass, self.config_entry)
        if not self.last_update_success:
            self._starting_until = self.hass.loop.time() + STARTING_TIME
        self._update_devices(status)
        return status

    async def _check_identity(self) -> None:
        """Stop listening when another hub took the place of ours.

        After an outage and now and then: an address may be given to another box.
        """
        now = self.hass.loop.time()
        if not self.last_update_success:
            # It may come back from a power cut.
            await self.hub.read_clock()
        elif now < self._identity_due:
            return
        if (serial := await self.hub.read_serial()) is not None:
            try:
                async_check_identity(self.hass, self.config_entry, serial)
            except AnotherHub:
                self.hass.config_entries.async_schedule_reload(
                    self.config_entry.entry_id
                )
                raise
        self._identity_due = now + IDENTITY_INTERVAL

    async def async_read_clock(self) -> None:
        """Ask for the hub's clock out of turn; a failure is for the next poll to tell."""
        with suppress(VisionError):
            offset = await self.hub.read_clock()
            if offset != self.data.clock_offset:
                self.data = replace(self.data, clock_offset=offset)
                self.async_update_listeners()

    @contextmanager
    def _translated(self) -> Generator[None]:
        """Turn what a hub raises into what a coordinator understands."""
        try:
            yield
        except AuthenticationFailed as error:
            failed = translated(error, self.config_entry.title, UpdateFailed)
            failed.retry_after = async_refused(self.hass, self.config_entry, error)
            raise failed from error
        except VisionError as error:
            raise translated(error, self.config_entry.title, UpdateFailed) from error

    @callback
    def async_answered(self) -> None:
        """Poll at once: a hub that had refused us did what it was asked for."""
        if async_accepted(self.hass, self.config_entry):
            self.async_refresh_soon()

    @callback
    def async_refresh_soon(self) -> None:
        """Poll soon, since the hub told that something changed."""
        self.config_entry.async_create_background_task(
            self.hass, self.async_request_refresh(), f"{self.name} refresh"
        )

    @callback
    def _update_hub_device(self) -> None:
        info = self.hub.info
        vendor = VENDORS[self.config_entry.data[CONF_VENDOR]]
        device = dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id,
            identifiers={hub_identifier(self.unique_id)},
            connections={(dr.CONNECTION_NETWORK_MAC, info.mac)} if info.mac else None,
            name=self.config_entry.title,
            manufacturer=info.manufacturer,
            model=info.model,
            serial_number=info.serial if vendor.has_serial else None,
            sw_version=info.firmware,
            configuration_url=info.configuration_url,
        )
        self.hub_device_id = device.id

    @callback
    def _update_devices(self, status: HubStatus) -> None:
        """Add and rename devices as the hub does; remove those it no longer has."""
        registry = dr.async_get(self.hass)
        known = {
            next(name for name in device.identifiers if name[0] == DOMAIN): device
            for device in dr.async_entries_for_config_entry(
                registry, self.config_entry.entry_id
            )
            if device.id != self.hub_device_id
        }
        for info in chain(
            (self.box_device(box) for box in status.devices.values()),
            (self.channel_device(channel) for channel in status.channels.values()),
        ):
            (identifier,) = info["identifiers"]
            self._missed.pop(identifier, None)
            device = known.pop(identifier, None)
            if device is None or device.name != info["name"]:
                device = registry.async_get_or_create(
                    config_entry_id=self.config_entry.entry_id, **info
                )
            self._device_ids[identifier] = device.id
        self._remove_devices(known, listed_any=bool(status.channels or status.devices))

    @callback
    def _remove_devices(
        self, unlisted: Mapping[Identifier, dr.DeviceEntry], *, listed_any: bool
    ) -> None:
        """Remove what the hub did not list, unless it may just be starting."""
        now, removed = self.hass.loop.time(), False
        if not listed_any and not self._was_empty:
            self._starting_until = now + STARTING_TIME
        self._was_empty = not listed_any
        for identifier, device in unlisted.items():
            self._missed[identifier] = self._missed.get(identifier, 0) + 1
            gone = self._missed[identifier] >= POLLS_UNTIL_GONE
            if gone and now >= self._starting_until:
                del self._missed[identifier]
                del self._device_ids[identifier]
                dr.async_get(self.hass).async_remove_device(device.id)
                removed = True
            else:
                self._device_ids[identifier] = device.id
        if removed:
            # The status may be the same as before: nobody would look.
            self.hass.loop.call_soon(self.async_update_listeners)

    def has_device(self, identifier: Identifier) -> bool:
        """Tell whether a channel or a box has a device, also one that is missing now."""
        return identifier in self._device_ids

    def box_device(self, box: Device) -> dr.DeviceInfo:
        """Return the device of what stands between the hub and its channels."""
        return dr.DeviceInfo(
            identifiers={box_identifier(self.unique_id, box.id)},
            name=own_name(self.config_entry.title, box.name, box.id),
            manufacturer=box.manufacturer or self.hub.info.manufacturer,
            model=box.model,
            serial_number=box.serial,
            sw_version=box.firmware,
            via_device_id=self.hub_device_id,
        )

    def channel_device(self, channel: Channel) -> dr.DeviceInfo:
        """Return the device of a channel."""
        via = self.hub_device_id
        if channel.device is not None:
            box = box_identifier(self.unique_id, channel.device)
            via = self._device_ids.get(box, via)
        return dr.DeviceInfo(
            identifiers={channel_identifier(self.unique_id, channel.id)},
            name=own_name(self.config_entry.title, channel.name, channel.id),
            manufacturer=channel.manufacturer or self.hub.info.manufacturer,
            model=channel.model,
            serial_number=channel.serial,
            via_device_id=via,
        )

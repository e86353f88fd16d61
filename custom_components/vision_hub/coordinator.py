"""Polls a hub and keeps its devices in step with what it reports."""

from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .alarms.center import AlarmCenter
from .const import DOMAIN
from .errors import translated
from .vendors.contract import Hub, Vendor
from .vendors.errors import AuthenticationFailed, VisionError
from .vendors.model import Channel, HubStatus

_LOGGER = logging.getLogger(__name__)

# A channel that is gone from one answer only was not removed by anybody.
POLLS_UNTIL_GONE = 2

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
        self._missed: dict[str, int] = {}

    @property
    def unique_id(self) -> str:
        """The hub's identity in the registries."""
        unique_id = self.config_entry.unique_id
        assert unique_id is not None
        return unique_id

    @override
    async def _async_setup(self) -> None:
        with self._translated():
            await self.hub.connect()
        self._update_hub_device()

    @override
    async def _async_update_data(self) -> HubStatus:
        with self._translated():
            status = await self.hub.poll()
        self._update_channel_devices(status)
        return status

    @contextmanager
    def _translated(self) -> Generator[None]:
        """Turn what a hub raises into what a coordinator understands."""
        try:
            yield
        except AuthenticationFailed as error:
            raise translated(
                error, self.config_entry.title, ConfigEntryAuthFailed
            ) from error
        except VisionError as error:
            raise translated(error, self.config_entry.title, UpdateFailed) from error

    @callback
    def async_refresh_soon(self) -> None:
        """Poll soon, since the hub told that something changed."""
        self.config_entry.async_create_background_task(
            self.hass, self.async_request_refresh(), f"{self.name} refresh"
        )

    @callback
    def _update_hub_device(self) -> None:
        info = self.hub.info
        device = dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id,
            identifiers={(DOMAIN, self.unique_id)},
            connections={(dr.CONNECTION_NETWORK_MAC, info.mac)} if info.mac else None,
            name=self.config_entry.title,
            manufacturer=info.manufacturer,
            model=info.model,
            serial_number=info.serial,
            sw_version=info.firmware,
            configuration_url=info.configuration_url,
        )
        self.hub_device_id = device.id

    @callback
    def _update_channel_devices(self, status: HubStatus) -> None:
        """Add and rename devices as the hub does; remove those it no longer has."""
        registry = dr.async_get(self.hass)
        known = {
            identifier.removeprefix(f"{self.unique_id}:"): device
            for device in dr.async_entries_for_config_entry(
                registry, self.config_entry.entry_id
            )
            for domain, identifier in device.identifiers
            if domain == DOMAIN and identifier.startswith(f"{self.unique_id}:")
        }
        for channel in status.channels.values():
            self._missed.pop(channel.id, None)
            device = known.pop(channel.id, None)
            if device is None or device.name != channel.name:
                registry.async_get_or_create(
                    config_entry_id=self.config_entry.entry_id,
                    **self.channel_device(channel),
                )
        for channel_id, device in known.items():
            self._missed[channel_id] = self._missed.get(channel_id, 0) + 1
            if self._missed[channel_id] >= POLLS_UNTIL_GONE:
                del self._missed[channel_id]
                registry.async_remove_device(device.id)

    def channel_device(self, channel: Channel) -> dr.DeviceInfo:
        """Return the device of a channel."""
        return dr.DeviceInfo(
            identifiers={(DOMAIN, f"{self.unique_id}:{channel.id}")},
            name=channel.name,
            manufacturer=channel.manufacturer or self.hub.info.manufacturer,
            model=channel.model,
            serial_number=channel.serial,
            via_device_id=self.hub_device_id,
        )

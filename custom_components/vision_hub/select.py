"""Selects: settings with a few values, and the presets of PTZ cameras."""

from collections.abc import Iterable
from functools import partial
from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import ChannelEntity, Maker, add_entities_as_they_come
from .errors import translate_errors
from .setting_entity import SettingEntity, wanted_settings
from .vendors.contract import SettingSpec, SettingType
from .vendors.model import SettingKey

PARALLEL_UPDATES = 1

CRUISE_OFF = "off"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        if data.hub.ptz:
            for channel in data.coordinator.data.channels.values():
                if channel.can_ptz:
                    yield (
                        (channel.id, "preset"),
                        partial(PresetSelect, data, channel.id),
                    )
                if channel.cruises:
                    yield (
                        (channel.id, "cruise"),
                        partial(CruiseSelect, data, channel.id),
                    )
        yield from wanted_settings(data, SettingType.SELECT, SettingSelect)

    add_entities_as_they_come(entry, async_add_entities, wanted)


class SettingSelect(SettingEntity, SelectEntity, RestoreEntity):
    """A setting with a few values."""

    def __init__(
        self, data: VisionHubData, spec: SettingSpec, key: SettingKey, part: str = ""
    ) -> None:
        """Take the values from the manual."""
        super().__init__(data, spec, key, part)
        self._attr_options = list(spec.options)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if (
            self.spec.assumed
            and (last := await self.async_get_last_state())
            and last.state in self.options
        ):
            self._told = last.state

    @property
    @override
    def current_option(self) -> str | None:
        return self.reading if isinstance(self.reading, str) else None

    @override
    async def async_select_option(self, option: str) -> None:
        await self.write(option)


class PresetSelect(ChannelEntity, SelectEntity):
    """Moves a PTZ camera to a stored position."""

    _attr_current_option = None

    def __init__(self, data: VisionHubData, channel: str) -> None:
        """Offer the presets of one channel."""
        super().__init__(data, "preset", channel)

    @property
    @override
    def options(self) -> list[str]:
        """The names of the presets."""
        return [preset.name for preset in self.channel.presets]

    @override
    async def async_select_option(self, option: str) -> None:
        assert self.data.hub.ptz is not None
        preset = next(p.id for p in self.channel.presets if p.name == option)
        with translate_errors(self.hass, self.coordinator.config_entry):
            await self.data.hub.ptz.goto_preset(self.channel_id, preset)
        self._attr_current_option = option
        self.async_write_ha_state()


class CruiseSelect(ChannelEntity, SelectEntity):
    """Makes a PTZ camera follow a track."""

    def __init__(self, data: VisionHubData, channel: str) -> None:
        """Offer the tracks of one channel."""
        super().__init__(data, "cruise", channel)

    @property
    @override
    def options(self) -> list[str]:
        """The names of the tracks, and to follow none."""
        return [CRUISE_OFF, *(cruise.name for cruise in self.channel.cruises)]

    @property
    @override
    def current_option(self) -> str | None:
        running = (cruise.name for cruise in self.channel.cruises if cruise.running)
        return next(running, CRUISE_OFF)

    @override
    async def async_select_option(self, option: str) -> None:
        assert self.data.hub.ptz is not None
        wanted = next((c.id for c in self.channel.cruises if c.name == option), None)
        with translate_errors(self.hass, self.coordinator.config_entry):
            await self.data.hub.ptz.cruise(self.channel_id, wanted)
        await self.coordinator.async_request_refresh()

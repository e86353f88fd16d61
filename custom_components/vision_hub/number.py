"""Numbers: settings, and the speed of PTZ cameras."""

from collections.abc import Iterable
from functools import partial
from typing import override

from homeassistant.components.number import NumberEntity, NumberMode, RestoreNumber
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import ChannelEntity, Maker, add_entities_as_they_come
from .setting_entity import SettingEntity, wanted_settings
from .vendors.contract import SettingSpec, SettingType
from .vendors.model import SettingKey

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        if data.hub.ptz:
            for channel in data.coordinator.data.channels.values():
                if channel.can_ptz:
                    yield (
                        (channel.id, "ptz_speed"),
                        partial(PtzSpeed, data, channel.id),
                    )
        yield from wanted_settings(data, SettingType.NUMBER, SettingNumber)

    add_entities_as_they_come(entry, async_add_entities, wanted)


class SettingNumber(SettingEntity, NumberEntity):
    """A setting that is a number."""

    _attr_mode = NumberMode.BOX

    def __init__(
        self, data: VisionHubData, spec: SettingSpec, key: SettingKey, part: str = ""
    ) -> None:
        """Take the limits from the manual."""
        super().__init__(data, spec, key, part)
        self._attr_native_min_value = spec.minimum
        self._attr_native_max_value = spec.maximum
        self._attr_native_step = spec.step
        self._attr_native_unit_of_measurement = spec.unit

    @property
    @override
    def native_value(self) -> float | None:
        return self.reading if isinstance(self.reading, int | float) else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        await self.write(int(value) if self.spec.step % 1 == 0 else value)


class PtzSpeed(ChannelEntity, RestoreNumber):
    """How fast the PTZ buttons of a channel move its camera."""

    _attr_entity_category = EntityCategory.CONFIG
    _attr_native_min_value = 1
    _attr_native_max_value = 100
    _attr_native_unit_of_measurement = PERCENTAGE

    def __init__(self, data: VisionHubData, channel: str) -> None:
        """Begin at what was set last."""
        super().__init__(data, "ptz_speed", channel)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if (last := await self.async_get_last_number_data()) and last.native_value:
            self.data.ptz_speed[self.channel_id] = last.native_value

    @property
    @override
    def native_value(self) -> float:
        return self.data.ptz_speed[self.channel_id]

    @override
    async def async_set_native_value(self, value: float) -> None:
        self.data.ptz_speed[self.channel_id] = value
        self.async_write_ha_state()

"""Entities for the settings of hubs and channels: switches, numbers and selects."""

from collections.abc import Iterable
from functools import partial
from typing import override

from homeassistant.const import EntityCategory
from homeassistant.core import callback

from .coordinator import VisionHubData
from .entity import Maker, VisionHubEntity
from .errors import translate_errors
from .vendors.contract import SettingScope, SettingSpec, SettingType
from .vendors.model import HubStatus, Reading, SettingKey


class SettingEntity(VisionHubEntity):
    """One setting. A hub that cannot be asked for it is believed to do as told."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(
        self, data: VisionHubData, spec: SettingSpec, key: SettingKey, part: str = ""
    ) -> None:
        """Show one setting; `part` is the name of the task or relay it belongs to."""
        super().__init__(data, spec.name, key.channel)
        if key.part is not None:
            self._attr_unique_id = f"{self._attr_unique_id}_{key.part}"
            self._attr_translation_placeholders = {"part": part}
        self.spec = spec
        self._key = key
        self._attr_entity_registry_enabled_default = spec.common
        self._attr_assumed_state = spec.assumed
        self._told: Reading = None

    @property
    def reading(self) -> Reading:
        """The value that the hub reported, or that it was last told."""
        if self.spec.assumed or self._told is not None:
            return self._told
        return self.coordinator.data.settings.get(self._key)

    async def write(self, value: Reading) -> None:
        """Tell the hub."""
        assert self.data.hub.settings is not None
        with translate_errors(self.hass, self.coordinator.config_entry):
            await self.data.hub.settings.write(self._key, value)
        self._told = value
        self.async_write_ha_state()
        await self.coordinator.async_request_refresh()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if not self.spec.assumed:
            self._told = None
        super()._handle_coordinator_update()


def wanted_settings(
    data: VisionHubData, kind: SettingType, entity: type[SettingEntity]
) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
    """Name the settings of one type that the hub offers."""
    status = data.coordinator.data
    for spec in data.hub.settings.catalog if data.hub.settings else ():
        if spec.type is not kind:
            continue
        for channel, part, name in _owners(status, spec.scope):
            key = SettingKey(spec.name, channel, part)
            if not spec.assumed and key not in status.settings:
                # This camera does not have it, or it was not read yet.
                continue
            yield (
                (channel, "setting", spec.name, part),
                partial(entity, data, spec, key, name),
            )


def _owners(
    status: HubStatus, scope: SettingScope
) -> Iterable[tuple[str | None, str | None, str]]:
    """Return channel, part and name of the part of everything of a scope."""
    match scope:
        case SettingScope.HUB:
            yield None, None, ""
        case SettingScope.CHANNEL:
            for channel in status.channels:
                yield channel, None, ""
        case SettingScope.TASK:
            for task in status.tasks:
                yield None, task.id, task.name or task.id
            for channel, about in status.channels.items():
                for task in about.tasks:
                    yield channel, task.id, task.name or task.id
        case SettingScope.RELAY:
            for relay in status.relays:
                yield None, relay.id, relay.name

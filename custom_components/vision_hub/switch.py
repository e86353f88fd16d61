"""Switches: analytics that can be armed, and settings that are on or off."""

from collections.abc import Iterable
from functools import partial
from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import Maker, VisionHubEntity, add_entities_as_they_come
from .errors import translate_errors
from .setting_entity import SettingEntity, wanted_settings
from .vendors.contract import SettingType
from .vendors.model import Task

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        if data.hub.tasks:
            status = data.coordinator.data
            for task in status.tasks:
                yield (None, "task", task.id), partial(TaskSwitch, data, task, None)
            for channel in status.channels.values():
                for task in channel.tasks:
                    yield (
                        (channel.id, "task", task.id),
                        partial(TaskSwitch, data, task, channel.id),
                    )
        yield from wanted_settings(data, SettingType.SWITCH, SettingSwitch)

    add_entities_as_they_come(entry, async_add_entities, wanted)


class TaskSwitch(VisionHubEntity, SwitchEntity, RestoreEntity):
    """Arms and disarms analytics; remembers what was told where the hub does not."""

    def __init__(self, data: VisionHubData, task: Task, channel: str | None) -> None:
        """Show one task of a channel, or of the hub where it spans several."""
        super().__init__(data, "task", channel)
        self._attr_unique_id = f"{self._attr_unique_id}_{task.id}"
        if not task.name:
            self._attr_translation_key = "analysis"

        if task.name:
            self._attr_translation_placeholders = {"task": task.name}
        self._attr_assumed_state = task.enabled is None
        self._task_id = task.id
        self._told: bool | None = None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.assumed_state and (last := await self.async_get_last_state()):
            self._told = {STATE_ON: True, STATE_OFF: False}.get(last.state)

    @property
    def _task(self) -> Task | None:
        status = self.coordinator.data
        tasks = (
            status.tasks
            if self.channel_id is None
            else status.channels[self.channel_id].tasks
        )
        return next((task for task in tasks if task.id == self._task_id), None)

    @property
    @override
    def available(self) -> bool:
        return super().available and self._task is not None

    @property
    @override
    def is_on(self) -> bool | None:
        if (task := self._task) is None or task.enabled is None:
            return self._told
        return task.enabled

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._set(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._set(enabled=False)

    async def _set(self, *, enabled: bool) -> None:
        assert self.data.hub.tasks is not None
        with translate_errors(self.hass, self.coordinator.config_entry):
            await self.data.hub.tasks.set_enabled(
                self.channel_id, self._task_id, enabled=enabled
            )
        self._told = enabled
        self.async_write_ha_state()
        await self.coordinator.async_request_refresh()


class SettingSwitch(SettingEntity, SwitchEntity):
    """A setting that is on or off."""

    @property
    @override
    def is_on(self) -> bool | None:
        return None if self.reading is None else bool(self.reading)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.write(value=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.write(value=False)

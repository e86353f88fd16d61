"""Calendars: times that are set on a hub, to be read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import Maker, VisionHubEntity, add_entities_as_they_come
from .errors import translate_errors
from .vendors.contract import Schedules
from .vendors.errors import VisionError
from .vendors.model import Schedule, ScheduledEvent

PARALLEL_UPDATES = 1

LOOK_AHEAD = timedelta(days=8)
"""Weekly times come again within it."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendars of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        if schedules := data.hub.schedules:
            for schedule in data.coordinator.data.schedules:
                yield (
                    (None, "schedule", schedule.id),
                    partial(ScheduleCalendar, data, schedules, schedule),
                )

    add_entities_as_they_come(entry, async_add_entities, wanted)


def _event(event: ScheduledEvent) -> CalendarEvent:
    return CalendarEvent(start=event.start, end=event.end, summary=event.summary)


class ScheduleCalendar(VisionHubEntity, CalendarEntity):
    """When a schedule of the hub is in force."""

    _attr_entity_registry_enabled_default = False
    _attr_should_poll = True

    def __init__(
        self, data: VisionHubData, schedules: Schedules, schedule: Schedule
    ) -> None:
        """Show one schedule."""
        super().__init__(data, "schedule", None)
        self._attr_unique_id = f"{self._attr_unique_id}_{schedule.id}"
        self._attr_translation_placeholders = {"schedule": schedule.name}
        self._schedules = schedules
        self._id = schedule.id
        self._next: CalendarEvent | None = None

    @property
    @override
    def available(self) -> bool:
        return super().available and any(
            schedule.id == self._id for schedule in self.coordinator.data.schedules
        )

    @property
    @override
    def event(self) -> CalendarEvent | None:
        return self._next

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        await self.async_update()

    @override
    async def async_update(self) -> None:
        """Find the event that is going on or comes next."""
        now = dt_util.now()
        try:
            events = await self._schedules.events(self._id, now, now + LOOK_AHEAD)
        except VisionError:
            # Polling tells about it; what was known still holds.
            return
        self._next = _event(events[0]) if events else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        with translate_errors(hass, self.coordinator.config_entry):
            events = await self._schedules.events(self._id, start_date, end_date)
        return [_event(event) for event in events]

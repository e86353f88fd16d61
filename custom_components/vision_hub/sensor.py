"""What hubs and channels count and measure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alarms.archive import StoredAlarm
from .alarms.center import AlarmCenter, AlarmUpdate, Reason
from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import (
    AlarmEntity,
    ChannelEntity,
    Maker,
    VisionHubEntity,
    add_entities_as_they_come,
)
from .vendors.model import Channel, Counts, Library, Measurement, Reading

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class HubSensorDescription(SensorEntityDescription):
    """Something measured at the hub."""

    value: Callable[[VisionHubData], Reading]


@dataclass(frozen=True, kw_only=True)
class AlarmSensorDescription(SensorEntityDescription):
    """Something told by the newest alarm of a channel."""

    newest: Callable[[AlarmCenter], dict[str, StoredAlarm]]
    value: Callable[[StoredAlarm], Reading]
    supported: Callable[[Channel], bool] = lambda _: True


def _measurement(measurement: Measurement) -> Callable[[VisionHubData], Reading]:
    return lambda data: data.coordinator.data.measurements.get(measurement)


def _clock_offset(data: VisionHubData) -> float | None:
    offset = data.alarms.clock_offset
    return None if offset is None else offset.total_seconds()


def _count(name: str) -> Callable[[StoredAlarm], Reading]:
    def value(stored: StoredAlarm) -> Reading:
        count: int | None = getattr(stored.alarm.counts or Counts(), name)
        return count

    return value


# Shown for hubs that report them.
MEASUREMENTS = (
    HubSensorDescription(
        key=Measurement.FIRMWARE_RELEASED,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=_measurement(Measurement.FIRMWARE_RELEASED),
    ),
    *(
        HubSensorDescription(
            key=load,
            native_unit_of_measurement=PERCENTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            entity_category=EntityCategory.DIAGNOSTIC,
            value=_measurement(load),
        )
        for load in (
            Measurement.CPU_LOAD,
            Measurement.MEMORY_LOAD,
            Measurement.STORAGE_LOAD,
            Measurement.COMPUTING_LOAD,
        )
    ),
    HubSensorDescription(
        key=Measurement.TEMPERATURE,
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=_measurement(Measurement.TEMPERATURE),
    ),
)

# Shown for every hub.
HUB_SENSORS = (
    HubSensorDescription(
        key="last_heard",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda data: data.alarms.last_heard,
    ),
    HubSensorDescription(
        key="clock_offset",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=_clock_offset,
    ),
    HubSensorDescription(
        key="channels",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda data: len(data.coordinator.data.channels),
    ),
    HubSensorDescription(
        key="channels_offline",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda data: sum(
            channel.online is False
            for channel in data.coordinator.data.channels.values()
        ),
    ),
)

CHANNEL_SENSORS = (
    AlarmSensorDescription(
        key="people_entered",
        state_class=SensorStateClass.MEASUREMENT,
        newest=lambda alarms: alarms.latest_counts,
        value=_count("entered"),
        supported=lambda channel: channel.counts_passing,
    ),
    AlarmSensorDescription(
        key="people_left",
        state_class=SensorStateClass.MEASUREMENT,
        newest=lambda alarms: alarms.latest_counts,
        value=_count("left"),
        supported=lambda channel: channel.counts_passing,
    ),
    AlarmSensorDescription(
        key="people_inside",
        state_class=SensorStateClass.MEASUREMENT,
        newest=lambda alarms: alarms.latest_counts,
        value=_count("inside"),
        supported=lambda channel: channel.counts_inside,
    ),
    # The state of a sensor is recorded: only for those who want names there.
    AlarmSensorDescription(
        key="last_person",
        entity_registry_enabled_default=False,
        newest=lambda alarms: alarms.latest_face,
        value=lambda stored: match.name if (match := stored.alarm.best_match) else None,
        supported=lambda channel: channel.recognizes_faces,
    ),
    AlarmSensorDescription(
        key="last_similarity",
        native_unit_of_measurement=PERCENTAGE,
        entity_registry_enabled_default=False,
        newest=lambda alarms: alarms.latest_face,
        value=lambda stored: (
            match.similarity if (match := stored.alarm.best_match) else None
        ),
        supported=lambda channel: channel.recognizes_faces,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        status = data.coordinator.data
        for hub_sensor in HUB_SENSORS:
            yield (
                (None, hub_sensor.key),
                partial(HubSensor, data, hub_sensor),
            )
        for measurement in MEASUREMENTS:
            if measurement.key in status.measurements:
                yield (
                    (None, measurement.key),
                    partial(HubSensor, data, measurement),
                )
        for library in status.libraries:
            if library.persons is not None:
                yield (
                    (None, "library_persons", library.id),
                    partial(LibrarySensor, data, library),
                )
        for channel in status.channels.values():
            for description in CHANNEL_SENSORS:
                if description.supported(channel):
                    yield (
                        (channel.id, description.key),
                        partial(AlarmSensor, data, description, channel.id),
                    )

    add_entities_as_they_come(entry, async_add_entities, wanted)


class HubSensor(VisionHubEntity, SensorEntity):
    """Something measured at the hub."""

    entity_description: HubSensorDescription

    def __init__(self, data: VisionHubData, description: HubSensorDescription) -> None:
        """Show one measurement."""
        super().__init__(data, description.key, None)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> str | int | float | datetime | None:
        return self.entity_description.value(self.data)


class LibrarySensor(VisionHubEntity, SensorEntity):
    """How many persons a library holds."""

    _attr_state_class = SensorStateClass.MEASUREMENT

    def __init__(self, data: VisionHubData, library: Library) -> None:
        """Count one library."""
        super().__init__(data, "library_persons", None)
        self._attr_unique_id = f"{self._attr_unique_id}_{library.id}"
        self._attr_translation_placeholders = {"library": library.name}
        self._library_id = library.id

    @property
    def _library(self) -> Library | None:
        for library in self.coordinator.data.libraries:
            if library.id == self._library_id:
                return library
        return None

    @property
    @override
    def available(self) -> bool:
        return super().available and self._library is not None

    @property
    @override
    def native_value(self) -> int | None:
        return library.persons if (library := self._library) else None


class AlarmSensor(AlarmEntity, ChannelEntity, SensorEntity):
    """Something told by the newest alarm of a channel."""

    entity_description: AlarmSensorDescription

    def __init__(
        self, data: VisionHubData, description: AlarmSensorDescription, channel: str
    ) -> None:
        """Show one property of alarms."""
        super().__init__(data, description.key, channel)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> str | int | float | datetime | None:
        stored = self.entity_description.newest(self.data.alarms).get(self.channel_id)
        return None if stored is None else self.entity_description.value(stored)

    @callback
    @override
    def _handle_alarm(self, update: AlarmUpdate) -> None:
        newest = self.entity_description.newest(self.data.alarms)
        if update.reason is Reason.ALARM and newest.get(self.channel_id) is (
            update.stored
        ):
            self.async_write_ha_state()

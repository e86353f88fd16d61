"""What hubs and channels count and measure."""

from collections.abc import Callable, Iterable, Mapping
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

from .alarms import AlarmCenter, AlarmUpdate, Reason
from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import (
    AlarmEntity,
    ChannelEntity,
    Maker,
    VisionHubEntity,
    add_entities_as_they_come,
)
from .vendors.kinds import AlarmGroup
from .vendors.model import (
    Alarm,
    Channel,
    ChannelReading,
    Counts,
    HubStatus,
    Library,
    Match,
    Measurement,
    Reading,
    Service,
)

PARALLEL_UPDATES = 0

type Part = Library | Service


@dataclass(frozen=True, kw_only=True)
class HubSensorDescription(SensorEntityDescription):
    """Something measured at the hub."""

    value: Callable[[VisionHubData], Reading]


@dataclass(frozen=True, kw_only=True)
class PartSensorDescription(SensorEntityDescription):
    """A property of something that the hub has several of."""

    parts: Callable[[HubStatus], Mapping[str, Part]]
    """By their ids."""
    value: Callable[[Part], Reading]


@dataclass(frozen=True, kw_only=True)
class AlarmSensorDescription(SensorEntityDescription):
    """Something that the alarms of a channel tell."""

    concerns: Callable[[Alarm], bool]
    """Whether an alarm may tell it anew."""
    value: Callable[[AlarmCenter, str], Reading]
    """What a channel's alarms told last."""
    supported: Callable[[Channel], bool] = lambda _: True


def _measurement(measurement: Measurement) -> Callable[[VisionHubData], Reading]:
    return lambda data: data.coordinator.data.measurements.get(measurement)


def _clock_offset(data: VisionHubData) -> float | None:
    offset = data.alarms.clock_offset
    return None if offset is None else offset.total_seconds()


def _count(name: str) -> Callable[[AlarmCenter, str], Reading]:
    def value(alarms: AlarmCenter, channel: str) -> Reading:
        count: int | None = getattr(alarms.counts.get(channel, Counts()), name)
        return count

    return value


def _of_best_match(
    value: Callable[[Match], Reading],
) -> Callable[[AlarmCenter, str], Reading]:
    def of_newest(alarms: AlarmCenter, channel: str) -> Reading:
        stored = alarms.latest_face.get(channel)
        match = stored.alarm.best_match if stored else None
        return value(match) if match else None

    return of_newest


def _is_face(alarm: Alarm) -> bool:
    return alarm.kind.traits.group is AlarmGroup.FACE


def _counts(alarm: Alarm) -> bool:
    return alarm.counts is not None


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
    *(
        HubSensorDescription(
            key=temperature,
            device_class=SensorDeviceClass.TEMPERATURE,
            native_unit_of_measurement=UnitOfTemperature.CELSIUS,
            state_class=SensorStateClass.MEASUREMENT,
            entity_category=EntityCategory.DIAGNOSTIC,
            value=_measurement(temperature),
        )
        for temperature in (
            Measurement.TEMPERATURE,
            Measurement.GPU_TEMPERATURE,
            Measurement.CASE_TEMPERATURE,
        )
    ),
    HubSensorDescription(
        key=Measurement.NTP_FAILURES,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=_measurement(Measurement.NTP_FAILURES),
    ),
)


def _part[PartT: Part](
    kind: type[PartT], value: Callable[[PartT], Reading]
) -> Callable[[Part], Reading]:
    return lambda part: value(part) if isinstance(part, kind) else None


def _libraries(status: HubStatus) -> Mapping[str, Part]:
    return {library.id: library for library in status.libraries}


def _services(status: HubStatus) -> Mapping[str, Part]:
    return {service.id: service for service in status.services}


# Shown for parts of which the hub tells it.
PART_SENSORS = (
    PartSensorDescription(
        key="library_persons",
        state_class=SensorStateClass.MEASUREMENT,
        parts=_libraries,
        value=_part(Library, lambda library: library.persons),
    ),
    PartSensorDescription(
        key="service_expires",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        parts=_services,
        value=_part(Service, lambda service: service.expires),
    ),
    PartSensorDescription(
        key="service_used",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        parts=_services,
        value=_part(Service, lambda service: service.used),
    ),
    PartSensorDescription(
        key="service_total",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        parts=_services,
        value=_part(Service, lambda service: service.total),
    ),
)

# Shown for channels of which the hub tells it.
CHANNEL_READINGS = (
    *(
        SensorEntityDescription(
            key=count,
            state_class=SensorStateClass.TOTAL_INCREASING,
            entity_registry_enabled_default=count
            in (ChannelReading.ENTERED_TODAY, ChannelReading.LEFT_TODAY),
        )
        for count in (
            ChannelReading.ENTERED_TODAY,
            ChannelReading.LEFT_TODAY,
            ChannelReading.ENTERED_WEEK,
            ChannelReading.LEFT_WEEK,
            ChannelReading.ENTERED_MONTH,
            ChannelReading.LEFT_MONTH,
        )
    ),
    *(
        SensorEntityDescription(key=reading, state_class=SensorStateClass.MEASUREMENT)
        for reading in (
            ChannelReading.PEOPLE_QUEUING,
            ChannelReading.VEHICLE_COUNT,
            ChannelReading.VEHICLE_SPEED,
        )
    ),
    SensorEntityDescription(
        key=ChannelReading.STORAGE_DAYS,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.DAYS,
        entity_category=EntityCategory.DIAGNOSTIC,
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
        concerns=_counts,
        value=_count("entered"),
        supported=lambda channel: channel.counts_passing,
    ),
    AlarmSensorDescription(
        key="people_left",
        state_class=SensorStateClass.MEASUREMENT,
        concerns=_counts,
        value=_count("left"),
        supported=lambda channel: channel.counts_passing,
    ),
    AlarmSensorDescription(
        key="people_inside",
        state_class=SensorStateClass.MEASUREMENT,
        concerns=_counts,
        value=_count("inside"),
        supported=lambda channel: channel.counts_inside,
    ),
    # The state of a sensor is recorded: only for those who want names there.
    AlarmSensorDescription(
        key="last_person",
        entity_registry_enabled_default=False,
        concerns=_is_face,
        value=_of_best_match(lambda match: match.name),
        supported=lambda channel: channel.recognizes_faces,
    ),
    AlarmSensorDescription(
        key="last_similarity",
        native_unit_of_measurement=PERCENTAGE,
        entity_registry_enabled_default=False,
        concerns=_is_face,
        value=_of_best_match(lambda match: match.similarity),
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
        for part_sensor in PART_SENSORS:
            for part_id, part in part_sensor.parts(status).items():
                if part_sensor.value(part) is not None:
                    yield (
                        (None, part_sensor.key, part_id),
                        partial(PartSensor, data, part_sensor, part),
                    )
        for channel in status.channels.values():
            for reading in CHANNEL_READINGS:
                if reading.key in channel.readings:
                    yield (
                        (channel.id, reading.key),
                        partial(ChannelSensor, data, reading, channel.id),
                    )
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


class PartSensor(VisionHubEntity, SensorEntity):
    """A property of something that the hub has several of."""

    entity_description: PartSensorDescription

    def __init__(
        self, data: VisionHubData, description: PartSensorDescription, part: Part
    ) -> None:
        """Follow one part."""
        super().__init__(data, description.key, None)
        self.entity_description = description
        self._attr_unique_id = f"{self._attr_unique_id}_{part.id}"
        self._attr_translation_placeholders = {"part": part.name}
        self._part_id = part.id

    @property
    def _part(self) -> Part | None:
        return self.entity_description.parts(self.coordinator.data).get(self._part_id)

    @property
    @override
    def available(self) -> bool:
        return super().available and self._part is not None

    @property
    @override
    def native_value(self) -> str | int | float | datetime | None:
        return self.entity_description.value(part) if (part := self._part) else None


class ChannelSensor(ChannelEntity, SensorEntity):
    """Something that the hub tells about a channel."""

    def __init__(
        self, data: VisionHubData, description: SensorEntityDescription, channel: str
    ) -> None:
        """Show one reading."""
        super().__init__(data, description.key, channel)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> str | int | float | datetime | None:
        return self.channel.readings.get(ChannelReading(self.entity_description.key))


class AlarmSensor(AlarmEntity, ChannelEntity, SensorEntity):
    """Something that the alarms of a channel tell."""

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
        return self.entity_description.value(self.data.alarms, self.channel_id)

    @callback
    @override
    def _handle_alarm(self, update: AlarmUpdate) -> None:
        stored = update.stored
        if (
            update.reason is Reason.ALARM
            and stored is not None
            and not stored.late
            and self.entity_description.concerns(stored.alarm)
        ):
            self.async_write_ha_state()

"""Whether the hub and its channels are there, and which alarms are on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alarms import AlarmUpdate, Reason
from .alarms.receiving import PushState
from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import (
    AlarmEntity,
    ChannelEntity,
    Maker,
    VisionHubEntity,
    add_entities_as_they_come,
    box_key,
)
from .vendors.kinds import AlarmKind
from .vendors.model import Channel, ChannelReading, Device, Measurement, Relay

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class HubBinarySensorDescription(BinarySensorEntityDescription):
    """A property of the hub that is true or false, also while it is away."""

    value: Callable[[VisionHubData], bool]


@dataclass(frozen=True, kw_only=True)
class ChannelBinarySensorDescription(BinarySensorEntityDescription):
    """A property of a channel that is true or false."""

    value: Callable[[Channel], bool | None]


@dataclass(frozen=True, kw_only=True)
class RelayBinarySensorDescription(BinarySensorEntityDescription):
    """A property of a relay that is true or false."""

    value: Callable[[Relay], bool | None]


HUB_SENSORS = (
    HubBinarySensorDescription(
        key="connection",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda data: (
            data.coordinator.last_update_success
            and data.alarms.push is not PushState.SILENT
        ),
    ),
    HubBinarySensorDescription(
        key="push",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda data: data.alarms.outage is None,
    ),
)

STORAGE_FULL = HubBinarySensorDescription(
    key="hub_storage_full",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
    value=lambda data: bool(
        data.coordinator.data.measurements.get(Measurement.STORAGE_FULL)
    ),
)

# Shown for relays of which the hub tells it.
RELAY_SENSORS = (
    RelayBinarySensorDescription(
        key="relay_online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda relay: relay.online,
    ),
    RelayBinarySensorDescription(
        key="relay_closed",
        value=lambda relay: relay.closed,
    ),
)

CHANNEL_SENSORS = (
    ChannelBinarySensorDescription(
        key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda channel: channel.online,
    ),
)

# Shown for channels of which the hub tells it.
CHANNEL_READINGS = (
    ChannelBinarySensorDescription(
        key=ChannelReading.PRIVACY_MASK,
        value=lambda channel: _flag(channel, ChannelReading.PRIVACY_MASK),
    ),
    ChannelBinarySensorDescription(
        key="storage_card",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda channel: _fault(channel, ChannelReading.STORAGE_CARD_OK),
    ),
    ChannelBinarySensorDescription(
        key="camera_stream",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda channel: _fault(channel, ChannelReading.CAMERA_OPENED),
    ),
)


def _flag(channel: Channel, reading: ChannelReading) -> bool | None:
    value = channel.readings.get(reading)
    return value if isinstance(value, bool) else None


def _fault(channel: Channel, reading: ChannelReading) -> bool | None:
    return None if (fine := _flag(channel, reading)) is None else not fine


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a hub."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        for hub_sensor in HUB_SENSORS:
            yield (
                (None, hub_sensor.key),
                partial(HubBinarySensor, data, hub_sensor),
            )
        status = data.coordinator.data
        if status.measurements.get(Measurement.STORAGE_FULL) is not None:
            yield (
                (None, STORAGE_FULL.key),
                partial(HubBinarySensor, data, STORAGE_FULL),
            )
        for relay in status.relays:
            for relay_sensor in RELAY_SENSORS:
                if relay_sensor.value(relay) is not None:
                    yield (
                        (None, relay_sensor.key, relay.id),
                        partial(RelaySensor, data, relay_sensor, relay),
                    )
        for box in status.devices.values():
            if box.online is not None:
                yield (box_key(box.id), "box"), partial(BoxConnection, data, box)
        for channel in data.coordinator.data.channels.values():
            for description in CHANNEL_SENSORS:
                yield (
                    (channel.id, description.key),
                    partial(ChannelBinarySensor, data, description, channel.id),
                )
            for description in CHANNEL_READINGS:
                if description.value(channel) is not None:
                    yield (
                        (channel.id, description.key),
                        partial(ChannelBinarySensor, data, description, channel.id),
                    )
            for kind in channel.kinds:
                if kind.traits.hold is not None:
                    yield (
                        (channel.id, kind),
                        partial(AlarmBinarySensor, data, kind, channel.id),
                    )
        for channel_id, kind in data.alarms.seen:
            if kind.traits.hold is not None and (
                channel_id is None or channel_id in data.coordinator.data.channels
            ):
                yield (
                    (channel_id, kind),
                    partial(AlarmBinarySensor, data, kind, channel_id),
                )

    add_entities_as_they_come(entry, async_add_entities, wanted)


class HubBinarySensor(VisionHubEntity, BinarySensorEntity):
    """A property of the hub that is true or false."""

    entity_description: HubBinarySensorDescription

    def __init__(
        self, data: VisionHubData, description: HubBinarySensorDescription
    ) -> None:
        """Show one property."""
        super().__init__(data, description.key, None)
        self.entity_description = description

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.data.alarms.subscribe(self._follow_push))

    @callback
    def _follow_push(self, update: AlarmUpdate) -> None:
        if update.reason is Reason.PUSH:
            self.async_write_ha_state()

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def is_on(self) -> bool:
        return self.entity_description.value(self.data)


class ChannelBinarySensor(ChannelEntity, BinarySensorEntity):
    """A property of a channel that is true or false."""

    entity_description: ChannelBinarySensorDescription

    def __init__(
        self,
        data: VisionHubData,
        description: ChannelBinarySensorDescription,
        channel: str,
    ) -> None:
        """Show one property."""
        super().__init__(data, description.key, channel)
        self.entity_description = description

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value(self.channel)


class BoxConnection(VisionHubEntity, BinarySensorEntity):
    """Whether an account reaches one of its boxes."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, data: VisionHubData, box: Device) -> None:
        """Belong to the device of the box."""
        super().__init__(data, "connection", None)
        self._attr_unique_id = f"{data.coordinator.unique_id}_box_{box.id}"
        self._attr_device_info = data.coordinator.box_device(box)
        self._box_id = box.id

    @property
    @override
    def available(self) -> bool:
        return super().available and self._box_id in self.coordinator.data.devices

    @property
    @override
    def is_on(self) -> bool | None:
        box = self.coordinator.data.devices.get(self._box_id)
        return None if box is None else box.online


class RelaySensor(VisionHubEntity, BinarySensorEntity):
    """A property of a relay that is true or false."""

    entity_description: RelayBinarySensorDescription

    def __init__(
        self,
        data: VisionHubData,
        description: RelayBinarySensorDescription,
        relay: Relay,
    ) -> None:
        """Follow one relay."""
        super().__init__(data, description.key, None)
        self.entity_description = description
        self._attr_unique_id = f"{self._attr_unique_id}_{relay.id}"
        self._attr_translation_placeholders = {"relay": relay.name}
        self._relay_id = relay.id

    @property
    def _relay(self) -> Relay | None:
        for relay in self.coordinator.data.relays:
            if relay.id == self._relay_id:
                return relay
        return None

    @property
    @override
    def available(self) -> bool:
        return super().available and self._relay is not None

    @property
    @override
    def is_on(self) -> bool | None:
        if (relay := self._relay) is None:
            return None
        return self.entity_description.value(relay)


class AlarmBinarySensor(AlarmEntity, BinarySensorEntity):
    """On from an alarm until it ended or its hold time is over."""

    def __init__(
        self, data: VisionHubData, kind: AlarmKind, channel: str | None
    ) -> None:
        """Follow one kind of alarm of one channel."""
        super().__init__(data, kind.value, channel)
        self.kind = kind
        if device_class := kind.traits.device_class:
            self._attr_device_class = BinarySensorDeviceClass(device_class)

    @property
    @override
    def is_on(self) -> bool:
        return self.data.alarms.is_on(self.channel_id, self.kind)

    @callback
    @override
    def _handle_alarm(self, update: AlarmUpdate) -> None:
        if update.kind is self.kind:
            self.async_write_ha_state()

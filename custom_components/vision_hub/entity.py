"""What all entities share: their device, their names, how they come and go."""

from collections.abc import Callable, Iterable
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .alarms import AlarmUpdate, Reason
from .coordinator import VisionHubConfigEntry, VisionHubCoordinator, VisionHubData
from .identity import box_identifier, channel_identifier, hub_identifier
from .vendors.model import Channel

type Maker = Callable[[], Entity]


class VisionHubEntity(CoordinatorEntity[VisionHubCoordinator]):
    """An entity of a hub, or of one of its channels."""

    _attr_has_entity_name = True

    def __init__(self, data: VisionHubData, key: str, channel: str | None) -> None:
        """Belong to the hub's device when `channel` is None."""
        super().__init__(data.coordinator)
        self.data = data
        self.channel_id = channel
        self._attr_translation_key = key
        unique_id = data.coordinator.unique_id
        if channel is None:
            self._attr_unique_id = f"{unique_id}_{key}"
            self._attr_device_info = DeviceInfo(identifiers={hub_identifier(unique_id)})
        else:
            self._attr_unique_id = f"{unique_id}_{channel}_{key}"
            self._attr_device_info = data.coordinator.channel_device(
                data.coordinator.data.channels[channel]
            )

    @property
    def exists(self) -> bool:
        """Whether the hub still has what this belongs to."""
        return (
            self.channel_id is None or self.channel_id in self.coordinator.data.channels
        )

    @property
    @override
    def available(self) -> bool:
        return super().available and self.exists


class ChannelEntity(VisionHubEntity):
    """An entity of a channel."""

    channel_id: str

    def __init__(self, data: VisionHubData, key: str, channel: str) -> None:
        """Belong to the channel's device."""
        super().__init__(data, key, channel)
        self._as_found = data.coordinator.data.channels[channel]

    @property
    def channel(self) -> Channel:
        """The channel as last reported; as it was found once it is gone."""
        return self.coordinator.data.channels.get(self.channel_id, self._as_found)


class AlarmEntity(VisionHubEntity):
    """An entity that follows the alarms of its channel.

    It says nothing while alarms cannot come: "off" would mean that all is quiet.
    """

    @property
    @override
    def available(self) -> bool:
        # Not as the polls go: a hub that misses one may still call us.
        return self.exists and not self.data.alarms.is_lost(self.channel_id)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.data.alarms.subscribe(self._filter_update, self.channel_id)
        )

    @callback
    def _filter_update(self, update: AlarmUpdate) -> None:
        match update.reason:
            case Reason.PUSH:
                pass
            case Reason.RECEPTION:
                self.async_write_ha_state()
            case _:
                self._handle_alarm(update)

    @callback
    def _handle_alarm(self, update: AlarmUpdate) -> None:
        """Follow an alarm of this channel."""
        raise NotImplementedError


def box_key(box: str) -> str:
    """Return how the keys of a box's entities begin; no channel is named so."""
    return f"#{box}"


def _is_kept(coordinator: VisionHubCoordinator, part: str | None) -> bool:
    """Tell whether the hub, a box or a channel still has its device."""
    if part is None:
        return True
    hub = coordinator.unique_id
    return coordinator.has_device(
        box_identifier(hub, part.removeprefix("#"))
        if part.startswith("#")
        else channel_identifier(hub, part)
    )


@callback
def add_entities_as_they_come(
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    wanted: Callable[[VisionHubData], Iterable[tuple[tuple[str | None, ...], Maker]]],
) -> None:
    """Add entities now and whenever the hub gains something.

    `wanted` names every entity that should be there by a key that begins with the
    channel (None for the hub, `box_key` for a box), and tells how to make it. What was there and is no
    longer wanted may come again: Home Assistant removes entities with their device.
    """
    data = entry.runtime_data
    present: set[tuple[Any, ...]] = set()
    kinds_seen = 0

    @callback
    def add_new() -> None:
        nonlocal present
        if not data.coordinator.last_update_success:
            return
        # A channel that is missing for a while keeps its entities.
        present = {key for key in present if _is_kept(data.coordinator, key[0])}
        new = {key: make for key, make in wanted(data) if key not in present}
        present |= new.keys()
        if new:
            async_add_entities([make() for make in new.values()])

    @callback
    def add_seen(_: AlarmUpdate) -> None:
        nonlocal kinds_seen
        if len(data.alarms.seen) != kinds_seen:
            kinds_seen = len(data.alarms.seen)
            add_new()

    add_new()
    entry.async_on_unload(data.coordinator.async_add_listener(add_new))
    entry.async_on_unload(data.alarms.subscribe(add_seen))

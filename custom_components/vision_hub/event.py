"""Alarms and faces as they happen."""

from collections.abc import Iterable
from functools import partial
from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alarms import AlarmUpdate, Reason, media_content_id
from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import AlarmEntity, ChannelEntity, Maker, add_entities_as_they_come
from .vendors.kinds import AlarmKind
from .vendors.model import Phase

PARALLEL_UPDATES = 0

FACE_EVENTS = {
    AlarmKind.FACE_RECOGNIZED: "recognized",
    AlarmKind.FACE_BLACKLISTED: "blacklisted",
    AlarmKind.FACE_STRANGER: "stranger",
    AlarmKind.FACE_CAPTURED: "captured",
    AlarmKind.FACE_FREQUENT: "frequent",
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of every channel."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        seen = {channel for channel, kind in data.alarms.seen if kind in FACE_EVENTS}
        for channel in data.coordinator.data.channels.values():
            yield (
                (channel.id, "alarm"),
                partial(AlarmEvent, data, "alarm", channel.id),
            )
            if channel.recognizes_faces or channel.id in seen:
                yield (
                    (channel.id, "face"),
                    partial(FaceEvent, data, "face", channel.id),
                )

    add_entities_as_they_come(entry, async_add_entities, wanted)


class VisionHubEvent(AlarmEntity, ChannelEntity, EventEntity):
    """Fires once for every alarm, as it happens: not for one that arrives late."""

    # Who was seen is told to automations and kept in the archive only.
    _unrecorded_attributes = frozenset(
        {"person", "person_id", "library", "similarity", "attributes", "picture"}
    )

    def _event_type(self, kind: AlarmKind) -> str | None:
        """Return what to fire for a kind of alarm; None for nothing."""
        raise NotImplementedError

    @callback
    @override
    def _handle_alarm(self, update: AlarmUpdate) -> None:
        stored = update.stored
        if (
            update.reason is not Reason.ALARM
            or stored is None
            or stored.late
            or stored.alarm.phase is not Phase.STARTED
            or (event_type := self._event_type(stored.alarm.kind)) is None
        ):
            return
        match = stored.alarm.best_match
        looks = [target.attributes for target in stored.alarm.targets]
        self._trigger_event(
            event_type,
            {
                "code": stored.alarm.code,
                "time": stored.alarm.time.isoformat(),
                "person": match and match.name,
                "person_id": match and match.person_id,
                "library": match and match.library,
                "similarity": match and match.similarity,
                "attributes": dict(looks[0]) if looks else {},
                "picture": media_content_id(stored),
            },
        )
        self.async_write_ha_state()


class AlarmEvent(VisionHubEvent):
    """Fires for every alarm of a channel but faces and counts."""

    @property
    @override
    def event_types(self) -> list[str]:
        """The kinds the hub looks for here, and those it was seen to report."""
        kinds = {AlarmKind.OTHER, *self.channel.kinds}
        kinds |= {
            kind
            for channel, kind in self.data.alarms.seen
            if channel == self.channel_id
        }
        return sorted(kind for kind in kinds if self._event_type(kind))

    @override
    def _event_type(self, kind: AlarmKind) -> str | None:
        # Counts are shown by sensors.
        return None if kind in FACE_EVENTS or kind.traits.measured else kind.value


class FaceEvent(VisionHubEvent):
    """Fires for every face that a channel saw."""

    _attr_event_types: list[str] = list(FACE_EVENTS.values())  # noqa: RUF012

    @override
    def _event_type(self, kind: AlarmKind) -> str | None:
        return FACE_EVENTS.get(kind)

"""The pictures of the last alarms."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from mimetypes import guess_type
from typing import override

from homeassistant.components.image import ImageEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alarms.archive import StoredAlarm, StoredPicture
from .alarms.center import AlarmUpdate
from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import AlarmEntity, ChannelEntity, Maker, add_entities_as_they_come
from .vendors.model import PictureRole

PARALLEL_UPDATES = 0

# Which picture of an alarm each entity prefers.
PREFERENCES = {
    "last_alarm": (PictureRole.SCENE, PictureRole.TARGET),
    "last_face": (PictureRole.TARGET, PictureRole.SCENE),
    "last_match": (PictureRole.LIBRARY,),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the images of every channel."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        for channel in data.coordinator.data.channels.values():
            keys = ["last_alarm"]
            if channel.recognizes_faces or channel.id in data.alarms.latest_face:
                keys += ["last_face", "last_match"]
            for key in keys:
                yield (
                    (channel.id, key),
                    partial(AlarmImage, hass, data, key, channel.id),
                )

    add_entities_as_they_come(entry, async_add_entities, wanted)


class AlarmImage(AlarmEntity, ChannelEntity, ImageEntity):
    """The best picture of the newest alarm of a channel that has one."""

    def __init__(
        self, hass: HomeAssistant, data: VisionHubData, key: str, channel: str
    ) -> None:
        """Show alarms of any kind, faces, or who was recognised as enrolled."""
        AlarmEntity.__init__(self, data, key, channel)
        ImageEntity.__init__(self, hass)
        self._preferred = PREFERENCES[key]
        self._newest = (
            data.alarms.latest_picture
            if key == "last_alarm"
            else data.alarms.latest_face
        )
        # As the name of the person: only for those who want it.
        self._attr_entity_registry_enabled_default = key != "last_match"
        self._shown = self._find()

    def _find(self) -> tuple[StoredAlarm, StoredPicture] | None:
        if (stored := self._newest.get(self.channel_id)) is None:
            return None
        for role in self._preferred:
            for picture in stored.pictures:
                if picture.role is role:
                    return stored, picture
        return None

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        return shown[0].received if (shown := self._shown) else None

    @property
    @override
    def content_type(self) -> str:
        shown = self._shown
        return (guess_type(shown[1].path)[0] if shown else None) or "image/jpeg"

    @override
    async def async_image(self) -> bytes | None:
        if (shown := self._shown) is None:
            return None
        return await self.data.alarms.archive.read(shown[1].path)

    @callback
    @override
    def _handle_alarm(self, update: AlarmUpdate) -> None:
        if (found := self._find()) is not None:
            self._shown = found
        self.async_write_ha_state()

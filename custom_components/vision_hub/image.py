"""The pictures of the last alarms."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from mimetypes import guess_type
from typing import override

from homeassistant.components.image import ImageEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .alarms import AlarmUpdate
from .alarms.archive import StoredAlarm, StoredPicture
from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import AlarmEntity, ChannelEntity, Maker, add_entities_as_they_come
from .errors import translate_errors
from .vendors.contract import HeatMap, HeatMaps
from .vendors.model import PictureRole

PARALLEL_UPDATES = 0

HEAT_MAP_INTERVAL = timedelta(hours=1)

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
            if channel.heat_map and (heat_maps := data.hub.heat_maps):
                for kind in HeatMap:
                    yield (
                        (channel.id, kind),
                        partial(HeatMapImage, hass, data, heat_maps, kind, channel.id),
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

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # An alarm may have come before we followed them.
        self._shown = self._find() or self._shown

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


class HeatMapImage(ChannelEntity, ImageEntity):
    """Where people were today, or when."""

    _attr_content_type = "image/png"
    _attr_entity_registry_enabled_default = False

    def __init__(
        self,
        hass: HomeAssistant,
        data: VisionHubData,
        heat_maps: HeatMaps,
        kind: HeatMap,
        channel: str,
    ) -> None:
        """Show one channel; the hub is asked when somebody looks."""
        ChannelEntity.__init__(self, data, kind, channel)
        ImageEntity.__init__(self, hass)
        self._heat_maps = heat_maps
        self._kind = kind
        self._picture: bytes | None = None
        self._lock = asyncio.Lock()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._attr_image_last_updated = dt_util.utcnow()
        self.async_on_remove(
            async_track_time_interval(self.hass, self._renew, HEAT_MAP_INTERVAL)
        )

    @callback
    def _renew(self, now: datetime) -> None:
        self._picture = None
        self._attr_image_last_updated = now
        self.async_write_ha_state()

    @override
    async def async_image(self) -> bytes | None:
        async with self._lock:
            if self._picture is None:
                today, now = dt_util.start_of_local_day(), dt_util.utcnow()
                with translate_errors(self.hass, self.coordinator.config_entry):
                    self._picture = await self._heat_maps.render(
                        self.channel_id, self._kind, today, now
                    )
            return self._picture

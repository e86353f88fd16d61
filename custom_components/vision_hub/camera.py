"""Live video of the channels."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import override

from homeassistant.components.camera import Camera
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.components.stream import Stream
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import ChannelEntity, Maker, add_entities_as_they_come
from .errors import translate_errors
from .vendors.model import PictureRole

# One still picture at a time: some hubs serve one request at a time.
PARALLEL_UPDATES = 1

# Of the ten seconds that Home Assistant waits for a picture.
FIRST_FRAME_TIMEOUT = 6


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VisionHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a camera for every channel."""

    def wanted(data: VisionHubData) -> Iterable[tuple[tuple[str | None, ...], Maker]]:
        for channel in data.coordinator.data.channels:
            yield (channel, "camera"), partial(VisionHubCamera, data, channel)

    add_entities_as_they_come(entry, async_add_entities, wanted)


class VisionHubCamera(ChannelEntity, Camera):
    """A camera behind a hub."""

    _attr_name = None

    def __init__(self, data: VisionHubData, channel: str) -> None:
        """Stream what the hub offers for the channel."""
        ChannelEntity.__init__(self, data, "camera", channel)
        Camera.__init__(self)
        if data.hub.streams and self.channel.streams:
            self._attr_supported_features = CameraEntityFeature.STREAM

    @property
    @override
    def available(self) -> bool:
        return super().available and self.channel.online is not False

    @override
    async def stream_source(self) -> str | None:
        if (streams := self.data.hub.streams) is None:
            return None
        with translate_errors(self.hass, self.coordinator.config_entry):
            return await streams.source(self.channel_id)

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a snapshot, else a frame of the stream, else the last alarm's scene."""
        if snapshots := self.data.hub.snapshots:
            with translate_errors(self.hass, self.coordinator.config_entry):
                return await snapshots.take(self.channel_id)
        if (stream := await self.async_create_stream()) and (
            frame := await _frame(stream, width, height)
        ):
            return frame
        stored = self.data.alarms.latest_picture.get(self.channel_id)
        for picture in stored.pictures if stored else ():
            if picture.role is PictureRole.SCENE:
                return await self.data.alarms.archive.read(picture.path)
        return None


async def _frame(stream: Stream, width: int | None, height: int | None) -> bytes | None:
    """Return a frame; a stream that has just begun has none for a while."""
    if frame := await stream.async_get_image(width, height):
        return frame
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRST_FRAME_TIMEOUT):
            return await stream.async_get_image(
                width, height, wait_for_next_keyframe=True
            )
    return None

"""Live video of the channels."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import override

from homeassistant.components.camera import Camera, CameraEntityFeature
from homeassistant.components.stream import Stream
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import VisionHubConfigEntry, VisionHubData
from .entity import ChannelEntity, Maker, add_entities_as_they_come
from .errors import translate_errors
from .vendors.errors import RejectedByHub, Unsupported
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
        self._update_features()

    def _update_features(self) -> None:
        """Stream what may be streamed now: a service that ended may be paid again."""
        streams = self.data.hub.streams and self.channel.streams
        self._attr_supported_features = CameraEntityFeature(
            CameraEntityFeature.STREAM if streams else 0
        )

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._update_features()
        super()._handle_coordinator_update()

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
    async def async_create_stream(self) -> Stream | None:
        """Return the stream; one that begins anew gets a new address.

        Addresses of hubs end: some live for seconds, some can be opened only once.
        """
        known = self.stream
        stream = await super().async_create_stream()
        if stream is None:
            return None
        if stream is not known:
            stream.set_update_callback(partial(self._follow_stream, stream))
        elif not stream.outputs():
            await self._renew(stream)
        return stream

    @callback
    def _follow_stream(self, stream: Stream) -> None:
        """Have another address at hand when the player tries again."""
        self.async_write_ha_state()
        if not stream.available:
            self.coordinator.config_entry.async_create_background_task(
                self.hass, self._renew(stream), f"{self.entity_id} address"
            )

    async def _renew(self, stream: Stream) -> None:
        try:
            source = await self.stream_source()
        except HomeAssistantError:
            # The player tries again, and so do we.
            return
        if source:
            stream.source = source

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return a snapshot, else a frame of the stream, else the last alarm's scene."""
        if snapshots := self.data.hub.snapshots:
            # Not every camera of a hub can be asked for one.
            with (
                translate_errors(self.hass, self.coordinator.config_entry),
                suppress(RejectedByHub, Unsupported),
            ):
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

"""What the user of a virtual box can do to it: raise alarms, lock out, add cameras."""

from collections.abc import Callable
from typing import Any

from simulators.push_delivery import OutgoingRequest, Push
from simulators.virtual_device import VirtualDevice

from . import defaults
from .alarm_generator import AlarmGenerator
from .device import Device, Limits, Timing
from .digest_auth import DigestAuth
from .models import Channel, ChannelMode
from .quirks import Quirks
from .reporter import Reporter


class UniviewActions(VirtualDevice[Quirks, Timing, Limits]):
    """What can be done to the device; `UniviewBox` puts its parts together."""

    device: Device
    reporter: Reporter
    alarms: AlarmGenerator
    digest_auth: DigestAuth

    # What it is

    @property
    def busy(self) -> bool:
        """Return whether every request is answered with code 6."""
        return self.device.busy

    @busy.setter
    def busy(self, busy: bool) -> None:
        self.device.busy = busy

    @property
    def modelling_fails(self) -> bool:
        """Return whether the modelling of uploaded pictures fails (state 4)."""
        return self.device.modelling_fails

    @modelling_fails.setter
    def modelling_fails(self, fails: bool) -> None:
        self.device.modelling_fails = fails

    # Authentication

    def expire_nonce(self) -> None:
        """Make the current nonce invalid."""
        self.digest_auth.expire_nonce()

    def lock_out(
        self, address: str = "127.0.0.1", seconds: float | None = None
    ) -> None:
        """Lock an address out: code 1004."""
        self.digest_auth.lock(address, seconds)

    def unlock(self) -> None:
        """Let every address in again."""
        self.digest_auth.unlock()

    # Pushes

    async def alarm(
        self, algo_model: str, *, channel_id: int = 1, **options: Any
    ) -> Push:
        """Raise a behaviour alarm, see `AlarmGenerator.alarm`."""
        return await self.alarms.alarm(algo_model, channel_id=channel_id, **options)

    async def recover(self, push: Push, *, at: float | None = None) -> Push:
        """End a behaviour alarm."""
        return await self.alarms.recover(push, at=at)

    async def face(self, *, channel_id: int = 1, **options: Any) -> Push:
        """Capture a face, see `AlarmGenerator.face`."""
        return await self.alarms.face(channel_id=channel_id, **options)

    async def people_count(self, *, channel_id: int = 1, **options: Any) -> Push:
        """Count people, see `AlarmGenerator.people_count`."""
        return await self.alarms.people_count(channel_id=channel_id, **options)

    async def keep_alive(self) -> Push:
        """Send a keep-alive to every enabled platform now."""
        return await self.reporter.keep_alive()

    def hold_pushes(self) -> None:
        """Keep all pushes back."""
        self.reporter.hold()

    def release_pushes(
        self, order: Callable[[list[OutgoingRequest]], list[OutgoingRequest]] = list
    ) -> None:
        """Send what was kept back, in the order that the function returns."""
        self.reporter.release(order)

    # Channels

    async def add_channel(
        self, name: str | None = None, *, online: bool = True
    ) -> Channel:
        """Add a channel as somebody at the box's web page would."""
        channel = defaults.new_channel(self.device, name)
        channel.online = online
        return self.device.add_channel(channel, mode=ChannelMode.ADDED)

    async def rename_channel(self, channel_id: int, name: str) -> Channel:
        """Rename a channel."""
        channel = self.device.channel(channel_id)
        channel.name = name
        self.device.on_channel(channel, ChannelMode.MODIFIED)
        return channel

    async def remove_channel(self, channel_id: int) -> Channel:
        """Remove a channel."""
        return self.device.remove_channel(channel_id)

    async def set_channel_status(self, channel_id: int, *, online: bool) -> Channel:
        """Put a channel online or offline."""
        return self.device.set_online(channel_id, online=online)

    def _scene_of(self, path: str) -> tuple[str, str]:
        """Return name and scene of a stream path of the video server."""
        for channel in self.device.channels.values():
            if channel.rtsp and f"/{channel.rtsp}".endswith(f"/{path}"):
                return channel.name, channel.scene
        return path, "corridor"

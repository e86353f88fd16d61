"""What the user of a virtual box can do to it: let things happen, lock out, add cameras."""

from typing import Any

from simulators.push_delivery import Push
from simulators.virtual_device import VirtualDevice

from . import config_requests, defaults, relay_requests
from .device import Device
from .digest_auth import DigestAuth
from .event_generator import EventGenerator
from .models import Channel, Limits, Timing
from .quirks import Quirks
from .reporter import Reporter, Result
from .request_queue import RequestQueue
from .websocket_server import Subscribers


class MegviiActions(VirtualDevice[Quirks, Timing, Limits]):
    """What can be done to the device; `MegviiBox` puts its parts together."""

    device: Device
    reporter: Reporter
    events: EventGenerator
    digest_auth: DigestAuth
    subscribers: Subscribers
    request_queue: RequestQueue

    # Access

    @property
    def durations(self) -> dict[str, float]:
        """Return how long requests run ("GET /devices", shell patterns), in seconds."""
        return self.device.durations

    def lock_out(self, seconds: float | None = None) -> None:
        """Lock the account: also the right password gets 104101."""
        self.digest_auth.lock_account(seconds)

    def unlock(self) -> None:
        """Let the right password in again."""
        self.digest_auth.unlock()

    def expire_nonces(self) -> None:
        """Make every digest nonce stale."""
        self.digest_auth.expire_nonces()

    # What happens

    async def recognize(self, person: str, channel: int = 1, **options: Any) -> Result:
        """Let an enrolled person come by, see `EventGenerator.recognize`."""
        return await self.events.recognize(person, channel, **options)

    async def stranger(self, channel: int = 1, **options: Any) -> Result:
        """Let somebody unknown come by, see `EventGenerator.stranger`."""
        return await self.events.stranger(channel, **options)

    async def capture(self, kind: str, channel: int = 3, **options: Any) -> Result:
        """Capture a target, see `EventGenerator.capture`."""
        return await self.events.capture(kind, channel, **options)

    async def alert(
        self, event_type: int | str, channel: int = 1, **options: Any
    ) -> Result:
        """Let a rule fire, see `EventGenerator.alert`."""
        return await self.events.alert(event_type, channel, **options)

    async def heartbeat(self) -> Push:
        """Send a WebSocket heartbeat now."""
        return await self.reporter.heartbeat()

    def drop_links(self) -> None:
        """Break the box's WebSocket connections without a close frame."""
        for link in self.reporter.links.values():
            link.cut()

    def resend_failed(self) -> int:
        """Try at once what persistent reporting would try later; return how much."""
        return self.reporter.again()

    # Channels, relays, modes

    def add_channel(self, number: int | None = None) -> Channel:
        """Add an armed video channel as at the box's web page."""
        return defaults.furnish_channel(self.device, number)

    def remove_channel(self, number: int) -> None:
        """Remove a channel with its history."""
        self.device.remove_channel(number)

    def set_channel_status(self, channel: int, status: int = 0) -> Channel:
        """Set `videoConStatus`: 0 connected, 1 failed, 2 authentication, ... 6."""
        found = self.device.channel(channel)
        found.status = status
        return found

    def change_mode(self, mode: int) -> None:
        """Change the detect mode: 0 faces, 1 mixed, 3 alert."""
        if mode not in self.device.supported_modes:
            raise ValueError(f"no mode {mode}")
        config_requests.set_mode(self.device, mode)

    def trigger_relay(self, channel: int) -> bool:
        """Switch the relay of a channel; False when its interval is not over."""
        return relay_requests.pulse(self.device, self.device.relays[channel])

    def relay_closed(self, channel: int) -> bool:
        """Return whether the relay of a channel conducts now."""
        return relay_requests.is_closed(self.device, self.device.relays[channel])

    def set_relay_status(self, channel: int, *, online: bool) -> None:
        """Put the relay of a channel online or offline."""
        binding = self.device.relays[channel]
        relay_requests.output_of(self.device, binding).online = online

    def _streams(self) -> dict[str, tuple[str, str]]:
        """Return name and scene of each camera by its path at the video server."""
        return {
            camera.stream: (camera.name, camera.scene)
            for camera in self.device.channels.values()
        }

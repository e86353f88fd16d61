"""What the user of a virtual node can do to it: show faces, lock out, add cameras."""

from typing import Any

from simulators.push_delivery import Push
from simulators.virtual_device import VirtualDevice

from . import defaults
from .capture_generator import CaptureGenerator
from .device import Device
from .models import Camera, Limits, Timing
from .quirks import Quirks
from .reporter import Counts, Reporter, Result
from .sessions import Sessions


class SenseTimeActions(VirtualDevice[Quirks, Timing, Limits]):
    """What can be done to the device; `SenseTimeNode` puts its parts together."""

    device: Device
    reporter: Reporter
    events: CaptureGenerator
    sessions: Sessions

    # Sessions

    def expire_session(self) -> None:
        """End every session: the next request gets -141."""
        self.sessions.expire()

    def expire_keys(self) -> None:
        """Make every WebSocket key invalid; open subscriptions go on."""
        self.sessions.keys.clear()

    def lock_out(self, seconds: float = 300.0) -> None:
        """Refuse every log in with -113, also with the right password."""
        self.sessions.lock(seconds)

    def unlock(self) -> None:
        """Let the right password in again."""
        self.sessions.unlock()

    # Pushes

    @property
    def subscribers(self) -> int:
        """Return how many WebSockets are subscribed."""
        return len(self.reporter.subscribers)

    @property
    def counts(self) -> Counts:
        """Return how many messages were sent per transport."""
        return self.reporter.counts

    def drop_subscribers(self) -> int:
        """Cut every WebSocket without a close frame; return how many."""
        return self.reporter.subscribers.drop()

    async def face(self, *, channel: int = 1, **options: Any) -> Result:
        """Capture a face, see `CaptureGenerator.face`."""
        return await self.events.face(channel=channel, **options)

    async def recognize(
        self, person_id: str, *, channel: int = 1, **options: Any
    ) -> Result:
        """Recognise an enrolled face by its `img_id`, see `CaptureGenerator.face`."""
        return await self.events.face(channel=channel, person_id=person_id, **options)

    async def body(self, *, channel: int = 1, **options: Any) -> Result:
        """Capture a body, see `CaptureGenerator.body`."""
        return await self.events.body(channel=channel, **options)

    async def heartbeat(self) -> Push:
        """Send a heartbeat to the HTTP target now."""
        return await self.reporter.heartbeat()

    # Cameras

    def add_camera(self, name: str | None = None, *, kind: str | None = None) -> Camera:
        """Add a camera (rtsp, onvif, gb28181, IMAGE) as at the node's web page."""
        return defaults.furnish_camera(self.device, name, kind=kind)

    def remove_camera(self, channel: int) -> Camera:
        """Remove a camera."""
        return self.device.remove_camera(channel)

    def set_camera_status(self, channel: int, *, online: bool) -> Camera:
        """Put a camera online or offline."""
        camera = self.device.camera(channel)
        camera.online = online
        return camera

    def _streams(self) -> dict[str, tuple[str, str]]:
        """Return name and scene of each camera by its path at the video server."""
        return {
            camera.stream: (camera.name, camera.scene)
            for camera in self.device.cameras.values()
        }

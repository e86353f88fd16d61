"""The virtual SenseTime node: one object to start, look at and play with."""

import asyncio
import random
from typing import Any, Unpack

from simulators.delivery import Push, ResendPolicy
from simulators.virtual_device import Listening, VirtualDevice

from . import defaults
from .activity import Activity
from .control import SenseTimePanel
from .device import CHANNELS, Device
from .events import EventDesk
from .models import Camera, Limits, Timing
from .operations import OPERATIONS
from .quirks import Quirks
from .reporter import Counts, Reporter, Result
from .sessions import Sessions
from .site import Site


class SenseTimeNode(VirtualDevice[Quirks, Timing, Limits]):
    """A node that listens on `host` and `port` while it runs, see `Listening`.

    `model` is M4s or M8s. `time_scale` multiplies every duration of the node. `seed`
    makes serial number, ids and pictures repeatable. `resend` makes the node repeat
    refused HTTP pushes (the manual does not say that it does). Patterns of `faults`
    match /api/json/<msg_id>, kinds of `push_faults` are 774, 775 and 777.
    """

    device: Device
    reporter: Reporter

    def __init__(
        self,
        *,
        channels: int = 4,
        model: str = "M8s",
        serial: str | None = None,
        username: str = "admin",
        password: str = "Nebula123!",
        quirks: Quirks | None = None,
        resend: ResendPolicy | None = None,
        time_scale: float = 1.0,
        time_zone: str = "GMT+08:00",
        seed: int | None = None,
        people: bool = True,
        **listening: Unpack[Listening],
    ) -> None:
        """Make a node; it is furnished at once but listens only when started."""
        if model not in CHANNELS:
            raise ValueError(f"model must be one of {', '.join(CHANNELS)}")
        rng = random.Random(seed)
        device = Device(
            serial or f"STSNMAWX08A1{rng.randrange(10**8):08d}",
            model,
            quirks=quirks or Quirks(),
            rng=rng,
            time_scale=time_scale,
            time_zone=time_zone,
        )
        self.sessions = Sessions(device, username, password)
        reporter = Reporter(device, self.sessions, resend or ResendPolicy(attempts=1))
        self.events = EventDesk(device, reporter)
        super().__init__(
            Site(device, self.sessions, reporter.subscribers, OPERATIONS),
            reporter,
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(self.device, cameras=channels, people=people)

    # Life

    def panel(self) -> SenseTimePanel:
        """Return what the control page shows."""
        return SenseTimePanel(self)

    def activity(self, shortest: float = 0, longest: float = 0) -> Activity:
        """Return the life in front of the cameras."""
        return Activity(self, shortest, longest)

    def _started(self) -> None:
        self.device.on_reboot = self.reporter.soon(self._reboot_soon)

    def _downtime(self) -> float:
        return self.timing.reboot + self.device.upgrading * self.timing.upgrade

    def _going_down(self) -> None:
        self.drop_subscribers()
        self.sessions.expire()
        self.sessions.keys.clear()

    def _back(self) -> None:
        if self.device.upgrading:
            self.device.upgrading = False
            self.device.version = "SenseNebula-M-V2.1.1-20201015"

    async def _reboot_soon(self) -> None:
        # The answer to the request goes out first.
        await asyncio.sleep(0.05)
        await self.reboot()

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
        """Capture a face, see `EventDesk.face`."""
        return await self.events.face(channel=channel, **options)

    async def recognize(
        self, person_id: str, *, channel: int = 1, **options: Any
    ) -> Result:
        """Recognise an enrolled face by its `img_id`, see `EventDesk.face`."""
        return await self.events.face(channel=channel, person_id=person_id, **options)

    async def body(self, *, channel: int = 1, **options: Any) -> Result:
        """Capture a body, see `EventDesk.body`."""
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

    def _scene_of(self, path: str) -> tuple[str, str]:
        """Return name and scene of a stream path of the video server."""
        for camera in self.device.cameras.values():
            if camera.stream == path:
                return camera.name, camera.scene
        return path, "corridor"

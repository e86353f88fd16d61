"""The virtual SenseTime node: one object to start, look at and play with."""

import asyncio
import random
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from simulators.control import add_control
from simulators.delivery import Push, PushFaults, ResendPolicy
from simulators.faults import Faults
from simulators.journal import Journal
from simulators.rtsp_server import RtspServer

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


class SenseTimeNode:
    """A node that listens on `host` and `port` while it runs.

    `port` and `rtsp_port` 0 take free ones. `model` is M4s or M8s. `time_scale`
    multiplies every duration of the node. `seed` makes serial number, ids and
    pictures repeatable. `resend` makes the node repeat refused HTTP pushes (the
    manual does not say that it does). `history` captures of the last day are there
    from the start.
    """

    def __init__(
        self,
        *,
        channels: int = 4,
        model: str = "M8s",
        host: str = "127.0.0.1",
        port: int = 0,
        rtsp_port: int = 0,
        video: bool = True,
        serial: str | None = None,
        username: str = "admin",
        password: str = "Nebula123!",
        quirks: Quirks | None = None,
        resend: ResendPolicy | None = None,
        time_scale: float = 1.0,
        time_zone: str = "GMT+08:00",
        seed: int | None = None,
        people: bool = True,
        history: int = 0,
    ) -> None:
        """Make a node; it is furnished at once but listens only when started."""
        if model not in CHANNELS:
            raise ValueError(f"model must be one of {', '.join(CHANNELS)}")
        rng = random.Random(seed)
        self.host = host
        self.username = username
        self.password = password
        self.journal = Journal()
        self.device = Device(
            serial or f"STSNMAWX08A1{rng.randrange(10**8):08d}",
            model,
            host=host,
            quirks=quirks or Quirks(),
            rng=rng,
            time_scale=time_scale,
            time_zone=time_zone,
        )
        self.sessions = Sessions(self.device, username, password)
        self.reporter = Reporter(
            self.device, self.sessions, resend or ResendPolicy(attempts=1)
        )
        self.events = EventDesk(self.device, self.reporter)
        self._site = Site(
            self.device,
            self.sessions,
            self.reporter.subscribers,
            self.journal,
            OPERATIONS,
        )
        self._wanted_port = port
        self._rtsp = RtspServer(self._scene_of) if video else None
        self._rtsp_port = rtsp_port
        self._history = history
        self._runner: web.AppRunner | None = None
        self._address: tuple[str, int] | None = None
        defaults.furnish(self.device, cameras=channels, people=people)

    # Life

    async def start(self) -> Self:
        """Listen."""
        if self._rtsp is not None:
            self.device.rtsp_port = await self._rtsp.start(self.host, self._rtsp_port)
        await Activity(self, 0, 0).past(self._history)
        self._history = 0
        app = self._site.app()
        add_control(app, SenseTimePanel(self))
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.2, handle_signals=False
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self._wanted_port)
        await site.start()
        self._address = self._runner.addresses[0][:2]
        self.device.on_reboot = lambda: self.reporter.later(self._reboot_soon())
        self.reporter.start()
        return self

    async def stop(self) -> None:
        """Stop listening and sending; may be called twice."""
        self._site.faults.closing.set()
        await self.reporter.close()
        if self._rtsp is not None:
            await self._rtsp.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Start."""
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    async def reboot(self, seconds: float | None = None) -> None:
        """Be away for a while (default: `timing.reboot`, scaled).

        Sessions, WebSockets and their keys are gone afterwards.
        """
        device = self.device
        if seconds is None:
            span = device.timing.reboot
            span += device.timing.upgrade if device.upgrading else 0
            seconds = span * device.time_scale
        device.rebooting = True
        self.drop_subscribers()
        self.sessions.expire()
        self.sessions.keys.clear()
        try:
            await asyncio.sleep(seconds)
        finally:
            device.rebooting = False
        if device.upgrading:
            device.upgrading = False
            device.version = "SenseNebula-M-V2.1.1-20201015"

    async def _reboot_soon(self) -> None:
        # The answer to the request goes out first.
        await asyncio.sleep(0.05)
        await self.reboot()

    # What it is

    @property
    def port(self) -> int:
        """Return the HTTP port; the node must have been started."""
        if self._address is None:
            raise RuntimeError("The node has not been started")
        return self._address[1]

    @property
    def url(self) -> str:
        """Return the origin, such as http://127.0.0.1:8082."""
        return f"http://{self.host}:{self.port}"

    @property
    def rtsp_port(self) -> int:
        """Return the port of the video server, 0 without one."""
        return self.device.rtsp_port

    @property
    def serial(self) -> str:
        """Return the serial number."""
        return self.device.serial

    @property
    def faults(self) -> Faults:
        """Return the faults of answers; patterns match /api/json/<msg_id>."""
        return self._site.faults

    @property
    def push_faults(self) -> PushFaults:
        """Return the faults of pushes; kinds are 774, 775 and 777."""
        return self.reporter.sender.faults

    @property
    def quirks(self) -> Quirks:
        """Return the quirks; they may be changed at any time."""
        return self.device.quirks

    @property
    def timing(self) -> Timing:
        """Return how long things take."""
        return self.device.timing

    @property
    def limits(self) -> Limits:
        """Return the capacities."""
        return self.device.limits

    @property
    def clock_offset(self) -> float:
        """Return by how many seconds the node's clock is wrong."""
        return self.device.clock_offset

    @clock_offset.setter
    def clock_offset(self, seconds: float) -> None:
        self.device.clock_offset = seconds

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

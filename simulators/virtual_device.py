"""What every virtual device is to its user, whatever its vendor: one object."""

import asyncio
from types import TracebackType
from typing import Any, ClassVar, Self, TypedDict, Unpack

from aiohttp import web

from .activity import Activity
from .control_page import Panel, add_control
from .device_state import DeviceState, Timing
from .faults import Faults
from .push_delivery import PushFaults
from .reporter import Reporter
from .rtsp_server import RtspServer
from .video import LiveEncoder
from .web_server import WebServer


class Listening(TypedDict, total=False):
    """Where a device listens and what it starts with.

    `host` is 127.0.0.1 by default; `port` and `rtsp_port` 0 (the default) take free
    ones. `video` False leaves the video server out. `history` alarms of the last day
    are there from the start.
    """

    host: str
    port: int
    rtsp_port: int
    video: bool
    history: int


class VirtualDevice[Q, T: Timing, L]:
    """A device that listens on `host` and `port` while it runs.

    A vendor's class names its control page and the life in front of its cameras, makes
    the parts and hands them to `__init__`; it says again, narrower, what `device` and
    `reporter` are.
    """

    panel_type: ClassVar[type[Panel[Any]]]
    activity_type: ClassVar[type[Activity[Any, Any]]]
    device: DeviceState[Q, T, L]
    reporter: Reporter[Any]

    def __init__(
        self,
        web_server: WebServer[Any],
        reporter: Reporter[Any],
        *,
        username: str,
        password: str,
        **listening: Unpack[Listening],
    ) -> None:
        """Put the parts together; the device listens only when started."""
        self.device = web_server.device
        self.reporter = reporter
        self.username = username
        self.password = password
        self.request_log = web_server.request_log
        self.host = self.device.host = listening.get("host", "127.0.0.1")
        self._web_server = web_server
        self._wanted_port = listening.get("port", 0)
        self._rtsp = (
            RtspServer(self._encoder_of) if listening.get("video", True) else None
        )
        self._rtsp_port = listening.get("rtsp_port", 0)
        self._history = listening.get("history", 0)
        self._runner: web.AppRunner | None = None
        self._address: tuple[str, int] | None = None

    # What differs between vendors

    def _streams(self) -> dict[str, tuple[str, str]]:
        """Return name and scene of each camera by its path at the video server."""
        return {}

    def _scene_of(self, path: str) -> tuple[str, str]:
        """Return name and scene of a stream path of the video server."""
        return self._streams().get(path, (path, "corridor"))

    def _encoder_of(self, path: str) -> LiveEncoder | None:
        """Return what encodes a stream path; None when it may not be watched."""
        return LiveEncoder(*self._scene_of(path))

    def _started(self) -> None:
        """Connect the parts, now that the device listens; then the pushes begin."""

    def _reboot_seconds(self) -> float:
        """Return how long a reboot takes, before `time_scale`."""
        return self.timing.reboot

    def _before_reboot(self) -> None:
        """Lose what a reboot loses at its begin."""

    def _after_reboot(self) -> None:
        """Change what is different after a reboot."""

    # Life

    async def start(self) -> Self:
        """Listen."""
        if self._rtsp is not None:
            self.device.rtsp_port = await self._rtsp.start(self.host, self._rtsp_port)
        await self.activity().fill_history(self._history)
        self._history = 0
        app = self._web_server.app()
        add_control(app, self.panel())
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.2, handle_signals=False
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self._wanted_port).start()
        self._address = self._runner.addresses[0][:2]
        self.device.on_reboot = self.reporter.starter_of(self._reboot_soon)
        self._started()
        self.reporter.start()
        return self

    async def stop(self) -> None:
        """Stop listening and sending; may be called twice."""
        self.faults.closing.set()
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

    def panel(self) -> Panel[Any]:
        """Return what the control page shows."""
        return self.panel_type(self)

    def activity(self, shortest: float = 0, longest: float = 0) -> Activity[Any, Any]:
        """Return the life in front of the cameras."""
        return self.activity_type(self, shortest, longest)

    async def reboot(self, seconds: float | None = None) -> None:
        """Be away for a while (default: `timing.reboot`, scaled)."""
        if seconds is None:
            seconds = self._reboot_seconds() * self.device.time_scale
        self.device.rebooting = True
        self._before_reboot()
        try:
            await asyncio.sleep(seconds)
        finally:
            self.device.rebooting = False
            self._after_reboot()

    async def _reboot_soon(self) -> None:
        # The answer to the request goes out first.
        await asyncio.sleep(0.05)
        await self.reboot()

    # What it is

    @property
    def port(self) -> int:
        """Return the HTTP port; the device must have been started."""
        if self._address is None:
            raise RuntimeError("The device has not been started")
        return self._address[1]

    @property
    def url(self) -> str:
        """Return the origin, such as http://127.0.0.1:8081."""
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
        """Return the faults of answers."""
        return self._web_server.faults

    @property
    def push_faults(self) -> PushFaults:
        """Return the faults of pushes."""
        return self.reporter.sender.faults

    @property
    def quirks(self) -> Q:
        """Return the quirks; they may be changed at any time."""
        return self.device.quirks

    @property
    def timing(self) -> T:
        """Return how long things take."""
        return self.device.timing

    @property
    def limits(self) -> L:
        """Return the capacities."""
        return self.device.limits

    @property
    def clock_offset(self) -> float:
        """Return by how many seconds the device's clock is wrong."""
        return self.device.clock_offset

    @clock_offset.setter
    def clock_offset(self, seconds: float) -> None:
        self.device.clock_offset = seconds

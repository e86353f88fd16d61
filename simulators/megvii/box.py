"""The virtual MegBox: one object to start, look at and play with."""

import asyncio
import random
from typing import Unpack

from simulators.virtual_device import Listening

from . import batch_requests, defaults
from .actions import MegviiActions
from .activity import Activity
from .control_page import MegviiPanel
from .device import SYSTEM_LOG, Device
from .digest_auth import DigestAuth
from .event_generator import EventGenerator
from .operation_table import OPERATIONS
from .quirks import Quirks
from .reporter import Reporter
from .request_queue import RequestQueue
from .web_server import WebServer
from .websocket_server import Subscribers

PASSWORD = "megbox"
_DOWNLOADING, _CHECKING = 1, 2


class MegviiBox(MegviiActions):
    """A box that listens on `host` and `port` while it runs, see `Listening`.

    `mode` is the detect mode: 0 faces, 1 mixed, 3 alert. `digest` switches digest
    authentication on, which is off when a box is new. `multi_algorithm` False is a
    firmware without chapter 26. `time_scale` multiplies every duration of the box but
    those of WebSocket pings. Patterns of `faults` match paths such as
    /v1/MEGBOX/devices, kinds of `push_faults` are those of `Message`.
    """

    panel_type = MegviiPanel
    activity_type = Activity

    def __init__(
        self,
        *,
        channels: int = 4,
        mode: int = 1,
        digest: bool = False,
        multi_algorithm: bool = True,
        serial: str | None = None,
        username: str = "admin",
        password: str = PASSWORD,
        quirks: Quirks | None = None,
        time_scale: float = 1.0,
        seed: int | None = None,
        people: bool = True,
        **listening: Unpack[Listening],
    ) -> None:
        """Make a box; it is furnished at once but listens only when started."""
        rng = random.Random(seed)
        device = Device(
            serial or f"B4HV{rng.randrange(10**10):010d}",
            quirks=quirks or Quirks(),
            rng=rng,
            time_scale=time_scale,
            mode=mode,
            multi_algorithm=multi_algorithm,
            mac=f"00:00:5e:00:53:{rng.randrange(256):02x}",
        )
        if mode not in device.supported_modes:
            raise ValueError(f"mode must be one of {device.supported_modes}")
        if channels > device.limits.videos:
            raise ValueError(f"the box has {device.limits.videos} channels")
        device.settings.model["digestMode"] = digest
        self.digest_auth = DigestAuth(
            username=username,
            password=password,
            now=device.scaled,
            rng=random.Random(rng.random()),
            lifetime=lambda: device.timing.nonce,
        )
        self.request_queue = RequestQueue(device.quirks, device.limits.links)
        self.subscribers = Subscribers(device)
        reporter = Reporter(device, self.subscribers)
        self.events = EventGenerator(device, reporter)
        super().__init__(
            WebServer(
                device,
                self.digest_auth,
                self.request_queue,
                self.subscribers,
                OPERATIONS,
            ),
            reporter,
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(self.device, channels=channels, people=people)

    # Life

    def _started(self) -> None:
        device = self.device
        device.port = self.port
        device.on_upgrade = self._upgrade_soon
        device.on_factory = self._factory
        device.on_batch = self.reporter.starter_of(lambda: batch_requests.work(device))
        device.on_targets = self.reporter.configure
        device.on_password = self._new_password
        device.on_digest = self._new_limits

    def _before_reboot(self) -> None:
        self.drop_links()
        self.digest_auth.expire_nonces()

    def _after_reboot(self) -> None:
        self.reporter.configure()
        self.device.log(SYSTEM_LOG, "start")

    def _upgrade_soon(self, kind: int, version: str, result: int) -> None:
        self.device.busy = (_CHECKING if kind == 0 else _DOWNLOADING), 0
        self.reporter.in_background(self._upgrade(kind, version, result))

    async def _upgrade(self, kind: int, version: str, result: int) -> None:
        """Download, check, reboot; `result` is that of /devices/upgradeEndStatus."""
        device = self.device
        phases = {_DOWNLOADING: device.timing.download, _CHECKING: device.timing.check}
        for phase, seconds in phases.items():
            if phase < device.busy[0] or (result and phase == _CHECKING):
                continue
            for rate in range(0, 100, 10):
                device.busy = phase, rate
                await asyncio.sleep(seconds / 10 * device.time_scale)
        device.busy = 0, 0
        device.upgrade = {
            "type": kind,
            "result": result,
            "version": version or device.version,
            "timestamp": device.stamp(),
        }
        if not result:
            device.version = version
            await self.reboot()

    def _factory(self, keep_network: bool) -> None:
        defaults.factory(self.device, keep_network=keep_network)
        self._new_password(PASSWORD)
        self._new_limits()
        self.reporter.configure()
        self.device.on_reboot()

    def _new_password(self, password: str) -> None:
        self.password = self.digest_auth.password = password
        self.digest_auth.expire_nonces()

    def _new_limits(self) -> None:
        model = self.device.settings.model
        self.digest_auth.lock_after = model["digestMaxAuthTries"]
        self.digest_auth.lock_seconds = model["digestUnlockTime"] * 60.0

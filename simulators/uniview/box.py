"""The virtual Uniview box: one object to start, look at and play with."""

import asyncio
import random
from typing import Unpack
from uuid import UUID

from simulators.push_delivery import ResendPolicy
from simulators.virtual_device import Listening

from . import defaults, upgrade
from .actions import UniviewActions
from .activity import Activity
from .alarm_generator import AlarmGenerator
from .control_page import UniviewPanel
from .device import Device
from .digest_auth import DigestAuth
from .operation_table import OPERATIONS
from .quirks import Quirks
from .reporter import Reporter
from .web_server import WebServer


class UniviewBox(UniviewActions):
    """A box that listens on `host` and `port` while it runs, see `Listening`.

    `time_scale` multiplies every duration of the box. `seed` makes serial number,
    nonces and pictures repeatable. `connections` is how many pushes are under way to
    one receiver at a time.
    """

    panel_type = UniviewPanel
    activity_type = Activity

    def __init__(
        self,
        *,
        channels: int = 4,
        serial: str | None = None,
        username: str = "admin",
        password: str = "admin123.",
        quirks: Quirks | None = None,
        resend: ResendPolicy | None = None,
        time_scale: float = 1.0,
        connections: int = 1,
        seed: int | None = None,
        people: bool = True,
        lock_after: int = 5,
        lock_seconds: float = 300.0,
        **listening: Unpack[Listening],
    ) -> None:
        """Make a box; it is furnished at once but listens only when started."""
        rng = random.Random(seed)
        if serial is None:
            serial = f"210235C8TS{UUID(int=rng.getrandbits(128)).int % 10**10:010d}"
        device = Device(
            serial, quirks=quirks or Quirks(), rng=rng, time_scale=time_scale
        )
        self.digest_auth = DigestAuth(
            username=username,
            password=password,
            now=device.scaled,
            quirks=device.quirks,
            rng=rng,
            lock_after=lock_after,
            lock_seconds=lock_seconds,
        )
        reporter = Reporter(device, resend or ResendPolicy(), connections=connections)
        self.alarms = AlarmGenerator(device, reporter)
        super().__init__(
            WebServer(device, self.digest_auth, OPERATIONS),
            reporter,
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(self.device, channels=channels, people=people)

    # Life

    def _started(self) -> None:
        self.device.on_channel = self.reporter.channel_changed
        self.device.on_docking = self.reporter.apply_docking
        self.device.on_upgrade = self.reporter.starter_of(self._upgrade)

    def _before_reboot(self) -> None:
        self.reporter.hold()

    def _after_reboot(self) -> None:
        self.digest_auth.expire_nonce()
        self.reporter.release()

    async def _upgrade(self) -> None:
        device, scale = self.device, self.device.time_scale
        await asyncio.sleep(self.timing.upgrade_transfer * scale)
        device.upgrade_status = upgrade.UPGRADING
        await asyncio.sleep(self.timing.upgrade_write * scale)
        await self.reboot()
        if device.upgrade_package is not None:
            device.firmware = device.upgrade_package["version"]
            device.release_time = int(device.now())
        device.upgrade_status = upgrade.SUCCEEDED

"""The virtual SenseTime node: one object to start, look at and play with."""

import random
from typing import Unpack

from simulators.push_delivery import ResendPolicy
from simulators.virtual_device import Listening

from . import defaults
from .actions import SenseTimeActions
from .activity import Activity
from .capture_generator import CaptureGenerator
from .control_page import SenseTimePanel
from .device import CHANNELS, Device
from .operation_table import OPERATIONS
from .quirks import Quirks
from .reporter import Reporter
from .sessions import Sessions
from .web_server import WebServer


class SenseTimeNode(SenseTimeActions):
    """A node that listens on `host` and `port` while it runs, see `Listening`.

    `model` is M4s or M8s. `time_scale` multiplies every duration of the node. `seed`
    makes serial number, ids and pictures repeatable. `resend` makes the node repeat
    refused HTTP pushes (the manual does not say that it does). Patterns of `faults`
    match /api/json/<msg_id>, kinds of `push_faults` are 774, 775 and 777.
    """

    panel_type = SenseTimePanel
    activity_type = Activity

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
        self.events = CaptureGenerator(device, reporter)
        super().__init__(
            WebServer(device, self.sessions, reporter.subscribers, OPERATIONS),
            reporter,
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(self.device, cameras=channels, people=people)

    # Life

    def _reboot_seconds(self) -> float:
        return self.timing.reboot + self.device.upgrading * self.timing.upgrade

    def _before_reboot(self) -> None:
        self.drop_subscribers()
        self.sessions.expire()
        self.sessions.keys.clear()

    def _after_reboot(self) -> None:
        if self.device.upgrading:
            self.device.upgrading = False
            self.device.version = "SenseNebula-M-V2.1.1-20201015"

"""The virtual CamGuard server: one object to start, look at and play with."""

import random
from typing import Unpack
from zoneinfo import ZoneInfo

from simulators.push_delivery import ResendPolicy
from simulators.reporter import Reporter
from simulators.virtual_device import Listening

from . import defaults
from .actions import CamGuardActions
from .activity import Activity
from .capture_generator import CaptureGenerator
from .control_page import CamGuardPanel
from .device import STORAGE, Device
from .models import User
from .operation_table import OPERATIONS
from .quirks import Quirks
from .sessions import md5_of
from .web_server import WebServer


class CamGuardServer(CamGuardActions):
    """A server that listens on `host` and `port` while it runs, see `Listening`.

    It sends nothing by itself: everything is found by asking. `time_zone` is an IANA
    name, None the zone of this computer. `time_scale` multiplies every duration.
    `seed` makes sessions, paths and similarities repeatable. `long_ids` makes persons
    and records start beyond 32 bits. Patterns of `faults` match paths such as
    /QueryCameraList.
    """

    panel_type = CamGuardPanel
    activity_type = Activity

    def __init__(
        self,
        *,
        channels: int = 4,
        serial: str | None = None,
        username: str = "admin",
        password: str = "CamGuard123!",
        quirks: Quirks | None = None,
        time_scale: float = 1.0,
        time_zone: str | None = None,
        seed: int | None = None,
        people: bool = True,
        long_ids: bool = False,
        **listening: Unpack[Listening],
    ) -> None:
        """Make a server; it is furnished at once but listens only when started."""
        rng = random.Random(seed)
        device = Device(
            serial or f"CG{rng.randrange(10**8):08d}",
            quirks=quirks or Quirks(),
            rng=rng,
            time_scale=time_scale,
            zone=None if time_zone is None else ZoneInfo(time_zone),
            long_ids=long_ids,
        )
        self.captures = CaptureGenerator(device)
        reporter = Reporter(device, ResendPolicy(), lambda _status, _body: True)
        super().__init__(
            WebServer(device, OPERATIONS),
            reporter,
            username=username,
            password=password,
            **listening,
        )
        self._user = User(device.next_id("user"), username, md5_of(password))
        device.users[self._user.user_id] = self._user
        defaults.furnish(device, cameras=channels, people=people)

    # Life

    def _started(self) -> None:
        """Let the storage service be the server itself."""
        self.device.configs[STORAGE] = {"ip": self.host, "port": self.port}

    def _before_reboot(self) -> None:
        self.expire_session()

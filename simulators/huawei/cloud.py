"""The virtual IVM cloud: one object to start, look at and play with."""

import random
from typing import Unpack

from simulators.video import LiveEncoder
from simulators.virtual_device import Listening

from . import defaults, resource_requests
from .account import Account
from .actions import HuaweiActions
from .activity import Activity
from .control_page import HuaweiPanel
from .operation_table import OPERATIONS
from .quirks import Quirks
from .reporter import Reporter
from .stream_encoders import encoder_of
from .target_libraries import furnish_people
from .web_server import WebServer


class HuaweiCloud(HuaweiActions):
    """An account that listens on `host` and `port` while it runs, see `Listening`.

    `serial` is the `user_id`, `username` the AK and `password` the SK. There are
    `devices` devices, see `defaults.furnish`; a recorder has `channels`. Patterns of
    `faults` match paths such as /v1/*/devices.
    """

    panel_type = HuaweiPanel
    activity_type = Activity

    def __init__(
        self,
        *,
        devices: int = 3,
        channels: int = 3,
        serial: str | None = None,
        username: str = "EXAMPLEAK",
        password: str = "example-sk-123",
        quirks: Quirks | None = None,
        time_scale: float = 1.0,
        seed: int | None = None,
        **listening: Unpack[Listening],
    ) -> None:
        """Make an account; it is furnished at once but listens only when started."""
        rng = random.Random(seed)
        account = Account(
            serial or f"2562572829{rng.randrange(10**9):09d}",
            quirks=quirks or Quirks(),
            rng=rng,
            time_scale=time_scale,
        )
        web_server = WebServer(account, OPERATIONS)
        self._throttle = web_server.throttle
        super().__init__(
            web_server,
            Reporter(account),
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(
            account, ak=username, sk=password, devices=devices, channels=channels
        )
        resource_requests.furnish(account)
        furnish_people(account)

    # Life

    def _encoder_of(self, path: str) -> LiveEncoder | None:
        """Return what encodes an RTSP address, while it serves."""
        return encoder_of(self.device, path)

    def _scene_of(self, path: str) -> tuple[str, str]:
        """Return name and scene of a stream path, whether it serves or not."""
        address = self.device.media.addresses[path.rpartition("/")[2]]
        channel = self.device.channel(*address.key)
        return channel.channel_name, channel.scene

    def _before_reboot(self) -> None:
        """Cut those who play, and lose who may move cameras."""
        self.expire_media()
        self.expire_locks()

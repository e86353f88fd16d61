"""The virtual IVM cloud: one object to start, look at and play with."""

import random
from typing import Unpack

from simulators.video import LiveEncoder
from simulators.virtual_device import Listening

from . import defaults
from .account import Account
from .activity import Activity
from .control import HuaweiPanel
from .encoders import encoder_of
from .libraries import furnish_people
from .models import Channel, Device, State
from .operations import OPERATIONS
from .quirks import Quirks
from .reporter import Reporter
from .sights import SeeingCloud
from .site import Site


class HuaweiCloud(SeeingCloud):
    """An account that listens on `host` and `port` while it runs, see `Listening`.

    `serial` is the `user_id`, `username` the AK and `password` the SK. There are
    `devices` devices, see `defaults.furnish`; a recorder has `channels`. Patterns of
    `faults` match paths such as /v1/*/devices.
    """

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
        self._throttled = Site(account, OPERATIONS)
        super().__init__(
            self._throttled,
            Reporter(account),
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(
            account, ak=username, sk=password, devices=devices, channels=channels
        )
        furnish_people(account)

    # Life

    def panel(self) -> HuaweiPanel:
        """Return what the control page shows."""
        return HuaweiPanel(self)

    def activity(self, shortest: float = 0, longest: float = 0) -> Activity:
        """Return the life in front of the cameras."""
        return Activity(self, shortest, longest)

    def _encoder_of(self, path: str) -> LiveEncoder | None:
        """Return what encodes an RTSP address, while it serves."""
        return encoder_of(self.device, path)

    def _scene_of(self, path: str) -> tuple[str, str]:
        """Return name and scene of a stream path, whether it serves or not."""
        address = self.device.media.addresses[path.rpartition("/")[2]]
        channel = self.device.channel(*address.key)
        return channel.channel_name, channel.scene

    # The account

    @property
    def user_id(self) -> str:
        """Return the id that is part of every path."""
        return self.serial

    def expire_tokens(self) -> None:
        """End every token: the next request gets IVM.10000002."""
        self.device.tokens.expire()

    def throttle(self, *, times: int = 0, seconds: float = 0.0) -> None:
        """Answer IVM.90000011 to the next requests, or for a while; 0, 0 ends it."""
        self._throttled.throttle.begin(times=times, seconds=seconds)

    # Devices and channels

    @property
    def devices(self) -> list[Device]:
        """Return all devices."""
        return list(self.device.devices.values())

    def channel(self, device_id: str, channel_id: str = "0") -> Channel:
        """Return a channel."""
        return self.device.channel(device_id, channel_id)

    def set_device_status(self, device_id: str, *, online: bool) -> Device:
        """Put a device and its channels online or offline."""
        device, now = self.device.device(device_id), self.device.now()
        device.device_state = State.ONLINE if online else State.OFFLINE
        for channel in device.channels.values():
            channel.channel_state = device.device_state
            channel.update_time = now if online else channel.update_time
        if online:
            device.update_time = device.online_since = now
        self.device.notices.device_state(device)
        return device

    def set_channel_status(
        self, device_id: str, channel_id: str = "0", *, online: bool
    ) -> Channel:
        """Put a channel online or offline."""
        channel = self.device.channel(device_id, channel_id)
        channel.channel_state = State.ONLINE if online else State.OFFLINE
        self.device.notices.channel_state(channel)
        return channel

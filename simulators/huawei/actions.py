"""What the user of a virtual account can do to it, besides what cameras report."""

import time

from . import defaults, people_counts, resource_requests
from .intelligent_data_actions import IntelligentDataActions
from .models import (
    ARREAR,
    GRANT,
    Channel,
    Device,
    Move,
    Package,
    Place,
    Recording,
    RecordType,
    State,
)
from .ptz_motion import Position
from .throttle import Throttle


class HuaweiActions(IntelligentDataActions):
    """What can be done to the account; `HuaweiCloud` puts its parts together."""

    _throttle: Throttle

    # The account

    @property
    def user_id(self) -> str:
        """Return the id that is part of every path."""
        return self.serial

    def expire_tokens(self) -> None:
        """End every token: the next request gets IVM.10000002."""
        self.device.tokens.expire()

    def forget_tokens(self) -> None:
        """Forget every token: the next request gets IVM.10000005."""
        self.device.tokens.forget()

    def shorten_tokens(self, seconds: float) -> None:
        """Leave every token no more than so many (real) seconds."""
        self.device.tokens.shorten(seconds)

    @property
    def tokens_issued(self) -> int:
        """Return how many tokens were ever made."""
        return self.device.tokens.issued

    def freeze(self, *, frozen: bool = True) -> None:
        """Freeze the account: every request gets IVM.10000006, or thaw it."""
        self.device.frozen = frozen

    def lock_out(self) -> None:
        """Freeze the account, as other devices lock out who tries too often."""
        self.freeze()

    def unlock(self) -> None:
        """Thaw it."""
        self.freeze(frozen=False)

    def revoke_keys(self) -> None:
        """Delete the key pairs: their tokens and they themselves are wrong now."""
        self.device.keys.clear()
        self.device.tokens.forget()

    def throttle(self, *, times: int = 0, seconds: float = 0.0) -> None:
        """Answer IVM.90000011 to the next requests, or for a while; 0, 0 ends it.

        `limits.requests_per_second` throttles whoever asks more often.
        """
        self._throttle.begin(times=times, seconds=seconds)

    @property
    def throttled(self) -> int:
        """Return how many requests were throttled."""
        return self._throttle.refused

    # Devices and channels

    @property
    def devices(self) -> list[Device]:
        """Return all devices."""
        return list(self.device.devices.values())

    @property
    def channels(self) -> list[Channel]:
        """Return all channels of all devices."""
        return list(self.device.channels())

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
        self.device.change_listeners.device_state(device)
        return device

    def set_channel_status(
        self, device_id: str, channel_id: str = "0", *, online: bool
    ) -> Channel:
        """Put a channel online or offline."""
        channel = self.device.channel(device_id, channel_id)
        channel.channel_state = State.ONLINE if online else State.OFFLINE
        self.device.change_listeners.channel_state(channel)
        return channel

    def set_mask(
        self, device_id: str, channel_id: str = "0", *, masked: bool
    ) -> Channel:
        """Close the privacy mask of a camera, or open it."""
        channel = self.device.channel(device_id, channel_id)
        channel.mask_mode = "OPEN" if masked else "CLOSE"
        return channel

    def add_recorder(self, channels: int = 1, name: str | None = None) -> Device:
        """Register a recorder as somebody at the console would."""
        device = defaults.furnish_recorder(self.device, channels, name=name)
        resource_requests.open_services(self.device, device)
        return device

    def remove_device(self, device_id: str) -> Device:
        """Delete a device as somebody at the console would."""
        return self.device.remove_device(device_id)

    def _services(
        self, package: Package, device_id: str | None, channel_id: str | None, to: str
    ) -> None:
        everywhere = device_id is None
        for resource in self.device.resources.values():
            if everywhere and resource.package is package:
                arrears = to == ARREAR
                resource.resource_state = "ARREARS" if arrears else "NORMAL"
        for channel in self.device.channels():
            wanted = everywhere or channel.device_id == device_id
            wanted = wanted and channel_id in (None, channel.channel_id)
            if wanted and channel.packages.get(package) in (GRANT, ARREAR):
                channel.packages[package] = to

    def expire_service(
        self,
        package: Package = Package.MANAGEMENT,
        device_id: str | None = None,
        channel_id: str | None = None,
    ) -> None:
        """Let a service be in arrears: of all channels, of a device, of a channel."""
        self._services(package, device_id, channel_id, ARREAR)

    def pay_service(
        self,
        package: Package = Package.MANAGEMENT,
        device_id: str | None = None,
        channel_id: str | None = None,
    ) -> None:
        """Let a service that is in arrears go on."""
        self._services(package, device_id, channel_id, GRANT)

    # Movement

    def position(self, device_id: str, channel_id: str = "0") -> Position:
        """Return where a camera looks now."""
        return self.device.channel(device_id, channel_id).motion.at(time.time())

    def is_moving(self, device_id: str, channel_id: str = "0") -> bool:
        """Return whether a camera turns, zooms or cruises now."""
        return self.device.channel(device_id, channel_id).motion.moving(time.time())

    @property
    def moves(self) -> list[Move]:
        """Return the commands that cameras got, oldest first."""
        return list(self.device.moves)

    def hold_camera(
        self, device_id: str, channel_id: str = "0", *, held: bool = True
    ) -> None:
        """Let another user hold the control lock, or give it back."""
        key = device_id, channel_id
        others = self.device.locks.others
        if held:
            others.add(key)
        else:
            others.discard(key)

    def expire_locks(self) -> None:
        """End every control lock: the next command gets IVM.20002001."""
        self.device.locks.expire()

    # Video and counts

    def expire_media(self) -> None:
        """End every address of video, also of those who play."""
        self.device.media.expire()

    def add_recording(
        self,
        device_id: str,
        channel_id: str = "0",
        *,
        start: float,
        end: float,
        place: Place = Place.CLOUD,
        kind: RecordType = RecordType.MOTION,
        alarm_types: tuple[str, ...] = (),
    ) -> Recording:
        """Keep a piece of video; times are Unix seconds."""
        recording = Recording(place, start, end, kind, alarm_types)
        self.device.channel(device_id, channel_id).recordings.append(recording)
        return recording

    def count_people(
        self, device_id: str, channel_id: str = "0", *, into: int = 0, out: int = 0
    ) -> None:
        """Let people pass the line of a camera now."""
        channel = self.device.channel(device_id, channel_id)
        people_counts.add(self.device, channel, into, out)

"""The state of the box that the requests read and change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulators.device_state import DeviceState, Timing as BaseTiming, do_nothing

from .algorithms import SF_PACKAGE, algorithm
from .error_codes import Code, Refusal
from .models import (
    AlarmRecord,
    Channel,
    ChannelMode,
    Library,
    Modelling,
    Person,
    Platform,
    WorkClothes,
)
from .picture_store import PictureStore
from .quirks import Quirks
from .rsa_key import RsaKey


@dataclass(slots=True)
class Limits:
    """Capacities; none of them is in the manual."""

    libraries: int = 16
    people: int = 10_000
    workclothes_libraries: int = 16
    workclothes: int = 1_000
    channels: int = 128
    tasks_per_channel: int = 8
    picture_bytes: int = 4 * 1024 * 1024
    picture_pixels: int = 40_000_000
    smallest_face: int = 60
    history: int = 20_000


@dataclass(slots=True)
class Timing(BaseTiming):
    """How long things take in seconds, before `time_scale`."""

    modelling: float = 2.0
    upgrade_transfer: float = 3.0
    upgrade_write: float = 6.0


@dataclass(slots=True)
class Device(DeviceState[Quirks, Timing, Limits]):
    """One box. `clock_offset` (seconds) makes its clock wrong.

    `time_scale` multiplies every duration of the box: keep-alive interval, resend
    pauses, modelling, upgrade, lock-out, upload throttle.
    """

    name: str = "ECS-B501@8HA-SF"
    model: str = "ECS-B501@8HA-SF"
    firmware: str = "ECS_B501_SF-B1105.2.05.240516"
    release_time: int = 1715796720
    device_code: int = 1
    custom_code: str | None = None
    quirks: Quirks = field(default_factory=Quirks)
    limits: Limits = field(default_factory=Limits)
    timing: Timing = field(default_factory=Timing)
    algorithms: list[str] = field(default_factory=lambda: list(SF_PACKAGE))
    versions: dict[str, str] = field(
        default_factory=lambda: {"V1.0": "1.0接口", "V2.0": "2.0接口"}
    )
    channels: dict[int, Channel] = field(default_factory=dict)
    libraries: dict[int, Library] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    workclothes_libraries: dict[int, Library] = field(default_factory=dict)
    workclothes: dict[int, WorkClothes] = field(default_factory=dict)
    platforms: dict[int, Platform] = field(default_factory=dict)
    throttles: dict[int, dict[str, int]] = field(default_factory=dict)
    history: list[AlarmRecord] = field(default_factory=list)
    pictures: PictureStore = field(default_factory=PictureStore)
    rsa: RsaKey = field(default_factory=RsaKey)
    unreachable_cameras: set[str] = field(default_factory=set)
    modelling_fails: bool = False
    busy: bool = False
    upgrade_status: int | None = None
    upgrade_package: dict[str, str] | None = None
    on_channel: Callable[[Channel, ChannelMode], None] = do_nothing
    on_docking: Callable[[], None] = do_nothing
    on_upgrade: Callable[[], None] = do_nothing
    _last_ms: int = 0

    def scaled(self) -> float:
        """Return the steady clock in seconds before `time_scale`."""
        return self.steady() / (self.time_scale or 1.0)

    def next_milliseconds(self) -> int:
        """Return the time in milliseconds, never twice the same."""
        self._last_ms = max(self._last_ms + 1, int(self.now() * 1000))
        return self._last_ms

    def channel(self, channel_id: int) -> Channel:
        """Return a channel, or refuse with code 2."""
        try:
            return self.channels[channel_id]
        except KeyError as error:
            raise Refusal(Code.INVALID_ARGUMENTS) from error

    def modelling_of(self, item: Person | WorkClothes) -> Modelling:
        """Return the modelling state at this moment."""
        if self.steady() < item.modelled_at:
            return Modelling.RUNNING
        return Modelling.DONE if item.modelling_ok else Modelling.FAILED

    def stream_url(self, path: str) -> str:
        """Return the RTSP URL of a path of the box's video server; URLs stay."""
        if "://" in path:
            return path
        return f"rtsp://{self.host}:{self.rtsp_port}/{path}"

    def add_channel(self, channel: Channel, *, mode: ChannelMode) -> Channel:
        """Add or replace a channel and report it."""
        known = channel.channel_id in self.channels
        self.channels[channel.channel_id] = channel
        if not known:
            self.furnish_channel(channel)
        self.on_channel(channel, mode)
        return channel

    def furnish_channel(self, channel: Channel) -> None:
        """Give a channel its upload throttle and its extended settings."""
        self.throttles.setdefault(channel.channel_id, {"interval": 0, "enable": 0})
        for code in self.algorithms:
            channel.extend.setdefault(code, default_extend(code))

    def remove_channel(self, channel_id: int) -> Channel:
        """Remove a channel with everything that belongs to it and report it."""
        channel = self.channel(channel_id)
        del self.channels[channel_id]
        self.throttles.pop(channel_id, None)
        self.on_channel(channel, ChannelMode.DELETED)
        return channel

    def set_online(self, channel_id: int, *, online: bool) -> Channel:
        """Change the state of a channel and report it when it is another one."""
        channel = self.channel(channel_id)
        if channel.online is not online:
            channel.online = online
            self.on_channel(channel, ChannelMode.STATE)
        return channel

    def remember(self, record: AlarmRecord) -> None:
        """Add a row to the history."""
        self.history.append(record)
        del self.history[: -self.limits.history]


def default_extend(code: str) -> dict[str, Any]:
    """Return the element of `smart_list` in 6.4 for an algorithm."""
    element: dict[str, Any] = {"algo_model": code}
    defaults = {"sensitive": 80, "report_rate": 0}
    element |= {name: defaults[name] for name in algorithm(code).extended}
    return element

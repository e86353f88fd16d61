"""What the cloud keeps. Attributes are named as on the wire where they can be."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulators.device_state import Timing as BaseTiming

from .ptz_motion import Position, PtzMotion

ROOT = "0"


class State(StrEnum):
    """State of devices and channels."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    UNREGISTERED = "UNREGISTERED"


class Protocol(StrEnum):
    """`access_protocol`."""

    HOLO = "HOLO"
    GB28181 = "GB28181"


class Package(StrEnum):
    """What can be bought for a channel; the state is its suffix (GRANT, ...)."""

    MANAGEMENT = "MANAGEMENT"
    EVENT_RECORD = "EVENT_RECORD"
    FULL_RECORD = "FULL_RECORD"
    INDUSTRY_DATA = "INDUSTRY_DATA"
    CUSTOMER_GROUP = "CUSTOMER_GROUP"


GRANT, ARREAR, CLOSED = "GRANT", "ARREAR", "CLOSED"


@dataclass(slots=True)
class KeyPair:
    """An AK/SK pair of the enterprise; at most two."""

    ak: str
    sk: str


@dataclass(slots=True)
class Group:
    """A device group ("device organisation")."""

    device_org_id: str
    device_org_name: str
    parent_id: str | None


@dataclass(slots=True)
class Preset:
    """A position under a number; `picture` is its preview."""

    preset_index: int
    preset_name: str
    position: Position
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class CruisePoint:
    """A preset where a cruise stays for `dwell_time` seconds."""

    preset_index: int
    dwell_time: int
    speed_level: int


@dataclass(slots=True)
class Cruise:
    """A track over presets."""

    cruises_id: int
    cruise_type: str
    cruise_name: str
    cruise_points: list[CruisePoint]
    running: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a day of the week (1 is Monday), in seconds since midnight."""

    day_of_week: int
    start: int
    end: int


@dataclass(slots=True)
class RecordPlan:
    """When a channel is recorded. `alarms` (type, seconds before and after): of what."""

    all_day: bool = False
    sections: list[Section] = field(default_factory=list)
    alarms: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Channel:
    """A camera. `packages` are states by package."""

    device_id: str
    channel_id: str
    channel_name: str
    scene: str
    abilities: tuple[str, ...]
    model: str
    firmware: str
    channel_type: str
    create_time: float
    update_time: float
    channel_state: State = State.ONLINE
    channel_system_state: str = "NORMAL"
    packages: dict[Package, str] = field(default_factory=dict)
    storage_card_status: str = "0"
    mask_mode: str = "CLOSE"
    resolution: str = "5/6/4"
    motion: PtzMotion = field(default_factory=PtzMotion)
    presets: dict[int, Preset] = field(default_factory=dict)
    cruises: dict[int, Cruise] = field(default_factory=dict)
    recordings: list[Recording] = field(default_factory=list)
    plan: RecordPlan | None = field(default_factory=lambda: RecordPlan(all_day=True))
    alarm_plan: RecordPlan | None = None
    recorded_stream: str = "PRIMARY_STREAM"
    storage_days: dict[str, int] = field(default_factory=lambda: {"PLAN_RECORD": 7})
    takes_snapshots: bool = True
    captured: float = float("-inf")
    counted: dict[int, tuple[int, int]] = field(default_factory=dict)
    streams: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return the ids."""
        return self.device_id, self.channel_id

    def granted(self, package: Package) -> bool:
        """Return whether a package is active."""
        return self.packages.get(package) == GRANT


@dataclass(slots=True)
class Device:
    """A recorder or camera that is registered at the cloud."""

    device_id: str
    device_name: str
    device_type: str
    model: str
    firmware: str
    abilities: tuple[str, ...]
    create_time: float
    update_time: float
    device_org_id: str
    access_protocol: Protocol = Protocol.HOLO
    manufacture: str = "HUAWEI"
    device_state: State = State.ONLINE
    device_system_state: str = "NORMAL"
    description: str = ""
    osd: str = ""
    gb_username: str = ""
    gb_password: str = ""
    device_ip: str = "192.0.2.10"
    mac: str = "02:00:00:00:00:01"
    online_since: float = 0.0
    authorised: set[str] = field(default_factory=set)
    password: str = ""
    wrong_passwords: int = 0
    locked_until: float = 0.0
    channels: dict[str, Channel] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Return whether it is a camera without a recorder."""
        return self.device_type not in ("NVR", "MEdge")

    @property
    def is_holo(self) -> bool:
        """Return whether it speaks the vendor's own protocol."""
        return self.access_protocol is Protocol.HOLO


class Place(StrEnum):
    """`record_position`."""

    CLOUD = "CLOUD"
    DEVICE = "DEVICE"


class RecordType(StrEnum):
    """`record_type` of answers, with the spelling of the manual."""

    NORMAL = "NORMAL_RECORD"
    MOTION = "MOTION_RECORD"
    ALARM = "ALRAM_RECORD"


@dataclass(frozen=True, slots=True)
class Recording:
    """A piece of video that was kept; times are Unix seconds."""

    place: Place
    start: float
    end: float
    record_type: RecordType = RecordType.NORMAL
    alarm_types: tuple[str, ...] = ()
    storage_state: int = 0


@dataclass(slots=True)
class Limits:
    """Capacities and spacings of the manual. Where it is silent, see `quirks`.

    `ptz_spacing` is in real seconds. Plans have recorded the last `record_days`.
    """

    group_levels: int = 10
    record_days: int = 3
    ptz_spacing: float = 0.3
    requests_per_second: float = 0.0


@dataclass(slots=True)
class Timing(BaseTiming):
    """How long things take in seconds, before `time_scale`."""

    token: float = 7 * 86_400.0
    renewable: float = 2 * 86_400.0
    control_lock: float = 120.0
    media_use: float = 60.0
    snapshot_spacing: float = 10.0
    password_lock: float = 300.0
    picture_url: float = 300.0
    callback: float = 5.0
    silence: float = 600.0


type Moves = deque["Move"]


@dataclass(frozen=True, slots=True)
class Move:
    """A command that a camera got, `at` Unix seconds.

    `direction` is one of 8.3, or "preset 3", "cruise 1". `heard` False: it came too
    soon after the one before.
    """

    at: float
    device_id: str
    channel_id: str
    direction: str
    mode: str = ""
    speed: int = 0
    heard: bool = True

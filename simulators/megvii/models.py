"""What the box keeps: channels, faces, alerts, captures, relays, voices."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from simulators.device_state import Timing as BaseTiming

from .target_attributes import FaceAttributes

WHITE, BLACK = "WhiteNameListMode", "BlackNameListMode"
FACE_MODE, MIXED_MODE, ALERT_MODE = 0, 1, 3
FIRST_PICTURE, LAST_PICTURE = 17, 48
ACTIVE, PASSIVE = "activeMode", "passiveMode"


class Message(IntEnum):
    """Kinds of what the box sends by itself, numbered P1 to P11 in this order."""

    WS_HEARTBEAT = 1
    WS_ALERT = 2
    WS_CAPTURE = 3
    HTTP_FACE = 4
    HTTP_TARGET = 5
    HTTP_RECOGNITION = 6
    HTTP_ALERT_EVENT = 7
    WS_SERVER_ALERT = 8
    WS_SERVER_CAPTURE = 9
    WS_ALERT_EVENT = 10
    FTP_PICTURE = 11


class Target(IntEnum):
    """`mainObject`, `bindingType` and the target type of FTP names."""

    FACE = 1
    HUMAN = 2
    VEHICLE = 3
    CYCLE = 4
    PLATE = 5

    @property
    def word(self) -> str:
        """Return `objType`, the end of the path of its captures."""
        return self.name.lower()

    @property
    def attributes(self) -> str:
        """Return the key of its attributes."""
        return f"{self.word}Attr"


type Rect = dict[str, int]


@dataclass(slots=True)
class Channel:
    """A video channel (1 to 16) or picture channel (17 to 48).

    `info` has the fields of POST /videos or /pictures. `face`, `structure`, `alert`
    and `multi` (by ruleIndex) are what the arming calls of the modes wrote. `stream`
    is a path of the box's own video server, which is the camera's here.
    """

    number: int
    info: dict[str, Any]
    scene: str = "door"
    stream: str = ""
    status: int = 0
    armed: bool = False
    face: dict[str, Any] = field(default_factory=dict)
    structure: dict[str, Any] = field(default_factory=dict)
    alert: dict[str, Any] = field(default_factory=dict)
    multi: dict[int, dict[str, Any]] = field(default_factory=dict)
    roi: dict[str, Any] | None = None

    @property
    def is_picture(self) -> bool:
        """Return whether it is a picture channel."""
        return self.number >= FIRST_PICTURE

    @property
    def name(self) -> str:
        """Return the channel's name."""
        return str(self.info["pictureName" if self.is_picture else "videoName"])

    @property
    def online(self) -> bool:
        """Return whether its camera can be reached (`videoConStatus` 0)."""
        return self.status == 0


@dataclass(slots=True)
class Person:
    """An enrolled picture. `token` is empty when there is no face of it (any more)."""

    image_id: str
    token: str
    description: str
    rect: Rect
    features: tuple[float, ...]
    created: float
    path: str
    crop: str
    groups: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    """`top1` to `top5`: an enrolled face that is like a captured one."""

    score: float
    token: str
    image_id: str
    description: str
    crop: str
    groups: tuple[str, ...]
    alert_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What alerts and captures have in common. Times are ms, boxes pixels."""

    channel: int
    channel_name: str
    track_id: int
    at: int
    target: Target
    full_path: str
    crop_path: str
    detection: Rect
    within: Rect
    times: int = 1
    moving: tuple[int, int] = (0, 0)
    bindings: tuple[tuple[Target, int], ...] = ()
    face_attributes: FaceAttributes | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Sighting):
    """An alarm or passage (chapter 8)."""

    matches: tuple[Match, ...] = ()
    bound: tuple[str, ...] = ()
    stranger: bool = False
    liveness: float = 0.0
    frequency: int = 1
    door: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a capture of the alert mode adds (25.2.1, 25.3)."""

    kind: int
    name: str
    sub_kind: int
    area_kind: int
    rule_id: int
    area_id: int
    obj_type: str
    over_wall: bool = False
    frame_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Sighting):
    """A captured target (chapters 9, 20.2, 25.2)."""

    enter: int
    leave: int | None
    best_stranger: bool = False
    event: Event | None = None


@dataclass(slots=True)
class Output:
    """One output of a network relay. Pulses are steady times: begin, end."""

    online: bool = True
    pulses: list[tuple[float, float]] = field(default_factory=list)
    last: float | None = None


@dataclass(slots=True)
class VoiceFile:
    """A file in one of the ten slots (29.1)."""

    number: int
    name: str
    content: bytes


@dataclass(slots=True)
class Sound:
    """A voice file being played, or waiting to be. Steady times."""

    file: int
    channel: int | None
    priority: int
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A row of /log."""

    number: int
    kind: int
    address: str
    at: int
    text: str


@dataclass(slots=True)
class Batch:
    """A batch enrolment (5.1.8)."""

    total: int = 0
    received: int = 0
    succeeded: int = 0
    failed: int = 0
    last: float = 0.0
    stopped: bool = False

    def counts(self) -> dict[str, int]:
        """Return the four counters."""
        return {
            "totalCnt": self.total,
            "recvCnt": self.received,
            "successCnt": self.succeeded,
            "failCnt": self.failed,
        }


@dataclass(slots=True)
class Limits:
    """Capacities. Those that the manual does not state are invented."""

    videos: int = 16
    groups: int = 64
    groups_per_channel: int = 20
    faces: int = 20_000
    access: int = 100
    relays: int = 16
    calculations: int = 32
    """Sub-rules that may be armed at once, beyond that 104019."""
    firmware: int = 512 * 1024 * 1024
    links: int = 10
    logs: int = 2000


@dataclass(slots=True)
class Timing(BaseTiming):
    """How long things take in seconds, before `time_scale`.

    `ping` and `pong` are not scaled: they wait for a receiver in real time. `request`
    is how long any request runs; the box's `durations` say otherwise for some.
    """

    request: float = 0.01
    nonce: float = 60.0
    acknowledgement: float = 5.0
    persist: float = 1800.0
    reconnect: float = 1.0
    ping: float = 1.0
    pong: float = 10.0
    download: float = 4.0
    check: float = 4.0
    enrol: float = 0.1
    batch: float = 30.0
    voice: float = 3.0
    http: float = 10.0
    onvif: float = 1.0

"""What the node keeps: cameras, libraries, faces, captures, relays."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from simulators.device_state import Timing as BaseTiming


class LibraryType(IntEnum):
    """`lib_type`."""

    BLACK = 1
    WHITE = 2


class Label(IntEnum):
    """`obj_label`."""

    FACE = 1
    BODY = 2


class Message(IntEnum):
    """`msg_id` of what the node sends by itself."""

    HTTP_RESULT = 774
    HEARTBEAT = 775
    WS_RESULT = 777


PERSON = (
    "person_idcard",
    "person_name",
    "person_gender",
    "person_age",
    "person_addr",
)
VIDEO, IMAGE = "VIDEO", "IMAGE"
VENDORS = frozenset(
    {"hikvision", "sensedlc11", "sensedlct", "sensedlcd", "dahua", "sensedlcaa"}
)


@dataclass(slots=True)
class Camera:
    """A camera (4.1). `settings` holds the fields of its kind besides `channel`.

    `stream` is a path of the node's own video server, used while `url` is empty.
    `scene` names the picture that is drawn.
    """

    channel: int
    kind: str
    settings: dict[str, Any]
    online: bool = True
    scene: str = "door"
    stream: str = ""

    @property
    def name(self) -> str:
        """Return the camera's name."""
        return str(self.settings["camera_name"])

    @property
    def cost(self) -> int:
        """Return the computing power: 1 for IMAGE, 2 for VIDEO (4.1)."""
        return 1 if self.kind == IMAGE else 2

    @property
    def lib_ids(self) -> list[int]:
        """Return the libraries that the camera watches."""
        return [int(part) for part in self.settings["lib_ids"].split(",") if part]


@dataclass(slots=True)
class Face:
    """An enrolled face (3.6)."""

    img_id: str
    lib_id: int
    path: str
    create_time: float
    person: dict[str, str] = field(default_factory=lambda: dict.fromkeys(PERSON, ""))


@dataclass(slots=True)
class Library:
    """A face library (3.1)."""

    lib_id: int
    name: str
    kind: int
    create_time: float
    update_time: float
    faces: dict[str, Face] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The enrolled face that was nearest to a captured one, at that time."""

    img_id: str
    img_path: str
    create_time: float
    lib_id: int
    lib_name: str
    lib_type: int
    person: dict[str, str]


@dataclass(frozen=True, slots=True)
class Capture:
    """A captured face or body (3.13, 3.16, 3.22, 7.4, 9.2). `at` is Unix seconds.

    `box` is left, top, right, bottom in pixels of the scene.
    """

    snap_id: str
    label: Label
    at: float
    channel: int
    camera_name: str
    position: str
    threshold: int
    similarity: int
    quality: int
    box: tuple[int, int, int, int]
    snap_path: str
    frame_path: str
    attributes: dict[str, str]
    features: str
    match: Match | None = None

    @property
    def alarm(self) -> bool:
        """Return whether a face of a library was recognised."""
        return self.match is not None and self.similarity >= self.threshold


@dataclass(frozen=True, slots=True)
class Relay:
    """A camera-relay binding (10.1)."""

    relay_id: int
    channel: int
    ip: str
    port: int
    name: str = ""
    tag: str = ""


@dataclass(slots=True)
class Ntp:
    """6.1."""

    url: str = "pool.ntp.org"
    cycle: str = "10"
    disable: str = "1"
    port: str = "123"


@dataclass(slots=True)
class Limits:
    """Capacities. Those that the manual does not state are invented."""

    libraries: int = 50
    faces: int = 10_000
    page: int = 50
    export: int = 500
    captures: int = 20_000
    subscriber_queue: int = 1000


@dataclass(slots=True)
class Timing(BaseTiming):
    """How long things take in seconds, before `time_scale`."""

    session: float = 1800.0
    unreachable_camera: float = 20.0
    heartbeat: float = 30.0
    upgrade: float = 6.0

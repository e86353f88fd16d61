"""What the server keeps. Attributes are named as on the wire where they can be."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from simulators.device_state import Timing as BaseTiming


class Category(IntEnum):
    """`category` of persons and records."""

    WHITE = 0
    BLACK = 1


class Classify(IntEnum):
    """`classify` of records."""

    STRANGER = 0
    KNOWN = 1


class TaskType(IntEnum):
    """`type` of tasks; there is no 2."""

    ORDINARY = 0
    ROLL_CALL = 1
    SIGN_IN = 3


@dataclass(slots=True)
class User:
    """An account (chapter 1). `password` is the MD5."""

    user_id: int
    name: str
    password: str
    remark: str = ""


@dataclass(slots=True)
class Library:
    """3.3."""

    lib_id: int
    name: str
    type: int
    remark: str
    create_time: float


@dataclass(slots=True)
class Person:
    """4.4. `picture` is a path."""

    person_id: int
    lib_id: int
    name: str
    picture: str
    create_time: float
    pinyin: str = ""
    sex: int = 0
    card_no: str = ""
    phone: str = ""
    category: int = Category.WHITE
    remark: str = ""


@dataclass(slots=True)
class Camera:
    """5.4. `stream` is a path of the own video server, used while `rtsp` is empty.

    `opens` False: tasks fail to open the stream though the camera is online.
    """

    camera_id: int
    name: str
    create_time: float
    rtsp: str = ""
    type: int = 0
    remark: str = ""
    online: bool = True
    opens: bool = True
    stream: str = ""
    scene: str = "door"


@dataclass(slots=True)
class Task:
    """6.4. `camera_list1` are the entry, `camera_list2` the exit cameras."""

    task_id: int
    name: str
    camera_list1: list[int]
    lib_list: list[int]
    create_time: float
    type: int = TaskType.ORDINARY
    camera_list2: list[int] = field(default_factory=list)
    interval: int = 3000
    threshold: float = 0.8
    state: int = 0
    plan: str = ""
    remark: str = ""

    @property
    def camera_ids(self) -> set[int]:
        """Return the cameras of both lists."""
        return {*self.camera_list1, *self.camera_list2}


@dataclass(frozen=True, slots=True)
class Record:
    """8.1. `picture` and `capture` are paths, times Unix seconds."""

    record_id: int
    task_id: int
    task_name: str
    camera_id: int
    camera_name: str
    classify: int
    similarity: float
    capture: str
    capture_time: float
    create_time: float
    lib_id: int = 0
    lib_name: str = ""
    person_id: int = 0
    person_name: str = ""
    sex: int = 0
    category: int = 0
    card_no: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A camera on the network that a search finds (5.5, 5.6)."""

    ip: str
    manufacturer: str
    user: str = "admin"
    password: str = "camera123"


@dataclass(slots=True)
class Limits:
    """Capacities; the manual states none. `page` cuts longer pages."""

    page: int = 500
    libraries: int = 100
    people: int = 100_000
    cameras: int = 200
    tasks: int = 100
    records: int = 100_000
    picture_bytes: int = 10 * 1024 * 1024


@dataclass(slots=True)
class Timing(BaseTiming):
    """How long things take in seconds, before `time_scale`. `session` is idle time."""

    session: float = 1800.0
    search: float = 3.0
    unreachable_camera: float = 5.0


type Answer = dict[str, Any]

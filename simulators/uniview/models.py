"""What the box keeps: channels, people, work clothes, alarms, docking."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class Modelling(IntEnum):
    """States of `model_status` and `modeling_type`."""

    NONE = 1
    RUNNING = 2
    DONE = 3
    FAILED = 4


class ChannelMode(IntEnum):
    """`channel_info.mode` of chapter 13.1."""

    INFORMATION = 0
    ADDED = 1
    MODIFIED = 2
    DELETED = 3
    STATE = 4


class PushType(IntEnum):
    """`type` of chapter 13.1."""

    ALARM = 1
    RECOVERY = 2
    FACE = 3
    FACE_COMPARISON = 4
    BEHAVIOUR_COMPARISON = 5
    KEEP_ALIVE = 6
    CHANNEL = 7


def always() -> dict[str, list[dict[str, str]]]:
    """Return a week that is armed all the time."""
    return {day: [{"start": "00:00", "end": "24:00"}] for day in DAYS}


@dataclass(slots=True)
class Channel:
    """A camera and everything configured for it (chapters 4 to 6).

    `tasks` are elements of `smart_list` (6.1), `schedules` maps an algorithm to its
    week (5.1), `extend` an algorithm to its settings (6.4). `scene` names the picture
    that is drawn.
    """

    channel_id: int
    name: str
    type: int = 2
    transport_type: int = 1
    rtsp: str | None = None
    ip: str | None = None
    port: int | None = None
    username: str | None = None
    password: str | None = None
    video_type: int | None = None
    video_id: int | None = None
    custom_code: str | None = None
    serial_number: str = ""
    model: str = ""
    manufacturer: str = ""
    online: bool = True
    scene: str = "shop"
    tasks: list[dict[str, Any]] = field(default_factory=list)
    person_control: dict[str, Any] | None = None
    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    extend_status: int = 0
    extend: dict[str, dict[str, Any]] = field(default_factory=dict)
    video_param: dict[str, int] = field(
        default_factory=lambda: {
            "status": 0,
            "befor_alarmed_time": 5,
            "after_alarmed_time": 5,
        }
    )
    recovery: int = 0
    face_param: dict[str, int] = field(
        default_factory=lambda: {"min_width": 10, "min_height": 10}
    )
    analysing: bool = True
    cycle: int = 1


@dataclass(slots=True)
class Library:
    """A person library (2) or a work-clothes library (7)."""

    lib_id: int
    name: str
    create_time: int


@dataclass(slots=True)
class Person:
    """A person (3). `modelled_at` is the steady-clock second of the modelling's end."""

    person_id: int
    lib_id: int
    name: str
    image_path: str
    created_ms: int
    sex: int = 99
    email: str = ""
    tel: str = ""
    certificate_type: int = 99
    certificate_no: str = ""
    birth_date: str = ""
    modelled_at: float = 0.0
    modelling_ok: bool = True


@dataclass(slots=True)
class WorkClothes:
    """A work-clothes picture (8)."""

    workclothes_id: int
    lib_id: int
    image_path: str
    create_time: int
    modelled_at: float = 0.0
    modelling_ok: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """One comparison result; `person_id` None means a stranger. Similarity 1-100."""

    person_id: int | None
    lib_id: int | None
    name: str
    certificate_no: str
    similarity: int
    image_path: str


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """One row of the history (11). `compared` tells whether a comparison was made."""

    alarm_id: int
    algo_model: str
    capture_time: int
    channel_id: int
    channel_name: str
    scene_path: str
    face_path: str | None = None
    video_url: str | None = None
    plate_no: str = ""
    object_type: int | None = None
    gender: int = 99
    age: int = 40
    glass: int = 1
    mask: int = 1
    compared: bool = False
    matches: tuple[Match, ...] = ()


@dataclass(slots=True)
class Platform:
    """One docking slot (12.1); `alive_interval` in seconds."""

    id: int
    version_code: str = "V2.0"
    enabled: int = 0
    url: str = ""
    picture_enable: int = 0
    video_enable: int = 0
    http_alive: int = 0
    alive_interval: int = 30
    channel_enable: int = 0

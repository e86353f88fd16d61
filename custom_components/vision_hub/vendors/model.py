"""The words of the product as values: what a hub is, what it saw, who is enrolled.

Everything here is frozen. Times are aware datetimes, similarities are percent from
0 to 100, identifiers are text whatever the hub uses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
import unicodedata

from .kinds import AlarmKind

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type Attribute = bool | int | float | str
type Reading = bool | int | float | str | datetime | None
type HubConfig = Mapping[str, str | int | bool]
"""What a user entered in the config flow: the values of a vendor's fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubInfo:
    """Who a hub is. `serial` is unique among the hubs of one vendor."""

    serial: str
    name: str
    manufacturer: str
    model: str
    firmware: str | None = None
    mac: str | None = None
    configuration_url: str | None = None


def serial_key(serial: str) -> str:
    """Return a serial as it is compared: firmware changes its case and its padding."""
    text = unicodedata.normalize("NFKC", serial)
    return "".join(c for c in text if c.isprintable() and not c.isspace()).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Analytics running on a channel. `enabled` is None where the hub does not tell."""

    id: str
    kind: AlarmKind | None = None
    name: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One camera behind a hub."""

    id: str
    name: str
    online: bool | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    kinds: frozenset[AlarmKind] = frozenset()
    """The kinds of alarm that the hub is set to look for here."""
    tasks: tuple[Task, ...] = ()
    counts_passing: bool = False
    """People who enter and leave are counted."""
    counts_inside: bool = False
    """People in an area are counted."""
    recognizes_faces: bool = False
    streams: bool = True
    """Live video can be had, if the hub has any."""
    can_ptz: bool = False
    presets: tuple[Preset, ...] = ()
    cruises: tuple[Cruise, ...] = ()
    heat_map: bool = False
    """Where people are is counted."""
    device: str | None = None
    """To which of `HubStatus.devices` it belongs."""
    readings: Mapping[ChannelReading, Reading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preset:
    """A stored position of a PTZ camera."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Cruise:
    """A track that a PTZ camera follows."""

    id: str
    name: str
    running: bool | None = None


class ChannelReading(StrEnum):
    """What a hub may tell about one of its channels."""

    PRIVACY_MASK = "privacy_mask"
    """True when the camera hides what it sees."""
    STORAGE_CARD_OK = "storage_card_ok"
    CAMERA_OPENED = "camera_opened"
    """False when analytics that run could not open its stream."""
    STORAGE_DAYS = "storage_days"
    ENTERED_TODAY = "entered_today"
    LEFT_TODAY = "left_today"
    ENTERED_WEEK = "entered_week"
    LEFT_WEEK = "left_week"
    ENTERED_MONTH = "entered_month"
    LEFT_MONTH = "left_month"
    PEOPLE_QUEUING = "people_queuing"
    VEHICLE_COUNT = "vehicle_count"
    VEHICLE_SPEED = "vehicle_speed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A box or camera of a cloud account; its channels refer to it."""

    id: str
    name: str
    online: bool | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    firmware: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that was bought for a hub and that ends."""

    id: str
    name: str
    used: int | None = None
    total: int | None = None
    expires: datetime | None = None
    active: bool | None = None


class RecordingKind(StrEnum):
    """Why something was recorded."""

    CONTINUOUS = "continuous"
    ALARM = "alarm"
    MOTION = "motion"
    MANUAL = "manual"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Recorded video of a channel."""

    id: str
    """Tells the hub which one it is; not more than 200 characters."""
    channel: str
    start: datetime
    end: datetime
    kind: RecordingKind
    place: str | None = None
    """`cloud` or `device`, where there are several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """An output of the hub."""

    id: str
    name: str
    online: bool | None = None
    closed: bool | None = None


class Measurement(StrEnum):
    """What a hub may report about itself."""

    FIRMWARE_RELEASED = "firmware_released"
    CPU_LOAD = "cpu_load"
    MEMORY_LOAD = "memory_load"
    STORAGE_LOAD = "storage_load"
    COMPUTING_LOAD = "computing_load"
    """How much of what analytics may use is in use."""
    TEMPERATURE = "temperature"
    GPU_TEMPERATURE = "gpu_temperature"
    CASE_TEMPERATURE = "case_temperature"
    NTP_FAILURES = "ntp_failures"
    """How often in a row the time server did not answer."""
    STORAGE_FULL = "storage_full"
    """True when nothing more is recorded for lack of space."""


@dataclass(frozen=True, slots=True)
class Voice:
    """An announcement that the hub can play."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Named times that are set on the hub."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledEvent:
    """One time of a schedule; whole days where `start` and `end` are dates."""

    start: datetime | date
    end: datetime | date
    """Not included."""
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCamera:
    """A camera in the hub's network."""

    address: str
    name: str | None = None
    manufacturer: str | None = None
    model: str | None = None


class HindranceKind(StrEnum):
    """What keeps alarms from coming though hub and way are well; also keys of repairs."""

    ALARMS_HELD_BACK = "alarms_held_back"
    """They are told seldom, as the hub is set."""
    NEVER_ARMED = "never_armed"
    """The schedule has no time."""
    TASK_STOPPED = "task_stopped"
    CAMERA_NOT_OPENED = "camera_not_opened"
    CAMERA_LOGIN_REFUSED = "camera_login_refused"
    CAMERA_STREAM_UNUSABLE = "camera_stream_unusable"
    """Its format, its size, or there is no power to decode it."""
    STORAGE_STOPPED = "storage_stopped"
    """It is full, and nothing makes room."""
    SERVICE_CLOSED = "service_closed"
    IN_ARREARS = "in_arrears"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """Something by which a hub keeps alarms from coming."""

    kind: HindranceKind
    channel: str | None = None
    """None when it is about the hub."""
    name: str | None = None
    """Of the task or service that it is about."""
    silences: bool = False
    """No alarm can come: of the channel, or of the hub."""
    settings: tuple[tuple[SettingKey, Reading], ...] = ()
    """What mends it when it is written."""
    task: str | None = None
    """Of several channels; it mends it when it is started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubStatus:
    """One cheap snapshot of a hub."""

    channels: Mapping[str, Channel]
    devices: Mapping[str, Device] = field(default_factory=dict)
    """What stands between a cloud account and its channels."""
    services: tuple[Service, ...] = ()
    tasks: tuple[Task, ...] = ()
    """Those that span several channels."""
    voices: tuple[Voice, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    libraries: tuple[Library, ...] = ()
    relays: tuple[Relay, ...] = ()
    measurements: Mapping[Measurement, Reading] = field(default_factory=dict)
    settings: Mapping[SettingKey, Reading] = field(default_factory=dict)
    clock_offset: timedelta | None = None
    """How far the hub's clock is ahead of ours. None where the hub does not tell."""
    hindrances: tuple[Hindrance, ...] = ()

    @property
    def silenced(self) -> frozenset[str | None]:
        """The channels of which no alarm can come; None stands for all."""
        found = frozenset(each.channel for each in self.hindrances if each.silences)
        return found | {None} if found and found >= self.channels.keys() else found


@dataclass(frozen=True, slots=True)
class SettingKey:
    """Names one setting of the hub (`channel` None), of a channel, or of a part.

    A part is a task or a relay, by its id.
    """

    name: str
    channel: str | None = None
    part: str | None = None


class PictureRole(StrEnum):
    """What a picture of an alarm shows."""

    SCENE = "scene"
    TARGET = "target"
    LIBRARY = "library"
    """The enrolled picture of the person that was recognised."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an alarm: its bytes, or where the hub keeps it, or both."""

    role: PictureRole
    data: bytes | None = field(default=None, repr=False)
    reference: str | None = field(default=None, repr=False)
    """What `Hub.fetch` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Says that a face is a known person, with some similarity."""

    person_id: str
    name: str = field(repr=False)
    library_id: str | None = None
    library: str | None = None
    similarity: float | None = None
    """Percent, 0 to 100."""


@dataclass(frozen=True, slots=True)
class Box:
    """A target within its scene: fractions of width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something the analytics pointed at."""

    type: str | None = None
    """`person`, `face`, `vehicle`, `cycle`, `plate` or None."""
    box: Box | None = None
    plate: str | None = field(default=None, repr=False)
    attributes: Mapping[str, Attribute] = field(default_factory=dict, repr=False)
    """What else was recognised: `age` in years, `gender`, `glasses`, `mask`, `color` ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """People counted by an alarm; None where it does not say."""

    entered: int | None = None
    left: int | None = None
    inside: int | None = None


class Phase(StrEnum):
    """Where in its life an alarm is."""

    STARTED = "started"
    ENDED = "ended"


class Passage(StrEnum):
    """Which way a camera of a task watches."""

    ENTRY = "entry"
    EXIT = "exit"


class Source(StrEnum):
    """How an alarm came to us. Hubs number pushes and records apart."""

    PUSH = "push"
    HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a hub's analytics reported.

    `id` is unique for one hub and one source. `code` is the vendor's own word, verbatim.
    """

    id: str
    source: Source = Source.PUSH
    common_id: bool = False
    """Pushes and records of this hub have the same ids."""
    channel: str | None
    """None when the alarm is about the hub itself."""
    channel_name: str | None = None
    kind: AlarmKind
    code: str
    time: datetime
    phase: Phase = Phase.STARTED
    matches: tuple[Match, ...] = ()
    targets: tuple[Target, ...] = ()
    counts: Counts | None = None
    task: str | None = None
    """The name of the task that reported it, where hubs name them."""
    passage: Passage | None = None
    pictures: tuple[Picture, ...] = ()
    clip: str | None = None
    """The name under which a video of this alarm will arrive or can be fetched."""

    @property
    def best_match(self) -> Match | None:
        """The person that was recognised with most certainty."""
        return max(self.matches, key=lambda match: match.similarity or 0, default=None)


class Gender(StrEnum):
    """As the hubs know it."""

    MALE = "male"
    FEMALE = "female"


class Enrollment(StrEnum):
    """How far the hub is with learning a face."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class LibraryKind(StrEnum):
    """What it means to be in a library."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """What can be written about a person; None leaves a field as it is."""

    name: str | None = field(default=None, repr=False)
    gender: Gender | None = None
    birth_date: date | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    remark: str | None = field(default=None, repr=False)
    kind: LibraryKind | None = None
    """Whether the person may pass, where that is no property of the library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who is enrolled."""

    id: str
    library_id: str
    details: PersonDetails
    enrollment: Enrollment | None = None
    picture: str | None = field(default=None, repr=False)
    """What `Hub.fetch` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A list of persons."""

    id: str
    name: str
    kind: LibraryKind | None = None
    persons: int | None = None

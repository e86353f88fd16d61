"""What every vendor's hub offers, and what it may ask of us.

The layers above know hubs by this file alone. A capability that a vendor does not have
is None, and nothing is shown for it.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from aiohttp import ClientSession
from aiohttp.web import WebSocketResponse

from .errors import InvalidRequest, RejectedByHub, Unsupported
from .kinds import AlarmKind
from .model import (
    Alarm,
    FoundCamera,
    HubInfo,
    HubStatus,
    Json,
    Library,
    LibraryKind,
    Match,
    Person,
    PersonDetails,
    Reading,
    Recording,
    ScheduledEvent,
    SettingKey,
    Target,
)
from .operations import Operations


class AlarmSink(Protocol):
    """Where a listening hub brings what it hears."""

    async def accept(self, alarm: Alarm) -> None:
        """Return when the alarm is durable; acknowledge to the hub only then.

        Knows repeats by `alarm.id`. Raises OSError when it cannot be stored: refuse the
        message, so that the hub sends it again.
        """

    async def add_clip(self, name: str, content: bytes, content_type: str) -> None:
        """Store the video that an alarm announced as `alarm.clip`; raises as `accept`."""

    def heard(self) -> None:
        """Tell that the hub reached us."""

    def expect(self, within: timedelta | None) -> None:
        """Tell how long the hub may be silent before something is wrong."""

    def changed(self) -> None:
        """Tell that the last `HubStatus` no longer holds."""


@dataclass(frozen=True, slots=True)
class CallbackPart:
    """One part of a multipart body."""

    name: str
    filename: str | None
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequest:
    """A message that a hub sent to our address. Nothing in it is to be trusted."""

    method: str
    tail: str
    """What follows the address we gave, without the leading slash."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content_type: str
    content: bytes = field(repr=False)
    """The whole body; empty when there are `parts`."""
    parts: tuple[CallbackPart, ...] = ()


@dataclass(frozen=True, slots=True)
class CallbackReply:
    """What we answer to a hub."""

    status: int = 200
    content: Json = None


type CallbackHandler = Callable[[CallbackRequest], Awaitable[CallbackReply]]
type SocketHandler = Callable[[WebSocketResponse, str], Awaitable[None]]
"""Speaks on a WebSocket until it is closed; the second is the address of the peer."""


class MalformedMessage(Exception):
    """A handler cannot make sense of a message; it is answered with 400."""


class CallbackServer(Protocol):
    """Our side of the hubs that call us, one for each hub."""

    @property
    def url(self) -> str | None:
        """The address that a hub must call, with our secret in it, without a final slash.

        None when Home Assistant does not know an address of its own.
        """

    def serve(
        self, handler: CallbackHandler, sockets: SocketHandler | None = None
    ) -> AbstractContextManager[None]:
        """Let `handler` answer what comes to `url` as long as the context lasts.

        `sockets` takes the WebSockets that are opened there.
        """

    def serve_port(
        self, port: int, sockets: SocketHandler
    ) -> AbstractAsyncContextManager[str | None]:
        """Open a port of our own to `sockets`, for hubs that dial no path.

        Gives its address, such as `ws://192.0.2.5:8765`, None when we do not know it.
        There is no secret in it: look who calls. Raises PortInUse.
        """

    @property
    def memory(self) -> Json:
        """What `remember` was given, also in an earlier run; None if nothing."""

    async def remember(self, memory: Json) -> None:
        """Keep what must outlive a restart.

        What the hub was set to before we subscribed, or how far its records were read.
        """


class HubStore(Protocol):
    """What outlives a restart, and is shared by hubs with the same keys: tokens ..."""

    def exclusively(self, key: str) -> AbstractAsyncContextManager[None]:
        """Let nobody else change what is kept under `key` as long as the context lasts."""

    async def load(self, key: str) -> Json:
        """Return what was saved; None if nothing."""

    async def save(self, key: str, value: Json) -> None:
        """Keep a value. `key` must not tell a secret."""


class Streams(ABC):
    """Live video."""

    @abstractmethod
    async def source(self, channel: str) -> str | None:
        """Return an address that a player can open now; None when there is none."""


class Snapshots(ABC):
    """Still pictures on demand."""

    @abstractmethod
    async def take(self, channel: str) -> bytes:
        """Return a JPEG of what the camera sees now."""


class Tasks(ABC):
    """Analytics that can be armed and disarmed."""

    @abstractmethod
    async def set_enabled(
        self, channel: str | None, task: str, *, enabled: bool
    ) -> None:
        """Start or stop a task; `channel` is None for one of `HubStatus.tasks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmQuery:
    """Which alarms of the past are wanted; empty collections mean all."""

    start: datetime
    end: datetime
    channels: tuple[str, ...] = ()
    kinds: frozenset[AlarmKind] = frozenset()
    person: str | None = field(default=None, repr=False)
    plate: str | None = field(default=None, repr=False)
    limit: int | None = None


class History(ABC):
    """Alarms that the hub itself keeps."""

    @abstractmethod
    def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        """Yield alarms with `source` HISTORY, newest first, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonQuery:
    """Which enrolled persons are wanted; empty means all."""

    libraries: tuple[str, ...] = ()
    name: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class EnrollmentProgress:
    """How far a batch is; `done` counts the `failed`, too."""

    done: int
    failed: int
    total: int


class People(ABC):
    """Who is enrolled, and in which library."""

    person_kinds: ClassVar[bool] = False
    """Persons, not libraries, are allowed or blocked."""

    @abstractmethod
    async def libraries(self) -> tuple[Library, ...]:
        """Return every library."""

    @abstractmethod
    async def create_library(
        self, name: str, *, kind: LibraryKind | None = None
    ) -> Library:
        """Make an empty library."""

    @abstractmethod
    async def update_library(
        self,
        library: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
    ) -> None:
        """Change a library; None leaves a property as it is."""

    @abstractmethod
    async def delete_library(self, library: str) -> None:
        """Delete a library with everybody in it."""

    @abstractmethod
    def persons(self, query: PersonQuery) -> AsyncIterator[Person]:
        """Yield who fits, each once."""

    @abstractmethod
    async def enroll(
        self, library: str, details: PersonDetails, picture: bytes
    ) -> Person:
        """Enrol one person and return when the hub took the picture.

        Modelling may go on: `Person.enrollment` tells.
        """

    async def enroll_many(
        self, library: str, people: Sequence[tuple[PersonDetails, bytes]]
    ) -> AsyncIterator[EnrollmentProgress]:
        """Enrol several persons, and yield how far it is until all are done.

        Whom the hub refuses is counted as failed and holds up nobody else.
        """
        failed = 0
        for done, (details, picture) in enumerate(people, start=1):
            try:
                await self.enroll(library, details, picture)
            except InvalidRequest, RejectedByHub:
                failed += 1
            yield EnrollmentProgress(done, failed, len(people))

    @abstractmethod
    async def update(
        self,
        person: str,
        library: str,
        details: PersonDetails,
        picture: bytes | None = None,
    ) -> None:
        """Change a person; what is None stays."""

    @abstractmethod
    async def remove(self, persons: tuple[str, ...], library: str | None) -> None:
        """Delete persons and their pictures."""

    async def search(
        self, picture: bytes, libraries: tuple[str, ...], limit: int
    ) -> tuple[Match, ...]:
        """Return who a face resembles, most similar first."""
        raise Unsupported

    async def compare(self, first: bytes, second: bytes) -> float:
        """Return how similar two faces are, in percent."""
        raise Unsupported


class PtzDirection(StrEnum):
    """What a PTZ camera can be told to do until it is stopped."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    UP_LEFT = "up_left"
    UP_RIGHT = "up_right"
    DOWN_LEFT = "down_left"
    DOWN_RIGHT = "down_right"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    FOCUS_NEAR = "focus_near"
    FOCUS_FAR = "focus_far"


class Ptz(ABC):
    """Cameras that move."""

    @abstractmethod
    async def move(self, channel: str, direction: PtzDirection, speed: float) -> None:
        """Start a movement; `speed` is percent of what the camera can do."""

    @abstractmethod
    async def stop(self, channel: str) -> None:
        """End every movement."""

    @abstractmethod
    async def goto_preset(self, channel: str, preset: str) -> None:
        """Move to a stored position."""

    @abstractmethod
    async def save_preset(self, channel: str, preset: str | None, name: str) -> str:
        """Store the present position, as a new preset when None; return its id."""

    @abstractmethod
    async def delete_preset(self, channel: str, preset: str) -> None:
        """Forget a stored position."""

    async def cruise(self, channel: str, cruise: str | None) -> None:
        """Start one of `Channel.cruises`, or end the one that runs when None."""
        raise Unsupported


class Relays(ABC):
    """Outputs of the hub."""

    @abstractmethod
    async def trigger(self, relay: str) -> None:
        """Close the relay for the time that is set on the hub."""


class Voices(ABC):
    """Announcements that the hub can play."""

    @abstractmethod
    async def play(self, voice: str) -> None:
        """Play one of `HubStatus.voices`."""

    @abstractmethod
    async def cancel(self, channel: str) -> None:
        """End what is played for a channel."""


class Recordings(ABC):
    """Video that the hub recorded."""

    @abstractmethod
    async def search(
        self, channel: str, start: datetime, end: datetime
    ) -> tuple[Recording, ...]:
        """Return what overlaps with a time, oldest first."""

    @abstractmethod
    async def source(self, recording: Recording) -> str:
        """Return an address of HLS, MP4 or RTSP that a player can open now."""


class HeatMap(StrEnum):
    """What a heat map tells; also the key of its entity."""

    SPACE = "heat_map"
    """Where people were: may be laid over the camera's picture."""
    TIME = "heat_map_time"
    """When there were how many: a bar for each hour or day."""


class HeatMaps(ABC):
    """Pictures of where people were, and when."""

    @abstractmethod
    async def render(
        self, channel: str, kind: HeatMap, start: datetime, end: datetime
    ) -> bytes:
        """Return a PNG. Raises Unsupported where the hub made none."""


class Schedules(ABC):
    """Times that are set on the hub, such as those of access rules."""

    @abstractmethod
    async def events(
        self, schedule: str, start: datetime, end: datetime
    ) -> tuple[ScheduledEvent, ...]:
        """Return what of one of `HubStatus.schedules` overlaps with a time, in order."""


class Discovery(ABC):
    """Cameras in the hub's network."""

    @abstractmethod
    async def search(self) -> tuple[FoundCamera, ...]:
        """Look for cameras; takes its time."""

    @abstractmethod
    async def streams(
        self, address: str, username: str | None, password: str | None
    ) -> tuple[str, ...]:
        """Return the addresses of a camera's streams."""


class Inspection(ABC):
    """Analytics on a picture that we bring."""

    @abstractmethod
    async def inspect(self, picture: bytes) -> tuple[Target, ...]:
        """Return what the hub recognises in a picture."""


class SettingType(StrEnum):
    """How a setting is shown."""

    SWITCH = "switch"
    NUMBER = "number"
    SELECT = "select"


class SettingScope(StrEnum):
    """What a setting belongs to."""

    HUB = "hub"
    CHANNEL = "channel"
    TASK = "task"
    """One of `HubStatus.tasks` or of `Channel.tasks`."""
    RELAY = "relay"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """A property of the hub or of its parts that a user may change."""

    name: str
    """Also the translation key."""
    type: SettingType
    scope: SettingScope = SettingScope.HUB
    minimum: float = 0
    maximum: float = 100
    step: float = 1
    unit: str | None = None
    options: tuple[str, ...] = ()
    assumed: bool = False
    """The hub cannot be asked for it."""
    common: bool = True
    """Most users want it: shown from the start."""


class Settings(ABC):
    """Properties to be changed; their values are in `HubStatus.settings`."""

    catalog: tuple[SettingSpec, ...]

    @abstractmethod
    async def write(self, key: SettingKey, value: Reading) -> None:
        """Change one setting."""


class Command(StrEnum):
    """Something a hub does when told."""

    REBOOT = "reboot"
    SET_CLOCK = "set_clock"
    ENABLE_WEB = "enable_web"
    """Turn on the hub's own web pages; it cannot be asked whether they are."""


class Commands(ABC):
    """What the hub does when told."""

    catalog: tuple[Command, ...]

    @abstractmethod
    async def run(self, command: Command) -> None:
        """Do it."""


class Hub(ABC):
    """One box, node, server or cloud account.

    Everything that fails raises a `VisionError` and nothing else.
    """

    info: HubInfo
    """Known after `connect`."""
    operations: Operations
    poll_interval: timedelta

    streams: Streams | None = None
    snapshots: Snapshots | None = None
    tasks: Tasks | None = None
    history: History | None = None
    people: People | None = None
    ptz: Ptz | None = None
    relays: Relays | None = None
    recordings: Recordings | None = None
    heat_maps: HeatMaps | None = None
    voices: Voices | None = None
    schedules: Schedules | None = None
    discovery: Discovery | None = None
    inspection: Inspection | None = None
    settings: Settings | None = None
    commands: Commands | None = None

    @abstractmethod
    async def connect(self) -> None:
        """Authenticate and read `info`."""

    @abstractmethod
    async def poll(self) -> HubStatus:
        """Return a snapshot, with as few requests as will do."""

    @abstractmethod
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        """Bring alarms to `sink` until cancelled.

        Subscribes on entering. Raises SubscriptionTaken instead of taking a place from
        somebody else, unless `take_over`. The subscription outlives a cancellation, so
        that the hub keeps what happens while Home Assistant restarts; `unsubscribe`
        ends it.
        """

    @abstractmethod
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Set the hub back to what it was before we subscribed, if it is still ours."""

    @abstractmethod
    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run any operation of the manual and return what the hub answers."""

    @abstractmethod
    async def fetch(self, reference: str) -> bytes:
        """Return a picture or video that the hub keeps."""

    async def close(self) -> None:
        """End what `connect` began."""


class FieldType(StrEnum):
    """How a field of the config flow is entered."""

    HOST = "host"
    PORT = "port"
    TEXT = "text"
    URL = "url"
    PASSWORD = "password"
    SWITCH = "switch"
    SELECT = "select"


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One field of a vendor's step in the config flow; the name is Home Assistant's."""

    name: str
    type: FieldType
    default: str | int | bool | None = None
    required: bool = True
    choices: tuple[str, ...] = ()
    """What a SELECT has to choose from; the name is the translation key."""


type HubConfig = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One of the vendors."""

    id: str
    name: str
    fields: tuple[ConfigField, ...]
    open: Callable[[HubConfig, ClientSession, HubStore], Hub]
    options: tuple[ConfigField, ...] = ()
    """What else a user may decide; `open` gets it with the configuration."""
    in_cloud: bool = False
    """The hub is on the internet: so must be our address."""
    has_serial: bool = True
    """False: nothing but its address tells one hub from another."""

"""One hub, and what it can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta

from ..model import HubInfo, HubStatus, Json
from ..toolkit.operations import Operations
from .callbacks import CallbackServer
from .control import Commands, Relays, Tasks, Voices
from .discovery import Discovery, Inspection
from .history import History
from .listening import AlarmSink
from .media import HeatMaps, Recordings, Snapshots, Streams
from .movement import Ptz
from .people import People
from .schedules import Schedules
from .settings import Settings


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

    async def read_serial(self) -> str | None:
        """Ask again for `info.serial`; None where the hub itself does not know it."""
        return None

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

"""One hub, and what it can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Protocol

from ..model import HubInfo, HubStatus, Json
from ..toolkit.operations import Operation, Operations, request_of
from ..toolkit.read_notes import ReadNotes
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


class OperationRunner(Protocol):
    """Runs the operations of a vendor's manual."""

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Send a request of the manual, which says `row` of it."""


class Hub(ABC):
    """One box, node, server or cloud account.

    Everything that fails raises a `VisionError` and nothing else.
    """

    info: HubInfo
    """Known after `connect`."""
    operations: Operations
    operation_runner: OperationRunner
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

    @cached_property
    def notes(self) -> ReadNotes:
        """What the hub told that could not be understood."""
        return ReadNotes()

    @abstractmethod
    async def connect(self) -> None:
        """Authenticate and read `info`."""

    async def read_serial(self) -> str | None:
        """Ask again for `info.serial`; None where the hub itself does not know it."""
        return None

    async def read_clock(self) -> timedelta | None:
        """Ask how far the hub's clock is ahead now; None where it does not tell."""
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

    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run any operation of the manual and return what the hub answers.

        Raises InvalidRequest for what is in no manual, Unsupported for what hubs tell.
        """
        row = request_of(self.operations, operation)
        return await self.operation_runner.run(operation, row, params)

    @abstractmethod
    async def fetch(self, reference: str) -> bytes:
        """Return a picture or video that the hub keeps."""

    async def close(self) -> None:
        """End what `connect` began."""

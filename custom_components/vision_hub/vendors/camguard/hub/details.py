"""What is known of a server: cameras and tasks at every poll, the rest as it ages."""

from collections.abc import Iterator, Mapping, Set as AbstractSet
from datetime import timedelta
import logging
from typing import Final

from ...errors import RejectedByHub, UnexpectedAnswer, VisionError
from ...kinds import AlarmKind
from ...model import (
    Channel,
    ChannelReading,
    Hindrance,
    HindranceKind,
    HubStatus,
    Json,
    Library as ModelLibrary,
    Reading,
    SettingKey,
    Task as ModelTask,
)
from ...toolkit.polling import FIVE_MINUTES, PollScheduler, Reader
from ..server_clock import ServerClock
from ..transport import Transport
from ..wire import Camera, Library, Task, config_of
from .readings import task_readings

_LOGGER = logging.getLogger(__name__)

_STORAGE_PERIOD: Final = 6 * 3600.0
_TASKS_AT_LEAST: Final = 30.0

_ONLINE: Final[Mapping[int | None, bool]] = {0: False, 1: True}
_FACES: Final = frozenset(
    {
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_STRANGER,
    }
)
STORAGE: Final = "StorageServer"


class Details:
    """Remembers what the server told, and asks again for what is old."""

    def __init__(self, transport: Transport) -> None:
        """Know nothing yet."""
        self._transport = transport
        self._libraries: dict[int, Library] = {}
        self._storage: str | None = None
        self.cameras: dict[int, Camera] = {}
        self.tasks: dict[int, Task] = {}
        self.clock = ServerClock()
        self.stopped: set[int] = set()
        """The tasks that somebody stopped here, and wants to be."""
        self._scheduler = PollScheduler(
            {
                "cameras": Reader(self.read_cameras, needed=True),
                # A server may refuse them because of one that it does not like.
                "tasks": Reader(self._read_tasks),
                "libraries": Reader(self.read_libraries, FIVE_MINUTES),
            }
        )
        # Asked for only when a picture is somewhere else.
        self._on_demand = PollScheduler(
            {"storage": Reader(self._read_storage, _STORAGE_PERIOD)}
        )

    async def refresh(self) -> None:
        """Read cameras and tasks, and libraries when they are due."""
        await self._scheduler.poll()

    def forget(self) -> None:
        """Read the libraries and the storage again when they are needed."""
        self._scheduler.forget()
        self._on_demand.forget()

    async def read_cameras(self) -> dict[int, Camera]:
        """Read every camera (5.4)."""
        rows = [row async for row in self._transport.pages("camera_query")]
        cameras = {
            camera.camera_id: camera
            for camera in self._transport.notes.identified(
                "camera_query", Camera, rows, "camera_id"
            )
            if camera.camera_id is not None
        }
        if rows and not cameras:
            # Else every camera would be taken for removed.
            raise UnexpectedAnswer("The server did not tell the ids of its cameras")
        self.cameras = cameras
        return cameras

    async def read_tasks(self) -> dict[int, Task]:
        """Read every task now."""
        await self._scheduler.read("tasks")
        return self.tasks

    async def _read_tasks(self) -> None:
        """6.4."""
        rows = [row async for row in self._transport.pages("task_query")]
        self.tasks = {
            task.task_id: task
            for task in self._transport.notes.identified(
                "task_query", Task, rows, "task_id"
            )
            if task.task_id is not None
        }

    async def know_tasks(self, *numbers: int | None) -> None:
        """Read the tasks if one of these is not known, but not all the time."""
        unknown = any(number not in self.tasks for number in numbers if number)
        if unknown and self._scheduler.age("tasks") > _TASKS_AT_LEAST:
            try:
                await self.read_tasks()
            except VisionError as error:
                _LOGGER.debug("The server did not tell its tasks: %s", error.key)

    async def read_libraries(self) -> tuple[ModelLibrary, ...]:
        """Read every library (3.3)."""
        rows = [row async for row in self._transport.pages("library_query")]
        self._libraries = {
            library.lib_id: library
            for library in self._transport.notes.identified(
                "library_query", Library, rows, "lib_id"
            )
            if library.lib_id is not None
        }
        return self._told_libraries()

    async def storage_host(self) -> str | None:
        """Return where pictures are, if the server tells (7.2)."""
        await self._on_demand.poll()
        return self._storage

    async def _read_storage(self) -> None:
        config = config_of(await read_config(self._transport, STORAGE))
        host = config.get("ip")
        self._storage = host.strip() if isinstance(host, str) else None

    @property
    def clock_offset(self) -> timedelta | None:
        """How far the server's clock is ahead."""
        told = self._transport.clock_offset
        return self.clock.offset if told is None else told

    def status(self) -> HubStatus:
        """Return all that is known."""
        settings: dict[SettingKey, Reading] = {
            SettingKey(name, None, str(number)): value
            for number, task in self.tasks.items()
            for name, value in task_readings(task).items()
        }
        watched = {
            camera
            for task in self.tasks.values()
            if task.state == 1
            for camera in task.entries + task.exits
        }
        opened = self._opened()
        return HubStatus(
            channels={
                str(number): Channel(
                    id=str(number),
                    name=camera.name or str(number),
                    online=_ONLINE.get(camera.online),
                    kinds=_FACES if number in watched else frozenset(),
                    recognizes_faces=True,
                    readings={ChannelReading.CAMERA_OPENED: all(told)}
                    if (told := opened.get(number))
                    else {},
                )
                for number, camera in self.cameras.items()
            },
            tasks=tuple(
                ModelTask(
                    id=str(number),
                    name=task.name or str(number),
                    enabled=_ONLINE.get(task.state),
                )
                for number, task in self.tasks.items()
            ),
            libraries=self._told_libraries(),
            settings=settings,
            hindrances=tuple(self._hindrances(opened, watched)),
            clock_offset=self.clock_offset,
        )

    def _opened(self) -> dict[int, list[bool]]:
        """Tell whether running tasks could open their cameras, each of them."""
        found: dict[int, list[bool]] = {}
        for task in self.tasks.values():
            for camera in task.camera_list1 + task.camera_list2:
                state = _ONLINE.get(camera.state)
                if (
                    task.state == 1
                    and camera.camera_id is not None
                    and state is not None
                ):
                    found.setdefault(camera.camera_id, []).append(state)
        return found

    def _hindrances(
        self, opened: Mapping[int, list[bool]], watched: AbstractSet[int]
    ) -> Iterator[Hindrance]:
        for camera, told in opened.items():
            if not all(told):
                yield Hindrance(
                    kind=HindranceKind.CAMERA_NOT_OPENED,
                    channel=str(camera),
                    silences=not any(told),
                )
        stopped = {
            number: task for number, task in self.tasks.items() if task.state == 0
        }
        # What runs now and then, such as a roll call, is no matter beside another task.
        excused = set(watched)
        for number in stopped.keys() & self.stopped:
            excused.update(stopped[number].entries + stopped[number].exits)
        for number, task in stopped.items():
            for camera in task.entries + task.exits:
                if camera not in excused:
                    yield Hindrance(
                        kind=HindranceKind.TASK_STOPPED,
                        channel=str(camera),
                        name=task.name or str(number),
                        silences=True,
                        task=str(number),
                    )

    def _told_libraries(self) -> tuple[ModelLibrary, ...]:
        return tuple(
            ModelLibrary(
                id=str(number),
                name=library.name or str(number),
                persons=library.person_count,
            )
            for number, library in self._libraries.items()
        )


async def read_config(transport: Transport, name: str) -> Mapping[str, Json]:
    """Read a configuration (7.2).

    The table demands a `config` for reading, too, the sample has none.
    """
    try:
        return await transport.info("config_get", {"name": name})
    except RejectedByHub:
        return await transport.info("config_get", {"name": name, "config": ""})

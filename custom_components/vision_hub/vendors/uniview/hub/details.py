"""What is known of a hub: its channels at every poll, the rest a little at each."""

from collections.abc import Iterator
from time import monotonic
from typing import Final

from ...errors import UnexpectedAnswer
from ...kind_words import kind_of
from ...kinds import AlarmKind
from ...model import (
    Channel,
    Hindrance,
    HindranceKind,
    HubStatus,
    Json,
    Library,
    Measurement,
    Reading,
    SettingKey,
    Task,
)
from ...toolkit.lenient import as_int
from ...toolkit.polling import Budget, PartReader, PollScheduler, Reader
from ...toolkit.shapes import as_object, objects_in
from ..alarms import KINDS, unix_time
from ..transport import Transport, total_of
from ..wire import Camera, Device, PersonLibrary, SmartTasks, Status, list_in
from .readings import readings

ANALYSIS: Final = "analysis"
"""The one task of a channel: the hub arms all its algorithms together (6.8)."""

PERIOD: Final = 15 * 60
DEVICE_PERIOD: Final = 6 * 3600
SCHEDULE_PERIOD: Final = 6 * 3600
# With the list one request in twelve seconds. What is new or was just changed comes at
# once, but a slow box is left time for others.
BUDGET: Final = Budget(per_minute=4, fresh_is_free=True, seconds=1.5)

_DAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)

PASSING: Final = frozenset({"LinePeopleCounting", "LineRuleData"})
INSIDE: Final = frozenset({"AreaPeopleCounting", "AreaRuleData"})


class Details:
    """Remembers what the hub told, and asks again for what is old."""

    def __init__(self, transport: Transport) -> None:
        """Know nothing yet."""
        self._transport = transport
        self._device = Device()
        self._tasks: dict[int, SmartTasks] = {}
        self._libraries: dict[int, PersonLibrary] = {}
        self._persons: dict[int, int] = {}
        self.cameras: dict[int, Camera] = {}
        self.params: dict[int, dict[str, Json]] = {}
        """6.6 as it was read."""
        self.extended: dict[int, dict[str, Json]] = {}
        """6.4 as it was read."""
        self._scheduler = PollScheduler[int](
            {
                "cameras": Reader(self.read_cameras, needed=True),
                "device": Reader(self._read_device, DEVICE_PERIOD),
                "libraries": Reader(self._read_libraries, PERIOD),
                "persons": PartReader(
                    self._read_persons, PERIOD, lambda: self._libraries
                ),
                "tasks": PartReader(self._read_tasks, PERIOD, lambda: self.cameras),
                "extended": Reader(self._read_extended, PERIOD),
                "params": PartReader(self._read_params, PERIOD, lambda: self.cameras),
            },
            BUDGET,
            clock=monotonic,
        )
        self._never_armed: dict[tuple[int, str], bool] = {}
        # Many, and hardly ever changed: one after the other.
        self._schedules = PollScheduler[tuple[int, str]](
            {
                "schedule": PartReader(
                    self._read_schedule, SCHEDULE_PERIOD, self._algorithms
                )
            },
            Budget(per_minute=1, first_reads=0),
            clock=monotonic,
        )

    async def device(self) -> Device:
        """Ask who the hub is (9.2)."""
        await self._scheduler.read("device")
        return self._device

    async def refresh(self) -> None:
        """Read the channels, and of the rest what is due."""
        await self._scheduler.poll()
        await self._schedules.poll()

    async def read_cameras(self) -> None:
        """Read the list of channels (4.6)."""
        pages = self._transport.pages("channel_list", {"channel_name": ""}, needed=True)
        rows = [row async for row in pages]
        cameras = {
            camera.channel_id: camera
            for camera in self._transport.notes.identified(
                "channel_list", Camera, rows, "channel_id"
            )
            if camera.channel_id is not None
        }
        if rows and not cameras:
            # Else every channel would be taken for removed.
            raise UnexpectedAnswer("The hub did not tell the ids of its channels")
        if cameras.keys() - self.cameras.keys():
            # One answer tells it of all.
            self._scheduler.forget("extended")
        for channel in self.cameras.keys() - cameras.keys():
            # Whatever comes in its place is another one.
            self._scheduler.forget("tasks", "params", part=channel)
            for told in (self._tasks, self.params, self.extended):
                told.pop(channel, None)
        self.cameras = cameras

    def forget(self, *names: str) -> None:
        """Read something again at the next poll."""
        self._scheduler.forget(*names)

    def forget_channel(self, channel: int) -> None:
        """Read what is set on a channel again at the next poll."""
        self._scheduler.forget("tasks", "params", part=channel)
        self._scheduler.forget("extended")
        for number, algorithm in self._algorithms():
            if number == channel:
                self._schedules.forget("schedule", part=(number, algorithm))

    def forget_libraries(self) -> None:
        """Read the libraries and how many are in them again at the next poll."""
        self._scheduler.forget("libraries", "persons")

    async def _read_device(self) -> None:
        data = await self._transport.ask("device_get")
        device = Device.from_dict(as_object(data))
        if not device.serial_number:
            raise UnexpectedAnswer("The hub has no serial number")
        self._device = device

    async def _read_libraries(self) -> None:
        libraries: dict[int, PersonLibrary] = {}
        async for row in self._transport.pages("personlib_list", {"lib_name": ""}):
            for library in self._transport.notes.identified(
                "personlib_list", PersonLibrary, [row], "lib_id"
            ):
                if library.lib_id is not None:
                    libraries[library.lib_id] = library
        self._libraries = libraries

    async def _read_persons(self, library: int) -> None:
        if library not in self._libraries:
            # It went while this poll read others.
            return
        params = {"lib_id": library, "page": 1, "pagesize": 1}
        total = total_of(await self._transport.ask("person_list", params))
        if total == 1:
            second = await self._transport.ask("person_list", {**params, "page": 2})
            if list_in(second):
                # It counts what is on this page.
                total = None
        if total is not None:
            self._persons[library] = total

    async def _read_extended(self) -> None:
        data = await self._transport.ask("extend_get")
        for row in objects_in(list_in(data)):
            channel = as_int(row.get("channel_id"))
            if channel in self.cameras:
                self.extended[channel] = row

    async def _read_tasks(self, channel: int) -> None:
        data = await self._transport.ask("smart_list", {"channel_id": channel})
        if told := as_object(data):
            self._tasks[channel] = SmartTasks.from_dict(told)

    async def _read_params(self, channel: int) -> None:
        data = await self._transport.ask("smart_params_get", {"channel_id": channel})
        if told := as_object(data):
            self.params[channel] = told

    def _algorithms(self) -> Iterator[tuple[int, str]]:
        """Yield what has a schedule: each algorithm of each channel."""
        for channel in self.cameras:
            for task in self._tasks.get(channel, SmartTasks()).smart_list:
                yield channel, task.algo_model

    async def _read_schedule(self, part: tuple[int, str]) -> None:
        """5.2: whether there is any time in the week."""
        channel, algorithm = part
        week = as_object(
            await self._transport.ask(
                "control_time_get", {"channel_id": channel, "algo_model": algorithm}
            )
        )
        days = [week[day] for day in _DAYS if day in week]
        self._never_armed[part] = len(days) == len(_DAYS) and not any(days)

    def _hindrances(self) -> Iterator[Hindrance]:
        algorithms = list(self._algorithms())
        armed = {
            channel
            for channel, algorithm in algorithms
            if not self._never_armed.get((channel, algorithm))
        }
        for channel, algorithm in algorithms:
            if self._never_armed.get((channel, algorithm)):
                yield Hindrance(
                    kind=HindranceKind.NEVER_ARMED,
                    channel=str(channel),
                    name=algorithm,
                    silences=channel not in armed,
                )

    def libraries(self) -> tuple[Library, ...]:
        """Return the libraries as they were last read."""
        return tuple(
            Library(
                id=str(number),
                name=library.lib_name or str(number),
                persons=self._persons.get(number),
            )
            for number, library in self._libraries.items()
        )

    async def read_libraries(self) -> tuple[Library, ...]:
        """Read every library and how many persons are in it."""
        await self._scheduler.read("libraries")
        for number in tuple(self._libraries):
            await self._scheduler.read("persons", number)
        return self.libraries()

    def status(self) -> HubStatus:
        """Return all that is known."""
        settings: dict[SettingKey, Reading] = {}
        for channel in self.cameras:
            found = readings(self.params.get(channel), self.extended.get(channel))
            for name, value in found.items():
                settings[SettingKey(name, str(channel))] = value
        return HubStatus(
            channels={
                str(number): self._channel(number, camera)
                for number, camera in self.cameras.items()
            },
            libraries=self.libraries(),
            measurements={
                Measurement.FIRMWARE_RELEASED: unix_time(self._device.release_time)
            },
            settings=settings,
            hindrances=tuple(self._hindrances()),
            clock_offset=self._transport.clock_offset,
        )

    def _channel(self, number: int, camera: Camera) -> Channel:
        tasks = self._tasks.get(number, SmartTasks())
        codes = {task.algo_model for task in tasks.smart_list}
        kinds = {kind_of(KINDS, code) for code in codes}
        control = tasks.person_control_info
        compares = bool(control and control.person_lib_id)
        if compares and AlarmKind.FACE_CAPTURED in kinds:
            kinds |= {AlarmKind.FACE_RECOGNIZED, AlarmKind.FACE_STRANGER}
        return Channel(
            id=str(number),
            name=camera.channel_name or str(number),
            online=_ONLINE.get(camera.status),
            manufacturer=camera.manufacturer or None,
            model=camera.model or None,
            serial=camera.serial_number or None,
            kinds=frozenset(kinds),
            tasks=(Task(id=ANALYSIS),),
            counts_passing=bool(codes & PASSING),
            counts_inside=bool(codes & INSIDE),
            recognizes_faces=AlarmKind.FACE_CAPTURED in kinds,
        )


_ONLINE: Final[dict[int | None, bool]] = {Status.ONLINE: True, Status.OFFLINE: False}

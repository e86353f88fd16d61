"""What is known of a node: its cameras at every poll, the rest as it grows old."""

from datetime import UTC, datetime, timedelta
from functools import partial
import logging
from typing import Final

from ...errors import AuthenticationFailed, CannotConnect, UnexpectedAnswer, VisionError
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
    Relay,
    SettingKey,
)
from ...toolkit.lenient import as_int, as_number, rows_of
from ...toolkit.polling import FIVE_MINUTES, ONE_MINUTE, PollScheduler, Reader
from ...toolkit.shapes import as_object, list_in, object_in, objects_in, value_in
from ..alarms import LIBRARY_KINDS, Site
from ..cameras import stream_of
from ..node_clock import NodeClock, read_clock
from ..transport import Transport
from ..wire import (
    Binding,
    Camera,
    Cameras,
    FaceLibrary,
    LibraryType,
    Network,
    Ntp,
    Storage,
    SystemTime,
    Versions,
    rows_in,
)
from .readings import STOP_WHEN_FULL, camera_readings, node_readings

_LOGGER = logging.getLogger(__name__)

_LOADS: Final = {"cpu": Measurement.CPU_LOAD, "memory": Measurement.MEMORY_LOAD}
_KINDS: Final[dict[int | None, AlarmKind]] = {
    LibraryType.BLACK: AlarmKind.FACE_BLACKLISTED,
    LibraryType.WHITE: AlarmKind.FACE_RECOGNIZED,
}
_ONLINE: Final = {1: True, 0: False}


class Details:
    """Remembers what the node told, and asks again for what is old."""

    def __init__(self, transport: Transport) -> None:
        """Know nothing yet."""
        self._transport = transport
        self._libraries: dict[int, FaceLibrary] = {}
        self._relays: tuple[Relay, ...] = ()
        self._storage = Storage()
        self._ntp: Ntp | None = None
        self._measurements: dict[Measurement, Reading] = {}
        self.clock_offset: timedelta | None = None
        self.cameras: dict[int, Camera] = {}
        self.capacity: int | None = None
        self.clock = NodeClock()
        self._scheduler = PollScheduler(
            {
                "cameras": Reader(self.read_cameras, needed=True),
                "relays": Reader(self._read_relays, ONE_MINUTE),
                "cpu": Reader(partial(self._read_load, "cpu"), ONE_MINUTE),
                "memory": Reader(partial(self._read_load, "memory"), ONE_MINUTE),
                "time": Reader(self._read_time, FIVE_MINUTES),
                "libraries": Reader(self.read_libraries, FIVE_MINUTES),
                "storage": Reader(self._read_storage, FIVE_MINUTES),
                "ntp": Reader(self._read_ntp, FIVE_MINUTES),
            }
        )

    async def versions(self) -> Versions:
        """Ask who the node is (6.3)."""
        data = await self._transport.ask("version_get")
        versions = Versions.from_dict(as_object(data))
        if not versions.serial_id:
            raise UnexpectedAnswer("The node has no serial number")
        return versions

    async def mac(self, host: str) -> str | None:
        """Ask for the address of the port that we reach, or else of the first (6.8)."""
        try:
            data = await self._transport.ask("network_get")
        except AuthenticationFailed, CannotConnect:
            raise
        except VisionError as error:
            _LOGGER.debug("The node did not tell its network: %s", error.key)
            return None
        network = Network.from_dict(as_object(data))
        ports = [port for port in network.ethernet if port.hw_addr]
        ports.sort(key=lambda port: port.ip != host)
        return ports[0].hw_addr.lower() if ports else None

    @property
    def site(self) -> Site:
        """What is needed to understand the node's results."""
        return Site(
            clock=self.clock,
            comparing={
                str(number)
                for number, camera in self.cameras.items()
                if camera.lib_ids.strip(", ")
            },
            libraries={
                number: kind
                for number, row in self._libraries.items()
                if (kind := LIBRARY_KINDS.get(row.lib_type))
            },
        )

    async def refresh(self) -> None:
        """Read the cameras, and of the rest what is due."""
        await self._scheduler.poll()

    def forget(self, *what: str) -> None:
        """Read something again at the next poll; without a name everything."""
        self._scheduler.forget(*what)

    async def camera_rows(self) -> list[dict[str, Json]]:
        """Read the cameras as the node writes them (4.1)."""
        data = await self._transport.ask("camera_list")
        rows = list_in(data, "camera")
        if rows is None:
            raise UnexpectedAnswer("The node did not tell its cameras")
        place = object_in(data, "camera")
        cameras = Cameras.from_dict({**place, "camera": rows})
        if rows and all(camera.channel is None for camera in cameras.camera):
            # Else every camera would be taken for removed.
            raise UnexpectedAnswer("The node did not tell the channels of its cameras")
        self.capacity = cameras.computing_power_capacity
        self._measure(
            Measurement.COMPUTING_LOAD, cameras.used_computing_power, self.capacity
        )
        self.cameras = {
            camera.channel: camera
            for camera in cameras.camera
            if camera.channel is not None
        }
        return list(objects_in(rows))

    async def read_cameras(self) -> None:
        """Read the list of cameras."""
        await self.camera_rows()

    async def read_time(self, *, needed: bool = True) -> None:
        """Read the clock now; unless it is `needed`, a node may have none."""
        await self._scheduler.read("time", needed=needed)

    async def _read_time(self) -> None:
        """6.6."""
        asked = datetime.now(UTC)
        told = await self.system_time()
        now = datetime.now(UTC)
        self.clock, self.clock_offset = read_clock(told, asked + (now - asked) / 2)

    async def system_time(self) -> SystemTime:
        """Ask for the clock as the node writes it."""
        data = await self._transport.ask("time_get")
        return SystemTime.from_dict(as_object(data))

    async def _read_relays(self) -> None:
        rows = rows_of(Binding, rows_in(await self._transport.ask("relay_list")))
        self._relays = tuple(
            Relay(
                id=str(row.id),
                name=" ".join(filter(None, (_relay(row), row.camera_name))),
                online=_ONLINE.get(-1 if row.work_status is None else row.work_status),
            )
            for row in rows
            if row.id is not None
        )

    async def _read_load(self, what: str) -> None:
        data = await self._transport.ask(f"{what}_get")
        load = as_number(value_in(data, f"{what}_usage"))
        self._measurements[_LOADS[what]] = None if load is None else round(load, 1)

    async def _read_storage(self) -> None:
        data = await self._transport.ask("storage_get")
        self._storage = Storage.from_dict(as_object(data))
        self._measure(
            Measurement.STORAGE_LOAD,
            self._storage.cur_storage,
            self._storage.max_storage,
        )
        used, most = self._storage.cur_storage, self._storage.max_storage
        self._measurements[Measurement.STORAGE_FULL] = (
            None
            if used is None or most is None
            # With the other strategy the oldest makes room (6.4).
            else self._storage.storage_strategy == STOP_WHEN_FULL and used >= most > 0
        )

    async def _read_ntp(self) -> None:
        data = await self._transport.ask("ntp_get")
        told = as_object(data)
        self._ntp = Ntp.from_dict(told) if told else None

    def _measure(
        self, what: Measurement, used: float | None, most: float | None
    ) -> None:
        known = used is not None and most is not None and most > 0
        self._measurements[what] = (
            round(100 * used / most, 1) if known and used is not None and most else None
        )

    async def read_libraries(self) -> tuple[Library, ...]:
        """Read every library (3.1)."""
        rows = self._transport.notes.identified(
            "library_list_all",
            FaceLibrary,
            rows_in(await self._transport.ask("library_list_all")),
            "lib_id",
        )
        self._libraries = {row.lib_id: row for row in rows if row.lib_id is not None}
        return self.libraries()

    def library(self, number: int) -> FaceLibrary | None:
        """Return a library as it was last read."""
        return self._libraries.get(number)

    def libraries(self) -> tuple[Library, ...]:
        """Return the libraries as they were last read."""
        return tuple(
            Library(
                id=str(number),
                name=row.lib_name or str(number),
                kind=LIBRARY_KINDS.get(row.lib_type),
                persons=row.picture_no,
            )
            for number, row in self._libraries.items()
        )

    def status(self) -> HubStatus:
        """Return all that is known."""
        settings: dict[SettingKey, Reading] = {
            SettingKey(name): value
            for name, value in node_readings(self._storage, self._ntp).items()
        }
        for number, camera in self.cameras.items():
            for name, value in camera_readings(camera).items():
                settings[SettingKey(name, str(number))] = value
        return HubStatus(
            channels={
                str(number): self._channel(number, camera)
                for number, camera in self.cameras.items()
            },
            libraries=self.libraries(),
            relays=self._relays,
            measurements=dict(self._measurements),
            settings=settings,
            hindrances=self._hindrances(),
            clock_offset=self.clock_offset,
        )

    def _hindrances(self) -> tuple[Hindrance, ...]:
        if not self._measurements.get(Measurement.STORAGE_FULL):
            return ()
        overwrite = (SettingKey("storage_strategy"), "overwrite")
        return (Hindrance(kind=HindranceKind.STORAGE_STOPPED, settings=(overwrite,)),)

    def _channel(self, number: int, camera: Camera) -> Channel:
        kinds = {AlarmKind.FACE_CAPTURED}
        bound = [as_int(part) for part in camera.lib_ids.split(",") if part.strip()]
        if bound:
            kinds = {AlarmKind.FACE_STRANGER}
            for library in bound:
                row = self._libraries.get(-1 if library is None else library)
                if kind := _KINDS.get(row.lib_type if row else None):
                    kinds.add(kind)
        return Channel(
            id=str(number),
            name=camera.camera_name or str(number),
            online=_ONLINE.get(-1 if camera.status is None else camera.status),
            manufacturer=camera.vendor or None,
            model=camera.product or None,
            kinds=frozenset(kinds),
            recognizes_faces=True,
            streams=stream_of(camera) is not None,
        )


def _relay(row: Binding) -> str:
    return row.dev_name or f"{row.dev_ip}:{row.dev_port}"

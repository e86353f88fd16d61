"""The state of the server that the requests read and change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zlib import crc32

from simulators.device_state import DeviceState
from simulators.file_store import FileStore

from .error_codes import Code, Refusal
from .models import Camera, Found, Library, Limits, Person, Record, Task, Timing, User
from .quirks import Order, PicUrl, Quirks
from .sessions import Sessions

STORAGE = "StorageServer"
PICTURES = "/storage/"
_LONG = 2**40
_UPWARDS = (Order.ASCENDING, Order.UNORDERED)


def _known[T](rows: dict[int, T], number: int, what: str) -> T:
    if number not in rows:
        raise Refusal(Code.UNKNOWN_ID, f"{what} {number}")
    return rows[number]


@dataclass(slots=True)
class Device(DeviceState[Quirks, Timing, Limits]):
    """One server. `zone` None is the zone of this computer.

    `long_ids` makes persons and records start beyond 32 bits.
    """

    model: str = "CamGuard"
    quirks: Quirks = field(default_factory=Quirks)
    limits: Limits = field(default_factory=Limits)
    timing: Timing = field(default_factory=Timing)
    zone: tzinfo | None = None
    long_ids: bool = False
    sessions: Sessions = field(default_factory=Sessions)
    users: dict[int, User] = field(default_factory=dict)
    libraries: dict[int, Library] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    cameras: dict[int, Camera] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    records: dict[int, Record] = field(default_factory=dict)
    configs: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: FileStore = field(default_factory=FileStore)
    network: list[Found] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)

    # Time, ids, pictures

    def stamp(self, at: float) -> str:
        """Return Unix seconds as the server's local time."""
        moment = datetime.fromtimestamp(at, UTC).astimezone(self.zone)
        if self.quirks.blank_times:
            return moment.strftime("%Y-%m-%d %H: %M:%S ")
        return moment.strftime("%Y-%m-%d %H:%M:%S")

    def uuid(self) -> str:
        """Return a random id."""
        return UUID(int=self.rng.getrandbits(128), version=4).hex

    def long_id(self, what: str) -> int:
        """Return the next `person_id` or `record_id`."""
        return self.next_id(what, _LONG if self.long_ids else 1)

    def new_path(self, folder: str, suffix: str = "jpg") -> str:
        """Return the path of a new picture."""
        return f"{PICTURES}{folder}/{self.uuid()}.{suffix}"

    def address(self, path: str) -> str:
        """Return a picture's path as answers tell it."""
        if not path or self.quirks.pic_url is PicUrl.RELATIVE:
            return path
        server = self.configs[STORAGE]
        return f"http://{server['ip']}:{server['port']}{path}"

    @staticmethod
    def path_of(pic_url: str) -> str:
        """Return the path of a picture that a request names in either form."""
        return urlsplit(pic_url).path if "://" in pic_url else pic_url

    async def picture(self, pic_url: str) -> bytes:
        """Return a picture that a request names, or refuse it."""
        content = await self.files.read(self.path_of(pic_url))
        if content is None:
            raise Refusal(Code.NO_PICTURE, pic_url)
        return content

    def stream_of(self, camera: Camera) -> str:
        """Return the address of a camera's video."""
        if camera.rtsp:
            return camera.rtsp
        server = f"{self.host}:{self.rtsp_port or 554}"
        return f"rtsp://admin:camera123@{server}/{camera.stream}"

    # Rows by id; an unknown id is refused

    def user(self, user_id: int) -> User:
        """Return an account."""
        return _known(self.users, user_id, "user_id")

    def library(self, lib_id: int) -> Library:
        """Return a library."""
        return _known(self.libraries, lib_id, "lib_id")

    def person(self, person_id: int) -> Person:
        """Return a person."""
        return _known(self.people, person_id, "person_id")

    def camera(self, camera_id: int) -> Camera:
        """Return a camera."""
        return _known(self.cameras, camera_id, "camera_id")

    def task(self, task_id: int) -> Task:
        """Return a task."""
        return _known(self.tasks, task_id, "task_id")

    def record(self, record_id: int) -> Record:
        """Return a record."""
        return _known(self.records, record_id, "record_id")

    # Changes

    def write(self, record: Record) -> Record:
        """Keep a record; the oldest are overwritten."""
        self.records[record.record_id] = record
        while len(self.records) > self.limits.records:
            del self.records[next(iter(self.records))]
        return record

    def forget_records(self) -> None:
        """Delete all records; their ids start again."""
        self.records.clear()
        self.files.forget_captures()
        self._ids.pop("record", None)

    def remove_library(self, lib_id: int) -> None:
        """Delete a library with its persons."""
        del self.libraries[lib_id]
        for person in list(self.people.values()):
            if person.lib_id == lib_id:
                del self.people[person.person_id]
        for task in self.tasks.values():
            task.lib_list = [other for other in task.lib_list if other != lib_id]

    def remove_camera(self, camera_id: int) -> Camera:
        """Delete a camera, also from its tasks."""
        camera = self.camera(camera_id)
        del self.cameras[camera_id]
        for task in self.tasks.values():
            task.camera_list1 = [i for i in task.camera_list1 if i != camera_id]
            task.camera_list2 = [i for i in task.camera_list2 if i != camera_id]
        return camera


def in_order[T](rows: Mapping[int, T], order: Order) -> list[T]:
    """Return rows by their ids as a list shows them."""
    key: Callable[[int], Any] = int
    if order is Order.UNORDERED:
        key = _scattered
    elif order is Order.LATEST_CAPTURE:
        key = partial(_captured, rows)
    ids = sorted(rows, key=key)
    return [rows[number] for number in (ids if order in _UPWARDS else ids[::-1])]


def _scattered(number: int) -> int:
    return crc32(str(number).encode())


def _captured(rows: Mapping[int, object], number: int) -> tuple[float, int]:
    return getattr(rows[number], "capture_time", 0.0), number

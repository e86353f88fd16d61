"""The state of the node that the requests read and change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import re
from uuid import UUID

from simulators.device_state import DeviceState, do_nothing
from simulators.file_store import FileStore

from .error_codes import Code, Refusal, demand
from .models import Camera, Capture, Face, Library, Limits, Ntp, Relay, Timing
from .quirks import Quirks

CHANNELS = {"M4s": 8, "M8s": 16}
ISO_FORMAT = "yyyy-MM-dd HH:mm:ss"
TIME_FORMATS = {
    ISO_FORMAT: "%Y-%m-%d %H:%M:%S",
    "dd-MM-yyyy HH:mm:ss": "%d-%m-%Y %H:%M:%S",
    "MM-dd-yyyy HH:mm:ss": "%m-%d-%Y %H:%M:%S",
}
_ZONE = re.compile(r"GMT([+-])(\d{2}):(\d{2})")


@dataclass(slots=True)
class Device(DeviceState[Quirks, Timing, Limits]):
    """One node. `clock_offset` (seconds) makes its clock wrong.

    `time_scale` multiplies every duration of the node: idle limit of sessions,
    heartbeat interval, resend pauses, unreachable cameras, reboot.
    """

    model: str = "M8s"
    version: str = "SenseNebula-M-V2.1.0-20200615"
    web_version: str = "SenseNebulaWeb-M-V2.1.0-web-20200615"
    device_id: str = "test_device"
    quirks: Quirks = field(default_factory=Quirks)
    limits: Limits = field(default_factory=Limits)
    timing: Timing = field(default_factory=Timing)
    time_zone: str = "GMT+08:00"
    time_format: str = ISO_FORMAT
    cameras: dict[int, Camera] = field(default_factory=dict)
    libraries: dict[int, Library] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    relays: dict[int, Relay] = field(default_factory=dict)
    files: FileStore = field(default_factory=FileStore)
    ntp: Ntp = field(default_factory=Ntp)
    push_url: str = ""
    push_key: str = ""
    storage_strategy: int = 1
    used_storage: int = 12
    max_storage: int = 2048
    web_enabled: bool = True
    https: bool = False
    https_files: dict[str, str] = field(default_factory=dict)
    server_sip_id: str = "34020000002000000001"
    ethernet: dict[str, dict[str, str]] = field(default_factory=dict)
    default_port: dict[str, str] = field(default_factory=dict)
    unreachable_cameras: set[str] = field(default_factory=set)
    unreachable_ntp: set[str] = field(default_factory=set)
    offline_relays: set[str] = field(default_factory=set)
    upgrading: bool = False
    on_push_target: Callable[[], None] = do_nothing

    # Clock

    @property
    def utc_offset(self) -> timedelta:
        """Return how far the node's zone is ahead of UTC."""
        found = _ZONE.fullmatch(self.time_zone)
        demand(found)
        assert found is not None
        span = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return -span if found[1] == "-" else span

    def local(self, at: float, pattern: str = TIME_FORMATS[ISO_FORMAT]) -> str:
        """Return Unix seconds as the node's local time."""
        moment = datetime.fromtimestamp(at, UTC) + self.utc_offset
        return moment.strftime(pattern)

    def stamp(self, at: float) -> str:
        """Return Unix seconds as answers and pushes write them."""
        if self.quirks.times_follow_format:
            return self.local(at, TIME_FORMATS[self.time_format])
        return self.local(at)

    def moment(self, text: str) -> float:
        """Return the Unix seconds of a local time, or refuse it with -3596."""
        pattern = TIME_FORMATS[ISO_FORMAT]
        if self.quirks.times_follow_format:
            pattern = TIME_FORMATS[self.time_format]
        try:
            naive = datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError as error:
            raise Refusal(Code.WRONG_PARAMETER) from error
        return (naive - self.utc_offset).timestamp()

    def uuid(self) -> str:
        """Return a random id."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    # Cameras

    @property
    def capacity(self) -> int:
        """Return the computing power: 8 for M4s, 16 for M8s (4.1)."""
        return CHANNELS[self.model]

    @property
    def used_power(self) -> int:
        """Return the computing power in use."""
        return sum(camera.cost for camera in self.cameras.values())

    def camera(self, channel: int) -> Camera:
        """Return a camera, or refuse with -109."""
        if channel not in self.cameras:
            raise Refusal(Code.NO_CAMERA)
        return self.cameras[channel]

    def add_camera(self, camera: Camera) -> Camera:
        """Put a camera on the first free channel, or refuse with -151."""
        free = [n for n in range(1, self.capacity + 1) if n not in self.cameras]
        enough = self.used_power + camera.cost <= self.capacity
        demand(free and enough, Code.NO_COMPUTING_POWER)
        camera.channel = free[0]
        self.cameras[camera.channel] = camera
        self.cameras = dict(sorted(self.cameras.items()))
        return camera

    def remove_camera(self, channel: int) -> Camera:
        """Take a camera away, with its relay bindings."""
        camera = self.camera(channel)
        del self.cameras[channel]
        for relay in list(self.relays.values()):
            if relay.channel == channel:
                del self.relays[relay.relay_id]
        return camera

    # Libraries and faces

    def library(self, lib_id: int) -> Library:
        """Return a library, or refuse with -117."""
        if lib_id not in self.libraries:
            raise Refusal(Code.NO_LIBRARY)
        return self.libraries[lib_id]

    def known_libraries(self, lib_ids: str) -> list[Library]:
        """Return the libraries of a list such as "1,2", or refuse."""
        parts = [part for part in lib_ids.split(",") if part]
        demand(all(part.isdecimal() for part in parts))
        return [self.library(int(part)) for part in parts]

    def face(self, lib_id: int, img_id: str) -> Face:
        """Return an enrolled face, or refuse with -117 or -126."""
        library = self.library(lib_id)
        if img_id not in library.faces:
            raise Refusal(Code.NO_FACE_IN_LIBRARY)
        return library.faces[img_id]

    def find_face(self, img_id: str) -> tuple[Library, Face] | None:
        """Return an enrolled face and its library, whichever that is."""
        for library in self.libraries.values():
            if img_id in library.faces:
                return library, library.faces[img_id]
        return None

    def enrol(self, library: Library, face: Face) -> None:
        """Add a face to its library."""
        demand(len(library.faces) < self.limits.faces, Code.LIBRARY_FULL)
        library.faces[face.img_id] = face
        library.update_time = self.now()

    def remove_face(self, library: Library, img_id: str) -> None:
        """Take a face out of its library, with its picture."""
        face = library.faces.pop(img_id)
        self.files.remove(face.path)
        library.update_time = self.now()

    # Captures

    @property
    def recording(self) -> bool:
        """Return whether captures are kept: not when full and told to stop."""
        return self.storage_strategy == 1 or self.used_storage < self.max_storage

    def remember(self, capture: Capture) -> None:
        """Keep a capture, the oldest are overwritten."""
        if self.recording:
            self.captures.append(capture)
            del self.captures[: -self.limits.captures]

    def forget_captures(self) -> None:
        """Delete every capture."""
        self.captures.clear()
        self.files.forget_captures()

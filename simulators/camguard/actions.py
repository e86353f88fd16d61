"""What the user of a virtual server can do to it: show people, lock out, add cameras."""

from typing import Any

from simulators.reporter import Reporter
from simulators.virtual_device import VirtualDevice

from . import defaults
from .capture_generator import CaptureGenerator, Release
from .device import Device
from .models import Camera, Limits, Person, Record, Task, Timing, User
from .quirks import SPELLINGS, Quirks
from .sessions import md5_of


class CamGuardActions(VirtualDevice[Quirks, Timing, Limits]):
    """What can be done to the device; `CamGuardServer` puts its parts together."""

    device: Device
    reporter: Reporter[Device]
    captures: CaptureGenerator
    _user: User

    def spell(self, like: Quirks) -> None:
        """Take the spellings of `like`, for instance of `Quirks.samples()`."""
        for name in SPELLINGS:
            setattr(self.quirks, name, getattr(like, name))

    # Sessions

    @property
    def sessions(self) -> int:
        """Return how many sessions are alive."""
        return len(self.device.sessions)

    def expire_session(self) -> None:
        """End every session: the next request gets `quirks.expired_code`."""
        self.device.sessions.end()

    def change_password(self, password: str) -> None:
        """Change the password of the first account, as at another client."""
        self.password = password
        self._user.password = md5_of(password)

    def lock_out(self, seconds: float = 300.0) -> None:
        """Refuse every log in, also with the right password."""
        sessions = self.device.sessions
        sessions.locked_until = sessions.clock() + seconds

    def unlock(self) -> None:
        """Let the right password in again."""
        self.device.sessions.locked_until = 0.0

    # Records

    @property
    def records(self) -> list[Record]:
        """Return all records, oldest first."""
        return list(self.device.records.values())

    async def recognize(
        self, person: int, camera: int = 1, **options: Any
    ) -> list[Record]:
        """Show a person (`person_id`) to a camera, see `CaptureGenerator.see`."""
        return await self.captures.see(camera, person, **options)

    async def stranger(self, camera: int = 1, **options: Any) -> list[Record]:
        """Show somebody unknown to a camera, see `CaptureGenerator.see`."""
        return await self.captures.see(camera, **options)

    def hold_records(self) -> None:
        """Keep the records of coming captures back."""
        self.captures.hold()

    def release_records(self, order: Release = list) -> list[Record]:
        """Write the records that were kept back; they get their ids now."""
        return self.captures.release(order)

    def delete_records(self, *record_ids: int) -> None:
        """Delete records as somebody at the server's own page would."""
        for record_id in record_ids:
            del self.device.records[self.device.record(record_id).record_id]

    def delete_from_middle(self, count: int = 1) -> list[int]:
        """Delete records around the middle and return their ids."""
        known = list(self.device.records)
        start = max(0, (len(known) - count) // 2)
        chosen = known[start : start + count]
        self.delete_records(*chosen)
        return chosen

    def reset_records(self) -> None:
        """Reset the database of records: all are gone, ids start again."""
        self.device.forget_records()

    # Persons, cameras, tasks

    def add_person(self, name: str, **options: Any) -> Person:
        """Enrol a person with a drawn picture, see `defaults.furnish_person`."""
        return defaults.furnish_person(self.device, name, **options)

    def add_camera(self, name: str | None = None) -> Camera:
        """Add a camera as somebody at the server's own page would."""
        return defaults.furnish_camera(self.device, name)

    def remove_camera(self, camera_id: int) -> Camera:
        """Remove a camera, also from its tasks."""
        return self.device.remove_camera(camera_id)

    def set_camera_status(
        self, camera_id: int, *, online: bool, opens: bool = True
    ) -> Camera:
        """Put a camera online or offline; `opens` False: tasks cannot open it."""
        camera = self.device.camera(camera_id)
        camera.online, camera.opens = online, opens
        return camera

    def set_task(self, task_id: int, *, running: bool) -> Task:
        """Start or stop a task."""
        task = self.device.task(task_id)
        task.state = int(running)
        return task

    def _streams(self) -> dict[str, tuple[str, str]]:
        """Return name and scene of each camera by its path at the video server."""
        return {
            camera.stream: (camera.name, camera.scene)
            for camera in self.device.cameras.values()
        }

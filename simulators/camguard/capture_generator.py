"""What happens in front of the cameras, and the records of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from zlib import crc32

from simulators import pictures
from simulators.file_store import Content

from .device import Device
from .models import Camera, Category, Classify, Person, Record, Task

type Release = Callable[[list[Record]], list[Record]]


def seed_of(text: str) -> int:
    """Return the seed of a drawn picture."""
    return crc32(text.encode())


@dataclass(frozen=True, slots=True)
class _Passage:
    """Somebody in front of a camera. `person` None is a stranger."""

    camera: Camera
    at: float
    late: float
    path: str
    similarity: float
    person: Person | None


class CaptureGenerator:
    """Writes a record for each running task that uses the camera."""

    def __init__(self, device: Device) -> None:
        """Remember who keeps the records."""
        self.device = device
        self._held: list[Record] | None = None

    async def see(
        self,
        camera_id: int,
        person_id: int | None = None,
        *,
        similarity: float | None = None,
        at: float | None = None,
        late: float = 0.0,
        picture: Content | None = None,
        mask: bool = False,
        glasses: bool = False,
    ) -> list[Record]:
        """Show a person (None: a stranger) to a camera; return the records.

        There are none while the camera is offline or no task with it runs. Below the
        threshold of a task, or when none of its libraries has the person, it is a
        stranger's record. `at` is the capture in Unix seconds of the server's clock
        and `late` how many seconds later the record was written; without `at` the
        record is written now.
        """
        device, rng = self.device, self.device.rng
        camera = device.camera(camera_id)
        person = None if person_id is None else device.person(person_id)
        if similarity is None:
            span = (0.05, 0.45) if person is None else (0.86, 0.99)
            similarity = round(rng.uniform(*span), 4)
        moment = float(int(device.now() - late if at is None else at))
        name = device.uuid()
        if picture is None:
            seed = seed_of(name if person is None else person.picture)
            picture = partial(pictures.face, seed, glasses=glasses, mask=mask)
            if device.quirks.capture_scene:
                picture = partial(
                    pictures.scene,
                    camera.scene,
                    channel_name=camera.name,
                    at=moment,
                    box=pictures.place_target("person", rng),
                    seed=seed,
                )
        tasks = [
            task
            for task in device.tasks.values()
            if task.state and camera_id in task.camera_ids
        ]
        if not tasks or not camera.online or not camera.opens:
            return []
        path = device.files.capture(device.new_path("capture"), picture)
        passage = _Passage(camera, moment, late, path, similarity, person)
        return [record for task in tasks for record in self._remember(task, passage)]

    def hold(self) -> None:
        """Keep the records back that come now: captured, not yet written."""
        self._held = [] if self._held is None else self._held

    def release(self, order: Release = list) -> list[Record]:
        """Write what was kept back, in the order that the function returns."""
        held, self._held = self._held or [], None
        now = float(int(self.device.now()))
        return [self._write(replace(record, create_time=now)) for record in order(held)]

    def _remember(self, task: Task, passage: _Passage) -> list[Record]:
        record = self._record(task, passage)
        copies = [record] * (2 if self.device.quirks.double_records else 1)
        if self._held is not None:
            self._held += copies
            return copies
        return [self._write(copy) for copy in copies]

    def _write(self, record: Record) -> Record:
        return self.device.write(
            replace(record, record_id=self.device.long_id("record"))
        )

    def _record(self, task: Task, passage: _Passage) -> Record:
        quirks, person = self.device.quirks, passage.person
        if person is None and quirks.stranger_best_match:
            members = [
                member
                for member in self.device.people.values()
                if member.lib_id in task.lib_list
            ]
            person = self.device.rng.choice(members) if members else None
        record = Record(
            0,
            task.task_id,
            task.name,
            passage.camera.camera_id,
            passage.camera.name,
            Classify.STRANGER,
            passage.similarity,
            passage.path,
            passage.at,
            passage.at + float(int(passage.late)),
        )
        matched = (
            passage.person is not None
            and passage.person.lib_id in task.lib_list
            and passage.similarity >= task.threshold
        )
        if person is None or not (matched or quirks.stranger_best_match):
            return record
        classify = int(Classify.STRANGER)
        if matched:
            classify = int(Classify.KNOWN)
            if person.category == Category.BLACK:
                classify = quirks.black_list_classify
        return replace(
            record,
            classify=classify,
            lib_id=person.lib_id,
            lib_name=self.device.library(person.lib_id).name,
            person_id=person.person_id,
            person_name=person.name,
            sex=person.sex,
            category=int(person.category),
            card_no=person.card_no,
            picture=person.picture,
        )

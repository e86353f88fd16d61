"""The buttons of the control page for a CamGuard server."""

from typing import Any

from simulators.control_page import Arguments, Command, Input, Panel

from .actions import CamGuardActions
from .error_codes import Code
from .models import Record
from .quirks import Order, Quirks

_CAMERA = Input("camera", 1)
_TASK = Input("task", 1)


def _told(records: list[Record]) -> list[dict[str, Any]]:
    return [
        {
            "record_id": record.record_id,
            "task": record.task_name,
            "camera": record.camera_name,
            "person": record.person_name,
            "classify": record.classify,
            "similarity": record.similarity,
        }
        for record in records
    ]


class CamGuardPanel(Panel[CamGuardActions]):
    """Shows a server and presses its buttons."""

    error_code = int(Code.FAILED)

    def state(self) -> dict[str, Any]:
        """Return cameras, tasks, persons, records."""
        device = self._box.device
        return {
            **super().state(),
            "cameras": {
                camera.camera_id: [
                    camera.name,
                    "online" if camera.online else "offline",
                ]
                for camera in device.cameras.values()
            },
            "tasks": {
                task.task_id: [task.name, "on" if task.state else "off"]
                for task in device.tasks.values()
            },
            "people": {p.person_id: p.name for p in device.people.values()},
            "records": len(device.records),
            "last": _told(list(device.records.values())[-3:]),
            "order": device.quirks.order,
            "sessions": len(device.sessions),
        }

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons."""
        person = Input("person", 1)
        return (
            Command("recognize", "Known person", self._recognize, (_CAMERA, person)),
            Command("stranger", "Stranger", self._stranger, (_CAMERA,)),
            Command("start_task", "Start task", self._start, (_TASK,)),
            Command("stop_task", "Stop task", self._stop, (_TASK,)),
            Command("add_camera", "Add camera", self._add, (Input("name"),)),
            Command("remove_camera", "Remove camera", self._remove, (_CAMERA,)),
            Command("offline", "Camera offline", self._offline, (_CAMERA,)),
            Command("online", "Camera online", self._online, (_CAMERA,)),
            Command(
                "delete_records",
                "Delete records in the middle",
                self._delete,
                (Input("count", 1),),
            ),
            Command("reset_records", "Reset records", self._reset),
            Command(
                "order",
                "Order of records",
                self._order,
                (Input("order", choices=tuple(Order)),),
            ),
            Command(
                "spelling",
                "Spelling",
                self._spelling,
                (Input("spelling", choices=("tables", "samples")),),
            ),
            Command("expire_session", "Expire sessions", self._expire),
            Command("lock_out", "Lock out", self._lock, (Input("seconds", 60),)),
            *super().commands(),
        )

    async def _recognize(self, given: Arguments) -> object:
        person, camera = int(given["person"]), int(given.get("camera", 1))
        return _told(await self._box.recognize(person, camera))

    async def _stranger(self, given: Arguments) -> object:
        return _told(await self._box.stranger(int(given.get("camera", 1))))

    async def _start(self, given: Arguments) -> None:
        self._box.set_task(int(given.get("task", 1)), running=True)

    async def _stop(self, given: Arguments) -> None:
        self._box.set_task(int(given.get("task", 1)), running=False)

    async def _add(self, given: Arguments) -> object:
        return {"camera": self._box.add_camera(given.get("name")).camera_id}

    async def _remove(self, given: Arguments) -> None:
        self._box.remove_camera(int(given["camera"]))

    async def _offline(self, given: Arguments) -> None:
        self._box.set_camera_status(int(given["camera"]), online=False)

    async def _online(self, given: Arguments) -> None:
        self._box.set_camera_status(int(given["camera"]), online=True)

    async def _delete(self, given: Arguments) -> object:
        return self._box.delete_from_middle(int(given.get("count", 1)))

    async def _reset(self, _: Arguments) -> None:
        self._box.reset_records()

    async def _order(self, given: Arguments) -> None:
        self._box.quirks.order = Order(given["order"])

    async def _spelling(self, given: Arguments) -> None:
        as_samples = given["spelling"] == "samples"
        self._box.spell(Quirks.samples() if as_samples else Quirks())

    async def _expire(self, _: Arguments) -> None:
        self._box.expire_session()

    async def _lock(self, given: Arguments) -> None:
        self._box.lock_out(float(given.get("seconds", 60)))

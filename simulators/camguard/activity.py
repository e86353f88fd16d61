"""Life in front of the cameras: people come by now and then."""

from simulators.activity import Activity as BaseActivity

from .actions import CamGuardActions
from .models import Record


class Activity(BaseActivity[CamGuardActions, list[Record]]):
    """Makes records at the cameras of running tasks."""

    async def one(self, at: float | None = None) -> list[Record] | None:
        """Let somebody pass a camera (`at`: the server's clock)."""
        device, rng = self._box.device, self._rng
        places = [
            (task, device.cameras[camera_id])
            for task in device.tasks.values()
            for camera_id in sorted(task.camera_ids)
            if task.state and device.cameras[camera_id].online
        ]
        if not places:
            return None
        task, camera = rng.choice(places)
        known = [p for p in device.people.values() if p.lib_id in task.lib_list]
        person = rng.choice(known) if known and rng.random() < 0.65 else None
        return await self._box.captures.see(
            camera.camera_id,
            None if person is None else person.person_id,
            at=at,
            late=1.0 if at is None else rng.choice((1.0, 2.0, 3.0)),
            glasses=rng.random() < 0.3,
            mask=rng.random() < 0.1,
        )

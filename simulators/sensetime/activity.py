"""Life in front of the cameras: plausible captures now and then."""

from simulators.activity import Activity as BaseActivity

from .actions import SenseTimeActions
from .reporter import Result


class Activity(BaseActivity[SenseTimeActions, Result]):
    """Makes captures of faces and bodies."""

    async def one(self, at: float | None = None) -> Result | None:
        """Make one capture at a camera that is online (`at`: the node's clock)."""
        device, rng, send = self._box.device, self._rng, at is None
        online = [camera for camera in device.cameras.values() if camera.online]
        if not online:
            return None
        camera = rng.choice(online)
        choice = rng.random()
        if choice < 0.3:
            return await self._box.body(channel=camera.channel, at=at, send=send)
        known = [
            img_id
            for lib_id in camera.lib_ids
            if lib_id in device.libraries
            for img_id in device.libraries[lib_id].faces
        ]
        person = rng.choice(known) if known and choice < 0.7 else None
        return await self._box.face(
            channel=camera.channel,
            person_id=person,
            stranger=person is None,
            glasses=rng.random() < 0.3,
            mask=rng.random() < 0.1,
            at=at,
            send=send,
        )

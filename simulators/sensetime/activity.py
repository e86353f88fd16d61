"""Life in front of the cameras: plausible captures now and then."""

import asyncio
from typing import TYPE_CHECKING

from .reporter import Result

if TYPE_CHECKING:
    from .node import SenseTimeNode


class Activity:
    """Makes a capture every `shortest` to `longest` seconds."""

    def __init__(self, node: SenseTimeNode, shortest: float, longest: float) -> None:
        """Prepare; `run` makes the captures."""
        self._node = node
        self._pause = (shortest, longest)
        self._rng = node.device.rng

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(self._rng.uniform(*self._pause))
            await self.one()

    async def past(self, count: int, hours: float = 24.0) -> None:
        """Fill the history with captures of the last hours; nothing is sent."""
        now = self._node.device.now()
        ages = sorted(self._rng.uniform(60, hours * 3600) for _ in range(count))
        for age in reversed(ages):
            await self.one(now - age, send=False)

    async def one(self, at: float | None = None, *, send: bool = True) -> Result | None:
        """Make one capture at a camera that is online (`at`: the node's clock)."""
        device, rng = self._node.device, self._rng
        online = [camera for camera in device.cameras.values() if camera.online]
        if not online:
            return None
        camera = rng.choice(online)
        choice = rng.random()
        if choice < 0.3:
            return await self._node.body(channel=camera.channel, at=at, send=send)
        known = [
            img_id
            for lib_id in camera.lib_ids
            if lib_id in device.libraries
            for img_id in device.libraries[lib_id].faces
        ]
        person = rng.choice(known) if known and choice < 0.7 else None
        return await self._node.face(
            channel=camera.channel,
            person_id=person,
            stranger=person is None,
            glasses=rng.random() < 0.3,
            mask=rng.random() < 0.1,
            at=at,
            send=send,
        )

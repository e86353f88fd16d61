"""Life in front of the cameras: something plausible now and then."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Coroutine
from typing import Any

from .device_state import HasState


class Activity[B: HasState, R](ABC):
    """Makes an alarm every `shortest` to `longest` seconds."""

    def __init__(self, box: B, shortest: float = 0, longest: float = 0) -> None:
        """Prepare; `run` makes the alarms."""
        self._box = box
        self._pause = (shortest, longest)
        self._rng = box.device.rng

    @abstractmethod
    async def one(self, at: float | None = None) -> R | None:
        """Make one alarm, at `at` Unix seconds on the device's clock or now.

        What is past is remembered but not sent. None when no camera can have one.
        """

    def follow_up(self, result: R) -> Coroutine[Any, Any, None] | None:
        """Return what follows later on an alarm, such as its end."""
        return None

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(self._rng.uniform(*self._pause))
                result = await self.one()
                follow_up = None if result is None else self.follow_up(result)
                if follow_up is not None:
                    group.create_task(follow_up)

    async def fill_history(self, count: int, hours: float = 24.0) -> None:
        """Fill the history with alarms of the last hours; nothing is sent."""
        now = self._box.device.now()
        ages = sorted(self._rng.uniform(60, hours * 3600) for _ in range(count))
        for age in reversed(ages):
            await self.one(now - age)

"""What changes seldom is asked for in turns, a few requests at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
import logging
import math
import time
from typing import Final

from ...errors import (
    AuthenticationFailed,
    Busy,
    CannotConnect,
    Unsupported,
    VisionError,
)
from ..cameras import Camera

_LOGGER = logging.getLogger(__name__)

PER_MINUTE: Final = 8
_AT_ONCE: Final = 4
_FIRST_REQUESTS: Final = 60
_FIRST_SECONDS: Final = 4.0
_PENALTY: Final = 5
"""How many periods what was refused has to wait beyond its own."""

type _Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be asked for again and again."""

    period: float
    """Seconds."""
    wanted: Callable[[Camera], bool]
    run: Callable[[Camera], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class HubJob:
    """The same for the whole account."""

    period: float
    run: Callable[[], Awaitable[None]]


class Rota:
    """Does first what is overdue by most of its periods.

    However many cameras there are, no more than `PER_MINUTE` requests go out in a
    minute; only the first time more, so that a small account is complete at once.
    """

    def __init__(self, jobs: Mapping[str, Job], hub_jobs: Mapping[str, HubJob]) -> None:
        """Begin with everything overdue."""
        self._jobs = jobs
        self._hub_jobs = hub_jobs
        self._done: dict[_Key, float] = {}
        self._allowance = 0.0
        self._checked: float | None = None

    def forget(self, job: str, camera: str = "") -> None:
        """Ask again soon."""
        self._done.pop((job, camera), None)

    def forget_all(self) -> None:
        """Ask for everything again."""
        self._done.clear()

    async def turn(self, cameras: Mapping[str, Camera]) -> None:
        """Do what may be done now."""
        now = time.monotonic()
        if self._checked is None:
            self._checked = now
            await self._first(cameras)
            return
        earned = (now - self._checked) * PER_MINUTE / 60
        self._allowance = min(self._allowance + earned, PER_MINUTE)
        self._checked = now
        keys = self._due(cameras, int(self._allowance))
        self._allowance -= len(keys)
        await self._run(keys, cameras)

    async def _first(self, cameras: Mapping[str, Camera]) -> None:
        asked = 0
        try:
            async with asyncio.timeout(_FIRST_SECONDS):
                while asked < _FIRST_REQUESTS and (
                    keys := self._due(cameras, _AT_ONCE)
                ):
                    asked += len(keys)
                    if not await self._run(keys, cameras):
                        return
        except TimeoutError:
            _LOGGER.debug("The cloud is slow: the rest is asked for later")

    def _due(self, cameras: Mapping[str, Camera], count: int) -> list[_Key]:
        now = time.monotonic()

        def overdue() -> Iterable[tuple[float, _Key]]:
            for name, hub_job in self._hub_jobs.items():
                yield self._share(now, (name, ""), hub_job.period), (name, "")
            for key, camera in cameras.items():
                for name, job in self._jobs.items():
                    if job.wanted(camera):
                        yield self._share(now, (name, key), job.period), (name, key)

        due = (each for each in overdue() if each[0] >= 1)
        return [key for _, key in nlargest(count, due, key=lambda each: each[0])]

    def _share(self, now: float, key: _Key, period: float) -> float:
        done = self._done.get(key)
        return math.inf if done is None else (now - done) / period

    async def _run(self, keys: list[_Key], cameras: Mapping[str, Camera]) -> bool:
        """Run jobs side by side; tell whether the cloud takes more."""
        return all(await asyncio.gather(*(self._do(key, cameras) for key in keys)))

    async def _do(self, key: _Key, cameras: Mapping[str, Camera]) -> bool:
        name, camera = key
        if hub_job := self._hub_jobs.get(name):
            period, work = hub_job.period, hub_job.run()
        else:
            job = self._jobs[name]
            period, work = job.period, job.run(cameras[camera])
        try:
            await work
        except AuthenticationFailed:
            raise
        except (Busy, CannotConnect) as error:
            _LOGGER.debug("%s has to wait: %s", name, error.key)
            return False
        except Unsupported:
            self._done[key] = math.inf
        except VisionError as error:
            _LOGGER.debug("%s was refused: %s", name, error)
            self._done[key] = time.monotonic() + _PENALTY * period
        else:
            self._done[key] = time.monotonic()
        return True

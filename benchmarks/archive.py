"""Alarms a second that the archive alone makes durable: `python -m benchmarks.archive`."""

import asyncio
from itertools import count
import os
from pathlib import Path
from tempfile import TemporaryDirectory
import time

from homeassistant.util import dt as dt_util

from custom_components.vision_hub.alarms.archive import Archive
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm, Picture, PictureRole

from .table import Row, table

IN_FLIGHT = (1, 8, 32)
SECONDS = 4.0
PICTURE = b"\xff\xd8\xff\xe0" + os.urandom(150_000)
TICK = 0.001

_ids = count(1)


def _alarm() -> Alarm:
    return Alarm(
        id=str(next(_ids)),
        channel="1",
        kind=AlarmKind.INTRUSION,
        code="FieldDetectorObjectsInside",
        time=dt_util.utcnow(),
        pictures=(Picture(PictureRole.SCENE, PICTURE),),
    )


async def longest_stall(stop: asyncio.Event) -> float:
    """Return how long the event loop did not come round, in seconds."""
    longest = 0.0
    while not stop.is_set():
        begin = time.perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, time.perf_counter() - begin - TICK)
    return longest


async def _storm(archive: Archive, in_flight: int) -> tuple[float, float]:
    """Return alarms a second and the longest stall."""
    end = time.perf_counter() + SECONDS

    async def add() -> int:
        done = 0
        while time.perf_counter() < end:
            await archive.add("hub", _alarm(), received=dt_util.utcnow(), late=False)
            done += 1
        return done

    stop = asyncio.Event()
    stall = asyncio.create_task(longest_stall(stop))
    begin = time.perf_counter()
    done = sum(await asyncio.gather(*(add() for _ in range(in_flight))))
    seconds = time.perf_counter() - begin
    stop.set()
    return done / seconds, await stall


async def archive() -> list[Row]:
    """Store alarms with a picture of 150 KB."""
    rows = []
    for in_flight in IN_FLIGHT:
        # Beside the code: a folder for temporary files may be in memory.
        with TemporaryDirectory(dir=Path(__file__).parent) as folder:
            opened = Archive(Path(folder) / "archive.db", Path(folder) / "media")
            await opened.open()
            rate, stall = await _storm(opened, in_flight)
            await opened.close()
        rows += [
            Row(f"durable alarms a second, {in_flight} in flight", rate),
            Row(
                f"longest stall of the event loop, {in_flight} in flight, ms",
                stall * 1000,
                at_most=20,
            ),
        ]
    return rows


if __name__ == "__main__":
    print(table(asyncio.run(archive())))

"""Alarms a second, and from the message to the state that a user sees."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
import os
from pathlib import Path
from secrets import token_hex
from statistics import quantiles
from tempfile import TemporaryDirectory
import time
from typing import Any

from simulators.uniview import UniviewBox

from .instance import Instance, running
from .messages import PICTURE, Messages
from .table import Row

CONNECTIONS = 8
SECONDS = 4.0
ROUNDS = 3
PER_SECOND = 50
LATENCY_SECONDS = 20
CHANNELS = 16

PASSWORD = "benchmark"


async def add(instance: Instance, box: UniviewBox) -> str:
    """Add a box through the config flow; return the address that it pushes to."""
    await instance.home.add_hub(
        "uniview",
        {
            "host": box.host,
            "port": box.port,
            "ssl": False,
            "verify_ssl": False,
            "username": box.username,
            "password": PASSWORD,
        },
    )
    await box.request_log.wait_for("/api/v2/docking/config/update", timeout=30)
    return next(p.url for p in box.device.platforms.values() if p.enabled)


async def storm(
    instance: Instance, url: str, make: Callable[[], bytes], seconds: float
) -> float:
    """Post as fast as it goes over some connections; return messages a second."""
    end = time.monotonic() + seconds
    done = 0

    async def post() -> None:
        nonlocal done
        while time.monotonic() < end:
            async with instance.session.post(
                url, data=make(), headers={"Content-Type": "application/json"}
            ) as answer:
                await answer.read()
                answer.raise_for_status()
                done += 1

    begin = time.monotonic()
    await asyncio.gather(*(post() for _ in range(CONNECTIONS)))
    return done / (time.monotonic() - begin)


def _write_synced(folder: Path, end: float) -> int:
    """Write pictures as the archive must, until `end`; return how many."""
    done = 0
    while time.monotonic() < end:
        path = folder / token_hex(8)
        with path.open("xb") as file:
            file.write(PICTURE)
            file.flush()
            os.fdatasync(file.fileno())
        path.rename(path.with_suffix(".jpg"))
        done += 1
    return done


async def disk(seconds: float) -> float:
    """Return how many pictures a second the disk takes, with nothing else done."""
    with TemporaryDirectory() as folder:
        end = time.monotonic() + seconds
        done = await asyncio.gather(
            *(
                asyncio.to_thread(_write_synced, Path(folder), end)
                for _ in range(CONNECTIONS)
            )
        )
    return sum(done) / seconds


async def throughput() -> list[Row]:
    """Compare a bare view, the webhook trigger, Vision Hub and the disk, in turns."""
    async with (
        UniviewBox(channels=CHANNELS, password=PASSWORD, video=False) as box,
        running() as instance,
    ):
        push = await add(instance, box)
        messages = Messages(box.serial, "storm")
        targets = {
            "bare": f"{instance.url}/api/bench/view",
            "webhook": f"{instance.url}/api/webhook/bench",
            "hub": push,
        }
        rates: dict[str, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for name, url in targets.items():
                rates[name].append(await storm(instance, url, messages.make, SECONDS))
            rates["disk"].append(await disk(SECONDS))
        best = {name: max(values) for name, values in rates.items()}
    return [
        Row("alarms/s, bare view", best["bare"]),
        Row("alarms/s, webhook trigger", best["webhook"]),
        Row("alarms/s, Vision Hub, durable", best["hub"]),
        Row("Vision Hub / bare view", best["hub"] / best["bare"], at_least=0.5),
        Row("Vision Hub / webhook trigger", best["hub"] / best["webhook"]),
        Row("pictures/s that the disk takes, synced", best["disk"]),
        Row("Vision Hub / disk", best["hub"] / best["disk"]),
    ]


async def latency() -> list[Row]:
    """Send at a steady pace and listen as a dashboard does."""
    async with (
        UniviewBox(channels=CHANNELS, password=PASSWORD, video=False) as box,
        running() as instance,
        instance.home.commands() as commands,
    ):
        push = await add(instance, box)
        messages = Messages(box.serial, "steady")
        entities = await commands.run("config/entity_registry/list")
        events = {
            entity["unique_id"].split("_")[-2]: entity["entity_id"]
            for entity in entities
            if entity["platform"] == "vision_hub"
            and entity["unique_id"].endswith("_alarm")
            and entity["entity_id"].startswith("event.")
        }
        sent: dict[str, float] = {}
        took: list[float] = []
        last, all_seen = asyncio.Event(), asyncio.Event()

        def seen(event: dict[str, Any]) -> None:
            if begin := sent.pop(event["data"]["entity_id"], None):
                took.append(time.monotonic() - begin)
            if last.is_set() and not sent:
                all_seen.set()

        await commands.subscribe("state_changed", seen)
        await storm(instance, push, messages.make, 1)
        sent.clear()
        took.clear()
        await instance.stall()

        async def post(channel: int) -> None:
            body = messages.make(channel)
            sent[events[str(channel)]] = time.monotonic()
            async with instance.session.post(
                push, data=body, headers={"Content-Type": "application/json"}
            ) as answer:
                answer.raise_for_status()

        begin = time.monotonic()
        posts: list[Awaitable[None]] = []
        for number in range(PER_SECOND * LATENCY_SECONDS):
            await asyncio.sleep(begin + number / PER_SECOND - time.monotonic())
            posts.append(asyncio.create_task(post(number % CHANNELS + 1)))
        await asyncio.gather(*posts)
        last.set()
        if sent:
            async with asyncio.timeout(10):
                await all_seen.wait()
        stall = await instance.stall()
    cuts = quantiles(took, n=100)
    return [
        Row("POST to state at 50/s, median ms", 1000 * cuts[49]),
        Row("POST to state at 50/s, p99 ms", 1000 * cuts[98], at_most=50),
        Row("longest event loop stall at 50/s, ms", 1000 * stall, at_most=20),
    ]

"""Many channels: how long they take to set up, and what they cost when idle."""

import asyncio
from contextlib import AsyncExitStack
import time

from simulators.huawei import HuaweiCloud
from simulators.uniview import UniviewBox

from .alarms import PASSWORD, add
from .instance import running
from .table import Row

CHANNELS = 64
HUBS = 5
RECORDERS = 20
CHANNELS_OF_RECORDER = 50
SETTLE = 20
IDLE = 120


def _box() -> UniviewBox:
    return UniviewBox(channels=CHANNELS, password=PASSWORD, video=False)


async def set_up() -> list[Row]:
    """Add a hub with many channels and reload it."""
    async with _box() as box, running() as instance:
        begin = time.monotonic()
        await add(instance, box)
        added = time.monotonic() - begin
        async with instance.home.commands() as commands:
            (entry,) = await commands.run("config_entries/get", domain="vision_hub")
        begin = time.monotonic()
        await instance.home.request(
            "POST", f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
        )
        reloaded = time.monotonic() - begin
    return [
        Row(f"adding a hub of {CHANNELS} channels, s", added, at_most=2),
        Row(f"reloading a hub of {CHANNELS} channels, s", reloaded, at_most=2),
    ]


async def account() -> list[Row]:
    """Add an account of a cloud with a thousand cameras."""
    async with (
        HuaweiCloud(
            devices=RECORDERS, channels=CHANNELS_OF_RECORDER, video=False
        ) as cloud,
        running() as instance,
    ):
        begin = time.monotonic()
        await instance.home.add_hub(
            "huawei",
            {
                "url": cloud.url,
                "user_id": cloud.user_id,
                "access_key": cloud.username,
                "secret_key": cloud.password,
                "verify_ssl": True,
            },
        )
        added = time.monotonic() - begin
    name = f"adding an account of {len(cloud.channels)} channels, s"
    return [Row(name, added, at_most=10)]


async def idle() -> list[Row]:
    """Compare Home Assistant with and without five large hubs."""
    async with running() as instance:
        await asyncio.sleep(SETTLE)
        without = instance.memory()
    async with AsyncExitStack() as stack:
        boxes = [await stack.enter_async_context(_box()) for _ in range(HUBS)]
        instance = await stack.enter_async_context(running())
        for box in boxes:
            await add(instance, box)
        await asyncio.sleep(SETTLE)
        asked = sum(len(box.request_log) for box in boxes)
        await asyncio.sleep(IDLE)
        asked = sum(len(box.request_log) for box in boxes) - asked
        memory = instance.memory() - without
    return [
        Row(f"memory of {HUBS} hubs of {CHANNELS} channels, MB", memory, at_most=60),
        Row("requests in 10 s a hub, idle", asked / HUBS / IDLE * 10, at_most=1),
    ]

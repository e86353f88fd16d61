"""Acknowledged means stored, whenever the process dies."""

import asyncio
import base64
from itertools import count
import os
from pathlib import Path
import random
import signal
import sys

import aiohttp
import pytest

from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery

from ..helpers.alarms import jpeg
from .conftest import files, until

ROUNDS = 3
CONNECTIONS = 8
TOKEN = "token"


async def storm(address: str, numbers: count[int], acknowledged: set[int]) -> None:
    """Send alarms until nobody answers."""

    async def send(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            picture = base64.b64encode(jpeg(number, 100_000)).decode()
            async with session.post(
                f"{address}/api/vision_hub/push/{TOKEN}/any/tail",
                json={"id": str(number), "picture": picture},
            ) as answer:
                assert answer.status == 200
                acknowledged.add(number)

    async with aiohttp.ClientSession() as session:
        results = await asyncio.gather(
            *(send(session) for _ in range(CONNECTIONS)), return_exceptions=True
        )
    assert all(isinstance(result, aiohttp.ClientError | OSError) for result in results)


@pytest.mark.usefixtures("socket_enabled")
async def test_killed_in_a_storm(tmp_path: Path, database: Path, media: Path) -> None:
    numbers = count(1)
    acknowledged: set[int] = set()
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.alarms.push_server",
        str(tmp_path),
        TOKEN,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    for _ in range(ROUNDS):
        parent.stdin.write(b"\n")
        process, port = map(int, (await parent.stdout.readline()).split())
        storming = asyncio.create_task(
            storm(f"http://127.0.0.1:{port}", numbers, acknowledged)
        )
        enough = len(acknowledged) + 20
        await until(lambda enough=enough: len(acknowledged) >= enough)
        await asyncio.sleep(random.uniform(0, 0.3))
        os.kill(process, signal.SIGKILL)
        await storming
    parent.stdin.close()
    assert await parent.wait() == 0

    archive = Archive(database, media)
    await archive.open()
    assert archive.moved_aside is None
    stored = await archive.search(ArchiveQuery(limit=1_000_000))
    pictures = {int(each.alarm.id): each.pictures for each in stored}
    assert acknowledged <= pictures.keys()
    for number, kept in pictures.items():
        assert (media / kept[0].path).read_bytes() == jpeg(number, 100_000)
    # What was being written when the process died is gone.
    await until(lambda: len(files(media)) == len(stored))
    await archive.close()

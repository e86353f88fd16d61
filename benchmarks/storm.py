"""More alarms than the disk takes: how many are taken, what it costs, what stays."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
import time

from aiohttp import ClientError, ClientSession, TCPConnector

from simulators.uniview import UniviewBox

from .alarms import CHANNELS, PASSWORD, add
from .instance import running
from .messages import Messages
from .table import Row

HUBS = 8
PER_SECOND = 500
SECONDS = 20
CONNECTIONS = 128
CALM = 30
"""Seconds after which memory should have been given back."""


async def _send(
    session: ClientSession, url: str, body: bytes, answers: Counter[int]
) -> None:
    try:
        async with session.post(
            url, data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            await answer.read()
            answers[answer.status] += 1
    except ClientError:
        answers[0] += 1


async def storm() -> list[Row]:
    """Send at a pace that nothing slows down, from several hubs."""
    async with AsyncExitStack() as stack:
        boxes = [
            await stack.enter_async_context(
                UniviewBox(channels=CHANNELS, password=PASSWORD, video=False)
            )
            for _ in range(HUBS)
        ]
        instance = await stack.enter_async_context(running())
        session = await stack.enter_async_context(
            ClientSession(connector=TCPConnector(limit=0))
        )
        targets = [
            (await add(instance, box), Messages(box.serial, f"storm-{number}"))
            for number, box in enumerate(boxes)
        ]
        await asyncio.sleep(5)
        before = peak = instance.memory()
        answers: Counter[int] = Counter()
        sending: set[asyncio.Task[None]] = set()
        begin = time.monotonic()
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(begin + number / PER_SECOND - time.monotonic())
            if len(sending) >= CONNECTIONS:
                await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
            url, messages = targets[number % HUBS]
            task = asyncio.create_task(
                _send(
                    session, url, messages.make(number // HUBS % CHANNELS + 1), answers
                )
            )
            sending.add(task)
            task.add_done_callback(sending.discard)
            if not number % 100:
                peak = max(peak, instance.memory())
        await asyncio.gather(*sending)
        took = time.monotonic() - begin
        peak = max(peak, instance.memory())
        await asyncio.sleep(CALM)
        after = instance.memory()
    return [
        Row("alarms/s taken of a storm from 8 hubs", answers[200] / took),
        Row("alarms/s refused with 503", answers[503] / took),
        Row(
            "answered otherwise",
            sum(answers.values()) - answers[200] - answers[503],
            at_most=0,
        ),
        Row("memory before the storm, MB", before),
        Row("memory at its height, MB more", peak - before, at_most=150),
        Row("memory half a minute later, MB more", after - before, at_most=50),
    ]

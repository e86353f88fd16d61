"""Waits for what has no event of its own."""

import asyncio
from collections.abc import Callable

STEP = 0.005


async def until(condition: Callable[[], object], limit: float = 5.0) -> None:
    """Look again and again until the condition holds; fail after `limit` seconds."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(STEP)

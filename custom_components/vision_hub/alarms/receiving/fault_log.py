"""Meets faults of our own code, and logs them without quoting what a hub sent."""

import asyncio
from collections.abc import Coroutine
import logging
import traceback
from typing import Any


class FaultLog:
    """Tells of every fault once."""

    def __init__(self, logger: logging.Logger) -> None:
        """Begin with none."""
        self._logger = logger
        self._known: set[tuple[type[BaseException], str]] = set()

    def log(self, what: str, fault: BaseException) -> None:
        """Log what failed and where; the text of a fault may be personal."""
        frames = traceback.format_tb(fault.__traceback__)
        known = (type(fault), frames[-1])
        if known not in self._known:
            self._known.add(known)
            self._logger.error(
                "%s: %s\n%s", what, type(fault).__name__, "".join(frames)
            )


async def end_of(work: Coroutine[Any, Any, None]) -> BaseException | None:
    """Run something to its end; return what it met, whatever that is."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait((task,))
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait((task,))
        if not task.cancelled():
            # Nobody asks for it when we are cancelled.
            task.exception()
    return task.exception()

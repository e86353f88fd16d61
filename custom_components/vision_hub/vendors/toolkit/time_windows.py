"""Searches of hubs that keep too much to be read at once, in an order not stated."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from ..errors import UnexpectedAnswer
from ..model import Alarm

MAX_WINDOWS: Final = 2_000


async def newest_first(
    start: int, end: int, read: Callable[[int, int], Awaitable[list[Alarm] | None]]
) -> AsyncIterator[Alarm]:
    """Yield the alarms between two times in Unix seconds, both included.

    The time is halved, newer half first, until `read` can tell all that is in a part;
    it returns None where that is too much. What is added meanwhile moves nothing.
    """
    windows = [(start, end)] if start <= end else []
    for _ in range(MAX_WINDOWS):
        if not windows:
            return
        first, last = windows.pop()
        alarms = await read(first, last)
        if alarms is None:
            middle = (first + last) // 2
            windows += [(first, middle), (middle + 1, last)]
            continue
        for alarm in sorted(alarms, key=lambda alarm: alarm.time, reverse=True):
            yield alarm
    raise UnexpectedAnswer("The search has no end")

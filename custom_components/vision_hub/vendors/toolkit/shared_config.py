"""Configuration of a hub that other platforms write, too: nobody's entry is lost."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Final

from ..errors import Busy

_TRIES: Final = 3


class ChangedMeanwhile(Busy):
    """Somebody else wrote between our read and our write."""


async def expect_unchanged[T](read: Callable[[], Awaitable[T]], seen: T) -> None:
    """Read once more, right before a write; raise ChangedMeanwhile if it differs."""
    if await read() != seen:
        raise ChangedMeanwhile("Somebody else changed it at the same time")


def repeated_if_changed[**P, T](
    change: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Have a change read and write anew, a few times, when somebody else wrote."""

    @wraps(change)
    async def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_TRIES - 1):
            try:
                return await change(*args, **kwargs)
            except ChangedMeanwhile:
                continue
        return await change(*args, **kwargs)

    return repeated

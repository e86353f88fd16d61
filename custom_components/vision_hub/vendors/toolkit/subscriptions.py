"""Places for receivers of pushes, which a hub may give to somebody else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import logging
from typing import Final, NoReturn

from ..errors import Busy, CannotConnect, UnexpectedAnswer

_LOGGER = logging.getLogger(__name__)

RECHECK: Final = timedelta(minutes=10)


async def keep_subscribed(
    every: timedelta, subscribe: Callable[[], Awaitable[object]]
) -> NoReturn:
    """Look now and then whether our place is still ours."""
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await subscribe()
        except (Busy, CannotConnect, UnexpectedAnswer) as error:
            # Polling tells about it; what was set on the hub still holds.
            _LOGGER.debug("Cannot check the subscription: %s", error.key)

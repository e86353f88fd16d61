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
    every: timedelta,
    subscribe: Callable[[], Awaitable[bool]],
    missed: Callable[[], None],
) -> NoReturn:
    """Look now and then whether our place is still ours.

    `subscribe` tells whether it was lost, hence `missed` what the hub told meanwhile.
    """
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            if await subscribe():
                missed()
        except (Busy, CannotConnect, UnexpectedAnswer) as error:
            # Polling tells about it; what was set on the hub still holds.
            _LOGGER.debug("Cannot check the subscription: %s", error.key)

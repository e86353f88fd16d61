"""How far a hub's clock is ahead of ours, seen from its alarms."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

SAMPLES: Final = 20
AGREEING: Final = 3

# Times to the second, and a network that is sometimes busy.
_TOLERANCE: Final = timedelta(seconds=1.5)

# What was kept back and comes at once agrees as well, but within a moment. It makes
# a clock seem behind, never ahead.
_SPREAD: Final = timedelta(seconds=3)

# A storm of alarms tells no more than one of them.
_PAUSE: Final = timedelta(seconds=1)


CHECK_TIMEOUT: Final = 3.0
CHECK_INTERVAL: Final = 60.0


class Clock:
    """Estimates from the alarms that took the shortest way."""

    def __init__(self) -> None:
        """Know nothing."""
        self._samples: deque[tuple[timedelta, datetime]] = deque(maxlen=SAMPLES)
        self.offset: timedelta | None = None
        self._again = datetime.min.replace(tzinfo=UTC) + _PAUSE

    def add(self, time: datetime, received: datetime) -> bool:
        """Learn from an alarm that was just received; tell whether `offset` changed."""
        self._samples.append((time - received, received))
        # Our own clock may have been set back.
        if self.offset is not None and self._again - _PAUSE <= received < self._again:
            return False
        self._again = received + _PAUSE
        offset = self._estimate()
        if offset is None or self.offset is None:
            changed = offset is not self.offset
        else:
            changed = abs(offset - self.offset) > _TOLERANCE
        if changed:
            self.offset = offset
        return changed

    def _estimate(self) -> timedelta | None:
        samples = sorted(self._samples, reverse=True)
        for index, (first, _) in enumerate(samples):
            agreeing = [
                sample for sample in samples[index:] if first - sample[0] <= _TOLERANCE
            ]
            times = [received for _, received in agreeing]
            if len(agreeing) >= AGREEING and (
                first > _TOLERANCE or max(times) - min(times) >= _SPREAD
            ):
                return agreeing[1][0]
        return None


class ClockCheck:
    """Has a hub asked for its clock when what it just saw seems to be long ago."""

    def __init__(self, read: Callable[[], Awaitable[None]]) -> None:
        """`read` asks the hub."""
        self._read = read
        self._lock = asyncio.Lock()
        self._again = 0.0

    async def run(self) -> None:
        """Return when the clock is known as well as it can be, which takes a moment."""
        async with self._lock:
            if monotonic() < self._again:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_TIMEOUT):
                    await self._read()
            self._again = monotonic() + CHECK_INTERVAL

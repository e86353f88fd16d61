"""The server's clock: local times without a zone, which nothing tells."""

from collections import deque
from datetime import UTC, datetime, timedelta, timezone
import re
from typing import Final

_TIME: Final = re.compile(
    r"\s*(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})[\sT]+"
    r"(\d{1,2})\s*:\s*(\d{1,2})\s*:\s*(\d{1,2})(?:\.\d*)?\s*",
    re.ASCII,
)
_FIRST_YEAR: Final = 1970

_CHINA: Final = timedelta(hours=8)
_QUARTER: Final = timedelta(minutes=15)
_FURTHEST: Final = timedelta(hours=14)
# Zones are quarters of an hour apart, and a clock may be wrong by some minutes.
_STILL_RIGHT: Final = timedelta(minutes=10)
_SAMPLES: Final = 10


def naive_time(text: str) -> datetime | None:
    """Read `yyyy-mm-dd hh:mm:ss`, wherever blanks stray; None when it is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    if year < _FIRST_YEAR:
        return None
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None


class ServerClock:
    """Learns the zone from records that were made a moment ago."""

    def __init__(self) -> None:
        """Begin in the zone where the manual comes from."""
        self._zone = _CHINA
        self._samples: deque[timedelta] = deque(maxlen=_SAMPLES)

    @property
    def minutes(self) -> int:
        """The zone, in minutes east of Greenwich."""
        return self._zone // timedelta(minutes=1)

    @minutes.setter
    def minutes(self, minutes: int) -> None:
        if abs(minutes) <= _FURTHEST // timedelta(minutes=1):
            self._zone = timedelta(minutes=minutes)

    @property
    def offset(self) -> timedelta | None:
        """How far the clock is ahead, as far as records tell."""
        return max(self._samples, default=None)

    def learn(self, naive: datetime, now: datetime) -> None:
        """Note what the server wrote just before `now`, which its clock called so."""
        ahead = naive.replace(tzinfo=UTC) - now
        if abs(ahead - self._zone) > _STILL_RIGHT:
            nearest = round(ahead / _QUARTER) * _QUARTER
            if abs(nearest) > _FURTHEST:
                # That clock is plainly wrong and tells nothing of its zone.
                return
            self._zone = nearest
            self._samples.clear()
        self._samples.append(ahead - self._zone)

    def read(self, text: str) -> datetime | None:
        """Read a time; None when it is none."""
        naive = naive_time(text)
        return None if naive is None else self.aware(naive)

    def aware(self, naive: datetime) -> datetime:
        """Give a time its zone."""
        return naive.replace(tzinfo=timezone(self._zone))

"""The node's clock: local times without a zone, and the zone apart (6.6)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
import re
from typing import Final

from ..toolkit.http import offset_of
from .wire import SystemTime

_TIME: Final = re.compile(
    r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[ T]+(\d{1,2}):(\d{2}):(\d{2})(?:\.\d*)?\s*",
    re.ASCII,
)
_ZONE: Final = re.compile(
    r"\s*(?:GMT|UTC)?\s*([+-])(\d{1,2})(?::?(\d{2}))?\s*", re.ASCII | re.IGNORECASE
)
_CHINA: Final = timezone(timedelta(hours=8))
_GREENWICH: Final = timezone(timedelta())
_QUARTER: Final = timedelta(minutes=15)
_FURTHEST: Final = timedelta(hours=14)
_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class NodeClock:
    """How a node writes times."""

    zone: timezone = _CHINA
    month_first: bool = False
    """Of the three orders, M-D-Y; only D-M-Y looks the same."""

    def read(self, text: str) -> datetime | None:
        """Read a time in any of the three orders; None when it is none."""
        naive = _naive(text, month_first=self.month_first)
        return None if naive is None else naive.replace(tzinfo=self.zone)

    def write(self, time: datetime) -> str:
        """Write a time as requests want it."""
        return time.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")


def read_clock(told: SystemTime, now: datetime) -> tuple[NodeClock, timedelta | None]:
    """Read how the node writes times, and how far its clock is ahead."""
    month_first = told.time_format.startswith("M")
    naive = _naive(told.sys_time, month_first=month_first)
    zone = _zone(told.time_zone)
    if zone is None and naive is not None:
        # A clock is more likely right than a zone of which nothing is known.
        ahead = naive.replace(tzinfo=UTC) - now
        nearest = round(ahead / _QUARTER) * _QUARTER
        zone = timezone(nearest) if abs(nearest) <= _FURTHEST else None
    clock = NodeClock(zone or _CHINA, month_first)
    time = clock.read(told.sys_time)
    return clock, None if time is None else offset_of(time, now)


def _zone(text: str) -> timezone | None:
    found = _ZONE.fullmatch(text)
    if found is None:
        return _GREENWICH if text.strip().upper() in {"GMT", "UTC"} else None
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _FURTHEST:
        return None
    return timezone(-offset if sign == "-" else offset)


def _naive(text: str, *, month_first: bool) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    first, second, third, hour, minute, seconds = map(int, found.groups())
    if first in _YEARS:
        year, month, day = first, second, third
    elif month_first:
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001
    except ValueError:
        return None

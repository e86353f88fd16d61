"""How many people were counted: invented, the same at every question."""

from datetime import datetime, timedelta
from itertools import pairwise
from zlib import crc32

from .account import Account
from .models import Channel
from .request_fields import BEIJING

_HOUR = 3600
# How busy each hour of a day is, in percent.
_DAY = (0,) * 7 + (10, 45, 70, 60, 75, 100, 90, 65, 60, 70, 95, 80, 40, 15, 5, 0, 0)
_BUSIEST = 40


def _of_hour(account: Account, channel: Channel, start: int) -> tuple[int, int]:
    """Return who went in and out in the hour that begins at Unix seconds."""
    counted = channel.counted.get(start, (0, 0))
    now = account.now()
    if start > now or start < channel.create_time:
        return counted
    busy = _DAY[datetime.fromtimestamp(start, BEIJING).hour] * _BUSIEST / 100
    share = min(1.0, (now - start) / _HOUR)
    variety = crc32(f"{channel.device_id}/{channel.channel_id}/{start}".encode())
    into = int(busy * (0.6 + variety % 80 / 100) * share)
    return counted[0] + into, counted[1] + max(0, into - variety // 80 % 5)


def midnight(at: float) -> datetime:
    """Return the begin of a day in Beijing."""
    return datetime.fromtimestamp(at, BEIJING).replace(
        hour=0, minute=0, second=0, microsecond=0
    )


def slots(at: float, kind: str) -> list[tuple[datetime, datetime]]:
    """Return the hours of the day, days of week or month, or months of the year."""
    day = midnight(at)
    if kind == "DAY":
        hours = [day + timedelta(hours=hour) for hour in range(25)]
        return list(pairwise(hours))
    if kind == "YEAR":
        months = [day.replace(month=month, day=1) for month in range(1, 13)]
        months.append(day.replace(year=day.year + 1, month=1, day=1))
        return list(pairwise(months))
    first = (
        day - timedelta(days=day.weekday()) if kind == "WEEK" else day.replace(day=1)
    )
    after = (first + timedelta(days=32)).replace(day=1)
    count = 7 if kind == "WEEK" else (after - first).days
    days = [first + timedelta(days=number) for number in range(count + 1)]
    return list(pairwise(days))


def counts(
    account: Account, channel: Channel, at: float, kind: str
) -> list[tuple[int, int]]:
    """Return who went in and out in each slot of a report."""
    found = []
    for start, end in slots(at, kind):
        hours = range(int(start.timestamp()), int(end.timestamp()), _HOUR)
        rows = [_of_hour(account, channel, hour) for hour in hours]
        found.append((sum(row[0] for row in rows), sum(row[1] for row in rows)))
    return found


def add(account: Account, channel: Channel, into: int, out: int) -> None:
    """Count people now."""
    hour = int(account.now() // _HOUR) * _HOUR
    before = channel.counted.get(hour, (0, 0))
    channel.counted[hour] = before[0] + into, before[1] + out

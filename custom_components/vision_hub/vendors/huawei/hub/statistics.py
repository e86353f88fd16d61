"""How many people went in and out today, this week and this month (10.4.1)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ...errors import UnexpectedAnswer
from ...model import ChannelReading, Json, Reading
from ..cameras import Camera
from ..transport import Transport
from ..wire import BEIJING, PeopleCounts

_SPANS: Final[Mapping[str, tuple[ChannelReading, ChannelReading]]] = {
    "DAY": (ChannelReading.ENTERED_TODAY, ChannelReading.LEFT_TODAY),
    "WEEK": (ChannelReading.ENTERED_WEEK, ChannelReading.LEFT_WEEK),
    "MONTH": (ChannelReading.ENTERED_MONTH, ChannelReading.LEFT_MONTH),
}


@dataclass(frozen=True, slots=True)
class _Count:
    start: date
    entered: int
    left: int


def today() -> date:
    """Return the day that the cloud has."""
    return datetime.now(BEIJING).date()


def span_of(kind: str, day: date) -> tuple[date, date]:
    """Return the first and the last day of the day, week or month of a day."""
    match kind:
        case "WEEK":
            start = day - timedelta(days=day.weekday())
            return start, start + timedelta(days=6)
        case "MONTH":
            last = monthrange(day.year, day.month)[1]
            return day.replace(day=1), day.replace(day=last)
    return day, day


class Statistics:
    """Keeps the counts of the cameras."""

    def __init__(self, transport: Transport) -> None:
        """Ask through `transport`."""
        self._transport = transport
        self._counts: dict[tuple[str, str], _Count] = {}

    async def read(self, camera: Camera, kind: str) -> None:
        """Read the counts of DAY, WEEK or MONTH."""
        start, end = span_of(kind, today())
        params: dict[str, Json] = {
            **camera.ids,
            "type": kind,
            "start_date": f"{start:%Y%m%d}",
        }
        if kind != "DAY":
            # Without an end a month would be taken for a week.
            params["end_date"] = f"{end:%Y%m%d}"
        answer = await self._transport.ask("get_people_statistics", params)
        if answer and "in" not in answer and "out" not in answer:
            raise UnexpectedAnswer("The cloud gave no counts")
        counts = PeopleCounts.from_dict(answer)
        self._counts[camera.key, kind] = _Count(
            start, sum(counts.entered), sum(counts.left)
        )

    def readings(self, channel: str) -> dict[ChannelReading, Reading]:
        """Return the counts of a channel that still hold."""
        found: dict[ChannelReading, Reading] = {}
        day = today()
        for kind, (entered, left) in _SPANS.items():
            count = self._counts.get((channel, kind))
            if count and count.start == span_of(kind, day)[0]:
                found[entered] = count.entered
                found[left] = count.left
        return found

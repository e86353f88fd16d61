"""Times of access: holidays, and weeks with their hours (12)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Final, override

from ...contract import Schedules
from ...errors import InvalidRequest
from ...model import Json, ScheduledEvent
from ...toolkit.lenient import as_int, as_text
from .details import CALENDAR, WEEK, Details

_LONGEST: Final = timedelta(days=2 * 366)
"""A longer time is cut off: every week and every year are alike."""
_DAY: Final = timedelta(days=1)
_WHOLE_DAY: Final = 24 * 3600
_FAR: Final = timedelta(days=1)


class MegviiSchedules(Schedules):
    """Computes events from what was last read."""

    def __init__(self, details: Details) -> None:
        """Look into `details`."""
        self._details = details

    @override
    async def events(
        self, schedule: str, start: datetime, end: datetime
    ) -> tuple[ScheduledEvent, ...]:
        what, _, name = schedule.partition(":")
        if end - start > _LONGEST:
            end = start + _LONGEST
        try:
            first = start.astimezone(self._details.zone).date()
            last = end.astimezone(self._details.zone).date()
        except OverflowError as error:
            raise InvalidRequest("This is beyond all calendars") from error
        days = list(takewhile(lambda day: day <= last, _days_from(first)))
        if what == CALENDAR and name in self._details.calendars:
            return tuple(_holidays(name, self._details.calendars[name], days))
        if what == WEEK and name in self._details.schedules:
            found = self._hours(name, self._details.schedules[name], days)
            return tuple(
                event for start_, end_, event in found if start_ < end and end_ > start
            )
        raise InvalidRequest("There is no such schedule")

    def _hours(
        self, name: str, row: dict[str, Json], days: list[date]
    ) -> Iterator[tuple[datetime, datetime, ScheduledEvent]]:
        week = row.get("timeRange", row.get("time_range"))
        if not isinstance(week, list):
            return
        begins, ends = _date(row.get("startDate")), _date(row.get("endDate"))
        for day in days:
            if (begins and day < begins) or (ends and day > ends):
                continue
            # The manual does not say which day comes first: Monday, as in ISO 8601.
            place = day.weekday()
            periods = week[place] if place < len(week) else None
            midnight = datetime.combine(day, time(), self._details.zone)
            for begin, stop in sorted(_periods(periods)):
                start = midnight + timedelta(seconds=begin)
                end = midnight + timedelta(seconds=stop)
                yield start, end, ScheduledEvent(start=start, end=end, summary=name)


def _days_from(day: date) -> Iterator[date]:
    while day < date.max - _FAR:
        yield day
        day += _DAY


def _holidays(
    name: str, ranges: list[Json], days: list[date]
) -> Iterator[ScheduledEvent]:
    """Yield whole days; 0 stands for every year, or every month."""
    wanted = {
        tuple(as_int(part) for part in row)
        for row in ranges
        if isinstance(row, list) and len(row) == len(("year", "month", "day"))
    }
    for day in days:
        ways = {
            (day.year, day.month, day.day),
            (0, day.month, day.day),
            (day.year, 0, day.day),
            (0, 0, day.day),
        }
        if wanted & ways:
            yield ScheduledEvent(start=day, end=day + _DAY, summary=name)


def _periods(periods: Json) -> Iterator[tuple[int, int]]:
    for period in periods if isinstance(periods, list) else ():
        if isinstance(period, list) and len(period) == len(("start", "end")):
            begin, stop = as_int(period[0]), as_int(period[1])
            if begin is not None and stop is not None and 0 <= begin < stop:
                yield begin, min(stop, _WHOLE_DAY)


def _date(value: Json) -> date | None:
    try:
        return date.fromisoformat(as_text(value))
    except ValueError:
        return None

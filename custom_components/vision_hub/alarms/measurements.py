"""What is counted all the time: told when it changes, kept once a minute."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..vendors.model import Alarm, Counts

INTERVAL: Final = timedelta(minutes=1)
"""So often a sample of one measurement is archived at the most."""

type _Name = tuple[str | None, str]


class News(Enum):
    """What to do with a measurement."""

    NONE = auto()
    """Forget it: it says what was said before."""
    TELL = auto()
    """Tell it; the last of the minute will be archived."""
    KEEP = auto()
    """Tell and archive it."""


@dataclass(slots=True)
class _Series:
    """What one channel measured of one thing."""

    kept: Alarm
    """The newest that was archived."""
    newest: Alarm
    over: CALLBACK_TYPE | None = None
    """Cancels the minute that began when the newest was archived."""


class Measurements:
    """Tells what of the measurements is news.

    A counter that is pushed once a second would make 86,000 events and rows a day.
    """

    def __init__(self, hass: HomeAssistant, keep: Callable[[Alarm], None]) -> None:
        """`keep` archives what was told and waited for its minute to be over."""
        self._hass = hass
        self._keep = keep
        self._live: dict[_Name, _Series] = {}
        self._late: dict[_Name, Alarm] = {}

    @callback
    def recall(self, alarm: Alarm) -> None:
        """Know what was archived before a restart."""
        self._live[alarm.channel, alarm.code] = _Series(alarm, alarm)

    @callback
    def take(self, alarm: Alarm, *, late: bool) -> News:
        """Tell what to do with a measurement."""
        name = (alarm.channel, alarm.code)
        if late:
            before = self._late.get(name)
            if before is not None and (
                alarm.counts == before.counts
                or abs(alarm.time - before.time) < INTERVAL
            ):
                return News.NONE
            self._late[name] = replace(alarm, pictures=())
            return News.KEEP
        series = self._live.get(name)
        told = replace(alarm, pictures=())
        if series is None:
            self._live[name] = series = _Series(told, told)
        elif series.over is not None:
            if alarm.counts in (series.newest.counts, None):
                return News.NONE
            series.newest = told
            return News.TELL
        elif alarm.counts is not None and alarm.counts == series.newest.counts:
            return News.NONE
        series.kept = series.newest = told
        self._wait(series)
        return News.KEEP

    @callback
    def stop(self) -> None:
        """Archive what waits."""
        for series in self._live.values():
            if series.over is not None:
                series.over()
                series.over = None
                self._keep_newest(series)

    def _wait(self, series: _Series) -> None:
        series.over = async_call_later(
            self._hass, INTERVAL, partial(self._minute_over, series)
        )

    @callback
    def _minute_over(self, series: _Series, _: datetime) -> None:
        series.over = None
        if self._keep_newest(series):
            self._wait(series)

    def _keep_newest(self, series: _Series) -> bool:
        """Archive the last of a minute, unless it is what was archived before."""
        if series.newest.counts == series.kept.counts:
            return False
        series.kept = series.newest
        self._keep(series.kept)
        return True


def merged(before: Counts | None, counts: Counts) -> Counts:
    """Return what is known of a channel: its counters may tell parts of it."""
    if before is None:
        return counts
    return Counts(
        entered=before.entered if counts.entered is None else counts.entered,
        left=before.left if counts.left is None else counts.left,
        inside=before.inside if counts.inside is None else counts.inside,
    )

"""Which alarms are on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..vendors.kinds import AlarmKind
from ..vendors.model import Alarm, Phase

type Condition = tuple[str | None, AlarmKind]


@dataclass(frozen=True, slots=True)
class _On:
    began: datetime
    """On the hub's clock."""
    until: datetime
    """On ours."""


class AlarmStates:
    """On from an alarm until its end, or until its hold time is over."""

    def __init__(
        self,
        hass: HomeAssistant,
        hold: timedelta | None,
        on_over: Callable[[Condition], None],
    ) -> None:
        """`on_over` is told what went off because its time was over."""
        self._hass = hass
        self._hold = hold
        self._on_over = on_over
        self._on: dict[Condition, _On] = {}
        # One timer for all: an alarm that is repeated only moves its own end.
        self._timer: CALLBACK_TYPE | None = None
        self._due: datetime | None = None

    def is_on(self, channel: str | None, kind: AlarmKind) -> bool:
        """Tell whether an alarm is on."""
        return (channel, kind) in self._on

    @callback
    def follow(self, alarm: Alarm, *, late: bool) -> None:
        """Change with an alarm. What began long ago turns nothing on."""
        condition = (alarm.channel, alarm.kind)
        if alarm.phase is Phase.ENDED:
            state = self._on.get(condition)
            if state is not None and alarm.time >= state.began:
                del self._on[condition]
        elif not late and alarm.kind.traits.hold is not None:
            until = dt_util.utcnow() + (self._hold or alarm.kind.traits.hold)
            self._on[condition] = _On(alarm.time, until)
            self._look_at(until)

    @callback
    def stop(self) -> None:
        """Turn everything off, without telling."""
        self._on.clear()
        self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = self._due = None

    def _look_at(self, time: datetime) -> None:
        if self._due is None or time < self._due:
            self._cancel()
            self._due = time
            self._timer = async_track_point_in_utc_time(self._hass, self._look, time)

    @callback
    def _look(self, now: datetime) -> None:
        self._timer = self._due = None
        over = [
            condition for condition, state in self._on.items() if state.until <= now
        ]
        for condition in over:
            del self._on[condition]
        if self._on:
            self._look_at(min(state.until for state in self._on.values()))
        for condition in over:
            self._on_over(condition)

"""Which alarms are on."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback

from ..vendors.kinds import AlarmKind
from ..vendors.model import Alarm, Phase

type Condition = tuple[str | None, AlarmKind]


@dataclass(frozen=True, slots=True)
class _On:
    began: datetime
    """On the hub's clock."""
    timer: asyncio.TimerHandle
    """Ends it, on the clock of the event loop: nobody can set that."""


class AlarmStates:
    """On from an alarm until its end, or until its hold time is over."""

    def __init__(
        self,
        hass: HomeAssistant,
        hold: timedelta | None,
        on_over: Callable[[Condition], None],
    ) -> None:
        """`on_over` is told what went off because its time was over."""
        self._loop = hass.loop
        self._hold = hold
        self._on_over = on_over
        self._on: dict[Condition, _On] = {}

    def is_on(self, channel: str | None, kind: AlarmKind) -> bool:
        """Tell whether an alarm is on."""
        return (channel, kind) in self._on

    @callback
    def follow(self, alarm: Alarm, *, late: bool) -> None:
        """Change with an alarm. What began long ago turns nothing on."""
        condition = (alarm.channel, alarm.kind)
        state = self._on.get(condition)
        if alarm.phase is Phase.ENDED:
            if state is not None and alarm.time >= state.began:
                self._on.pop(condition).timer.cancel()
        elif not late and alarm.kind.traits.hold is not None:
            if state is not None:
                state.timer.cancel()
            hold = self._hold or alarm.kind.traits.hold
            self._on[condition] = _On(
                alarm.time,
                self._loop.call_later(hold.total_seconds(), self._over, condition),
            )

    @callback
    def stop(self) -> None:
        """Turn everything off, without telling."""
        for state in self._on.values():
            state.timer.cancel()
        self._on.clear()

    @callback
    def _over(self, condition: Condition) -> None:
        del self._on[condition]
        self._on_over(condition)

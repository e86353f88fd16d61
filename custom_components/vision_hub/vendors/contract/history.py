"""Alarms that the hub itself keeps."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ..kinds import AlarmKind
from ..model import Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmQuery:
    """Which alarms of the past are wanted; empty collections mean all."""

    start: datetime
    end: datetime
    channels: tuple[str, ...] = ()
    kinds: frozenset[AlarmKind] = frozenset()
    person: str | None = field(default=None, repr=False)
    plate: str | None = field(default=None, repr=False)
    limit: int | None = None

    def matches(self, alarm: Alarm) -> bool:
        """Tell whether an alarm is wanted, whenever it was."""
        if self.kinds and alarm.kind not in self.kinds:
            return False
        if self.channels and alarm.channel not in self.channels:
            return False
        plates = (target.plate or "" for target in alarm.targets)
        names = (match.name for match in alarm.matches)
        return _is_in_one(self.plate, plates) and _is_in_one(self.person, names)

    async def select(self, alarms: AsyncIterator[Alarm]) -> AsyncIterator[Alarm]:
        """Yield which of some alarms are wanted, each once, no more than `limit`."""
        seen: set[str] = set()
        async for alarm in alarms:
            if alarm.id in seen or not self.matches(alarm):
                continue
            seen.add(alarm.id)
            yield alarm
            if self.limit is not None and len(seen) >= self.limit:
                return


def _is_in_one(wanted: str | None, texts: Iterable[str]) -> bool:
    part = (wanted or "").strip().casefold()
    return not wanted or any(part in text.casefold() for text in texts)


class History(ABC):
    """Alarms that the hub itself keeps."""

    @abstractmethod
    def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        """Yield alarms with `source` HISTORY, newest first, each once."""

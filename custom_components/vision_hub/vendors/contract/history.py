"""Alarms that the hub itself keeps."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
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


class History(ABC):
    """Alarms that the hub itself keeps."""

    @abstractmethod
    def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        """Yield alarms with `source` HISTORY, newest first, each once."""

"""Times that are set on the hub, such as those of access rules."""

from abc import ABC, abstractmethod
from datetime import datetime

from ..model import ScheduledEvent


class Schedules(ABC):
    """Times that are set on the hub, such as those of access rules."""

    @abstractmethod
    async def events(
        self, schedule: str, start: datetime, end: datetime
    ) -> tuple[ScheduledEvent, ...]:
        """Return what of one of `HubStatus.schedules` overlaps with a time, in order."""

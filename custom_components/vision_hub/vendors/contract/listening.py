"""Where a listening hub brings what it hears."""

from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from ..model import Alarm


class Refusal(StrEnum):
    """Why a message of a hub was not taken."""

    UNREADABLE = "unreadable"
    FOREIGN = "foreign"
    """It has not our key, or is of another hub."""
    UNWANTED = "unwanted"
    """Nothing is expected where it was sent to."""
    TOO_LARGE = "too_large"
    INCOMPLETE = "incomplete"
    """It did not arrive as a whole, or not in time."""
    BUSY = "busy"
    """There is too much at once, or it took too long."""
    STORAGE = "storage"
    FAULT = "fault"
    """Our own code failed."""
    STARTING = "starting"
    """Nobody listens yet, or any more."""


class AlarmSink(Protocol):
    """Where a listening hub brings what it hears."""

    async def accept(self, alarm: Alarm) -> None:
        """Return when the alarm is durable; acknowledge to the hub only then.

        Knows repeats by `alarm.id`. Raises OSError when it cannot be stored: refuse the
        message, so that the hub sends it again.
        """

    async def add_clip(self, name: str, content: bytes, content_type: str) -> None:
        """Store the video that an alarm announced as `alarm.clip`; raises as `accept`."""

    def heard(self) -> None:
        """Tell that the hub reached us."""

    def expect(self, within: timedelta | None) -> None:
        """Tell how long the hub may be silent before something is wrong."""

    def refused(self, reason: Refusal) -> None:
        """Tell that a message was passed over: it is counted, and the records are read.

        What raises or answers with an error is counted without this.
        """

    def missed(self) -> None:
        """Tell that the hub may have had nobody to report to: its records are read."""

    def changed(self) -> None:
        """Tell that the last `HubStatus` no longer holds."""

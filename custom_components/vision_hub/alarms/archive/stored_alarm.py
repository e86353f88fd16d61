"""What the archive gives back."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ...vendors.kinds import AlarmKind
from ...vendors.model import Alarm, Phase, PictureRole
from .faults import StorageFault

# Of a key, or of anything else that a database shall find.
_MOST_DIGITS: Final = 18


def parse_key(text: str) -> int | None:
    """Read a number from an identifier of ours that comes back from outside."""
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """A picture of an alarm that lies in the media folder."""

    role: PictureRole
    path: str
    """Relative to the media folder; tells nothing of what the picture shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlarm:
    """An alarm of the archive."""

    key: int
    """Unique over all hubs, rising in the order of arrival. 0: it is not archived."""
    hub: str
    """The id of the config entry."""
    alarm: Alarm
    """Without the bytes of its pictures."""
    received: datetime
    late: bool
    pictures: tuple[StoredPicture, ...] = ()
    clip: str | None = None
    """Where the video lies, once it has arrived."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a hub is kept."""

    days: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How much is kept."""

    alarms: int
    size: int
    """Bytes of pictures and videos."""
    oldest: datetime | None
    fault: StorageFault | None
    """Why alarms cannot be stored at present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveQuery:
    """Which alarms are wanted; None and empty mean all."""

    hubs: Collection[str] = ()
    channels: Collection[str] = ()
    kinds: Collection[AlarmKind] = ()
    start: datetime | None = None
    end: datetime | None = None
    """Not included."""
    phase: Phase | None = None
    person: str | None = field(default=None, repr=False)
    """Part of a name, or exactly the id of a person."""
    plate: str | None = field(default=None, repr=False)
    """Part of a plate."""
    before_key: int | None = None
    """Continue after the last alarm of an earlier answer."""
    limit: int = 100

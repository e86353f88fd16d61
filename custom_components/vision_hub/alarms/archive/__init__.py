"""The memory of all alarms: a database of rows, and files in the media folder."""

from .archive import Archive
from .schema import DatabaseTooNew
from .stored_alarm import ArchiveQuery, Limits, StoredAlarm, StoredPicture, Usage

__all__ = [
    "Archive",
    "ArchiveQuery",
    "DatabaseTooNew",
    "Limits",
    "StoredAlarm",
    "StoredPicture",
    "Usage",
]

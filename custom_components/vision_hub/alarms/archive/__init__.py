"""The memory of all alarms: a database of rows, and files in the media folder."""

from homeassistant.util.hass_dict import HassKey

from .archive import Archive
from .faults import DatabaseTooNew, StorageFault, Unstorable, fault_of
from .stored_alarm import (
    ArchiveQuery,
    Limits,
    StoredAlarm,
    StoredPicture,
    Usage,
    parse_key,
)
from .waiting_pictures import WaitingPicture

__all__ = [
    "ARCHIVE",
    "Archive",
    "ArchiveQuery",
    "DatabaseTooNew",
    "Limits",
    "StorageFault",
    "StoredAlarm",
    "StoredPicture",
    "Unstorable",
    "Usage",
    "WaitingPicture",
    "fault_of",
    "parse_key",
]

ARCHIVE: HassKey[Archive] = HassKey("vision_hub_archive")

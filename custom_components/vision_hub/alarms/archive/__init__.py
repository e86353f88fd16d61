"""The memory of all alarms: a database of rows, and files in the media folder."""

from homeassistant.util.hass_dict import HassKey

from .archive import Archive
from .schema import DatabaseTooNew
from .stored_alarm import ArchiveQuery, Limits, StoredAlarm, StoredPicture, Usage

__all__ = [
    "ARCHIVE",
    "Archive",
    "ArchiveQuery",
    "DatabaseTooNew",
    "Limits",
    "StoredAlarm",
    "StoredPicture",
    "Usage",
]

ARCHIVE: HassKey[Archive] = HassKey("vision_hub_archive")

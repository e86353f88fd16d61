"""The alarm pipeline: receive, de-duplicate, archive, publish, catch up."""

from .center import AlarmCenter, AlarmOptions, AlarmUpdate, Reason
from .event_data import EVENT_ALARM, alarm_event_data, media_content_id, target_as_dict
from .reception import Outage

__all__ = [
    "EVENT_ALARM",
    "AlarmCenter",
    "AlarmOptions",
    "AlarmUpdate",
    "Outage",
    "Reason",
    "alarm_event_data",
    "media_content_id",
    "target_as_dict",
]

"""Where the guide tells of each repair."""

from collections.abc import Mapping
from typing import Final

from .const import TROUBLESHOOTING

SECTIONS: Final[Mapping[str, str]] = {
    "callback_not_reachable": "not-reached",
    "no_callback_address": "no-address",
    "hub_unreachable": "unreachable",
    "subscription_taken": "place-taken",
    "push_failed": "listening-fails",
    "refused_unreadable": "refused",
    "refused_foreign": "refused",
    "refused_unwanted": "refused",
    "refused_too_large": "refused",
    "refused_incomplete": "refused",
    "refused_busy": "refused",
    "refused_storage": "refused",
    "refused_fault": "refused",
    "alarms_held_back": "held-back",
    "never_armed": "never-armed",
    "task_stopped": "task-stopped",
    "camera_not_opened": "camera",
    "camera_login_refused": "camera",
    "camera_stream_unusable": "camera",
    "storage_stopped": "hub-full",
    "service_closed": "service",
    "in_arrears": "service",
    "frozen": "service",
    "clock_wrong": "clock",
    "service_expires": "service-ends",
    "another_hub": "another-device",
    "archive_damaged": "archive-damaged",
    "storage_full": "storage",
    "storage_read_only": "storage",
    "storage_locked": "storage",
    "storage_denied": "storage",
    "storage_missing": "storage",
    "storage_slow": "storage",
    "storage_too_new": "storage",
    "storage_failing": "storage",
}
"""The anchor in the guide by the key of the issue."""


def learn_more(key: str) -> str:
    """Return where to read about an issue."""
    return f"{TROUBLESHOOTING}#{SECTIONS[key]}"

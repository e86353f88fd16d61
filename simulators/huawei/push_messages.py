"""What the cloud pushes: subscriptions, names of messages, the envelope (10.1.4.1)."""

from enum import IntEnum, StrEnum
import json
from typing import Any


class Subscription(StrEnum):
    """What can be subscribed, each with its own URL (table 10-3)."""

    DEVICE_ALARM = "DEVICE_ALARM"
    DEVICE_EXCEPTION = "DEVICE_EXCEPTION"
    DEVICE_UNBIND = "DEVICE_UNBIND"
    TARGET_DATA = "TARGET_DATA"
    THIRD_DATA = "THIRD_DATA"
    VEHICLE_DATA = "VEHICLE_DATA"
    HEAD_SHOULDER_DATA = "HEAD_SHOULDER_DATA"
    BEHAVIOR_ANALYSIS_DATA = "BEHAVIOR_ANALYSIS_DATA"
    MICRO_CHECKPOINT_DATA = "MICRO_CHECKPOINT_DATA"

    @property
    def message_type(self) -> str:
        """Return what its messages are called."""
        if self is Subscription.DEVICE_EXCEPTION:
            return "device_status"
        return self.value.lower()

    @property
    def kind(self) -> Kind:
        """Return the number that faults know its messages by."""
        return Kind[self.name]


class Kind(IntEnum):
    """Numbers of the messages; the device-independent parts know nothing else."""

    TEST = 0
    DEVICE_ALARM = 1
    DEVICE_EXCEPTION = 2
    DEVICE_UNBIND = 3
    TARGET_DATA = 4
    THIRD_DATA = 5
    VEHICLE_DATA = 6
    HEAD_SHOULDER_DATA = 7
    BEHAVIOR_ANALYSIS_DATA = 8
    MICRO_CHECKPOINT_DATA = 9


def envelope(
    message_id: int, message_type: str, data: dict[str, Any]
) -> dict[str, Any]:
    """Return a real message."""
    return {
        "message_id": message_id,
        "message_type": message_type,
        "data": data,
        "test": False,
    }


def probe(message_id: int) -> dict[str, Any]:
    """Return what is sent while a URL is configured (10.1.1)."""
    return {"message_id": message_id, "test": True}


def dump(document: dict[str, Any]) -> bytes:
    """Return a message as it is sent (Chinese is not escaped)."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

"""Alarms to test with."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm, Picture, PictureRole

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

_numbers = count(1)


def jpeg(number: int = 0, size: int = 2000) -> bytes:
    """Return something that begins as a JPEG does and differs by its number."""
    return b"\xff\xd8\xff\xe0" + number.to_bytes(4, "big") * (size // 4)


def scene(number: int = 0, size: int = 2000) -> Picture:
    """Return a picture with bytes."""
    return Picture(PictureRole.SCENE, jpeg(number, size))


def an_alarm(**changes: Any) -> Alarm:
    """Return an alarm that differs from all others."""
    return Alarm(
        **{
            "id": f"alarm-{next(_numbers)}",
            "channel": "1",
            "kind": AlarmKind.INTRUSION,
            "code": "intrusion",
            "time": NOON,
        }
        | changes
    )

"""From the messages of a box to alarms; the whole table of codes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from ..contract import MalformedMessage
from ..kinds import AlarmKind
from ..model import Alarm
from .wire import Message

KINDS: Final[Mapping[str, AlarmKind]] = {"intruder": AlarmKind.INTRUSION}


def alarm_of(message: Message) -> Alarm:
    """Return what a message tells."""
    if not message.id or message.time is None:
        raise MalformedMessage
    return Alarm(
        id=message.id,
        channel=None if message.camera is None else str(message.camera),
        kind=KINDS.get(message.what, AlarmKind.OTHER),
        code=message.what,
        time=datetime.fromtimestamp(message.time, UTC),
    )

"""Alarms to rows and back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from ...vendors.kinds import AlarmKind
from ...vendors.model import (
    Alarm,
    Box,
    Counts,
    Match,
    Passage,
    Phase,
    Picture,
    PictureRole,
    Source,
    Target,
)
from .schema import AlarmRow, PictureRow
from .stored_alarm import StoredAlarm, StoredPicture

type Values = dict[str, Any]

MICROSECONDS_PER_SECOND: Final = 1_000_000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FIRST: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


def to_microseconds(time: datetime) -> int:
    """Return a time as it is stored."""
    # The offset of a time zone may lead out of what a datetime can hold.
    return min(max((time - _EPOCH) // _MICROSECOND, _FIRST), _LAST)


def from_microseconds(microseconds: int) -> datetime:
    """Return a time as it is used."""
    return _EPOCH + timedelta(microseconds=microseconds)


def clean(text: str) -> str:
    """Replace what a database cannot hold: zeros, and halves of surrogate pairs."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "?")


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _json(values: object) -> str | None:
    return orjson.dumps(values).decode() if values else None


def id_column(source: Source) -> str:
    """Return which of the two ids an alarm brings."""
    return "alarm_id" if source is Source.PUSH else "record_id"


def encode(alarm: Alarm, *, hub: str, received: datetime, late: bool) -> Values:
    """Return the columns of an alarm, but for its key."""
    ids: Values = dict.fromkeys(("alarm_id", "record_id"), clean(alarm.id))
    if not alarm.common_id:
        ids = dict.fromkeys(ids, None) | {id_column(alarm.source): clean(alarm.id)}
    return {
        "hub": hub,
        "source": alarm.source.value,
        **ids,
        "channel": _clean(alarm.channel),
        "channel_name": _clean(alarm.channel_name),
        "kind": alarm.kind.value,
        "code": clean(alarm.code),
        "phase": alarm.phase.value,
        "time": to_microseconds(alarm.time),
        "received": to_microseconds(received),
        "late": late,
        "size": 0,
        "matches": _json(
            [
                {
                    "person_id": clean(match.person_id),
                    "name": clean(match.name),
                    "library_id": _clean(match.library_id),
                    "library": _clean(match.library),
                    "similarity": match.similarity,
                }
                for match in alarm.matches
            ]
        ),
        "targets": _json(
            [
                {
                    "type": _clean(target.type),
                    "box": target.box,
                    "plate": _clean(target.plate),
                    "attributes": {
                        clean(name): clean(value) if isinstance(value, str) else value
                        for name, value in target.attributes.items()
                    },
                }
                for target in alarm.targets
            ]
        ),
        "counts": _json(alarm.counts),
        "task": _clean(alarm.task),
        "passage": alarm.passage and alarm.passage.value,
        "clip": _clean(alarm.clip),
        "clip_path": None,
    }


def _target(values: Values) -> Target:
    box = values.pop("box")
    return Target(**values, box=Box(**box) if box else None)


def decode(row: AlarmRow, pictures: Sequence[PictureRow]) -> StoredAlarm:
    """Return an alarm from its rows."""
    source = Source(row.source)
    alarm_id = row.alarm_id if source is Source.PUSH else row.record_id
    assert alarm_id is not None
    return StoredAlarm(
        key=row.key,
        hub=row.hub,
        alarm=Alarm(
            id=alarm_id,
            source=source,
            channel=row.channel,
            channel_name=row.channel_name,
            kind=_kind(row.kind),
            code=row.code,
            time=from_microseconds(row.time),
            phase=Phase(row.phase),
            matches=tuple(
                Match(**match) for match in orjson.loads(row.matches or "[]")
            ),
            targets=tuple(
                _target(target) for target in orjson.loads(row.targets or "[]")
            ),
            counts=Counts(**orjson.loads(row.counts)) if row.counts else None,
            task=row.task,
            passage=Passage(row.passage) if row.passage else None,
            pictures=tuple(
                Picture(PictureRole(picture.role), None, picture.reference)
                for picture in pictures
            ),
            clip=row.clip,
        ),
        received=from_microseconds(row.received),
        late=row.late,
        pictures=tuple(
            StoredPicture(role=PictureRole(picture.role), path=picture.path)
            for picture in pictures
            if picture.path is not None
        ),
        clip=row.clip_path,
    )


def _kind(value: str) -> AlarmKind:
    """Return a kind, also after an update that knows it by another name."""
    try:
        return AlarmKind(value)
    except ValueError:
        return AlarmKind.OTHER

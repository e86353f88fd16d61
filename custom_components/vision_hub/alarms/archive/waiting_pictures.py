"""Pictures that an alarm only points to: what is still to be fetched, newest first."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from ...vendors.model import PictureRole
from .media_files import NewFile
from .queries import by_key
from .rows import from_microseconds, to_microseconds
from .schema import AlarmRow, PictureRow
from .stored_alarm import StoredAlarm
from .updates import grow

# A time that is farther away was noted before our clock was set back.
FARTHEST: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPicture:
    """A picture that the hub keeps."""

    key: int
    alarm: int
    """The key of its alarm."""
    role: PictureRole
    reference: str = field(repr=False)
    """What `Hub.fetch` takes."""
    received: datetime
    """When the alarm came."""
    attempts: int


def next_waiting(
    connection: Connection, hub: str, now: datetime, beside: Collection[int]
) -> WaitingPicture | datetime | None:
    """Return the newest that is due, else when the next will be; None: none waits.

    `beside` are the keys of alarms that are being worked on.
    """
    waiting: tuple[ColumnElement[bool], ...] = (
        PictureRow.due.is_not(None),
        AlarmRow.hub == hub,
        AlarmRow.key.not_in(beside),
    )
    is_due = or_(
        PictureRow.due <= to_microseconds(now),
        PictureRow.due > to_microseconds(now + FARTHEST),
    )
    row = connection.execute(
        select(
            PictureRow.key,
            PictureRow.alarm,
            PictureRow.role,
            PictureRow.reference,
            PictureRow.attempts,
            AlarmRow.received,
        )
        .join(AlarmRow, AlarmRow.key == PictureRow.alarm)
        .where(*waiting, is_due)
        # What was not there yet takes nobody's turn.
        .order_by(PictureRow.attempts, PictureRow.alarm.desc(), PictureRow.key)
        .limit(1)
    ).first()
    if row is None:
        due = connection.scalar(
            select(func.min(PictureRow.due))
            .join(AlarmRow, AlarmRow.key == PictureRow.alarm)
            .where(*waiting)
        )
        return None if due is None else from_microseconds(due)
    return WaitingPicture(
        key=row.key,
        alarm=row.alarm,
        role=PictureRole(row.role),
        reference=row.reference,
        received=from_microseconds(row.received),
        attempts=row.attempts,
    )


def attach_waiting(
    connection: Connection, file: NewFile, *, waiting: WaitingPicture
) -> StoredAlarm | None:
    """Give an alarm what was fetched, wherever it points to the same."""
    with connection.begin():
        attached = connection.execute(
            update(PictureRow)
            .where(
                PictureRow.alarm == waiting.alarm,
                PictureRow.reference == waiting.reference,
                PictureRow.due.is_not(None),
            )
            .values(path=file.path, due=None)
        )
        if not attached.rowcount:
            return None
        grow(connection, waiting.alarm, len(file.content))
        return by_key(connection, waiting.alarm)


def postpone(
    connection: Connection, waiting: WaitingPicture, due: datetime | None
) -> None:
    """Note that a picture was not there, and when to ask again; None: never."""
    with connection.begin():
        connection.execute(
            update(PictureRow)
            .where(PictureRow.key == waiting.key)
            .values(
                attempts=waiting.attempts + 1,
                due=None if due is None else to_microseconds(due),
            )
        )


def give_up(connection: Connection, hub: str, before: datetime, most: int) -> int:
    """Wait no more for what is old, and for the oldest beyond some number."""
    waiting = (
        select(PictureRow.key)
        .join(AlarmRow, AlarmRow.key == PictureRow.alarm)
        .where(PictureRow.due.is_not(None), AlarmRow.hub == hub)
    )
    old = waiting.where(AlarmRow.received < to_microseconds(before))
    beyond = (
        waiting.order_by(PictureRow.alarm.desc(), PictureRow.key).limit(-1).offset(most)
    )
    with connection.begin():
        return sum(
            connection.execute(
                update(PictureRow).where(PictureRow.key.in_(keys)).values(due=None)
            ).rowcount
            for keys in (old, beyond)
        )

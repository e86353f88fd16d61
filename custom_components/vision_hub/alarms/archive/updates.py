"""What is changed in the archive's database after an alarm was added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, case, cast, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from ...vendors.model import Picture
from .additions import picture_values
from .media_files import NewFile
from .queries import by_key
from .rows import clean, to_microseconds
from .schema import AlarmRow, HubRow, PictureRow, ToldRow
from .stored_alarm import StoredAlarm


@dataclass(frozen=True, slots=True)
class Deleted:
    """Alarms that were deleted, with files that are to follow."""

    alarms: int
    size: int
    files: list[str]


def attach_picture(
    connection: Connection, file: NewFile, *, key: int, picture: Picture
) -> StoredAlarm | None:
    """Give an alarm a picture that came later."""
    with connection.begin():
        if not grow(connection, key, len(file.content)):
            return None
        connection.execute(insert(PictureRow), [picture_values(key, picture, file)])
        return by_key(connection, key)


def attach_clip(
    connection: Connection, file: NewFile, *, hub: str, name: str
) -> StoredAlarm | None:
    """Give an alarm the video that it announced."""
    with connection.begin():
        key = connection.scalar(
            select(AlarmRow.key)
            .where(
                AlarmRow.hub == hub,
                AlarmRow.clip == clean(name),
                AlarmRow.clip_path.is_(None),
            )
            .order_by(AlarmRow.key.desc())
            .limit(1)
        )
        if key is None:
            return None
        grow(connection, key, len(file.content))
        connection.execute(
            update(AlarmRow).where(AlarmRow.key == key).values(clip_path=file.path)
        )
        return by_key(connection, key)


def add_size(connection: Connection, key: int, size: int) -> bool:
    """Note that an alarm has more bytes; tell whether it is there."""
    with connection.begin():
        return grow(connection, key, size)


def grow(connection: Connection, key: int, size: int) -> bool:
    """Do as `add_size` within a transaction."""
    changed = connection.execute(
        update(AlarmRow).where(AlarmRow.key == key).values(size=AlarmRow.size + size)
    )
    return changed.rowcount == 1


def delete_oldest(
    connection: Connection, hub: str, before: datetime | None, excess: int, most: int
) -> Deleted:
    """Delete what came before a time, and what is too much; a few alarms at once."""
    cutoff = None if before is None else to_microseconds(before)
    with connection.begin():
        keys = []
        size = 0
        for key, received, bytes_ in connection.execute(
            select(AlarmRow.key, AlarmRow.received, AlarmRow.size)
            .where(AlarmRow.hub == hub)
            .order_by(AlarmRow.received, AlarmRow.key)
            .limit(most)
        ):
            if size >= excess and cutoff is not None and received >= cutoff:
                break
            keys.append(key)
            size += bytes_
        files = [
            path
            for query in (
                select(PictureRow.path).where(PictureRow.alarm.in_(keys)),
                select(AlarmRow.clip_path).where(AlarmRow.key.in_(keys)),
            )
            for path in connection.scalars(query)
            if path is not None
        ]
        connection.execute(delete(AlarmRow).where(AlarmRow.key.in_(keys)))
    return Deleted(len(keys), size, files)


def set_complete(connection: Connection, hub: str, until: datetime) -> None:
    """Note that no alarm before a time is missing."""
    values = {"complete_until": to_microseconds(until)}
    with connection.begin():
        connection.execute(
            insert(HubRow)
            .values(hub=hub, **values)
            .on_conflict_do_update(index_elements=[HubRow.hub], set_=values)
        )


def set_told(connection: Connection, hub: str, key: int) -> None:
    """Note that everybody was told of the alarms up to a key."""
    with connection.begin():
        connection.execute(
            insert(ToldRow)
            .values(hub=hub, key=key)
            .on_conflict_do_update(index_elements=[ToldRow.hub], set_={"key": key})
        )


def forget(connection: Connection, hub: str) -> None:
    """Forget what is known of a hub beside its alarms."""
    with connection.begin():
        connection.execute(delete(HubRow).where(HubRow.hub == hub))
        connection.execute(delete(ToldRow).where(ToldRow.hub == hub))


def hand_over(connection: Connection, hub: str, channels: Mapping[str, str]) -> None:
    """Keep the alarms of a hub that was replaced by one that counts from one again.

    `channels` tells by which channel of the new hub each is continued.
    """
    mine = AlarmRow.hub == hub
    with connection.begin():
        connection.execute(
            update(AlarmRow)
            .where(mine)
            .values(
                alarm_id=AlarmRow.alarm_id + "#" + cast(AlarmRow.key, String),
                record_id=AlarmRow.record_id + "#" + cast(AlarmRow.key, String),
                channel=case(channels, value=AlarmRow.channel, else_=AlarmRow.channel)
                if channels
                else AlarmRow.channel,
            )
        )

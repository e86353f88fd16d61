"""What can be asked of the archive's database."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from ...vendors.kinds import AlarmGroup, AlarmKind
from .rows import decode, to_microseconds
from .schema import AlarmRow, HubRow, PictureRow, ToldRow
from .stored_alarm import ArchiveQuery, StoredAlarm

_MEASURED = [kind.value for kind in AlarmKind if kind.traits.measured]
_FACES = [kind.value for kind in AlarmKind if kind.traits.group is AlarmGroup.FACE]


def load(connection: Connection, query: Select[tuple[AlarmRow]]) -> list[StoredAlarm]:
    """Return alarms with their pictures."""
    with Session(connection) as session:
        rows = session.scalars(query).all()
        pictures: defaultdict[int, list[PictureRow]] = defaultdict(list)
        for picture in session.scalars(
            select(PictureRow)
            .where(PictureRow.alarm.in_([row.key for row in rows]))
            .order_by(PictureRow.key)
        ):
            pictures[picture.alarm].append(picture)
        return [decode(row, pictures[row.key]) for row in rows]


def search(connection: Connection, query: ArchiveQuery) -> list[StoredAlarm]:
    """Return alarms, newest first."""
    conditions: list[ColumnElement[bool]] = []
    if query.hubs:
        conditions.append(AlarmRow.hub.in_(query.hubs))
    if query.channels:
        conditions.append(AlarmRow.channel.in_(query.channels))
    if query.kinds:
        conditions.append(AlarmRow.kind.in_([kind.value for kind in query.kinds]))
    if query.start is not None:
        conditions.append(AlarmRow.time >= to_microseconds(query.start))
    if query.end is not None:
        conditions.append(AlarmRow.time < to_microseconds(query.end))
    if query.phase is not None:
        conditions.append(AlarmRow.phase == query.phase.value)
    if query.person is not None:
        each = func.json_each(AlarmRow.matches).table_valued("value")
        conditions.append(
            select(1)
            .select_from(each)
            .where(
                or_(
                    func.json_extract(each.c.value, "$.person_id") == query.person,
                    func.json_extract(each.c.value, "$.name").contains(
                        query.person, autoescape=True
                    ),
                )
            )
            .exists()
        )
    if query.plate is not None:
        each = func.json_each(AlarmRow.targets).table_valued("value")
        conditions.append(
            select(1)
            .select_from(each)
            .where(
                func.json_extract(each.c.value, "$.plate").contains(
                    query.plate, autoescape=True
                )
            )
            .exists()
        )
    if query.before_key is not None:
        before = select(AlarmRow.time).where(AlarmRow.key == query.before_key)
        conditions.append(
            tuple_(AlarmRow.time, AlarmRow.key)
            < tuple_(before.scalar_subquery(), literal(query.before_key))
        )
    return load(
        connection,
        select(AlarmRow)
        .where(*conditions)
        .order_by(AlarmRow.time.desc(), AlarmRow.key.desc())
        .limit(query.limit),
    )


def by_key(connection: Connection, key: int) -> StoredAlarm | None:
    """Return one alarm."""
    found = load(connection, select(AlarmRow).where(AlarmRow.key == key))
    return found[0] if found else None


def latest(connection: Connection, hub: str) -> list[StoredAlarm]:
    """Return what entities showed before a restart, oldest first.

    For each channel: the newest alarm, the newest with a picture, the newest face and
    the newest count of each counter.
    """
    alarming = AlarmRow.kind.not_in(_MEASURED)
    shown = (
        select(1)
        .where(PictureRow.alarm == AlarmRow.key, PictureRow.path.is_not(None))
        .exists()
    )
    newest = select(AlarmRow.key, func.max(AlarmRow.time)).where(
        AlarmRow.hub == hub, AlarmRow.late.is_(False)
    )
    by_channel = newest.group_by(AlarmRow.channel)
    # SQLite takes the other columns from the row that has the maximum.
    keys = {
        key
        for query in (
            by_channel.where(alarming),
            by_channel.where(alarming, shown),
            by_channel.where(AlarmRow.kind.in_(_FACES)),
            by_channel.where(AlarmRow.counts.is_not(None)).group_by(AlarmRow.code),
        )
        for key, _ in connection.execute(query)
    }
    return load(
        connection,
        select(AlarmRow)
        .where(AlarmRow.key.in_(keys))
        .order_by(AlarmRow.time, AlarmRow.key),
    )


def seen(connection: Connection, hub: str) -> set[tuple[str | None, AlarmKind]]:
    """Return which kinds each channel has reported."""
    known = set(AlarmKind)
    return {
        (channel, AlarmKind(kind))
        for channel, kind in connection.execute(
            select(AlarmRow.channel, AlarmRow.kind)
            .where(AlarmRow.hub == hub)
            .distinct()
        )
        if kind in known
    }


def untold(connection: Connection, hub: str) -> list[StoredAlarm]:
    """Return the alarms that a crash kept from being told, oldest first."""
    told = connection.scalar(select(ToldRow.key).where(ToldRow.hub == hub))
    return load(
        connection,
        select(AlarmRow)
        .where(AlarmRow.hub == hub, AlarmRow.key > (told or 0))
        .order_by(AlarmRow.key),
    )


def last_time(connection: Connection, hub: str) -> int | None:
    """Return until when nothing of a hub is missing."""
    complete = connection.scalar(select(HubRow.complete_until).where(HubRow.hub == hub))
    if complete is not None:
        return complete
    return connection.scalar(select(func.max(AlarmRow.time)).where(AlarmRow.hub == hub))


def sizes(connection: Connection) -> dict[str, tuple[int, int]]:
    """Count the alarms and bytes of every hub."""
    return {
        hub: (alarms, size)
        for hub, alarms, size in connection.execute(
            select(AlarmRow.hub, func.count(), func.sum(AlarmRow.size)).group_by(
                AlarmRow.hub
            )
        )
    }


def oldest(connection: Connection, hub: str | None) -> int | None:
    """Return when the oldest alarm came."""
    if hub is not None:
        return connection.scalar(
            select(func.min(AlarmRow.received)).where(AlarmRow.hub == hub)
        )
    return connection.scalar(select(AlarmRow.received).order_by(AlarmRow.key).limit(1))


def unknown_files(connection: Connection, names: Sequence[str]) -> set[str]:
    """Return which files belong to no alarm."""
    known: set[str | None] = set()
    with connection.begin():
        for column in (PictureRow.path, AlarmRow.clip_path):
            known.update(connection.scalars(select(column).where(column.in_(names))))
    return set(names) - known

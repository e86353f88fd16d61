"""Adds a group of alarms in one transaction."""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, column, func, insert, select, table, update
from sqlalchemy.exc import SQLAlchemyError

from custom_components.vision_hub.vendors.model import Alarm, Picture, Source

from .pictures import NewFile, PictureFolder, extension, new_file
from .rows import (
    MICROSECONDS_PER_SECOND,
    Values,
    clean,
    encode,
    id_column,
    to_microseconds,
)
from .schema import AlarmRow, PictureRow
from .stored import StoredAlarm, StoredPicture


@dataclass(slots=True, eq=False)
class Addition:
    """An alarm to be added, and what became of it."""

    hub: str
    alarm: Alarm
    received: datetime
    late: bool
    size: int = 0
    """Bytes of pictures: first those that came, in the end those that were kept."""
    result: StoredAlarm | Exception | None = None
    """None: a repeat."""


@dataclass(slots=True, eq=False)
class _New:
    """An alarm that is not known yet."""

    addition: Addition
    key: int
    repeats: list[Addition] = field(default_factory=list)
    partner: str | None = None
    """Its id as the other source numbers it, if that came in the same group."""
    values: Values = field(default_factory=dict)
    pictures: list[tuple[Picture, NewFile | None]] = field(default_factory=list)

    @property
    def files(self) -> list[NewFile]:
        """What is to be written."""
        return [file for _, file in self.pictures if file is not None]

    def fail(self, error: Exception) -> None:
        """Refuse it, and those that came to the same."""
        for addition in (self.addition, *self.repeats):
            addition.result = error


class AlarmStore:
    """Adds alarms; belongs to the thread that owns the connection."""

    def __init__(
        self, connection: Connection, folder: PictureFolder, files: ThreadPoolExecutor
    ) -> None:
        """Continue where the database ends."""
        self.connection = connection
        self._folder = folder
        self._files = files
        sequence = table("sqlite_sequence", column("name"), column("seq"))
        with connection.begin():
            self._last_key: int = connection.execute(
                select(func.coalesce(func.max(sequence.c.seq), 0)).where(
                    sequence.c.name == AlarmRow.__tablename__
                )
            ).scalar_one()
            self._lonely = {
                (hub, source): until
                for source in Source
                for hub, until in connection.execute(
                    select(AlarmRow.hub, func.max(AlarmRow.time))
                    .where(AlarmRow.source == source.value)
                    .group_by(AlarmRow.hub)
                )
            }

    def add(self, additions: list[Addition]) -> None:
        """Make a group durable; every addition then has its result.

        An alarm that fails does so alone, unless the database itself fails.
        """
        new: list[_New] = []
        try:
            with self.connection.begin():
                new = self._sort_out(additions)
                self._write_files(new)
                self._insert([each for each in new if each.addition.result is None])
        except (SQLAlchemyError, OSError) as error:
            for addition in additions:
                addition.result = error
        for each in new:
            if isinstance(each.addition.result, Exception):
                self._delete(each.files)
            else:
                each.addition.result = self._stored(each)
                self._remember(each)

    def _sort_out(self, additions: Iterable[Addition]) -> list[_New]:
        """Tell new alarms from repeats, and pair pushes with records."""
        known = self._known(additions)
        first: dict[tuple[str, Source, str], _New] = {}
        new: list[_New] = []
        for addition in additions:
            alarm = addition.alarm
            name = (addition.hub, alarm.source, clean(alarm.id))
            if name in known:
                continue
            if (before := first.get(name)) is not None:
                before.repeats.append(addition)
            elif (before := self._pair_in_group(addition, new)) is not None:
                before.partner = name[2]
                before.repeats.append(addition)
                first[name] = before
            elif self._pair(addition):
                known.add(name)
            else:
                self._last_key += 1
                first[name] = _New(addition, self._last_key)
                new.append(first[name])
        return new

    def _known(self, additions: Iterable[Addition]) -> set[tuple[str, Source, str]]:
        wanted: defaultdict[tuple[str, Source], set[str]] = defaultdict(set)
        for addition in additions:
            alarm = addition.alarm
            wanted[addition.hub, alarm.source].add(clean(alarm.id))
        known = set()
        for (hub, source), ids in wanted.items():
            id_of = getattr(AlarmRow, id_column(source))
            for found in self.connection.scalars(
                select(id_of).where(AlarmRow.hub == hub, id_of.in_(ids))
            ):
                known.add((hub, source, found))
        return known

    def _pair_in_group(self, addition: Addition, new: list[_New]) -> _New | None:
        for each in new:
            if (
                each.partner is None
                and each.addition.hub == addition.hub
                and each.addition.alarm.source is not addition.alarm.source
                and _sight(each.addition.alarm) == _sight(addition.alarm)
            ):
                return each
        return None

    def _pair(self, addition: Addition) -> bool:
        """Give a stored alarm that came from the other source its second id."""
        alarm = addition.alarm
        other = Source.HISTORY if alarm.source is Source.PUSH else Source.PUSH
        channel, kind, code, phase, second = _sight(alarm)
        start = second * MICROSECONDS_PER_SECOND
        # Spares the search for what is newer than all that could be its partner.
        if self._lonely.get((addition.hub, other), start - 1) < start:
            return False
        mine = getattr(AlarmRow, id_column(alarm.source))
        partner = self.connection.scalar(
            select(AlarmRow.key)
            .where(
                AlarmRow.hub == addition.hub,
                AlarmRow.channel.is_not_distinct_from(channel),
                AlarmRow.kind == kind,
                AlarmRow.code == code,
                AlarmRow.phase == phase,
                AlarmRow.time >= start,
                AlarmRow.time < start + MICROSECONDS_PER_SECOND,
                mine.is_(None),
            )
            .order_by(AlarmRow.time, AlarmRow.key)
            .limit(1)
        )
        if partner is None:
            return False
        self.connection.execute(
            update(AlarmRow)
            .where(AlarmRow.key == partner)
            .values({mine: clean(alarm.id)})
        )
        return True

    def _remember(self, new: _New) -> None:
        name = (new.addition.hub, new.addition.alarm.source)
        time = new.values["time"]
        self._lonely[name] = max(time, self._lonely.get(name, time))

    def _write_files(self, new: list[_New]) -> None:
        """Write the pictures of all, side by side."""
        for each in new:
            each.pictures = [
                (picture, file)
                for picture in each.addition.alarm.pictures
                if (file := picture_file(each.addition.received, picture)) is not None
                or picture.reference is not None
            ]
        running: list[tuple[_New, Future[None]]] = [
            (each, self._files.submit(self._folder.write, file))
            for each in new
            for file in each.files
        ]
        for each in new:
            self._encode(each)
        for each, future in running:
            if isinstance(error := future.exception(), Exception):
                each.fail(error)
        self._folder.sync(
            [
                file
                for each in new
                if each.addition.result is None
                for file in each.files
            ]
        )

    def _encode(self, new: _New) -> None:
        addition = new.addition
        addition.size = sum(len(file.content) for file in new.files)
        try:
            new.values = encode(
                addition.alarm,
                key=new.key,
                hub=addition.hub,
                received=addition.received,
                late=addition.late,
                size=addition.size,
            )
        except (TypeError, ValueError) as error:
            new.fail(error)
            return
        if new.partner is not None:
            other = "record_id" if addition.alarm.source is Source.PUSH else "alarm_id"
            new.values[other] = new.partner

    def _insert(self, new: list[_New]) -> None:
        if not new:
            return
        try:
            with self.connection.begin_nested():
                self._insert_rows(new)
        except SQLAlchemyError as error:
            if len(new) == 1:
                new[0].fail(error)
                return
            for each in new:
                self._insert([each])

    def _insert_rows(self, new: list[_New]) -> None:
        self.connection.execute(insert(AlarmRow), [each.values for each in new])
        pictures = [
            picture_values(each.key, picture, file)
            for each in new
            for picture, file in each.pictures
        ]
        if pictures:
            self.connection.execute(insert(PictureRow), pictures)

    def _delete(self, files: list[NewFile]) -> None:
        for file in files:
            self._folder.delete(file.path)

    @staticmethod
    def _stored(new: _New) -> StoredAlarm:
        addition = new.addition
        return StoredAlarm(
            key=new.key,
            hub=addition.hub,
            alarm=replace(
                addition.alarm,
                pictures=tuple(
                    Picture(picture.role, None, picture.reference)
                    for picture, _ in new.pictures
                ),
            ),
            received=addition.received,
            late=addition.late,
            pictures=tuple(
                StoredPicture(role=picture.role, path=file.path)
                for picture, file in new.pictures
                if file is not None
            ),
        )


def picture_file(received: datetime, picture: Picture) -> NewFile | None:
    """Return the file for a picture; None when its bytes are no picture."""
    if picture.data is None or (suffix := extension(picture.data)) is None:
        return None
    return new_file(received, picture.role.value, picture.data, suffix)


def picture_values(alarm: int, picture: Picture, file: NewFile | None) -> Values:
    """Return the columns of a picture."""
    return {
        "alarm": alarm,
        "role": picture.role.value,
        "reference": picture.reference and clean(picture.reference),
        "path": file and file.path,
    }


def _sight(alarm: Alarm) -> tuple[str | None, str, str, str, int]:
    """Return what an alarm and the record of it have in common."""
    return (
        alarm.channel,
        alarm.kind.value,
        alarm.code,
        alarm.phase.value,
        to_microseconds(alarm.time) // MICROSECONDS_PER_SECOND,
    )

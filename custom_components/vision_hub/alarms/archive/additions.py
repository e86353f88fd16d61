"""Adds a group of alarms in one transaction."""

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import orjson
from sqlalchemy import (
    Connection,
    Insert,
    bindparam,
    column,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from ...vendors.model import Alarm, Picture, Source
from .faults import Unstorable
from .media_files import NewFile, PictureFolder, extension, new_file
from .rows import MICROSECONDS_PER_SECOND, Values, clean, encode, id_column
from .schema import AlarmRow, Base, PictureRow
from .sqlite_errors import is_about_all
from .stored_alarm import StoredAlarm, StoredPicture

type _Name = tuple[str, Source, str]
type _Sight = tuple[str, str | None, str, str, str, int]


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
    values: Values = field(default_factory=dict)
    """Its columns."""
    partner: int | None = None
    """The key of the alarm, from the other source, that it is the same as."""

    @property
    def name(self) -> _Name:
        """What makes it a repeat of another."""
        source = Source.PUSH if self.alarm.common_id else self.alarm.source
        return (self.hub, source, self.values[id_column(source)])

    @property
    def sight(self) -> _Sight:
        """What it has in common with the alarm of the other source that is the same."""
        values = self.values
        return (
            self.hub,
            values["channel"],
            values["kind"],
            values["code"],
            values["phase"],
            values["time"] // MICROSECONDS_PER_SECOND,
        )


@dataclass(slots=True, eq=False)
class _New:
    """An alarm that is not known yet."""

    addition: Addition
    key: int
    repeats: list[Addition] = field(default_factory=list)
    paired: bool = False
    """It came from both sources in the same group."""
    pictures: list[tuple[Picture, NewFile | None]] = field(default_factory=list)

    @property
    def files(self) -> list[NewFile]:
        """What is to be written."""
        return [file for _, file in self.pictures if file is not None]

    def fail(self, error: Exception) -> None:
        """Refuse it, and those that came to the same."""
        for addition in (self.addition, *self.repeats):
            addition.result = error


def _insert_from_json(target: type[Base], *names: str) -> Insert:
    """Return a statement that inserts many rows in one step.

    A step for every row would hand the interpreter to the event loop as often, and wait
    for it to be given back.
    """
    row = func.json_each(bindparam("rows")).table_valued("value").c.value
    return insert(target).from_select(
        names,
        select(*(func.json_extract(row, literal(f"$.{name}")) for name in names)),
    )


_INSERT_ALARMS: Final = _insert_from_json(AlarmRow, *inspect(AlarmRow).columns.keys())
_INSERT_PICTURES: Final = _insert_from_json(
    PictureRow, "alarm", "role", "reference", "path", "due"
)

# Hubs that repeat themselves do so soon.
RECENT: Final = 4096


class AlarmStore:
    """Adds alarms; belongs to the thread that owns the connection."""

    def __init__(
        self, connection: Connection, folder: PictureFolder, files: ThreadPoolExecutor
    ) -> None:
        """Continue where the database ends."""
        self.connection = connection
        self._folder = folder
        self._files = files
        self._recent: dict[_Name, None] = {}
        sequence = table("sqlite_sequence", column("name"), column("seq"))
        with connection.begin():
            self._last_key: int = connection.execute(
                select(func.coalesce(func.max(sequence.c.seq), 0)).where(
                    sequence.c.name == AlarmRow.__tablename__
                )
            ).scalar_one()
            self._newest = {
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
        additions = _encoded(additions)
        try:
            self._add(additions, repeats=False)
        except (SQLAlchemyError, OSError) as error:
            if is_about_all(error):
                raise
            # One of them was added in an earlier run, or the database refuses it.
            refused: Exception | None = None
            for addition in additions:
                if refused is None or not is_about_all(refused):
                    try:
                        self._add([addition], repeats=True)
                        continue
                    except (SQLAlchemyError, OSError) as error:
                        refused = error
                addition.result = refused

    def _add(self, additions: list[Addition], *, repeats: bool) -> None:
        """Add alarms in one transaction; without `repeats` a repeat is an error."""
        new: list[_New] = []
        try:
            with self.connection.begin():
                new = self._sort_out(additions, look=repeats)
                self._write_files(new)
                self._insert([each for each in new if each.addition.result is None])
        except SQLAlchemyError, OSError:
            self._delete(new)
            raise
        self._delete([each for each in new if each.addition.result is not None])
        for each in new:
            if each.addition.result is None:
                each.addition.result = self._stored(each)
                self._remember(each.addition)

    def _sort_out(self, additions: list[Addition], *, look: bool) -> list[_New]:
        """Tell new alarms from repeats, and pair pushes with records."""
        known = self._known(additions) if look else set()
        first: dict[_Name, _New] = {}
        new: list[_New] = []
        for addition in additions:
            name = addition.name
            if name in known or name in self._recent:
                if addition.alarm.common_id and addition.size:
                    addition.partner = self._key_of(name)
                continue
            if (before := first.get(name)) is not None:
                before.repeats.append(addition)
                addition.partner = before.key
            elif addition.alarm.common_id:
                self._begin(addition, first, new)
            elif (before := _pair_in_group(addition, new)) is not None:
                before.paired = True
                before.repeats.append(addition)
                before.addition.values[id_column(name[1])] = name[2]
                addition.partner = before.key
                first[name] = before
            elif (partner := self._pair(addition)) is not None:
                addition.partner = partner
                known.add(name)
            else:
                self._begin(addition, first, new)
        return new

    def _begin(
        self, addition: Addition, first: dict[_Name, _New], new: list[_New]
    ) -> None:
        self._last_key += 1
        addition.values["key"] = self._last_key
        first[addition.name] = _New(addition, self._last_key)
        new.append(first[addition.name])

    def _key_of(self, name: _Name) -> int | None:
        hub, source, alarm_id = name
        return self.connection.scalar(
            select(AlarmRow.key).where(
                AlarmRow.hub == hub, getattr(AlarmRow, id_column(source)) == alarm_id
            )
        )

    def _known(self, additions: list[Addition]) -> set[_Name]:
        wanted: defaultdict[tuple[str, Source], set[str]] = defaultdict(set)
        for addition in additions:
            hub, source, alarm_id = addition.name
            wanted[hub, source].add(alarm_id)
        known = set()
        for (hub, source), ids in wanted.items():
            id_of = getattr(AlarmRow, id_column(source))
            for found in self.connection.scalars(
                select(id_of).where(AlarmRow.hub == hub, id_of.in_(ids))
            ):
                known.add((hub, source, found))
        return known

    def _pair(self, addition: Addition) -> int | None:
        """Give a stored alarm that came from the other source its second id."""
        _, source, alarm_id = addition.name
        hub, channel, kind, code, phase, second = addition.sight
        other = Source.HISTORY if source is Source.PUSH else Source.PUSH
        start = second * MICROSECONDS_PER_SECOND
        # Spares the search for what is newer than all that could be its partner.
        if self._newest.get((hub, other), start - 1) < start:
            return None
        id_of = getattr(AlarmRow, id_column(source))
        partner = self.connection.scalar(
            select(AlarmRow.key)
            .where(
                AlarmRow.hub == hub,
                AlarmRow.channel.is_not_distinct_from(channel),
                AlarmRow.kind == kind,
                AlarmRow.code == code,
                AlarmRow.phase == phase,
                AlarmRow.time >= start,
                AlarmRow.time < start + MICROSECONDS_PER_SECOND,
                id_of.is_(None),
            )
            .order_by(AlarmRow.time, AlarmRow.key)
            .limit(1)
        )
        if partner is not None:
            self.connection.execute(
                update(AlarmRow)
                .where(AlarmRow.key == partner)
                .values({id_of: alarm_id})
            )
        return partner

    def _remember(self, addition: Addition) -> None:
        name = (addition.hub, addition.alarm.source)
        time = addition.values["time"]
        self._newest[name] = max(time, self._newest.get(name, time))
        self._recent[addition.name] = None
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]

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
            addition = each.addition
            addition.size = sum(len(file.content) for file in each.files)
            addition.values["size"] = addition.size
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

    def _insert(self, new: list[_New]) -> None:
        pictures = [
            picture_values(each.key, picture, file)
            for each in new
            for picture, file in each.pictures
        ]
        if new:
            self._insert_rows(_INSERT_ALARMS, [each.addition.values for each in new])
        if pictures:
            self._insert_rows(_INSERT_PICTURES, pictures)

    def _insert_rows(self, statement: Insert, rows: list[Values]) -> None:
        self.connection.execute(statement, {"rows": orjson.dumps(rows).decode()})

    def _delete(self, new: list[_New]) -> None:
        self._folder.delete(*(file.path for each in new for file in each.files))

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
        # At once, whatever the clock says later.
        "due": 0 if file is None and picture.reference else None,
    }


def _encoded(additions: list[Addition]) -> list[Addition]:
    """Return those that can be stored; the others have failed."""
    good = []
    for addition in additions:
        try:
            addition.values = encode(
                addition.alarm,
                hub=addition.hub,
                received=addition.received,
                late=addition.late,
            )
        except (AttributeError, TypeError, ValueError) as error:
            addition.result = Unstorable(type(error).__name__)
        else:
            good.append(addition)
    return good


def _pair_in_group(addition: Addition, new: list[_New]) -> _New | None:
    """Return the same alarm as the other source tells of it."""
    for each in new:
        if (
            not each.paired
            and not each.addition.alarm.common_id
            and each.addition.alarm.source is not addition.alarm.source
            and each.addition.sight == addition.sight
        ):
            return each
    return None

"""The messages as they are on the wire, read leniently (chapters 1 to 8).

Tables and samples disagree in names and types, so both are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
import hashlib
from typing import ClassVar, Final, override

from mashumaro import field_options

from ..model import Json
from ..toolkit.alarm_values import as_percent
from ..toolkit.fields import Fields
from ..toolkit.json_reader import is_json
from ..toolkit.lenient import (
    WireObject,
    as_int,
    as_number,
    as_text,
    decimal,
    many,
    number,
    secret,
    text,
)
from ..toolkit.replacing import untold_in
from ..toolkit.shapes import as_object, as_rows, value_in
from .server_clock import naive_time

PAGE_SIZE: Final = 50


class Category(IntEnum):
    """Which list a person is on (4.1)."""

    WHITE = 0
    BLACK = 1


class Classify(IntEnum):
    """What a capture was found to be (8.1)."""

    STRANGER = 0
    WHITE = 1


class TaskType(IntEnum):
    """What a task is for (6.1)."""

    ORDINARY = 0
    ROLL_CALL = 1
    SIGN_IN = 3


def config_of(info: Mapping[str, Json]) -> dict[str, Json]:
    """Return a configuration, which is an object or the text of one (7.2)."""
    return as_object(value_in(info, "config"))


def percent(similarity: float | None) -> float | None:
    """Make percent of a similarity or threshold from 0 to 1."""
    if similarity is None:
        return None
    scaled = as_percent(similarity * 100 if similarity <= 1 else similarity)
    return None if scaled is None else round(scaled, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library(WireObject):
    """3.3, one row."""

    lib_id: int | None = number()
    name: str = text()
    person_count: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(WireObject):
    """4.4, one row."""

    lib_id: int | None = number()
    person_id: int | None = number()
    name: str = secret()
    sex: int | None = number()
    card_no: str = secret()
    phone: str = secret()
    category: int | None = number()
    pic_url: str = secret()
    remark: str = secret()

    parts: ClassVar[tuple[str, ...]] = (
        *("name", "sex", "pic_url", "card_no", "phone", "category", "remark"),
    )
    """What 4.3 writes."""
    untold: tuple[str, ...] = ()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        row = super().__pre_deserialize__(d)
        untold = untold_in(row, cls.parts, filled=("name", "pic_url", "category"))
        return Fields(row, untold=[*untold])


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(WireObject):
    """5.4, one row."""

    camera_id: int | None = number()
    name: str = text()
    rtsp: str = secret()
    type: int | None = number()
    online: int | None = number()
    remark: str = text()

    parts: ClassVar[tuple[str, ...]] = ("name", "rtsp", "type", "remark")
    """What 5.3 writes."""
    untold: tuple[str, ...] = ()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        """Read `state`, too, as the sample calls `online`."""
        row = super().__pre_deserialize__(d)
        untold = untold_in(row, cls.parts, filled=("name", "rtsp", "type"))
        online = row.get("online", row.get("state"))
        return Fields(row, online=online, untold=[*untold])


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCamera(WireObject):
    """A camera of a task (6.4)."""

    camera_id: int | None = number()
    state: int | None = number()
    """0 when a running task could not open it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLibrary(WireObject):
    """A library of a task (6.4)."""

    lib_id: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(WireObject):
    """6.4, one row."""

    task_id: int | None = number()
    name: str = text()
    type: int | None = number()
    camera_list1: tuple[TaskCamera, ...] = many(TaskCamera)
    camera_list2: tuple[TaskCamera, ...] = many(TaskCamera)
    lib_list: tuple[TaskLibrary, ...] = many(TaskLibrary)
    interval: int | None = number()
    threshold: float | None = decimal()
    state: int | None = number()
    plan: str = text()
    remark: str = text()

    parts: ClassVar[tuple[str, ...]] = (
        *("name", "type", "camera_list1", "camera_list2", "lib_list"),
        *("interval", "threshold", "plan", "remark"),
    )
    """What 6.3 writes."""
    untold: tuple[str, ...] = ()

    @override
    @classmethod
    def __pre_deserialize__(cls, d: dict[str, Json]) -> dict[str, Json]:
        """Read `task_name`, too, as in the sample, and lists as requests have them."""
        told = super().__pre_deserialize__(d)
        row = Fields(told, name=told.get("name") or told.get("task_name"))
        may_be_empty = {"camera_list2", "plan", "remark"}
        untold = [*untold_in(row, cls.parts, filled={*cls.parts} - may_be_empty)]
        if "threshold" not in untold and _may_be_cut(row["threshold"]):
            untold.append("threshold")
        for key, part in (
            ("camera_list1", "camera_id"),
            ("camera_list2", "camera_id"),
            ("lib_list", "lib_id"),
        ):
            value = row.get(key)
            if isinstance(value, str) and not is_json(value.encode()):
                value = [*value.split(",")] if value.strip() else []
            rows: list[Json] = [
                each if isinstance(each, dict) else {part: each}
                for each in as_rows(value)
            ]
            row[key] = rows
            if any(as_int(as_object(each).get(part)) is None for each in rows):
                untold.append(key)
        row["untold"] = [*untold]
        return row

    @property
    def entries(self) -> tuple[int, ...]:
        """The cameras at the entry, or all."""
        return _ids(camera.camera_id for camera in self.camera_list1)

    @property
    def exits(self) -> tuple[int, ...]:
        """The cameras at the exit."""
        return _ids(camera.camera_id for camera in self.camera_list2)

    @property
    def libraries(self) -> tuple[int, ...]:
        """The libraries that faces are compared with."""
        return _ids(library.lib_id for library in self.lib_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDevice(WireObject):
    """5.5, one row."""

    ip: str = text()
    manufacturer: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(WireObject):
    """8.1, one row: an `Entry` of the list of records."""

    record_id: int | None = number()
    task_id: int | None = number()
    task_name: str = text()
    camera_id: int | None = number()
    camera_name: str = text()
    lib_id: int | None = number()
    lib_name: str = text()
    person_id: int | None = number()
    person_name: str = secret()
    category: int | None = number()
    classify: int | None = number()
    similarity: float | None = decimal()
    pic_url: str = secret()
    capture_url: str = secret()
    capture_time: str = text()
    create_time: str = text()
    neighbour: int | None = field(
        default=None, metadata=field_options(deserialize=lambda _: None)
    )
    """The number of the record beside it, where it has none of its own."""

    @property
    def created(self) -> str:
        """When the record was made, in digits; empty when it does not say."""
        time = naive_time(self.create_time) or naive_time(self.capture_time)
        return f"{time:%Y%m%d%H%M%S}" if time else ""

    @property
    def position(self) -> int:
        """The number of the record, or else its time."""
        number = self.neighbour if self.record_id is None else self.record_id
        return int(self.created or 0) if number is None else max(number, 0)

    @property
    def key(self) -> str:
        """Name the record, also when numbers begin anew or there are none."""
        if self.record_id is not None:
            return f"{self.record_id}@{self.created}"
        parts = (self.task_id, self.camera_id, self.person_id, self.created)
        content = f"{parts}{self.capture_time}{self.capture_url}"
        return hashlib.blake2b(
            content.encode(errors="surrogatepass"), digest_size=16
        ).hexdigest()

    @property
    def is_record(self) -> bool:
        """Whether it has anything by which it can be told from others."""
        return self.record_id is not None or bool(self.created)


def _may_be_cut(threshold: Json) -> bool:
    """Tell whether it may have had a fraction: 6.4 has it as a whole number."""
    number = as_number(threshold)
    has_point = isinstance(threshold, float) or "." in as_text(threshold)
    return number is None or (number <= 1 and not has_point)


def placed(records: Iterable[Capture]) -> tuple[Capture, ...]:
    """Give records whose number cannot be read a place among the others."""
    rows = tuple(records)
    known = [row.record_id for row in rows if row.record_id is not None]
    if len(known) in (0, len(rows)):
        return rows
    beside = known[0]
    found: list[Capture] = []
    for row in rows:
        beside = beside if row.record_id is None else row.record_id
        unnumbered = row.record_id is None
        found.append(replace(row, neighbour=beside) if unnumbered else row)
    return tuple(found)


def _ids(values: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(value for value in values if value is not None)

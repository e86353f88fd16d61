"""What records say."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from custom_components.vision_hub.vendors.camguard.alarms import KINDS, read_record
from custom_components.vision_hub.vendors.camguard.server_clock import (
    ServerClock,
    naive_time,
)
from custom_components.vision_hub.vendors.camguard.wire import (
    Capture,
    Category,
    Classify,
    Task,
    config_of,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm, Json, LibraryKind, Passage
from custom_components.vision_hub.vendors.toolkit.json_reader import read_json

from .conftest import record

NOW = datetime(2024, 5, 1, 2, 0, tzinfo=UTC)


def alarm_of(tasks: dict[int, Task] | None = None, **changes: Any) -> Alarm:
    row = Capture.from_dict(record(7, **changes))
    return read_record(row, ServerClock(), tasks or {}, NOW)


def test_every_code_has_a_kind() -> None:
    """8.1 with 4.1: what was found, and which list the person is on."""
    kinds = {
        alarm_of(classify=int(classify), category=int(category)).kind
        for classify in Classify
        for category in Category
    }
    assert kinds == set(KINDS.values())
    assert AlarmKind.OTHER not in kinds


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"classify": 0, "category": 1}, AlarmKind.FACE_STRANGER, "classify_0"),
        ({"classify": 1, "category": 0}, AlarmKind.FACE_RECOGNIZED, "category_0"),
        ({"classify": "1", "category": "1"}, AlarmKind.FACE_BLACKLISTED, "category_1"),
        ({"classify": 2, "category": 1}, AlarmKind.FACE_BLACKLISTED, "category_1"),
        ({"classify": 2, "category": 0}, AlarmKind.OTHER, "classify_2"),
        ({"classify": 1, "category": 9}, AlarmKind.FACE_RECOGNIZED, "category_9"),
        ({"classify": None, "category": 1}, AlarmKind.FACE_BLACKLISTED, "category_1"),
        (
            {"classify": None, "person_id": None, "person_name": ""},
            AlarmKind.FACE_STRANGER,
            "classify_0",
        ),
    ],
)
def test_kinds(changes: dict[str, Any], kind: AlarmKind, code: str) -> None:
    alarm = alarm_of(**changes)
    assert (alarm.kind, alarm.code) == (kind, code)


@pytest.mark.parametrize(
    ("own", "changes", "kind"),
    [
        # The server swaps `sex` and `category`: a man, a woman, a woman to be stopped.
        (LibraryKind.ALLOWED, {"sex": 0, "category": 1}, AlarmKind.FACE_RECOGNIZED),
        (LibraryKind.ALLOWED, {"sex": 0, "category": 2}, AlarmKind.FACE_RECOGNIZED),
        (LibraryKind.BLOCKED, {"sex": 1, "category": 2}, AlarmKind.FACE_BLACKLISTED),
        (LibraryKind.BLOCKED, {"category": 0}, AlarmKind.FACE_BLACKLISTED),
        (LibraryKind.BLOCKED, {"classify": 2}, AlarmKind.FACE_BLACKLISTED),
        (LibraryKind.BLOCKED, {"classify": 0}, AlarmKind.FACE_STRANGER),
        (None, {"category": 1}, AlarmKind.FACE_BLACKLISTED),
    ],
)
def test_the_own_list_decides(
    own: LibraryKind | None, changes: dict[str, Any], kind: AlarmKind
) -> None:
    row = Capture.from_dict(record(7, **changes))
    assert read_record(row, ServerClock(), {}, NOW, own).kind is kind


def test_who_it_was() -> None:
    (match,) = alarm_of().matches
    assert (match.person_id, match.name) == ("5", "Rose")
    assert (match.library_id, match.library, match.similarity) == ("1", "Staff", 87.5)
    assert alarm_of(similarity="0.5").matches[0].similarity == 50
    assert alarm_of(similarity=93).matches[0].similarity == 93
    assert alarm_of(similarity={}).matches[0].similarity is None
    assert alarm_of(classify=0).matches == ()
    assert "Rose" not in repr(match)
    assert "110101" not in repr(Capture.from_dict(record(1)))


def test_ids_survive_a_reset_of_the_database() -> None:
    assert alarm_of().id == alarm_of(person_name="Rosa").id
    assert alarm_of().id != alarm_of(create_time="2024-05-02 10:00:07").id
    assert alarm_of().id != alarm_of(record_id=8).id
    assert alarm_of(record_id=None).id != alarm_of(record_id=None, camera_id=2).id


@pytest.mark.parametrize("junk", [None, "", "x", 12, [], {}, "2024-13-45 10:00:00"])
def test_odd_fields_lose_nothing(junk: Any) -> None:
    for name in record(7):
        alarm = alarm_of(**{name: junk})
        assert alarm.id
    alarm = alarm_of(capture_time=junk, create_time=junk)
    assert alarm.time == NOW
    assert alarm.id == "7@"


@pytest.mark.parametrize(
    ("type_", "entries", "exits", "passage"),
    [
        (1, "1,2", "3", Passage.ENTRY),
        (3, [{"camera_id": 2}], [{"camera_id": "1"}], Passage.EXIT),
        ("1", [1], [], Passage.ENTRY),
        (0, "1", "3", None),
        (1, "1", "1", None),
        (1, "2", "3", None),
        (1, None, 5, None),
    ],
)
def test_passage(type_: Any, entries: Any, exits: Any, passage: Passage | None) -> None:
    task = Task.from_dict(
        {
            "task_id": 1,
            "name": "T",
            "type": type_,
            "camera_list1": entries,
            "camera_list2": exits,
        }
    )
    assert alarm_of({1: task}).passage is passage


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2001-01-01 00: 00:00 ", datetime(2001, 1, 1)),  # noqa: DTZ001
        ("2024-5-1 9:08:07", datetime(2024, 5, 1, 9, 8, 7)),  # noqa: DTZ001
        ("2024-05-01T09:08:07.123", datetime(2024, 5, 1, 9, 8, 7)),  # noqa: DTZ001
        ("2024-02-30 00:00:00", None),
        ("0001-01-01 00:00:00", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_times(text: str, time: datetime | None) -> None:
    assert naive_time(text) == time


def test_the_clock_learns_its_zone() -> None:
    clock = ServerClock()
    assert clock.minutes == 480
    assert clock.offset is None
    now = datetime(2024, 5, 1, 12, tzinfo=UTC)
    nepal = now + timedelta(hours=5, minutes=45, seconds=-4)
    clock.learn(nepal.replace(tzinfo=None), now)
    assert clock.minutes == 345
    assert clock.offset == timedelta(seconds=-4)
    # A clock that is wrong by minutes does not move the zone.
    clock.learn((nepal + timedelta(minutes=8)).replace(tzinfo=None), now)
    assert clock.minutes == 345
    # What was off in another zone says nothing about this one.
    assert clock.offset == timedelta(minutes=8, seconds=-4)
    clock.learn((nepal + timedelta(hours=1)).replace(tzinfo=None), now)
    assert (clock.minutes, clock.offset) == (405, timedelta(seconds=-4))
    clock.learn(nepal.replace(tzinfo=None), now)
    assert (clock.minutes, clock.offset) == (345, timedelta(seconds=-4))
    # One that is wrong by years tells nothing.
    clock.learn(datetime(1970, 1, 1), now)  # noqa: DTZ001
    assert clock.minutes == 345
    assert clock.read("2024-05-01 17:45:00") == now.astimezone(
        timezone(timedelta(minutes=345))
    )


def test_json_of_the_samples() -> None:
    assert read_json(b'{"info": {"items": [{"a": 1}]}\n"msg": ""}') == {
        "info": {"items": [{"a": 1}]},
        "msg": "",
    }
    assert read_json(b'{"code": 0,\n}') == {"code": 0}
    configs: list[Json] = ['{ "ip": "10.0.0.1" }', {"ip": "10.0.0.1"}]
    for config in configs:
        assert config_of({"config": config}) == {"ip": "10.0.0.1"}
    odd: list[Json] = ["", "x", 5, None, []]
    for junk in odd:
        assert config_of({"config": junk}) == {}

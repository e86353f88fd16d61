"""One record never blocks another; of what is odd the key and the type are kept."""

from dataclasses import dataclass
from typing import Any

import pytest

from custom_components.vision_hub.vendors.model import Json
from custom_components.vision_hub.vendors.toolkit.lenient import (
    WireObject,
    number,
    secret,
)
from custom_components.vision_hub.vendors.toolkit.read_notes import (
    Oddity,
    ReadNote,
    ReadNotes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(WireObject):
    person_id: int | None = number()
    name: str = secret()


def told(notes: ReadNotes) -> dict[ReadNote, int]:
    return dict(notes)


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), TypeError("x"), KeyError("x"), OverflowError, AttributeError],
)
def test_a_record_that_fails_is_passed_over(error: Any) -> None:
    def read(row: dict[str, Json]) -> Json:
        if row["id"] == 2:
            raise error
        return row["id"]

    notes = ReadNotes()
    rows: list[Json] = [{"id": 1}, {"id": 2}, None, {"id": 2}, {"id": 3}]
    assert list(notes.understood("search", rows, read, needed="id")) == [1, 3]
    name = error.__name__ if isinstance(error, type) else type(error).__name__
    assert told(notes) == {
        ReadNote("search", Oddity.UNREADABLE, name): 2,
        ReadNote("search", Oddity.UNREADABLE, "row", "NoneType"): 1,
    }


def test_who_has_no_id_is_counted() -> None:
    notes = ReadNotes()
    rows: list[Json] = [
        {"person_id": "7", "name": "Li Lei"},
        {"person_id": "Li Lei", "name": "Li Lei"},
        {"person_id": 1e30, "name": "Li Lei"},
        {"name": "Li Lei"},
        "Li Lei",
    ]
    found = list(notes.identified("persons", Person, rows, "person_id"))
    assert [person.person_id for person in found] == [7]
    assert told(notes) == {
        ReadNote("persons", Oddity.UNREADABLE, "person_id", "str"): 1,
        ReadNote("persons", Oddity.UNREADABLE, "person_id", "float"): 1,
        ReadNote("persons", Oddity.UNREADABLE, "person_id", "NoneType"): 1,
        ReadNote("persons", Oddity.UNREADABLE, "row", "str"): 1,
    }
    assert "Li Lei" not in repr(told(notes))


def test_notes_have_an_end_and_no_names() -> None:
    notes = ReadNotes()
    for count in range(1000):
        notes.add("push", Oddity.UNKNOWN, f"key_{count}", int)
    assert len(told(notes)) == 200
    notes = ReadNotes()
    notes.add("push", Oddity.UNKNOWN, "李雷", str)
    notes.add("push", Oddity.UNKNOWN, "x" * 50, str)
    assert told(notes) == {ReadNote("push", Oddity.UNKNOWN, "*", "str"): 2}


def test_each_kind_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    notes = ReadNotes()
    for _ in range(5):
        notes.add("push", Oddity.UNKNOWN, "type", str)
    assert len(caplog.records) == 1
    assert caplog.records[0].levelname == "DEBUG"

"""Which alarms and persons a query wants."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import AlarmQuery, PersonQuery
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Match,
    Person,
    PersonDetails,
    Source,
    Target,
)

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ALARM = Alarm(
    id="1",
    kind=AlarmKind.FACE_RECOGNIZED,
    code="face",
    time=NOW,
    source=Source.HISTORY,
    channel="7",
    matches=(Match(person_id="p", name="Ann Lee"), Match(person_id="q", name="Bob")),
    targets=(Target(), Target(plate="京A12345")),
)


async def each[T](items: Iterable[T]) -> AsyncIterator[T]:
    for item in items:
        yield item


def alarm_query(**wanted: Any) -> AlarmQuery:
    return AlarmQuery(start=NOW - timedelta(days=1), end=NOW, **wanted)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, True),
        ({"kinds": frozenset({AlarmKind.FACE_RECOGNIZED})}, True),
        ({"kinds": frozenset({AlarmKind.FIRE})}, False),
        ({"channels": ("7", "8")}, True),
        ({"channels": ("8",)}, False),
        ({"person": " lee "}, True),
        ({"person": "BOB"}, True),
        ({"person": "Carl"}, False),
        ({"plate": "a123"}, True),
        ({"plate": "B1"}, False),
        ({"plate": "a123", "person": "Carl"}, False),
    ],
)
def test_which_alarms_match(wanted: dict[str, Any], found: bool) -> None:
    assert alarm_query(**wanted).matches(ALARM) is found


async def test_alarms_are_selected_once_and_no_more_than_wanted() -> None:
    alarms = [replace(ALARM, id=id_) for id_ in "aabcd"]
    alarms[3] = replace(alarms[3], channel="8")
    everything = alarm_query(channels=("7",)).select(each(alarms))
    assert [alarm.id async for alarm in everything] == ["a", "b", "d"]
    some = alarm_query(limit=2).select(each(alarms))
    assert [alarm.id async for alarm in some] == ["a", "b"]


def person(id_: str, library: str = "1", **details: Any) -> Person:
    return Person(id=id_, library_id=library, details=PersonDetails(**details))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "abc"),
        ({"name": " ann "}, "ac"),
        ({"name": "An"}, ""),
        ({"id_number": "X1"}, "ab"),
        ({"name": "Ann", "id_number": "x1"}, "a"),
        ({"limit": 2}, "ab"),
    ],
)
async def test_which_persons_are_selected(wanted: dict[str, Any], found: str) -> None:
    persons = [
        person("a", name="Ann", id_number="x1"),
        person("b", id_number="x1"),
        person("a", name="Ann", id_number="x1"),
        person("c", name="ANN"),
    ]
    selected = PersonQuery(**wanted).select(each(persons))
    assert "".join([each.id async for each in selected]) == found


async def test_a_vendor_tells_who_is_the_same_in_two_libraries() -> None:
    persons = [person("a", "1"), person("a", "2")]
    query = PersonQuery()
    assert len([each async for each in query.select(each(persons))]) == 2
    by_id = query.select(each(persons), key=lambda person: person.id)
    assert [each.library_id async for each in by_id] == ["1"]

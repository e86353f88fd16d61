"""Answers in another shape than the manuals print."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from custom_components.vision_hub.vendors.errors import RejectedByHub, UnexpectedAnswer
from custom_components.vision_hub.vendors.model import Json
from custom_components.vision_hub.vendors.toolkit.connection import Page, rows_of_pages
from custom_components.vision_hub.vendors.toolkit.lenient import (
    WireObject,
    as_bool,
    as_int,
    as_number,
    as_text,
    flag,
    many,
    number,
    numbers,
    object_of,
    rows_of,
    text,
)
from custom_components.vision_hub.vendors.toolkit.shapes import (
    as_object,
    content_of,
    list_in,
    messages_in,
    rows_in,
    value_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(WireObject):
    part_id: int | None = number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(WireObject):
    thing_id: int | None = number()
    thing_name: str = text()
    armed: bool | None = flag()
    lib_ids: tuple[int, ...] = numbers()
    parts: tuple[Part, ...] = many(Part)
    best: Part | None = field(default=None, metadata=object_of(Part))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        *((5, 5), ("5", 5), (" 5\0", 5), (5.0, 5), ("5.0", 5), ("005", 5)),
        *((True, 1), ("true", 1), ("on", 1), ("False", 0), (None, None), ("y", None)),
        *((2**64 - 1, 2**64 - 1), (2**64, None), (str(2**70), None), (-(2**70), None)),
        *(("9007199254740993", 9007199254740993), ("1e30", None), (1e30, None)),
        *(("nan", None), (float("inf"), None), ("9" * 5000, None), ([5], None)),
    ],
)
def test_whole_numbers(value: Any, told: int | None) -> None:
    assert as_int(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        *((True, True), (1, True), (1.0, True), ("1", True), ("TRUE", True)),
        *(("enabled", True), ("Y", True), ("１", True), ("1.0", True)),
        *(("Disable", False), ("n", False), ("0.0", False), ("2", None)),
        *(("on", True), ("ture", True), ("yes", True), (False, False), (0, False)),
        *(
            ("0", False),
            ("off", False),
            ("", None),
            (None, None),
            (2, None),
            ([], None),
        ),
    ],
)
def test_truth(value: Any, told: bool | None) -> None:
    assert as_bool(value) is told


def test_text_and_decimals() -> None:
    assert as_text(" Gate\0\0") == "Gate"
    assert [as_text(each) for each in (7, 7.0, 7.5, True, None, [])] == [
        *("7", "7", "7.5", "true", "", "")
    ]
    assert [as_number(each) for each in ("2.5", 2, "x", 1e300, "inf")] == [
        *(2.5, 2.0, None, None, None)
    ]


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ([{"part_id": 1}, {"part_id": 2}], [1, 2]),
        ({"part_id": 1}, [1]),
        ('[{"part_id": "1"}]', [1]),
        ([None, 3, "x", {}, {"PartId": 4.0}], [4]),
        # An array of a language that has none.
        ({"0": {"part_id": 1}, "1": {"part_id": 2}}, [1, 2]),
        *((None, []), ("", []), ({}, []), ([], []), ("x", []), (0, [])),
    ],
)
def test_lists_of_objects(value: Any, ids: list[int]) -> None:
    assert [part.part_id for part in rows_of(Part, value)] == ids
    assert [part.part_id for part in Thing.from_dict({"parts": value}).parts] == ids


def test_an_object_of_odd_types() -> None:
    told = {
        "ThingID": "7",
        "thing_name": 12,
        "armed": "on",
        "libIds": "1,2",
        "best": [{"part_id": 3}],
    }
    expected = Thing(
        thing_id=7,
        thing_name="12",
        armed=True,
        lib_ids=(1, 2),
        best=Part(part_id=3),
    )
    assert Thing.from_dict(told) == expected
    # One level deeper than it should be.
    assert Part.from_dict({"code": 1, "part": {"part_id": 3}}) == Part(part_id=3)
    assert Thing.from_dict({"user": {"id": 1}, "thing": told}) == expected
    assert Thing.from_dict({"libIds": 5}).lib_ids == (5,)
    for several in ("1;2", "1 2", "1，2", "[1, 2]", '["1","2"]', ["1", 2], "1|2"):
        assert Thing.from_dict({"libIds": several}).lib_ids == (1, 2)
    assert Thing.from_dict({}) == Thing()


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        ({"list": [1], "total": 1}, [1]),
        ({"total": 0}, []),
        ({"total": "0", "list": None}, []),
        *(({"list": None}, []), ({"list": ""}, []), ({"list": {}}, [])),
        *((None, []), ("", []), ([2], [2])),
        ({"list": {"id": 1}}, [{"id": 1}]),
        ({"page": {"list": [1], "total": 1}}, [1]),
        ({"list": {"list": [3]}}, [3]),
        ({"LIST": [4]}, [4]),
        ({"rows": [5]}, [5]),
        ({"list": {"1": {"id": 1}, "2": {"id": 2}}}, [{"id": 1}, {"id": 2}]),
        *(({"count": 0}, []), ({"result_num": "0"}, []), ({"total": 0.0}, [])),
        *(({"list": "null"}, []), ({"list": "[]"}, []), ({"list": False}, [])),
        ({"list": None, "count": 2}, None),
        # What is counted and not shown is no empty list, nor is what has none.
        *(({"list": None, "total": 2}, None), ({}, None), ({"page": 1}, None)),
        *(({"list": "x"}, None), ({"list": 7}, None), ("x", None), (5, None)),
    ],
)
def test_lists_of_answers(answer: Any, rows: list[Json] | None) -> None:
    assert list_in(answer, "list", "rows") == rows
    assert rows_in(answer, "list", "rows") == (rows or [])


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 0, "data": {"key": "k"}},
        {"code": 0, "Data": [{"key": "k"}]},
        {"code": 0, "msg": "", "timestamp": 1, "key": "k"},
        {"code": 0, "data": None, "key": "k"},
        {"code": 0, "data": {"data": {"key": "k"}}},
        {"code": 0, "data": {"code": 0, "msg": "", "result": {"key": "k"}}},
        {"code": 0, "result": {"key": "k"}},
        {"code": 0, "data": {"user": 1, "session": {"key": "k"}}},
        {"code": 0, "data": '{"key": "k"}'},
    ],
)
def test_answers_a_level_deeper_or_higher(answer: dict[str, Json]) -> None:
    assert value_in(content_of(answer, "data"), "key") == "k"


def test_what_an_answer_says_of_itself_is_no_content() -> None:
    assert (
        content_of({"code": 0, "msg": "", "timeCost": 3, "data": None}, "data") is None
    )
    assert content_of({"code": 0, "data": "session"}, "data") == "session"


@pytest.mark.parametrize(
    "pushed",
    [
        {"type": 1},
        [{"type": 1}],
        {"data": {"type": 1}},
        {"time": 5, "events": [{"type": 1}, 7]},
        {"code": 0, "data": {"list": [{"type": 1}]}},
        {"code": 0, "data": {"params": '{"type": 1}'}},
    ],
)
def test_messages_within_messages(pushed: Any) -> None:
    assert messages_in(pushed, "type", "face") == [{"type": 1}]
    assert messages_in([pushed, None, pushed], "type") == [{"type": 1}] * (
        2 if isinstance(pushed, dict) else 0
    )


@pytest.mark.parametrize("total", ["page", "all", "none", "nought"])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 25])
@pytest.mark.parametrize("beyond", ["empty", "refused", "last", "first"])
async def test_a_full_page_is_followed_by_another(
    total: str, count: int, beyond: str
) -> None:
    rows: list[Json] = list(range(count))

    async def ask(seen: int, size: int) -> Page:
        page = rows[seen : seen + size]
        if not page and seen:
            match beyond:
                case "refused":
                    raise RejectedByHub("4", "There is no such page")
                case "last":
                    page = rows[-size:]
                case "first":
                    page = rows[:size]
        totals = {"page": len(page), "all": count, "none": None, "nought": 0}
        return Page(page, totals[total])

    assert [row async for row in rows_of_pages(ask, 10)] == rows


async def test_a_page_that_fails_is_no_end() -> None:
    async def ask(seen: int, size: int) -> Page:
        if seen:
            raise UnexpectedAnswer("broken")
        return Page([*range(size)], 25)

    with pytest.raises(UnexpectedAnswer, match="broken"):
        [row async for row in rows_of_pages(ask, 10)]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        *(({"a": 1}, {"a": 1}), ([{"a": 1}], {"a": 1}), ('{"a": 1}', {"a": 1})),
        *(([None, {"a": 1}, "x"], {"a": 1}), ([{"a": 1}, {"a": 2}], {})),
        *((None, {}), ("a", {}), ([1], {}), (5, {})),
    ],
)
def test_an_object_however_it_is_wrapped(value: Any, told: Any) -> None:
    assert as_object(value) == told

"""Libraries and who is in them, and what the node keeps of the past."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import AlarmQuery, PersonQuery
from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Gender,
    LibraryKind,
    PersonDetails,
    Source,
)
from custom_components.vision_hub.vendors.sensetime.hub import SenseTimeHub, history

from .conftest import JPEG, Node, done, fail, paged
from .test_alarms import RESULT


async def test_libraries(node: Node, hub: SenseTimeHub) -> None:
    assert hub.people
    node.answers |= {"1025": done({"lib_id": 5, "lib_name": "New"}), "1027": done()}
    node.answers["1026"] = fail(-123)
    made = await hub.people.create_library("New", kind=LibraryKind.BLOCKED)
    assert (made.id, made.kind) == ("5", LibraryKind.BLOCKED)
    await hub.people.update_library("1", kind=LibraryKind.ALLOWED)
    await hub.people.update_library("2", name="Crew")
    await hub.people.update_library("1", name="Banned")
    assert node.asked(1025) == [{"lib_name": "New", "lib_type": 1}]
    assert node.asked(1027) == [
        {"lib_id": 1, "lib_name": "Wanted", "lib_type": 2},
        {"lib_id": 2, "lib_name": "Crew", "lib_type": 2},
        {"lib_id": 1, "lib_name": "Banned", "lib_type": 1},
    ]
    with pytest.raises(InvalidRequest):
        await hub.people.update_library("9", name="x")
    with pytest.raises(RejectedByHub):
        await hub.people.delete_library("1")


async def test_persons(node: Node, hub: SenseTimeHub) -> None:
    assert hub.people
    rows = [
        {"img_id": f"p{n}", "person_name": "Wang", "person_gender": n % 2}
        for n in range(70)
    ]
    node.answers["1035"] = lambda body: (
        paged(rows)(body) if body["lib_id"] == 1 else fail(-110)
    )
    query = PersonQuery(name="wang")
    found = [person async for person in hub.people.persons(query)]
    assert len(found) == 70
    assert found[0].details.gender is Gender.FEMALE
    query = PersonQuery(libraries=("1",), limit=3)
    assert len([person async for person in hub.people.persons(query)]) == 3


async def test_enrolling(node: Node, hub: SenseTimeHub) -> None:
    assert hub.people
    node.answers |= {"1051": done({"img_id": "new"}), "1033": done({})}
    details = PersonDetails(name="Wang", gender=Gender.MALE, id_number="123")
    person = await hub.people.enroll("1", details, JPEG)
    assert person.id == "new"
    (sent,) = node.asked(1051)
    assert sent.pop("img")["filename"] == "face.jpg"
    assert sent == {
        "lib_id": 1,
        "person_name": "Wang",
        "person_gender": "1",
        "person_idcard": "123",
    }
    await hub.people.update("new", "1", PersonDetails(remark="Hall"))
    assert node.asked(1033) == [{"img_id": "new", "lib_id": 1, "person_addr": "Hall"}]
    for odd, picture, error in (
        (PersonDetails(), JPEG, InvalidRequest),
        (PersonDetails(name="a,b"), JPEG, InvalidRequest),
        (PersonDetails(name="a"), b"GIF89a", InvalidRequest),
        (PersonDetails(name="a", birth_date=date(2000, 1, 1)), JPEG, Unsupported),
    ):
        with pytest.raises(error):
            await hub.people.enroll("1", odd, picture)
    with pytest.raises(Unsupported):
        await hub.people.update("new", "1", PersonDetails(), JPEG)


async def test_removing(node: Node, hub: SenseTimeHub) -> None:
    assert hub.people
    node.answers["1044"] = done()
    node.answers["1032"] = lambda body: (
        done({}) if (body["lib_id"], body["img_id"]) == (2, "a") else fail(-126)
    )
    await hub.people.remove(tuple(f"p{n}" for n in range(60)), "1")
    assert [body["img_ids"].count(",") for body in node.asked(1044)] == [49, 9]
    await hub.people.remove(("a",), None)
    assert node.asked(1044)[-1] == {"lib_id": 2, "img_ids": "a"}
    for nobody in ("b", "", "a,b"):
        with pytest.raises(InvalidRequest):
            await hub.people.remove((nobody,), None)


async def test_search_and_compare(node: Node, hub: SenseTimeHub) -> None:
    assert hub.people
    node.answers["780"] = done(
        {
            "In_pic": {},
            "topn": [
                {"img_id": "a", "lib_id": 1, "similarity": 36, "name": 7},
                {"img_id": "b", "similarity": "93"},
            ],
        }
    )
    found = await hub.people.search(JPEG, (), 5)
    assert [(match.person_id, match.similarity) for match in found] == [
        ("b", 93),
        ("a", 36),
    ]
    sent = node.asked(780)[0]
    assert (sent["lib_ids"], sent["topk"], sent["threshold"]) == ("1,2", 5, 0)
    for key in ("FaceImg1to1Rsp_Score", "Facelmg1to1Rsp_Score"):
        node.answers["781"] = done({key: 30})
        assert await hub.people.compare(JPEG, JPEG) == 30
    node.answers["781"] = done({})
    with pytest.raises(UnexpectedAnswer):
        await hub.people.compare(JPEG, JPEG)


NOON = datetime(2019, 1, 24, 4, 0, tzinfo=UTC)


def row(name: str, second: int, **changes: Any) -> dict[str, Any]:
    local = NOON + timedelta(hours=8, seconds=second)
    return RESULT | {"snap_id": name, "trigger": f"{local:%Y-%m-%d %H:%M:%S}"} | changes


def recorded(rows: list[dict[str, Any]]) -> Any:
    """Answer a search, oldest first."""

    def answer(body: dict[str, Any]) -> Any:
        inside = [
            each
            for each in rows
            if body["start_time"] <= each["trigger"] <= body["stop_time"]
            and body.get("channel", each["channel"]) == each["channel"]
        ]
        return paged(sorted(inside, key=lambda each: str(each["trigger"])))(body)

    return answer


async def find(hub: SenseTimeHub, **changes: Any) -> list[Alarm]:
    await hub.connect()
    assert hub.history
    query = AlarmQuery(start=NOON, end=NOON + timedelta(hours=1), **changes)
    return [alarm async for alarm in hub.history.search(query)]


async def test_the_past(node: Node, hub: SenseTimeHub) -> None:
    nobody = {"img_id": "", "img_path": "", "person_name": ""}
    node.answers |= {
        "1036": recorded([row("hit", 10)]),
        "1037": recorded(
            [row("hit", 10, **nobody), row("other", 20, similarity=-1, channel=2)]
        ),
        "1046": recorded([row("hit", 15, body_attr={"st_hat": "st_hat"})]),
    }
    found = await find(hub)
    assert [(alarm.id, alarm.kind) for alarm in found] == [
        ("other", AlarmKind.FACE_CAPTURED),
        ("hit:body", AlarmKind.PERSON_DETECTED),
        ("hit", AlarmKind.FACE_BLACKLISTED),
    ]
    assert found[-1].matches[0].person_id == RESULT["img_id"]
    assert {alarm.source for alarm in found} == {Source.HISTORY}
    assert [alarm.id for alarm in await find(hub, channels=("2",))] == ["other"]
    assert len(await find(hub, limit=2)) == 2
    assert len(await find(hub, person="1201020000000589932")) == 1
    kinds = frozenset({AlarmKind.PERSON_DETECTED})
    asked = len(node.asked(1037))
    assert len(await find(hub, kinds=kinds)) == 1
    assert len(node.asked(1037)) == asked
    assert await find(hub, plate="x") == []
    assert await find(hub, kinds=frozenset({AlarmKind.FIRE})) == []


async def test_who_is_seen_during_a_search_is_known(
    node: Node, hub: SenseTimeHub
) -> None:
    """A face that the node records between two requests is not told without its name."""
    nobody = {"img_id": "", "img_path": "", "person_name": ""}
    rows: dict[str, list[dict[str, Any]]] = {"1036": [], "1037": []}

    def answer(number: str) -> Any:
        def late(body: dict[str, Any]) -> Any:
            answered = recorded(rows[number])(body)
            rows["1036"], rows["1037"] = [row("hit", 10)], [row("hit", 10, **nobody)]
            return answered

        return late

    node.answers |= {number: answer(number) for number in rows}
    for _ in range(2):
        (alarm,) = await find(hub)
        assert alarm.matches[0].person_id == RESULT["img_id"]
        assert {picture.reference for picture in alarm.pictures} == {
            "record/5672fb61.jpg",
            "img/12_3c370627.jpg",
        }


async def test_much_of_the_past(
    node: Node, hub: SenseTimeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MOST", 60)
    rows = [row(f"n{number}", number * 3) for number in range(400)]
    node.answers["1037"] = recorded(rows)
    found = await find(hub)
    assert [alarm.id for alarm in found] == [f"n{n}" for n in reversed(range(400))]


async def test_a_node_that_does_not_look_at_times(
    node: Node, hub: SenseTimeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MOST", 60)
    rows = [row(f"n{number}", number * 60 - 1800) for number in range(90)]
    node.answers["1037"] = paged(rows)
    assert len(await find(hub)) == 60
    assert len(node.asked(1037)) < 20


async def test_nothing_in_the_past(node: Node, hub: SenseTimeHub) -> None:
    node.answers["1036"] = fail(-105)
    assert await find(hub) == []

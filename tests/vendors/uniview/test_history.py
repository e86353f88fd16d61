"""Searching what the hub keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import AlarmQuery
from custom_components.vision_hub.vendors.errors import InvalidRequest, UnexpectedAnswer
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm
from custom_components.vision_hub.vendors.toolkit import time_windows
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub, history

from .conftest import ScriptedBox, done, paged
from .test_poll import camera

START = 1716480000
START_TIME = datetime.fromtimestamp(START, UTC)
DAY = timedelta(days=1)
SEARCHES = ("behavior", "facecap", "behaviormatch", "facematch")
COMPARED = {"match_type": 1, "base_image_id": 2005, "name": "Ann", "similarity": 95}


def behaviour(number: int, second: int, **changes: Any) -> dict[str, Any]:
    return {
        "alarm_id": number,
        "capture_time": START + second,
        "channel_id": 1,
        "channel_name": "Camera1",
        "algo_model": "SafetyHelmetAlarm",
        "big_picture_url": f"/scene/{second}",
        "object_list": [{"plate_no": ""}],
        "compare_list": [],
    } | changes


def face(number: int, second: int, **changes: Any) -> dict[str, Any]:
    return (
        behaviour(
            number,
            second,
            algo_model="ObjectIsRecognized",
            small_picture_url=f"/face/{second}",
            object_list=[],
        )
        | changes
    )


class Archive:
    """The four searches of a box, in any order of rows."""

    def __init__(self, box: ScriptedBox) -> None:
        self.box = box
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SEARCHES}
        self.longest_page = 1000
        self.looks_at_times = True
        self.total = True
        box.answers["channel/list"] = paged("channel_list", [camera(1), camera(2)])
        for name in SEARCHES:
            box.answers[f"search/{name}"] = lambda params, name=name: self.answer(
                name, params
            )

    def answer(self, name: str, params: Any) -> Any:
        codes = params.get("algo_model")
        rows = [
            row
            for row in self.rows[name]
            if not self.looks_at_times
            or params["start_time"] <= row["capture_time"] <= params["end_time"]
            if row["channel_id"] in params["channel_id"]
            if not codes or row["algo_model"].strip() in codes
        ]
        size = min(params["pagesize"], self.longest_page)
        answer = paged("list", rows)({**params, "pagesize": size})
        if not self.total:
            del answer["data"]["total"]
        return answer

    def asked(self, name: str) -> list[Any]:
        return self.box.asked(f"search/{name}")


@pytest.fixture
def archive(scripted: ScriptedBox) -> Archive:
    return Archive(scripted)


async def search(hub: UniviewHub, **changes: Any) -> list[Alarm]:
    query = AlarmQuery(**{"start": START_TIME, "end": START_TIME + DAY} | changes)
    assert hub.history
    return [alarm async for alarm in hub.history.search(query)]


async def test_all_searches_newest_first(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["behavior"] = [behaviour(1, 10), behaviour(2, 40)]
    archive.rows["facecap"] = [face(1, 20), face(2, 30)]
    alarms = await search(hub)
    assert [alarm.id for alarm in alarms] == [
        "behavior:2",
        "facecap:2",
        "facecap:1",
        "behavior:1",
    ]
    common = {
        "channel_id": [1, 2],
        "start_time": START,
        "end_time": START + 86400,
        "page": 1,
        "pagesize": 100,
    }
    assert archive.asked("behavior") == [common | {"compare_flag": 1}]
    assert archive.asked("facecap") == [common | {"compare_flag": 1}]
    assert archive.asked("behaviormatch") == [common]
    assert archive.asked("facematch") == [common]


async def test_one_event_in_two_searches_comes_once(
    archive: Archive, hub: UniviewHub
) -> None:
    archive.rows["behavior"] = [
        behaviour(6318, 10, video_url="/v"),
        behaviour(1, 10, channel_id=2),
        behaviour(3, 10, big_picture_url="/scene/other"),
    ]
    archive.rows["behaviormatch"] = [
        behaviour(3741, 10, algo_model=" SafetyHelmetAlarm", object_list=[COMPARED])
    ]
    archive.rows["facecap"] = [face(5, 20), face(6, 20, small_picture_url="/face/b")]
    archive.rows["facematch"] = [
        face(
            3741,
            20,
            small_picture_url="",
            object_list=[{**COMPARED, "small_picture_url": "/face/20"}],
        ),
        face(
            3742,
            20,
            small_picture_url="",
            object_list=[{"match_type": 2, "small_picture_url": "/face/b"}],
        ),
    ]
    alarms = {alarm.id: alarm for alarm in await search(hub)}
    assert set(alarms) == {
        *("facecap:5", "facecap:6", "behavior:6318", "behavior:1", "behavior:3"),
    }
    assert alarms["behavior:6318"].matches[0].name == "Ann"
    assert alarms["behavior:6318"].clip == "/v"
    assert alarms["facecap:5"].kind is AlarmKind.FACE_RECOGNIZED
    assert alarms["facecap:6"].kind is AlarmKind.FACE_STRANGER


async def test_what_is_known_already_stays(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["facecap"] = [face(5, 20, compare_list=[COMPARED])]
    archive.rows["facematch"] = [face(5, 20, object_list=[{"match_type": 2}])]
    (alarm,) = await search(hub)
    assert alarm.id == "facecap:5"
    assert alarm.kind is AlarmKind.FACE_RECOGNIZED


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize(
    ("longest_page", "total"),
    # Without `total` a short page is the last one.
    [(1000, True), (1000, False), (16, True)],
)
async def test_many(
    archive: Archive,
    hub: UniviewHub,
    descending: bool,
    longest_page: int,
    total: bool,
) -> None:
    archive.longest_page = longest_page
    archive.total = total
    archive.rows["behavior"] = sorted(
        (behaviour(number, number * 37 % 5000) for number in range(500)),
        key=lambda row: row["capture_time"],
        reverse=descending,
    )
    alarms = await search(hub)
    assert len({alarm.id for alarm in alarms}) == len(alarms) == 500
    times = [alarm.time for alarm in alarms]
    assert times == sorted(times, reverse=True)
    assert len(archive.asked("behavior")) < 300
    archive.box.requests.clear()
    assert await search(hub, limit=10) == alarms[:10]
    assert len(archive.asked("behavior")) < 30


async def test_a_second_full_of_alarms(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["behavior"] = [
        behaviour(number, 7, big_picture_url=f"/{number}") for number in range(250)
    ]
    assert len(await search(hub)) == 250


async def test_a_hub_that_does_not_look_at_times(
    archive: Archive, hub: UniviewHub
) -> None:
    archive.looks_at_times = False
    archive.rows["behavior"] = [
        behaviour(number, number * 1000 - 50_000) for number in range(250)
    ]
    alarms = await search(hub)
    assert len(alarms) == 87
    assert len(archive.asked("behavior")) < 10


async def test_a_total_that_is_always_more(
    scripted: ScriptedBox,
    archive: Archive,
    hub: UniviewHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time_windows, "MAX_WINDOWS", 20)
    scripted.answers["search/behavior"] = lambda params: done(
        {
            "total": 10**6,
            "list": [behaviour(1, params["start_time"] - START)],
        }
    )
    with pytest.raises(UnexpectedAnswer):
        await search(hub)


async def test_absurdly_many_rows(
    archive: Archive, hub: UniviewHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MAX_ROWS", 3)
    archive.rows["behavior"] = [behaviour(number, number) for number in range(4)]
    with pytest.raises(UnexpectedAnswer):
        await search(hub)


async def test_kinds(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["behavior"] = [
        behaviour(1, 10),
        behaviour(2, 20, algo_model="LineRuleData"),
        behaviour(3, 30, algo_model="NewAlarm"),
        behaviour(4, 40, algo_model="ObjectIsRecognized"),
    ]
    archive.rows["facecap"] = [face(1, 40), face(2, 50, compare_list=[COMPARED])]
    people = await search(hub, kinds=frozenset({AlarmKind.PEOPLE_COUNTED}))
    assert [alarm.id for alarm in people] == ["behavior:2"]
    assert archive.asked("behavior")[0]["algo_model"] == [
        "AreaPeopleCounting",
        "LinePeopleCounting",
        "LineRuleData",
        "AreaRuleData",
    ]
    assert not archive.asked("facecap")
    other = await search(hub, kinds=frozenset({AlarmKind.OTHER, AlarmKind.NO_HELMET}))
    assert [alarm.id for alarm in other] == ["behavior:3", "behavior:1"]
    archive.box.requests.clear()
    faces = await search(hub, kinds=frozenset({AlarmKind.FACE_RECOGNIZED}))
    assert [alarm.id for alarm in faces] == ["facecap:2"]
    assert not archive.asked("behavior")
    assert await search(hub, kinds=frozenset({AlarmKind.TAMPERED})) == []


async def test_kinds_by_the_words_of_newer_codes(
    archive: Archive, hub: UniviewHub
) -> None:
    codes = ["SafetyHelmetAlarm", "FireDetection", "SmokeAndFireDetectionEvent"]
    archive.box.answers["algo/list"] = done({"algo_model": codes})
    archive.rows["behavior"] = [
        behaviour(1, 10, algo_model="SmokeAndFireDetectionEvent"),
        behaviour(2, 20, algo_model="FireDetection"),
        behaviour(3, 30),
    ]
    found = await search(hub, kinds=frozenset({AlarmKind.FIRE}))
    assert [alarm.id for alarm in found] == ["behavior:2", "behavior:1"]
    assert archive.asked("behavior")[0]["algo_model"] == codes[1:]


async def test_channels(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["behavior"] = [behaviour(1, 10), behaviour(2, 20, channel_id=2)]
    assert [alarm.id for alarm in await search(hub, channels=("2",))] == ["behavior:2"]
    assert archive.asked("behavior")[0]["channel_id"] == [2]
    with pytest.raises(InvalidRequest):
        await search(hub, channels=("x",))


async def test_no_channels(
    scripted: ScriptedBox, archive: Archive, hub: UniviewHub
) -> None:
    scripted.answers["channel/list"] = paged("channel_list", [])
    assert await search(hub) == []
    assert not archive.asked("behavior")


async def test_time_that_runs_backwards(archive: Archive, hub: UniviewHub) -> None:
    assert await search(hub, end=START_TIME - DAY) == []
    assert not archive.asked("behavior")


async def test_person(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["behavior"] = [behaviour(1, 10, compare_list=[COMPARED])]
    archive.rows["facecap"] = [
        face(1, 20, compare_list=[COMPARED]),
        face(2, 30, compare_list=[{**COMPARED, "name": "Bob"}]),
    ]
    alarms = await search(hub, person=" ann ")
    assert [alarm.id for alarm in alarms] == ["facecap:1", "behavior:1"]
    assert archive.asked("behavior")[0]["compare_flag"] == 2
    assert "name" not in archive.asked("behavior")[0]
    for name in SEARCHES[1:]:
        assert archive.asked(name)[0]["name"] == "ann"


async def test_plate(archive: Archive, hub: UniviewHub) -> None:
    archive.rows["behavior"] = [
        behaviour(1, 10, object_list=[{"plate_no": "浙A12345"}]),
        behaviour(2, 20, object_list=[{"plate_no": "浙B99999"}]),
    ]
    alarms = await search(hub, plate="浙a123")
    assert [alarm.id for alarm in alarms] == ["behavior:1"]
    assert archive.asked("behavior")[0]["plate_no"] == "浙a123"
    assert not archive.asked("facecap")


@pytest.mark.parametrize("number", [10**30, -(2**70), 1e300, "1e999"])
async def test_one_record_never_blocks_another(
    archive: Archive, hub: UniviewHub, number: Any
) -> None:
    archive.looks_at_times = False
    archive.rows["behavior"] = [
        behaviour(1, 10, capture_time=number),
        behaviour(2, 20, compare_list={**COMPARED, "similarity": number}),
        behaviour(3, 30, object_list={"plate_no": number, "base_image_id": number}),
        behaviour(4, 40, compare_list=None, object_list=""),
    ]
    alarms = await search(hub)
    assert [alarm.id for alarm in alarms] == ["behavior:4", "behavior:3", "behavior:2"]
    ((note, count),) = hub.notes
    assert (note.place, note.key) == ("search_behavior", "capture_time")
    assert count >= 1


async def test_a_hub_that_counts_the_rows_of_a_page(
    archive: Archive, hub: UniviewHub
) -> None:
    archive.rows["behavior"] = [behaviour(number, number) for number in range(250)]
    whole = archive.answer

    def answer(params: Any) -> Any:
        told = whole("behavior", params)
        told["data"]["total"] = len(told["data"]["list"])
        return told

    archive.box.answers["search/behavior"] = answer
    assert len(await search(hub)) == 250

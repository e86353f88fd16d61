"""What the box keeps, newest first, each once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import AlarmQuery
from custom_components.vision_hub.vendors.errors import RejectedByHub, UnexpectedAnswer
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub
from custom_components.vision_hub.vendors.model import Alarm, Source

from .conftest import JPEG, Asked, Box, fail
from .samples import ALERT_ROW, CAPTURE_ROW, EVENT_ROW, VEHICLE_ROW

START = 1_588_800_000
END = START + 3600

STRUCTURED = ("face", "human", "vehicle", "cycle", "plate")


class Lists:
    """The box's lists, filtered and paged as the manual has it."""

    def __init__(self, box: Box) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.heeds_times = True
        self.box = box
        self._serve("/alerts", "alertsEvent", "totalAlarts")
        self._serve("/captures", "captures", "toltalCaptures")
        for name in STRUCTURED:
            self._serve(f"/captures/{name}", "captures", "toltalCaptures")

    def _serve(self, path: str, key: str, total: str) -> None:
        self.rows[path] = []

        def answer(asked: Asked) -> dict[str, Any]:
            names = [pair.partition("=")[0] for pair in asked.query.split("&")]
            order = [
                "pageToken",
                "pageSize",
                "QueryType",
                "chnNo",
                "timeStart",
                "timeEnd",
            ]
            assert names == [name for name in order if name in names]
            query = dict(pair.split("=") for pair in asked.query.split("&"))
            start, end = int(query["timeStart"]) * 1000, int(query["timeEnd"]) * 1000
            rows = [
                row
                for row in self.rows[path]
                if not self.heeds_times
                or start <= row.get("timestamp", row.get("catchTimestamp")) < end + 1000
            ]
            page, size = int(query.get("pageToken", 0)), int(query["pageSize"])
            told: dict[str, Any] = {
                total: len(rows),
                key: rows[page * size : (page + 1) * size],
            }
            if (page + 1) * size < len(rows):
                told["nextPageToken"] = page + 1
            return told

        self.box.answers[f"GET {path}"] = answer


@pytest.fixture
def lists(box: Box) -> Lists:
    return Lists(box)


def at(row: dict[str, Any], second: float, **changes: Any) -> dict[str, Any]:
    key = "timestamp" if "timestamp" in row else "catchTimestamp"
    return {**row, key: int((START + second) * 1000), **changes}


async def found(hub: MegviiHub, **query: Any) -> list[Alarm]:
    await hub.connect()
    assert hub.history
    wanted = AlarmQuery(
        start=datetime.fromtimestamp(START, UTC),
        end=datetime.fromtimestamp(END, UTC),
        **query,
    )
    return [alarm async for alarm in hub.history.search(wanted)]


async def test_both_lists_newest_first(hub: MegviiHub, lists: Lists) -> None:
    lists.rows["/alerts"] += [at(ALERT_ROW, 10), at(ALERT_ROW, 30)]
    lists.rows["/captures"] += [at(CAPTURE_ROW, 40), at(CAPTURE_ROW, 20)]
    alarms = await found(hub)
    assert [alarm.kind for alarm in alarms] == [
        AlarmKind.FACE_CAPTURED,
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_CAPTURED,
        AlarmKind.FACE_RECOGNIZED,
    ]
    assert {alarm.channel for alarm in alarms} == {"1"}
    assert {alarm.source for alarm in alarms} == {Source.HISTORY}
    assert alarms == sorted(alarms, key=lambda alarm: alarm.time, reverse=True)


async def test_many_are_read_in_halves_of_the_time(
    hub: MegviiHub, lists: Lists
) -> None:
    lists.rows["/alerts"] += [
        at(ALERT_ROW, second * 1.5, trackId=second) for second in range(2000)
    ]
    alarms = await found(hub, kinds=frozenset({AlarmKind.FACE_RECOGNIZED}))
    assert len(alarms) == len({alarm.id for alarm in alarms}) == 2000
    assert alarms == sorted(alarms, key=lambda alarm: alarm.time, reverse=True)
    some = await found(hub, limit=5)
    assert some == alarms[:5]


async def test_a_box_that_does_not_look_at_times(hub: MegviiHub, lists: Lists) -> None:
    lists.heeds_times = False
    lists.rows["/alerts"] += [
        at(ALERT_ROW, second * 5, trackId=second) for second in range(1000)
    ]
    assert len(await found(hub)) == 721


async def test_filters(hub: MegviiHub, lists: Lists) -> None:
    lists.rows["/alerts"] += [
        at(ALERT_ROW, 10, videoNo=1),
        at(ALERT_ROW, 20, videoNo=2),
        at(ALERT_ROW, 30, stranger=1),
    ]
    assert len(await found(hub, channels=("2",))) == 1
    assert "chnNo=2" in lists.box.asked("GET", "/alerts")[-1]
    assert len(await found(hub, person="ADA")) == 2
    assert await found(hub, person="Bob") == []
    (stranger,) = await found(hub, kinds=frozenset({AlarmKind.FACE_STRANGER}))
    assert stranger.kind is AlarmKind.FACE_STRANGER
    assert "QueryType=2" in lists.box.asked("GET", "/alerts")[-1]
    assert await found(hub, kinds=frozenset({AlarmKind.FIRE})) == []


async def test_structured_mode_has_five_lists(
    hub: MegviiHub, box: Box, lists: Lists
) -> None:
    box.answers["GET /configs/detect"] = {"type": 1}
    box.answers["GET /structures"] = {"videos": [{"videoNo": 2, "videoName": "yard"}]}
    plate = {**VEHICLE_ROW, "plateAttr": {"num": "京A12345"}}
    del plate["vehicleAttr"]
    lists.rows["/captures/vehicle"].append(at(VEHICLE_ROW, 5))
    lists.rows["/captures/plate"].append(at(plate, 6))
    lists.rows["/captures/human"].append(at({**VEHICLE_ROW, "vehicleAttr": {}}, 7))
    assert [alarm.kind for alarm in await found(hub)] == [
        AlarmKind.PERSON_DETECTED,
        AlarmKind.PLATE_RECOGNIZED,
        AlarmKind.VEHICLE_DETECTED,
    ]
    before = len(box.requests)
    (alarm,) = await found(hub, plate="a123")
    assert alarm.targets[0].plate == "京A12345"
    asked = {row.path for row in box.requests[before:]}
    assert "/captures/plate" in asked
    assert not asked & {"/captures/vehicle", "/alerts", "/captures"}


async def test_alert_mode_has_one_list(hub: MegviiHub, box: Box, lists: Lists) -> None:
    box.answers["GET /configs/detect"] = {"type": 3}
    box.answers["GET /alertVideos"] = {"videos": [{"videoNo": 3, "videoName": "fence"}]}
    lists.rows["/captures"].append(at(EVENT_ROW, 5, alertType=22))
    (alarm,) = await found(hub)
    assert (alarm.kind, alarm.code, alarm.channel) == (AlarmKind.FIRE, "flame", "3")
    assert box.count("GET", "/alerts") == 0


@pytest.mark.parametrize("code", [104400, 104402, 104007])
async def test_what_is_switched_off_has_nothing(
    hub: MegviiHub, box: Box, lists: Lists, code: int
) -> None:
    lists.rows["/alerts"].append(at(ALERT_ROW, 5))
    box.answers["GET /captures"] = fail(code)
    assert len(await found(hub)) == 1


async def test_refusals_are_told(hub: MegviiHub, box: Box, lists: Lists) -> None:
    box.answers["GET /captures"] = fail(104001, "ILLEGAL_ARGUMENT:timeStart")
    with pytest.raises(RejectedByHub):
        await found(hub)


async def test_odd_rows_are_left_out(hub: MegviiHub, box: Box, lists: Lists) -> None:
    box.answers["GET /alerts"] = {
        "totalAlarts": "x",
        "alertsEvent": [None, 3, [], {"timestamp": "x"}, at(ALERT_ROW, 5)],
    }
    box.answers["GET /captures"] = {"captures": {"no": "list"}}
    assert len(await found(hub)) == 1


async def test_a_list_without_an_end(hub: MegviiHub, box: Box, lists: Lists) -> None:
    page = 0

    def endless(_: Asked) -> dict[str, Any]:
        nonlocal page
        page += 1
        rows = [at(ALERT_ROW, n % 3600, trackId=page * 30 + n) for n in range(30)]
        return {"alertsEvent": rows, "nextPageToken": page}

    box.answers["GET /alerts"] = endless
    with pytest.raises(UnexpectedAnswer):
        await found(hub)


async def test_pictures_are_fetched_from_the_box(
    hub: MegviiHub, box: Box, lists: Lists
) -> None:
    lists.rows["/captures"].append(at(CAPTURE_ROW, 5))
    (alarm,) = await found(hub)
    reference = alarm.pictures[0].reference
    assert reference
    box.files[f"/{reference.removeprefix('./')}"] = JPEG
    assert await hub.fetch(reference) == JPEG

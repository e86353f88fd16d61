"""Streams, still pictures, voices, schedules, cameras in the network, inspection."""

import asyncio
import base64
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
import pytest

from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
)
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub
from custom_components.vision_hub.vendors.model import Box as Fraction, FoundCamera

from .conftest import JPEG, VIDEO, Box, fail
from .test_poll import PICTURE


def _picture(width: int = 200, height: int = 100) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, height)).save(content, "JPEG")
    return content.getvalue()


async def test_streams_have_the_login_of_the_camera(box: Box, hub: MegviiHub) -> None:
    assert hub.streams
    box.answers |= {
        "GET /videos": {
            "videos": [
                VIDEO,
                VIDEO | {"videoNo": 2, "url": "rtsp://a:b@10.0.0.1/1"},
                VIDEO | {"videoNo": 3, "url": "", "subUrl": "rtsp://10.0.0.1/2"},
                VIDEO | {"videoNo": 4, "url": "file:///etc/passwd"},
                VIDEO | {"videoNo": 6, "url": "rtsp://a:100%/@10.0.0.1:554/1"},
                VIDEO | {"videoNo": 7, "url": "rtsp://10.0.0.1:99999/1"},
            ]
        },
        "GET /pictures": {"pictures": [PICTURE]},
    }
    await hub.connect()
    sources = [await hub.streams.source(str(n)) for n in (1, 2, 3, 4, 5, 6, 7, 17)]
    assert sources == [
        "rtsp://admin:p%40ss%2Fword@192.168.1.22:554/1/1",
        "rtsp://a:b@10.0.0.1/1",
        "rtsp://admin:p%40ss%2Fword@10.0.0.1/2",
        None,
        None,
        "rtsp://a:100%25%2F@10.0.0.1:554/1",
        None,
        None,
    ]


async def test_one_still_picture_in_ten_seconds(
    box: Box, hub: MegviiHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hub.snapshots
    now = 5000.0
    monkeypatch.setattr(
        "custom_components.vision_hub.vendors.megvii.hub.streams.monotonic",
        lambda: now,
    )
    path = "/videos/1/snapFullImage"
    box.answers[f"GET {path}"] = {"image": base64.b64encode(JPEG).decode()}
    pictures = await asyncio.gather(*(hub.snapshots.take("1") for _ in range(5)))
    assert set(pictures) == {JPEG}
    now += 9.9
    await hub.snapshots.take("1")
    assert box.count("GET", path) == 1
    now += 0.2
    await hub.snapshots.take("1")
    assert box.count("GET", path) == 2
    for broken in ({"image": ""}, {}, None, {"image": "%%"}, {"image": 5}):
        now += 11
        box.answers[f"GET {path}"] = broken
        with pytest.raises(UnexpectedAnswer):
            await hub.snapshots.take("1")


async def test_voices(box: Box, hub: MegviiHub) -> None:
    assert hub.voices
    box.answers |= {"POST /voiceTrigger/3": None, "POST /voiceCancel/1": None}
    await hub.voices.play("3")
    await hub.voices.cancel("1")
    assert [row.path for row in box.requests] == ["/voiceTrigger/3", "/voiceCancel/1"]
    for call in (hub.voices.play, hub.voices.cancel):
        with pytest.raises(InvalidRequest):
            await call("x")


CHINA = timedelta(hours=8)


@pytest.fixture
async def scheduled(box: Box, hub: MegviiHub) -> MegviiHub:
    day = [[28800, 43200], [46800, 64800], [0, 0]]
    box.answers |= {
        "GET /access/calendar": {
            "calendar": [
                {"calendarName": "every year", "dateRange": [[0, 10, 1], [0, 10, 2]]},
                {
                    "calendarName": "every month",
                    "dateRange": [[0, 0, 31], [2026, 0, 5]],
                },
                {"calendarName": "once", "dateRange": [[2026, 2, 30], [2026, 3, 1]]},
                {"calendarName": "junk", "dateRange": [[1], "x", [None, 1, 1], 5]},
            ]
        },
        "GET /access/schedule": {
            "schedule": [
                {
                    "scheduleName": "work",
                    "startDate": "2026-03-03",
                    "endDate": "2026-03-10",
                    "timeRange": [day] * 5 + [[[0, 0]], [[82800, 86400]]],
                },
                {"scheduleName": "junk", "timeRange": [[["a", "b"], [5, 1]], 7]},
            ]
        },
    }
    await hub.connect()
    await hub.poll()
    return hub


async def test_holidays(scheduled: MegviiHub) -> None:
    schedules = scheduled.schedules
    assert schedules
    start, end = datetime(2025, 9, 30, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)

    async def days(name: str) -> list[Any]:
        found = await schedules.events(f"calendar:{name}", start, end)
        assert all(isinstance(event.start, date) for event in found)
        return [event.start for event in found]

    assert await days("every year") == [
        date(2025, 10, 1),
        date(2025, 10, 2),
        date(2026, 10, 1),
        date(2026, 10, 2),
    ]
    assert await days("once") == [date(2026, 3, 1)]
    monthly = await days("every month")
    assert date(2025, 12, 31) in monthly
    assert date(2026, 4, 5) in monthly
    assert date(2025, 12, 5) not in monthly
    assert await days("junk") == []


async def test_hours_of_a_week(scheduled: MegviiHub) -> None:
    schedules = scheduled.schedules
    assert schedules
    # From Sunday on; the box counts in UTC+8. It begins on Tuesday.
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)
    found = await schedules.events("week:work", start, end)
    begins = [event.start for event in found]
    assert begins[0] == datetime(2026, 3, 3, 0, tzinfo=UTC)
    assert found[0].end == datetime(2026, 3, 3, 4, tzinfo=UTC)
    assert begins == sorted(begins)
    # Four working days, Sunday night, two working days.
    assert len(found) == 4 * 2 + 1 + 2 * 2
    assert datetime(2026, 3, 8, 15, tzinfo=UTC) in begins
    # What overlaps counts, too.
    noon = datetime(2026, 3, 3, 2, tzinfo=UTC)
    some = await schedules.events("week:work", noon, noon + timedelta(minutes=1))
    assert [event.start for event in some] == [datetime(2026, 3, 3, 0, tzinfo=UTC)]
    assert await schedules.events("week:junk", start, end) == ()


async def test_absurd_times(scheduled: MegviiHub) -> None:
    assert scheduled.schedules
    far = datetime.max.replace(tzinfo=UTC) - timedelta(days=3)
    await scheduled.schedules.events("calendar:once", far, far + timedelta(days=2))
    await scheduled.schedules.events("week:work", datetime(2020, 1, 1, tzinfo=UTC), far)
    for name in ("week:none", "calendar:", "work", ""):
        with pytest.raises(InvalidRequest):
            await scheduled.schedules.events(name, far, far)


async def test_cameras_in_the_network(box: Box, hub: MegviiHub) -> None:
    assert hub.discovery
    box.answers |= {
        "GET /videos/onvif/list": {
            "deviceInfo": [
                {"ipv4": "10.0.0.7", "uri": "http://10.0.0.7/onvif", "uuid": "u"},
                {"ipv4": "10.0.0.8"},
                "junk",
            ]
        },
        "POST /videos/onvif/uri": {"mainUrl": "rtsp://10.0.0.7/1", "subUrl": ""},
    }
    (camera,) = await hub.discovery.search()
    assert camera == FoundCamera(address="http://10.0.0.7/onvif", name="10.0.0.7")
    assert await hub.discovery.streams(camera.address, "admin", None) == (
        "rtsp://10.0.0.7/1",
    )
    assert box.asked("POST", "/videos/onvif/uri") == [
        {"uri": "http://10.0.0.7/onvif", "username": "admin", "password": ""}
    ]


async def test_inspection(box: Box, hub: MegviiHub) -> None:
    assert hub.inspection
    picture = _picture()
    rect = {"left": 20, "top": 10, "right": 100, "bottom": 60}
    answers: list[Any] = [
        {"objType": "face", "faceAttr": {"age": 30, "gender": 1}},
        {"objType": "plate", "plateAttr": {"num": "京A12345", "color": 0}},
        fail(104007),
    ]
    box.answers |= {
        "POST /picture/detect": {
            "detectionResult": [
                {"objType": "face", "score": 99.5, "rect": rect},
                {"objType": "plate", "rect": rect},
                {"objType": "vehicle", "rect": {"left": 500, "right": 1}},
                {"objType": "thing"},
                7,
            ]
        },
        "POST /picture/objAttr": lambda _: answers.pop(0),
    }
    face, plate, vehicle, thing = await hub.inspection.inspect(picture)
    assert face.type == "face"
    assert face.box == Fraction(0.1, 0.1, 0.5, 0.6)
    assert (face.attributes["age"], face.attributes["gender"]) == (30, "male")
    assert (plate.type, plate.plate) == ("plate", "京A12345")
    assert (vehicle.type, vehicle.box, vehicle.attributes) == ("vehicle", None, {})
    assert (thing.type, thing.box) == (None, None)
    sent = box.asked("POST", "/picture/objAttr")[0]
    assert [part[0] for part in sent] == [
        "image",
        "captureObjEnable",
        "objType",
        "rect",
    ]
    assert sent[0][2] == picture
    for data in (None, {"detectionResult": []}):
        box.answers["POST /picture/detect"] = data
        assert await hub.inspection.inspect(picture) == ()
    box.answers["POST /picture/detect"] = "nothing"
    with pytest.raises(UnexpectedAnswer):
        await hub.inspection.inspect(picture)
    box.answers["POST /picture/detect"] = fail(104207)
    with pytest.raises(RejectedByHub):
        await hub.inspection.inspect(picture)
    for junk in (b"", b"GIF89a", JPEG + bytes(4 * 1024 * 1024)):
        with pytest.raises(InvalidRequest):
            await hub.inspection.inspect(junk)

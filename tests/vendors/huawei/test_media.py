"""Live video, still pictures, recordings, heat maps."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, web
from PIL import Image
import pytest

from custom_components.vision_hub.vendors.contract import HeatMap
from custom_components.vision_hub.vendors.errors import (
    Busy,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.huawei import VENDOR
from custom_components.vision_hub.vendors.huawei.heat_map import color_of, draw_heat_map
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub, streams
from custom_components.vision_hub.vendors.huawei.wire import BEIJING
from custom_components.vision_hub.vendors.model import Json, Recording, RecordingKind

from ...helpers.doubles import Tokens
from .conftest import JPEG, Cloud, fail, open_hub

GATE = "NVR00001_0"
LIVE = "POST /v2/devices/channels/media/live-connections"
SNAP = "GET /v1/devices/snap"
RECORDS = "GET /v2/devices/NVR00001/channels/0/media/records"
PLAY = "GET /v2/devices/NVR00001/channels/0/media/playback-connections"
SPACE = "GET /v1/space-heatmap"
TIME = "GET /v1/time-heatmap"
ENCODED = base64.b64encode(JPEG).decode()


def live(refused: dict[tuple[str, str], str] | None = None) -> Any:
    """Give a new address each time, unless protocol and stream are refused."""
    count = 0

    def answer(params: dict[str, Any]) -> Any:
        nonlocal count
        count += 1
        (wanted,) = params["channels"]
        way = wanted["live_protocol"], wanted["stream_type"]
        code = (refused or {}).get(way, "IVM.0")
        ids = {name: wanted[name] for name in ("device_id", "channel_id")}
        url = {"live_url": f"https://192.0.2.7/{way[0]}/{way[1]}?token={count}"}
        return {
            "fail_num": int(code != "IVM.0"),
            "live_connections": [
                {
                    **ids,
                    "cloud_trans_connections": url if code == "IVM.0" else {},
                    "p2p_connections": {},
                    "result": {"code": code, "msg": "text"},
                }
            ],
        }

    return answer


async def source(hub: HuaweiHub) -> str | None:
    assert hub.streams
    return await hub.streams.source(GATE)


async def test_every_start_has_its_address(cloud: Cloud, hub: HuaweiHub) -> None:
    cloud.answers[LIVE] = live()
    await hub.connect()
    assert await source(hub) == "https://192.0.2.7/HTTPS_HLS/PRIMARY_STREAM?token=1"
    assert await source(hub) == "https://192.0.2.7/HTTPS_HLS/PRIMARY_STREAM?token=2"
    asked = cloud.asked(LIVE)[0]
    assert asked == {
        "expire_time": 86400,
        "use_times": 1,
        "channels": [
            {
                "device_id": "NVR00001",
                "channel_id": "0",
                "live_protocol": "HTTPS_HLS",
                "stream_type": "PRIMARY_STREAM",
            }
        ],
    }


async def test_the_protocol_is_an_option(
    cloud: Cloud, session: ClientSession, tokens: Tokens
) -> None:
    (option,) = VENDOR.options
    assert option.choices == ("https_hls", "rtsp")
    cloud.answers[LIVE] = live()
    hub = open_hub(session, cloud.url, tokens, stream_protocol="rtsp")
    await hub.connect()
    assert "/RTSP/" in (await source(hub) or "")
    # Such an address is for one connection, whatever is asked for (S5).
    assert cloud.asked(LIVE)[0]["use_times"] == 0
    odd = open_hub(session, cloud.url, tokens, stream_protocol="carrier pigeon")
    await odd.connect()
    assert "/HTTPS_HLS/" in (await source(odd) or "")


@pytest.mark.parametrize(
    ("refused", "way"),
    [
        (
            {("HTTPS_HLS", "PRIMARY_STREAM"): "IVM.10026004"},
            "HTTPS_HLS/SECONDARY_STREAM_1",
        ),
        (
            {
                ("HTTPS_HLS", "PRIMARY_STREAM"): "IVM.10026003",
                ("HTTPS_HLS", "SECONDARY_STREAM_1"): "IVM.10026003",
            },
            "RTSP/PRIMARY_STREAM",
        ),
    ],
)
async def test_another_way_to_live_video(
    cloud: Cloud, hub: HuaweiHub, refused: dict[tuple[str, str], str], way: str
) -> None:
    cloud.answers[LIVE] = live(refused)
    await hub.connect()
    assert way in (await source(hub) or "")


async def test_no_live_video(cloud: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    cloud.answers[LIVE] = live({("HTTPS_HLS", "PRIMARY_STREAM"): "IVM.20020008"})
    with pytest.raises(RejectedByHub) as caught:
        await source(hub)
    assert caught.value.code == "IVM.20020008"
    assert len(cloud.asked(LIVE)) == 1
    odds: list[Json] = [{}, {"live_connections": {}}, {"live_connections": [7, {}]}]
    for odd in odds:
        cloud.answers[LIVE] = odd
        with pytest.raises(UnexpectedAnswer):
            await source(hub)


async def test_one_picture_for_all_within_ten_seconds(
    cloud: Cloud, hub: HuaweiHub
) -> None:
    cloud.answers[SNAP] = {"pic_url": "", "pic_data": ENCODED}
    await hub.connect()
    assert hub.snapshots
    pictures = await asyncio.gather(*(hub.snapshots.take(GATE) for _ in range(5)))
    assert pictures == [JPEG] * 5
    assert cloud.asked(SNAP) == [
        {"device_id": "NVR00001", "channel_id": "0", "storage": "false"}
    ]
    with pytest.raises(Busy):
        await hub.call("take_cloud_snapshot", cloud.asked(SNAP)[0])
    assert len(cloud.asked(SNAP)) == 1


async def test_pictures_that_do_not_come(
    cloud: Cloud, hub: HuaweiHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.connect()
    assert hub.snapshots
    cloud.answers[SNAP] = lambda _: fail("IVM.20070006")
    with pytest.raises(RejectedByHub):
        await hub.snapshots.take(GATE)
    # Neither is the cloud asked again at once.
    with pytest.raises(Busy):
        await hub.snapshots.take(GATE)
    assert len(cloud.asked(SNAP)) == 1
    monkeypatch.setattr(streams, "SNAPSHOT_DISTANCE", 0)
    cloud.answers[SNAP] = {"pic_url": "", "pic_data": "bm8gcGljdHVyZQ=="}
    with pytest.raises(UnexpectedAnswer):
        await hub.snapshots.take(GATE)
    cloud.answers[SNAP] = {"pic_url": "", "pic_data": ENCODED}
    assert await hub.snapshots.take(GATE) == JPEG
    # Somebody else took one just now: ours is as good.
    cloud.answers[SNAP] = lambda _: fail("IVM.20040009")
    assert await hub.snapshots.take(GATE) == JPEG


async def test_a_picture_that_is_stored(cloud: Cloud, hub: HuaweiHub) -> None:
    cloud.answers[SNAP] = {
        "pic_url": "http://127.0.0.1/v1/holo/NVR00001_0_210/static",
        "pic_data": "",
    }
    cloud.answers["GET /v1/holo/NVR00001_0_210/static"] = lambda _: web.Response(
        body=JPEG
    )
    await hub.connect()
    assert hub.snapshots
    assert await hub.snapshots.take(GATE) == JPEG


DAY = datetime(2023, 3, 20, tzinfo=BEIJING)


def record(start: str, end: str, kind: str = "NORMAL_RECORD") -> dict[str, Any]:
    """A recording of that day (9.2)."""
    return {
        "record_type": kind,
        "start_time": f"2023-03-20 {start}",
        "end_time": f"2023-03-20 {end}",
        "alarm_rec_type": None,
    }


async def search(
    hub: HuaweiHub, start: datetime = DAY, hours: float = 24
) -> tuple[Recording, ...]:
    assert hub.recordings
    return await hub.recordings.search(GATE, start, start + timedelta(hours=hours))


async def test_recordings_of_both_places(cloud: Cloud, hub: HuaweiHub) -> None:
    def records(params: dict[str, Any]) -> Any:
        assert params["start_time"] == "2023-03-20 00:00:00"
        assert params["end_time"] == "2023-03-21 00:00:00"
        if params["record_position"] == "DEVICE":
            return {"total": 0, "records": [record("08:00:00", "09:00:00")]}
        return {
            "total": "9",
            "records": [
                record("10:00:00", "10:00:30", "ALRAM_RECORD"),
                record("09:30:00", "09:44:39"),
                record("09:30:00", "09:44:39"),
                record("11:00:00", "11:01:00", "MOTION_RECORD"),
                record("12:00:00", "12:01:00", "DREAM_RECORD"),
                record("13:00:00", "12:00:00"),
                record("soon", "later"),
                7,
            ],
        }

    cloud.answers[RECORDS] = records
    await hub.connect()
    found = await search(hub, DAY.astimezone(UTC))
    assert [(each.place, each.kind) for each in found] == [
        ("device", RecordingKind.CONTINUOUS),
        ("cloud", RecordingKind.CONTINUOUS),
        ("cloud", RecordingKind.ALARM),
        ("cloud", RecordingKind.MOTION),
        ("cloud", RecordingKind.OTHER),
    ]
    assert found[1].start == datetime(2023, 3, 20, 1, 30, tzinfo=UTC)
    assert found[1].end == datetime(2023, 3, 20, 1, 44, 39, tzinfo=UTC)
    assert len({each.id for each in found}) == 5
    assert all(each.channel == GATE for each in found)
    # What does not overlap is not given, whatever the cloud thinks.
    assert await search(hub, DAY + timedelta(days=0), 24) == found


async def test_a_place_that_fails(cloud: Cloud, hub: HuaweiHub) -> None:
    def records(params: dict[str, Any]) -> Any:
        if params["record_position"] == "DEVICE":
            return fail("IVM.20000036")
        return {"records": [record("09:30:00", "09:44:39")]}

    cloud.answers[RECORDS] = records
    await hub.connect()
    assert [each.place for each in await search(hub)] == ["cloud"]
    cloud.answers[RECORDS] = lambda _: fail("IVM.20020014", 500)
    assert await search(hub) == ()
    cloud.answers[RECORDS] = lambda _: fail("IVM.20000036")
    with pytest.raises(RejectedByHub):
        await search(hub)


async def test_more_recordings_than_one_answer_holds(
    cloud: Cloud, hub: HuaweiHub
) -> None:
    rows = [
        record(f"{start:%H:%M:%S}", f"{start + timedelta(seconds=29):%H:%M:%S}")
        for start in (DAY + timedelta(seconds=30 * each) for each in range(2880))
    ]

    def records(params: dict[str, Any]) -> Any:
        if params["record_position"] == "DEVICE":
            return {"records": []}
        some = [
            row
            for row in rows
            if row["end_time"] > params["start_time"]
            and row["start_time"] < params["end_time"]
        ]
        return {"total": len(some), "records": some[: int(params["limit"])]}

    cloud.answers[RECORDS] = records
    await hub.connect()
    found = await search(hub)
    assert len(found) == len(rows)
    assert list(found) == sorted(found, key=lambda each: each.start)


@pytest.mark.parametrize(
    ("kind", "place", "wanted"),
    [
        ("NORMAL_RECORD", "CLOUD", "NORMAL_RECORD"),
        ("MOTION_RECORD", "CLOUD", "MOTION_RECORD"),
        ("ALRAM_RECORD", "CLOUD", None),
        ("NORMAL_RECORD", "DEVICE", None),
    ],
)
async def test_recordings_play(
    cloud: Cloud, hub: HuaweiHub, kind: str, place: str, wanted: str | None
) -> None:
    def records(params: dict[str, Any]) -> Any:
        rows = [record("09:30:00", "09:44:39", kind)]
        return {"records": rows if params["record_position"] == place else []}

    cloud.answers[RECORDS] = records
    url = "https://192.0.2.7:7081/vod/vod.m3u8?token=t"
    inner: dict[str, Json] = {"cloud_trans_connections": {"playback_url": url}}
    cloud.answers[PLAY] = {"playback_connections": {"device_id": "NVR00001", **inner}}
    await hub.connect()
    assert hub.recordings
    (found,) = await search(hub)
    assert await hub.recordings.source(found) == url
    asked = cloud.asked(PLAY)[-1]
    assert asked.pop("record_type", None) == wanted
    assert asked == {
        "playback_protocol": "HTTPS_HLS",
        "start_time": "2023-03-20 09:30:00",
        "end_time": "2023-03-20 09:44:39",
        "record_position": place,
        "expire_time": "86400",
        "use_times": "1",
    }
    # In one sample a part stands outside.
    cloud.answers[PLAY] = inner
    assert await hub.recordings.source(found) == url
    wrong: list[Json] = [7, {}, None]
    for odd in wrong:
        cloud.answers[PLAY] = {"playback_connections": odd}
        with pytest.raises(UnexpectedAnswer):
            await hub.recordings.source(found)


@pytest.mark.parametrize(
    "wrong",
    ["", "x", "cloud-20230320093000-20239920094439-motion", "moon-1-2-motion"],
)
async def test_recordings_that_are_none(
    cloud: Cloud, hub: HuaweiHub, wrong: str
) -> None:
    await hub.connect()
    assert hub.recordings
    recording = Recording(
        id=wrong, channel=GATE, start=DAY, end=DAY, kind=RecordingKind.OTHER
    )
    with pytest.raises(InvalidRequest):
        await hub.recordings.source(recording)


def argb(heat: int) -> int:
    red, green, blue, alpha = color_of(heat)
    return alpha << 24 | red << 16 | green << 8 | blue


HEATS = [0, 11, 12, 23, 24, 58, 93, 128, 185, 186, 232, 255]
COLORS = [
    *(0, 0, 1426063615, 1426063615, 1426076671, 1426115839),
    *(1426128793, 1426128640, 1439497984, 1442840320, 1442788096, 1442775040),
]


def test_colors_of_the_check_values() -> None:
    assert [argb(heat) for heat in HEATS] == COLORS
    assert argb(197) == 0x55FFFF00
    assert argb(198) == 0x55FFCC00
    assert len({argb(heat) for heat in range(256)}) == 22


def test_boundaries_divide_the_values_evenly() -> None:
    bounds = [heat for heat in range(1, 256) if argb(heat) != argb(heat - 1)]
    assert bounds == [-(-255 * part // 22) for part in range(1, 22)]


def test_a_picture_of_the_check_values() -> None:
    content = draw_heat_map(4, 3, "AAsMFxg6XYC5uuj/")
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "PNG"
        assert picture.size == (4, 3)
        parts = picture.convert("RGBA").tobytes()
    found = [
        parts[place + 3] << 24 | int.from_bytes(parts[place : place + 3])
        for place in range(0, 48, 4)
    ]
    assert found == COLORS


@pytest.mark.parametrize(
    ("width", "height", "encoded", "error"),
    [
        (0, 0, "", Unsupported),
        (4, 3, "", Unsupported),
        (4, 4, "AAsMFxg6XYC5uuj/", UnexpectedAnswer),
        (4, 3, "no base64!", UnexpectedAnswer),
        (100_000, 100_000, "AAsM", UnexpectedAnswer),
        (-4, -3, "AAsMFxg6XYC5uuj/", Unsupported),
    ],
)
def test_no_heat_map(
    width: int, height: int, encoded: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        draw_heat_map(width, height, encoded)


@pytest.mark.parametrize(
    ("days", "kind"), [(1, "DAY"), (2, "WEEK"), (8, "MONTH"), (40, "YEAR")]
)
async def test_heat_map_of_a_time(
    cloud: Cloud, hub: HuaweiHub, days: int, kind: str
) -> None:
    cloud.answers[SPACE] = {"width": "4", "height": 3, "rawbase64": "AAsMFxg6XYC5uuj/"}
    await hub.connect()
    assert hub.heat_maps
    content = await hub.heat_maps.render(
        GATE, HeatMap.SPACE, DAY, DAY + timedelta(days=days)
    )
    assert content.startswith(b"\x89PNG")
    assert cloud.asked(SPACE) == [
        {
            "device_id": "NVR00001",
            "channel_id": "0",
            "start_time": "2023-03-20 00:00:00",
            "type": kind,
        }
    ]
    cloud.answers[SPACE] = lambda _: fail("IVM.20090022")
    with pytest.raises(Unsupported):
        await hub.heat_maps.render(GATE, HeatMap.SPACE, DAY, DAY)


async def test_heat_map_of_the_hours(cloud: Cloud, hub: HuaweiHub) -> None:
    """A bar for each hour: the fullest hour is the highest and red, no hour is missing."""
    cloud.answers[TIME] = {"data": [0, "5", 10, *[0] * 21]}
    await hub.connect()
    assert hub.heat_maps
    content = await hub.heat_maps.render(
        GATE, HeatMap.TIME, DAY, DAY + timedelta(days=1)
    )
    picture = Image.open(BytesIO(content))
    assert picture.size == (480, 120)
    tops = [
        next(y for y in range(120) if picture.getpixel((20 * bar + 5, y))[3])
        for bar in range(24)
    ]
    assert tops[:4] == [119, 59, 0, 119]
    assert picture.getpixel((45, 5)) == (255, 0, 0, 255)
    assert picture.getpixel((5, 119)) == (0, 0, 255, 255)

    for nothing in ({"data": []}, {"data": None}, {"data": 7}):
        cloud.answers[TIME] = nothing
        with pytest.raises(Unsupported):
            await hub.heat_maps.render(GATE, HeatMap.TIME, DAY, DAY)

"""What an account tells, and with how few requests."""

import asyncio
from datetime import date, datetime
import time
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    UnexpectedAnswer,
)
from custom_components.vision_hub.vendors.huawei.hub import (
    HuaweiHub,
    details,
    statistics,
)
from custom_components.vision_hub.vendors.huawei.wire import BEIJING
from custom_components.vision_hub.vendors.model import (
    ChannelReading,
    Cruise,
    Preset,
    SettingKey,
)

from ...helpers.doubles import Clock, Tokens
from ...helpers.huawei import allow_reads
from .conftest import IPC, NVR, ROOT, Cloud, channel, device, devices, fail, open_hub

PEOPLE = "GET /v1/statistics/people"
GATE = "/v1/devices/NVR00001/channels/0"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(details, "monotonic", clock)
    return clock


def counted(params: dict[str, Any]) -> Any:
    """Count people as 10.4.1 does."""
    start = date.fromisoformat(params["start_date"])
    end = date.fromisoformat(params.get("end_date", params["start_date"]))
    days = (end - start).days + 1
    match params["type"]:
        case "DAY":
            assert "end_date" not in params
            return {"in": [1] * 24, "out": ["2"] * 24}
        case "WEEK":
            assert days == 7
            assert start.weekday() == 0
        case "MONTH":
            assert start.day == 1
            assert days >= 28
    return {"in": [10] * days, "out": [20] * days}


@pytest.fixture
def full(cloud: Cloud) -> Cloud:
    """A cloud that tells everything of the gate."""
    cloud.answers |= {
        PEOPLE: counted,
        f"GET {GATE}/record-plan": {"all_day": True, "is_upload_record": True},
        f"GET {GATE}/record-config": {"stream_type": "SECONDARY_STREAM_1"},
        f"GET {GATE}/time-policy": {
            "time_policies": [
                {"storage_days": 15, "storage_type": "PLAN_RECORD"},
                {"storage_days": 7, "storage_type": "MOTION_RECORD"},
            ]
        },
        f"GET {GATE}/preset-position": {
            "preset_positions": [
                {"preset_index": 1, "preset_name": "Door", "jpg_base64": "x"},
                {"preset_index": "2"},
                {"preset_name": "lost"},
                7,
            ]
        },
        f"GET {GATE}/cruise-track/list": {
            "cruises_ids": [
                {"cruises_id": 1, "cruises_name": "Round", "enable_cruise": "OPEN"}
            ]
        },
        "GET /v1/resources": {
            "total": 2,
            "resources": [
                {
                    "resource_id": "156",
                    "resource_type_code": "MOTION",
                    "resource_name": "Motion 7 days",
                    "resource_state": "NORMAL",
                    "total_num": 5,
                    "usage_num": 2,
                    "mode": "PACKAGE ",
                    "Exp_time": "2023-09-22 02:22:00",
                },
                {
                    "resource_id": "157",
                    "resource_type_code": "MANAGE",
                    "resource_state": "ARREARS",
                    "total_num": -1,
                    "usage_num": "3",
                },
            ],
        },
    }
    return cloud


async def test_first_poll_tells_everything(full: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    status = await hub.poll()
    assert set(status.channels) == {"NVR00001_0", "NVR00001_1", "IPC00001_0"}
    gate = status.channels["NVR00001_0"]
    assert (gate.name, gate.online, gate.device) == ("Gate 0", True, "NVR00001")
    assert (gate.manufacturer, gate.model) == ("HUAWEI", "D3250")
    assert gate.can_ptz
    assert gate.heat_map
    assert gate.counts_passing
    assert gate.presets == (Preset("1", "Door"), Preset("2", "2"))
    assert gate.cruises == (Cruise("1", "Round", running=True),)
    assert gate.readings == {
        ChannelReading.PRIVACY_MASK: False,
        ChannelReading.STORAGE_CARD_OK: True,
        ChannelReading.STORAGE_DAYS: 15,
        ChannelReading.ENTERED_TODAY: 24,
        ChannelReading.LEFT_TODAY: 48,
        ChannelReading.ENTERED_WEEK: 70,
        ChannelReading.LEFT_WEEK: 140,
        ChannelReading.ENTERED_MONTH: gate.readings[ChannelReading.ENTERED_MONTH],
        ChannelReading.LEFT_MONTH: gate.readings[ChannelReading.LEFT_MONTH],
    }
    assert gate.readings[ChannelReading.ENTERED_MONTH] in {280, 290, 300, 310}
    plain = status.channels["NVR00001_1"]
    assert not plain.can_ptz
    assert not plain.heat_map
    assert not plain.counts_passing
    alone = status.channels["IPC00001_0"]
    assert (alone.name, alone.device, alone.serial) == (
        "Box IPC00001",
        None,
        "IPC00001",
    )
    assert alone.can_ptz
    assert set(status.devices) == {"NVR00001"}
    box = status.devices["NVR00001"]
    assert (box.name, box.online, box.model) == ("Box NVR00001", True, "NVR800")
    assert box.firmware == "8.1"
    bought, on_demand = status.services
    assert (bought.name, bought.used, bought.total) == ("Motion 7 days", 2, 5)
    assert bought.expires == datetime(2023, 9, 22, 2, 22, tzinfo=BEIJING)
    assert (bought.active, on_demand.active) == (True, False)
    assert (on_demand.name, on_demand.used, on_demand.total) == ("MANAGE", 3, None)
    assert status.settings == {
        SettingKey("recording_plan", "NVR00001_0"): True,
        SettingKey("recording_stream", "NVR00001_0"): "sub_1",
    }


@pytest.mark.parametrize(
    ("changes", "online"),
    [
        ({}, True),
        ({"channel_state": "OFFLINE"}, False),
        ({"channel_state": "UNREGISTERED"}, False),
        ({"channel_state": "DREAMING"}, None),
        ({"channel_state": None}, None),
    ],
)
async def test_state_of_a_channel(
    cloud: Cloud, hub: HuaweiHub, changes: dict[str, Any], online: bool | None
) -> None:
    cloud.answers[ROOT] = devices(device("NVR00001", channel(0, **changes)))
    await hub.connect()
    status = await hub.poll()
    assert status.channels["NVR00001_0"].online is online


async def test_channels_of_an_offline_device_are_offline(
    cloud: Cloud, hub: HuaweiHub
) -> None:
    cloud.answers[ROOT] = devices(
        device("NVR00001", channel(0), device_state="OFFLINE")
    )
    await hub.connect()
    status = await hub.poll()
    assert status.channels["NVR00001_0"].online is False
    assert status.devices["NVR00001"].online is False
    # Neither is such a camera asked for its presets.
    assert not cloud.asked(f"GET {GATE}/preset-position")


async def test_what_is_not_paid_for_is_not_offered(
    cloud: Cloud, hub: HuaweiHub
) -> None:
    states = ["MANAGEMENT_ARREAR", "INDUSTRY_DATA_CLOSED", "FULL_RECORD_CLOSED"]
    cloud.answers[ROOT] = devices(
        device("NVR00001", channel(0, channel_resource_state=states))
    )
    await hub.connect()
    status = await hub.poll()
    gate = status.channels["NVR00001_0"]
    assert not gate.streams
    assert not gate.heat_map
    assert not cloud.asked(PEOPLE)
    assert not cloud.asked(f"GET {GATE}/record-plan")
    assert not status.settings


async def test_lists_of_one_may_be_objects(cloud: Cloud, hub: HuaweiHub) -> None:
    camera = {"device_id": "X", "channels": {"channel_id": "0"}}
    cloud.answers[ROOT] = lambda _: {"total": 1, "devices": camera}
    await hub.connect()
    assert list((await hub.poll()).channels) == ["X_0"]


@pytest.mark.parametrize(
    "rows",
    [
        [device("NVR00001", 7, {}, {"channel_id": None})],
        [device("NVR00001", channel(0, invalid_type="CHANNEL_ID_INVALID"))],
    ],
)
async def test_wrong_types_in_the_list(
    cloud: Cloud, hub: HuaweiHub, rows: list[Any]
) -> None:
    cloud.answers[ROOT] = lambda _: {"total": "many", "devices": rows}
    await hub.connect()
    assert (await hub.poll()).channels == {}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"total": 2, "devices": None},
        {"devices": [7, None, "x", {}, {"device_id": ""}]},
    ],
)
async def test_a_list_that_cannot_be_read(
    cloud: Cloud, hub: HuaweiHub, answer: dict[str, Any]
) -> None:
    """It is no empty list: cameras would fall away."""
    cloud.answers[ROOT] = lambda _: answer
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


@pytest.mark.parametrize(
    "answer",
    [{"total": 0}, {"total": 0, "devices": None}, fail("IVM.10022019", 500)],
)
async def test_an_account_without_devices(
    cloud: Cloud, hub: HuaweiHub, answer: Any
) -> None:
    cloud.answers[ROOT] = lambda _: answer
    await hub.connect()


@pytest.mark.parametrize(
    ("mask", "card", "readings"),
    [
        ("OPEN", "1", {"privacy_mask": True, "storage_card_ok": False}),
        ("", "2", {}),
        (None, "-1", {}),
        ("CLOSE", 3, {"privacy_mask": False}),
    ],
)
async def test_mask_and_card(
    cloud: Cloud, hub: HuaweiHub, mask: Any, card: Any, readings: dict[str, bool]
) -> None:
    cloud.answers[ROOT] = devices(
        device("NVR00001", channel(0, mask_mode=mask, storage_card_status=card))
    )
    await hub.connect()
    assert (await hub.poll()).channels["NVR00001_0"].readings == readings


async def test_counts_of_yesterday_are_not_those_of_today(
    full: Cloud, hub: HuaweiHub, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(statistics, "today", lambda: date(2024, 2, 29))
    await hub.connect()
    readings = (await hub.poll()).channels["NVR00001_0"].readings
    assert readings[ChannelReading.ENTERED_MONTH] == 290
    assert {each["type"]: each.get("end_date") for each in full.asked(PEOPLE)} == {
        "DAY": None,
        "WEEK": "20240303",
        "MONTH": "20240229",
    }
    monkeypatch.setattr(statistics, "today", lambda: date(2024, 3, 1))
    full.answers[PEOPLE] = fail("IVM.20000042")
    readings = (await hub.poll()).channels["NVR00001_0"].readings
    assert ChannelReading.ENTERED_TODAY not in readings
    assert ChannelReading.ENTERED_MONTH not in readings
    assert readings[ChannelReading.ENTERED_WEEK] == 70


@pytest.mark.parametrize(
    "answer", [{"in": "x"}, {"in": [None, "y"], "out": [-5]}, {"data": []}]
)
async def test_broken_counts(full: Cloud, hub: HuaweiHub, answer: Any) -> None:
    full.answers[PEOPLE] = answer
    await hub.connect()
    readings = (await hub.poll()).channels["NVR00001_0"].readings
    assert readings.get(ChannelReading.ENTERED_TODAY) in {None, 0}


async def test_a_thousand_channels_are_set_up_in_seconds(
    cloud: Cloud, hub: HuaweiHub
) -> None:
    big = [
        device(f"NVR{box:05}", *(channel(number) for number in range(50)))
        for box in range(20)
    ]
    cloud.answers[ROOT] = devices(*big)
    cloud.answers[PEOPLE] = counted
    started = time.monotonic()
    await hub.connect()
    status = await hub.poll()
    assert time.monotonic() - started < 10
    assert len(status.channels) == 1000
    assert len(status.devices) == 20


@pytest.mark.parametrize("boxes", [20, 4500])
async def test_steady_polls_are_few_requests(
    cloud: Cloud,
    session: ClientSession,
    tokens: Tokens,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    boxes: int,
) -> None:
    allow_reads(monkeypatch, first_reads=8)
    channels = 50 if boxes == 20 else 1
    cloud.answers[ROOT] = devices(
        *(
            device(f"NVR{box:05}", *(channel(number) for number in range(channels)))
            for box in range(boxes)
        )
    )
    cloud.answers[PEOPLE] = counted
    hub = open_hub(session, cloud.url, tokens)
    await hub.connect()
    await hub.poll()
    clock.now += 60
    await hub.poll()
    before = cloud.count()
    minutes = 6
    for _ in range(minutes):
        clock.now += 60
        await hub.poll()
    asked = cloud.count() - before
    assert 6 * minutes <= asked <= 10 * minutes
    # Whoever asks more often gets no more.
    before = cloud.count()
    for _ in range(30):
        clock.now += 2
        await hub.poll()
    others = [each for each in cloud.requests[-200:] if each.place != ROOT]
    assert cloud.count() - before <= 30 + 10
    assert others


async def test_each_gets_its_turn(
    full: Cloud,
    session: ClientSession,
    tokens: Tokens,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allow_reads(monkeypatch, first_reads=0)
    hub = open_hub(session, full.url, tokens)
    await hub.connect()
    await hub.poll()
    for _ in range(5):
        clock.now += 60
        status = await hub.poll()
    gate = status.channels["NVR00001_0"]
    assert gate.presets
    assert gate.cruises
    assert len(gate.readings) == 9
    assert len(status.services) == 2
    # What was just read is not read again.
    before = full.count()
    clock.now += 60
    await hub.poll()
    assert full.count() == before + 1
    clock.now += 600
    await hub.poll()
    assert len(full.asked(PEOPLE)) == 4


async def test_what_a_camera_cannot_do_is_asked_once(
    full: Cloud, hub: HuaweiHub, clock: Clock
) -> None:
    full.answers[PEOPLE] = lambda _: fail("IVM.20090022")
    await hub.connect()
    await hub.poll()
    for _ in range(10):
        clock.now += 3600
        status = await hub.poll()
    assert len(full.asked(PEOPLE)) == 3
    assert status.channels["NVR00001_0"].presets


async def test_a_busy_cloud_is_asked_later(
    full: Cloud, hub: HuaweiHub, clock: Clock
) -> None:
    good = dict(full.answers)
    for place in full.answers:
        if place != ROOT:
            full.answers[place] = lambda _: fail("IVM.90000011", 500)
    await hub.connect()
    status = await hub.poll()
    assert not status.services
    assert full.count() <= 2 + 4
    full.answers = good
    for _ in range(4):
        clock.now += 60
        status = await hub.poll()
    assert status.services
    assert status.channels["NVR00001_0"].presets


async def test_a_slow_cloud_does_not_hold_up_setup(
    full: Cloud,
    session: ClientSession,
    tokens: Tokens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    allow_reads(monkeypatch, first_seconds=0.1)
    hub = open_hub(session, full.url, tokens)
    late = asyncio.Event()

    async def slow(_: dict[str, Any]) -> Any:
        await late.wait()
        return {}

    full.answers["GET /v1/resources"] = slow
    await hub.connect()
    async with asyncio.timeout(5):
        status = await hub.poll()
    assert status.channels
    late.set()


async def test_a_broken_list_removes_nothing(cloud: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    cloud.answers[ROOT] = web.Response(body=b'{"devices": [')
    with pytest.raises(UnexpectedAnswer):
        await hub.poll()
    cloud.answers[ROOT] = devices(NVR)
    assert len((await hub.poll()).channels) == 2


async def test_keys_that_are_frozen_later(full: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    full.answers["GET /v1/resources"] = lambda _: fail("IVM.10000006", 401)
    with pytest.raises(AuthenticationFailed):
        await hub.poll()


async def test_a_camera_that_is_gone(full: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    await hub.poll()
    full.answers[ROOT] = devices(IPC)
    status = await hub.poll()
    assert set(status.channels) == {"IPC00001_0"}
    assert not status.devices
    assert not status.settings

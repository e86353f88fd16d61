"""What a poll tells, and what it costs."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    InvalidRequest,
    UnexpectedAnswer,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Library, Measurement, SettingKey
from custom_components.vision_hub.vendors.uniview import transport
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub, details

from ...helpers.doubles import Clock
from .conftest import DEVICE, ScriptedBox, done, open_hub, paged


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(details, "monotonic", clock)
    return clock


def camera(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "channel_id": number,
        "channel_name": f"Camera{number}",
        "status": 1,
        "ip": "217.1.0.143",
        "port": 80,
        "type": 1,
        "off_reason": 1,
        "manufacturer": "HD",
        "model": "A27",
        "serial_number": f"189802C{number}",
    } | changes


PARAMS = {
    "alarm_video_param": {
        "status": 0,
        "befor_alarmed_time": 5,
        "after_alarmed_time": 7,
    },
    "face_param": {"min_width": "30", "min_height": 40},
    "status_recovery_param": {"status": 1},
}


def furnish(box: ScriptedBox, channels: int = 2) -> None:
    cameras = [camera(number) for number in range(1, channels + 1)]
    box.answers |= {
        "channel/list": paged("channel_list", cameras),
        "smart/list": done({"smart_list": [{"algo_model": "FallOverAlarm"}]}),
        "smart/params/get": done(PARAMS),
        "extend/get": done(
            [{"channel_id": 1, "status": 0, "smart_list": []}, {"channel_id": 99}, 3]
        ),
        "personlib/list": paged("list", [{"lib_id": 1, "lib_name": "Staff"}]),
        "person/list": done({"total": 12, "list": [{}]}),
    }


async def test_first_poll_tells_everything(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    furnish(scripted)
    scripted.answers["smart/list"] = lambda params: done(
        {
            "smart_list": [
                {"algo_model": "ObjectIsRecognized"},
                {"algo_model": "LineRuleData"},
            ],
            "person_control_info": {"alarm_threshold": "80", "person_lib_id": [1]},
        }
        if params["channel_id"] == 1
        else {}
    )
    await hub.connect()
    status = await hub.poll()
    first, second = status.channels["1"], status.channels["2"]
    assert first.name == "Camera1"
    assert first.online is True
    assert (first.manufacturer, first.model, first.serial) == ("HD", "A27", "189802C1")
    assert first.kinds == {
        AlarmKind.FACE_CAPTURED,
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_STRANGER,
        AlarmKind.PEOPLE_COUNTED,
    }
    assert (first.counts_passing, first.counts_inside) == (True, False)
    assert first.recognizes_faces
    assert [task.id for task in first.tasks] == ["analysis"]
    assert first.tasks[0].enabled is None
    assert second.kinds == frozenset()
    assert not second.counts_passing
    assert status.libraries == (Library(id="1", name="Staff", persons=12),)
    assert status.measurements == {
        Measurement.FIRMWARE_RELEASED: datetime.fromtimestamp(1715796720, UTC)
    }
    assert status.clock_offset is not None
    settings = {
        key.name: value for key, value in status.settings.items() if key.channel == "1"
    }
    assert settings == {
        "alarm_video": False,
        "alarm_video_before": 5,
        "alarm_video_after": 7,
        "report_recovery": True,
        "face_min_width": 30,
        "face_min_height": 40,
        "custom_sensitivity": False,
    }
    assert SettingKey("custom_sensitivity", "2") not in status.settings


async def test_odd_channels(scripted: ScriptedBox, hub: UniviewHub) -> None:
    furnish(scripted, 0)
    scripted.answers["channel/list"] = done(
        {
            "total": "4",
            "list": [
                camera(1, channel_name="", status="2"),
                camera(2, channel_id="2", status=9, port="80", model=None),
                {"channel_name": "no id"},
                "?",
            ],
        }
    )
    status = await hub.poll()
    assert list(status.channels) == ["1", "2"]
    assert status.channels["1"].name == "1"
    assert status.channels["1"].online is False
    assert status.channels["2"].online is None
    assert status.channels["2"].model is None


async def test_a_steady_poll_stays_within_one_request_in_ten_seconds(
    scripted: ScriptedBox, hub: UniviewHub, clock: Clock
) -> None:
    furnish(scripted, 64)
    await hub.connect()
    await hub.poll()
    assert len(scripted.requests) == 1 + 1 + 2 * 64 + 1 + 2
    minutes = 180
    scripted.requests.clear()
    for _ in range(minutes):
        clock.now += hub.poll_interval.total_seconds()
        await hub.poll()
    assert len(scripted.requests) <= minutes * 60 / 10
    assert len(scripted.asked("channel/list")) == minutes
    for number in range(1, 65):
        assert {"channel_id": number} in scripted.asked("smart/list")
    assert scripted.challenges == 1


async def test_a_slow_box_is_read_bit_by_bit(
    scripted: ScriptedBox, hub: UniviewHub, clock: Clock
) -> None:
    furnish(scripted, 8)

    def slow(_: Any) -> Any:
        clock.now += 1
        return done({"smart_list": []})

    scripted.answers["smart/list"] = slow
    await hub.poll()
    assert len(scripted.asked("smart/list")) == 2
    for _ in range(4):
        await hub.poll()
    assert len(scripted.asked("smart/list")) == 8


async def test_a_detail_that_fails_is_left_out(
    scripted: ScriptedBox, hub: UniviewHub, clock: Clock
) -> None:
    furnish(scripted)
    for name in ("smart/list", "smart/params/get", "extend/get", "personlib/list"):
        scripted.answers[name] = {"code": 1, "msg": "Common Error"}
    status = await hub.poll()
    assert list(status.channels) == ["1", "2"]
    asked = len(scripted.asked("smart/list"))
    await hub.poll()
    assert len(scripted.asked("smart/list")) == asked
    furnish(scripted)
    clock.now += details.PERIOD + 1
    await hub.poll()
    assert len(scripted.asked("smart/list")) > asked


@pytest.mark.parametrize("data", [None, [], "x", 7, {"smart_list": "x"}])
async def test_details_that_mean_nothing(
    scripted: ScriptedBox, hub: UniviewHub, data: Any
) -> None:
    furnish(scripted)
    for name in ("smart/list", "smart/params/get", "extend/get", "person/list"):
        scripted.answers[name] = done(data)
    scripted.answers["personlib/list"] = done({"list": [{"lib_id": 1}, {}, 5]})
    status = await hub.poll()
    assert status.channels["1"].kinds == frozenset()
    assert status.settings == {}
    assert status.libraries == (Library(id="1", name="1", persons=None),)


async def test_a_busy_hub_is_left_alone(scripted: ScriptedBox, hub: UniviewHub) -> None:
    furnish(scripted)
    await hub.connect()
    for name in ("personlib/list", "smart/list", "smart/params/get", "extend/get"):
        scripted.answers[name] = {"code": 6, "msg": "System Busy"}
    scripted.requests.clear()
    assert len((await hub.poll()).channels) == 2
    assert len(scripted.requests) == 2


async def test_a_detail_that_never_comes_does_not_fail_the_poll(
    scripted: ScriptedBox, hub: UniviewHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(scripted)
    release = asyncio.Event()

    async def wait(_: Any) -> Any:
        await release.wait()
        return done([])

    scripted.answers["extend/get"] = wait
    monkeypatch.setattr(transport, "_TIMEOUT", transport.ClientTimeout(total=0.2))
    status = await hub.poll()
    assert len(status.channels) == 2
    release.set()


async def test_a_wrong_password_fails_the_poll(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    furnish(scripted)
    scripted.answers["smart/list"] = {"code": 1000, "msg": "Incorrect"}
    with pytest.raises(AuthenticationFailed):
        await hub.poll()


async def test_what_goes_away(
    scripted: ScriptedBox, hub: UniviewHub, clock: Clock
) -> None:
    furnish(scripted)
    await hub.poll()
    furnish(scripted, 1)
    scripted.answers["personlib/list"] = paged("list", [])
    clock.now += details.PERIOD + 1
    for _ in range(5):
        status = await hub.poll()
    assert list(status.channels) == ["1"]
    assert {key.channel for key in status.settings} == {"1"}
    assert status.libraries == ()


async def test_what_comes_in_the_place_of_a_channel_is_read_at_once(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    furnish(scripted)
    await hub.poll()
    furnish(scripted, 1)
    await hub.poll()
    scripted.requests.clear()
    furnish(scripted)
    assert (await hub.poll()).channels["2"].kinds == {AlarmKind.FALL}
    assert scripted.asked("smart/list") == [{"channel_id": 2}]
    assert scripted.asked("smart/params/get") == [{"channel_id": 2}]


async def test_libraries_are_read_again_after_a_change(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    furnish(scripted)
    await hub.poll()
    scripted.requests.clear()
    scripted.answers["personlib/delete"] = done()
    scripted.answers["personlib/list"] = paged("list", [])
    assert hub.people
    await hub.people.delete_library("1")
    status = await hub.poll()
    assert status.libraries == ()
    assert [path.removeprefix("/api/v2/") for path, _ in scripted.requests] == [
        "personlib/delete",
        "channel/list",
        "personlib/list",
    ]


async def test_no_serial_number(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["device/get"] = done({**DEVICE, "serial_number": " "})
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


async def test_streams(scripted: ScriptedBox, session: Any) -> None:
    hub = open_hub(
        session, scripted.port, stream_username="us er", stream_password="p@:/"
    )
    plain = open_hub(session, scripted.port)
    scripted.answers["channel/list"] = paged(
        "channel_list",
        [
            camera(1, rtsp="rtsp://217.1.0.143/media/video1?a=%2F&b"),
            camera(2, rtsp="rtsp://me:secret@217.1.0.143:554/1", flv="http://x/1"),
            camera(3, flv="http://217.1.0.9:8090/live/3.flv"),
            camera(4, flv="/live/4.flv"),
            camera(5),
            camera(6, rtsp="file:///etc/passwd", flv="rtsp://[bad"),
            camera(8, rtsp="rtsp://admin:pa#ss1@10.0.0.5:554/ch1"),
        ],
    )
    assert hub.streams
    assert plain.streams
    secured = "rtsp://us%20er:p%40%3A%2F@217.1.0.143/media/video1?a=%2F&b"
    assert await hub.streams.source("1") == secured
    wanted = {
        "1": "rtsp://217.1.0.143/media/video1?a=%2F&b",
        "2": "rtsp://me:secret@217.1.0.143:554/1",
        "3": "http://217.1.0.9:8090/live/3.flv",
        "4": f"http://127.0.0.1:{scripted.port}/live/4.flv",
        "5": None,
        "6": None,
        "7": None,
        "8": "rtsp://admin:pa%23ss1@10.0.0.5:554/ch1",
    }
    for channel, address in wanted.items():
        assert await plain.streams.source(channel) == address
    assert len(scripted.asked("channel/list")) == 3
    with pytest.raises(InvalidRequest):
        await plain.streams.source("front")

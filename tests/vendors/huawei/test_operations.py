"""Settings, and any operation of the manual."""

import re
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    Unsupported,
)
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub
from custom_components.vision_hub.vendors.model import Json, SettingKey
from custom_components.vision_hub.vendors.toolkit.operations import Danger, Direction

from ...helpers.doubles import Tokens
from .conftest import JPEG, USER, Cloud, fail, open_hub

BASE = "/v1/devices/NVR00001/channels/0"
IDS: dict[str, Json] = {"device_id": "NVR00001", "channel_id": "0"}
PLAN = f"GET {BASE}/record-plan"
SET_PLANS = "PUT /v1/devices/channels/record-plan"
DELETE_PLANS = "POST /v1/devices/channels/record-plan"
WEEKLY: dict[str, Json] = {
    "all_day": "false",
    "time_sections": [
        {"day_of_week": 1, "start_time": "00:02:00", "end_time": "00:05:00"}
    ],
}


class Recorder:
    """Keeps the plan of one channel, as chapter 11 tells."""

    def __init__(self, cloud: Cloud, plan: dict[str, Json]) -> None:
        self.plan = plan
        cloud.answers |= {
            PLAN: lambda _: {**IDS, **self.plan},
            SET_PLANS: self.set,
            DELETE_PLANS: self.delete,
        }

    def set(self, params: dict[str, Any]) -> Any:
        (plan,) = params["plans"]
        assert plan["all_day"] or plan["time_sections"]
        self.plan = {name: plan[name] for name in plan if not name.endswith("_id")}
        return {"failed_num": 0, "channels": [{**IDS, "result": {"code": "IVM.0"}}]}

    def delete(self, params: dict[str, Any]) -> Any:
        assert params == {"channels": [{**IDS, "record_type": "normal"}]}
        self.plan = {"all_day": False}
        return {"failed_num": 0, "channels": [{**IDS, "result": {"code": "IVM.0"}}]}


async def write(hub: HuaweiHub, name: str, value: Any) -> None:
    assert hub.settings
    await hub.settings.write(SettingKey(name, "NVR00001_0"), value)


async def test_all_day_recording(cloud: Cloud, hub: HuaweiHub) -> None:
    recorder = Recorder(cloud, {"all_day": False})
    await hub.connect()
    key = SettingKey("recording_plan", "NVR00001_0")
    assert (await hub.poll()).settings[key] is False
    await write(hub, "recording_plan", True)
    assert recorder.plan == {"all_day": True}
    await write(hub, "recording_plan", False)
    assert recorder.plan == {"all_day": False}
    assert len(cloud.asked(DELETE_PLANS)) == 1


async def test_a_weekly_plan_comes_back(
    cloud: Cloud, hub: HuaweiHub, session: ClientSession, tokens: Tokens
) -> None:
    recorder = Recorder(cloud, WEEKLY)
    await hub.connect()
    # Recording by week is no all-day recording: there is nothing to switch off.
    await write(hub, "recording_plan", False)
    assert recorder.plan == WEEKLY
    await write(hub, "recording_plan", True)
    assert recorder.plan == {"all_day": True}
    # After a restart, too.
    again = open_hub(session, cloud.url, tokens)
    await again.connect()
    await write(again, "recording_plan", False)
    assert recorder.plan == {**WEEKLY, "all_day": False}
    assert not cloud.asked(DELETE_PLANS)


async def test_a_plan_that_is_refused(cloud: Cloud, hub: HuaweiHub) -> None:
    recorder = Recorder(cloud, {"all_day": False})
    await hub.connect()
    result: Json = {"code": "IVM.20010011", "msg": "text"}
    cloud.answers[SET_PLANS] = {
        "failed_num": 1,
        "channels": [{**IDS, "result": result}],
    }
    with pytest.raises(RejectedByHub) as caught:
        await write(hub, "recording_plan", True)
    assert caught.value.code == "IVM.20010011"
    assert recorder.plan == {"all_day": False}


async def test_recorded_stream(cloud: Cloud, hub: HuaweiHub) -> None:
    place = "PUT /v1/devices/channels/record-config"
    cloud.answers[place] = {"failed_num": 0, "channels": []}
    await hub.connect()
    await write(hub, "recording_stream", "sub_2")
    assert cloud.asked(place) == [
        {"channel_record_configs": [{**IDS, "stream_type": "SECONDARY_STREAM_2"}]}
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recording_plan", "on"),
        ("recording_stream", "sub_9"),
        ("recording_stream", True),
        ("dream", 1),
    ],
)
async def test_wrong_settings(
    cloud: Cloud, hub: HuaweiHub, name: str, value: Any
) -> None:
    await hub.connect()
    asked = cloud.count()
    with pytest.raises(InvalidRequest):
        await write(hub, name, value)
    assert cloud.count() == asked


PARAMS: dict[str, Json] = {
    **IDS,
    "device_org_id": "0",
    "resource_id": "d84c8cbabb8145b390bced5f2a774af6",
    "picture_key": "NVR00001_0_210",
    "control_lock": "x",
    "control_token": "x",
}


async def test_every_row_of_the_manual(cloud: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    requests = {
        name: row
        for name, row in hub.operations.items()
        if row.kind is Direction.REQUEST
    }
    assert len(hub.operations) == 126
    assert len(requests) == 91
    for name, row in requests.items():
        if name == "get_access_token":
            continue
        path = row.path.replace("/{user_id}", "")
        path = re.sub(r"\{(\w+)\}", lambda match: str(PARAMS[match[1]]), path)
        cloud.answers[f"{row.method} {path}"] = (
            (lambda _: web.Response(body=JPEG))
            if name == "fetch_stored_picture"
            else {"fine": name}
        )
        answer = await hub.call(name, {**PARAMS, "user_id": "of somebody else"})
        assert answer.get("fine", name) == name
        assert cloud.requests[-1].place == f"{row.method} {path}"
        if name != "fetch_stored_picture":
            assert f"/{USER}/" in cloud.requests[-1].raw
            assert "user_id" not in cloud.requests[-1].params
    for name, row in hub.operations.items():
        if row.kind is Direction.PUSH:
            with pytest.raises(Unsupported):
                await hub.call(name, {})
    with pytest.raises(InvalidRequest):
        await hub.call("dream", {})


def test_nobody_errs_about_what_deletes(hub: HuaweiHub) -> None:
    row = hub.operations["delete_record_plans"]
    assert (row.method, row.danger) == ("POST", Danger.DESTRUCTIVE)
    assert "DELETE" in row.name
    assert hub.operations["set_record_plans"].method == "PUT"


async def test_our_token_stays_ours(cloud: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    answer = await hub.call("get_access_token", {"ak": "x", "sk": "y"})
    assert set(answer) == {"expire_time"}
    assert 604_790 <= int(str(answer["expire_time"])) <= 604_800
    assert cloud.logins == 1


async def test_a_stored_picture(cloud: Cloud, hub: HuaweiHub) -> None:
    await hub.connect()
    cloud.answers["GET /v1/holo/NVR00001_0_210/static"] = lambda _: web.Response(
        body=JPEG, content_type="image/jpeg"
    )
    for params in (
        {"picture_key": "NVR00001_0_210"},
        {"reference": "http://127.0.0.1/v1/holo/NVR00001_0_210/static"},
    ):
        answer = await hub.call("fetch_stored_picture", dict(params))
        assert answer == {
            "content_type": "image/jpeg",
            "content_base64": "/9j/4HBpY3R1cmU=",
        }
    for wrong in ({}, {"picture_key": "../../x"}, {"reference": 7}):
        with pytest.raises(InvalidRequest):
            await hub.call("fetch_stored_picture", dict(wrong))


async def test_movements_take_the_lock_by_themselves(
    cloud: Cloud, hub: HuaweiHub
) -> None:
    cloud.answers |= {
        f"GET {BASE}/control-lock": {"control_token": "lock"},
        f"POST {BASE}/ptz/angle-spin": {**IDS},
        f"POST {BASE}/preset-position/move": {**IDS},
    }
    await hub.connect()
    await hub.call("ptz_control", {**IDS, "direction": "AUTO_FOCUS"})
    assert cloud.requests[-1].body == {
        "direction": "AUTO_FOCUS",
        "control_lock": "lock",
    }
    await hub.call("preset_move", {**IDS, "preset_index": 1})
    assert cloud.requests[-1].body == {"preset_index": 1, "control_token": "lock"}
    assert len(cloud.asked(f"GET {BASE}/control-lock")) == 1
    with pytest.raises(InvalidRequest):
        await hub.call("ptz_control", {"direction": "UP"})
    await hub.close()


async def test_points_of_a_track_in_any_spelling(cloud: Cloud, hub: HuaweiHub) -> None:
    place = f"{BASE}/cruise-track"
    cloud.answers |= {f"POST {place}": {"cruises_id": 1}, f"PUT {place}": {}}
    await hub.connect()
    points: list[Json] = [
        {"preset_index": 1, "dwell_time": 30, "speedLevel": 2},
        {"preset_index": 2, "dwel_time": 40, "speed_level": 0},
        7,
    ]
    await hub.call("cruise_track_add", {**IDS, "cruise_points": points})
    assert cloud.requests[-1].body["cruise_points"] == [
        {"preset_index": 1, "dwel_time": 30, "speed_level": 2},
        {"preset_index": 2, "dwel_time": 40, "speed_level": 0},
        7,
    ]
    await hub.call("cruise_track_update", {**IDS, "cruise_points": points[:1]})
    (point,) = cloud.requests[-1].body["cruise_points"]
    assert point == {
        "preset_index": 1,
        **dict.fromkeys(("dwel_time", "dwell_time"), 30),
        **dict.fromkeys(("speed_level", "speedLevel"), 2),
    }


async def test_both_names_of_a_type_of_resource(cloud: Cloud, hub: HuaweiHub) -> None:
    def unbind(params: dict[str, Any]) -> Any:
        if params["resource_type_code"] != "NORMAL":
            return fail("IVM.20060014")
        return {"failed_num": 0, "channels": []}

    place = "DELETE /v1/devices/channels/resources"
    cloud.answers[place] = unbind
    await hub.connect()
    await hub.call(
        "unbind_channel_resources", {"resource_type_code": "RECORD", "channels": []}
    )
    assert len(cloud.asked(place)) == 2
    with pytest.raises(RejectedByHub):
        await hub.call(
            "unbind_channel_resources", {"resource_type_code": "X", "channels": []}
        )


async def test_what_was_written_is_read_again(cloud: Cloud, hub: HuaweiHub) -> None:
    place = f"{BASE}/preset-position"
    cloud.answers |= {f"GET {place}": {}, f"POST {place}": {"preset_index": 1}}
    await hub.connect()
    await hub.poll()
    read = len(cloud.asked(f"GET {place}"))
    assert read == 1
    await hub.call("preset_add", {**IDS, "preset_name": "Door"})
    cloud.answers[f"GET {place}"] = {"preset_positions": [{"preset_index": 1}]}
    status = await hub.poll()
    assert [each.id for each in status.channels["NVR00001_0"].presets] == ["1"]

"""What a poll tells, in every mode, and what it costs."""

from datetime import timedelta
from typing import Any

from aiohttp import web
import pytest

from custom_components.vision_hub.vendors.errors import (
    CannotConnect,
    UnexpectedAnswer,
    VisionError,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub
from custom_components.vision_hub.vendors.megvii.wire import zone_of
from custom_components.vision_hub.vendors.model import (
    Library,
    LibraryKind,
    Measurement,
    Schedule,
    SettingKey,
    Task,
    Voice,
)

from .conftest import CONFIGS, DEVICE, DEVICE_ID, HANG_UP, VIDEO, Box, fail

RELAY: dict[str, Any] = {
    "videoNo": 1,
    "relayIP": "192.168.1.9",
    "relayMAC": "00:11",
    "triggerChannel": 1,
    "enable": True,
    "relayMode": 0,
    "triggerTime": 1000,
    "delayTime": 2,
    "triggerInterval": 300,
    "triggerCondition": 2,
    "status": False,
    "online": True,
}
STRUCTURES: dict[str, Any] = {
    "videoNo": 2,
    "videoName": "road",
    "url": "rtsp://10.0.0.3/1",
    "subUrl": "",
    "username": "",
    "password": "",
    "rotation": 0,
    "surveillanceType": 1,
    "surveillanceEnabled": True,
    "attributeEnabled": True,
    "ruleIndex": 1,
    "ruleEnable": True,
    "videoConStatus": 1,
    "pushConfigs": {"pushMode": "3", "retryCount": 2, "pushInterval": 5000},
    "detectTargetList": ["human", {"targetName": "motorVehicle"}],
    "captureConfigs": {"captureMode": 2, "quality": {"plateQuality": 0}},
}
FACES: dict[str, Any] = {
    "videoNo": 2,
    "videoName": "road",
    "surveillanceType": 0,
    "surveillanceEnabled": True,
    "ruleIndex": 2,
    "ruleEnable": False,
    "livenessThreshold": 50.0,
    "livenessEnabled": True,
    "detectTargetList": ["face"],
    "group": [{"groupName": "staff", "searchThresholdHigh": 66.6}],
    "globalStranger": {"enable": False},
    "filter": {"blurness": 79.5},
}
ALERT: dict[str, Any] = {
    "videoNo": 3,
    "videoName": "fence",
    "url": "rtsp://10.0.0.4/1",
    "username": "u",
    "password": "p",
    "surveillanceEnabled": True,
    "videoConStatus": 0,
    "algType": 10,
    "alertRules": {
        "enable": True,
        "alertType": 7,
        "alertSubType": 6,
        "areaType": 4,
        "targetRange": [1, 50],
        "timeRange": [0, 86400],
        "cooldownDuration": 1,
        "alertArea": [[{"x": 1, "y": 2}, {"x": 3, "y": 4}]],
        "maskArea": [],
        "newInThisFirmware": {"a": 0.5},
    },
}
STORE: dict[str, Any] = {
    "proc": "init_rules",
    "customizedOptions": {
        "area_list": [{"area_id": 1, "points": [{"x": 0.18, "y": 0.77}]}],
        "alertor_configs": [
            {"alertor_id": 1, "alertor_type": ["no_safetycap"], "target_min": 0.05},
            {"alertor_id": 2, "alertor_type": ["no_vest", "fall"]},
            {"alertor_id": 3, "alertor_type": ["mask_area"]},
        ],
    },
}
MULTI: dict[str, Any] = {
    "videoNo": 4,
    "videoName": "hall",
    "url": "rtsp://10.0.0.5/1",
    "surveillanceEnabled": True,
    "videoConStatus": 0,
    "algRules": [
        {
            "ruleIndex": 1,
            "ruleEnable": True,
            "algType": 13,
            "alertRulesValidity": True,
            "alertRules": STORE,
        },
        {
            "ruleIndex": 2,
            "ruleEnable": True,
            "algType": 0,
            "structuresRule": {
                "attributeEnabled": True,
                "detectTargetList": ["face"],
                "livenessThreshold": 60.0,
                "group": [{"groupName": "staff", "searchThresholdLow": 20.0}],
            },
        },
    ],
}
PICTURE: dict[str, Any] = {
    "pictureNo": 17,
    "pictureName": "door",
    "deviceId": "0" * 20,
    "isOnline": True,
    "livenessEnabled": True,
    "livenessThreshold": 60.0,
    "surveillanceEnabled": True,
    "group": [],
    "globalStranger": {"enable": True},
    "filter": {"blurness": 60.0},
}


async def test_connect_tells_who_it_is(hub: MegviiHub) -> None:
    await hub.connect()
    assert hub.info.serial == DEVICE_ID
    assert hub.info.model == "MegCube-B4H16-311"
    assert hub.info.firmware == "v3.0.1"
    assert hub.info.mac == "78:ca:83:40:05:06"


async def test_an_open_box_in_pure_face_mode(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /pictures": {"pictures": [PICTURE]},
        "GET /relay": {"relay": [RELAY]},
        "GET /relayWorkPara": {"netMode": 1, "timeUnit": 0, "AESKey": "secret"},
        "GET /faceGroups": {"faceGroupList": [{"groupName": "staff", "groupFaces": 4}]},
        "GET /voiceFiles": {"voiceFiles": [{"voiceFileNo": 3, "voiceFileName": "Hi"}]},
        "GET /access/calendar": {
            "calendar": [{"calendarName": "holidays", "dateRange": [[0, 5, 1]]}]
        },
        "GET /access/schedule": {"schedule": [{"scheduleName": "work"}]},
        "GET /access/rules": {"rules": [{"ruleName": "staff in", "enable": True}]},
    }
    await hub.connect()
    status = await hub.poll()
    gate, door = status.channels["1"], status.channels["17"]
    assert (gate.name, gate.online, gate.streams) == ("gate", True, True)
    assert gate.tasks == (Task(id="surveillance", enabled=False),)
    assert gate.kinds == frozenset()
    assert gate.recognizes_faces
    assert (door.name, door.online, door.streams) == ("door", True, False)
    assert door.kinds == {AlarmKind.FACE_CAPTURED, AlarmKind.FACE_STRANGER}
    assert status.measurements == {
        Measurement.CPU_LOAD: 34,
        Measurement.MEMORY_LOAD: 25,
        Measurement.STORAGE_LOAD: 25,
        Measurement.TEMPERATURE: 42,
        Measurement.GPU_TEMPERATURE: 43,
        Measurement.CASE_TEMPERATURE: 44,
        Measurement.NTP_FAILURES: 2,
    }
    assert status.clock_offset is not None
    assert status.clock_offset < timedelta(days=-365)
    (relay,) = status.relays
    assert (relay.id, relay.name, relay.online, relay.closed) == (
        "1",
        "gate",
        True,
        False,
    )
    assert status.settings == {
        SettingKey("push_mode"): "best",
        SettingKey("push_interval"): 500,
        SettingKey("recognition_retries"): 5,
        SettingKey("recognition_retry_interval"): 5,
        SettingKey("stranger_retries"): 0,
        SettingKey("scene_quality"): 80,
        SettingKey("keep_captures"): True,
        SettingKey("keep_scenes"): True,
        SettingKey("ntp"): False,
        SettingKey("relay_protocol"): "udp",
        SettingKey("relay_time_unit"): "tenth_of_second",
        SettingKey("relay_enabled", None, "1"): True,
        SettingKey("relay_pulse", None, "1"): 1000,
        SettingKey("relay_delay", None, "1"): 2,
        SettingKey("relay_interval", None, "1"): 300,
        SettingKey("relay_rest_state", None, "1"): "open",
        SettingKey("relay_trigger_condition", None, "1"): "recognition",
    }
    assert "secret" not in repr(status)
    assert status.voices == (Voice("3", "Hi"),)
    assert status.schedules == (
        Schedule("calendar:holidays", "holidays"),
        Schedule("week:work", "work"),
    )
    assert status.libraries == (
        Library(id="staff", name="staff", kind=LibraryKind.ALLOWED, persons=4),
    )
    assert status.tasks == (Task(id="access:staff in", name="staff in", enabled=True),)


async def test_a_steady_poll_asks_for_the_channels_only(
    box: Box, hub: MegviiHub
) -> None:
    await hub.connect()
    await hub.poll()
    before = len(box.requests)
    await hub.poll()
    assert [row.path for row in box.requests[before:]] == ["/videos"]


async def test_after_a_write_everything_is_read_again(box: Box, hub: MegviiHub) -> None:
    await hub.connect()
    await hub.poll()
    box.answers["POST /devices/megConnect"] = HANG_UP
    with pytest.raises(CannotConnect):
        await hub.call("set_megconnect", {"enable": True})
    before = len(box.requests)
    await hub.poll()
    asked = {row.path for row in box.requests[before:]}
    # But nothing that the firmware does not have.
    assert asked == {"/devices", "/configs", "/configs/detect", "/videos"}


async def test_structured_mode(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 1, "support": [0, 1]},
        "GET /videos": fail(104402),
        "GET /structures": {"videos": [STRUCTURES, FACES]},
        "GET /configs": CONFIGS | {"modelSw": {"workMode": "BlackNameListMode"}},
    }
    await hub.connect()
    (road,) = (await hub.poll()).channels.values()
    assert (road.name, road.online) == ("road", False)
    assert road.kinds == {AlarmKind.PERSON_DETECTED, AlarmKind.VEHICLE_DETECTED}
    assert road.recognizes_faces
    assert [(task.id, task.name, task.enabled) for task in road.tasks] == [
        ("surveillance", None, True),
        ("rule:1", "1: human, motorVehicle", True),
        ("rule:2", "2: face", False),
    ]
    box.answers["GET /structures"] = {"videos": [FACES | {"ruleEnable": True}]}
    (road,) = (await hub.poll()).channels.values()
    assert road.kinds == {AlarmKind.FACE_CAPTURED, AlarmKind.FACE_BLACKLISTED}
    assert box.count("GET", "/videos") == 0


async def test_alert_mode(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 3},
        "GET /alertVideos": {"videos": [ALERT]},
    }
    await hub.connect()
    (fence,) = (await hub.poll()).channels.values()
    assert fence.kinds == {AlarmKind.CLIMBING}
    assert not fence.recognizes_faces
    assert [(task.id, task.kind, task.enabled) for task in fence.tasks] == [
        ("surveillance", None, True),
        ("rule:1", AlarmKind.CLIMBING, True),
    ]
    assert hub.people is None
    assert box.count("GET", "/pictures") == 0


async def test_several_algorithms_a_channel(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 3},
        "GET /alertVideos": {"videos": []},
        "GET /multiAlgVideos": {"videos": [MULTI]},
    }
    await hub.connect()
    (hall,) = (await hub.poll()).channels.values()
    assert hall.kinds == {
        AlarmKind.NO_HELMET,
        AlarmKind.NO_VEST,
        AlarmKind.FALL,
        AlarmKind.FACE_CAPTURED,
        AlarmKind.FACE_RECOGNIZED,
    }
    assert [(task.id, task.name) for task in hall.tasks] == [
        ("surveillance", None),
        ("rule:1", "1: no_safetycap, no_vest, fall"),
        ("rule:2", "2: face"),
    ]
    assert hub.people is not None
    assert box.count("GET", "/alertVideos") == 0


async def test_a_slot_in_the_older_format(box: Box, hub: MegviiHub) -> None:
    slot = {
        "ruleIndex": 1,
        "ruleEnable": True,
        "algType": 11,
        "alertRules": {"enable": True, "alertType": 13},
    }
    box.answers |= {
        "GET /configs/detect": {"type": 5},
        "GET /multiAlgVideos": {"videos": [MULTI | {"algRules": [slot]}]},
    }
    await hub.connect()
    (hall,) = (await hub.poll()).channels.values()
    assert hall.kinds == {AlarmKind.ASLEEP}


async def test_the_hub_follows_a_change_of_the_mode(box: Box, hub: MegviiHub) -> None:
    await hub.connect()
    await hub.poll()
    assert hub.people is not None
    box.answers |= {
        "GET /configs/detect": {"type": 3},
        "GET /videos": fail(104402),
        "GET /alertVideos": {"videos": [ALERT]},
    }
    status = await hub.poll()
    assert set(status.channels) == {"3"}
    assert hub.people is None
    box.answers |= {
        "GET /configs/detect": {"type": 0},
        "GET /videos": {"videos": [VIDEO]},
        "GET /alertVideos": web.Response(status=404),
    }
    status = await hub.poll()
    assert set(status.channels) == {"1"}
    assert hub.people is not None


async def test_a_new_mode_tells_its_own_channels_in_the_same_poll(
    box: Box, hub: MegviiHub
) -> None:
    """Though the list of the earlier mode still has others."""
    await hub.connect()
    await hub.poll()
    box.answers |= {
        "POST /configs/detect": {},
        "GET /configs/detect": {"type": 3},
        "GET /alertVideos": {"videos": [ALERT]},
    }
    await hub.call("set_detect_mode", {"type": 3})
    assert set((await hub.poll()).channels) == {"3"}


@pytest.mark.parametrize(
    "answer",
    [
        {"videos": None, "totalVideos": 1},
        {},
        {"videos": [{"videoName": "no number"}]},
        web.Response(body=b'{"code":0,"data":{"videos":['),
        fail(105000),
        web.Response(status=404),
    ],
)
async def test_a_broken_list_removes_no_channel(
    box: Box, hub: MegviiHub, answer: Any
) -> None:
    await hub.connect()
    box.answers["GET /videos"] = answer
    with pytest.raises(VisionError):
        await hub.poll()
    box.answers["GET /videos"] = {"videos": [VIDEO, "junk", {"videoNo": {}}]}
    assert set((await hub.poll()).channels) == {"1"}


@pytest.mark.parametrize(
    "device",
    [
        {"deviceId": DEVICE_ID},
        {"deviceId": DEVICE_ID, "time": 5, "hardwareStatus": "x", "eth": []},
        DEVICE | {"time": {"deviceTime": 10**30}},
        DEVICE | {"time": {"deviceTime": -1, "timeZone": 99}},
        DEVICE | {"hardwareStatus": {"cpuUseRate": "34", "memSize": 0, "memUse": 1}},
    ],
)
async def test_wrong_types(box: Box, hub: MegviiHub, device: Any) -> None:
    box.answers |= {
        "GET /devices": device,
        "GET /configs": {"funcModule": [], "modelSw": "x"},
        "GET /configs/detect": {"type": None},
        "GET /relay": {"relay": [1, {}, {"videoNo": "2", "online": "TURE"}]},
        "GET /faceGroups": [],
        "GET /voiceFiles": {"voiceFiles": {"a": 1}},
        "GET /access/calendar": {"calendar": [{}, 5]},
        "GET /access/schedule": {"schedule": [{"scheduleName": None}]},
        "GET /access/rules": None,
    }
    await hub.connect()
    status = await hub.poll()
    assert [(relay.id, relay.online) for relay in status.relays] == [("2", True)]
    assert status.measurements[Measurement.CPU_LOAD] in {None, 34}
    assert status.schedules == ()


async def test_a_slow_part_hides_nothing(
    box: Box, hub: MegviiHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.connect()
    box.answers["GET /relay"] = HANG_UP
    with pytest.raises(CannotConnect):
        await hub.poll()
    box.answers["GET /relay"] = {"relay": [RELAY]}
    assert (await hub.poll()).relays


async def test_a_box_without_identity(box: Box, hub: MegviiHub) -> None:
    box.answers["GET /devices"] = DEVICE | {"deviceId": ""}
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


@pytest.mark.parametrize(
    ("index", "hours"),
    [(0, -12), (3, -9.5), (15, 0), (19, 3.5), (27, 8), (36, 14), (99, 8), (None, 8)],
)
def test_zones(index: int | None, hours: float) -> None:
    assert zone_of(index).utcoffset(None) == timedelta(hours=hours)

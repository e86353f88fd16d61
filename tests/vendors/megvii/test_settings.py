"""Every write reads, merges and writes; nothing else is changed."""

import asyncio
from copy import deepcopy
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import Command
from custom_components.vision_hub.vendors.errors import (
    Busy,
    CannotConnect,
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
)
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub
from custom_components.vision_hub.vendors.model import SettingKey

from .conftest import CONFIGS, DEVICE, HANG_UP, VIDEO, Box, fail
from .test_poll import ALERT, FACES, MULTI, PICTURE, RELAY, STORE, STRUCTURES


async def test_functions_are_merged_and_switches_left_alone(
    box: Box, hub: MegviiHub
) -> None:
    assert hub.settings
    box.answers["POST /configs"] = None
    await hub.settings.write(SettingKey("recognition_retries"), 9.0)
    await hub.settings.write(SettingKey("keep_scenes"), value=False)
    functions = CONFIGS["funcModule"]
    assert box.asked("POST", "/configs") == [
        {"funcModule": functions | {"retryCount": 9}},
        {"funcModule": functions | {"captureFullPicEnabled": False}},
    ]


async def test_the_push_mode_goes_out_with_the_work_mode_as_it_is(
    box: Box, hub: MegviiHub
) -> None:
    assert hub.settings
    box.answers["POST /configs"] = None
    await hub.settings.write(SettingKey("push_mode"), "fast")
    assert box.asked("POST", "/configs") == [
        {
            "modelSw": {
                "workMode": "WhiteNameListMode",
                "libMode": False,
                "pushMode": "FastPushMode",
                "httpMode": "http",
                "digestMode": False,
                "digestUnlockTime": 12,
            }
        }
    ]
    # What is missing might be taken for another mode, which wipes the box.
    box.answers["GET /configs"] = {"modelSw": {"pushMode": "BestPushMode"}}
    with pytest.raises(UnexpectedAnswer):
        await hub.settings.write(SettingKey("push_mode"), "best")
    assert box.count("POST", "/configs") == 1


async def test_time(box: Box, hub: MegviiHub) -> None:
    assert hub.settings
    assert hub.commands
    box.answers["POST /devices"] = None
    await hub.settings.write(SettingKey("ntp"), value=True)
    await hub.commands.run(Command.SET_CLOCK)
    ntp, clock = box.asked("POST", "/devices")
    told = {name: DEVICE["time"][name] for name in DEVICE["time"]}
    del told["ntpFailCount"]
    assert ntp == {"time": told | {"ntpEnable": True}}
    assert clock["time"].pop("deviceTime") > 1_700_000_000
    del told["deviceTime"]
    assert clock == {"time": told}


async def test_reboot_goes_out_once(box: Box, hub: MegviiHub) -> None:
    assert hub.commands
    assert Command.REBOOT in hub.commands.catalog
    box.answers["GET /devices/reboot"] = None
    await hub.commands.run(Command.REBOOT)
    box.answers["GET /devices/reboot"] = fail(104004)
    with pytest.raises(Busy):
        await hub.commands.run(Command.REBOOT)
    assert box.count("GET", "/devices/reboot") == 2


async def test_relays(box: Box, hub: MegviiHub) -> None:
    assert hub.settings
    assert hub.relays
    box.answers |= {
        "GET /relay": {"relay": [RELAY, RELAY | {"videoNo": 2}]},
        "POST /relay": None,
        "POST /relayTrigger/1": None,
        "GET /relayWorkPara": {"netMode": 0, "timeUnit": 1, "AESKey": "k"},
        "POST /relayWorkPara": None,
    }
    await hub.relays.trigger("1")
    assert box.count("POST", "/relayTrigger/1") == 1
    for name, value in (
        ("relay_pulse", 1234.0),
        ("relay_enabled", False),
        ("relay_rest_state", "closed"),
    ):
        await hub.settings.write(SettingKey(name, None, "1"), value)
    base = {
        name: value for name, value in RELAY.items() if name not in {"status", "online"}
    }
    assert box.asked("POST", "/relay") == [
        base | {"triggerTime": 1200},
        base | {"enable": False},
        base | {"relayMode": 1},
    ]
    await hub.settings.write(SettingKey("relay_protocol"), "udp")
    assert box.asked("POST", "/relayWorkPara") == [
        {"netMode": 1, "timeUnit": 1, "AESKey": "k"}
    ]
    with pytest.raises(InvalidRequest):
        await hub.settings.write(SettingKey("relay_delay", None, "9"), 1)
    assert box.count("POST", "/relay") == 3


@pytest.mark.parametrize(
    ("name", "part", "value"),
    [
        ("push_interval", None, 499),
        ("push_interval", None, True),
        ("push_mode", None, "never"),
        ("ntp", None, 1),
        ("relay_pulse", None, 500),
        ("relay_pulse", "x", 500),
        ("workMode", None, "BlackNameListMode"),
    ],
)
async def test_what_cannot_be_set(
    box: Box, hub: MegviiHub, name: str, part: str | None, value: Any
) -> None:
    assert hub.settings
    box.answers["GET /relay"] = {"relay": [RELAY]}
    with pytest.raises(InvalidRequest):
        await hub.settings.write(SettingKey(name, None, part), value)
    assert {row.method for row in box.requests} <= {"GET"}


async def _arm(hub: MegviiHub, channel: str | None, task: str, *, on: bool) -> None:
    assert hub.tasks
    await hub.connect()
    await hub.tasks.set_enabled(channel, task, enabled=on)


async def test_arming_a_video_channel(box: Box, hub: MegviiHub) -> None:
    box.answers["PUT /videos/1/surveillances"] = None
    await _arm(hub, "1", "surveillance", on=True)
    expected = deepcopy(VIDEO)
    for name in ("videoNo", "videoName", "url", "subUrl", "username", "password"):
        del expected[name]
    del expected["rotation"], expected["videoConStatus"]
    expected |= {"surveillanceEnabled": True, "livenessThreshold": 50}
    expected["filter"]["blurness"] = 80
    expected["group"][0]["searchThresholdHigh"] = 60
    (written,) = box.asked("PUT", "/videos/1/surveillances")
    assert written == expected
    assert "p@ss" not in str(written)


async def test_arming_a_picture_channel(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /pictures": {"pictures": [PICTURE]},
        "PUT /pictures/17/surveillances": None,
    }
    await _arm(hub, "17", "surveillance", on=False)
    assert box.asked("PUT", "/pictures/17/surveillances") == [
        {
            "livenessEnabled": True,
            "livenessThreshold": 60,
            "surveillanceEnabled": False,
            "group": [],
            "globalStranger": {"enable": True},
            "filter": {"blurness": 60},
        }
    ]


async def test_arming_a_structured_channel(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 1},
        "GET /structures": {"videos": [STRUCTURES, FACES]},
        "POST /structures/2/surveillances": None,
    }
    await _arm(hub, "2", "rule:2", on=True)
    faces = {
        "surveillanceEnabled": True,
        "surveillanceType": 0,
        "ruleIndex": 2,
        "ruleEnable": True,
        "faces": {
            "livenessThreshold": 50,
            "livenessEnabled": True,
            "detectTargetList": ["face"],
            "group": [{"groupName": "staff", "searchThresholdHigh": 67}],
            "globalStranger": {"enable": False},
            "filter": {"blurness": 80},
        },
    }
    structures = {
        "surveillanceType": 1,
        "surveillanceEnabled": False,
        "attributeEnabled": True,
        "ruleIndex": 1,
        "ruleEnable": True,
        "structures": {
            "pushConfigs": {"pushMode": 3, "retryCount": 2, "pushInterval": 5000},
            "detectTargetList": ["human", {"targetName": "motorVehicle"}],
            "captureConfigs": {"captureMode": 2, "quality": {"plateQuality": 0}},
        },
    }
    assert box.asked("POST", "/structures/2/surveillances") == [faces]
    await _arm(hub, "2", "surveillance", on=False)
    assert box.asked("POST", "/structures/2/surveillances")[1:] == [
        structures,
        faces | {"surveillanceEnabled": False, "ruleEnable": False},
    ]


async def test_arming_an_alert_channel(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 3},
        "GET /alertVideos": {"videos": [ALERT]},
        "POST /alertVideos/3/surveillances": None,
    }
    await _arm(hub, "3", "rule:1", on=False)
    await _arm(hub, "3", "surveillance", on=False)
    base = {
        "surveillanceEnabled": True,
        "algType": 10,
        "alertRules": ALERT["alertRules"],
    }
    assert box.asked("POST", "/alertVideos/3/surveillances") == [
        base | {"alertRules": ALERT["alertRules"] | {"enable": False}},
        base | {"surveillanceEnabled": False},
    ]


async def test_arming_several_algorithms(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 1},
        "GET /multiAlgVideos": {"videos": [MULTI]},
        "POST /multiAlgVideos/4/surveillanceEnable": None,
        "POST /multiAlgVideos/4/multiAlert": None,
        "POST /structures/4/surveillances": None,
    }
    await _arm(hub, "4", "surveillance", on=False)
    await _arm(hub, "4", "rule:1", on=False)
    await _arm(hub, "4", "rule:2", on=False)
    writes = [(row.path, row.body) for row in box.requests if row.method == "POST"]
    assert writes == [
        ("/multiAlgVideos/4/surveillanceEnable", {"surveillanceEnabled": False}),
        (
            "/multiAlgVideos/4/multiAlert",
            {
                "ruleIndex": 1,
                "ruleEnable": False,
                "algType": 13,
                "alertRulesValidity": True,
                # With the fractions that the points have.
                "alertRules": STORE,
                "surveillanceEnabled": True,
            },
        ),
        (
            "/structures/4/surveillances",
            {
                "ruleIndex": 2,
                "ruleEnable": False,
                "attributeEnabled": True,
                "surveillanceEnabled": True,
                "surveillanceType": 0,
                "faces": {
                    "detectTargetList": ["face"],
                    "livenessThreshold": 60,
                    "group": [{"groupName": "staff", "searchThresholdLow": 20}],
                },
            },
        ),
    ]


async def test_rules_of_access(box: Box, hub: MegviiHub) -> None:
    rule = {
        "ruleName": "staff: in",
        "videoNo": [1],
        "groupNames": ["staff"],
        "enable": True,
        "comment": "x",
    }
    box.answers |= {
        "GET /access/rules": {"rules": [{"ruleName": "b"}, rule]},
        "PUT /access/rules/staff: in": None,
    }
    await _arm(hub, None, "access:staff: in", on=False)
    assert box.asked("PUT", "/access/rules/staff: in") == [rule | {"enable": False}]
    await hub.call(
        "update_access_rule", {"ruleName": "staff: in", "newName": "employees"}
    )
    assert box.asked("PUT", "/access/rules/staff: in")[1] == rule | {
        "ruleName": "employees"
    }


@pytest.mark.parametrize(
    ("channel", "task"),
    [
        ("1", "nothing"),
        ("9", "surveillance"),
        ("1", "rule:1"),
        ("1", "rule:x"),
        (None, "surveillance"),
        (None, "access:"),
    ],
)
async def test_what_cannot_be_armed(
    box: Box, hub: MegviiHub, channel: str | None, task: str
) -> None:
    with pytest.raises(InvalidRequest):
        await _arm(hub, channel, task, on=True)
    assert {row.method for row in box.requests} == {"GET"}


async def test_no_change_is_undone_by_another(box: Box, hub: MegviiHub) -> None:
    """Each writes a whole; side by side they would write what they read before."""
    settings = hub.settings
    assert settings
    functions = dict(CONFIGS["funcModule"])
    box.slowness = 0.005

    def write(asked: Any) -> None:
        functions.update(asked.body["funcModule"])

    box.answers |= {
        "GET /configs": lambda _: {"funcModule": dict(functions)},
        "POST /configs": write,
    }
    names = {
        "recognition_retries": ("retryCount", 11),
        "recognition_retry_interval": ("retryInterval", 12),
        "stranger_retries": ("strangerRetryCount", 3),
        "scene_quality": ("fullPicCompressLevel", 50),
    }
    await asyncio.gather(
        *(settings.write(SettingKey(name), value) for name, (_, value) in names.items())
    )
    assert {key: functions[key] for key, _ in names.values()} == dict(names.values())
    assert functions["secretOfThisFirmware"] == 7


@pytest.mark.parametrize(
    ("answer", "error"), [(HANG_UP, CannotConnect), (fail(105000), RejectedByHub)]
)
async def test_a_broken_write_is_told_and_the_state_read_again(
    box: Box, hub: MegviiHub, answer: Any, error: type[Exception]
) -> None:
    assert hub.settings
    await hub.connect()
    await hub.poll()
    box.answers["POST /configs"] = answer
    with pytest.raises(error):
        await hub.settings.write(SettingKey("recognition_retries"), 9)
    assert box.count("POST", "/configs") == 1
    # The box may have done it before it broke.
    changed = CONFIGS["funcModule"] | {"retryCount": 9}
    box.answers["GET /configs"] = CONFIGS | {"funcModule": changed}
    status = await hub.poll()
    assert status.settings[SettingKey("recognition_retries")] == 9

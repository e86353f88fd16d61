"""Settings are read, merged and written; the analysis is armed."""

from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import SettingScope
from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    UnexpectedAnswer,
    WouldErase,
)
from custom_components.vision_hub.vendors.model import Reading, SettingKey
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub
from custom_components.vision_hub.vendors.uniview.hub.settings import CATALOG

from .conftest import ScriptedBox, done, paged
from .test_poll import PARAMS, camera


@pytest.fixture(autouse=True)
def _furnished(scripted: ScriptedBox) -> None:
    scripted.answers |= {
        "channel/list": paged("channel_list", [camera(1)]),
        "smart/params/get": done(PARAMS),
        "smart/params/update": done(),
        "extend/update": done(),
        "smart/cycle": done(),
        "smart/task": done(),
        "extend/get": done(
            [
                {"channel_id": 2, "status": 1, "smart_list": []},
                {
                    "channel_id": "1",
                    "status": "0",
                    "smart_list": [
                        {"algo_model": "EnterArea", "sensitive": "80"},
                        {
                            "algo_model": "SmokingAlarm",
                            "sensitive": 70,
                            "report_rate": 0,
                        },
                    ],
                },
            ]
        ),
    }


async def write(hub: UniviewHub, name: str, value: Reading) -> None:
    assert hub.settings
    await hub.settings.write(SettingKey(name, "1"), value)


@pytest.mark.parametrize(
    ("name", "value", "group"),
    [
        (
            "alarm_video",
            True,
            {
                "alarm_video_param": {
                    "status": 1,
                    "befor_alarmed_time": 5,
                    "after_alarmed_time": 7,
                }
            },
        ),
        (
            "alarm_video_before",
            30.0,
            {
                "alarm_video_param": {
                    "status": 0,
                    "befor_alarmed_time": 30,
                    "after_alarmed_time": 7,
                }
            },
        ),
        (
            "alarm_video_after",
            6,
            {
                "alarm_video_param": {
                    "status": 0,
                    "befor_alarmed_time": 5,
                    "after_alarmed_time": 6,
                }
            },
        ),
        ("report_recovery", False, {"status_recovery_param": {"status": 0}}),
        # Text in 6.6, a number in 6.7.
        ("face_min_height", 50, {"face_param": {"min_width": 30, "min_height": 50}}),
    ],
)
async def test_one_group_goes_alone(
    scripted: ScriptedBox,
    hub: UniviewHub,
    name: str,
    value: Reading,
    group: dict[str, Any],
) -> None:
    await hub.poll()
    await write(hub, name, value)
    assert scripted.asked("smart/params/update") == [{"channel_id": 1} | group]
    scripted.requests.clear()
    status = await hub.poll()
    assert status.settings[SettingKey(name, "1")] == value
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(
    ("name", "told", "parts"),
    [
        ("alarm_video_after", {}, ("status", "befor_alarmed_time")),
        (
            "alarm_video_after",
            {"alarm_video_param": {"status": 1, "befor_alarmed_time": None}},
            ("befor_alarmed_time",),
        ),
        ("face_min_width", {"face_param": {"min_height": "?"}}, ("min_height",)),
    ],
)
async def test_no_group_is_written_of_which_a_part_is_not_told(
    scripted: ScriptedBox,
    hub: UniviewHub,
    name: str,
    told: dict[str, Any],
    parts: tuple[str, ...],
) -> None:
    scripted.answers["smart/params/get"] = done(told)
    with pytest.raises(WouldErase) as caught:
        await write(hub, name, 20)
    assert caught.value.parts == parts
    assert not scripted.asked("smart/params/update")
    # This one has no other part.
    await write(hub, "report_recovery", value=True)
    assert scripted.asked("smart/params/update") == [
        {"channel_id": 1, "status_recovery_param": {"status": 1}}
    ]


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ({}, "smart_list"),
        ({"smart_list": "?"}, "smart_list"),
        ({"smart_list": [{"algo_model": "EnterArea"}, "?"]}, "smart_list"),
        ({"smart_list": [{"sensitive": 80}]}, "smart_list.algo_model"),
    ],
)
async def test_sensitivities_that_are_not_told(
    scripted: ScriptedBox, hub: UniviewHub, told: dict[str, Any], part: str
) -> None:
    scripted.answers["extend/get"] = done([{"channel_id": 1, "status": 0} | told])
    with pytest.raises(WouldErase) as caught:
        await write(hub, "custom_sensitivity", value=True)
    assert caught.value.parts == (part,)
    assert not scripted.asked("extend/update")


async def test_custom_sensitivity(scripted: ScriptedBox, hub: UniviewHub) -> None:
    await hub.poll()
    await write(hub, "custom_sensitivity", True)
    assert scripted.asked("extend/update") == [
        {
            "list": [
                {
                    "channel_id": 1,
                    "status": 1,
                    "smart_list": [
                        {"algo_model": "EnterArea", "sensitive": 80},
                        {
                            "algo_model": "SmokingAlarm",
                            "sensitive": 70,
                            "report_rate": 0,
                        },
                    ],
                }
            ]
        }
    ]
    status = await hub.poll()
    assert status.settings[SettingKey("custom_sensitivity", "1")] is True


async def test_analysis_mode(scripted: ScriptedBox, hub: UniviewHub) -> None:
    await write(hub, "analysis_mode", "round_robin")
    await write(hub, "analysis_mode", "real_time")
    assert scripted.asked("smart/cycle") == [
        {"channel_id": 1, "status": 2},
        {"channel_id": 1, "status": 1},
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alarm_video", 1),
        ("alarm_video_before", 4),
        ("alarm_video_before", 31),
        ("alarm_video_before", True),
        ("alarm_video_before", "5"),
        ("analysis_mode", "fast"),
        ("analysis_mode", None),
        ("volume", 3),
    ],
)
async def test_impossible_values(
    scripted: ScriptedBox, hub: UniviewHub, name: str, value: Reading
) -> None:
    with pytest.raises(InvalidRequest):
        await write(hub, name, value)
    assert not scripted.requests


async def test_a_setting_needs_a_channel(hub: UniviewHub) -> None:
    assert hub.settings
    with pytest.raises(InvalidRequest):
        await hub.settings.write(SettingKey("alarm_video"), value=True)


@pytest.mark.parametrize("name", ["alarm_video", "custom_sensitivity"])
async def test_nothing_is_written_over_what_cannot_be_read(
    scripted: ScriptedBox, hub: UniviewHub, name: str
) -> None:
    scripted.answers["smart/params/get"] = scripted.answers["extend/get"] = done()
    with pytest.raises(UnexpectedAnswer):
        await write(hub, name, value=True)
    assert not scripted.asked("smart/params/update")
    assert not scripted.asked("extend/update")


async def test_tasks(scripted: ScriptedBox, hub: UniviewHub) -> None:
    assert hub.tasks
    await hub.tasks.set_enabled("1", "analysis", enabled=True)
    await hub.tasks.set_enabled("1", "analysis", enabled=False)
    assert scripted.asked("smart/task") == [
        {"channel_id": 1, "status": 1},
        {"channel_id": 1, "status": 0},
    ]


def test_catalog() -> None:
    assert [spec.name for spec in CATALOG if spec.assumed] == ["analysis_mode"]
    assert all(spec.scope is SettingScope.CHANNEL for spec in CATALOG)

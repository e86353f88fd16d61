"""Settings, cameras, commands, and any operation of the manual."""

import base64
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import Command
from custom_components.vision_hub.vendors.errors import InvalidRequest, Unsupported
from custom_components.vision_hub.vendors.model import SettingKey
from custom_components.vision_hub.vendors.sensetime.hub import SenseTimeHub
from custom_components.vision_hub.vendors.toolkit.operations import Danger

from .conftest import IMAGE, JPEG, RTSP, Node, done


async def test_a_setting_is_read_merged_and_written(
    node: Node, hub: SenseTimeHub
) -> None:
    assert hub.settings
    node.answers["515"] = done({"channel": 4})
    await hub.settings.write(SettingKey("match_threshold", "4"), 90.0)
    assert node.asked(515) == [
        {
            "channel": 4,
            "camera_name": "Door",
            "threshold": 90,
            "lib_ids": "",
            "position": "",
            "description": "",
            "ip": "10.5.4.179",
            "port": 37777,
            "camera_pwd": "1234",
            "camera_user": "admin",
            "vendor": "hikvision",
        }
    ]
    await hub.settings.write(SettingKey("snap_mode", "7"), "accurate")
    written = node.asked(515)[-1]
    assert written["snap_mode"] == 1
    assert written["url"] == RTSP["url"]
    assert "status" not in written
    assert "roi_max" not in written


@pytest.mark.parametrize(
    ("name", "channel", "value", "error"),
    [
        ("match_threshold", "7", 101, InvalidRequest),
        ("match_threshold", "7", True, InvalidRequest),
        ("match_threshold", "99", 50, InvalidRequest),
        ("match_threshold", None, 50, InvalidRequest),
        ("face_min_size", "7", 59, InvalidRequest),
        ("snap_mode", "7", "never", InvalidRequest),
        ("snap_mode", "4", "timed", Unsupported),
        ("storage_strategy", None, "burn", InvalidRequest),
        ("ntp", None, 1, InvalidRequest),
        ("nothing", None, 1, InvalidRequest),
    ],
)
async def test_what_cannot_be_set(
    node: Node,
    hub: SenseTimeHub,
    name: str,
    channel: str | None,
    value: Any,
    error: type[Exception],
) -> None:
    assert hub.settings
    with pytest.raises(error):
        await hub.settings.write(SettingKey(name, channel), value)
    assert not node.asked(515)


async def test_the_smallest_face_is_not_above_the_largest(
    node: Node, hub: SenseTimeHub
) -> None:
    assert hub.settings
    node.answers["516"] = done({"camera": [RTSP | {"facesize_max": 100}]})
    with pytest.raises(InvalidRequest):
        await hub.settings.write(SettingKey("face_min_size", "7"), 200)


async def test_masked_passwords_do_not_go_back(node: Node, hub: SenseTimeHub) -> None:
    node.answers["516"] = done({"camera": [IMAGE | {"camera_pwd": "****"}]})
    node.answers["515"] = done({"channel": 4})
    await hub.call("camera_modify", {"channel": 4, "position": "hall"})
    (written,) = node.asked(515)
    assert "camera_pwd" not in written
    assert (written["position"], written["vendor"]) == ("hall", "hikvision")


async def test_network_time_sends_all_three(node: Node, hub: SenseTimeHub) -> None:
    assert hub.settings
    node.answers["1290"] = done()
    await hub.settings.write(SettingKey("ntp"), value=False)
    await hub.call("ntp_set", {"url": "time.lan"})
    assert node.asked(1290) == [
        {"url": "ntp.lan", "ntp_cycle": "30", "ntp_disable": "1"},
        {"url": "time.lan", "ntp_cycle": "30", "ntp_disable": "0"},
    ]


async def test_storage(node: Node, hub: SenseTimeHub) -> None:
    assert hub.settings
    node.answers["1287"] = done()
    await hub.settings.write(SettingKey("storage_strategy"), "stop")
    assert node.asked(1287) == [{"storage_strategy": 2}]


async def test_commands(node: Node, hub: SenseTimeHub) -> None:
    assert hub.commands
    node.answers |= {"1294": done(), "1282": done()}
    await hub.commands.run(Command.REBOOT)
    await hub.commands.run(Command.SET_CLOCK)
    assert node.asked(1294) == [{}]
    (clock,) = node.asked(1282)
    assert clock["time_zone"] == "GMT+08:00"
    assert clock["time_format"] == "yyyy-MM-dd HH:mm:ss"
    assert len(clock["sys_time"]) == 19


async def test_streams(hub: SenseTimeHub) -> None:
    assert hub.streams
    assert await hub.streams.source("7") == RTSP["url"]
    assert await hub.streams.source("4") is None
    assert await hub.streams.source("5") is None


async def test_streams_of_cameras_with_any_password(
    node: Node, hub: SenseTimeHub
) -> None:
    assert hub.streams
    rows = [
        RTSP | {"channel": 1, "url": "rtsp://admin:p@ss?[1]@10.0.0.5:554/ch1"},
        RTSP | {"channel": 2, "url": "rtsp://admin:[bad@10.0.0.5:port/ch1"},
    ]
    node.answers["516"] = done({"camera": rows, "total_num": 2})
    wanted = "rtsp://admin:p%40ss%3F%5B1%5D@10.0.0.5:554/ch1"
    assert await hub.streams.source("1") == wanted
    assert await hub.streams.source("2") is None
    channels = (await hub.poll()).channels
    assert [channels[name].streams for name in "12"] == [True, False]


async def test_a_region_is_set_after_the_camera_is_there(
    node: Node, hub: SenseTimeHub
) -> None:
    node.answers |= {"513": done({"channel": 7}), "515": done({"channel": 7})}
    answer = await hub.call(
        "camera_add", {"camera_mode": "VIDEO", "camera_roi": "0,1,2,3"}
    )
    assert answer["data"] == {"channel": 7}
    assert node.asked(513) == [{"camera_mode": "VIDEO"}]
    assert node.asked(515)[0]["camera_roi"] == "0,1,2,3"
    with pytest.raises(InvalidRequest):
        await hub.call("camera_add", {"camera_mode": "IMAGE", "vendor": "hikvison"})


async def test_forms(node: Node, hub: SenseTimeHub) -> None:
    node.answers |= {"771": done({"score": 1}), "1292": done()}
    encoded = base64.b64encode(JPEG).decode()
    await hub.call(
        "compare_11_file",
        {"img_1": {"filename": "a.jpg", "data": encoded}, "img_2_base64": encoded},
    )
    await hub.call("upgrade", {"file_base64": encoded, "n": 3, "msg_id": "1"})
    assert node.files == {
        "img_1": ("a.jpg", JPEG),
        "img_2": ("picture.jpg", JPEG),
        "file": ("nebula.tar.bz2", JPEG),
    }
    assert node.asked(1292) == [{"n": "3"}]
    for junk in ("", "%%", None):
        with pytest.raises(InvalidRequest):
            await hub.call("upgrade", {"file_base64": junk})


async def test_special_operations(node: Node, hub: SenseTimeHub) -> None:
    await hub.connect()
    assert (await hub.call("login", {}))["data"] == ""
    await hub.call("logout", {})
    file = await hub.call("picture_download", {"path": "record/17/body/x y.jpg"})
    assert base64.b64decode(str(file["content_base64"])) == JPEG
    for name in ("ws_subscribe", "push_ws_result", "push_http_result"):
        with pytest.raises(Unsupported):
            await hub.call(name, {})
    for name, params in (
        ("nothing", {}),
        ("picture_download", {}),
        ("camera_modify", {}),
    ):
        with pytest.raises(InvalidRequest):
            await hub.call(name, params)


def test_what_destroys_is_marked(hub: SenseTimeHub) -> None:
    destructive = {
        name for name, row in hub.operations.items() if row.danger is Danger.DESTRUCTIVE
    }
    assert destructive == {
        "library_delete",
        "face_delete",
        "face_delete_batch",
        "capture_delete_all",
        "camera_delete",
        "network_set",
        "default_nic_set",
        "upgrade",
        "restore_defaults",
        "web_disable",
        "https_cert_delete",
        "https_switch",
        "relay_delete",
    }

"""Any operation of the manual."""

import base64
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    Unsupported,
    VisionError,
)
from custom_components.vision_hub.vendors.megvii import VENDOR
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub
from custom_components.vision_hub.vendors.toolkit.operations import (
    Danger,
    Direction,
    load_operations,
)

from .conftest import CONFIGS, DEVICE, JPEG, VIDEO, Box
from .test_poll import ALERT, MULTI, STORE, STRUCTURES

OPERATIONS = load_operations("megvii")
ENCODED = base64.b64encode(JPEG).decode()

# Whatever stands in a path or is a file; what else there is may be missing.
EVERYTHING: dict[str, Any] = {
    "faceToken": "Eqv0cstHM_0DeNr-pAzA9Q==",
    "imageId": "VsWi_xqPzxO4ruLVdEoimQ==",
    "groupName": "员工",
    "videoNo": 1,
    "pictureNo": 17,
    "trackId": 18446744073709551615,
    "timestamp": 1570691102826,
    "catchTimestamp": 1570691592918,
    "calendarName": "holidays",
    "scheduleName": "work",
    "ruleName": "in",
    "typeNo": 20,
    "voiceFileNo": 3,
}
FILES: dict[str, dict[str, Any]] = {
    "create_face": {"image_base64": ENCODED},
    "batch_create_faces": {"faces": [{"data": ENCODED}]},
    "compare_faces": {"image1_base64": ENCODED, "image2": {"data": ENCODED}},
    "search_face": {"image_base64": ENCODED},
    "upgrade_firmware": {"firmwareFile_base64": ENCODED},
    "extract_features": {"images": [ENCODED]},
    "set_voice_file": {"voiceFile_base64": ENCODED},
    "detect_picture": {"image_base64": ENCODED},
    "get_picture_object_attributes": {"image_base64": ENCODED},
    "change_password": {"password": "new"},
    "set_roi": {"videoNo": 1},
    "bind_voice": {"videoNo": 1},
}


def test_every_row_is_there() -> None:
    assert len(OPERATIONS) == 145
    pushes = [row for row in OPERATIONS.values() if row.kind is Direction.PUSH]
    assert len(pushes) == 11
    assert all(
        row.method in {"GET", "POST", "PUT", "DELETE"}
        for row in OPERATIONS.values()
        if row not in pushes
    )
    assert {
        name for name, row in OPERATIONS.items() if row.danger is Danger.DESTRUCTIVE
    } >= {
        "restore_factory",
        "format_disk",
        "reset_face_library",
        "delete_video",
        "set_telnet",
        "set_detect_mode",
    }


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_every_row_reaches_the_box(
    box: Box, hub: MegviiHub, operation: str
) -> None:
    row = OPERATIONS[operation]
    if row.kind is Direction.PUSH:
        with pytest.raises(Unsupported):
            await hub.call(operation, {})
        return
    path = row.path.partition("?")[0]
    params = {
        name: value
        for name, value in EVERYTHING.items()
        if "{" + name.lower() + "}" in path.lower()
    } | FILES.get(operation, {})
    for name, value in params.items():
        path = path.replace("{" + name + "}", str(value))
        path = path.replace("{" + name.replace("No", "NO") + "}", str(value))
    answer = {"code": 0, "data": {"videos": [], "pictures": []}}
    if operation == "get_face_image":
        response = web.Response(body=JPEG, content_type="image/jpeg")
    else:
        response = web.json_response(answer)
    box.answers[f"{row.method} {path}"] = response
    told = await hub.call(operation, params)
    sent = box.requests[-1]
    assert (sent.method, sent.path) == (row.method, path)
    if operation == "get_face_image":
        assert told == {"content_type": "image/jpeg", "content_base64": ENCODED}
    else:
        assert told == answer


async def test_a_path_is_filled_or_nothing_goes_out(box: Box, hub: MegviiHub) -> None:
    for operation in OPERATIONS:
        if "{" in OPERATIONS[operation].path.partition("?")[0]:
            with pytest.raises(VisionError):
                await hub.call(operation, {})
    assert not [row for row in box.requests if row.method != "GET"]


async def test_what_is_no_operation(hub: MegviiHub) -> None:
    with pytest.raises(InvalidRequest):
        await hub.call("nothing", {})


async def test_changes_are_merged(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "POST /configs": None,
        "POST /devices": None,
        "GET /devices/httpReports": {
            "enable": True,
            "main": {"url": "http://a", "eventType": 3},
            "slave": {"url": ""},
        },
        "POST /devices/httpReports": None,
        "GET /devices/megConnect": {"enable": False, "url": "tcp://a", "port": 5},
        "POST /devices/megConnect": None,
        "GET /voice/1": {"enable": True, "events": [{"eventType": 1}]},
        "POST /voice": None,
        "PUT /videos/1": None,
        "PUT /videos/1/surveillances": None,
    }
    await hub.call("set_configs", {"funcModule": {"retryCount": 1}})
    await hub.call("set_device", {"eth": {"ethIpAddr": "10.0.0.9"}})
    await hub.call("set_http_reports", {"slave": {"url": "http://b"}})
    await hub.call("set_megconnect", {"enable": True})
    await hub.call("bind_voice", {"videoNo": 1, "enable": False})
    await hub.call("update_video", {"videoNo": 1, "videoName": "yard"})
    await hub.call("set_video_surveillance", {"videoNo": 1, "filter": {"faceMin": 60}})
    port = {name: value for name, value in DEVICE["eth"].items() if name != "ethMac"}
    writes = {row.path: row.body for row in box.requests if row.method != "GET"}
    surveillance = writes.pop("/videos/1/surveillances")
    assert writes == {
        "/configs": {"funcModule": CONFIGS["funcModule"] | {"retryCount": 1}},
        "/devices": {"eth": port | {"ethIpAddr": "10.0.0.9"}},
        "/devices/httpReports": {
            "enable": True,
            "main": {"url": "http://a", "eventType": 3},
            "slave": {"url": "http://b"},
        },
        "/devices/megConnect": {"enable": True, "url": "tcp://a"},
        "/voice": {"videoNo": 1, "enable": False, "events": [{"eventType": 1}]},
        "/videos/1": {
            "videoName": "yard",
            "url": VIDEO["url"],
            "subUrl": VIDEO["subUrl"],
            "username": VIDEO["username"],
            "password": VIDEO["password"],
            "rotation": 0,
        },
    }
    assert surveillance["filter"]["faceMin"] == 60
    assert surveillance["filter"]["yaw"] == 35
    assert surveillance["ofNewerFirmware"] == [1.5]


async def test_both_ports_of_a_box_go_out_together(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /devices": DEVICE | {"eth1": {"ethIpAddr": "10.1.1.1", "ethBondMode": 7}},
        "POST /devices": None,
    }
    await hub.call("set_device", {"eth": {"ethDns": "9.9.9.9"}})
    (written,) = box.asked("POST", "/devices")
    assert written["eth1"] == {"ethIpAddr": "10.1.1.1", "ethBondMode": 7}
    assert written["eth"]["ethDns"] == "9.9.9.9"
    assert "time" not in written


async def test_slots_are_merged_unless_they_hold_something_else(
    box: Box, hub: MegviiHub
) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 1},
        "GET /multiAlgVideos": {"videos": [MULTI]},
        "POST /multiAlgVideos/4/multiAlert": None,
    }
    await hub.connect()
    change: dict[str, Any] = {"videoNo": 4, "ruleIndex": 1}
    await hub.call("set_multi_alert", change | {"alertRules": {"fps": 8}})
    await hub.call(
        "set_multi_alert", change | {"algType": 14, "alertRules": {"proc": "x"}}
    )
    first, second = box.asked("POST", "/multiAlgVideos/4/multiAlert")
    assert first["alertRules"] == STORE | {"fps": 8}
    assert (first["algType"], first["ruleEnable"]) == (13, True)
    assert second == {
        "surveillanceEnabled": True,
        "ruleIndex": 1,
        "algType": 14,
        "alertRules": {"proc": "x"},
    }


async def test_a_structured_channel_may_become_one_of_faces(
    box: Box, hub: MegviiHub
) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 1},
        "GET /structures": {"videos": [STRUCTURES]},
        "POST /structures/2/surveillances": None,
    }
    await hub.connect()
    faces = {"detectTargetList": ["face"]}
    await hub.call(
        "set_structures_surveillance",
        {"videoNo": 2, "surveillanceType": 0, "faces": faces},
    )
    (written,) = box.asked("POST", "/structures/2/surveillances")
    assert written["faces"] == faces
    assert "structures" not in written
    assert written["ruleIndex"] == 1


async def test_an_alert_channel_keeps_its_areas(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "GET /configs/detect": {"type": 3},
        "GET /alertVideos": {"videos": [ALERT]},
        "POST /alertVideos/3/surveillances": None,
    }
    await hub.connect()
    await hub.call(
        "set_alert_video_surveillance",
        {"videoNo": 3, "alertRules": {"cooldownDuration": 9}},
    )
    (written,) = box.asked("POST", "/alertVideos/3/surveillances")
    assert written["alertRules"] == ALERT["alertRules"] | {"cooldownDuration": 9}


async def test_groups_keep_their_faces_unless_told_otherwise(
    box: Box, hub: MegviiHub
) -> None:
    box.answers["DELETE /faceGroups/staff"] = None
    await hub.call("delete_face_group", {"groupName": "staff"})
    await hub.call("delete_face_group", {"groupName": "staff", "deleteAllFace": 2})
    assert box.asked("DELETE", "/faceGroups/staff") == [
        "deleteAllFace=1",
        "deleteAllFace=2",
    ]


async def test_telnet_is_asked_and_set_by_get(box: Box, hub: MegviiHub) -> None:
    box.answers["GET /telnet_control"] = web.Response(
        body=b'{"code":0,"message":"","time_cost":0,}'
    )
    await hub.call("get_telnet", {})
    await hub.call("set_telnet", {"telnetEnabled": False})
    assert box.asked("GET", "/telnet_control") == ["", "telnetEnabled=false"]


async def test_forms(box: Box, hub: MegviiHub) -> None:
    box.answers |= {
        "POST /search": None,
        "POST /faces/batch": None,
        "POST /feature": None,
        "POST /devices/firmware": None,
    }
    await hub.call(
        "search_face",
        {
            "livenessEnabled": False,
            "group": [{"groupName": "staff"}],
            "image_base64": f"data:image/jpeg;base64,{ENCODED}",
        },
    )
    await hub.call("extract_features", {"images": [ENCODED, {"data": ENCODED}]})
    await hub.call(
        "batch_create_faces",
        {
            "total": 3,
            "faces": [
                {"filename": "li.jpg", "data": ENCODED, "faceGroupList": ["staff"]},
                {"data": ENCODED, "imageMd5": "x=="},
            ],
        },
    )
    await hub.call("upgrade_firmware", {"firmwareFile_base64": ENCODED})
    search, features, batch, firmware = (row.body for row in box.requests)
    assert search == [
        ("image", "picture.jpg", JPEG),
        ("group", None, b'[{"groupName":"staff"}]'),
        ("livenessEnabled", None, b"false"),
    ]
    assert [part[0] for part in features] == ["total", "image", "image"]
    assert [part[0] for part in batch] == [
        "total",
        "count",
        "data",
        "image",
        "data",
        "image",
    ]
    assert (batch[0][2], batch[1][2]) == (b"3", b"2")
    assert json.loads(batch[2][2]) == {
        "faceGroupList": ["staff"],
        "batchNum": 1,
        "batchSeq": 1,
        "size": len(JPEG),
        "imageName": "li.jpg",
    }
    assert "imageName" not in json.loads(batch[4][2])
    assert firmware == [
        ("fileSize", None, str(len(JPEG)).encode()),
        ("firmwareFile", "firmware.bin", JPEG),
    ]


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("create_face", {}),
        ("create_face", {"image_base64": "%%"}),
        ("create_face", {"image": {"data": ""}}),
        ("extract_features", {"images": [ENCODED] * 26}),
        ("extract_features", {"images": []}),
        ("batch_create_faces", {"faces": [ENCODED]}),
        ("batch_create_faces", {"faces": [{"data": ENCODED}] * 51}),
        ("change_password", {}),
        ("change_password", {"password": "x" * 65}),
        ("list_alerts", {"chnNo": [1]}),
    ],
)
async def test_what_breaks_the_rules_is_not_sent(
    box: Box, hub: MegviiHub, operation: str, params: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest):
        await hub.call(operation, params)
    assert not box.requests


async def test_a_password_is_coded(box: Box, hub: MegviiHub) -> None:
    box.answers["PUT /keyword"] = None
    await hub.call("change_password", {"password": "megbox"})
    assert box.asked("PUT", "/keyword") == [{"password": "bWVnYm94"}]


def test_a_password_is_not_required() -> None:
    fields = {field.name: field for field in VENDOR.fields}
    assert fields["port"].default == 80
    assert not fields["password"].required
    assert not fields["username"].required

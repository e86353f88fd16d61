"""Every request of the manual: a good one, and ones that are refused."""

from hashlib import md5
import re
from typing import Any

import pytest

from simulators.megvii import MegviiBox
from simulators.megvii.defaults import _old_rules, _store_rules, _structure
from simulators.megvii.operation_table import OPERATIONS
from simulators.megvii.uploaded_pictures import image_id

from .client import OTHER, PORTRAIT, Client, form_of

FIRMWARE = b"MEGBOX B4H-v2.0.0 " + b"x" * 100
VIDEO = {"videoName": "Test_1", "url": "rtsp://192.0.2.9/1", "rotation": 90}
PICTURE = {"pictureName": "Snap", "deviceId": "1" * 20}
FILTER = {"roll": 45, "yaw": 35, "pitch": 45, "blurness": 60, "faceMin": 80}
GROUP = {
    "groupName": "Staff",
    "startTime": "080000",
    "endTime": "180000",
    "searchThresholdHigh": 75,
    "searchThresholdLow": 20,
}
ARMING = {"surveillanceEnabled": True, "filter": FILTER, "group": [GROUP]}
RELAY = {
    "videoNo": 3,
    "relayIP": "192.0.2.81",
    "triggerChannel": 0,
    "enable": True,
    "relayMode": 1,
    "triggerTime": 500,
    "delayTime": 0,
    "triggerInterval": 0,
    "triggerCondition": 3,
}
CALENDAR = {"calendarName": "Holidays", "dateRange": [[0, 12, 25], [2026, 1, 1]]}
WEEK = [[[0, 86_400], [0, 0], [0, 0]]] * 7
SCHEDULE = {
    "scheduleName": "Always",
    "startDate": "2020-01-01",
    "endDate": "2099-12-31",
    "timeRange": WEEK,
}
RULE = {
    "ruleName": "Doors",
    "videoNo": [1],
    "groupNames": ["Staff"],
    "scheduleNames": ["Day"],
    "calendarNames": [],
    "enable": True,
}
DAY, CLOSED, GATE = (
    {**SCHEDULE, "scheduleName": "Day"},
    {**CALENDAR, "calendarName": "Closed"},
    {**RULE, "ruleName": "Gate", "calendarNames": ["Closed"]},
)
REPORTS = {
    "alertConfig": {
        "alertReportMode": "activeMode",
        "reportServerAdd": "",
        "alertInterval": 0,
        "alertResend": 2,
        "pushImageSW": False,
    }
}
FTP = {"serverIp": "192.0.2.5", "serverPath": "/p", "username": "u", "password": "p"}
SCHEDULED = {**FTP, "enableAuto": True, "dayOfWeek": [1] * 7, "timeStart": 0}
GAT = {
    "devInfo": [{"videoNo": 1, "deviceId": "1" * 20}],
    "enable": True,
    "serverAddr": "192.0.2.3",
    "serverPort": 8000,
    "username": "u",
    "password": "p",
    "keepInterval": 90,
}
VIID = {"enable": True, "serverPort": 8000, "authEnable": False, "keepInterval": 90}
BRIDGE = {"enable": True, "ip": "x", "port": 1, "name": "n", "id": "i", "key": "k"}
VOICE_EVENT = {
    "eventType": 1,
    "ruleID": 1,
    "voiceFileNo": 1,
    "enable": True,
    "priority": 2,
}
MULTI = {
    "surveillanceEnabled": True,
    "algType": 14,
    "ruleIndex": 1,
    "ruleEnable": True,
    "alertRules": _store_rules(("tripwire", "park")),
}
FACE = (("image", PORTRAIT), ("description", "Eve"))
DATA = {"batchNum": 1, "size": len(OTHER), "imageName": "a.jpg"}

OPEN: list[tuple[str, str, Any, int]] = [
    ("POST", "/configs", {"modelSw": {"pushMode": "FastPushMode"}}, 0),
    ("POST", "/configs", {"funcModule": {"detectType": 3}}, 0),
    ("POST", "/configs", {"funcModule": {"detectType": 2}}, 104001),
    ("POST", "/configs", {"modelSw": {"digestMaxAuthTries": 11}}, 104001),
    ("POST", "/configs", {}, 104002),
    ("POST", "/configs", b"{", 104000),
    ("POST", "/configs", [], 104000),
    ("GET", "/configs", None, 0),
    ("GET", "/configs/detect", None, 0),
    ("POST", "/configs/detect", {"type": 0}, 0),
    ("POST", "/configs/detect", {"type": 2}, 104001),
    ("POST", "/devices/megConnect", {"enable": True, "url": "tcp://x:1"}, 0),
    ("GET", "/devices/megConnect", None, 0),
    ("GET", "/devices", None, 0),
    ("POST", "/devices", {"time": {"timeZone": 15}}, 0),
    ("POST", "/devices", {"time": {"timeZone": 37}}, 104001),
    ("POST", "/devices", {"deviceHeartbeat": {"serverAdd": "ws://x:1/"}}, 104002),
    ("POST", "/devices", {"deviceHeartbeat": {"serverAdd": "http://x"}}, 104001),
    ("POST", "/devices/reports", REPORTS, 0),
    ("POST", "/devices/reports", {"alertConfig": {}}, 104002),
    ("POST", "/devices/reports", {}, 104002),
    ("GET", "/devices/reports", None, 0),
    ("POST", "/devices/httpReports", {"enable": False}, 0),
    ("POST", "/devices/httpReports", {"enable": True}, 104002),
    ("POST", "/devices/httpReports", {"enable": True, "main": {"url": "x"}}, 104001),
    ("GET", "/devices/httpReports", None, 0),
    (
        "POST",
        "/devices/firmware",
        (("fileSize", str(len(FIRMWARE))), ("firmwareFile", FIRMWARE)),
        0,
    ),
    ("POST", "/devices/firmware", (("fileSize", "1"), ("firmwareFile", b"xx")), 104404),
    ("POST", "/devices/firmware", (("fileSize", "2"), ("firmwareFile", b"xx")), 104405),
    (
        "POST",
        "/devices/firmware",
        (("fileSize", "2"), ("firmwareFile", b"xx"), ("fileMd5", "0")),
        104406,
    ),
    ("GET", "/devices/reboot", None, 0),
    ("GET", "/devices/restoreFactorySet?reserveNet=true", None, 0),
    ("GET", "/devices/restoreFactorySet?reserveNet=1", None, 104001),
    ("POST", "/ftpUpgrade", {**SCHEDULED, "timeEnd": 3600}, 0),
    ("POST", "/ftpUpgrade", SCHEDULED, 104002),
    ("PUT", "/ftpUpgrade", FTP, 0),
    ("PUT", "/ftpUpgrade", {**FTP, "serverIp": "192.0.2.99"}, 104411),
    ("PUT", "/ftpUpgrade", {**FTP, "password": "wrong"}, 104410),
    ("GET", "/ftpUpgrade", None, 0),
    ("GET", "/devices/busyOperationStatus", None, 0),
    ("GET", "/devices/upgradeEndStatus", None, 0),
    ("DELETE", "/devices/formateDisk", None, 0),
    ("POST", "/faces", FACE, 0),
    ("POST", "/faces", (*FACE, ("imageMd5", image_id(PORTRAIT))), 0),
    ("POST", "/faces", (*FACE, ("imageMd5", image_id(OTHER))), 104206),
    ("POST", "/faces", (("image", PORTRAIT),), 104002),
    ("POST", "/faces", (("image", b"no"), ("description", "")), 104201),
    ("GET", "/faces?pageToken=0&pageSize=2", None, 0),
    ("GET", "/faces?pageSize=2&pageToken=0", None, 104001),
    ("GET", "/faces?pageOffset=0&pageToken=0", None, 104001),
    ("DELETE", "/faces/faceToken/{token}", None, 0),
    ("DELETE", "/faces/faceToken/none", None, 104202),
    ("DELETE", "/faces/image/{image}", None, 0),
    ("DELETE", "/faces/image/none", None, 104203),
    ("GET", "/faces/faceToken/{token}", None, 0),
    ("GET", "/faces/faceToken/none", None, 104202),
    ("GET", "/faces/image/{image}", None, 104203),
    ("DELETE", "/faces/facesLib", None, 0),
    (
        "POST",
        "/faces/batch",
        (("total", 1), ("count", 1), ("data", DATA), ("image", OTHER)),
        0,
    ),
    ("POST", "/faces/batch", (("total", 1), ("count", 51)), 104001),
    ("POST", "/faces/faceBatchStop", None, 0),
    ("GET", "/faces/faceBatchStatus", None, 0),
    ("GET", "/faces/failList", None, 0),
    ("DELETE", "/faces/failList", None, 0),
    ("GET", "/faceGroups", None, 0),
    ("POST", "/faceGroups", {"groupName": "客人_1"}, 0),
    ("POST", "/faceGroups", {"groupName": "Staff"}, 104300),
    ("POST", "/faceGroups", {"groupName": "a b"}, 104001),
    ("POST", "/faceGroups", {"groupName": "x" * 33}, 104001),
    ("DELETE", "/faceGroups/Empty?deleteAllFace=1", None, 0),
    ("DELETE", "/faceGroups/Staff?deleteAllFace=1", None, 104304),
    ("DELETE", "/faceGroups/Staff?deleteAllFace=3", None, 0),
    ("DELETE", "/faceGroups/Empty", {"deleteAllFace": 2}, 0),
    ("DELETE", "/faceGroups/Empty", None, 104002),
    ("GET", "/faceGroups/Staff?pageSize=1", None, 0),
    ("GET", "/faceGroups/None", None, 104301),
    ("POST", "/faceGroups/binding/{token}", {"faceGroupList": ["Empty"]}, 0),
    ("POST", "/faceGroups/binding/{token}", {"faceGroupList": ["None"]}, 104301),
    ("DELETE", "/faceGroups/unbind/{token}", {"faceGroupList": ["Staff"]}, 0),
    ("DELETE", "/faceGroups/unbind/{token}", {"faceGroupList": ["Empty"]}, 104303),
    ("POST", "/faceGroups/Empty/{token}", None, 0),
    ("DELETE", "/faceGroups/Staff/{token}", None, 0),
    ("POST", "/videos", {"videoNo": 9, **VIDEO}, 0),
    ("POST", "/videos", {"videoNo": 1, **VIDEO}, 104011),
    ("POST", "/videos", {"videoNo": 17, **VIDEO}, 104001),
    ("POST", "/videos", {"videoNo": 9, **VIDEO, "videoName": "a b"}, 104001),
    ("POST", "/videos", {"videoNo": 9, **VIDEO, "url": "rtsp://192.0.2.99/"}, 104010),
    ("DELETE", "/videos/4", None, 0),
    ("DELETE", "/videos/1", None, 104013),
    ("DELETE", "/videos/9", None, 104017),
    ("GET", "/videos/1/snapFullImage", None, 0),
    ("GET", "/videos/9/snapFullImage", None, 104009),
    ("GET", "/videos/1/trackReset", None, 0),
    ("PUT", "/videos/1", VIDEO, 0),
    ("PUT", "/videos/9", VIDEO, 104017),
    ("DELETE", "/alerts/{track}/{at}", None, 0),
    ("DELETE", "/alerts/1/1", None, 104007),
    ("GET", "/alerts?pageSize=3&QueryType=1&Dedup=1&chnNo=1&timeStart=1", None, 0),
    ("GET", "/alerts?chnNo=1&QueryType=1", None, 104001),
    ("GET", "/captures?pageSize=3&chnNo=1&timeStart=1&timeEnd=9999999999", None, 0),
    ("GET", "/captures/{track}/{at}", None, 0),
    ("GET", "/captures/1/1", None, 104007),
    ("DELETE", "/captures/{track}/{at}", None, 0),
    ("DELETE", "/captures/x/1", None, 104001),
    ("GET", "/captures/face", None, 0),
    ("GET", "/captures/human", None, 0),
    ("GET", "/captures/cycle", None, 0),
    ("GET", "/captures/vehicle", None, 0),
    ("GET", "/captures/plate", None, 0),
    ("POST", "/compare", (("image1", PORTRAIT), ("image2", OTHER)), 0),
    ("POST", "/search", (("image", PORTRAIT), ("group", [{"groupName": "Staff"}])), 0),
    ("POST", "/search", (("image", PORTRAIT), ("group", ["None"])), 104301),
    ("PUT", "/keyword", {"password": "bmV3"}, 0),
    ("PUT", "/keyword", {"password": "not base64"}, 104001),
    ("GET", "/access/calendar?pageSize=30", None, 0),
    ("GET", "/access/calendar?pageSize=31", None, 104001),
    ("POST", "/access/calendar", CALENDAR, 0),
    ("POST", "/access/calendar", CLOSED, 104609),
    ("POST", "/access/calendar", {**CALENDAR, "dateRange": [[2026, 2, 30]]}, 104613),
    ("DELETE", "/access/calendar/Closed", None, 104601),
    ("DELETE", "/access/calendar/None", None, 104603),
    ("PUT", "/access/calendar/Closed", CALENDAR, 0),
    ("GET", "/access/schedule", None, 0),
    ("POST", "/access/schedule", SCHEDULE, 0),
    ("POST", "/access/schedule", DAY, 104610),
    ("POST", "/access/schedule", {**SCHEDULE, "startDate": "2026"}, 104614),
    ("POST", "/access/schedule", {**SCHEDULE, "timeRange": [[]] * 7}, 104612),
    ("DELETE", "/access/schedule/Day", None, 104602),
    ("PUT", "/access/schedule/Day", SCHEDULE, 0),
    ("GET", "/access/rules", None, 0),
    ("POST", "/access/rules", RULE, 0),
    ("POST", "/access/rules", GATE, 104611),
    ("POST", "/access/rules", {**RULE, "videoNo": [9]}, 104615),
    ("POST", "/access/rules", {**RULE, "groupNames": ["None"]}, 104616),
    ("POST", "/access/rules", {**RULE, "scheduleNames": ["None"]}, 104604),
    ("DELETE", "/access/rules/Gate", None, 0),
    ("DELETE", "/access/rules/None", None, 104605),
    ("PUT", "/access/rules/Gate", {**GATE, "enable": False}, 0),
    ("POST", "/relay", RELAY, 0),
    ("POST", "/relay", {**RELAY, "triggerTime": 150}, 104001),
    ("POST", "/relay", {**RELAY, "videoNo": 9}, 104017),
    ("DELETE", "/relay/1", None, 0),
    ("DELETE", "/relay/3", None, 104503),
    ("GET", "/relay", None, 0),
    ("POST", "/relayTrigger/1", None, 0),
    ("POST", "/relayTrigger/3", None, 104504),
    ("POST", "/relayTrigger/9", None, 104502),
    ("POST", "/relayWorkPara", {"netMode": 1, "timeUnit": 0, "AESKey": "k"}, 0),
    ("GET", "/relayWorkPara", None, 0),
    ("POST", "/pictures", {"pictureNo": 18, **PICTURE, "deviceId": "2" * 20}, 0),
    ("POST", "/pictures", {"pictureNo": 18, **PICTURE}, 104014),
    ("POST", "/pictures", {"pictureNo": 16, **PICTURE}, 104001),
    ("PUT", "/pictures/17/surveillances", ARMING, 0),
    ("PUT", "/pictures/1/surveillances", ARMING, 104009),
    ("GET", "/pictures", None, 0),
    ("DELETE", "/pictures/17", None, 0),
    ("PUT", "/pictures/17", PICTURE, 0),
    ("GET", "/areaROI/1", None, 0),
    (
        "POST",
        "/areaROI",
        {"videoNo": 1, "enable": True, "area": [{"posX": 1, "posY": 2}] * 3},
        0,
    ),
    ("POST", "/areaROI", {"videoNo": 1, "enable": True, "area": []}, 104001),
    ("DELETE", "/areaROI/1", None, 0),
    ("POST", "/gat1400", GAT, 0),
    ("POST", "/gat1400", {**GAT, "keepInterval": 29}, 104001),
    ("GET", "/gat1400", None, 0),
    ("GET", "/gat1400Status", None, 0),
    ("POST", "/gat1400server", VIID, 0),
    ("POST", "/gat1400server", {**VIID, "serverPort": 6000}, 104001),
    ("POST", "/gat1400server", {**VIID, "authEnable": True}, 104002),
    ("GET", "/gat1400server", None, 0),
    ("POST", "/megActive", BRIDGE, 0),
    ("POST", "/megActive", {"enable": True}, 104002),
    ("GET", "/megActive", None, 0),
    ("PUT", "/ftpUpload", {"enable": False, "serverPort": 21}, 0),
    ("PUT", "/ftpUpload", {"enable": False}, 104002),
    ("PUT", "/ftpUpload", {"serverPort": 21, "pathMode": [1, 1, 1]}, 104001),
    ("PUT", "/ftpUpload", {"serverPort": 21, "pathMode": [4, 0, 0]}, 104002),
    ("GET", "/ftpUpload", None, 0),
    ("POST", "/ftpUpload", {"serverAddr": "127.0.0.1", "serverPort": 1}, 104618),
    ("POST", "/structures/1/surveillances", "structure", 0),
    ("POST", "/structures/1/surveillances", {"surveillanceEnabled": True}, 104002),
    ("GET", "/structures", None, 0),
    ("POST", "/bindRelation", {"mainObject": 1, "videoNo": 1, "trackId": 1}, 104007),
    ("POST", "/bindRelation", "relation", 0),
    ("GET", "/log?type=0&timeStart=0&pageToken=0&pageSize=5", None, 0),
    ("GET", "/logFile", None, 0),
    ("GET", "/videos/onvif/list", None, 0),
    (
        "POST",
        "/videos/onvif/uri",
        {"uri": "http://192.0.2.121/onvif/device_service"},
        0,
    ),
    ("POST", "/videos/onvif/uri", {"uri": "x"}, 104007),
    ("POST", "/feature", (("total", "2"), ("image", PORTRAIT), ("image", OTHER)), 0),
    ("POST", "/feature", (("total", "26"), ("image", PORTRAIT)), 104001),
    ("POST", "/multiAlgVideos/1/multiAlert", MULTI, 0),
    ("POST", "/multiAlgVideos/9/multiAlert", MULTI, 104009),
    ("POST", "/multiAlgVideos/1/multiAlert", {**MULTI, "alertRules": {}}, 104002),
    ("GET", "/multiAlgVideos", None, 0),
    (
        "POST",
        "/multiAlgVideos/1/surveillanceEnable",
        {"surveillanceEnabled": False},
        0,
    ),
    ("GET", "/getAlgInfos", None, 0),
    ("GET", "/getRuleTypeAttr/20", None, 0),
    ("GET", "/getRuleTypeAttr/99", None, 104001),
    (
        "POST",
        "/GUI/layout",
        {"guiEnable": 1, "windowNum": 1, "videos": [{"videoChn": 1}]},
        0,
    ),
    (
        "POST",
        "/GUI/layout",
        {"guiEnable": 1, "windowNum": 4, "videos": [{"videoChn": 1}] * 4},
        104802,
    ),
    (
        "POST",
        "/GUI/layout",
        {"guiEnable": 1, "windowNum": 1, "videos": [{"videoChn": 1}] * 4},
        104801,
    ),
    ("GET", "/GUI/layout", None, 0),
    ("GET", "/debug_ping?eth=wan&ip=192.0.2.1", None, 0),
    ("GET", "/debug_ping?eth=x&ip=192.0.2.1", None, 104900),
    ("GET", "/debug_ping?ip=x", None, 104901),
    ("GET", "/debug_ping?ip=192.0.2.99", None, 104902),
    ("GET", "/telnet_control", None, 0),
    ("GET", "/telnet_control?telnetEnabled=true", None, 0),
    ("GET", "/telnet_control?telnetEnabled=1", None, 104001),
    (
        "POST",
        "/setVoiceFile",
        (("voiceFileNo", "3"), ("voiceFileName", "a.mp3"), ("voiceFile", b"abc")),
        0,
    ),
    (
        "POST",
        "/setVoiceFile",
        (("voiceFileNo", "3"), ("voiceFileName", "a.wav"), ("voiceFile", b"abc")),
        104001,
    ),
    ("GET", "/voiceFiles", None, 0),
    ("DELETE", "/voiceFile/2", None, 0),
    ("DELETE", "/voiceFile/3", None, 104007),
    ("POST", "/voiceTrigger/1", None, 0),
    ("POST", "/voiceTrigger/11", None, 104001),
    ("POST", "/voice", {"videoNo": 1, "enable": True, "events": [VOICE_EVENT]}, 0),
    (
        "POST",
        "/voice",
        {"videoNo": 1, "enable": True, "events": [{**VOICE_EVENT, "voiceFileNo": 9}]},
        104007,
    ),
    ("DELETE", "/voice/1", None, 0),
    ("GET", "/voice/1", None, 0),
    ("POST", "/voiceCancel/1", None, 0),
    ("POST", "/picture/detect", (("image", PORTRAIT),), 0),
    (
        "POST",
        "/picture/objAttr",
        (
            ("image", PORTRAIT),
            ("captureObjEnable", "true"),
            ("objType", "human"),
            ("rect", {"left": 0, "top": 0, "right": 100, "bottom": 100}),
        ),
        0,
    ),
    ("GET", "/videos", None, 104402),
    ("GET", "/alertVideos", None, 104402),
]
FACES: list[tuple[str, str, Any, int]] = [
    ("GET", "/videos", None, 0),
    ("PUT", "/videos/1/surveillances", ARMING, 0),
    (
        "PUT",
        "/videos/1/surveillances",
        {**ARMING, "group": [{**GROUP, "endTime": "070000"}]},
        104001,
    ),
    (
        "PUT",
        "/videos/1/surveillances",
        {**ARMING, "group": [{**GROUP, "groupName": "None"}]},
        104301,
    ),
    ("PUT", "/videos/9/surveillances", ARMING, 104009),
    ("GET", "/alerts", None, 0),
    ("GET", "/captures", None, 0),
    ("GET", "/structures", None, 104402),
]
ALERTS: list[tuple[str, str, Any, int]] = [
    ("GET", "/alertVideos", None, 0),
    (
        "POST",
        "/alertVideos/1/surveillances",
        {"surveillanceEnabled": True, "alertRules": _old_rules(4)},
        0,
    ),
    (
        "POST",
        "/alertVideos/1/surveillances",
        {"surveillanceEnabled": True, "alertRules": {**_old_rules(4), "areaType": 1}},
        104001,
    ),
    ("GET", "/captures?alertType=29&alertObjType=car", None, 0),
    ("GET", "/alerts", None, 104402),
]
TABLE = [
    *((1, *row) for row in OPEN),
    *((0, *row) for row in FACES),
    *((3, *row) for row in ALERTS),
]


async def prepare(box: MegviiBox, client: Client) -> dict[str, Any]:
    """Put there what the table names; return the values of its braces."""
    box.device.groups.append("Empty")
    box.device.unreachable.add("192.0.2.99")
    await client.post("/access/calendar", CLOSED)
    await client.post("/access/schedule", DAY)
    await client.post("/access/rules", GATE)
    await client.post("/pictures", {"pictureNo": 17, **PICTURE})
    seen = await box.recognize("Iris Vale", 1)
    vehicle = await box.capture("vehicle", 3)
    assert seen.alert is not None
    person = box.device.find(seen.alert.matches[0].token)
    assert person is not None
    return {
        "token": person.token,
        "image": person.image_id,
        "track": seen.track_id,
        "at": seen.alert.at,
        "relation": {"mainObject": 3, "videoNo": 3, "trackId": vehicle.track_id},
        "structure": {
            "surveillanceEnabled": True,
            **_structure(box.device, faces=True),
        },
    }


@pytest.mark.parametrize(("mode", "method", "path", "body", "code"), TABLE)
async def test_operations(
    client: Client,
    box: MegviiBox,
    mode: int,
    method: str,
    path: str,
    body: Any,
    code: int,
) -> None:
    known = await prepare(box, client)
    box.change_mode(mode)
    if isinstance(body, str):
        body = known[body]
    elif isinstance(body, tuple):
        body = form_of(*body)
    answer = await client.send(method, path.format(**known), body)
    document = answer.json
    assert document["code"] == code, document
    assert answer.status == (400 if code else 200)
    assert document.keys() == {"code", "message", "timestamp", "timeCost", "data"}
    assert bool(document["message"]) is (code != 0)


def test_all_requests_are_in_the_table() -> None:
    asked = {(m, p.split("?")[0]) for _, m, p, _, _ in TABLE}
    for operation in OPERATIONS:
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", operation.path))
        assert any(
            method == operation.method and pattern.fullmatch(path)
            for method, path in asked
        ), operation.path
    # 134 rows; six share /bindRelation, three /captures, two /telnet_control.
    assert len(OPERATIONS) == 126


async def test_messages_name_the_arguments(client: Client) -> None:
    answer = await client.send("POST", "/relay", {"videoNo": 1, "relayMode": 5})
    assert answer.json["message"] == (
        "MISSING_ARGUMENT:relayIP,triggerChannel,enable,triggerTime,delayTime,"
        "triggerInterval,triggerCondition"
    )
    answer = await client.send("POST", "/relay", {**RELAY, "relayMode": 5})
    assert answer.json["message"] == "ILLEGAL_ARGUMENT:relayMode"
    answer = await client.send("DELETE", "/relay/3")
    assert answer.json["message"] == "RELAY DOES NOT EXIST"
    assert (await client.send("GET", "/nothing")).status == 404
    assert (await client.send("PATCH", "/devices")).status == 404


async def test_firmware_md5_is_hex(client: Client) -> None:
    right = md5(FIRMWARE, usedforsecurity=False).hexdigest()
    fields = (("fileSize", str(len(FIRMWARE))), ("firmwareFile", FIRMWARE))
    form = form_of(*fields, ("fileMd5", right))
    assert await client.code("POST", "/devices/firmware", form) == 0

"""History, channels, relays, voices, upgrade, reset."""

from datetime import UTC, datetime, timedelta

import pytest

from simulators.megvii import Fault, MegviiBox, PictureRoot
from simulators.megvii.door_access import Door, door

from ..waiting import until
from .client import PORTRAIT, Client, form_of
from .test_operations import ARMING, DAY, FIRMWARE, GATE, MULTI, RELAY


async def test_alerts(client: Client, box: MegviiBox) -> None:
    first = await box.recognize("Iris Vale", 1)
    await box.stranger(2)
    alerts = await client.get("/alerts")
    assert alerts["totalAlarts"] == 2
    row = alerts["alertsEvent"][0]
    assert row["trackId"] == first.track_id
    assert row["top1"]["description"] == "Iris Vale"
    assert row["top1"]["searchScore"] >= row["top2"]["searchScore"]
    for path in (
        row["captureImageURL"],
        row["captureFullImageURL"],
        row["top1"]["faceImageURL"],
    ):
        answer = await client.send("GET", path.removeprefix("."), prefix="")
        assert answer.raw[:2] == b"\xff\xd8"
    strangers = await client.get("/alerts?QueryType=2")
    assert strangers["alertsEvent"][0]["stranger"] == 1
    token = row["top1"]["faceToken"]
    assert (await client.get(f"/alerts?faceToken={token}"))["totalAlarts"] == 1
    await client.send("DELETE", f"/alerts/{row['trackId']}/{row['timestamp']}")
    assert (await client.get("/alerts"))["totalAlarts"] == 1
    box.quirks.fetched_are_deleted = box.quirks.full_names = True
    box.quirks.pictures_inline = True
    last = (await client.get("/alerts"))["alertsEvent"][0]
    assert last["captureImageURL"].startswith("/9j/")
    assert (await client.get("/alerts"))["totalAlerts"] == 0


async def test_thresholds(box: MegviiBox) -> None:
    assert (await box.recognize("Iris Vale", 1, score=74.9)).alert is None
    assert (await box.recognize("Iris Vale", 1, score=75)).alert is not None
    assert (await box.recognize("Iris Vale", 3)).alert is None
    assert (await box.stranger(1, score=20)).alert is None
    with pytest.raises(LookupError):
        await box.recognize("Nobody", 1)


async def test_who_stays_is_reported_again(client: Client, box: MegviiBox) -> None:
    first = await box.recognize("Iris Vale", 1, staying=True)
    later = await box.recognize("Iris Vale", 1, track_id=first.track_id)
    assert first.capture is not None
    assert later.capture is not None
    assert (first.capture.leave, first.capture.times) == (None, 1)
    assert later.capture.times == 2
    assert later.capture.enter == first.capture.enter
    box.change_mode(0)
    rows = (await client.get("/captures"))["captures"]
    assert [row["leaveTimestamp"] == "" for row in rows] == [True, False]


async def test_groups_are_valid_for_hours(box: MegviiBox) -> None:
    midday = datetime(2026, 5, 4, 4, tzinfo=UTC).timestamp()
    row = box.device.channels[1].structure["faces"]["group"][0]
    row |= {"startTime": "080000", "endTime": "180000"}
    assert (await box.recognize("Iris Vale", 1, at=midday)).alert is not None
    midnight = await box.recognize("Iris Vale", 1, at=midday + 12 * 3600, score=90)
    assert midnight.alert is None


async def test_no_full_pictures(client: Client, box: MegviiBox) -> None:
    off = {"captureFullPicEnabled": False}
    await client.post("/configs", {"funcModule": off})
    await box.recognize("Iris Vale", 1)
    row = (await client.get("/alerts"))["alertsEvent"][0]
    assert row["captureFullImageURL"] == ""
    assert row["captureImageURL"]


async def test_captures(client: Client, box: MegviiBox) -> None:
    vehicle = await box.capture("vehicle", 3, plate="测B00001", subClass=6)
    await box.capture("human", 3)
    (row,) = (await client.get("/captures/vehicle"))["captures"]
    assert row["vehicleAttr"]["subClass"] == 6
    body = {"mainObject": 3, "videoNo": 3, "trackId": vehicle.track_id}
    bound = await client.post("/bindRelation", body)
    assert bound["bindPlate"]["plateAttr"]["num"] == "测B00001"
    everything = await client.get("/captures?pageSize=2")
    assert (everything["toltalCaptures"], everything["nextPageToken"]) == (3, 2)
    path = f"/captures/{row['trackId']}/{row['catchTimestamp']}"
    await client.send("DELETE", path)
    assert await client.code("GET", path) == 104007
    box.quirks.picture_root = PictureRoot.BOTH
    uri = everything["captures"][1]["imageURI"].removeprefix(".")
    for prefix in ("", "/v1/MEGBOX"):
        assert (await client.send("GET", uri, prefix=prefix)).status == 200
    box.quirks.picture_root = PictureRoot.API
    assert (await client.send("GET", uri, prefix="")).status == 404
    offline = box.set_channel_status(3, 1)
    assert not offline.online
    assert (await box.capture("human", 3)).held_back
    assert (await box.capture("human", 1)).held_back is None
    assert (await box.capture("plate", 1)).held_back


async def test_face_mode(client: Client, box: MegviiBox) -> None:
    box.change_mode(0)
    all_day = {**ARMING["group"][0], "startTime": "000000", "endTime": "000000"}
    arming = {**ARMING, "group": [all_day]}
    await client.send("PUT", "/videos/1/surveillances", arming)
    row = (await client.get("/videos"))["videos"][0]
    assert row["group"][0]["searchThresholdHigh"] == 75.0
    assert row["filter"] == ARMING["filter"]
    result = await box.recognize("Iris Vale", 1)
    assert result.alert is not None
    assert result.alert.bound == ("Staff",)
    (capture,) = (await client.get("/captures"))["captures"]
    assert isinstance(capture["faceAttr"]["hat"], int)
    path = f"/captures/{capture['trackId']}/{capture['catchTimestamp']}"
    box.quirks.capture_nested = True
    assert (await client.get(path))["captures"][0]["faceAttr"] == capture["faceAttr"]
    assert (await box.capture("human", 1)).held_back


async def test_arming(client: Client, box: MegviiBox) -> None:
    off = {"surveillanceEnabled": False}
    await client.post("/multiAlgVideos/1/surveillanceEnable", off)
    assert (await box.alert("tripwire", 1)).held_back
    await client.post("/multiAlgVideos/1/multiAlert", {**MULTI, "ruleIndex": 2})
    assert (await box.alert("park", 1)).held_back is None
    assert (await box.alert("wander", 1)).held_back
    row = (await client.get("/multiAlgVideos"))["videos"][0]
    assert [rule["ruleIndex"] for rule in row["algRules"]] == [1, 2]
    assert row["algRules"][1]["alertRules"] == MULTI["alertRules"]
    box.limits.calculations = 3
    assert await client.code("POST", "/multiAlgVideos/2/multiAlert", MULTI) == 104019
    box.device.multi_algorithm = False
    assert (await client.send("GET", "/multiAlgVideos")).status == 404


async def test_relay(client: Client, box: MegviiBox) -> None:
    box.device.time_scale = 0.2
    await client.post("/relay", {**RELAY, "triggerInterval": 30_000})

    async def closed() -> bool:
        rows = (await client.get("/relay"))["relay"]
        return bool(rows[2]["status"])

    assert await closed()
    await box.capture("human", 3)
    assert not await closed()
    await until(lambda: box.relay_closed(3))
    assert not box.trigger_relay(3)
    assert box.trigger_relay(1)
    assert box.relay_closed(1)
    await until(lambda: not box.relay_closed(1))
    await box.recognize("Iris Vale", 1)
    assert box.relay_closed(1)
    box.set_relay_status(1, online=False)
    assert await client.code("POST", "/relayTrigger/1") == 104504


async def test_voice(client: Client, box: MegviiBox) -> None:
    box.device.time_scale = 1
    await client.post("/voiceTrigger/2")
    event = {"voiceFileNo": 1, "ruleID": 2, "eventType": 2}
    row = (await client.get("/voice/1"))["events"][0]
    assert event.items() <= row.items()
    await box.alert("intrusion", 1)
    first, second = box.device.sounds
    assert (first.file, first.channel) == (2, None)
    assert (second.file, second.channel) == (1, 1)
    # The same priority waits its turn: two times 3 s with a pause of 1 s.
    assert second.begin == first.end
    assert second.end - second.begin == pytest.approx(7)
    await client.post("/voiceCancel/1")
    assert second.end < second.begin + 1


async def test_upgrade(client: Client, box: MegviiBox) -> None:
    box.timing.check = 10
    form = form_of(("fileSize", str(len(FIRMWARE))), ("firmwareFile", FIRMWARE))
    await client.post("/devices/firmware", form)
    busy = await client.get("/devices/busyOperationStatus")
    assert busy["operation"] == 2
    again = form_of(("fileSize", str(len(FIRMWARE))), ("firmwareFile", FIRMWARE))
    assert await client.code("POST", "/devices/firmware", again) == 104401
    await until(lambda: box.device.rebooting)
    await until(lambda: not box.device.rebooting)
    end = await client.get("/devices/upgradeEndStatus")
    assert (end["type"], end["result"], end["version"]) == (0, 0, "B4H-v2.0.0")
    assert (await client.get("/devices"))["firmwareVer"] == "B4H-v2.0.0"


async def test_ftp_upgrade(client: Client, box: MegviiBox) -> None:
    ftp = {"serverIp": "x", "serverPath": "/", "username": "u", "password": "p"}
    name = (await client.send("PUT", "/ftpUpgrade", ftp)).data["filename"]
    await client.send("PUT", "/ftpUpgrade", {**ftp, "filename": "none.bin"})
    await until(lambda: box.device.upgrade)
    assert (await client.get("/devices/upgradeEndStatus"))["result"] == 3
    await client.send("PUT", "/ftpUpgrade", {**ftp, "filename": name})
    await until(lambda: box.device.version == "B4H-v1.4.0")


async def test_factory(client: Client, box: MegviiBox) -> None:
    await client.post("/devices", {"eth": {"ethIpAddr": "192.0.2.77"}})
    await client.send("PUT", "/keyword", {"password": "bmV3"})
    await client.get("/devices/restoreFactorySet?reserveNet=true")
    await until(lambda: box.device.rebooting)
    await until(lambda: not box.device.rebooting)
    assert (await client.get("/multiAlgVideos"))["videos"] == []
    assert (await client.get("/devices"))["eth"]["ethIpAddr"] == "192.0.2.77"
    assert box.password == "megbox"


async def test_delete_channel_takes_its_history(client: Client, box: MegviiBox) -> None:
    await box.recognize("Iris Vale", 1)
    await client.send("DELETE", "/videos/1")
    assert (await client.get("/alerts"))["totalAlarts"] == 0
    assert len((await client.get("/relay"))["relay"]) == 1


async def test_buffers(client: Client, box: MegviiBox) -> None:
    sizes = {"alertReportBufferSize": 1, "captureReportBufferSize": 0}
    await client.post("/configs", {"funcModule": sizes})
    first, second = [await box.recognize("Iris Vale", 1) for _ in range(2)]
    (row,) = (await client.get("/alerts"))["alertsEvent"]
    assert row["trackId"] == second.track_id > first.track_id
    assert (await client.get("/captures"))["toltalCaptures"] == 0


async def test_clock(client: Client, box: MegviiBox) -> None:
    now = int(box.device.now())
    await client.post("/devices", {"time": {"deviceTime": now + 3600}})
    assert box.clock_offset == pytest.approx(3600, abs=5)
    document = (await client.send("GET", "/devices")).json
    assert document["timestamp"] >= (now + 3600) * 1000
    box.quirks.time_cost = True
    assert "time_cost" in (await client.send("GET", "/devices")).json


async def test_doors(client: Client, box: MegviiBox) -> None:
    at = datetime.now(UTC)
    device = box.device
    assert door(device, 1, ["Staff"], at.timestamp()) is Door.ALLOW
    local = device.local(at.timestamp())
    week = [[[0, 86_400]]] * 7
    week[local.weekday()] = [[0, 0]]
    await client.post("/access/schedule", {**DAY, "timeRange": week})
    await client.post("/access/rules", {**GATE, "calendarNames": []})
    assert door(device, 1, ["Staff"], at.timestamp()) is Door.TIME
    assert door(device, 1, ["Visitors"], at.timestamp()) is Door.PERMISSION
    tomorrow = (at + timedelta(days=1)).timestamp()
    assert door(device, 1, ["Staff"], tomorrow) is Door.ALLOW
    holiday = {"calendarName": "Closed", "dateRange": [[0, 0, local.day]]}
    await client.post("/access/calendar", holiday)
    path, rule = "/access/rules/Gate", {**GATE, "calendarNames": ["Closed"]}
    await client.send("PUT", path, rule)
    assert door(device, 1, ["Staff"], at.timestamp()) is Door.DATE
    result = await box.recognize("Iris Vale", 1)
    assert result.alert is not None
    assert result.alert.door == 4


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.HTTP_STATUS, 500), (Fault.CODE, 400), (Fault.EMPTY, 200)],
)
async def test_faults(
    client: Client, box: MegviiBox, fault: Fault, status: int
) -> None:
    box.faults.add(fault, "/v1/MEGBOX/devices", times=1, code=104401)
    answer = await client.send("GET", "/devices")
    assert answer.status == status
    if fault is Fault.CODE:
        assert answer.json["message"] == "SERVER_BUSY"
    assert await client.code("GET", "/devices") == 0


async def test_mode_change_reboots(client: Client, box: MegviiBox) -> None:
    box.quirks.mode_change_reboots = True
    await client.post("/configs/detect", {"type": 3})
    await until(lambda: box.device.rebooting)
    await until(lambda: not box.device.rebooting)
    assert (await client.get("/configs"))["funcModule"]["detectType"] == 3


async def test_picture_attributes_are_the_same_each_time(client: Client) -> None:
    async def look() -> object:
        rect = {"left": 0, "top": 0, "right": 50, "bottom": 50}
        form = form_of(
            ("image", PORTRAIT),
            ("captureObjEnable", "false"),
            ("objType", "face"),
            ("rect", rect),
        )
        return await client.post("/picture/objAttr", form)

    assert await look() == await look()
    found = await client.post("/picture/detect", form_of(("image", PORTRAIT)))
    assert found["detectionResult"][0]["objType"] == "face"

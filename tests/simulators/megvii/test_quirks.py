"""Where the manual contradicts itself, the other way too."""

from simulators.megvii import MegviiBox

from ..waiting import until
from .client import PORTRAIT, Client, form_of
from .test_operations import PICTURE, RELAY
from .test_ws_pushes import subscribe
from .ws_receiver import WsReceiver


async def test_structures(client: Client, box: MegviiBox) -> None:
    row = (await client.get("/structures"))["videos"][0]
    assert row["pushConfigs"]["pushMode"] == 1
    assert row["captureConfigs"]["quality"]["plateQuality"] == 0
    box.quirks.push_mode_text = box.quirks.wrapped_structures = True
    row = (await client.get("/structures"))["videos"][0]
    assert row["faces"]["pushConfigs"]["pushMode"] == "1"
    assert "group" not in row


async def test_groups(client: Client, box: MegviiBox) -> None:
    quirks = box.quirks
    quirks.echo_writes = quirks.group_objects = True
    quirks.faces_plural = quirks.delete_by_body = True
    created = await client.post("/faceGroups", {"groupName": "New"})
    assert created["faceGroupList"][-1] == {"groupName": "New", "groupFaces": 0}
    token = next(iter(box.device.people.values())).token
    path = f"/faceGroups/binding/{token}"
    assert await client.code("POST", path, {"faceGroupList": ["New"]}) == 104001
    await client.post(path, {"faceGroupList": [{"groupName": "New"}]})
    assert len((await client.get("/faceGroups/New"))["faces"]) == 1
    path = "/faceGroups/New"
    assert await client.code("DELETE", f"{path}?deleteAllFace=1") == 104002
    assert await client.code("DELETE", path, {"deleteAllFace": 1}) == 0
    heartbeat = {"serverAdd": "", "htInterval": 5}
    echo = await client.post("/devices", {"deviceHeartbeat": heartbeat})
    assert echo["deviceHeartbeat"] == heartbeat


async def test_framed_events(client: Client, box: MegviiBox, far: WsReceiver) -> None:
    box.quirks.framed_alert_events = True
    await subscribe(client, far, capture=True)
    await box.alert("tripwire", 1)
    (frame,) = await far.wait_for(1)
    assert frame.word == "Alert"
    assert frame.json["alert_events"][0]["area_type"] == "single_line_both"


async def test_dual_port(client: Client, box: MegviiBox) -> None:
    box.device.settings.second_port("198.51.100.9", "00:00:5e:00:53:c1")
    assert (await client.get("/devices"))["eth1"]["ethBondMode"] == 7
    one = {"eth": {"ethNetMode": 0}}
    assert await client.code("POST", "/devices", one) == 104002
    both = {**one, "eth1": {"ethBondMode": 2}}
    assert await client.code("POST", "/devices", both) == 0
    assert (await client.get("/devices"))["eth1"]["ethBondMode"] == 2


async def test_picture_channel(client: Client, box: MegviiBox) -> None:
    await client.post("/pictures", {"pictureNo": 17, **PICTURE})
    assert (await box.recognize("Iris Vale", 17)).held_back
    group = {
        "groupName": "Staff",
        "startTime": "000000",
        "endTime": "000000",
        "searchThresholdHigh": 70,
        "searchThresholdLow": 10,
    }
    arming = {"surveillanceEnabled": True, "group": [group]}
    await client.send("PUT", "/pictures/17/surveillances", arming)
    result = await box.recognize("Iris Vale", 17)
    assert result.alert is not None
    row = (await client.get("/pictures"))["pictures"][0]
    assert (row["deviceId"], row["isOnline"]) == ("1" * 20, True)
    assert row["group"][0]["searchThresholdHigh"] == 70.0
    assert (await client.get("/alerts?chnNo=17"))["totalAlarts"] == 1


async def test_relay_that_opens(client: Client, box: MegviiBox) -> None:
    await client.post("/relay", {**RELAY, "relayMode": 1, "enable": False})
    assert box.relay_closed(3)
    assert await client.code("POST", "/relayTrigger/3") == 104502


async def test_every_target_of_a_picture(client: Client) -> None:
    for word in ("face", "human", "vehicle", "cycle", "plate"):
        form = form_of(
            ("image", PORTRAIT),
            ("captureObjEnable", "true"),
            ("objType", word),
            ("rect", {"left": 0, "top": 0, "right": 50, "bottom": 50}),
        )
        found = await client.post("/picture/objAttr", form)
        assert found.keys() == {"objType", f"{word}Attr", "captureObj"}


async def test_persisting_is_only_for_main(client: Client, box: MegviiBox) -> None:
    dead = {"url": "http://127.0.0.1:9/", "eventType": 2, "resend": 0}
    body = {"enable": True, "main": {**dead, "persistReport": True}, "slave": dead}
    await client.post("/devices/httpReports", body)
    result = await box.recognize("Iris Vale", 1)
    assert not await result.delivered()
    await until(lambda: box.reporter.failed)
    assert len(box.reporter.failed) == 1

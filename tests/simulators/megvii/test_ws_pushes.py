"""23.1, 23.3, 25.4: the box as WebSocket client and server."""

import json

import pytest

from simulators.megvii import Ack, MegviiBox, Message, PushFault

from ..waiting import until
from .client import Client
from .ws_receiver import WsReceiver, decode

JPEG = b"\xff\xd8"


async def subscribe(
    client: Client,
    far: WsReceiver,
    *,
    capture: bool = False,
    resend: int = 2,
    **pictures: bool,
) -> None:
    switches = {"pushImageSW": True, "pushBigImageSW": True, "pushSmallImageSW": True}
    switches |= pictures
    body = {
        "alertConfig": {
            "alertReportMode": "activeMode",
            "reportServerAdd": far.url,
            "alertInterval": 1,
            "alertResend": resend,
            **switches,
        }
    }
    if capture:
        body["capture"] = {
            "captureReportMode": "activeMode",
            "reportServerAdd": far.url,
            **switches,
        }
    await client.post("/devices/reports", body)
    client.box.timing.acknowledgement = 100


async def test_alert(client: Client, box: MegviiBox, far: WsReceiver) -> None:
    await subscribe(client, far)
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered()
    (frame,) = far.frames
    assert (frame.word, frame.number) == ("Alert", 1)
    document = frame.json
    lengths = document["images"]
    start = 0
    for name in ("captureFace", "fullImage", "Top1"):
        assert frame.pictures[start : start + 2] == JPEG
        start += lengths[name]
    assert start == len(frame.pictures)
    assert document["deviceId"] == box.device.device_id
    assert document["alertGroup"] == [{"groupName": "Staff"}]
    assert len(document["group"]) == 3
    assert document["objType"] == "face"
    assert isinstance(document["faceAttr"]["hat"], int)
    # An acknowledged alert is no longer in the queue.
    assert (await client.get("/alerts"))["totalAlarts"] == 0
    await box.stranger(1)
    document = (await far.wait_for(2))[1].json
    assert document["faceToken"] == ""
    assert document["openDoorStatus"] == 7


async def test_capture(client: Client, box: MegviiBox, far: WsReceiver) -> None:
    await subscribe(client, far, capture=True, pushSmallImageSW=False)
    result = await box.capture("vehicle", 3)
    assert await result.delivered()
    vehicle, plate = far.frames
    assert vehicle.word == plate.word == "Capture"
    assert (vehicle.number, plate.number) == (1, 2)
    assert vehicle.json["captureFace"] == 0
    assert len(vehicle.pictures) == vehicle.json["fullImage"] > 0
    assert vehicle.json["bindingInfo"] == [
        {"bindingType": 5, "bindingTrackId": plate.json["trackId"]}
    ]
    assert "vehicleAttr" in vehicle.json
    assert plate.json["plateAttr"]["num"].startswith("测")


async def test_no_pictures(client: Client, box: MegviiBox, far: WsReceiver) -> None:
    await subscribe(client, far, pushImageSW=False)
    await box.recognize("Iris Vale", 1)
    (frame,) = await far.wait_for(1)
    assert frame.json["images"] == {}
    assert frame.pictures == b""


async def test_resent_until_acknowledged(
    client: Client, box: MegviiBox, far: WsReceiver
) -> None:
    await subscribe(client, far)
    box.timing.acknowledgement = 5
    far.silences = 2
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered()
    assert [frame.number for frame in far.frames] == [1, 1, 1]
    far.silences = 3
    dropped = await box.recognize("Iris Vale", 1)
    assert not await dropped.delivered()
    assert len(far.raw) == 6
    assert (await client.get("/alerts"))["totalAlarts"] == 1


@pytest.mark.parametrize(
    ("style", "text", "taken"),
    [
        (Ack.ANY, "{word}_{no}_{seconds}_{track}_ACK", True),
        (Ack.ANY, "{word}_{no}_{at}_{track}_NAK", False),
        (Ack.ANY, "{word}_{no}_{at}1_{track}_ACK", False),
        (Ack.PADDED_MS, "{word}_{no:02d}_{at}_{track}_ACK", True),
        (Ack.PADDED_MS, "{word}_{no}_{at}_{track}_ACK", False),
        (Ack.PADDED_SECONDS, "{word}_{no:02d}_{seconds}_{track}_ACK", True),
        (Ack.PADDED_SECONDS, "{word}_{no:02d}_{at}_{track}_ACK", False),
        (Ack.PLAIN_MS, "{word}_{no}_{at}_{track}_ACK", True),
    ],
)
async def test_acknowledgement(
    client: Client,
    box: MegviiBox,
    far: WsReceiver,
    style: Ack,
    text: str,
    taken: bool,
) -> None:
    await subscribe(client, far, resend=0)
    box.quirks.ack = style
    box.timing.acknowledgement = 100 if taken else 20
    far.ack = text
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered() is taken
    assert bool(box.reporter.links[3].unexpected) is not taken


async def test_byte_order_and_padding(
    client: Client, box: MegviiBox, far: WsReceiver
) -> None:
    await subscribe(client, far)
    box.quirks.big_endian = box.quirks.blank_padding = True
    await box.recognize("Iris Vale", 1)
    await until(lambda: far.raw)
    raw = far.raw[0]
    assert isinstance(raw, bytes)
    assert raw[:8] == b"Alert   "
    assert decode(raw, ">").json["objType"] == "face"


@pytest.mark.parametrize("text", [False, True])
async def test_pings(
    client: Client, box: MegviiBox, far: WsReceiver, text: bool
) -> None:
    box.timing.ping, box.timing.pong = 0.02, 1.0
    box.quirks.text_ping = text
    await subscribe(client, far)
    await until(lambda: far.pings > 5)
    assert far.closed == 0
    far.pongs = False
    box.timing.pong = 0.1
    await until(lambda: far.closed == 1)
    far.pongs = True
    await until(lambda: box.reporter.links[3].connections == 2)


async def test_heartbeat(client: Client, box: MegviiBox, far: WsReceiver) -> None:
    heartbeat = {"serverAdd": far.url, "htInterval": 1}
    await client.post("/devices", {"deviceHeartbeat": heartbeat})
    await until(lambda: len(far.raw) >= 3)
    document = json.loads(far.raw[0])
    assert document.keys() == {"deviceId", "timestamp"}
    assert len(document["deviceId"]) == 20
    await client.post("/devices", {"deviceHeartbeat": {"serverAdd": ""}})
    await until(lambda: far.closed == 1)


async def test_alert_events(client: Client, box: MegviiBox, far: WsReceiver) -> None:
    await subscribe(client, far, capture=True)
    result = await box.alert("intrusion", 1)
    assert await result.delivered()
    await far.wait_for(1)
    document = json.loads(far.raw[0])
    (event,) = document["alert_events"]
    assert event["alertor_type"] == "intrusion"
    assert event["alertor_id"] == event["area_id"] == 2
    assert document["stream_id"] == 0
    assert document["fullImage"]
    assert "algType" not in document
    held = await box.alert("park", 1)
    assert held.held_back
    assert not held.pushes


async def test_unreachable_then_there(client: Client, box: MegviiBox) -> None:
    far = WsReceiver()
    await far.start()
    url = far.url
    await far.stop()
    far.url = url
    await subscribe(client, far, resend=0)
    box.timing.acknowledgement = 5
    result = await box.recognize("Iris Vale", 1)
    assert not await result.delivered()
    assert result.pushes[0].attempts[0].error == "not connected"


@pytest.mark.parametrize("fault", list(PushFault))
async def test_faults(
    client: Client, box: MegviiBox, far: WsReceiver, fault: PushFault
) -> None:
    await subscribe(client, far)
    box.timing.acknowledgement = 10
    await box.heartbeat()
    box.push_faults.add(fault, times=1, kinds=[Message.WS_ALERT], delay=0.01)
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered(10)
    attempts = result.of(Message.WS_ALERT)[0].attempts
    once = {PushFault.DUPLICATE, PushFault.SLOW}
    assert len(attempts) == (1 if fault in once else 2)
    assert len(far.raw) == (1 if fault in {PushFault.SLOW, PushFault.ABORTED} else 2)


async def test_server_on_the_box(client: Client, box: MegviiBox) -> None:
    async with client.session.ws_connect(f"{box.url}/ws") as socket:
        await until(lambda: len(box.subscribers))
        await box.recognize("Iris Vale", 1)
        alert = decode(await socket.receive_bytes(timeout=5))
        assert alert.json["dataType"] == "Alert"
        assert alert.json["aboveHigh"] == 1
        capture = decode(await socket.receive_bytes(timeout=5))
        assert capture.word == capture.json["dataType"] == "Capture"
        async with client.session.get(capture.json["fullImage"]) as response:
            assert (await response.read())[:2] == JPEG
    await until(lambda: not len(box.subscribers))
    assert (await client.send("GET", "/ws", prefix="")).status == 400


async def test_reboot_breaks_connections(
    client: Client, box: MegviiBox, far: WsReceiver
) -> None:
    await subscribe(client, far)
    await until(lambda: box.reporter.links[3].connected)
    await box.reboot(0.05)
    await until(lambda: box.reporter.links[3].connections == 2)
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered()

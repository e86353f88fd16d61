"""23.2, 25.3: what the box posts to main and slave."""

import base64
from typing import Any

import pytest

from simulators.megvii import MegviiBox, Message, PushFault

from ..push_receiver import Receiver
from ..waiting import until
from .client import Client


async def subscribe(client: Client, receiver: Receiver, **main: Any) -> None:
    body = {
        "enable": True,
        "main": {"url": f"{receiver.url}/main", "eventType": 3, **main},
    }
    await client.post("/devices/httpReports", body)


async def test_recognition(client: Client, box: MegviiBox, receiver: Receiver) -> None:
    await subscribe(client, receiver, featureUpload=True)
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered()
    recognition, capture = (message.json for message in receiver.messages)
    assert recognition["event_type"] == 0
    assert recognition["access_pass"] == 1
    assert recognition["stranger_flag"] == 0
    assert recognition["Description"] == "Iris Vale"
    assert recognition["alertGroup"] == [{"groupName": "Staff"}]
    assert isinstance(recognition["track_id"], str)
    assert isinstance(recognition["faceAttr"]["hat"], dict)
    assert base64.b64decode(recognition["photo"])[:2] == b"\xff\xd8"
    assert len(recognition["photo_md5"]) == 32
    assert "roll" not in recognition
    assert capture["featureInfo"]["feature"]
    assert capture["timestamp"] == result.capture.at if result.capture else False
    # HTTP takes nothing out of the queue.
    assert (await client.get("/alerts"))["totalAlarts"] == 1


async def test_event_types(client: Client, box: MegviiBox, receiver: Receiver) -> None:
    await subscribe(client, receiver, eventType=2, captureUpload=False)
    await box.capture("human", 3)
    stranger = await box.stranger(1)
    assert await stranger.delivered()
    (message,) = receiver.messages
    assert message.json["stranger_flag"] == message.json["event_type"] == 1
    assert "photo" not in message.json
    await subscribe(client, receiver, eventType=1, smallCaptureUpload=False)
    await box.capture("human", 3)
    human = (await receiver.wait_for(2))[1].json
    assert human["objType"] == "human"
    assert "humanAttr" in human
    assert "age" not in human


async def test_main_and_slave(
    client: Client, box: MegviiBox, receiver: Receiver
) -> None:
    slave = {"url": f"{receiver.url}/slave", "eventType": 3, "captureUpload": False}
    await client.post("/devices/httpReports", {"enable": False, "slave": slave})
    await subscribe(client, receiver)
    assert await (await box.capture("cycle", 3)).delivered()
    by_path = {message.path: message.json for message in receiver.messages}
    assert by_path.keys() == {"/main", "/slave"}
    assert "photo" in by_path["/main"]
    assert "photo" not in by_path["/slave"]
    await client.post("/devices/httpReports", {"enable": False})
    assert not (await box.capture("cycle", 3)).pushes


async def test_alert_mode(client: Client, box: MegviiBox, receiver: Receiver) -> None:
    await subscribe(client, receiver)
    await client.post("/configs/detect", {"type": 3})
    result = await box.alert(2, 1)
    assert await result.delivered()
    document = receiver.messages[0].json
    assert document["alert_events"][0]["alertor_type"] == "intrusion"
    assert document["algType"] == 2
    assert document["deviceId"] == box.device.device_id
    assert document["photo"]
    rows = (await client.get("/captures?alertType=2"))["captures"]
    assert rows[0]["alertSubType"] == 2
    assert rows[0]["objType"] == "person"
    held = await box.recognize("Iris Vale", 1)
    assert held.held_back


async def test_resend_and_persistence(
    client: Client, box: MegviiBox, receiver: Receiver
) -> None:
    await subscribe(client, receiver, resend=2, eventType=2, persistReport=True)
    receiver.refusals = 3
    result = await box.recognize("Iris Vale", 1)
    assert not await result.delivered()
    assert len(receiver.messages) == 3
    await until(lambda: len(box.reporter.failed) == 1)
    assert box.resend_failed() == 1
    await receiver.wait_for(4)
    await until(lambda: result.pushes[0].acknowledgements)
    assert not box.reporter.failed
    # By itself after 30 minutes, again and again.
    receiver.refusals = 6
    late = await box.recognize("Iris Vale", 1)
    box.timing.persist = 2
    box.reporter.in_background(box.reporter._persist())
    await until(lambda: late.pushes[0].acknowledgements, 10)
    assert len(late.pushes[0].attempts) == 7


async def test_given_up(client: Client, box: MegviiBox, receiver: Receiver) -> None:
    await subscribe(client, receiver, resend=0, eventType=2)
    receiver.refusals = 1
    receiver.refusal = (204, "")
    result = await box.recognize("Iris Vale", 1)
    assert not await result.delivered()
    assert len(receiver.messages) == 1
    assert not box.reporter.failed


@pytest.mark.parametrize("fault", list(PushFault))
async def test_faults(
    client: Client, box: MegviiBox, receiver: Receiver, fault: PushFault
) -> None:
    await subscribe(client, receiver, eventType=2)
    box.push_faults.add(fault, times=1, kinds=[Message.HTTP_RECOGNITION], delay=0.05)
    result = await box.recognize("Iris Vale", 1)
    assert await result.delivered()


async def test_quirks(client: Client, box: MegviiBox, receiver: Receiver) -> None:
    await subscribe(client, receiver)
    box.quirks.http_seconds = True
    box.quirks.device_id_key = box.quirks.streams_from_zero = False
    await box.capture("human", 3)
    await box.alert("flame", 4)
    first, second = (m.json for m in await receiver.wait_for(2))
    assert first["timestamp"] < 10**10
    assert second["device_id"] == box.device.device_id
    assert second["stream_id"] == 4

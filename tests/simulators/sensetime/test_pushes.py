"""Chapters 7 and 9: WebSocket and HTTP pushes, pictures."""

import asyncio
import base64
import json
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
import pytest

from simulators.sensetime import (
    NoImage,
    PushFault,
    ResendPolicy,
    SenseTimeNode,
    WrongKey,
)
from tests.simulators.push_receiver import Receiver
from tests.simulators.waiting import until

from .client import Client

# The fields that the sample receivers of appendix D insist on.
HTTP_FIELDS = [
    "camera_name",
    "device_id",
    "channel",
    "position",
    "img_id",
    "img_path",
    "lib_name",
    "lib_type",
    "person_addr",
    "person_age",
    "person_gender",
    "person_idcard",
    "person_name",
    "snap_id",
    "similarity",
    "quality",
    "snap_feat",
    "snap_path",
    "trigger",
]
WS_FIELDS = [*HTTP_FIELDS, "ranking", "snap_buf", "snap_frame"]


async def received(socket: ClientWebSocketResponse) -> Any:
    return await socket.receive_json(timeout=10)


async def test_recognition_reaches_every_subscriber(
    client: Client, node: SenseTimeNode
) -> None:
    sockets = [await client.subscribe(), await client.subscribe()]
    assert node.subscribers == 2
    result = await node.recognize("staff-0001", channel=1, similarity=93)
    assert result.subscribers == 2
    assert result.push.held_back
    for socket in sockets:
        frame = await received(socket)
        assert (frame["code"], frame["msg"], frame["msg_id"]) == (0, "", "777")
        data = frame["data"]
        assert data.keys() >= set(WS_FIELDS)
        assert data["person_name"] == "Ada Winter"
        assert (data["lib_type"], data["similarity"], data["obj_label"]) == (2, 93, 1)
        for name, path in (("snap_buf", "snap_path"), ("img", "img_path")):
            prefix, _, text = data[name].partition(",")
            assert prefix == "data:image/jpeg;base64"
            assert base64.b64decode(text) == await client.picture(data[path])
    assert node.counts.websocket == 2


async def test_stranger_face_and_body(client: Client, node: SenseTimeNode) -> None:
    socket = await client.subscribe()
    await node.face(channel=1, stranger=True)
    data = (await received(socket))["data"]
    assert 0 <= data["similarity"] < data["threshold"]
    assert data["lib_id"]
    await node.face(channel=1)
    data = (await received(socket))["data"]
    assert (data["similarity"], data["img"], data["img_id"]) == (-1, -1, "")
    await node.body(channel=2, attributes={"coat_color": "red"})
    data = (await received(socket))["data"]
    assert data["obj_label"] == 2
    assert data["body_attr"]["coat_color"] == "red"
    assert "face_attr" not in data
    node.quirks.stranger_minus_one = True
    await node.face(channel=1, stranger=True)
    assert (await received(socket))["data"]["similarity"] == -1


@pytest.mark.parametrize("way", WrongKey)
async def test_wrong_key(client: Client, node: SenseTimeNode, way: WrongKey) -> None:
    node.quirks.wrong_key = way
    socket = await client.session.ws_connect(f"{node.url}/ws/")
    await socket.send_json({"key": "wrong", "msg_id": "776"})
    match way:
        case WrongKey.ANSWER:
            assert (await received(socket))["code"] == -3596
            await socket.send_str("{")
            assert (await received(socket))["code"] == -3596
            await socket.send_json({"key": "", "msg_id": 776})
            assert (await received(socket))["code"] == -3599
        case WrongKey.CLOSE:
            assert (await socket.receive(5)).type is WSMsgType.CLOSE
        case WrongKey.SILENT:
            with pytest.raises(TimeoutError):
                await socket.receive(0.1)
    assert (await node.face(channel=1)).subscribers == 0


async def test_keys(client: Client, node: SenseTimeNode) -> None:
    key = (await client.data("1286"))["key"]
    assert node.sessions.take_key(key)
    assert node.sessions.take_key(key)
    node.quirks.one_time_key = True
    assert node.sessions.take_key(key)
    assert not node.sessions.take_key(key)
    await client.subscribe()
    node.expire_keys()
    assert node.subscribers == 1


async def test_cut_in_a_storm(client: Client, node: SenseTimeNode) -> None:
    socket = await client.subscribe()
    for _ in range(5):
        await node.body(channel=1)
    await received(socket)
    assert node.drop_subscribers() == 1
    while (message := await socket.receive(5)).type is WSMsgType.TEXT:
        pass
    assert message.type in (WSMsgType.CLOSED, WSMsgType.ERROR, WSMsgType.CLOSING)
    await until(lambda: node.subscribers == 0)
    again = await client.subscribe()
    await node.body(channel=1)
    assert (await received(again))["msg_id"] == "777"


async def test_push_quirks(client: Client, node: SenseTimeNode) -> None:
    socket = await client.subscribe()
    quirks = node.quirks
    quirks.ws_msg_id_as_number = quirks.numbers_as_text = True
    quirks.bare_base64 = quirks.inverted_box = True
    quirks.no_image = NoImage.MISSING
    await node.face(channel=1)
    frame = await received(socket)
    assert frame["msg_id"] == 777
    data = frame["data"]
    assert data["channel"] == "1"
    assert "img" not in data
    assert base64.b64decode(data["snap_buf"])[:2] == b"\xff\xd8"
    assert int(data["pos_top"]) > int(data["pos_bottom"])
    quirks.numbers_as_text = False
    quirks.missing_optional = True
    await node.face(channel=1)
    data = (await received(socket))["data"]
    assert not data.keys() & {"lib_id", "img_id", "person_name", "similarity"}


@pytest.mark.parametrize(
    "fault",
    [
        PushFault.TRUNCATED,
        PushFault.WRONG_TYPES,
        PushFault.NOT_JSON,
        PushFault.EMPTY,
        PushFault.DUPLICATE,
        PushFault.SLOW,
        PushFault.ABORTED,
    ],
)
async def test_push_faults(
    client: Client, node: SenseTimeNode, fault: PushFault
) -> None:
    socket = await client.subscribe()
    node.push_faults.add(fault, times=1, kinds=[777], delay=0.02)
    result = await node.body(channel=1)
    message = await socket.receive(10)
    match fault:
        case PushFault.ABORTED:
            assert message.type is not WSMsgType.TEXT
        case PushFault.DUPLICATE:
            assert message.data == (await socket.receive(5)).data
        case PushFault.SLOW:
            assert json.loads(message.data)["data"]["snap_id"] == result.snap_id
        case PushFault.WRONG_TYPES:
            assert json.loads(message.data)["data"]["snap_id"] == {"wrong": 1}
        case _:
            with pytest.raises(ValueError, match=r"."):
                json.loads(message.data)


async def test_http_push(client: Client, node: SenseTimeNode) -> None:
    receiver = Receiver()
    await receiver.start()
    try:
        url = f"{receiver.url}/hook"
        await client.data("1298", url=url, key="secret-key")
        assert await client.data("1299") == {"url": url, "key": "secret-key"}
        result = await node.recognize("watch-0001", channel=2)
        assert await result.push.delivered()
        message = receiver.messages[0]
        assert message.path == "/hook"
        assert message.parts.keys() == {"key", "json", "snap", "img", "snap_frame"}
        assert message.parts["key"] == b"secret-key"
        document = json.loads(message.parts["json"])
        assert document["msg_id"] == 774
        assert document["data"].keys() >= set(HTTP_FIELDS)
        assert document["data"]["img_path"] == "img_pic"
        assert message.parts["snap"] == await client.picture(result.capture.snap_path)
        assert await (await node.heartbeat()).delivered()
        beat = json.loads(receiver.messages[1].parts["json"])
        assert beat["msg_id"] == 775
        assert beat["data"].keys() == {"device_id", "trigger"}
        node.quirks.http_msg_id_as_text = node.quirks.heartbeat_plain_json = True
        assert await (await node.heartbeat()).delivered()
        assert receiver.messages[2].json["msg_id"] == "775"
        receiver.refusals = 1
        refused = await node.body(channel=1)
        assert not await refused.push.delivered()
        assert [a.status for a in refused.push.attempts] == [500]
        assert node.counts.http == 2
        assert node.counts.http_acknowledged == 1
        assert node.counts.heartbeats == 2
    finally:
        await receiver.stop()


async def test_resend_and_heartbeat_interval() -> None:
    receiver = Receiver(refusals=2)
    await receiver.start()
    resend = ResendPolicy(attempts=3, first_delay=0.01)
    try:
        async with SenseTimeNode(channels=1, resend=resend, time_scale=1) as node:
            node.device.push_url = receiver.url
            result = await node.body(channel=1)
            assert await result.push.delivered()
            assert len(result.push.attempts) == 3
        node = SenseTimeNode(channels=1, time_scale=0.001)
        node.device.push_url = receiver.url
        async with node:
            await receiver.wait_for(5)
            assert node.counts.heartbeats >= 1
    finally:
        await receiver.stop()


async def test_offline_camera_sends_nothing(
    client: Client, node: SenseTimeNode
) -> None:
    await client.subscribe()
    node.set_camera_status(1, online=False)
    result = await node.face(channel=1)
    assert (result.subscribers, bool(result.push.held_back)) == (0, True)
    cameras = (await client.data("516"))["camera"]
    assert [camera["status"] for camera in cameras] == [0, 1, 1, 1]


async def test_pictures_may_need_a_session(client: Client, node: SenseTimeNode) -> None:
    result = await node.face(channel=1)
    node.quirks.pictures_need_session = True
    url = f"{node.url}/ws/{result.capture.frame_path}"
    async with client.session.get(url) as response:
        assert (await response.json())["code"] == -141
    async with client.session.get(url, headers=client.headers) as response:
        assert response.content_type == "image/jpeg"
    async with client.session.get(f"{node.url}/ws/no.jpg", headers=client.headers) as r:
        assert r.status == 404
    async with client.session.get(f"{node.url}/ws/") as response:
        assert response.status == 400


async def test_stop_leaves_nothing() -> None:
    before = asyncio.all_tasks()
    async with ClientSession() as session:
        async with SenseTimeNode(channels=1) as node:
            client = Client(session, node)
            await client.log_in()
            socket = await client.subscribe()
            node.device.push_url = "http://127.0.0.1:9"
            await node.face(channel=1)
        await node.stop()
        while not socket.closed:
            await socket.receive(5)
    assert asyncio.all_tasks() == before

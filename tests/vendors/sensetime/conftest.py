"""A scripted node: real sockets, real sessions, answers as each test wants them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import ClientSession, WSMsgType, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.model import Json
from custom_components.vision_hub.vendors.sensetime import VENDOR
from custom_components.vision_hub.vendors.sensetime.hub import SenseTimeHub

from ...helpers.doubles import Tokens

USERNAME = "admin"
PASSWORD = "Nebula.2020"
SERIAL = "STSNMAWX08A118110001"
KEY = "04af251e-91d4-43bd-b8b0-8c8c6b3245bb"
JPEG = b"\xff\xd8\xff\xe0picture"

RTSP: dict[str, Any] = {
    "camera_mode": "VIDEO",
    "camera_name": "Gate",
    "camera_roi": "",
    "channel": 7,
    "decoder": "",
    "description": "",
    "facesize_max": 1000,
    "facesize_min": 60,
    "lib_ids": "1,2",
    "position": "north",
    "protocol": "rtsp",
    "roi_max": 2073600,
    "snap_mode": 3,
    "status": 1,
    "threshold": 75,
    "url": "rtsp://admin:admin123@10.5.4.178:554",
}
IMAGE: dict[str, Any] = {
    "camera_mode": "IMAGE",
    "camera_name": "Door",
    "camera_pwd": 1234,
    "camera_user": "admin",
    "channel": 4,
    "description": "",
    "ip": "10.5.4.179",
    "lib_ids": "",
    "port": 37777,
    "position": "",
    "product": "IPC-1",
    "status": 0,
    "threshold": 85,
    "vendor": "hikvision",
}


def fail(code: int, message: str = "") -> dict[str, Json]:
    """Answer with an error."""
    return {"code": code, "data": "", "msg": message}


def done(data: Json = "") -> dict[str, Json]:
    """Answer that all is well."""
    return {"code": 0, "data": data, "msg": ""}


@dataclass
class Node:
    """Answers by `msg_id`, checks the session."""

    answers: dict[str, Any] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    session: str = ""
    logins: int = 0
    refuse_sessions: bool = False
    without_session: int | None = None
    """The status of pictures for those who have none, where no envelope tells."""
    login_answer: Any = None
    frames: list[Any] = field(default_factory=list)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    acknowledgement: Any = field(default_factory=lambda: {"code": 0, "msg": ""})
    hang_up: bool = False
    deaf: bool = False
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    server: TestServer | None = None

    @property
    def port(self) -> int:
        assert self.server
        assert self.server.port
        return self.server.port

    def asked(self, number: int) -> list[dict[str, Any]]:
        return [body for asked, body in self.requests if asked == str(number)]

    def expire(self) -> None:
        self.session = "0"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert request.method == "POST"
        if request.path == "/api/json":
            body = await request.json()
            assert isinstance(body["msg_id"], str)
        else:
            assert request.path == "/api/form"
            assert request.content_type == "multipart/form-data"
            body = {}
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    self.files[name] = (value.filename, value.file.read())
                else:
                    body[name] = value
        number = body.pop("msg_id")
        self.requests.append((number, body))
        if number == "257":
            self.logins += 1
            if self.login_answer:
                return web.json_response(self.login_answer)
            if body != {"user_name": USERNAME, "user_pwd": PASSWORD}:
                return web.json_response(fail(-113, "用户名或密码错误"))
            self.session = str(10538985380704462465 + self.logins)
            return web.json_response(done(self.session))
        if self.refuse_sessions or request.headers.get("sessionid") != self.session:
            return web.json_response(fail(-141))
        answer = self.answers.get(number, fail(-3599))
        if callable(answer):
            answer = answer(body)
            if isinstance(answer, Awaitable):
                answer = await answer
        if isinstance(answer, web.StreamResponse):
            return answer
        return web.json_response(answer)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.subscriptions.append(json.loads(await socket.receive_str()))
        if self.acknowledgement is not None:
            await socket.send_json(self.acknowledgement)
        for frame in self.frames:
            if isinstance(frame, bytes):
                await socket.send_bytes(frame)
            elif isinstance(frame, str):
                await socket.send_str(frame)
            else:
                await socket.send_json(frame)
        if self.deaf:
            await asyncio.sleep(0.5)
        if self.hang_up:
            await socket.close()
            return socket
        async for message in socket:
            if message.type is WSMsgType.CLOSE:
                break
        return socket

    async def picture(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("sessionid") != self.session:
            if (status := self.without_session) is not None:
                return web.Response(
                    status=status, text="<html>", headers={"Location": "/login"}
                )
            return web.json_response(fail(-141))
        if request.path != "/ws/record/17/body/x y.jpg":
            return web.Response(status=404)
        return web.Response(body=JPEG, content_type="image/jpeg")


def paged(rows: list[Any]) -> Any:
    """Answer a query by position."""

    def answer(body: dict[str, Any]) -> Any:
        start, size = body.get("start_no", 1), body.get("qry_len", 10)
        assert size <= 50
        some = rows[start - 1 : start - 1 + size]
        return done({"record": some, "result_num": len(some), "total_num": len(rows)})

    return answer


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    """A node that answers as a test tells it."""
    node = Node(
        {
            "1281": done(
                {
                    "device_id": "666",
                    "serial_id": SERIAL,
                    "version": "SenseNebula-M-V2.1.0",
                    "web_version": "x",
                }
            ),
            "1283": done(
                {
                    "sys_time": "2019-01-23 14:51:18",
                    "time_format": "yyyy-MM-dd HH:mm:ss",
                    "time_zone": "GMT+08:00",
                }
            ),
            "516": lambda _: done(
                {
                    "camera": [IMAGE, RTSP],
                    "computing_power_capacity": 16,
                    "used_computing_power": 3,
                }
            ),
            "1297": done(
                {
                    "default_info": {},
                    "ethernet": [
                        {"ip": "10.5.2.56", "hw_addr": "00:04:4b:a5:4d:b5"},
                        {"ip": "127.0.0.1", "hw_addr": "00:07:32:4E:68:44"},
                    ],
                }
            ),
            "1028": done(
                [
                    {"lib_id": 1, "lib_name": "Wanted", "lib_type": 1, "picture_no": 6},
                    {"lib_id": "2", "lib_name": "Staff", "lib_type": 2},
                ]
            ),
            "1288": done(
                {"cur_storage": 512, "max_storage": 2048, "storage_strategy": 1}
            ),
            "1291": done(
                {"ntp_cycle": 30, "ntp_disable": "0", "port": "123", "url": "ntp.lan"}
            ),
            "1313": done({"cpu_usage": 14.450867, "kernel_num": 6}),
            "1314": done({"memory_usage": "78.6", "total_memory": 8232378368}),
            "1537": done(
                [
                    {
                        "id": 2,
                        "camera_name": "Gate",
                        "dev_name": "Barrier",
                        "dev_ip": "10.0.0.2",
                        "dev_port": 5679,
                        "work_status": 1,
                    }
                ]
            ),
            "1286": done({"key": KEY}),
            "258": done(),
            "1036": paged([]),
            "1037": paged([]),
            "1046": paged([]),
        }
    )
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_get("/ws/", node.socket)
    app.router.add_get("/ws/{path:.+}", node.picture)
    app.router.add_route("*", "/{tail:.*}", node.handle)
    node.server = TestServer(app)
    await node.server.start_server()
    yield node
    await node.server.close()


def open_hub(session: ClientSession, port: int, **changes: Any) -> SenseTimeHub:
    """Open a hub on loopback."""
    hub = VENDOR.open(
        {
            "host": "127.0.0.1",
            "port": port,
            "username": USERNAME,
            "password": PASSWORD,
            "ssl": False,
            "verify_ssl": True,
            **changes,
        },
        session,
        Tokens(),
    )
    assert isinstance(hub, SenseTimeHub)
    return hub


@pytest.fixture
async def hub(node: Node, session: ClientSession) -> SenseTimeHub:
    """A hub that talks to the scripted node."""
    return open_hub(session, node.port)

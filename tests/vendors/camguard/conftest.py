"""A scripted server: real sockets, sessions in the body, both spellings."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import hashlib
import json
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.camguard import VENDOR
from custom_components.vision_hub.vendors.camguard.hub import CamGuardHub
from tests.helpers.doubles import Tokens

USERNAME = "rose"
PASSWORD = "123456"
JPEG = b"\xff\xd8\xff\xe0picture"

PAGED = {
    "/QueryLibraryList": "libraries",
    "/QueryPersonList": "persons",
    "/QueryCameraList": "cameras",
    "/QueryTaskList": "tasks",
    "/QueryTaskCaptureRecord": "records",
}


def fail(code: int = 7, message: str = "failed") -> dict[str, Any]:
    """Answer with an error."""
    return {"code": code, "msg": message}


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A record of a white-listed person."""
    return {
        "record_id": number,
        "task_id": 1,
        "task_name": "Gate watch",
        "camera_id": 1,
        "camera_name": "Gate in",
        "lib_id": 1,
        "lib_name": "Staff",
        "person_id": 5,
        "person_name": "Rose",
        "sex": 2,
        "category": 0,
        "card_no": "110101",
        "classify": 1,
        "similarity": 0.875,
        "pic_url": "/pics/5.jpg",
        "capture_url": f"/captures/{number}.jpg",
        "capture_time": "2024-05-01 10: 00:00 ",
        "create_time": f"2024-05-01 10:{number // 60 % 60:02}:{number % 60:02}",
        **changes,
    }


@dataclass
class Server:
    """Keeps lists, answers by path, checks the session."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    session: str = ""
    logins: int = 0
    most: int = 1000
    newest_first: bool = True
    spelling: Callable[[bytes], bytes] | None = None
    chunked: bool = False
    uploads: list[tuple[str, str, bytes]] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    gets: list[str] = field(default_factory=list)
    before_write: Callable[[], Any] | None = None
    after_write: Callable[[], Any] | None = None
    session_in: str = "form"
    name_filter: str = "name"
    broken: int = 0
    """How many of the next answers are cut off."""
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    server: TestServer | None = None

    @property
    def port(self) -> int:
        assert self.server
        assert self.server.port
        return self.server.port

    def asked(self, path: str) -> list[dict[str, Any]]:
        return [body for asked, body in self.requests if asked == path]

    def expire(self) -> None:
        self.session = "ended"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            self.gets.append(request.path_qs)
            if request.path != "/store/a.jpg":
                return web.Response(status=404)
            return web.Response(body=JPEG, content_type="image/jpeg")
        assert request.method == "POST"
        path = request.path
        if path == "/UploadPersonPicture":
            return await self._answer(await self._upload(request))
        assert request.content_type == "application/json"
        body = json.loads(await request.read())
        if path == "/Login":
            return await self._answer(self._login(body))
        assert list(body).count("session") == 1
        session = body.pop("session")
        self.requests.append((path, body))
        async with self.came:
            self.came.notify_all()
        if session != self.session:
            return await self._answer(fail(99, "session"))
        if self.broken:
            self.broken -= 1
            return web.Response(text='{"code": 0, "info": {')
        answer = self.answers.get(path) or self._listed(path, body)
        if callable(answer):
            answer = answer(body)
            if isinstance(answer, Awaitable):
                answer = await answer
        if isinstance(answer, web.StreamResponse):
            return answer
        return await self._answer(answer)

    def _login(self, body: dict[str, Any]) -> dict[str, Any]:
        self.logins += 1
        digest = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
        if body != {"username": USERNAME, "password": digest}:
            return fail(1, "wrong")
        self.session = f"session-{self.logins}"
        return {"code": 0, "user_id": 1, "session": self.session, "msg": ""}

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        assert request.content_type == "multipart/form-data"
        form = await request.post()
        session = (request.query if self.session_in == "query" else form).get("session")
        if session != self.session:
            return fail(99, "session")
        for name, value in form.items():
            if isinstance(value, web.FileField):
                self.uploads.append((name, value.filename, value.file.read()))
        reference = f"/pics/new{len(self.uploads)}.jpg"
        self.pictures.add(reference)
        return {"code": 0, "pic_url": reference, "msg": ""}

    def _listed(self, path: str, body: dict[str, Any]) -> Any:
        name = PAGED.get(path)
        if name is None:
            return fail(404, "no such operation")
        rows = self.lists.get(name, [])
        if name == "records" and self.newest_first:
            rows = rows[::-1]
        if wanted := body.get("name"):
            key = self.name_filter if name == "persons" else "name"
            rows = [
                row
                for row in rows
                if wanted in str(row.get(key) or row.get("task_name"))
            ]
        for key in ("card_no", "camera_id", "classify"):
            if key in body:
                rows = [row for row in rows if row[key] == body[key]]
        size = min(body["page_size"], self.most)
        start = (body["page_no"] - 1) * size
        info = {
            "page_no": body["page_no"],
            "page_size": size,
            "total_count": len(rows),
            "items": rows[start : start + size],
        }
        return {"code": 0, "info": info, "msg": ""}

    async def _answer(self, answer: Any) -> web.StreamResponse:
        content = json.dumps(answer).encode()
        if self.spelling:
            content = self.spelling(content)
        response = web.Response(
            body=content, headers={"Content-Type": "Application/json"}
        )
        if self.chunked:
            response.enable_chunked_encoding()
            response.force_close()
        return response

    def keep(self, name: str, key: str, path: str) -> None:
        """Let objects be added, changed and deleted."""
        rows = self.lists.setdefault(name, [])

        def written(change: Callable[[dict[str, Any]], Any]) -> Any:
            def answer(body: dict[str, Any]) -> Any:
                if self.before_write:
                    self.before_write()
                change(body)
                if self.after_write:
                    return self.after_write()
                return {"code": 0, "msg": ""}

            return answer

        def add(body: dict[str, Any]) -> None:
            number = max((int(row[key]) for row in rows), default=0) + 1
            rows.append({**body, key: number})

        def update(body: dict[str, Any]) -> None:
            for row in rows:
                if int(row[key]) == int(body[key]):
                    row.update(body)

        def delete(body: dict[str, Any]) -> None:
            rows[:] = [row for row in rows if int(row[key]) != body[key]]

        for verb, change in (("Add", add), ("Update", update), ("Delete", delete)):
            self.answers[f"/{verb}{path}"] = written(change)


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    """Start a server that answers as a test tells it."""
    server = Server()
    server.lists = {
        "libraries": [
            {"lib_id": 1, "name": "Staff", "type": 0, "person_count": 12},
            {"lib_id": "2", "name": "Wanted ", "type": 0, "person_count": "3"},
        ],
        "cameras": [
            {
                "camera_id": 1,
                "name": "Gate in",
                "rtsp": "rtsp://u:p@10.0.0.1/1",
                "type": 0,
                "online": 1,
                "remark": "",
            },
            {"camera_id": 2, "name": "Gate out", "rtsp": "", "state": "0", "type": 0},
        ],
        "tasks": [
            {
                "task_id": 1,
                "task_name": "Gate watch",
                "type": 1,
                "camera_list1": [{"camera_id": 1, "name": "Gate in", "state": 1}],
                "camera_list2": [{"camera_id": 2, "name": "Gate out", "state": 0}],
                "lib_list": [{"lib_id": 1, "name": "Staff"}, {"lib_id": 2}],
                "interval": 3000,
                "threshold": 0.8,
                "state": 1,
                "plan": "",
                "remark": " ",
                "create_time": "2001-01-01 00: 00:00 ",
            },
            {
                "task_id": "2",
                "name": "Hall",
                "type": 0,
                "camera_list1": [{"camera_id": 2}],
                "camera_list2": [],
                "lib_list": [{"lib_id": 1}],
                "interval": 1,
                "threshold": "1",
                "state": 0,
                "plan": None,
                "remark": "",
            },
        ],
        "persons": [
            {
                "lib_id": 1,
                "lib_name": "Staff",
                "person_id": 5,
                "name": "Rose",
                "sex": 2,
                "card_no": "110101",
                "phone": "",
                "category": 1,
                "pic_url": "/pics/5.jpg",
                "remark": " ",
            }
        ],
        "records": [],
    }
    server.keep("libraries", "lib_id", "Library")
    server.keep("persons", "person_id", "Person")
    server.keep("cameras", "camera_id", "Camera")
    server.keep("tasks", "task_id", "Task")

    def delete(body: dict[str, Any]) -> Any:
        server.pictures.discard(body["pic_url"])
        return {"code": 0, "msg": ""}

    def switch(state: int) -> Callable[[dict[str, Any]], Any]:
        def answer(body: dict[str, Any]) -> Any:
            for task in server.lists["tasks"]:
                if int(task["task_id"]) == body["task_id"]:
                    task["state"] = state
            return {"code": 0, "msg": ""}

        return answer

    server.answers |= {
        "/DeletePicture": delete,
        "/StartTask": switch(1),
        "/StopTask": switch(0),
        "/DownloadPersonPicture": {
            "code": 0,
            "data": base64.b64encode(JPEG).decode(),
            "msg": "",
        },
        "/Compare1V1": {"code": 0, "similarity": 0.82, "msg": ""},
        "/GetSystemConfig": {
            "code": 0,
            "Info": {
                "name": "StorageServer",
                "config": '{ "ip": "10.9.9.9", "port": 10009 }',
            },
            "msg": "",
        },
    }
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", server.handle)
    server.server = TestServer(app)
    await server.server.start_server()
    try:
        yield server
    finally:
        await server.server.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A running server."""
    async with running() as server:
        yield server


def open_hub(session: ClientSession, port: int, **changes: Any) -> CamGuardHub:
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
    assert isinstance(hub, CamGuardHub)
    return hub


@pytest.fixture
async def hub(server: Server, session: ClientSession) -> CamGuardHub:
    """A hub that talks to the scripted server."""
    return open_hub(session, server.port)

"""A scripted box: real sockets, real digest, answers as each test wants them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
import hashlib
import json
import re
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.model import Json
from custom_components.vision_hub.vendors.uniview import VENDOR
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub

from ...helpers.doubles import Tokens

USERNAME = "admin"
PASSWORD = "admin123."
SERIAL = "210235C8TS5804696123"

AUTHORIZATION = re.compile(
    r'Digest username="(?P<username>[^"]*)", realm="(?P<realm>[^"]*)", '
    r'nonce="(?P<nonce>[^"]*)", uri="(?P<uri>[^"]*)", algorithm="MD5", '
    r'qop=auth, nc=(?P<nc>[0-9a-f]{8}), cnonce="(?P<cnonce>[^"]*)", '
    r'response="(?P<response>[0-9a-f]{32})"'
)

DEVICE: dict[str, Json] = {
    "device_name": "ECS-B501@8HA-SF",
    "device_model": "ECS-B501@8HA-SF",
    "serial_number": SERIAL,
    "firmware_version": "ECS_B501_SF-B1105.2.05.240516",
    "release_time": 1715796720,
    "device_code": 1,
}

type Answer = Any


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324


@dataclass
class ScriptedBox:
    """Answers by path, checks the digest as the manual prints it."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, Any]] = field(default_factory=list)
    challenges: int = 0
    challenge: str = (
        'Digest qop="auth",algorithm="MD5",realm="NVRDVR",nonce="{}",stale="{}"'
    )
    password: str = PASSWORD
    always_stale: bool = False
    refusal: dict[str, Json] = field(
        default_factory=lambda: {"code": 3, "msg": "Not Authorized", "status_code": 401}
    )
    headers: list[str] = field(default_factory=list)
    nonce: str = ""
    count: int = 0
    server: TestServer | None = None

    @property
    def port(self) -> int:
        assert self.server
        assert self.server.port
        return self.server.port

    def asked(self, name: str) -> list[Any]:
        """Return the parameters of every request to one path."""
        return [params for path, params in self.requests if path == f"/api/v2/{name}"]

    def expire(self) -> None:
        self.nonce = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self._is_known(request):
            stale = "TRUE" if self.nonce and self.always_stale else "FALSE"
            self.challenges += 1
            self.nonce, self.count = str(1923473498 + self.challenges), 0
            return web.json_response(
                self.refusal,
                status=401,
                headers={"WWW-Authenticate": self.challenge.format(self.nonce, stale)},
            )
        if request.content_type == "application/json":
            params = json.loads(await request.read() or "{}")
        else:
            params = await request.post()
        self.requests.append((request.path, params))
        answer = self.answers.get(request.path.removeprefix("/api/v2/"))
        if callable(answer):
            answer = answer(params)
            if isinstance(answer, Awaitable):
                answer = await answer
        if isinstance(answer, web.StreamResponse):
            return answer
        if answer is None:
            answer = {"code": 4, "msg": "Not Supported", "status_code": 0}
        elif "code" not in answer or "data" in answer:
            answer = {"code": 0, "msg": "Succeed", "status_code": 0, **answer}
        return web.json_response(answer)

    def _is_known(self, request: web.Request) -> bool:
        header = request.headers.get("Authorization", "")
        self.headers.append(header)
        if not header or self.always_stale:
            return False
        found = AUTHORIZATION.fullmatch(header)
        assert found, header
        count = int(found["nc"], 16)
        if found["nonce"] != self.nonce or count <= self.count:
            return False
        self.count = count
        assert found["uri"] == request.raw_path
        r1 = md5(f"{USERNAME}:NVRDVR:{self.password}")
        r2 = md5(f"{request.method}:{request.raw_path}")
        wanted = md5(f"{r1}:{self.nonce}:{found['nc']}:{found['cnonce']}:auth:{r2}")
        return found["response"] == wanted


def done(data: Json = None) -> dict[str, Json]:
    """Return a success."""
    return {"data": data}


def paged(key: str, rows: list[Any]) -> Callable[[Any], Answer]:
    """Answer a list operation page by page."""

    def answer(params: Any) -> Answer:
        size, page = params["pagesize"], params["page"]
        return done(
            {
                "total": len(rows),
                key: rows[(page - 1) * size : (page - 1) * size + size],
            }
        )

    return answer


TIME_CONF: list[dict[str, Any]] = [
    {"channel_id": 1, "enable": 0, "channel_name": "", "interval": 100},
    {"channel_id": 5, "enable": "2", "channel_name": "Gate", "interval": "500"},
]


class Platforms:
    """The docking part of a box."""

    def __init__(self, box: ScriptedBox) -> None:
        self.rows: list[dict[str, Any]] = []
        self.written: list[dict[str, Any]] = []
        self.updated = asyncio.Event()
        self.version: Any = done(
            {
                "list": [
                    {"version_code": "V1.0", "version_name": "1.0接口"},
                    {"version_code": "V2.0", "version_name": "2.0接口"},
                ]
            }
        )
        box.answers |= {
            "docking/ability/get": lambda _: self.version,
            "docking/config/get": lambda _: done(
                {"platform": self.rows, "time_conf": TIME_CONF}
            ),
            "docking/config/update": self.update,
        }

    def update(self, params: Any) -> Any:
        self.written.append(params)
        self.rows = deepcopy(params["platform"])
        self.updated.set()
        return done()

    def slots(self) -> dict[int, dict[str, Any]]:
        return {row["id"]: row for row in self.written[-1]["platform"]}


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedBox]:
    """A box that answers as a test tells it."""
    box = ScriptedBox({"device/get": done(DEVICE)})
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", box.handle)
    box.server = TestServer(app)
    await box.server.start_server()
    yield box
    await box.server.close()


def open_hub(session: ClientSession, port: int, **changes: Any) -> UniviewHub:
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
    assert isinstance(hub, UniviewHub)
    return hub


@pytest.fixture
async def hub(scripted: ScriptedBox, session: ClientSession) -> UniviewHub:
    """A hub that talks to the scripted box."""
    return open_hub(session, scripted.port)


@pytest.fixture
def platforms(scripted: ScriptedBox) -> Platforms:
    return Platforms(scripted)

"""A scripted box: real sockets, real digest, one request at a time if a test wants."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
import hashlib
import json
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.client_middleware_digest_auth import parse_header_pairs
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.megvii import VENDOR
from custom_components.vision_hub.vendors.megvii.hub import MegviiHub

from ...helpers.doubles import Tokens

BASE = "/v1/MEGBOX"
USERNAME = "admin"
PASSWORD = "megbox"
REALM = "MegBox"
DEVICE_ID = "78CA8340050600000000"
JPEG = b"\xff\xd8\xff\xe0picture"
NOW = 1588816196

DEVICE: dict[str, Any] = {
    "hardwareVer": "000_01_000",
    "firmwareVer": "v3.0.1",
    "deviceId": DEVICE_ID,
    "deviceModel": "MegCube-B4H16-311",
    "channelNum": 16,
    "licenseKey": "KOALA-DEVICE-B3R",
    "serialNumber": "M030201202105000021",
    "deviceHeartbeat": {"serverAdd": "", "htInterval": 30},
    "hardwareStatus": {
        "cpuUseRate": 34,
        "cpuTemp": 42,
        "gpuTemp": 43,
        "caseTemp": 44,
        "memSize": 4096,
        "memUse": 1024,
        "storageSize": 20000,
        "storageUseSize": 5000,
    },
    "time": {
        "deviceTime": NOW,
        "ntpEnable": False,
        "ntpInterval": 60,
        "ntpFailCount": 2,
        "ntpServerAdd": "10.169.246.175",
        "timeZone": 27,
    },
    "eth": {
        "ethNetMode": 1,
        "ethIpAddr": "192.168.172.212",
        "ethSubmask": "255.255.255.0",
        "ethGateway": "192.168.172.1",
        "ethDns": "0.0.0.0",
        "ethMac": "78:CA:83:40:05:06",
    },
}
CONFIGS: dict[str, Any] = {
    "MegFaceSDKVer": "v1.0.0",
    "model": {"detectModelVer": ""},
    "funcModule": {
        "capturePicEnabled": True,
        "clipEnabled": False,
        "captureFullPicEnabled": True,
        "clipTime": 10,
        "retryCount": 5,
        "retryInterval": 5,
        "strangerRetryCount": 0,
        "minPushInterval": 500,
        "alertReportBufferSize": 10000,
        "captureReportBufferSize": 50000,
        "fullPicCompressLevel": 80,
        "secretOfThisFirmware": 7,
    },
    "modelSw": {
        "workMode": "WhiteNameListMode",
        "libMode": "FALSE",
        "pushMode": "BestPushMode",
        "httpMode": "http",
        "digestMode": False,
        "digestUnlockTime": 12,
    },
}
VIDEO: dict[str, Any] = {
    "videoNo": 1,
    "videoName": "gate",
    "url": "rtsp://192.168.1.22:554/1/1",
    "subUrl": "rtsp://",
    "username": "admin",
    "password": "p@ss/word",
    "rotation": 0,
    "livenessThreshold": 50.4,
    "surveillanceEnabled": False,
    "videoConStatus": 0,
    "filter": {
        "roll": 45,
        "yaw": 35,
        "pitch": 45,
        "blurness": 79.6,
        "highBrightness": 90,
        "faceMin": 50,
    },
    "group": [
        {
            "groupName": "staff",
            "startTime": "000000",
            "endTime": "000000",
            "searchThresholdHigh": 60.2,
            "searchThresholdLow": 0,
        }
    ],
    "globalStranger": {
        "enable": True,
        "searchThresholdLow": 20,
        "startTime": "000000",
        "endTime": "000000",
    },
    "ofNewerFirmware": [1.5],
}


def fail(code: int, message: str = "NO_WORDS") -> web.Response:
    """Answer with an error, which comes with status 400."""
    return web.json_response(
        {"code": code, "message": message, "timestamp": 1, "timeCost": 1, "data": {}},
        status=400,
    )


def done(data: Any = None) -> web.Response:
    """Answer that all is well."""
    return web.json_response(
        {
            "code": 0,
            "message": "",
            "timestamp": NOW * 1000,
            "timeCost": 3,
            "data": {} if data is None else data,
        }
    )


NOT_FOUND = web.Response(status=404)
HANG_UP = web.Response(status=500)


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    body: Any = None
    """Read JSON, or the parts of a form as (name, filename, content)."""


@dataclass
class Box:
    """Answers by `METHOD /path`, which is relative to `/v1/MEGBOX`.

    An answer is the `data` of an envelope, a response, or a function of `Asked` that
    returns one of them. What is not there is no interface.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """By the whole path."""
    fetched: list[str] = field(default_factory=list)
    """The files that were asked for, as it was written, with queries."""
    requests: list[Asked] = field(default_factory=list)
    digest: bool = False
    password: str = PASSWORD
    tries: int = 6
    wrong: int = 0
    challenges: int = 0
    authorized: int = 0
    handshakes: Counter[str] = field(default_factory=Counter)
    """How many requests came with each nonce."""
    single: bool = False
    """Serve one request at a time; what writes stops what reads (1.4)."""
    slowness: float = 0
    running: dict[asyncio.Task[Any], str] = field(default_factory=dict)
    preempted: int = 0
    refused: int = 0
    server: TestServer | None = None

    @property
    def port(self) -> int:
        assert self.server
        assert self.server.port
        return self.server.port

    def asked(self, method: str, path: str) -> list[Any]:
        """Return the bodies of what was asked, or the queries of what has none."""
        return [
            row.query if row.body is None else row.body
            for row in self.requests
            if (row.method, row.path) == (method, path)
        ]

    def count(self, method: str, path: str) -> int:
        return len(self.asked(method, path))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.authorized += "Authorization" in request.headers
        if self.digest and (refusal := self._refusal(request)):
            return refusal
        if not self.single:
            return await self._serve(request)
        ranks = set(self.running.values())
        rank = {"GET": "low", "DELETE": "middle"}.get(request.method, "high")
        if "high" in ranks or (rank != "high" and "middle" in ranks):
            self.refused += 1
            return fail(104004, "NO_ACCESS")
        for other in self.running:
            other.cancel("preempted")
            self.preempted += 1
        task = asyncio.ensure_future(self._serve(request))
        self.running[task] = rank
        try:
            await asyncio.wait({task})
            return fail(104004, "NO_ACCESS") if task.cancelled() else task.result()
        finally:
            del self.running[task]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.slowness:
            await asyncio.sleep(self.slowness)
        if request.path in self.files:
            self.fetched.append(request.raw_path)
            return web.Response(
                body=self.files[request.path], content_type="image/jpeg"
            )
        asked = Asked(
            request.method,
            request.path.removeprefix(BASE),
            request.query_string,
            await _body(request),
        )
        self.requests.append(asked)
        answer = self.answers.get(f"{asked.method} {asked.path}", NOT_FOUND)
        if answer is HANG_UP:
            assert request.transport
            request.transport.close()
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, Awaitable) and not isinstance(answer, web.StreamResponse):
            answer = await answer
        if isinstance(answer, web.Response):
            # One object may be sent once only.
            return web.Response(
                body=answer.body, status=answer.status, headers=dict(answer.headers)
            )
        return done(answer)

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self.wrong >= self.tries:
            return fail(104101, "ACCOUNT_BLOCKED")
        header = request.headers.get("Authorization", "")
        if not header:
            self.challenges += 1
            return web.Response(
                status=401,
                headers={
                    "WWW-Authenticate": f'Digest realm="{REALM}", qop="auth", '
                    f'nonce="nonce{self.challenges}"'
                },
            )
        told = parse_header_pairs(header.removeprefix("Digest "))
        one = _md5(f"{USERNAME}:{REALM}:{self.password}")
        two = _md5(f"{request.method}:{request.raw_path}")
        proof = _md5(
            ":".join((one, told["nonce"], told["nc"], told["cnonce"], "auth", two))
        )
        if told["uri"] != request.raw_path or told["response"] != proof:
            self.wrong += 1
            if self.wrong >= self.tries:
                return fail(104101, "ACCOUNT_BLOCKED")
            return fail(104005, "PASSWORD_ERROR")
        self.handshakes[told["nonce"]] += 1
        return None


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


async def _body(request: web.Request) -> Any:
    if request.content_type == "multipart/form-data":
        return [
            (part.name, part.filename, bytes(await part.read(decode=True)))
            async for part in await request.multipart()
        ]
    content = await request.read()
    if not content:
        return None
    assert request.content_type == "application/json"
    return json.loads(content)


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    """An open box in pure-face mode that answers as a test tells it."""
    box = Box(
        {
            "GET /devices": DEVICE,
            "GET /configs": CONFIGS,
            "GET /configs/detect": {"type": 0, "support": [0, 1, 3]},
            "GET /videos": {"videos": [VIDEO]},
        }
    )
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", box.handle)
    box.server = TestServer(app)
    await box.server.start_server()
    yield box
    await box.server.close()


def open_hub(session: ClientSession, port: int, **changes: Any) -> MegviiHub:
    """Open a hub on loopback, without a password."""
    hub = VENDOR.open(
        {
            "host": "127.0.0.1",
            "port": port,
            "ssl": False,
            "verify_ssl": True,
            **changes,
        },
        session,
        Tokens(),
    )
    assert isinstance(hub, MegviiHub)
    # So that no test waits for long.
    hub._transport.backoff = (0.01, 0.02, 0.04, 0.08, 0.16)
    return hub


@pytest.fixture
async def hub(box: Box, session: ClientSession) -> MegviiHub:
    """A hub that talks to the scripted box."""
    return open_hub(session, box.port)

"""A scripted cloud: real sockets, real tokens, answers as each test wants them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.huawei import VENDOR
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub
from custom_components.vision_hub.vendors.model import Json

from ...helpers.doubles import Tokens

USER = "109000000000000000000001"
ACCESS_KEY = "AK-0123456789"
SECRET_KEY = "SK-9876543210"
JPEG = b"\xff\xd8\xff\xe0picture"
LOGIN = "POST /v2/enterprises/access-token"

type Reply = Json | web.StreamResponse
type Script = Reply | Callable[[dict[str, Any]], Reply | Awaitable[Reply]]


def fail(code: str, status: int = 400, message: str = "text") -> web.Response:
    """Answer with an error."""
    return web.json_response({"error_code": code, "error_msg": message}, status=status)


ROOT = "GET /v1/device-orgs/0/devices"
GRANTED = ["MANAGEMENT_GRANT", "INDUSTRY_DATA_GRANT", "FULL_RECORD_GRANT"]


def channel(number: int, **changes: Any) -> dict[str, Any]:
    """A channel in the list of devices (5.2)."""
    return {
        "channel_resource_state": GRANTED,
        "channel_state": "ONLINE",
        "channel_system_state": "NORMAL",
        "channel_id": str(number),
        "channel_name": f"Gate {number}",
        "channel_model": "D3250",
        "invalid_type": "NORMAL",
        "channel_ability": "ptz, zoom,preset,cruise,flowstatis",
        "storage_card_status": "0",
        "mask_mode": "CLOSE",
        **changes,
    }


def device(device_id: str, *channels: Any, **changes: Any) -> dict[str, Any]:
    """A device in the list (5.2)."""
    return {
        "device_id": device_id,
        "device_name": f"Box {device_id}",
        "device_state": "ONLINE",
        "device_type": "NVR",
        "device_system_state": "NORMAL",
        "access_protocol": "HOLO",
        "manufacture": "HUAWEI",
        "device_ability": "talk",
        "channel_total": str(len(channels)),
        "channels": list(channels),
        "model": "NVR800",
        "firmware": "8.1",
        **changes,
    }


def devices(*rows: Any) -> Any:
    """Answer a list of devices by page."""

    def answer(params: dict[str, Any]) -> Json:
        assert params["is_current_org"] == "2"
        size, page = int(params["limit"]), int(params["offset"])
        assert 1 <= size <= 1000
        some: list[Json] = list(rows[page * size :][:size])
        return {"total": len(rows), "devices": some}

    return answer


NVR = device("NVR00001", channel(0), channel(1, channel_ability=["talk"]))
IPC = device(
    "IPC00001",
    channel(0, channel_ability=None),
    device_type="IPC",
    device_ability="ptz,preset",
    model="D2150",
)


@dataclass
class Request:
    """What arrived."""

    place: str
    """Method and path, without the user id."""
    query: dict[str, str]
    body: Any
    raw: str
    """The path and query as they were sent."""

    @property
    def params(self) -> dict[str, Any]:
        return {**self.query, **(self.body if isinstance(self.body, dict) else {})}


@dataclass
class Cloud:
    """Answers by method and path, checks the token."""

    answers: dict[str, Script] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    token: str = ""
    logins: int = 0
    lives: int = 604_800
    server: TestServer | None = None

    @property
    def url(self) -> str:
        assert self.server
        return str(self.server.make_url("/"))

    def asked(self, place: str) -> list[dict[str, Any]]:
        """Return the parameters of what arrived at a place, such as `GET /v1/...`."""
        return [each.params for each in self.requests if each.place == place]

    def count(self) -> int:
        """Count what arrived, without the requests for a token."""
        return sum("access-token" not in each.place for each in self.requests)

    def expire(self) -> None:
        """Take the token no more."""
        self.token = "gone"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        place = f"{request.method} {request.path.replace(f'/{USER}', '')}"
        text = await request.text()
        if text:
            assert request.content_type == "application/json"
        body = json.loads(text) if text else None
        asked = Request(place, dict(request.query), body, request.raw_path)
        self.requests.append(asked)
        login = place.endswith("/enterprises/access-token")
        if login and place not in self.answers:
            return self._log_in(request, body)
        token = request.headers.get("Access-Token")
        if not login and token != self.token and not request.path.endswith(".jav"):
            return fail("IVM.10000002" if token else "IVM.10000004", 401)
        answer: Any = self.answers.get(place, None)
        if place not in self.answers:
            answer = fail("IVM.90000007", 404)
        if callable(answer):
            answer = answer(asked.params)
        if isinstance(answer, Awaitable):
            answer = await answer
        if isinstance(answer, web.StreamResponse):
            return answer
        return web.json_response(answer)

    def _log_in(self, request: web.Request, body: Any) -> web.StreamResponse:
        assert "Access-Token" not in request.headers
        self.logins += 1
        if body.get("ak") != ACCESS_KEY or body.get("sk") != SECRET_KEY:
            return fail("IVM.10020022")
        assert set(body) <= {"ak", "sk", "force_update"}
        self.token = f"374f6211DELIMITER_DELIMITER_{self.logins}"
        return web.json_response(
            {"access_token": self.token, "expire_time": str(self.lives)}
        )


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Talk over loopback."""


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    """A cloud that answers as a test tells it."""
    cloud = Cloud({ROOT: devices(NVR, IPC)})
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", cloud.handle)
    cloud.server = TestServer(app)
    await cloud.server.start_server()
    yield cloud
    await cloud.server.close()


def open_hub(
    session: ClientSession, url: str, tokens: Tokens, **changes: Any
) -> HuaweiHub:
    """Open a hub on loopback."""
    hub = VENDOR.open(
        {
            "url": url,
            "user_id": USER,
            "access_key": ACCESS_KEY,
            "secret_key": SECRET_KEY,
            "verify_ssl": True,
            **changes,
        },
        session,
        tokens,
    )
    assert isinstance(hub, HuaweiHub)
    return hub


@pytest.fixture
async def hub(cloud: Cloud, session: ClientSession, tokens: Tokens) -> HuaweiHub:
    """A hub that talks to the scripted cloud."""
    return open_hub(session, cloud.url, tokens)

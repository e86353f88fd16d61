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

from ..doubles import Tokens

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
    cloud = Cloud()
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

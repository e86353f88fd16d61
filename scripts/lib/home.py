"""A small client of Home Assistant's own API, as much as the demo needs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
import itertools
from typing import Any, Self

from aiohttp import ClientError, ClientResponse, ClientSession, WSMsgType
from aiohttp.client_ws import ClientWebSocketResponse

type Json = Any


class HomeError(Exception):
    """Home Assistant did not do what it was asked to."""


class Home:
    """A Home Assistant that is or will be at `url`."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url = url
        self._session = session
        self._token: str | None = None
        self._client_id = f"{url}/"

    async def wait(self) -> None:
        """Return when it answers."""
        while True:
            with suppress(ClientError, TimeoutError):
                async with self._session.get(f"{self.url}/manifest.json") as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(0.2)

    async def wait_until_started(self) -> None:
        """Return when all that is set up has come."""
        while True:
            if (await self.request("GET", "/api/config"))["state"] == "RUNNING":
                return
            await asyncio.sleep(0.2)

    async def log_in(self, username: str, password: str) -> None:
        """Make the first user when there is none, and log in."""
        if await self._is_new():
            user = {"name": username.capitalize(), "language": "en"}
            user |= {"username": username, "password": password}
            user |= {"client_id": self._client_id}
            code = (await self.request("POST", "/api/onboarding/users", user))[
                "auth_code"
            ]
        else:
            code = await self._code(username, password)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
        }
        async with self._session.post(f"{self.url}/auth/token", data=form) as answer:
            self._token = (await _content(answer))["access_token"]

    async def _is_new(self) -> bool:
        """Tell whether there is no user; what asks for one goes away after that."""
        async with self._session.get(f"{self.url}/api/onboarding") as answer:
            if answer.status == HTTPStatus.NOT_FOUND:
                return False
            steps = await _content(answer)
        return not next(step for step in steps if step["step"] == "user")["done"]

    async def _code(self, username: str, password: str) -> str:
        """Log in as the frontend's form does."""
        flow = await self.request(
            "POST",
            "/auth/login_flow",
            {
                "client_id": self._client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": self._client_id,
            },
        )
        result = await self.request(
            "POST",
            f"/auth/login_flow/{flow['flow_id']}",
            {
                "client_id": self._client_id,
                "username": username,
                "password": password,
            },
        )
        if result["type"] != "create_entry":
            raise HomeError(f"user {username} has another password")
        code: str = result["result"]
        return code

    async def add_hub(self, vendor: str, fields: Mapping[str, str | int | bool]) -> str:
        """Go through the config flow as a user does; return what came of it."""
        path = "/api/config/config_entries/flow"
        flow = await self.request("POST", path, {"handler": "vision_hub"})
        step = f"{path}/{flow['flow_id']}"
        await self.request("POST", step, {"next_step_id": vendor})
        result = await self.request("POST", step, dict(fields))
        match result["type"]:
            case "create_entry":
                return str(result["title"])
            case "abort":
                return str(result["reason"])
        await self.request("DELETE", step)
        raise HomeError(f"the config flow of {vendor} says {result['errors']}")

    @asynccontextmanager
    async def commands(self) -> AsyncIterator[Commands]:
        """Open the WebSocket API."""
        async with (
            self._session.ws_connect(
                f"{self.url}/api/websocket", max_msg_size=0
            ) as socket,
            Commands(socket) as commands,
        ):
            await commands.authenticate(self._token or "")
            yield commands

    async def request(self, method: str, path: str, body: Json = None) -> Json:
        """Use the REST API as the user who logged in."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(
            method, self.url + path, json=body, headers=headers
        ) as answer:
            return await _content(answer)


async def _content(answer: ClientResponse) -> Json:
    if not answer.ok:
        text = (await answer.text())[:300]
        raise HomeError(f"{answer.url.path} answered {answer.status}: {text}")
    return await answer.json()


class Commands:
    """Home Assistant's WebSocket API."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._listeners: dict[int, Callable[[Json], None]] = {}
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader:
            self._reader.cancel()

    async def authenticate(self, token: str) -> None:
        """Say who we are."""
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": token})
        answer = await self._socket.receive_json()
        if answer["type"] != "auth_ok":
            raise HomeError(answer.get("message", "authentication failed"))
        self._reader = asyncio.create_task(self._read())

    async def run(self, command: str, **fields: Json) -> Json:
        """Run one command and return its result."""
        number = next(self._ids)
        return await self._send(number, {"type": command, **fields})

    async def subscribe(self, event: str, listener: Callable[[Json], None]) -> None:
        """Call `listener` with each event of a type."""
        number = next(self._ids)
        self._listeners[number] = listener
        await self._send(number, {"type": "subscribe_events", "event_type": event})

    async def _send(self, number: int, message: Json) -> Json:
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, **message})
        return await waiting

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            content = message.json()
            if content["type"] == "event":
                self._listeners[content["id"]](content["event"])
            elif waiting := self._waiting.pop(content["id"], None):
                if content["success"]:
                    waiting.set_result(content["result"])
                else:
                    waiting.set_exception(HomeError(content["error"]["message"]))
        for waiting in self._waiting.values():
            waiting.set_exception(HomeError("Home Assistant hung up"))

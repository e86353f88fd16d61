"""A client written from the manual, for the tests only."""

import base64
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, FormData

from simulators import pictures
from simulators.sensetime import SenseTimeNode

PORTRAIT = pictures.face(5)
OTHER = pictures.face(11)


def base64_picture(content: bytes, filename: str = "face.jpg") -> dict[str, str]:
    return {"filename": filename, "data": base64.b64encode(content).decode()}


@dataclass
class Client:
    """Sends requests with the session id of the log in."""

    session: ClientSession
    node: SenseTimeNode
    headers: dict[str, str] = field(default_factory=dict)

    async def json(self, msg_id: object, **fields: Any) -> dict[str, Any]:
        async with self.session.post(
            f"{self.node.url}/api/json",
            json={"msg_id": msg_id, **fields},
            headers=self.headers,
        ) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def form(self, msg_id: str, **fields: Any) -> dict[str, Any]:
        form = FormData(default_to_multipart=True)
        form.add_field("msg_id", msg_id)
        for name, value in fields.items():
            if isinstance(value, tuple):
                form.add_field(name, value[1], filename=value[0])
            else:
                form.add_field(name, str(value))
        async with self.session.post(
            f"{self.node.url}/api/form", data=form, headers=self.headers
        ) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def code(self, msg_id: object, **fields: Any) -> int:
        return int((await self.json(msg_id, **fields))["code"])

    async def data(self, msg_id: str, **fields: Any) -> Any:
        answer = await self.json(msg_id, **fields)
        assert answer["code"] == 0, answer
        return answer["data"]

    async def log_in(self) -> None:
        self.headers["sessionid"] = await self.data(
            "257", user_name=self.node.username, user_pwd=self.node.password
        )

    async def subscribe(self) -> ClientWebSocketResponse:
        key = (await self.data("1286"))["key"]
        socket = await self.session.ws_connect(
            f"{self.node.url}/ws/", max_msg_size=2**26
        )
        await socket.send_json({"key": key, "msg_id": "776"})
        assert await socket.receive_json(timeout=5) == {"code": 0, "msg": ""}
        return socket

    async def picture(self, path: str) -> bytes:
        async with self.session.get(f"{self.node.url}/ws/{path}") as response:
            assert response.status == 200
            return await response.read()

"""A client written from the manual, for the tests only."""

from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientSession

from simulators import pictures
from simulators.huawei import HuaweiCloud

OK = {"code": "IVM.0", "msg": "Success"}
PORTRAIT = pictures.face(5)


@dataclass
class Answer:
    """What came back."""

    status: int
    content_type: str
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        """Return the error code; IVM.0 for an answer without one."""
        return str(self.json.get("error_code", "IVM.0"))


@dataclass
class Client:
    """Sends requests with a token. Paths begin behind the version and the user."""

    http: ClientSession
    cloud: HuaweiCloud
    token: str = ""

    async def log_in(self) -> str:
        """Fetch a token."""
        keys = {"ak": self.cloud.username, "sk": self.cloud.password}
        answer = await self.send("POST", "enterprises/access-token", keys, version=2)
        assert answer.status == 200, answer.raw
        self.token = answer.json["access_token"]
        return self.token

    async def fetch(self, url: str, *, token: bool = False) -> Answer:
        """Fetch an address as it was told."""
        headers = {"Access-Token": self.token} if token else None
        async with self.http.get(url, headers=headers) as response:
            return Answer(response.status, response.content_type, await response.read())

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int = 1,
        user_id: str | None = None,
        **query: Any,
    ) -> Answer:
        """Send once and return the answer."""
        user = self.cloud.user_id if user_id is None else user_id
        async with self.http.request(
            method,
            f"{self.cloud.url}/v{version}/{user}/{path}",
            json=body,
            params=query,
            headers={"Access-Token": self.token} if self.token else None,
        ) as response:
            return Answer(response.status, response.content_type, await response.read())

    async def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Send what must succeed and return the document."""
        answer = await self.send(method, path, body, **more)
        assert answer.status == 200, answer.raw
        return answer.json

    async def code(self, method: str, path: str, body: Any = None, **more: Any) -> str:
        """Send what fails and return the code."""
        answer = await self.send(method, path, body, **more)
        assert answer.status != 200, answer.raw
        return answer.code

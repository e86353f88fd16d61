"""A digest client written from chapter 1 of the manual, for the tests only."""

from dataclasses import dataclass, field
from hashlib import md5
import re
from typing import Any

from aiohttp import ClientSession

from simulators.uniview import UniviewBox

from ..answer import Answer


def _hex(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Client:
    """Sends requests as the manual's worked example does."""

    session: ClientSession
    box: UniviewBox
    username: str = "admin"
    password: str = "admin123."
    nonce: str = ""
    count: int = 0
    style: str = (
        'Digest username="{u}", realm="NVRDVR", nonce="{n}", uri="{uri}", '
        'algorithm="MD5", qop=auth, nc={nc}, cnonce="{c}", response="{r}"'
    )
    extra: dict[str, str] = field(default_factory=dict)

    def authorization(self, method: str, uri: str, nc: str | None = None) -> str:
        self.count += 1
        nc = nc or f"{self.count:08x}"
        r1 = _hex(f"{self.username}:NVRDVR:{self.password}")
        r2 = _hex(f"{method}:{uri}")
        response = _hex(f"{r1}:{self.nonce}:{nc}:abcdef:auth:{r2}")
        return self.style.format(
            u=self.username, n=self.nonce, uri=uri, nc=nc, c="abcdef", r=response
        )

    async def send(
        self,
        method: str,
        uri: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send exactly once."""
        data = body if isinstance(body, bytes) or body is None else None
        document = None if data is not None or body is None else body
        if not isinstance(document, dict | list | None):
            data, document = document, None
        async with self.session.request(
            method, self.box.url + uri, data=data, json=document, headers=headers
        ) as response:
            return Answer(
                response.status, dict(response.headers), await response.read()
            )

    async def challenge(self) -> Answer:
        """Fetch a nonce."""
        answer = await self.send("POST", "/api/v2/device/get", {})
        self.take_nonce(answer)
        return answer

    def take_nonce(self, answer: Answer) -> None:
        found = re.search(r'nonce="(\d+)"', answer.headers.get("WWW-Authenticate", ""))
        if found:
            self.nonce, self.count = found[1], 0

    async def request(
        self,
        method: str,
        uri: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send with the nonce at hand, once more when it was refused."""
        if not self.nonce:
            await self.challenge()
        for _ in range(2):
            given = {"Authorization": self.authorization(method, uri)}
            answer = await self.send(method, uri, body, given | (headers or {}))
            if answer.status != 401:
                break
            self.take_nonce(answer)
        return answer

    async def post(self, path: str, **body: Any) -> Any:
        """Call an operation and return the parsed answer."""
        return (await self.request("POST", f"/api/v2/{path}", body)).json

    async def data(self, path: str, **body: Any) -> Any:
        """Call an operation that must succeed and return its data."""
        answer = await self.post(path, **body)
        assert answer["code"] == 0, answer
        return answer.get("data")

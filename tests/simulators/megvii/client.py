"""A client written from the manual, for the tests only."""

from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientSession, DigestAuthMiddleware, FormData

from simulators import pictures
from simulators.megvii import MegviiBox

from ..answer import Answer as PlainAnswer

PORTRAIT = pictures.face(5)
OTHER = pictures.face(11)
PREFIX = "/v1/MEGBOX"


class Answer(PlainAnswer):
    """What came back."""

    @property
    def code(self) -> int:
        return int(self.json["code"])

    @property
    def data(self) -> Any:
        assert self.code == 0, self.raw
        return self.json["data"]


def form_of(*fields: tuple[str, Any]) -> FormData:
    """Return a form; bytes become files."""
    form = FormData(default_to_multipart=True)
    for name, value in fields:
        if isinstance(value, bytes):
            form.add_field(name, value, filename="face.jpg")
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    return form


@dataclass
class Client:
    """Sends requests, with digest when asked to."""

    session: ClientSession
    box: MegviiBox
    digest: DigestAuthMiddleware | None = None

    async def send(
        self, method: str, path: str, body: Any = None, *, prefix: str = PREFIX
    ) -> Answer:
        data = body if isinstance(body, bytes | FormData) else None
        async with self.session.request(
            method,
            f"{self.box.url}{prefix}{path}",
            data=data,
            json=body if data is None else None,
            middlewares=() if self.digest is None else (self.digest,),
        ) as response:
            return Answer(
                response.status, dict(response.headers), await response.read()
            )

    async def get(self, path: str) -> Any:
        return (await self.send("GET", path)).data

    async def post(self, path: str, body: Any = None) -> Any:
        return (await self.send("POST", path, body)).data

    async def code(self, method: str, path: str, body: Any = None) -> int:
        return (await self.send(method, path, body)).code

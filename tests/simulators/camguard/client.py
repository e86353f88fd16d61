"""A client written from the manual, for the tests only."""

from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientSession, FormData

from simulators import pictures
from simulators.camguard import CamGuardServer, md5_of

PORTRAIT = pictures.face(5)
OTHER = pictures.face(11)
PAGE = {"page_no": 1, "page_size": 20}
RECORDS = "/QueryTaskCaptureRecord"


@dataclass
class Client:
    """Sends requests with the session of the log in as a key of the body."""

    http: ClientSession
    server: CamGuardServer
    session: str = ""

    async def post(self, path: str, **fields: Any) -> dict[str, Any]:
        """Send once and return the answer."""
        body = {"session": self.session, **fields}
        async with self.http.post(self.server.url + path, json=body) as response:
            assert response.status == 200
            answer: dict[str, Any] = json.loads(await response.read())
            return answer

    async def code(self, path: str, **fields: Any) -> int:
        return int((await self.post(path, **fields))["code"])

    async def ok(self, path: str, **fields: Any) -> dict[str, Any]:
        answer = await self.post(path, **fields)
        assert answer["code"] == 0, answer
        return answer

    async def info(self, path: str, **fields: Any) -> dict[str, Any]:
        info: dict[str, Any] = (await self.ok(path, **fields))["info"]
        return info

    async def items(self, path: str, **fields: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.info(path, **PAGE | fields))["items"]
        return items

    async def record_ids(self, **fields: Any) -> list[int]:
        return [row["record_id"] for row in await self.items(RECORDS, **fields)]

    async def log_in(self) -> int:
        """Open a session and return the account's id."""
        answer = await self.ok(
            "/Login",
            username=self.server.username,
            password=md5_of(self.server.password),
        )
        self.session = answer["session"]
        return int(answer["user_id"])

    async def upload(
        self,
        content: bytes = PORTRAIT,
        *,
        part: str = "file",
        in_query: bool = False,
        session: str | None = None,
    ) -> dict[str, Any]:
        """Upload a picture."""
        session = self.session if session is None else session
        form = FormData(default_to_multipart=True)
        if not in_query:
            form.add_field("session", session)
        form.add_field(part, content, filename="face.jpg")
        async with self.http.post(
            f"{self.server.url}/UploadPersonPicture",
            data=form,
            params={"session": session} if in_query else None,
        ) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    async def uploaded(self, content: bytes = PORTRAIT) -> str:
        return str((await self.upload(content))["pic_url"])

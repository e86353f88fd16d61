"""Chapter 19: pictures over FTP, against a server of a few commands."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest

from simulators.megvii import MegviiBox

from .client import Client


@dataclass
class FtpServer:
    """Takes files; knows what `ftplib` needs to store one."""

    files: dict[str, bytes] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    password: str = "p"
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        here = ""
        incoming: asyncio.Queue[bytes] = asyncio.Queue()

        async def take(data: asyncio.StreamReader, end: asyncio.StreamWriter) -> None:
            await incoming.put(await data.read())
            end.close()

        def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())

        say("220 ready")
        while line := (await reader.readline()).decode().strip():
            command, _, argument = line.partition(" ")
            match command:
                case "PASS":
                    say("230 in" if argument == self.password else "530 no")
                case "CWD":
                    path = f"{here}/{argument}"
                    if path in self.folders:
                        here = path
                    say("250 ok" if path == here else "550 no")
                case "MKD":
                    self.folders.add(f"{here}/{argument}")
                    say(f'257 "{argument}"')
                case "EPSV" | "PASV":
                    data = await asyncio.start_server(take, "127.0.0.1", 0)
                    port = data.sockets[0].getsockname()[1]
                    high, low = divmod(port, 256)
                    say(f"227 ok (127,0,0,1,{high},{low})")
                case "STOR":
                    say("150 go")
                    self.files[f"{here}/{argument}"] = await incoming.get()
                    say("226 done")
                case "QUIT":
                    say("221 bye")
                    break
                case _:
                    say("331 more" if command == "USER" else "200 ok")
        writer.close()


@pytest.fixture
async def server() -> AsyncGenerator[FtpServer]:
    server = FtpServer()
    await server.start()
    yield server
    await server.stop()


async def test_upload(client: Client, box: MegviiBox, server: FtpServer) -> None:
    address = {"serverAddr": "127.0.0.1", "serverPort": server.port}
    login = {**address, "username": "u", "password": "p"}
    assert await client.code("POST", "/ftpUpload", login) == 0
    wrong = {**login, "password": "x"}
    assert await client.code("POST", "/ftpUpload", wrong) == 104618
    settings = {
        **login,
        "enable": True,
        "remoteDir": "/pictures",
        "enableBackground": True,
        "pathMode": [2, 3, 1],
    }
    await client.send("PUT", "/ftpUpload", settings)
    result = await box.capture("vehicle", 3)
    assert await result.delivered()
    assert result.capture is not None
    mac = box.device.mac.replace(":", "")
    day = f"{box.device.local(result.capture.at / 1000):%Y-%m-%d}"
    folder = f"/pictures/{mac}/{day}/3_Loading_yard/"
    assert all(path.startswith(f"{folder}{mac}_") for path in server.files)
    names = sorted(path.removeprefix(folder)[13 + 18 :] for path in server.files)
    track = result.track_id
    assert names == [
        f"03_01_03_{track}_05_{track + 1}.jpg",
        f"03_01_05_{track + 1}_03_{track}.jpg",
        f"03_03_03_{track}.jpg",
        f"03_03_05_{track + 1}.jpg",
    ]
    assert all(content[:2] == b"\xff\xd8" for content in server.files.values())
    await server.stop()
    assert not await (await box.capture("human", 3)).delivered()

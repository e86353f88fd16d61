"""The address that hubs call: who knows the token is heard, nobody else learns a thing."""

import asyncio
from collections.abc import AsyncIterator
import itertools
import logging

from aiohttp import FormData, MultipartWriter
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
import pytest
from yarl import URL

from custom_components.vision_hub.alarms.receiving import (
    MAX_BODY,
    CallbackEndpoint,
    async_expect_token,
    async_registry,
    new_token,
)
from custom_components.vision_hub.vendors.contract import (
    CallbackReply,
    CallbackRequest,
    MalformedMessage,
    Refusal,
)

from ..conftest import until
from .conftest import Handler

PUSH = "/api/vision_hub/push"


async def test_message(client: TestClient, path: str, handler: Handler) -> None:
    for method in ("GET", "POST", "PUT"):
        answer = await client.request(
            method,
            f"{path}/Alarm/v1%20x?a=b",
            data=b"content",
            headers={"Content-Type": "Text/XML; charset=gbk", "X-Key": "value"},
        )
        assert answer.status == 200
        assert await answer.json() == {"ok": True}
        request = handler.requests.pop()
        assert request.method == method
        assert request.tail == "Alarm/v1 x"
        assert request.query == {"a": "b"}
        assert request.headers["x-key"] == "value"
        assert request.content_type == "text/xml"
        assert request.content == b"content"
    for same in (path, f"{path}/"):
        assert (await client.post(same)).status == 200
        assert handler.requests.pop().tail == ""


async def test_reply_without_content(
    client: TestClient, path: str, handler: Handler
) -> None:
    handler.reply = CallbackReply(204)
    answer = await client.post(path)
    assert answer.status == 204
    assert await answer.read() == b""


async def test_parts(client: TestClient, path: str, handler: Handler) -> None:
    form = FormData(quote_fields=False)
    form.add_field("event", '{"a": 1}', content_type="application/json; charset=utf-8")
    form.add_field(
        "file",
        bytes(range(256)) * 1000,
        filename="../etc/passwd",
        content_type="image/jpeg",
    )
    assert (await client.post(path, data=form)).status == 200
    event, file = handler.requests[0].parts
    assert (event.name, event.filename, event.content_type, event.content) == (
        "event",
        None,
        "application/json",
        b'{"a": 1}',
    )
    assert (file.name, file.filename, file.content_type) == (
        "file",
        "passwd",
        "image/jpeg",
    )
    assert file.content == bytes(range(256)) * 1000


async def test_wrong_token_learns_nothing(
    hass: HomeAssistant,
    client: TestClient,
    endpoint: CallbackEndpoint,
    path: str,
    handler: Handler,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As any path that does not exist, whatever is sent and whoever exists."""
    token = path.rpartition("/")[2]
    nowhere = await client.post("/api/vision_hub/nowhere/at/all", data=b"x")
    expected = (nowhere.status, await nowhere.read(), nowhere.content_type)
    assert expected[0] == 404
    for wrong in (new_token(), token[:-1], token + "A", token.swapcase(), "ü", "%00"):
        for data in (b"", b"x" * 100_000):
            answer = await client.post(f"{PUSH}/{wrong}/tail", data=data)
            assert (
                answer.status,
                await answer.read(),
                answer.content_type,
            ) == expected
            assert answer.headers.keys() == nowhere.headers.keys()
    assert not handler.requests
    await endpoint.remove()
    assert (await client.post(path)).status == 404
    assert token not in caplog.text.replace("aiohttp.access", "")


async def test_token_is_not_logged(
    client: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await client.post(f"{path}/tail", data=b"content")
    assert path.rpartition("/")[2] not in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        "POST {path}/../../x HTTP/1.1",
        "POST {path}/%2e%2e/x HTTP/1.1",
        "POST {path}/%25252e%25252e/x HTTP/1.1",
        "POST {path}?a=../x HTTP/1.1",
        "POST {path}/%09 HTTP/1.1",
        "POST {path}?a=union+select+( HTTP/1.1",
        "POST {path}/<script>  HTTP/1.1",
        "POST {path}/?a=%3Cscript%3E HTTP/1.1",
        "POST {hidden}/../x HTTP/1.1",
        "POST {path}/\xff HTTP/1.1",
        "POST {path}/a b HTTP/1.1",
        "POST {path} HTTP/9.9",
        "P@ST {path} HTTP/1.1",
        "POST http://[::1{path} HTTP/1.1",
    ],
)
async def test_token_is_not_logged_by_others(
    client: TestClient, path: str, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    """What Home Assistant and its server refuse never reaches us, but their logs."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(logging.Formatter("%(message)s"))
    token = path.rpartition("/")[2]
    hidden = path.replace(token, "".join(f"%{ord(char):02x}" for char in token))
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(line.format(path=path, hidden=hidden).encode("latin-1"))
    writer.write(b"\r\nHost: home\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    assert b" 400 " in await reader.readline()
    writer.close()
    text = "".join(caplog.handler.format(record) for record in caplog.records)
    assert "address for alarms" in text
    assert token not in text
    assert hidden.rpartition("/")[2] not in text


async def test_others_log_what_is_not_ours(
    client: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    url = URL(f"/api/states/{path[-8:]}%2e%2e/x", encoded=True)
    assert (await client.get(url)).status == 400
    assert "states" in caplog.text


async def test_not_set_up_yet(
    hass: HomeAssistant,
    client: TestClient,
    endpoint: CallbackEndpoint,
    handler: Handler,
) -> None:
    """What a hub sends during a reload it sends again."""
    assert endpoint.url is not None
    path = endpoint.url.removeprefix("http://home:8123")
    assert (await client.post(path, data=b"x")).status == 503
    with endpoint.serve(handler):
        assert (await client.post(path)).status == 200
    assert (await client.post(path)).status == 503
    token = new_token()
    assert (await client.post(f"{PUSH}/{token}")).status == 404
    async_expect_token(hass, token)
    assert (await client.post(f"{PUSH}/{token}")).status == 503


@pytest.mark.parametrize("declared", [True, False])
async def test_too_large(
    client: TestClient, path: str, handler: Handler, *, declared: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(25):
            yield bytes(1 << 20)

    data = bytes(MAX_BODY + 1) if declared else chunks()
    assert (await client.post(path, data=data)).status == 413
    assert not handler.requests
    assert (await client.post(path, data=bytes(MAX_BODY))).status == 200
    assert len(handler.requests[0].content) == MAX_BODY


async def test_too_large_part(client: TestClient, path: str, handler: Handler) -> None:
    form = FormData()
    form.add_field("file", bytes(MAX_BODY + 1), filename="a")
    assert (await client.post(path, data=form)).status == 413
    assert not handler.requests


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\n"),
        (
            "multipart/mixed; boundary=a",
            b"--a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--a--\r\n",
        ),
    ],
)
async def test_malformed_parts(
    client: TestClient, path: str, handler: Handler, content_type: str, data: bytes
) -> None:
    answer = await client.post(path, data=data, headers={"Content-Type": content_type})
    assert answer.status == 400
    assert not handler.requests


async def test_too_many_parts(client: TestClient, path: str) -> None:
    with MultipartWriter("form-data") as many:
        for _ in range(65):
            many.append(b"x")
    assert (await client.post(path, data=many)).status == 400


async def test_parts_within_parts(client: TestClient, path: str) -> None:
    with MultipartWriter("mixed") as inner:
        inner.append(b"x")
    with MultipartWriter("mixed") as outer:
        outer.append(inner)
    assert (await client.post(path, data=outer)).status == 400


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MalformedMessage("张三"), 400),
        (OSError(28, "full"), 503),
        (TimeoutError(), 503),
        (ValueError("张三"), 500),
    ],
)
async def test_what_a_handler_raises(
    client: TestClient,
    path: str,
    handler: Handler,
    error: Exception,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    handler.error = error
    for _ in range(3):
        answer = await client.post(path, data="张三".encode())
        assert answer.status == status
        assert await answer.read() == b""
    assert "张三" not in caplog.text
    assert caplog.text.count("ValueError") == (status == 500)


async def test_slow_body(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.receiving.callbacks.READ_TIMEOUT", 0.05
    )
    never = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"begin"
        await never.wait()

    sending = asyncio.create_task(client.post(path, data=stuck()))
    assert (await sending).status == 408
    never.set()


async def test_memory_is_bounded(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.receiving.request_body.MAX_BODIES", 1000
    )
    assert (await client.post(path, data=bytes(1001))).status == 503
    for _ in range(3):
        assert (await client.post(path, data=bytes(1000))).status == 200


async def test_stopping(hass: HomeAssistant, client: TestClient, path: str) -> None:
    hass.set_state(type(hass.state).stopping)
    assert (await client.post(path)).status == 503
    hass.set_state(type(hass.state).running)


async def test_address(hass: HomeAssistant, client: TestClient) -> None:
    token = new_token()
    assert len(token) == 43
    endpoint = CallbackEndpoint(hass, "entry", token=token, base_url=None)
    hass.config.internal_url = "http://192.0.2.1:8123"
    hass.config.external_url = "https://example.com"
    assert endpoint.url == f"http://192.0.2.1:8123{PUSH}/{token}"
    outside = CallbackEndpoint(
        hass, "entry", token=token, base_url=None, prefer_external=True
    )
    assert outside.url == f"https://example.com{PUSH}/{token}"
    hass.config.internal_url = hass.config.external_url = None
    hass.config.api = None
    assert endpoint.url is None
    assert endpoint.missing_address


async def test_remembers(hass: HomeAssistant, client: TestClient) -> None:
    endpoint = CallbackEndpoint(hass, "entry", token="one", base_url=None)
    await endpoint.load()
    assert endpoint.memory is None
    await endpoint.remember({"url": "http://before"})
    again = CallbackEndpoint(hass, "entry", token="one", base_url=None)
    await again.load()
    assert again.memory == {"url": "http://before"}
    await again.remove()
    await endpoint.load()
    gone = CallbackEndpoint(hass, "entry", token="one", base_url=None)
    await gone.load()
    assert gone.memory is None


async def test_refusals_are_told(
    client: TestClient,
    endpoint: CallbackEndpoint,
    path: str,
    handler: Handler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is not taken may have to be fetched."""
    refused: list[int] = []

    async def post(data: object = b"x", content_type: str = "text/plain") -> int:
        async with client.post(
            path, data=data, headers={"Content-Type": content_type}
        ) as answer:
            return answer.status

    endpoint.on_refused = lambda: refused.append(1)
    assert await post() == 200
    assert not refused
    statuses = []
    for error in (OSError(28, "full"), ValueError(), MalformedMessage()):
        handler.error = error
        statuses.append(await post())
    handler.error = None
    statuses.append(await post(bytes(MAX_BODY + 1)))
    statuses.append(await post(content_type="multipart/form-data"))
    package = "custom_components.vision_hub.alarms.receiving"
    monkeypatch.setattr(f"{package}.request_body.MAX_BODIES", 10)
    statuses.append(await post(bytes(100)))
    monkeypatch.setattr(f"{package}.callbacks.READ_TIMEOUT", 0.05)
    never = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"begin"
        await never.wait()

    statuses.append(await post(stuck()))
    never.set()
    assert statuses == [503, 500, 400, 413, 400, 503, 408]
    assert len(refused) == len(statuses)
    assert endpoint.refusals.counts == {
        Refusal.STORAGE: 1,
        Refusal.FAULT: 1,
        Refusal.UNREADABLE: 2,
        Refusal.TOO_LARGE: 1,
        Refusal.BUSY: 1,
        Refusal.INCOMPLETE: 1,
    }
    assert await post() == 200
    assert len(refused) == len(statuses)


async def test_refused_while_being_set_up(
    client: TestClient, endpoint: CallbackEndpoint
) -> None:
    refused: list[int] = []
    endpoint.on_refused = lambda: refused.append(1)
    assert endpoint.url is not None
    path = endpoint.url.removeprefix("http://home:8123")
    assert (await client.post(path, data=b"x")).status == 503
    assert refused == [1]


async def test_bytes_that_wait_are_counted(
    hass: HomeAssistant,
    client: TestClient,
    endpoint: CallbackEndpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the limit a hub is told at once to come again, whatever the disk does."""
    package = "custom_components.vision_hub.alarms.receiving"
    monkeypatch.setattr(f"{package}.request_body.MAX_BODIES", 100_000)
    bodies = async_registry(hass).bodies
    taken = asyncio.Event()
    counted: list[int] = []

    async def handler(_: CallbackRequest) -> CallbackReply:
        counted.append(bodies.waiting)
        await taken.wait()
        return CallbackReply()

    assert endpoint.url is not None
    path = endpoint.url.removeprefix("http://home:8123")

    async def post() -> int:
        async with client.post(path, data=bytes(30_000)) as answer:
            return answer.status

    with endpoint.serve(handler):
        sending = [asyncio.create_task(post()) for _ in range(10)]
        refused = await asyncio.gather(
            *itertools.islice(asyncio.as_completed(sending), 7)
        )
        assert refused == [503] * 7
        assert bodies.waiting == 90_000
        assert len(counted) == 3
        taken.set()
        assert sorted(await asyncio.gather(*sending)) == [200] * 3 + [503] * 7
        assert bodies.waiting == 0
        assert await post() == 200

        # What is answered before it is stored still waits.
        taken.clear()
        monkeypatch.setattr(f"{package}.callbacks.HANDLE_TIMEOUT", 0.01)
        assert [await post() for _ in range(5)] == [503] * 5
        assert bodies.waiting == 90_000
        taken.set()
        await until(lambda: bodies.waiting == 0)

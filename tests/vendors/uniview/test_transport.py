"""One request after the other, and everything that can go wrong with one."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import ssl
from typing import Any
from unittest.mock import Mock

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientSession,
    web,
)
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import TestServer, unused_port
import pytest

from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    AuthenticationFailed,
    Busy,
    CannotConnect,
    CertificateRejected,
    HostNotFound,
    InvalidRequest,
    LockedOut,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from custom_components.vision_hub.vendors.toolkit import connection
from custom_components.vision_hub.vendors.uniview import transport as transport_module
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub

from .conftest import DEVICE, SERIAL, ScriptedBox, done, open_hub, paged

PICTURE = "/api/v2/smart/picture?Type=3&Index=ubs_0_0_0_0_2_1716429305/"


async def test_connect(scripted: ScriptedBox, hub: UniviewHub) -> None:
    await hub.connect()
    assert hub.info.serial == SERIAL
    assert hub.info.manufacturer == "Uniview"
    assert hub.info.firmware == "ECS_B501_SF-B1105.2.05.240516"
    assert hub.info.configuration_url == f"http://127.0.0.1:{scripted.port}"
    assert scripted.asked("device/get") == [{}]


async def test_one_nonce_for_many_requests(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    await asyncio.gather(*(hub.connect() for _ in range(5)))
    assert scripted.challenges == 1
    assert len(scripted.headers) == 6
    assert "nc=00000005" in scripted.headers[-1]


async def test_a_new_nonce_costs_one_retry(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    await hub.connect()
    scripted.expire()
    await hub.connect()
    assert scripted.challenges == 2
    assert len(scripted.headers) == 4
    assert "nc=00000001" in scripted.headers[-1]


async def test_wrong_password(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.password = "other"
    with pytest.raises(AuthenticationFailed) as caught:
        await hub.connect()
    assert not isinstance(caught.value, LockedOut)
    assert scripted.challenges == 2


async def test_a_nonce_that_is_always_stale_is_no_wrong_password(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    scripted.always_stale = True
    with pytest.raises(Busy):
        await hub.connect()
    assert scripted.challenges == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [(1004, LockedOut), (1003, LockedOut), (1001, PermissionDenied)],
)
async def test_refusals_that_come_with_401(
    scripted: ScriptedBox, hub: UniviewHub, code: int, error: type[VisionError]
) -> None:
    scripted.password = "other"
    scripted.refusal = {"code": code, "msg": "User login ip locked."}
    with pytest.raises(error):
        await hub.connect()
    assert scripted.challenges == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (3, PermissionDenied),
        (4, Unsupported),
        (6, Busy),
        (1000, AuthenticationFailed),
        (1001, PermissionDenied),
        (1002, LockedOut),
        (1003, LockedOut),
        (1004, LockedOut),
        ("1004", LockedOut),
        (1, RejectedByHub),
        (5, RejectedByHub),
        (1800, RejectedByHub),
    ],
)
async def test_codes(
    scripted: ScriptedBox, hub: UniviewHub, code: int | str, error: type[VisionError]
) -> None:
    scripted.answers["device/get"] = {"code": code, "msg": "No"}
    with pytest.raises(error) as caught:
        await hub.connect()
    assert type(caught.value) is error
    if isinstance(caught.value, RejectedByHub):
        assert (caught.value.code, caught.value.message) == (str(code), "No")


async def test_a_code_as_text_is_success(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    scripted.answers["device/get"] = lambda _: web.json_response(
        {"code": "0", "data": DEVICE}
    )
    await hub.connect()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(text="<html>It works</html>"), UnexpectedAnswer),
        (web.Response(text="", status=404), UnexpectedAnswer),
        (web.Response(text="[1]"), UnexpectedAnswer),
        (web.Response(text='{"code": null}'), UnexpectedAnswer),
        (web.Response(text='{"code": 0, "data": {'), UnexpectedAnswer),
        (web.Response(text='{"code": 0, "data": []}'), UnexpectedAnswer),
        (web.Response(text='{"code": 0, "data": {}}'), UnexpectedAnswer),
        (web.Response(status=302, headers={"Location": "/"}), UnexpectedAnswer),
        (web.Response(text="no", status=403), PermissionDenied),
        (web.Response(text="later", status=503), Busy),
    ],
)
async def test_strange_answers(
    scripted: ScriptedBox,
    hub: UniviewHub,
    answer: web.Response,
    error: type[VisionError],
) -> None:
    scripted.answers["device/get"] = lambda _: answer
    with pytest.raises(error):
        await hub.connect()


async def test_another_kind_of_login_is_no_uniview_box(session: ClientSession) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=401, headers={"WWW-Authenticate": "Basic realm=x"})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    async with TestServer(app) as server:
        assert server.port
        with pytest.raises(UnexpectedAnswer):
            await open_hub(session, server.port).connect()


@pytest.mark.parametrize(
    "challenge", ['Digest qop="auth"', "Digest", 'Digest realm="x",nonce="{0}",qop=x']
)
async def test_challenges_that_nobody_can_answer(
    scripted: ScriptedBox, hub: UniviewHub, challenge: str
) -> None:
    scripted.challenge = challenge
    with pytest.raises((UnexpectedAnswer, AuthenticationFailed)):
        await hub.connect()


async def test_too_big(
    scripted: ScriptedBox, hub: UniviewHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MAX_ANSWER", 50)
    with pytest.raises(UnexpectedAnswer):
        await hub.connect()


async def test_a_big_answer(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["device/get"] = done({**DEVICE, "more": "x" * 300_000})
    await hub.connect()


async def test_truncated(session: ClientSession) -> None:
    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"code": 0')
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(UnexpectedAnswer):
            await open_hub(session, port).connect()


async def test_no_http(session: ClientSession) -> None:
    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-dropbear\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(UnexpectedAnswer):
            await open_hub(session, port).connect()


async def test_nobody_listens(session: ClientSession) -> None:
    with pytest.raises(CannotConnect):
        await open_hub(session, unused_port()).connect()


async def test_silence(
    scripted: ScriptedBox, hub: UniviewHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asyncio.Event()

    async def wait(_: Any) -> Any:
        await release.wait()
        return done(DEVICE)

    scripted.answers["device/get"] = wait
    monkeypatch.setattr(
        transport_module, "_TIMEOUT", transport_module.ClientTimeout(total=0.1)
    )
    with pytest.raises(AnswerTimeout):
        await hub.connect()
    release.set()


@pytest.mark.parametrize("host", ["a b", "http://192.0.2.1/box", "[::1", ""])
async def test_no_name_of_a_host(session: ClientSession, host: str) -> None:
    with pytest.raises(HostNotFound):
        await open_hub(session, 80, host=host).connect()


KEY = ConnectionKey("box.invalid", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (ClientConnectorDNSError(KEY, OSError("unknown")), HostNotFound),
        (
            ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError()),
            CertificateRejected,
        ),
        (OSError("no route"), CannotConnect),
        (ValueError("odd"), UnexpectedAnswer),
    ],
)
async def test_what_aiohttp_raises(raised: Exception, error: type[VisionError]) -> None:
    session = Mock(spec=ClientSession)
    session.request.side_effect = raised
    with pytest.raises(error):
        await open_hub(session, 80).connect()


async def test_a_user_that_cannot_be(
    scripted: ScriptedBox, session: ClientSession
) -> None:
    with pytest.raises(AuthenticationFailed):
        await open_hub(session, scripted.port, username="a:b").connect()
    assert scripted.challenges == 1


async def test_a_connection_that_went_idle_is_taken_up_again(
    session: ClientSession,
) -> None:
    connections = 0

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"\r\n\r\n")
        if connections > 1:
            body = b'{"code": 0, "data": {"serial_number": "1"}}'
            writer.write(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                % len(body)
            )
            writer.write(body)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        hub = open_hub(session, server.sockets[0].getsockname()[1])
        await hub.connect()
        assert hub.info.serial == "1"
        assert connections == 2
        connections = 0
        with pytest.raises(CannotConnect):
            await hub.call("personlib_add", {"lib_name": "x"})
        assert connections == 1


async def test_clock(scripted: ScriptedBox, hub: UniviewHub) -> None:
    assert hub._transport.clock_offset is None
    late = datetime.now(UTC) - timedelta(hours=8)
    scripted.answers["device/get"] = lambda _: web.json_response(
        {"code": 0, "data": DEVICE}, headers={"Date": format_datetime(late)}
    )
    await hub.connect()
    offset = hub._transport.clock_offset
    assert offset is not None
    assert abs(offset + timedelta(hours=8)) <= timedelta(seconds=1)
    scripted.answers["device/get"] = lambda _: web.json_response(
        {"code": 0, "data": DEVICE}, headers={"Date": "yesterday"}
    )
    await hub.connect()
    assert hub._transport.clock_offset == offset


async def rows(hub: UniviewHub) -> list[Any]:
    pages = hub._transport.pages("personlib_list", {"lib_name": ""})
    return [row async for row in pages]


async def test_pages(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["personlib/list"] = paged("list", list(range(250)))
    assert await rows(hub) == list(range(250))
    assert [row["page"] for row in scripted.asked("personlib/list")] == [1, 2, 3]


async def test_pages_smaller_than_asked_for(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    def answer(params: Any) -> Any:
        return paged("list", list(range(40)))(
            {**params, "pagesize": min(params["pagesize"], 16)}
        )

    scripted.answers["personlib/list"] = answer
    assert await rows(hub) == list(range(40))


async def test_pages_without_total(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["personlib/list"] = done([1, 2])
    assert await rows(hub) == [1, 2]
    scripted.answers["personlib/list"] = done({"total": 10, "other": 1})
    assert await rows(hub) == []


async def test_pages_that_repeat(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["personlib/list"] = done({"total": 10**9, "list": [1, 2]})
    assert await rows(hub) == [1, 2]


@pytest.mark.parametrize("size", [10_000, 1])
async def test_pages_without_end(
    scripted: ScriptedBox,
    hub: UniviewHub,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    monkeypatch.setattr(connection, "MAX_PAGES", 10)
    scripted.answers["personlib/list"] = lambda params: done(
        {"total": 10**9, "list": [params["page"]] * size}
    )
    with pytest.raises(UnexpectedAnswer):
        await rows(hub)


async def test_fetch_sends_the_address_byte_for_byte(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    scripted.answers["smart/picture"] = lambda _: web.Response(
        body=b"\xff\xd8\xff", content_type="image/jpeg"
    )
    assert await hub.fetch(PICTURE) == b"\xff\xd8\xff"
    assert f'uri="{PICTURE}"' in scripted.headers[-1]
    origin = f"http://127.0.0.1:{scripted.port}"
    assert await hub.fetch(origin + PICTURE) == b"\xff\xd8\xff"
    assert await hub.fetch(PICTURE.removeprefix("/")) == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    "other", ["http://192.0.2.66", "https://192.0.2.66:8443", "HTTP://u:p@[fe80::1]"]
)
async def test_fetch_of_another_address_of_the_box(
    scripted: ScriptedBox, hub: UniviewHub, other: str
) -> None:
    """A box with two network ports tells the other one; path and query are the same."""
    scripted.answers["smart/picture"] = lambda _: web.Response(
        body=b"\xff\xd8\xff", content_type="image/jpeg"
    )
    assert await hub.fetch(other + PICTURE) == b"\xff\xd8\xff"
    assert f'uri="{PICTURE}"' in scripted.headers[-1]


@pytest.mark.parametrize(
    "reference",
    [
        "http://192.0.2.66",
        "http://[::1",
        "/a b",
        "/a\r\nHost: x",
        "/图",
        "file:///etc/passwd",
    ],
)
async def test_fetch_refuses_other_addresses(
    scripted: ScriptedBox, hub: UniviewHub, reference: str
) -> None:
    with pytest.raises(InvalidRequest):
        await hub.fetch(reference)
    assert not scripted.headers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.json_response({"code": 2, "msg": "Invalid Arguments"}), RejectedByHub),
        (web.json_response({"code": 0}), UnexpectedAnswer),
        (web.Response(status=404, text="gone"), RejectedByHub),
        (web.Response(body=b""), UnexpectedAnswer),
    ],
)
async def test_files_that_do_not_come(
    scripted: ScriptedBox,
    hub: UniviewHub,
    answer: web.Response,
    error: type[VisionError],
) -> None:
    scripted.answers["smart/picture"] = lambda _: answer
    with pytest.raises(error):
        await hub.fetch(PICTURE)

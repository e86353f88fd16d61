"""HTTP where HTTPS is wanted, HTTPS where there is none, and TLS that fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
import ssl

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vision_hub.vendors.errors import (
    CannotConnect,
    CertificateExpired,
    CertificateOfAnother,
    CertificateRejected,
    HttpsRequired,
    HttpsUnsupported,
    TlsFailed,
    TlsTooOld,
    VisionError,
)
from custom_components.vision_hub.vendors.toolkit.connection import (
    Account,
    Answer,
    Connection,
)

from ...helpers.tls import write_certificate

HOST = "127.0.0.1"
PATIENCE = ClientTimeout(total=5)
ALERT = b"\x15\x03\x01\x00\x02\x02\x46"


async def ask(scheme: str, port: int, trusted: ssl.SSLContext | bool = True) -> Answer:
    """Send one request on a connection of its own."""
    async with ClientSession(connector=TCPConnector(ssl=trusted)) as session:
        account = Account(scheme=scheme, host=HOST, port=port)
        connection = Connection(session, account, at_once=1)
        return await connection.exchange(
            "POST",
            connection.origin.with_path("/api"),
            content=b"{}",
            patience=PATIENCE,
        )


@asynccontextmanager
async def answering(
    status: int = 200,
    text: str = "",
    location: str = "",
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    """Yield the port of a server with one answer for everything."""

    async def answer(_: web.Request) -> web.Response:
        headers = {"Location": location} if location else {}
        return web.Response(status=status, text=text, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    server = TestServer(app, host=HOST)
    await server.start_server(ssl=context)
    assert server.port
    yield server.port
    await server.close()


type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    server = await asyncio.start_server(serve, HOST)
    yield server.sockets[0].getsockname()[1]
    server.close()
    server.close_clients()


def speaking(folder: Path, *hosts: str, ends: int = 1) -> tuple[ssl.SSLContext, ...]:
    """Return a context with a new certificate, and one that trusts it."""
    file = write_certificate(folder / "device.pem", *hosts, ends=timedelta(days=ends))
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(file)
    return theirs, ssl.create_default_context(cafile=file)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "port"),
    [("https://127.0.0.1/", 443), ("https://box.lan:8443/login?x=1", 8443)],
)
async def test_led_to_https(status: int, location: str, port: int) -> None:
    async with answering(status, location=location) as at:
        with pytest.raises(HttpsRequired) as raised:
            await ask("http", at)
    assert raised.value.port == port


@pytest.mark.parametrize(
    "location", ["/login", "http://127.0.0.1/", "//127.0.0.1/", "https://[", ""]
)
async def test_led_elsewhere(location: str) -> None:
    async with answering(302, location=location) as at:
        assert (await ask("http", at)).status == 302


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "The plain HTTP request was sent to HTTPS port"),
        (400, "You're speaking plain HTTP to an SSL-enabled server port."),
        (400, "Client sent an HTTP request to an HTTPS server."),
        (403, "This page requires SSL."),
        (426, "Use HTTPS"),
        (426, ""),
        (403, "Please access the page via HTTPS"),
        (403, "HTTPS only"),
        (400, "请使用HTTPS访问"),
    ],
)
async def test_told_to_use_https(status: int, said: str) -> None:
    async with answering(status, said) as port:
        with pytest.raises(HttpsRequired) as raised:
            await ask("http", port)
    assert raised.value.port == port


@pytest.mark.parametrize(
    "page",
    [
        '<html><meta http-equiv="refresh" content="0; url=https://192.0.2.1/"></html>',
        '<script>window.location.href = "https://" + location.host</script>',
        "<!DOCTYPE html><script>location.replace('https://192.0.2.1')</script>",
        '\n<script>location.protocol="https:";</script>',
    ],
)
async def test_a_page_that_leads_to_https(page: str) -> None:
    async with answering(200, page) as at:
        with pytest.raises(HttpsRequired) as raised:
            await ask("http", at)
    assert raised.value.port == 443


@pytest.mark.parametrize(
    "page",
    [
        '{"page": "<script>location.protocol=\'https:\'</script>"}',
        '<html><a href="https://192.0.2.1/help">Help</a></html>',
    ],
)
async def test_a_page_that_stays(page: str) -> None:
    async with answering(200, page) as at:
        assert (await ask("http", at)).status == 200


async def test_other_complaints() -> None:
    async with answering(400, "No such user") as port:
        assert (await ask("http", port)).status == 400


async def test_an_alert_on_a_plain_port() -> None:
    async def alert(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(ALERT)
        writer.close()

    async with serving(alert) as port:
        with pytest.raises(HttpsRequired) as raised:
            await ask("http", port)
        assert raised.value.port == port


async def test_a_port_of_tls_that_hangs_up(tmp_path: Path) -> None:
    theirs, _ = speaking(tmp_path, HOST)
    async with answering(context=theirs) as port:
        with pytest.raises(HttpsRequired) as raised:
            await ask("http", port)
        assert raised.value.port == port


async def test_a_port_without_tls() -> None:
    async with answering() as port:
        with pytest.raises(HttpsUnsupported):
            await ask("https", port)


async def test_a_plain_port_that_hangs_up_on_tls() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.read(4096))[:1] != b"\x16":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with serving(serve) as port:
        with pytest.raises(HttpsUnsupported):
            await ask("https", port)


@pytest.mark.parametrize(
    ("hosts", "ends", "trusted", "error"),
    [
        ((HOST,), 1, False, CertificateRejected),
        ((HOST,), -1, True, CertificateExpired),
        (("192.0.2.7",), 1, True, CertificateOfAnother),
        (("box.example",), 1, True, CertificateOfAnother),
    ],
)
async def test_certificates(
    tmp_path: Path,
    hosts: tuple[str, ...],
    ends: int,
    trusted: bool,
    error: type[VisionError],
) -> None:
    theirs, ours = speaking(tmp_path, *hosts, ends=ends)
    async with answering(context=theirs) as port:
        with pytest.raises(VisionError) as raised:
            await ask("https", port, ours if trusted else True)
        assert type(raised.value) is error
        assert (await ask("https", port, False)).status == 200


async def test_a_certificate_that_is_good(tmp_path: Path) -> None:
    theirs, ours = speaking(tmp_path, HOST)
    async with answering(context=theirs) as port:
        assert (await ask("https", port, ours)).status == 200


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("old", ["version", "cipher"])
async def test_encryption_that_is_too_old(tmp_path: Path, old: str) -> None:
    theirs, ours = speaking(tmp_path, HOST)
    if old == "version":
        theirs.minimum_version = ssl.TLSVersion.TLSv1
        theirs.maximum_version = ssl.TLSVersion.TLSv1_1
        theirs.set_ciphers("ALL:@SECLEVEL=0")
    else:
        theirs.maximum_version = ssl.TLSVersion.TLSv1_2
        theirs.set_ciphers("ECDHE-ECDSA-ARIA128-GCM-SHA256:@SECLEVEL=0")
    async with answering(context=theirs) as port:
        with pytest.raises(TlsTooOld):
            await ask("https", port, ours)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"", TlsFailed),
        (ALERT, TlsTooOld),
        (b"\x15\x03\x01\x00\x02\x02\x28", TlsFailed),
        (b"SSH-2.0-box\r\n", HttpsUnsupported),
    ],
)
async def test_handshakes_that_end(said: bytes, error: type[VisionError]) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(said)
        writer.close()

    async with serving(serve) as port:
        with pytest.raises(VisionError) as raised:
            await ask("https", port)
        assert type(raised.value) is error


async def test_a_hub_that_was_understood_only_cannot_be_reached(tmp_path: Path) -> None:
    """Nothing is tried out on a hub that worked: it restarts, or the network is bad."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        if len(heard) == 1:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with serving(serve) as port, ClientSession() as session:
        account = Account(scheme="http", host=HOST, port=port)
        connection = Connection(session, account, at_once=1)
        url = connection.origin.with_path("/api")
        await connection.exchange("GET", url, patience=PATIENCE)
        with pytest.raises(CannotConnect) as raised:
            await connection.exchange("GET", url, patience=PATIENCE, repeatable=False)
    assert type(raised.value) is CannotConnect
    assert all(each.startswith(b"GET /api") for each in heard)

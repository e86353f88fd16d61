"""Sockets that hubs open: at the address of the entry, or at a port of their own."""

from typing import Literal

from aiohttp import ClientSession, WSCloseCode, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, unused_port
from aiohttp.web import WebSocketResponse
import pytest

from custom_components.vision_hub.alarms.receiving import CallbackEndpoint
from custom_components.vision_hub.vendors.contract import (
    CallbackReply,
    CallbackRequest,
    MalformedMessage,
)
from custom_components.vision_hub.vendors.errors import PortInUse


async def refuse(request: CallbackRequest) -> CallbackReply:
    raise AssertionError("No message was sent")


async def echo(socket: WebSocketResponse[Literal[False]], peer: str) -> None:
    async for message in socket:
        await socket.send_str(f"{peer} {message.data.decode()}")


@pytest.fixture
def path(endpoint: CallbackEndpoint) -> str:
    assert endpoint.url is not None
    return endpoint.url.removeprefix("http://home:8123")


async def test_socket(
    client: TestClient, endpoint: CallbackEndpoint, path: str
) -> None:
    """Whoever knows the address is heard, whatever follows it."""
    with endpoint.serve(refuse, echo):
        for tail in ("", "/", "/any/path"):
            async with client.ws_connect(path + tail) as socket:
                await socket.send_str("hello")
                assert await socket.receive_str() == "127.0.0.1 hello"


async def test_socket_that_nobody_wants(
    client: TestClient, endpoint: CallbackEndpoint, path: str
) -> None:
    """A wrong secret is not found; a hub that comes too early shall come again."""
    for address, status in ((f"{path[:-3]}xyz", 404), (path, 503)):
        with pytest.raises(WSServerHandshakeError) as caught:
            await client.ws_connect(address)
        assert caught.value.status == status
    with (
        endpoint.serve(refuse),
        pytest.raises(WSServerHandshakeError) as caught,
    ):
        await client.ws_connect(path)
    assert caught.value.status == 503


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OSError("full"), WSCloseCode.TRY_AGAIN_LATER),
        (MalformedMessage("what?"), WSCloseCode.POLICY_VIOLATION),
        (KeyError("bug"), WSCloseCode.INTERNAL_ERROR),
        (None, WSCloseCode.OK),
    ],
)
async def test_socket_ends(
    client: TestClient,
    endpoint: CallbackEndpoint,
    path: str,
    fault: Exception | None,
    code: WSCloseCode,
) -> None:
    """The hub learns why; nothing is acknowledged after a fault."""

    async def fail(socket: WebSocketResponse, peer: str) -> None:
        await socket.receive()
        if fault:
            raise fault

    with endpoint.serve(refuse, fail):
        async with client.ws_connect(path) as socket:
            await socket.send_str("hello")
            message = await socket.receive()
            assert message.type is WSMsgType.CLOSE
            assert message.data == code


async def test_sockets_close_with_their_hub(
    client: TestClient, endpoint: CallbackEndpoint, path: str
) -> None:
    """A hub that is unloaded lets go of its sockets, so that the box dials again."""
    with endpoint.serve(refuse, echo):
        socket = await client.ws_connect(path)
        await socket.send_str("hello")
        await socket.receive_str()
    message = await socket.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, WSCloseCode.GOING_AWAY)


async def test_too_many_sockets(
    client: TestClient, endpoint: CallbackEndpoint, path: str
) -> None:
    """One hub cannot use up all connections; its latest is the one that counts."""
    with endpoint.serve(refuse, echo):
        sockets = [await client.ws_connect(path) for _ in range(9)]
        message = await sockets[0].receive()
        assert (message.type, message.data) == (WSMsgType.CLOSE, WSCloseCode.GOING_AWAY)
        for socket in sockets[1:]:
            await socket.send_str("hello")
            assert await socket.receive_str() == "127.0.0.1 hello"
            await socket.close()


async def test_port(endpoint: CallbackEndpoint, client: TestClient) -> None:
    """A port of its own, for hubs that dial no path."""
    port = unused_port()
    async with (
        endpoint.serve_port(port, echo) as address,
        ClientSession() as session,
        session.ws_connect(f"ws://127.0.0.1:{port}/") as socket,
    ):
        assert address == f"ws://home:{port}"
        await socket.send_str("hello")
        assert await socket.receive_str() == "127.0.0.1 hello"
        with pytest.raises(PortInUse, match=str(port)):
            async with endpoint.serve_port(port, echo):
                pass
    async with endpoint.serve_port(port, echo):
        pass

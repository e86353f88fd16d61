"""23.3: the box as WebSocket server. Its address is not documented: /ws here."""

import contextlib

from aiohttp import ClientConnectionResetError, web

from simulators.background_task import running

from .device import Device
from .keepalive import KeepAlive

SERVER_PATH = "/ws"


class Subscribers:
    """The open WebSockets; every message goes to all of them."""

    def __init__(self, device: Device) -> None:
        """Start without connections."""
        self._device = device
        self._open: set[web.WebSocketResponse] = set()

    def __len__(self) -> int:
        """Return how many are connected."""
        return len(self._open)

    async def push(self, frame: bytes) -> int:
        """Send a frame to everybody; return to how many."""
        sent = 0
        for socket in list(self._open):
            with contextlib.suppress(ClientConnectionResetError):
                await socket.send_bytes(frame)
                sent += 1
        return sent

    async def close(self) -> None:
        """Say goodbye to everybody."""
        for socket in list(self._open):
            await socket.close()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk to one client until either side ends."""
        socket = web.WebSocketResponse(autoping=False, timeout=0.2, compress=False)
        if not socket.can_prepare(request):
            return web.Response(status=400, text="WebSocket expected")
        await socket.prepare(request)
        self._open.add(socket)
        alive = KeepAlive(self._device, socket)
        try:
            async with running(alive.run()):
                async for message in socket:
                    await alive.text(message)
        except ClientConnectionResetError:
            pass
        finally:
            self._open.discard(socket)
        return socket

"""23.1.2: a ping every second; ten seconds without a pong cut the connection."""

import asyncio

from aiohttp import (
    ClientConnectionResetError,
    ClientWebSocketResponse,
    WSMessage,
    WSMsgType,
    web,
)

from .device import Device

type Socket = ClientWebSocketResponse | web.WebSocketResponse


class KeepAlive:
    """Pings the other side of one WebSocket, and answers its pings."""

    def __init__(self, device: Device, socket: Socket) -> None:
        """Begin as if a pong had just come."""
        self._device = device
        self._socket = socket
        self._heard = device.steady()

    async def run(self) -> None:
        """Ping until the connection is cut, for want of a pong or by the other side."""
        device, socket = self._device, self._socket
        try:
            while device.steady() - self._heard < device.timing.pong:
                if device.quirks.text_ping:
                    await socket.send_str("ping")
                else:
                    await socket.ping()
                await asyncio.sleep(device.timing.ping)
        except ClientConnectionResetError:
            return
        await socket.close()

    async def text(self, message: WSMessage) -> str | None:
        """Return the text of a message; None for pings, pongs and what is none."""
        match message.type:
            case WSMsgType.PONG:
                self._heard = self._device.steady()
            case WSMsgType.PING:
                await self._socket.pong(message.data)
            case WSMsgType.TEXT if message.data == "pong":
                self._heard = self._device.steady()
            case WSMsgType.TEXT:
                return str(message.data)
            case WSMsgType.BINARY:
                return bytes(message.data).decode(errors="replace")
        return None

"""Live video (4.6)."""

from typing import override

from ...contract import Streams
from ...toolkit.addresses import stream_address
from ...toolkit.parameters import channel_number
from ..transport import Transport
from .details import Details


class UniviewStreams(Streams):
    """Gives the cameras' own addresses, with a login where they have none."""

    def __init__(
        self, transport: Transport, details: Details, username: str, password: str
    ) -> None:
        """Use the login of the cameras, which the hub does not tell."""
        self._transport = transport
        self._details = details
        self._username = username
        self._password = password

    @override
    async def source(self, channel: str) -> str | None:
        number = channel_number(channel)
        if number not in self._details.cameras:
            await self._details.read_cameras()
        camera = self._details.cameras.get(number)
        if camera is None:
            return None
        flv = camera.flv
        if flv.startswith("/"):
            flv = f"{self._transport.origin}{flv}"
        return stream_address(
            camera.rtsp, self._username, self._password
        ) or stream_address(flv)

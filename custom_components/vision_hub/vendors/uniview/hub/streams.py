"""Live video (4.6)."""

from typing import Final, override

from yarl import URL

from ...contract import Streams
from ..transport import Transport
from .details import Details
from .settings import channel_number

_SCHEMES: Final = frozenset({"rtsp", "rtsps", "rtmp", "http", "https"})


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
        return self._playable(camera.rtsp) or self._playable(camera.flv)

    def _playable(self, address: str) -> str | None:
        """Return an address that is safe to give to a player."""
        if address.startswith("/"):
            address = f"{self._transport.origin}{address}"
        try:
            url = URL(address, encoded=True)
        except ValueError:
            return None
        if url.scheme not in _SCHEMES or not url.host:
            return None
        if url.scheme.startswith("rtsp") and self._username and url.user is None:
            url = url.with_user(self._username).with_password(self._password)
        return str(url)

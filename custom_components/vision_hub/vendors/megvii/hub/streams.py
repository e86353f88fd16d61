"""Live video of the cameras, still pictures of the box (7)."""

import asyncio
from collections import defaultdict
from time import monotonic
from typing import Final, override

from ...contract import Snapshots, Streams
from ...errors import UnexpectedAnswer
from ...toolkit.addresses import stream_address
from ...toolkit.lenient import as_text
from ...toolkit.parameters import channel_number
from ...toolkit.pictures import decoded
from ...toolkit.shapes import value_in
from ..transport import Transport
from .details import Details

PICTURE_AGE: Final = 10.0
"""Seconds that a still picture is good enough: each one stops what else is read."""


class MegviiStreams(Streams):
    """Gives the cameras' own addresses with their login; the box relays nothing."""

    def __init__(self, details: Details) -> None:
        """Look into `details`."""
        self._details = details

    @override
    async def source(self, channel: str) -> str | None:
        if channel not in self._details.sources:
            await self._details.read_channels(polling=False)
        source = self._details.sources.get(channel)
        if source is None:
            return None
        row = source.head
        username = as_text(row.get("username"))
        password = as_text(row.get("password"))
        for name in ("url", "subUrl"):
            if address := stream_address(as_text(row.get(name)), username, password):
                return address
        return None


class MegviiSnapshots(Snapshots):
    """Asks for the background picture of a channel, not too often."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._pictures: dict[str, tuple[float, bytes]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    async def take(self, channel: str) -> bytes:
        number = channel_number(channel)
        async with self._locks[channel]:
            taken, picture = self._pictures.get(channel, (0.0, b""))
            if picture and monotonic() - taken < PICTURE_AGE:
                return picture
            data = await self._transport.ask("get_video_snapshot", {"videoNo": number})
            image = value_in(data, "image")
            found = await asyncio.to_thread(decoded, as_text(image))
            if found is None:
                raise UnexpectedAnswer("The box sent no picture")
            self._pictures[channel] = (monotonic(), found)
            return found

"""Live video (9.1) and still pictures (10.3.1)."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
import time
from typing import TYPE_CHECKING, Final, override

from ...contract import Snapshots, Streams
from ...errors import Busy, UnexpectedAnswer, Unsupported
from ...model import Json
from ...toolkit.addresses import stream_address
from ...toolkit.lenient import as_text
from ...toolkit.pictures import decoded
from ...toolkit.shapes import as_object, objects_in
from ..cameras import Camera
from ..transport import Transport
from ..wire import STREAMS

if TYPE_CHECKING:
    from .details import Details

HLS: Final = "https_hls"
RTSP: Final = "rtsp"
PROTOCOLS: Final[Mapping[str, str]] = {HLS: "HTTPS_HLS", RTSP: "RTSP"}

DAY: Final = 86_400
_RTSP_SECONDS: Final = 300

SNAPSHOT_DISTANCE: Final = 10.0
"""Seconds between two pictures of a channel (10.3.1)."""
_STILL_SHOWS: Final = 60.0
"""How old a picture may be that stands for one that came too soon."""


def lifetime(protocol: str) -> dict[str, Json]:
    """Return how long an address shall live, and how often it may be used (9).

    An address of RTSP is for one connection, whatever is asked for.
    """
    if protocol == RTSP:
        return {"expire_time": _RTSP_SECONDS, "use_times": 0}
    return {"expire_time": DAY, "use_times": 1}


class HuaweiStreams(Streams):
    """Has a new address made whenever a stream begins."""

    def __init__(self, transport: Transport, details: Details, protocol: str) -> None:
        """Ask for `protocol` first."""
        self._transport = transport
        self._details = details
        other = RTSP if protocol == HLS else HLS
        self._ways = [
            (protocol, STREAMS["main"]),
            (protocol, STREAMS["sub_1"]),
            (other, STREAMS["main"]),
        ]

    @override
    async def source(self, channel: str) -> str | None:
        camera = self._details.camera(channel)
        for protocol, stream in self._ways[:-1]:
            try:
                return await self._source(camera, protocol, stream)
            except Unsupported:
                # Another stream, another protocol: not every camera has all.
                continue
        return await self._source(camera, *self._ways[-1])

    async def _source(self, camera: Camera, protocol: str, stream: str) -> str:
        answer = await self._transport.ask(
            "live_connections",
            {
                **lifetime(protocol),
                "channels": [
                    {
                        **camera.ids,
                        "live_protocol": PROTOCOLS[protocol],
                        "stream_type": stream,
                    }
                ],
            },
        )
        for connection in objects_in(answer.get("live_connections")):
            cloud = as_object(connection.get("cloud_trans_connections"))
            if address := stream_address(as_text(cloud.get("live_url"))):
                return address
        raise UnexpectedAnswer("The cloud gave no address")


@dataclass(slots=True)
class _Last:
    """The last picture of a channel, when it was asked for and when it came."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: float = -inf
    picture: bytes | None = field(default=None, repr=False)
    taken: float = -inf

    def claim(self) -> None:
        """Count a request; raises Busy if it comes too soon."""
        now = time.monotonic()
        if now - self.asked < SNAPSHOT_DISTANCE:
            raise Busy("A camera gives one picture in ten seconds")
        self.asked = now

    def within(self, seconds: float) -> bytes | None:
        """Return the picture if it is not older."""
        return self.picture if time.monotonic() - self.taken < seconds else None


class HuaweiSnapshots(Snapshots):
    """Has a camera take a picture, for all who want one within ten seconds."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Ask through `transport`."""
        self._transport = transport
        self._details = details
        self._last: defaultdict[str, _Last] = defaultdict(_Last)

    @override
    async def take(self, channel: str) -> bytes:
        camera = self._details.camera(channel)
        last = self._last[channel]
        async with last.lock:
            if picture := last.within(SNAPSHOT_DISTANCE):
                return picture
            try:
                last.claim()
                picture = await self._take(camera)
            except Busy:
                # Somebody else asked, too.
                if picture := last.within(_STILL_SHOWS):
                    return picture
                raise
            last.picture, last.taken = picture, time.monotonic()
            return picture

    async def _take(self, camera: Camera) -> bytes:
        answer = await self._transport.ask(
            "take_cloud_snapshot", {**camera.ids, "storage": "false"}
        )
        data = answer.get("pic_data")
        picture = decoded(data) if isinstance(data, str) else None
        if picture is None and isinstance(url := answer.get("pic_url"), str) and url:
            picture = (await self._transport.download(url)).content
        if picture is None:
            raise UnexpectedAnswer("The cloud sent no picture")
        return picture

    def claim(self, channel: str) -> None:
        """Count a picture that somebody else has taken; raises Busy if too soon."""
        self._last[channel].claim()

"""HLS that plays: playlists, and segments that are drawn when they are fetched."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
import time

from aiohttp import web

from simulators import video

from .account import Account
from .error_codes import Code, Refusal, demand
from .media_addresses import Address, Session
from .models import Channel, Recording
from .operation import Call, Operation

PLAYLIST = "application/vnd.apple.mpegurl"
_SECONDS = 2.0
_LIVE_SEGMENTS = 3
_LONG = 600.0
_LONG_SECONDS = 10.0
_KEPT = 60
_STORE = "hls"


def pieces_of(address: Address) -> list[tuple[float, float, float]]:
    """Return the segments of recorded video: moment, offset in the video, length."""
    pieces: tuple[Recording, ...] = address.pieces or ()
    total = sum(piece.end - piece.start for piece in pieces)
    longest = _LONG_SECONDS if total > _LONG else _SECONDS
    found: list[tuple[float, float, float]] = []
    offset = 0.0
    for piece in pieces:
        at = piece.start
        while piece.end - at >= 0.5:
            length = round(min(longest, piece.end - at), 1)
            found.append((at, offset, length))
            at, offset = at + length, offset + length
    return found


@dataclass(slots=True)
class Segments:
    """Draws segments one at a time and keeps the last ones."""

    base: float = field(default_factory=lambda: time.time() - 60)
    drawn: int = 0
    _kept: OrderedDict[tuple[object, ...], bytes] = field(default_factory=OrderedDict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def last(self) -> int:
        """Return the number of the last live segment that is complete."""
        return int((time.time() - self.base) / _SECONDS) - 1

    async def live(self, channel: Channel, number: int) -> bytes:
        """Return a live segment."""
        start = self.base + number * _SECONDS
        key = (*channel.key, number)
        return await self._segment(key, channel, start, number * _SECONDS, _SECONDS)

    async def recorded(self, channel: Channel, address: Address, number: int) -> bytes:
        """Return a segment of a recording."""
        at, offset, length = pieces_of(address)[number]
        key = (address.token, number)
        return await self._segment(key, channel, at, offset, length)

    async def _segment(
        self,
        key: tuple[object, ...],
        channel: Channel,
        start: float,
        offset: float,
        seconds: float,
    ) -> bytes:
        async with self._lock:
            if key not in self._kept:
                self.drawn += 1
                self._kept[key] = await asyncio.to_thread(
                    video.segment,
                    channel.channel_name,
                    channel.scene,
                    start,
                    seconds=seconds,
                    offset=offset,
                    view=channel.motion.view,
                )
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


def segments_of(account: Account) -> Segments:
    """Return the segments of an account."""
    segments = account.extras.setdefault(_STORE, Segments())
    assert isinstance(segments, Segments)
    return segments


def _lost() -> web.Response:
    return web.Response(status=403, text="403 Forbidden")


def _text(*lines: str) -> web.Response:
    return web.Response(text="\n".join((*lines, "")), content_type=PLAYLIST)


async def entrance(account: Account, call: Call) -> web.Response:
    """Begin to play an address: a playlist that names the one of the session."""
    address = account.media.use(call.request.query.get("token", ""))
    live = call.request.path.startswith("/live/")
    if address is None or not address.carrier.is_hls:
        return _lost()
    if (address.pieces is None) is not live:
        return _lost()
    session = account.media.open(address)
    return _text(
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        ('#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=640x360,CODECS="avc1.42c01e"'),
        f"/hls/{session.session_id}/index.m3u8",
    )


def _watched(account: Account, call: Call) -> tuple[Session, Channel]:
    """Return who plays and what, or refuse."""
    session = account.media.watch(call.path["session"])
    if session is None:
        raise Refusal(Code.NO_MESSAGE)
    key = session.address.key
    channel = account.channel(*key)
    if session.address.pieces is None:
        account.reachable_channel(*key)
        demand(channel.mask_mode != "OPEN", Code.MASKED)
    return session, channel


async def playlist(account: Account, call: Call) -> web.Response:
    """Return the segments there are."""
    session, _ = _watched(account, call)
    if session.address.pieces is None:
        last = segments_of(account).last()
        numbers = range(last - _LIVE_SEGMENTS + 1, last + 1)
        lines = [f"#EXTINF:{_SECONDS:.1f},\n{number}.ts" for number in numbers]
        return _text(
            "#EXTM3U",
            "#EXT-X-VERSION:3",
            f"#EXT-X-TARGETDURATION:{_SECONDS:.0f}",
            f"#EXT-X-MEDIA-SEQUENCE:{numbers[0]}",
            *lines,
        )
    pieces = pieces_of(session.address)
    longest = max((length for _, _, length in pieces), default=_SECONDS)
    return _text(
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXT-X-TARGETDURATION:{longest:.0f}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        *(
            f"#EXTINF:{length:.1f},\n{number}.ts"
            for number, (_, _, length) in enumerate(pieces)
        ),
        "#EXT-X-ENDLIST",
    )


async def segment(account: Account, call: Call) -> web.Response:
    """Return a segment that a playlist names."""
    session, channel = _watched(account, call)
    number = int(call.path["number"])
    segments = segments_of(account)
    if session.address.pieces is None:
        last = segments.last()
        demand(last - 2 * _LIVE_SEGMENTS <= number <= last, Code.NO_MESSAGE)
        content = await segments.live(channel, number)
    else:
        demand(number < len(pieces_of(session.address)), Code.NO_MESSAGE)
        content = await segments.recorded(channel, session.address, number)
    return web.Response(body=content, content_type="video/mp2t")


OPERATIONS = (
    Operation("hls_live", "GET", "/live/live.m3u8", entrance, open=True),
    Operation("hls_vod", "GET", "/vod/vod.m3u8", entrance, open=True),
    Operation("hls_dev_vod", "GET", "/dev_vod/vod.m3u8", entrance, open=True),
    Operation("hls_list", "GET", "/hls/{session}/index.m3u8", playlist, open=True),
    Operation(
        "hls_segment", "GET", r"/hls/{session}/{number:\d+}.ts", segment, open=True
    ),
)

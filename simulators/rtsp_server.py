"""A thin RTSP server: H.264 over the RTSP connection itself (interleaved TCP).

Any path can be watched; a path is encoded only while somebody plays it.
"""

import asyncio
import base64
from collections.abc import Callable
import contextlib
from dataclasses import dataclass, field
import re
import secrets
import time
from urllib.parse import unquote, urlsplit

from .video import FRAMES_PER_SECOND, LiveEncoder

# Returns what encodes a path, None when it may not be watched. Asked at DESCRIBE
# and at SETUP; a path that has a stream keeps its encoder.
type EncoderOf = Callable[[str], LiveEncoder | None]

_CLOCK = 90_000
_LONGEST_PAYLOAD = 1400
_LONGEST_BACKLOG = 1024 * 1024
_MOST_STREAMS = 500
_START_CODE = re.compile(rb"\x00\x00\x00?\x01")
_IDR, _SPS, _PPS = 5, 7, 8
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"


def nal_units(access_unit: bytes) -> list[bytes]:
    """Split an access unit with start codes into NAL units."""
    return [unit for unit in _START_CODE.split(access_unit) if unit]


def payloads(unit: bytes) -> list[bytes]:
    """Return the RTP payloads of a NAL unit (single or FU-A, RFC 6184)."""
    if len(unit) <= _LONGEST_PAYLOAD:
        return [unit]
    indicator = (unit[0] & 0xE0) | 28
    kind = unit[0] & 0x1F
    pieces = [
        unit[start : start + _LONGEST_PAYLOAD]
        for start in range(1, len(unit), _LONGEST_PAYLOAD)
    ]
    fragments = []
    for number, piece in enumerate(pieces):
        start = 0x80 if number == 0 else 0
        end = 0x40 if number == len(pieces) - 1 else 0
        fragments.append(bytes((indicator, start | end | kind)) + piece)
    return fragments


@dataclass(slots=True, eq=False)
class _Viewer:
    """One who plays a path; starts with the next key picture."""

    writer: asyncio.StreamWriter
    channel: int
    sequence: int = field(default_factory=lambda: secrets.randbelow(1 << 15))
    ssrc: bytes = field(default_factory=lambda: secrets.token_bytes(4))
    waits_for_key: bool = True

    def send(self, units: list[bytes], timestamp: int) -> None:
        """Write one picture, or drop it when the viewer cannot keep up."""
        backlog = self.writer.transport.get_write_buffer_size()
        has_key = any(unit[0] & 0x1F == _IDR for unit in units)
        if backlog > _LONGEST_BACKLOG:
            self.waits_for_key = True
        if self.waits_for_key and (not has_key or backlog > _LONGEST_BACKLOG):
            return
        self.waits_for_key = False
        parts = [payload for unit in units for payload in payloads(unit)]
        stamp = (timestamp & 0xFFFFFFFF).to_bytes(4)
        message = bytearray()
        for number, payload in enumerate(parts, 1):
            marker = 0x80 if number == len(parts) else 0
            self.sequence = (self.sequence + 1) & 0xFFFF
            message += b"$" + bytes((self.channel,)) + (12 + len(payload)).to_bytes(2)
            message += bytes((0x80, 96 | marker)) + self.sequence.to_bytes(2)
            message += stamp + self.ssrc + payload
        self.writer.write(bytes(message))


class _Stream:
    """One path: the encoder and those who watch."""

    def __init__(self, encoder: LiveEncoder) -> None:
        self.viewers: set[_Viewer] = set()
        self.encoder = encoder
        self.task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._parameters: tuple[bytes, bytes] | None = None

    async def _encode(self) -> list[bytes]:
        async with self._lock:
            access_unit = await asyncio.to_thread(
                self.encoder.next_picture, time.time()
            )
        return nal_units(access_unit)

    async def parameters(self) -> tuple[bytes, bytes]:
        """Return the sequence and picture parameter sets."""
        if self._parameters is None:
            units = {unit[0] & 0x1F: unit for unit in await self._encode()}
            self._parameters = units[_SPS], units[_PPS]
        return self._parameters

    async def run(self) -> None:
        """Encode while there are viewers."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        number = 0
        while self.viewers:
            units = await self._encode()
            timestamp = _CLOCK + number * _CLOCK // FRAMES_PER_SECOND
            for viewer in list(self.viewers):
                viewer.send(units, timestamp)
            number += 1
            await asyncio.sleep(
                max(0, start + number / FRAMES_PER_SECOND - loop.time())
            )


class RtspServer:
    """Serves every path that `encoder_of` allows."""

    def __init__(self, encoder_of: EncoderOf) -> None:
        """Remember who makes the encoders."""
        self._encoder_of = encoder_of
        self._streams: dict[str, _Stream] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def viewers(self) -> int:
        """Return how many play something."""
        return sum(len(stream.viewers) for stream in self._streams.values())

    async def start(self, host: str, port: int = 0) -> int:
        """Listen and return the port."""
        self._server = await asyncio.start_server(self._accept, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and encoding."""
        if self._server is None:
            return
        self._server.close()
        tasks = list(self._connections)
        for stream in self._streams.values():
            stream.viewers.clear()
            if stream.task is not None:
                tasks.append(stream.task)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        session = _Session(self, reader, writer)
        try:
            with contextlib.suppress(
                ConnectionError, asyncio.IncompleteReadError, ValueError
            ):
                await session.run()
        except asyncio.CancelledError:
            # The task belongs to the server, which only closes; nobody awaits it.
            writer.transport.abort()
        finally:
            session.leave()
            self._connections.discard(task)
            writer.close()

    def stream(self, path: str) -> _Stream | None:
        """Return the stream of a path."""
        encoder = self._encoder_of(path)
        if encoder is None:
            return None
        if path not in self._streams:
            if len(self._streams) >= _MOST_STREAMS:
                self._streams = {p: s for p, s in self._streams.items() if s.viewers}
            self._streams[path] = _Stream(encoder)
        return self._streams[path]

    def play(self, stream: _Stream, viewer: _Viewer) -> None:
        """Add a viewer and encode from now on."""
        stream.viewers.add(viewer)
        if stream.task is None or stream.task.done():
            stream.task = asyncio.get_running_loop().create_task(stream.run())


class _Session:
    """One RTSP connection."""

    def __init__(
        self,
        server: RtspServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._id = secrets.token_hex(8)
        self._viewer: _Viewer | None = None
        self._stream: _Stream | None = None

    def leave(self) -> None:
        """Stop watching."""
        if self._stream is not None and self._viewer is not None:
            self._stream.viewers.discard(self._viewer)

    async def run(self) -> None:
        """Answer until the connection ends."""
        while True:
            first = await self._reader.readexactly(1)
            if first == b"$":
                head = await self._reader.readexactly(3)
                await self._reader.readexactly(int.from_bytes(head[1:]))
                continue
            lines = (first + await self._reader.readuntil(b"\r\n\r\n")).decode()
            request, *rest = lines.strip().split("\r\n")
            headers = {}
            for line in rest:
                name, _, value = line.partition(":")
                headers[name.strip().lower()] = value.strip()
            if length := int(headers.get("content-length", 0)):
                await self._reader.readexactly(length)
            method, target, _ = request.split(" ", 2)
            if not await self._answer(method, target, headers):
                return

    async def _answer(self, method: str, target: str, headers: dict[str, str]) -> bool:
        """Answer one request; False ends the connection."""
        sequence = headers.get("cseq", "0")
        path = unquote(urlsplit(target).path).strip("/").removesuffix("/track1")
        match method:
            case "OPTIONS":
                self._reply(sequence, {"Public": _METHODS})
            case "GET_PARAMETER" | "SET_PARAMETER":
                self._reply(sequence, {"Session": self._id})
            case "DESCRIBE":
                await self._describe(sequence, target, path)
            case "SETUP":
                self._setup(sequence, headers.get("transport", ""), path)
            case "PLAY" if self._stream is not None and self._viewer is not None:
                self._reply(sequence, {"Session": self._id, "Range": "npt=0.000-"})
                self._server.play(self._stream, self._viewer)
            case "PLAY":
                self._reply(sequence, status="455 Method Not Valid in This State")
            case "TEARDOWN":
                self._reply(sequence, {"Session": self._id})
                return False
            case _:
                self._reply(sequence, {"Allow": _METHODS}, "405 Method Not Allowed")
        await self._writer.drain()
        return True

    async def _describe(self, sequence: str, target: str, path: str) -> None:
        stream = self._server.stream(path)
        if stream is None:
            self._reply(sequence, status="404 Not Found")
            return
        sps, pps = await stream.parameters()
        sets = ",".join(base64.b64encode(unit).decode() for unit in (sps, pps))
        description = "\r\n".join(
            (
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=Virtual camera",
                "c=IN IP4 0.0.0.0",
                "t=0 0",
                "a=control:*",
                "m=video 0 RTP/AVP 96",
                "a=rtpmap:96 H264/90000",
                (
                    "a=fmtp:96 packetization-mode=1;"
                    f"profile-level-id={sps[1:4].hex()};sprop-parameter-sets={sets}"
                ),
                f"a=framerate:{FRAMES_PER_SECOND}",
                "a=control:track1",
                "",
            )
        )
        base = target.rstrip("/") + "/"
        self._reply(
            sequence,
            {"Content-Base": base, "Content-Type": "application/sdp"},
            body=description.encode(),
        )

    def _setup(self, sequence: str, transport: str, path: str) -> None:
        stream = self._server.stream(path)
        if stream is None:
            self._reply(sequence, status="404 Not Found")
            return
        if "RTP/AVP/TCP" not in transport:
            self._reply(sequence, status="461 Unsupported Transport")
            return
        found = re.search(r"interleaved=(\d+)-(\d+)", transport)
        channel = int(found[1]) if found else 0
        self.leave()
        self._stream = stream
        self._viewer = _Viewer(self._writer, channel)
        self._reply(
            sequence,
            {
                "Transport": f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}",
                "Session": f"{self._id};timeout=60",
            },
        )

    def _reply(
        self,
        sequence: str,
        headers: dict[str, str] | None = None,
        status: str = "200 OK",
        body: bytes = b"",
    ) -> None:
        lines = [f"RTSP/1.0 {status}", f"CSeq: {sequence}", "Server: virtual-box"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join((*lines, "", "")).encode() + body)

"""The RTSP server with a real client, at the example of one box."""

import asyncio
from collections.abc import AsyncGenerator
from io import BytesIO

import av
import pytest

from simulators import video
from simulators.rtsp_server import payloads
from simulators.uniview import UniviewBox

from .waiting import until

OPTIONS = {"rtsp_transport": "tcp", "analyzeduration": "500000"}


@pytest.fixture
async def box() -> AsyncGenerator[UniviewBox]:
    async with UniviewBox(channels=2, seed=7) as box:
        yield box


def watch(url: str, frames: int) -> list[av.VideoFrame]:
    with av.open(url, options=OPTIONS, timeout=10) as container:
        found = []
        for frame in container.decode(video=0):
            found.append(frame)
            if len(found) == frames:
                break
        return found


async def test_decodes_and_moves(box: UniviewBox) -> None:
    server = f"rtsp://127.0.0.1:{box.rtsp_port}"
    urls = [f"{server}/channel/1", f"{server}/channel/2"]
    found = await asyncio.gather(*(asyncio.to_thread(watch, url, 8) for url in urls))
    for frames in found:
        assert (frames[0].width, frames[0].height) == video.SIZE
        first, last = (
            frame.to_ndarray(format="gray").astype(int)
            for frame in (frames[0], frames[-1])
        )
        assert abs(first - last).mean() > 0.05
        # ffmpeg does not date the first picture of a stream.
        times = [frame.pts for frame in frames[1:] if frame.pts is not None]
        assert len(times) == len(frames) - 1
        assert times == sorted(times)


async def test_encodes_only_while_watched(box: UniviewBox) -> None:
    server = box._rtsp
    assert server is not None
    assert server.viewers == 0
    url = f"rtsp://127.0.0.1:{box.rtsp_port}/channel/2"
    await asyncio.to_thread(watch, url, 2)
    await until(lambda: not server.viewers)
    async with asyncio.timeout(5):
        stream = server.stream("channel/2")
        assert stream is not None
        assert stream.task is not None
        await stream.task


async def talk(box: UniviewBox, *requests: str) -> list[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", box.rtsp_port)
    answers = []
    for number, request in enumerate(requests, 1):
        first, *rest = request.split("\n")
        lines = (f"{first} RTSP/1.0", f"CSeq: {number}", *rest, "", "")
        writer.write("\r\n".join(lines).encode())
        async with asyncio.timeout(5):
            answers.append((await reader.readuntil(b"\r\n\r\n")).decode())
    writer.close()
    return answers


async def test_protocol(box: UniviewBox) -> None:
    url = f"rtsp://127.0.0.1:{box.rtsp_port}/channel/1"
    answers = await talk(
        box,
        "OPTIONS *",
        f"PLAY {url}",
        f"SETUP {url}/track1\nTransport: RTP/AVP;unicast;client_port=5000-5001",
        f"SETUP {url}/track1\nTransport: RTP/AVP/TCP;unicast;interleaved=2-3",
        "GET_PARAMETER *",
        "RECORD *",
        "TEARDOWN *",
    )
    states = [answer.split(" ", 2)[1] for answer in answers]
    assert states == ["200", "455", "461", "200", "200", "405", "200"]
    assert "interleaved=2-3" in answers[3]
    assert "CSeq: 4" in answers[3]


async def test_without_video() -> None:
    async with UniviewBox(channels=1, video=False) as box:
        assert box.rtsp_port == 0


def test_fragments() -> None:
    unit = bytes([0x65]) + b"x" * 3000
    first, second, third = payloads(unit)
    assert [part[0] & 0x1F for part in (first, second, third)] == [28] * 3
    assert [part[1] for part in (first, second, third)] == [0x85, 0x05, 0x45]
    assert b"".join(part[2:] for part in (first, second, third)) == unit[1:]
    assert payloads(b"\x41abc") == [b"\x41abc"]


def test_clip() -> None:
    with av.open(BytesIO(video.clip("Yard", "yard", seconds=1)), "r") as container:
        assert len(list(container.decode(video=0))) == video.FRAMES_PER_SECOND

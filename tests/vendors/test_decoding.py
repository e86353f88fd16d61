"""Pictures that are not ours are decoded within limits, one after the other."""

import asyncio
import struct
import threading
import time
import zlib

from PIL import Image
import pytest

from custom_components.vision_hub.vendors.decoding import Undecodable, in_turn, opened
from custom_components.vision_hub.vendors.toolkit.pictures import size_of

from ..helpers.pictures import bomb, photo


def test_size_is_read_in_the_head() -> None:
    for kind in ("JPEG", "PNG"):
        for size in ((640, 480), (1, 3000)):
            assert size_of(photo(kind=kind, size=size)) == size
            assert size_of(photo(kind=kind, size=size, progressive=True)) == size
    exif = Image.Exif()
    exif[0x010E] = "x" * 60_000
    assert size_of(photo(size=(7, 5), exif=exif)) == (7, 5)
    for kind in ("JPEG", "PNG"):
        whole = photo(kind=kind)
        for length in range(24):
            assert size_of(whole[:length]) is None
    assert size_of(photo(kind="BMP")) is None


def test_size_takes_no_time() -> None:
    """A head without end is given up."""
    begin = time.perf_counter()
    assert size_of(b"\xff\xd8\xff" + b"\xff" * 4_000_000) is None
    assert size_of(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 4_000_000) is None
    assert size_of(b"\xff\xd8\xff" + bytes(4_000_000)) is None
    assert time.perf_counter() - begin < 0.5


@pytest.mark.parametrize(
    "pixels", [37_000_000, 100_000_000, 177_000_000, 4_000_000_000]
)
def test_too_many_pixels(pixels: int) -> None:
    content = bomb(pixels)
    begin = time.perf_counter()
    with pytest.raises(Undecodable), opened(content) as picture:
        picture.load()
    assert time.perf_counter() - begin < 0.5


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_damaged(kind: str) -> None:
    whole = photo(kind=kind, size=(64, 48))
    with opened(whole) as picture:
        picture.load()
    for cut in range(0, len(whole) - 1, max(1, len(whole) // 100)):
        for spoilt in (whole[:cut], whole[:cut] + b"\xff\x00\xff" + whole[cut + 3 :]):
            try:
                with opened(spoilt) as picture:
                    picture.load()
            except Undecodable:
                continue


def test_damaged_chunk() -> None:
    """What unpacks to nothing sensible."""
    body = zlib.compress(b"\x00" * 10)
    header = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    )
    with pytest.raises(Undecodable), opened(b"\x89PNG\r\n\x1a\n" + chunks) as picture:
        picture.load()


async def test_one_after_the_other() -> None:
    """Also when nobody waits for the first any more."""
    running = 0
    most = 0
    lock = threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return number

    async def impatient(number: int) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                await in_turn(work, number)

    waiting = [in_turn(work, number) for number in range(10)]
    await asyncio.gather(*(impatient(number) for number in range(10)))
    assert await asyncio.gather(*waiting) == list(range(10))
    assert most == 1
    with pytest.raises(ValueError, match="no number"):
        await in_turn(int, "no number")

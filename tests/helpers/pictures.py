"""Pictures of all sizes."""

from io import BytesIO
from math import isqrt
import struct
from typing import Any
import zlib

from PIL import Image


def photo(
    color: str = "teal",
    kind: str = "JPEG",
    size: tuple[int, int] = (640, 480),
    **how: Any,
) -> bytes:
    """Return a picture of one color."""
    buffer = BytesIO()
    Image.new("RGB", size, color).save(buffer, kind, **how)
    return buffer.getvalue()


def bomb(pixels: int) -> bytes:
    """Return a PNG that is small and unpacks to so many pixels."""
    side = isqrt(pixels)
    packer = zlib.compressobj(1)
    row = bytes(1 + (side + 7) // 8)
    data = b""
    for _ in range(min(side, 20_000)):
        data += packer.compress(row)
    data += packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )

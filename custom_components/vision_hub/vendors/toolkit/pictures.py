"""Pictures as they come with messages."""

from typing import Final

from .base64_reader import decode_base64

MAX_PICTURE: Final = 16 * 1024 * 1024

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MAGIC: Final = (_JPEG, _PNG)

_MARK: Final = 0xFF
# Start of frame, but for DHT, JPG and DAC, whose codes lie between.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS: Final = 200


def decoded(encoded: str) -> bytes | None:
    """Decode a picture; None when it is none."""
    if not encoded or len(encoded) > MAX_PICTURE * 3 // 2:
        return None
    data = decode_base64(encoded)
    return data if data and is_picture(data) else None


def is_picture(data: bytes) -> bool:
    """Tell whether bytes are a picture that the hub can take."""
    return len(data) <= MAX_PICTURE and data.startswith(_MAGIC)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Read width and height in the head of a picture; None when it has none.

    Nothing is decoded, so that whatever the event loop meets takes no time.
    """
    if data.startswith(_PNG):
        head = data[12:24]
        if len(head) < 12 or not head.startswith(b"IHDR"):
            return None
        return int.from_bytes(head[4:8]), int.from_bytes(head[8:12])
    return _size_of_jpeg(data) if data.startswith(_JPEG) else None


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from segment to segment up to the one that begins the frame."""
    position = 2
    for _ in range(_MOST_SEGMENTS):
        head = data[position : position + 4]
        if len(head) < 4 or head[0] != _MARK:
            return None
        if head[1] == _MARK:
            # Any number of them may come before a marker.
            position += 1
        elif head[1] in _FRAMES:
            frame = data[position + 5 : position + 9]
            size = int.from_bytes(frame[2:]), int.from_bytes(frame[:2])
            return size if len(frame) == 4 and all(size) else None
        else:
            position += 2 + int.from_bytes(head[2:])
    return None

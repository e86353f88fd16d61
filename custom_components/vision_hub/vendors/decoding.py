"""Decodes pictures that are not ours: none too big, and one after the other.

A file of half a megabyte may hold pixels for a gigabyte of memory.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BytesIO
import struct
from typing import Final
from weakref import WeakKeyDictionary
import zlib

from PIL import Image

MAX_PIXELS: Final = 36_000_000
"""8K has 33 million."""

FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP")

# What Pillow meets in damaged files.
_DAMAGED: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_turns: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]] = (
    WeakKeyDictionary()
)


class Undecodable(Exception):
    """A picture is damaged, or too big."""


@contextmanager
def opened(
    content: bytes, formats: tuple[str, ...] = FORMATS
) -> Generator[Image.Image]:
    """Open a picture; raises Undecodable, also for what is done within."""
    try:
        with Image.open(BytesIO(content), formats=formats) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Undecodable("too many pixels")
            yield picture
    except _DAMAGED as error:
        raise Undecodable(type(error).__name__) from error


async def in_turn[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run something that decodes in a thread, when nothing else does."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    async def run() -> T:
        async with turn:
            return await asyncio.to_thread(work, *args, **kwargs)

    # A thread goes on though nobody waits for it any more; its turn does, too.
    return await asyncio.shield(asyncio.create_task(run()))

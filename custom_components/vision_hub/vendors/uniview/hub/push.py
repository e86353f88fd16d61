"""What the hub tells us by itself (chapter 13)."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from ...contract import (
    AlarmSink,
    CallbackPart,
    CallbackReply,
    CallbackRequest,
    MalformedMessage,
    open_body,
)
from ...toolkit.http import BIG
from ...toolkit.lenient import as_text
from ...toolkit.read_notes import Oddity, ReadNotes
from ...toolkit.text_decoding import text_of
from ..alarms import Message, read_pushes
from .details import Details

# Byte for byte what the manual shows: anything else may count as a failure.
_DONE: Final = CallbackReply(200, {"code": 0, "msg": "Succeed", "status_code": 0})
_VIDEO: Final = "video_uuid"
_MAX_NAME: Final = 256


class Receiver:
    """Takes every message of one hub, at whatever path it comes."""

    def __init__(
        self, sink: AlarmSink, details: Details, serial: str, notes: ReadNotes
    ) -> None:
        """Bring alarms to `sink`."""
        self._notes = notes
        self._sink = sink
        self._details = details
        self._serial = serial

    async def __call__(self, request: CallbackRequest) -> CallbackReply:
        """Answer one request; only after what it brought is safe."""
        if any(part.name == _VIDEO for part in request.parts):
            await self._take_video(request.parts)
        else:
            await self._take(open_body(request).json)
        return _DONE

    async def _take(self, content: bytes) -> None:
        now = datetime.now(UTC)
        if len(content) > BIG:
            messages = await asyncio.to_thread(read_pushes, content, self._serial, now)
        else:
            messages = read_pushes(content, self._serial, now)
        self._sink.heard()
        if not messages:
            self._notes.add("push", Oddity.UNKNOWN)
        for message in messages:
            await self._follow(message)

    async def _follow(self, message: Message) -> None:
        if message.unknown is not None:
            self._notes.add("push", Oddity.UNKNOWN, "type", message.unknown)
        if message.modified is not None:
            self._details.forget_channel(message.modified)
        if message.changed:
            self._sink.changed()
        if message.alarm:
            await self._sink.accept(message.alarm)

    async def _take_video(self, parts: Sequence[CallbackPart]) -> None:
        """13.2. Only `video_uuid` tells to which alarm it belongs."""
        names = [part.content for part in parts if part.name == _VIDEO]
        files = [part for part in parts if part.name == "file"] or [
            part for part in parts if part.filename is not None
        ]
        name = as_text(text_of(names[0]))
        readable = name and len(name) <= _MAX_NAME and "\ufffd" not in name
        if not readable or not files or not files[0].content:
            raise MalformedMessage("The video has no name or no content")
        self._sink.heard()
        file = files[0]
        await self._sink.add_clip(name, file.content, _video_type(file))


def _video_type(file: CallbackPart) -> str:
    """Tell what a video is; the manual leaves container and type open."""
    if file.content_type.startswith("video/"):
        return file.content_type
    head = file.content[:12]
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head.startswith(b"FLV"):
        return "video/x-flv"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/x-matroska"
    if head.startswith(b"RIFF") and head[8:] == b"AVI ":
        return "video/x-msvideo"
    return "application/octet-stream"

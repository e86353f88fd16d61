"""What comes to our address, and what we answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
import json
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackPart,
    CallbackReply,
    CallbackRequest,
    MalformedMessage,
)
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub

from ...helpers.doubles import Callbacks, Sink, listening
from .conftest import SERIAL, Platforms, ScriptedBox, done
from .test_alarms import message

type Send = Callable[[Any], Awaitable[CallbackReply]]


@pytest.fixture
async def send(
    platforms: Platforms, hub: UniviewHub, sink: Sink, callbacks: Callbacks
) -> AsyncIterator[Send]:
    """Send a message to the hub's address."""

    async def send(data: Any) -> CallbackReply:
        assert callbacks.handler
        parts = data if isinstance(data, tuple) else ()
        if not parts and not isinstance(data, bytes):
            data = json.dumps(data).encode()
        return await callbacks.handler(
            CallbackRequest(
                method="POST",
                tail="custom/router9",
                query={},
                headers={},
                content_type="multipart/form-data" if parts else "application/json",
                content=b"" if parts else data,
                parts=parts,
            )
        )

    async with listening(hub, sink, callbacks):
        yield send


async def test_an_alarm_is_answered_as_the_manual_shows(send: Send, sink: Sink) -> None:
    reply = await send(message())
    assert reply == CallbackReply(200, {"code": 0, "msg": "Succeed", "status_code": 0})
    assert [alarm.id for alarm in sink.alarms] == ["123456789@1716533613"]
    assert sink.heards == 1


async def test_a_big_message(send: Send, sink: Sink) -> None:
    await send(message(filler="x" * 300_000))
    assert len(sink.alarms) == 1


async def test_what_cannot_be_stored_is_not_answered(send: Send, sink: Sink) -> None:
    sink.broken = True
    with pytest.raises(OSError, match="No space"):
        await send(message())


async def test_malformed_messages_do_not_count_as_heard(send: Send, sink: Sink) -> None:
    for content in (b"?", message(device_info={"device_sn": "OTHER"})):
        with pytest.raises(MalformedMessage):
            await send(content)
    assert sink.heards == 0
    assert sink.alarms == []


async def test_keep_alives_with_one_and_the_same_event_id(
    send: Send, sink: Sink
) -> None:
    for _ in range(3):
        await send({"type": 6, "event_id": "0", "device_info": {}})
    assert (sink.heards, sink.changes, sink.alarms) == (3, 0, [])


async def test_a_changed_channel_is_read_again(
    scripted: ScriptedBox, hub: UniviewHub, send: Send, sink: Sink
) -> None:
    scripted.answers |= {
        "channel/list": done({"total": 1, "channel_list": [{"channel_id": 7}]}),
        "smart/list": done({}),
    }
    await hub.poll()
    scripted.requests.clear()
    await hub.poll()
    assert len(scripted.requests) == 1
    change = {"type": 7, "device_info": {"device_sn": SERIAL}}
    state = {"mode": 4, "channel_id": 7, "status": 2}
    await send(change | {"channel_info": state})
    scripted.requests.clear()
    await hub.poll()
    assert len(scripted.requests) == 1
    await send(change | {"channel_info": {"mode": 2, "channel_id": 7}})
    assert sink.changes == 2
    await hub.poll()
    assert scripted.asked("smart/list") == [{"channel_id": 7}]


def video(uuid: bytes | None, content: bytes, **changes: Any) -> tuple[Any, ...]:
    file: dict[str, Any] = {
        "name": "file",
        "filename": "a.mp4",
        "content_type": "video/mp4",
        "content": content,
    } | changes
    parts = (CallbackPart(**file),)
    if uuid is None:
        return parts
    return (CallbackPart("video_uuid", None, "", uuid), *parts)


@pytest.mark.parametrize(
    ("content", "changes", "content_type"),
    [
        (b"x", {}, "video/mp4"),
        (b"\x00\x00\x00\x18ftypmp42", {"content_type": ""}, "video/mp4"),
        (b"FLV\x01", {"content_type": "application/octet-stream"}, "video/x-flv"),
        (b"\x1aE\xdf\xa3", {"content_type": ""}, "video/x-matroska"),
        (b"RIFF\x00\x00\x00\x00AVI ", {"content_type": ""}, "video/x-msvideo"),
        (b"?", {"content_type": "text/html"}, "application/octet-stream"),
        (b"x", {"name": "video"}, "video/mp4"),
    ],
)
async def test_video(
    send: Send,
    sink: Sink,
    content: bytes,
    changes: dict[str, Any],
    content_type: str,
) -> None:
    reply = await send(video(b" uuid-1\r\n", content, **changes))
    assert reply.status == 200
    assert sink.clips == [("uuid-1", content, content_type)]
    assert sink.heards == 1


@pytest.mark.parametrize(
    "parts",
    [
        video(b"", b"x"),
        video(b"u" * 300, b"x"),
        video(b"\xff", b"x"),
        video(b"u", b""),
        video(b"u", b"x", name="other", filename=None),
    ],
)
async def test_videos_that_cannot_be_used(
    send: Send, sink: Sink, parts: tuple[Any, ...]
) -> None:
    with pytest.raises(MalformedMessage):
        await send(parts)
    assert sink.clips == []

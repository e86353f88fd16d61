"""How the box packs what it tells by itself, before anybody asks what it means.

Over WebSocket (23.1, 25.4): 16 bytes, JSON, and the pictures one after the other. Over
HTTP (23.2, 25.3): one JSON object with the pictures in it as Base64.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from ..contract import CallbackRequest, MalformedMessage, open_body, read_messages
from ..model import Json, PictureRole
from ..toolkit.fields import Fields
from ..toolkit.http import BIG
from ..toolkit.json_reader import is_json, read_json
from ..toolkit.lenient import as_int, as_text
from ..toolkit.pictures import decoded, is_picture
from ..toolkit.shapes import as_object, messages_in, objects_in
from ..toolkit.text_decoding import text_of

HEADER: Final = 16
_TYPE: Final = slice(0, 8)
_LENGTH: Final = slice(8, 12)
_SEQUENCE: Final = slice(12, 16)

_KEYS: Final = ("deviceId", "trackId", "alert_events", "videoNo", "video_number")
"""A message has some of them."""

# In this order behind the JSON. The manual writes the second with a capital i.
_PARTS: Final[tuple[tuple[PictureRole, tuple[str, ...]], ...]] = (
    (PictureRole.TARGET, ("captureFace",)),
    (PictureRole.SCENE, ("fullImage", "fulIImage")),
    (PictureRole.LIBRARY, ("Top1",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, unpacked."""

    type: str = ""
    """`Alert` or `Capture`; empty where there is no header."""
    sequence: int | None = None
    fields: Mapping[str, Json] = field(repr=False)
    pictures: Mapping[PictureRole, bytes] = field(default_factory=dict, repr=False)
    references: Mapping[PictureRole, str] = field(default_factory=dict, repr=False)
    """Where the box keeps pictures that did not come along."""


async def read_frame(content: bytes) -> Message:
    """Unpack what came over a WebSocket, or raise MalformedMessage."""
    if len(content) > BIG:
        return await asyncio.to_thread(parse_frame, content)
    return parse_frame(content)


async def read_request(request: CallbackRequest) -> list[Message]:
    """Unpack what came over HTTP, or raise MalformedMessage."""
    if len(request.content) > BIG or request.parts:
        return await asyncio.to_thread(parse_request, request)
    return parse_request(request)


def parse_frame(content: bytes) -> Message:
    """Unpack a message of a WebSocket: with or without a header, text or binary.

    The order of the header's bytes is not stated: the length that leads to the end of
    a JSON object is right.
    """
    if is_json(content):
        fields = _object_in(content)
        if fields is None:
            raise MalformedMessage("The message is no JSON object")
        return _with_pictures("", None, fields, b"")
    name = content[_TYPE].strip(b"\0 ").decode("ascii", "replace")
    if len(content) <= HEADER or not name.isalpha():
        raise MalformedMessage("The message has no header")
    for order in ("little", "big"):
        length = int.from_bytes(content[_LENGTH], order)
        # "HEADLEN" may as well count the header.
        for end in (HEADER + length, length):
            if not HEADER < end <= len(content):
                continue
            fields = _object_in(content[HEADER:end])
            if fields is not None:
                sequence = int.from_bytes(content[_SEQUENCE], order)
                return _with_pictures(name, sequence, fields, content[end:])
    raise MalformedMessage("The header does not fit the message")


def parse_request(request: CallbackRequest) -> list[Message]:
    """Unpack messages over HTTP; none is in what says nothing.

    The manual speaks of GET (8, 9) and has bodies (23.2): the fields may be in a JSON
    body, in a form or in the query. A form may also hold the whole JSON as one field.
    """
    body = open_body(request)
    files = {key: value for key, value in body.fields.items() if is_picture(value)}
    if body.json and (not body.fields or _is_message(body.json)):
        messages = read_messages(body.json, *_KEYS)
    else:
        told = _fields_in(body.fields, files)
        messages = [told] if told else []
    return [_with_files(message, files) for message in messages]


def _is_message(content: bytes) -> bool:
    fields = _object_in(content)
    return fields is not None and any(key in fields for key in _KEYS)


def _fields_in(values: Mapping[str, bytes], files: Collection[str]) -> dict[str, Json]:
    """Read fields, of which objects and arrays were written as text."""
    fields = Fields()
    for key, value in values.items():
        if key in files:
            continue
        fields[key] = text_of(value)
        if is_json(value):
            with suppress(ValueError):
                fields[key] = read_json(value)
    return fields


def _with_files(fields: dict[str, Json], files: Mapping[str, bytes]) -> Message:
    # The photo of an event is the whole scene (25.3), else what was cut out of it.
    event = "alert_events" in fields
    roles = {
        "captureFace": PictureRole.TARGET,
        "fullImage": PictureRole.SCENE,
        "photo": PictureRole.SCENE if event else PictureRole.TARGET,
    }
    pictures: dict[PictureRole, bytes] = {}
    for key, role in roles.items():
        value = fields.get(key)
        if data := files.get(key) or (isinstance(value, str) and decoded(value)):
            pictures[role] = data
    return Message(fields=fields, pictures=pictures)


def _with_pictures(
    name: str, sequence: int | None, fields: Mapping[str, Json], rest: bytes
) -> Message:
    """Cut the pictures off; they are Base64 or an address where the box is the server.

    A picture that is not whole is left out: it never costs the alarm.
    """
    images = (as_object(fields.get("images")), fields)
    pictures: dict[PictureRole, bytes] = {}
    references: dict[PictureRole, str] = {}
    start = 0
    for role, keys in _PARTS:
        found = (place.get(key) for place in images for key in keys)
        # In records `top1` is a person.
        value = next(
            (each for each in found if each and isinstance(each, int | str)), 0
        )
        if isinstance(value, str) and not value.isdecimal():
            if data := decoded(value):
                pictures[role] = data
            elif value.startswith(("http://", "https://", "/", "./")):
                references[role] = value
            continue
        length = as_int(value)
        if length is None or length <= 0:
            continue
        data = rest[start : start + length]
        start += length
        if len(data) == length and is_picture(data):
            pictures[role] = data
    return Message(
        type=name,
        sequence=sequence,
        fields=fields,
        pictures=pictures,
        references=references,
    )


def _object_in(content: bytes) -> dict[str, Json] | None:
    try:
        fields = read_json(content)
    except ValueError:
        return None
    told = next(iter(messages_in(fields, *_KEYS)), None)
    return told or (Fields() if fields == {} else None)


def acknowledgement(message: Message) -> str | None:
    """Return the text that a box waits for (23.1.2, 23.1.3); None if for none.

    `Alert_01_1543893775_6018_ACK`: the values go back as they came, although the sample
    has seconds where the message has milliseconds. What is due to alert mode (25.4) is
    not stated; with a header it is answered alike.
    """
    fields = message.fields
    name = message.type or as_text(fields.get("dataType"))
    events = fields.get("alert_events")
    event = next(objects_in(events), {})
    target = as_object(event.get("target"))
    if name and target:
        channel, track = fields.get("stream_id"), target.get("target_id")
        time = fields.get("pts")
    else:
        channel, track = fields.get("videoNo"), fields.get("trackId")
        captured = "catchTimestamp" in fields
        name = name or ("Capture" if captured else "Alert")
        time = fields.get("catchTimestamp" if captured else "timestamp")
    if channel is None or track is None:
        return None
    return f"{name}_{as_text(channel).zfill(2)}_{as_text(time)}_{as_text(track)}_ACK"

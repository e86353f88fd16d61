"""How the box packs what it tells by itself, before anybody asks what it means.

Over WebSocket (23.1, 25.4): 16 bytes, JSON, and the pictures one after the other. Over
HTTP (23.2, 25.3): one JSON object with the pictures in it as Base64.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from ..contract import CallbackRequest, MalformedMessage
from ..model import Json, PictureRole
from ..toolkit.http import BIG
from ..toolkit.json_reader import read_json
from ..toolkit.lenient import as_int, as_text
from ..toolkit.pictures import decoded, is_picture
from ..toolkit.shapes import as_object, objects_in

HEADER: Final = 16
_TYPE: Final = slice(0, 8)
_LENGTH: Final = slice(8, 12)
_SEQUENCE: Final = slice(12, 16)

_MAX_FIELDS: Final = 256

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


async def read_request(request: CallbackRequest) -> Message:
    """Unpack what came over HTTP, or raise MalformedMessage."""
    if len(request.content) > BIG or request.parts:
        return await asyncio.to_thread(parse_request, request)
    return parse_request(request)


def parse_frame(content: bytes) -> Message:
    """Unpack a message of a WebSocket: with or without a header, text or binary.

    The order of the header's bytes is not stated: the length that leads to the end of
    a JSON object is right.
    """
    if content.lstrip(b" \t\r\n\0")[:1] == b"{":
        fields = _object_in(content.strip(b" \t\r\n\0"))
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
            fields = _object_in(content[HEADER:end].rstrip(b"\0"))
            if fields is not None:
                sequence = int.from_bytes(content[_SEQUENCE], order)
                return _with_pictures(name, sequence, fields, content[end:])
    raise MalformedMessage("The header does not fit the message")


def parse_request(request: CallbackRequest) -> Message:
    """Unpack a message over HTTP.

    The manual speaks of GET (8, 9) and has bodies (23.2): the fields may be in a JSON
    body, in a form or in the query. A form may also hold the whole JSON as one field.
    """
    files: dict[str, bytes] = {}
    if request.parts:
        texts: dict[str, Json] = {}
        for part in request.parts[:_MAX_FIELDS]:
            if is_picture(part.content):
                files[part.name] = part.content
            else:
                texts[part.name] = part.content.decode("utf-8", "replace")
        fields = _fields_in(texts)
    elif request.content.strip():
        found = _object_in(request.content)
        if found is None and request.content_type.endswith("urlencoded"):
            found = _form(request.content)
        if found is None:
            raise MalformedMessage("The message is no JSON object")
        fields = found
    else:
        fields = _fields_in(dict(request.query))
    if not fields:
        raise MalformedMessage("The message is empty")
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
    return fields if isinstance(fields, dict) else None


def _form(content: bytes) -> dict[str, Json] | None:
    try:
        pairs = parse_qsl(
            content.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        return None
    return _fields_in(dict(pairs))


def _fields_in(texts: Mapping[str, Json]) -> dict[str, Json]:
    """Read objects and arrays that were written as text."""
    fields: dict[str, Json] = {}
    for key, value in texts.items():
        read: Json = value
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            try:
                read = read_json(value.encode())
            except ValueError:
                read = value
        if isinstance(read, dict) and ("device_id" in read or "deviceId" in read):
            # It is the message itself.
            return read
        fields[key] = read
    return fields


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

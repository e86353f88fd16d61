"""What a hub pushed, out of whatever it packed it into: JSON, a form, parts, a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from ..model import Json
from ..toolkit.json_reader import is_json, read_json
from ..toolkit.shapes import messages_in
from .callbacks import CallbackRequest, MalformedMessage

_MAX_FIELDS: Final = 256
_BLANK: Final = b"\0 \t\r\n"
_ESCAPED_JSON: Final = re.compile(rb"\s*%(?:7B|5B)", re.IGNORECASE)
_FORM: Final = re.compile(rb"\s*[\w.\-\[\]%]{1,64}=")


@dataclass(frozen=True, slots=True)
class PushBody:
    """One body, opened."""

    json: bytes = field(repr=False)
    """The message; empty when there is none."""
    fields: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Everything else, and the message too if it stood in a field."""


def open_body(request: CallbackRequest, name: str = "json") -> PushBody:
    """Find the message in a request; in a form it has a name, or looks like JSON.

    What the header says of its type is not asked. Raises MalformedMessage.
    """
    content = request.content
    if request.parts:
        parts = request.parts[:_MAX_FIELDS]
        fields = {part.name: part.content for part in parts}
    elif is_json(content):
        return PushBody(content)
    elif _ESCAPED_JSON.match(content):
        # A form that is nothing but the name of a field.
        return PushBody(unquote_to_bytes(content.replace(b"+", b" ").rstrip(b"=\r\n")))
    elif _FORM.match(content):
        fields = _form(content)
    elif content.strip(_BLANK):
        return PushBody(content)
    else:
        fields = {
            key: value.encode(errors="replace") for key, value in request.query.items()
        }
    told = fields.get(name, b"")
    if not told:
        told = next((value for value in fields.values() if is_json(value)), b"")
    return PushBody(told, fields)


def read_messages(content: bytes, *keys: str) -> list[dict[str, Json]]:
    """Read the messages in a body, which have some of the keys.

    There is none in what says nothing. Raises MalformedMessage for what is no JSON.
    """
    if not content.strip(_BLANK):
        return []
    try:
        return messages_in(read_json(content), *keys)
    except ValueError as error:
        raise MalformedMessage("The message is no JSON") from error


def _form(content: bytes) -> dict[str, bytes]:
    pairs = content.split(b"&", _MAX_FIELDS)
    if len(pairs) > _MAX_FIELDS:
        raise MalformedMessage("The form has too many fields")
    fields: dict[str, bytes] = {}
    for pair in pairs:
        key, _, value = pair.partition(b"=")
        name = unquote_to_bytes(key.replace(b"+", b" ")).strip()
        fields[name.decode("utf-8", "replace")] = unquote_to_bytes(
            value.replace(b"+", b" ")
        )
    return fields

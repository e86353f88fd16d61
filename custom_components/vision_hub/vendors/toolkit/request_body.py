"""Bodies of requests: JSON and forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import FormData
import orjson

from ..errors import InvalidRequest
from ..model import Json

JSON_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form: a text, or a file when it has a name."""

    name: str
    content: str | bytes = field(repr=False)
    filename: str | None = None
    content_type: str = "application/octet-stream"
    """Of a file."""


def json_body(params: Mapping[str, Json]) -> bytes:
    """Write parameters as JSON; raises InvalidRequest."""
    try:
        return orjson.dumps(params)
    except TypeError as error:
        raise InvalidRequest("The parameters are no JSON") from error


def form_body(parts: Iterable[Part]) -> FormData:
    """Make a form of parts in their order; it can be sent once only."""
    form = FormData(default_to_multipart=True)
    for part in parts:
        if part.filename is None:
            form.add_field(part.name, part.content)
        else:
            form.add_field(
                part.name,
                part.content,
                filename=part.filename,
                content_type=part.content_type,
            )
    return form

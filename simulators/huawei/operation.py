"""One request of the manual: its path, what is checked, who answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
import voluptuous as vol

from .account import Account
from .request_fields import table

type Fields = dict[str, Any]
type Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A checked request: parameters of its path, its query, its JSON body."""

    request: web.Request
    path: dict[str, str]
    query: Fields
    body: Fields

    @property
    def origin(self) -> str:
        """Return scheme and address by which the cloud was asked."""
        return f"{self.request.scheme}://{self.request.host}"


type Handler = Callable[[Account, Call], Awaitable[Answer | web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A request, under the id that it has in the tables of the client too.

    `path` has names in braces. A handler returns the whole JSON document, or any
    other response. `open` needs no `Access-Token`. `body` None: a body is ignored.
    """

    name: str
    method: str
    path: str
    handler: Handler
    query: vol.Schema = field(default_factory=table)
    body: vol.Schema | None = None
    open: bool = False


CHANNEL = "/v1/{user_id}/devices/{device_id}/channels/{channel_id}"
CHANNEL_V2 = "/v2/{user_id}/devices/{device_id}/channels/{channel_id}"

"""What a vendor needs to be chosen and opened."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from aiohttp import ClientSession

from ..model import HubConfig, Json
from .hub import Hub


class HubStore(Protocol):
    """What outlives a restart, and is shared by hubs with the same keys: tokens ..."""

    def exclusively(self, key: str) -> AbstractAsyncContextManager[None]:
        """Let nobody else change what is kept under `key` as long as the context lasts."""

    async def load(self, key: str) -> Json:
        """Return what was saved; None if nothing."""

    async def save(self, key: str, value: Json) -> None:
        """Keep a value. `key` must not tell a secret."""


class FieldType(StrEnum):
    """How a field of the config flow is entered."""

    HOST = "host"
    PORT = "port"
    TEXT = "text"
    URL = "url"
    PASSWORD = "password"
    SWITCH = "switch"
    SELECT = "select"


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One field of a vendor's step in the config flow; the name is Home Assistant's."""

    name: str
    type: FieldType
    default: str | int | bool | None = None
    required: bool = True
    choices: tuple[str, ...] = ()
    """What a SELECT has to choose from; the name is the translation key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One of the vendors."""

    id: str
    name: str
    fields: tuple[ConfigField, ...]
    open: Callable[[HubConfig, ClientSession, HubStore], Hub]
    options: tuple[ConfigField, ...] = ()
    """What else a user may decide; `open` gets it with the configuration."""
    in_cloud: bool = False
    """The hub is on the internet: so must be our address."""
    has_serial: bool = True
    """False: nothing but its address tells one hub from another."""

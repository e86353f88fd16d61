"""Tokens of cloud accounts, kept in Home Assistant's storage."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .vendors.contract import TokenStore
from .vendors.model import Json

_VERSION: Final = 1


class StoredTokens(TokenStore):
    """One file for all entries: entries with the same keys share a token."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Read nothing yet."""
        self._store = Store[dict[str, Json]](
            hass, _VERSION, f"{DOMAIN}.tokens", private=True
        )
        self._tokens: dict[str, Json] | None = None
        self._reading = asyncio.Lock()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    @asynccontextmanager
    async def exclusively(self, key: str) -> AsyncIterator[None]:
        async with self._locks[key]:
            yield

    async def _read(self) -> dict[str, Json]:
        async with self._reading:
            if self._tokens is None:
                self._tokens = await self._store.async_load() or {}
            return self._tokens

    @override
    async def load(self, key: str) -> Json:
        return (await self._read()).get(key)

    @override
    async def save(self, key: str, token: Json) -> None:
        tokens = await self._read()
        tokens[key] = token
        await self._store.async_save(tokens)


_TOKENS: HassKey[StoredTokens] = HassKey(f"{DOMAIN}_tokens")


@callback
def async_tokens(hass: HomeAssistant) -> StoredTokens:
    """Return the tokens of all entries."""
    if _TOKENS not in hass.data:
        hass.data[_TOKENS] = StoredTokens(hass)
    return hass.data[_TOKENS]

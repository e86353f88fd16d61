"""What hubs share and keep over restarts, in Home Assistant's storage."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .vendors.contract import HubStore
from .vendors.model import Json

_VERSION: Final = 1


class SharedStore(HubStore):
    """One file for all entries: those with the same keys share what is in it."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Read nothing yet."""
        self._store = Store[dict[str, Json]](
            hass, _VERSION, f"{DOMAIN}.shared", private=True
        )
        self._values: dict[str, Json] | None = None
        self._reading = asyncio.Lock()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @override
    @asynccontextmanager
    async def exclusively(self, key: str) -> AsyncIterator[None]:
        async with self._locks[key]:
            yield

    async def _read(self) -> dict[str, Json]:
        async with self._reading:
            if self._values is None:
                self._values = await self._store.async_load() or {}
            return self._values

    @override
    async def load(self, key: str) -> Json:
        return (await self._read()).get(key)

    @override
    async def save(self, key: str, value: Json) -> None:
        values = await self._read()
        values[key] = value
        await self._store.async_save(values)


_STORE: HassKey[SharedStore] = HassKey(f"{DOMAIN}_shared")


@callback
def async_hub_store(hass: HomeAssistant) -> SharedStore:
    """Return what all entries share."""
    if _STORE not in hass.data:
        hass.data[_STORE] = SharedStore(hass)
    return hass.data[_STORE]

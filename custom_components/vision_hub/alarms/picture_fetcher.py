"""Fetches pictures that an alarm only pointed to."""

import asyncio
from collections.abc import Callable
import logging
from typing import Final

from ..vendors.contract import Hub
from ..vendors.errors import VisionError
from ..vendors.model import Alarm, Picture
from .archive import Archive, StoredAlarm

_LOGGER = logging.getLogger(__name__)

AT_ONCE: Final = 4

# Some hubs tell of a picture before they have finished writing it.
WAITS: Final = (2, 10, 60)


class PictureFetcher:
    """Completes alarms in the background."""

    def __init__(
        self, hub: Hub, archive: Archive, on_picture: Callable[[StoredAlarm], None]
    ) -> None:
        """`on_picture` is told what an alarm has become."""
        self._hub = hub
        self._archive = archive
        self._on_picture = on_picture
        self._places = asyncio.Semaphore(AT_ONCE)

    @staticmethod
    def missing(alarm: Alarm) -> list[Picture]:
        """Return the pictures whose bytes did not come with the alarm."""
        return [
            picture
            for picture in alarm.pictures
            if picture.data is None and picture.reference is not None
        ]

    async def complete(self, key: int, pictures: list[Picture]) -> None:
        """Fetch and store pictures of an alarm."""
        for picture in pictures:
            stored = await self._store(key, picture)
            if stored is not None:
                self._on_picture(stored)

    async def _store(self, key: int, picture: Picture) -> StoredAlarm | None:
        assert picture.reference is not None
        for wait in (*WAITS, None):
            try:
                async with self._places:
                    data = await self._hub.fetch(picture.reference)
                    return await self._archive.add_picture(
                        key, Picture(picture.role, data, picture.reference)
                    )
            except (VisionError, OSError) as error:
                if wait is None:
                    _LOGGER.warning(
                        "A picture of alarm %s could not be fetched: %s",
                        key,
                        type(error).__name__,
                    )
                    return None
                await asyncio.sleep(wait)
        return None

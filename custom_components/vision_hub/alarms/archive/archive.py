"""The memory of all alarms: a database, and files in the media folder."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
import errno
from functools import partial
from itertools import islice
import logging
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from ...vendors.kinds import AlarmKind
from ...vendors.model import Alarm, Picture
from . import queries, updates
from .additions import Addition, picture_file
from .database import Database
from .group_commit import Intake
from .media_files import NewFile, PictureFolder, new_file, video_extension
from .rows import from_microseconds
from .schema import DatabaseTooNew
from .stored_alarm import ArchiveQuery, Limits, StoredAlarm, StoredPicture, Usage

__all__ = [
    "Archive",
    "ArchiveQuery",
    "DatabaseTooNew",
    "Limits",
    "StoredAlarm",
    "StoredPicture",
    "Usage",
]

_LOGGER = logging.getLogger(__name__)

# What is done at once when much is to be done beside the alarms.
STEP: Final = 100

_MEGABYTE: Final = 1_000_000
_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)


class Archive:
    """Keeps the alarms of all hubs. Raises OSError when the storage fails."""

    def __init__(self, database: Path, folder: Path) -> None:
        """Use a database file, and a folder of its own in the media folder."""
        self._folder = PictureFolder(folder)
        self._database = Database(database, self._folder, self._forget_sizes)
        self._intake = Intake(self._database)
        self._sizes: dict[str, tuple[int, int]] = {}
        self._full = False
        self._unattached: set[str] = set()
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def moved_aside(self) -> Path | None:
        """Where a broken database was put in this run, to begin a new one."""
        return self._database.moved_aside

    @property
    def full(self) -> bool:
        """Whether the last alarm could not be stored for lack of space."""
        return self._full

    async def open(self) -> None:
        """Open or make the database; raises DatabaseTooNew."""
        await self._database.open()
        self._sizes = await self._database.read(queries.sizes)
        self._intake.open()
        self._sweeper = asyncio.create_task(self._sweep(), name="vision_hub sweep")

    async def close(self) -> None:
        """Store what waits, then close."""
        if self._sweeper is None:
            return
        self._sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await self._sweeper
        self._sweeper = None
        await self._intake.close()
        await self._database.close()

    async def add(
        self,
        hub: str,
        alarm: Alarm,
        *,
        received: datetime,
        late: bool,
        on_picture: Callable[[StoredAlarm], None] = lambda _: None,
    ) -> StoredAlarm | None:
        """Return when an alarm and its pictures are durable; None for a repeat.

        `on_picture` is told of an alarm that a repeat brought a picture.
        """
        addition = Addition(
            hub,
            alarm,
            received,
            late,
            sum(len(picture.data) for picture in alarm.pictures if picture.data),
        )
        try:
            stored = await self._intake.add(addition)
        except OSError as error:
            self._full = error.errno in _NO_SPACE
            raise
        self._full = False
        if stored is not None:
            self._count(hub, 1, addition.size)
        elif addition.partner is not None and addition.size:
            await self._complete(addition.partner, alarm, on_picture)
        return stored

    async def _complete(
        self, key: int, alarm: Alarm, on_picture: Callable[[StoredAlarm], None]
    ) -> None:
        """Keep the pictures of a push whose record was faster."""
        earlier = await self.get(key)
        roles = {picture.role for picture in earlier.alarm.pictures} if earlier else ()
        for picture in alarm.pictures:
            if (
                picture.data is not None
                and picture.role not in roles
                and (stored := await self.add_picture(key, picture)) is not None
            ):
                on_picture(stored)

    async def add_picture(self, key: int, picture: Picture) -> StoredAlarm | None:
        """Give an alarm a picture that was fetched later.

        None when it is no picture, or the alarm is no longer there.
        """
        file = picture_file(datetime.now(UTC), picture)
        if file is None:
            return None
        return await self._attach(
            file, partial(updates.attach_picture, key=key, picture=picture)
        )

    async def add_clip(
        self, hub: str, name: str, content: bytes, content_type: str
    ) -> StoredAlarm | None:
        """Give an alarm the video that it announced.

        None when it is no video, or no alarm waits for it.
        """
        suffix = video_extension(content)
        if suffix is None:
            _LOGGER.debug("A clip said to be %s is not a video", content_type[:64])
            return None
        file = new_file(datetime.now(UTC), "clip", content, suffix)
        return await self._attach(
            file, partial(updates.attach_clip, hub=hub, name=name)
        )

    async def _attach(
        self, file: NewFile, attach: Callable[[Connection, NewFile], StoredAlarm | None]
    ) -> StoredAlarm | None:
        """Write a file, then tell its alarm; without alarm the file goes."""
        self._unattached.add(file.path)
        stored = None
        try:
            await self._database.on_files(self._folder.write_and_sync, file)
            stored = await self._database.write(attach, file)
        finally:
            if stored is None:
                await self._database.on_files(self._folder.delete, file.path)
            self._unattached.discard(file.path)
        if stored is not None:
            self._count(stored.hub, 0, len(file.content))
        return stored

    async def get(self, key: int) -> StoredAlarm | None:
        """Return one alarm."""
        return await self._database.read(queries.by_key, key)

    async def search(self, query: ArchiveQuery) -> list[StoredAlarm]:
        """Return alarms, newest first."""
        return await self._database.read(queries.search, query)

    async def latest(self, hub: str) -> list[StoredAlarm]:
        """Return what entities showed before a restart, oldest first.

        For each channel: the newest alarm, the newest with a picture, the newest face
        and the newest with counts.
        """
        return await self._database.read(queries.latest, hub)

    async def seen(self, hub: str) -> set[tuple[str | None, AlarmKind]]:
        """Return which kinds each channel has reported."""
        return await self._database.read(queries.seen, hub)

    async def last_time(self, hub: str) -> datetime | None:
        """Return where catching up begins: nothing before is missing."""
        time = await self._database.read(queries.last_time, hub)
        return None if time is None else from_microseconds(time)

    async def set_complete(self, hub: str, until: datetime) -> None:
        """Note that nothing before a time is missing."""
        await self._database.write(updates.set_complete, hub, until)

    async def untold(self, hub: str) -> list[StoredAlarm]:
        """Return the alarms that a crash kept from being told, oldest first."""
        return await self._database.read(queries.untold, hub)

    async def set_told(self, hub: str, key: int) -> None:
        """Note that everybody was told of the alarms up to a key."""
        await self._database.write(updates.set_told, hub, key)

    async def usage(self, hub: str | None = None) -> Usage:
        """Return how much is kept, of one hub or of all."""
        sizes = [
            size for name, size in self._sizes.items() if hub is None or name == hub
        ]
        oldest = await self._database.read(queries.oldest, hub)
        return Usage(
            alarms=sum(alarms for alarms, _ in sizes),
            size=sum(size for _, size in sizes),
            oldest=None if oldest is None else from_microseconds(oldest),
            full=self._full,
        )

    def exceeds(self, hub: str, limits: Limits) -> bool:
        """Tell whether a hub has more bytes than it may."""
        return self._sizes.get(hub, (0, 0))[1] > limits.megabytes * _MEGABYTE

    async def trim(self, hub: str, limits: Limits) -> Usage:
        """Delete the oldest alarms of a hub, in small steps."""
        before = datetime.now(UTC) - timedelta(days=limits.days)
        await self._delete(hub, before, limits.megabytes * _MEGABYTE)
        return await self.usage(hub)

    async def hand_over(self, hub: str, channels: Mapping[str, str]) -> None:
        """Keep the alarms of a hub for the one that replaced it.

        `channels` tells by which channel of the new hub each is continued.
        """
        await self._database.write(updates.hand_over, hub, channels)

    async def forget(self, hub: str) -> None:
        """Delete all alarms of a hub."""
        await self._delete(hub, None, 0)
        await self._database.write(updates.forget, hub)
        self._sizes.pop(hub, None)

    async def _delete(self, hub: str, before: datetime | None, most: int) -> None:
        while True:
            excess = self._sizes.get(hub, (0, 0))[1] - most
            deleted = await self._database.write(
                updates.delete_oldest, hub, before, excess, STEP
            )
            self._count(hub, -deleted.alarms, -deleted.size)
            await self._database.on_files(self._folder.delete, *deleted.files)
            if deleted.alarms < STEP:
                break
        await self._database.on_files(self._folder.delete_empty_folders)

    def path(self, relative: str) -> Path | None:
        """Return where a file is; None when it is not there or not of the archive.

        Looks at the disk.
        """
        return self._folder.find(relative)

    async def read(self, relative: str) -> bytes | None:
        """Return a picture or video; None when it is not there."""
        return await self._database.on_files(self._folder.read, relative)

    def _count(self, hub: str, alarms: int, size: int) -> None:
        before = self._sizes.get(hub, (0, 0))
        self._sizes[hub] = (before[0] + alarms, before[1] + size)

    def _forget_sizes(self) -> None:
        self._sizes = {}

    async def _sweep(self) -> None:
        """Delete files of which a crash left no alarm."""
        names = self._folder.names()
        try:
            while step := await self._database.on_files(_take, names):
                step = [name for name in step if name not in self._unattached]
                # Asked after the groups that were being written while we looked.
                unknown = await self._database.write(queries.unknown_files, step)
                await self._database.on_files(self._folder.delete, *unknown)
        except OSError as error:
            _LOGGER.warning("Could not look for files without alarm: %s", error)


def _take(names: Iterator[str]) -> list[str]:
    return list(islice(names, STEP))

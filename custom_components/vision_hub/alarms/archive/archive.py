"""The memory of all alarms: a database, and files in the media folder."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
import logging
from pathlib import Path
from typing import Any, Concatenate, Final

from sqlalchemy import Connection

from ...vendors.decoding import in_turn
from ...vendors.kinds import AlarmKind
from ...vendors.model import Alarm, Picture
from . import queries, updates, waiting_pictures
from .additions import Addition, picture_file
from .database import Database
from .faults import StorageFault
from .group_commit import Intake
from .health import Health
from .media_files import THUMBNAIL, NewFile, PictureFolder, new_file, video_extension
from .rows import from_microseconds
from .stored_alarm import ArchiveQuery, Limits, StoredAlarm, Usage
from .thumbnails import thumbnail_of
from .waiting_pictures import WaitingPicture

_LOGGER = logging.getLogger(__name__)

# What is done at once when much is to be done beside the alarms.
STEP: Final = 100

# Files that a crash may leave without alarm: a group, and what was being deleted.
MOST_LEFT: Final = 1000

_MEGABYTE: Final = 1_000_000

# Room for a usual alarm; more when more was refused.
_LEAST_ROOM: Final = 1 << 18


class Archive:
    """Keeps the alarms of all hubs. Raises OSError when the storage fails."""

    def __init__(self, database: Path, folder: Path) -> None:
        """Use a database file, and a folder of its own in the media folder."""
        self.places = (database, folder)
        self._folder = PictureFolder(folder)
        self._database = Database(database, self._folder, self._begun_anew)
        self._intake = Intake(self._database)
        self._health = Health(self._look, self._changed)
        self._listeners: list[Callable[[], None]] = []
        self._opening: asyncio.Task[None] | None = None
        self._looking = asyncio.Lock()
        self._sizes: dict[str, tuple[int, int]] = {}
        self._room = _LEAST_ROOM
        self._forgotten: set[str] = set()
        self._finishing: set[asyncio.Task[Any]] = set()
        self._unattached: set[str] = set()
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def moved_aside(self) -> Path | None:
        """Where a broken database was put in this run, to begin a new one."""
        return self._database.moved_aside

    @property
    def fault(self) -> StorageFault | None:
        """Why alarms cannot be stored at present."""
        return self._health.fault

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener when `fault` or `moved_aside` changes, until told otherwise."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    def _changed(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    async def open(self) -> None:
        """Return when alarms can be stored; raises OSError when they cannot.

        It is then tried again by itself, until `close`.
        """
        if self._opening is None:
            self._opening = asyncio.create_task(self._open(), name="vision_hub open")
            self._opening.add_done_callback(self._opened)
        # Goes on though somebody has lost patience.
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        try:
            await self._look()
        except OSError as error:
            self._health.failed(error)
            raise
        self._health.passed()

    def _opened(self, _: asyncio.Task[None]) -> None:
        self._opening = None

    async def _look(self) -> None:
        """Open what is not open, and try whether it takes something."""
        async with self._looking:
            if self._sweeper is None:
                await self._begin()
            elif self.fault is not None:
                await self._database.try_to_write(self._room)
                await self._forget()
            self._room = _LEAST_ROOM

    async def _begin(self) -> None:
        await self._database.open()
        try:
            await self._database.try_to_write(self._room)
            self._sizes = await self._database.read(queries.sizes)
        except BaseException:
            await self._database.close()
            raise
        self._intake.open()
        self._sweeper = asyncio.create_task(self._sweep(), name="vision_hub sweep")

    async def close(self) -> None:
        """Store what waits, then close."""
        await self._health.close()
        if self._opening is not None:
            await asyncio.wait((self._opening,))
        if self._sweeper is None:
            return
        self._sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await self._sweeper
        self._sweeper = None
        await self._intake.close()
        if self._finishing:
            await asyncio.wait(self._finishing)
        await self._database.close()

    @contextmanager
    def _noted(self, size: int) -> Iterator[None]:
        """Note whether so many bytes can be stored."""
        try:
            yield
        except OSError as error:
            if self._sweeper is not None:
                self._room = max(self._room, size)
                self._health.failed(error)
            raise
        self._health.doubt()

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
        with self._noted(addition.size):
            stored = await self._intake.add(addition)
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
        """Give an alarm a picture that came later.

        None when it is no picture, or the alarm is no longer there.
        """
        file = picture_file(datetime.now(UTC), picture)
        if file is None:
            return None
        return await self._attach(
            file, partial(updates.attach_picture, key=key, picture=picture)
        )

    async def next_waiting(
        self, hub: str, beside: Collection[int]
    ) -> WaitingPicture | datetime | None:
        """Return the newest picture that is to be fetched now, else when the next is.

        `beside` are the keys of alarms that are being worked on.
        """
        return await self._database.read(
            waiting_pictures.next_waiting, hub, datetime.now(UTC), beside
        )

    async def attach_waiting(
        self, waiting: WaitingPicture, content: bytes
    ) -> StoredAlarm | None:
        """Give an alarm what was fetched; None when it is no picture, or too late."""
        file = picture_file(datetime.now(UTC), Picture(waiting.role, content))
        if file is None:
            return None
        return await self._attach(
            file, partial(waiting_pictures.attach_waiting, waiting=waiting)
        )

    async def postpone(self, waiting: WaitingPicture, wait: timedelta | None) -> None:
        """Note that a picture was not there: ask again after a while, or never."""
        due = None if wait is None else datetime.now(UTC) + wait
        await self._write(waiting_pictures.postpone, waiting, due)

    async def give_up_waiting(self, hub: str, age: timedelta, most: int) -> int:
        """Wait no more for old pictures, and for the oldest beyond some number."""
        before = datetime.now(UTC) - age
        return await self._write(waiting_pictures.give_up, hub, before, most)

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
        # A row without its file would be worse than neither.
        return await self._finish(self._attach_now(file, attach))

    async def _finish[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end, though nobody may wait for it any more."""
        task = asyncio.create_task(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)
        return await asyncio.shield(task)

    async def _attach_now(
        self, file: NewFile, attach: Callable[[Connection, NewFile], StoredAlarm | None]
    ) -> StoredAlarm | None:
        self._unattached.add(file.path)
        stored = None
        try:
            with self._noted(len(file.content)):
                await self._database.on_files(self._folder.write_and_sync, file)
                stored = await self._database.write(attach, file)
        finally:
            if stored is None:
                await self._database.on_files(self._folder.delete, file.path)
            self._unattached.discard(file.path)
        if stored is not None:
            self._count(stored.hub, 0, len(file.content))
        return stored

    async def _write[**P, T](
        self,
        change: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self._noted(0):
            return await self._database.write(change, *args, **kwargs)

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
        await self._write(updates.set_complete, hub, until)

    async def untold(self, hub: str) -> list[StoredAlarm]:
        """Return the alarms that a crash kept from being told, oldest first."""
        return await self._database.read(queries.untold, hub)

    async def set_told(self, hub: str, key: int) -> None:
        """Note that everybody was told of the alarms up to a key."""
        await self._write(updates.set_told, hub, key)

    async def usage(self, hub: str | None = None) -> Usage:
        """Return how much is kept, of one hub or of all."""
        sizes = [
            size for name, size in self._sizes.items() if hub is None or name == hub
        ]
        oldest = None
        with suppress(OSError):
            oldest = await self._database.read(queries.oldest, hub)
        return Usage(
            alarms=sum(alarms for alarms, _ in sizes),
            size=sum(size for _, size in sizes),
            oldest=None if oldest is None else from_microseconds(oldest),
            fault=self.fault,
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
        await self._write(updates.hand_over, hub, channels)

    async def forget(self, hub: str) -> None:
        """Delete all alarms of a hub, and whatever damage left of earlier ones.

        What cannot be deleted now is deleted when storing works again.
        """
        self._forgotten.add(hub)
        try:
            await self.open()
            with self._noted(0):
                await self._forget()
        except OSError as error:
            _LOGGER.warning("Alarms of a hub will be deleted later: %s", error)

    async def _forget(self) -> None:
        for hub in tuple(self._forgotten):
            await self._delete(hub, None, 0)
            await self._write(updates.forget, hub)
            self._sizes.pop(hub, None)
            await self._database.delete_set_aside()
            self._forgotten.discard(hub)
            self._changed()

    async def _delete(self, hub: str, before: datetime | None, most: int) -> None:
        while True:
            excess = self._sizes.get(hub, (0, 0))[1] - most
            deleted = await self._write(
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

    async def thumbnail(self, stored: StoredAlarm, relative: str) -> bytes | None:
        """Return a small JPEG of a picture of an alarm; None when it has none.

        It is kept, and counts as the pictures do.
        """
        return await self._finish(self._thumbnail(stored, relative))

    async def _thumbnail(self, stored: StoredAlarm, relative: str) -> bytes | None:
        small, size = await in_turn(self._folder.thumbnail, relative, thumbnail_of)
        if size and await self._write(updates.add_size, stored.key, size):
            self._count(stored.hub, 0, size)
        elif size:
            # It was deleted meanwhile.
            await self._database.on_files(self._folder.delete, relative)
        return small or None

    async def read(self, relative: str) -> bytes | None:
        """Return a picture or video; None when it cannot be read."""
        try:
            return await self._database.on_files(self._folder.read, relative)
        except OSError:
            return None

    def _count(self, hub: str, alarms: int, size: int) -> None:
        before = self._sizes.get(hub, (0, 0))
        self._sizes[hub] = (before[0] + alarms, before[1] + size)

    def _begun_anew(self) -> None:
        self._sizes = {}
        self._changed()

    async def _sweep(self) -> None:
        """Delete files of which a crash left no alarm."""
        names = self._folder.names()
        left: list[str] = []
        try:
            while step := await self._database.on_files(_take, names):
                step = [name for name in step if name not in self._unattached]
                step = list({name.removesuffix(THUMBNAIL) for name in step})
                # Asked after the groups that were being written while we looked.
                left += await self._database.write(queries.unknown_files, step)
                if len(left) > MOST_LEFT:
                    # No crash did that: the database is older than its pictures.
                    await self._database.set_pictures_aside(left)
                    left.clear()
                    self._changed()
            await self._database.on_files(self._folder.delete, *left)
        except OSError as error:
            _LOGGER.warning("Could not look for files without alarm: %s", error)


def _take(names: Iterator[str]) -> list[str]:
    return list(islice(names, STEP))

"""Runs what is asked of the archive on threads of its own."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
import errno
import logging
from pathlib import Path
from typing import Concatenate, Final, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .additions import Addition, AlarmStore
from .damage import delete_set_aside, set_aside, set_pictures_aside
from .media_files import PictureFolder, try_to_write
from .schema import is_empty, migrate, open_for_reading, open_for_writing, write_version
from .sqlite_errors import is_corrupt, is_lasting, storage_error

_LOGGER = logging.getLogger(__name__)

# A disk joins the syncs of files that are written at the same time; more threads only
# wait for each other in the file system.
FILE_THREADS: Final = 4


class _Threads(NamedTuple):
    """Who works for an open database."""

    writer: ThreadPoolExecutor
    reader: ThreadPoolExecutor
    files: ThreadPoolExecutor


class Database:
    """One thread writes, one reads beside it, some write files."""

    moved_aside: Path | None = None

    def __init__(
        self, path: Path, folder: PictureFolder, on_begun_anew: Callable[[], None]
    ) -> None:
        """`on_begun_anew` runs on the event loop after a broken file was replaced."""
        self._path = path
        self._folder = folder
        self._on_begun_anew = on_begun_anew
        self._generation = 0
        self._store: AlarmStore | None = None
        self._reading: tuple[int, Connection] | None = None
        self._threads: _Threads | None = None
        self._identity: tuple[int, int] | None = None

    async def open(self) -> None:
        """Open or make the file; raises OSError."""
        self._loop = asyncio.get_running_loop()
        self._threads = _Threads(
            ThreadPoolExecutor(1, "vision_hub_writer"),
            ThreadPoolExecutor(1, "vision_hub_reader"),
            ThreadPoolExecutor(FILE_THREADS, "vision_hub_files"),
        )
        try:
            await self._loop.run_in_executor(
                self._threads.writer, self._guard, _nothing
            )
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what was asked, then close."""
        if (threads := self._threads) is None:
            return
        self._threads = None
        await self._loop.run_in_executor(threads.reader, self._close_reading)
        await self._loop.run_in_executor(threads.writer, self._close_store)
        for executor in threads:
            await self._loop.run_in_executor(None, executor.shutdown)

    @property
    def _working(self) -> _Threads:
        if self._threads is None:
            raise OSError(errno.ESHUTDOWN, "The archive is closed")
        return self._threads

    async def write[**P, T](
        self,
        change: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a change after those that were asked for earlier."""
        return await self._loop.run_in_executor(
            self._working.writer,
            self._guard,
            lambda store: change(store.connection, *args, **kwargs),
        )

    def add(self, additions: list[Addition]) -> asyncio.Future[None]:
        """Add a group of alarms; each has its result when the future is done."""
        return self._loop.run_in_executor(self._working.writer, self._add, additions)

    async def read[**P, T](
        self,
        question: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a question beside the changes."""
        generation = self._generation

        def ask() -> T:
            connection = self._open_reading()
            with connection.begin():
                return question(connection, *args, **kwargs)

        try:
            return await self._loop.run_in_executor(self._working.reader, ask)
        except DBAPIError as error:
            if not is_corrupt(error):
                await self._loop.run_in_executor(
                    self._working.reader, self._close_reading
                )
                raise await self.on_files(storage_error, error, self._path) from error
        await self._loop.run_in_executor(
            self._working.writer, self._begin_anew, generation
        )
        return await self._loop.run_in_executor(self._working.reader, ask)

    async def try_to_write(self, size: int) -> None:
        """Raise OSError when a file of some size, or a row, cannot be written."""
        await self.on_files(self._folder.try_to_write, size)
        await self.on_files(
            try_to_write, self._path.with_name(f"{self._path.name}.try"), size
        )
        await self.write(_write_version)

    async def set_pictures_aside(self, names: Iterable[str]) -> None:
        """Keep pictures that no alarm knows, and tell of it as of damage."""
        self.moved_aside = await self.on_files(
            set_pictures_aside, self._folder.root, names
        )
        _LOGGER.error("Pictures without alarm were moved to %s", self.moved_aside)

    async def delete_set_aside(self) -> None:
        """Delete what was moved aside, also in earlier runs."""
        await self.on_files(delete_set_aside, self._path, self._folder.root)
        self.moved_aside = None

    async def on_files[**P, T](
        self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run something that works with files."""
        return await self._loop.run_in_executor(
            self._working.files, lambda: work(*args, **kwargs)
        )

    def _opened(self) -> AlarmStore:
        if self._store is not None and _identity(self._path) != self._identity:
            # Whoever replaced the file took the alarms away that it held.
            self._begin_anew(self._generation)
        if self._store is None:
            connection = open_for_writing(self._path)
            try:
                if is_empty(connection) and self._folder.in_use():
                    connection.close()
                    self._begin_anew(self._generation)
                    connection = open_for_writing(self._path)
                migrate(connection)
                self._store = AlarmStore(connection, self._folder, self._working.files)
            except BaseException:
                connection.close()
                raise
            self._identity = _identity(self._path)
        return self._store

    def _guard[T](self, work: Callable[[AlarmStore], T]) -> T:
        """Work with the store; begin a new database if it proves broken."""
        try:
            try:
                return work(self._opened())
            except DBAPIError as error:
                if not is_corrupt(error):
                    raise
                self._begin_anew(self._generation)
                return work(self._opened())
        except SQLAlchemyError as error:
            if is_lasting(error):
                # Of a disk that went and came again, old files stay dead.
                self._close_store()
            raise storage_error(error, self._path) from error

    def _add(self, additions: list[Addition]) -> None:
        def add(store: AlarmStore) -> None:
            store.add(additions)
            for addition in additions:
                error = addition.result
                if isinstance(error, DBAPIError) and is_corrupt(error):
                    for each in additions:
                        each.result = None
                    raise error

        self._guard(add)
        for addition in additions:
            if isinstance(error := addition.result, SQLAlchemyError):
                if is_lasting(error):
                    self._close_store()
                addition.result = storage_error(error, self._path)

    def _begin_anew(self, generation: int) -> None:
        if generation != self._generation:
            return
        self._close_store()
        self.moved_aside = set_aside(self._path, self._folder.root)
        self._generation += 1
        _LOGGER.error(
            "The alarm archive is broken; it was moved to %s and a new one begun",
            self.moved_aside,
        )
        self._loop.call_soon_threadsafe(self._on_begun_anew)

    def _close_store(self) -> None:
        if self._store is not None:
            # A broken file may refuse its last checkpoint.
            with suppress(SQLAlchemyError):
                self._store.connection.close()
            self._store = None

    def _open_reading(self) -> Connection:
        if self._reading is None or self._reading[0] != self._generation:
            self._close_reading()
            self._reading = (self._generation, open_for_reading(self._path))
        return self._reading[1]

    def _close_reading(self) -> None:
        if self._reading is not None:
            with suppress(SQLAlchemyError):
                self._reading[1].close()
            self._reading = None


def _nothing(_: AlarmStore) -> None:
    """Only open."""


def _write_version(connection: Connection) -> None:
    with connection.begin():
        write_version(connection)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of its name; None when there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino

"""Runs what is asked of the archive on threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
import errno
import logging
from pathlib import Path
from typing import Concatenate, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .additions import Addition, AlarmStore
from .media_files import PictureFolder
from .schema import is_corrupt, is_full, move_aside, open_for_reading, open_for_writing

_LOGGER = logging.getLogger(__name__)

# A disk joins the syncs of files that are written at the same time; more threads only
# wait for each other in the file system.
FILE_THREADS: Final = 4


def storage_error(error: BaseException) -> BaseException:
    """Return what a caller is told: OSError for all that the storage did."""
    if isinstance(error, DBAPIError):
        return OSError(errno.ENOSPC if is_full(error) else errno.EIO, str(error.orig))
    if isinstance(error, SQLAlchemyError):
        return OSError(errno.EIO, str(error))
    if isinstance(error, OSError):
        # The same one may be raised in many tasks, each with its own traceback.
        return OSError(error.errno, error.strerror)
    return error


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

    async def open(self) -> None:
        """Open or make the file; raises DatabaseTooNew and OSError."""
        self._loop = asyncio.get_running_loop()
        self._writer = ThreadPoolExecutor(1, "vision_hub_writer")
        self._reader = ThreadPoolExecutor(1, "vision_hub_reader")
        self._files = ThreadPoolExecutor(FILE_THREADS, "vision_hub_files")
        try:
            await self._loop.run_in_executor(self._writer, self._guard, _nothing)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what was asked, then close."""
        await self._loop.run_in_executor(self._reader, self._close_reading)
        await self._loop.run_in_executor(self._writer, self._close_store)
        for executor in (self._writer, self._reader, self._files):
            await self._loop.run_in_executor(None, executor.shutdown)

    async def write[**P, T](
        self,
        change: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a change after those that were asked for earlier."""
        return await self._loop.run_in_executor(
            self._writer,
            self._guard,
            lambda store: change(store.connection, *args, **kwargs),
        )

    def add(self, additions: list[Addition]) -> asyncio.Future[None]:
        """Add a group of alarms; each has its result when the future is done."""
        return self._loop.run_in_executor(self._writer, self._add, additions)

    async def read[**P, T](
        self,
        question: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a question beside the changes."""

        def ask() -> T:
            connection = self._open_reading()
            with connection.begin():
                return question(connection, *args, **kwargs)

        generation = self._generation
        try:
            return await self._loop.run_in_executor(self._reader, ask)
        except DBAPIError as error:
            if not is_corrupt(error):
                raise storage_error(error) from error
        await self._loop.run_in_executor(self._writer, self._begin_anew, generation)
        return await self._loop.run_in_executor(self._reader, ask)

    async def on_files[**P, T](
        self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run something that works with files."""
        return await self._loop.run_in_executor(
            self._files, lambda: work(*args, **kwargs)
        )

    def _opened(self) -> AlarmStore:
        if self._store is None:
            connection = open_for_writing(self._path)
            try:
                self._store = AlarmStore(connection, self._folder, self._files)
            except SQLAlchemyError:
                connection.close()
                raise
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
            raise storage_error(error) from error

    def _add(self, additions: list[Addition]) -> None:
        def add(store: AlarmStore) -> None:
            store.add(additions)
            for addition in additions:
                if isinstance(addition.result, DBAPIError) and is_corrupt(
                    addition.result
                ):
                    error = addition.result
                    for each in additions:
                        each.result = None
                    raise error

        self._guard(add)

    def _begin_anew(self, generation: int) -> None:
        if generation != self._generation:
            return
        self._close_store()
        self.moved_aside = move_aside(self._path, self._folder.root)
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

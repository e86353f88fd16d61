"""What SQLite complains of, in the words of the operating system."""

from collections.abc import Mapping
import errno
from pathlib import Path
import sqlite3
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from .faults import Unstorable
from .media_files import try_to_write

_BY_CODE: Final[Mapping[int, int]] = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
    sqlite3.SQLITE_PROTOCOL: errno.EBUSY,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_AUTH: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.ENOENT,
}

# A full disk, too, may show as any of these.
_VAGUE: Final = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
)


def code_of(error: DBAPIError) -> int | None:
    """Return SQLite's code without its extension."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def is_corrupt(error: DBAPIError) -> bool:
    """Tell whether an error means that the file is broken."""
    return code_of(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_about_all(error: Exception) -> bool:
    """Tell whether whatever else is written now would fail as well."""
    return (
        isinstance(error, DBAPIError)
        and not isinstance(error, IntegrityError | DataError)
        and code_of(error) != sqlite3.SQLITE_FULL
    )


def is_lasting(error: Exception) -> bool:
    """Tell whether a connection that met an error is of no more use."""
    return (
        is_about_all(error)
        and isinstance(error, DBAPIError)
        and code_of(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    )


def storage_error(error: SQLAlchemyError | OSError, database: Path) -> Exception:
    """Return what a caller is told: OSError for all that the storage did.

    Looks at the disk.
    """
    match error:
        case IntegrityError() | DataError():
            return Unstorable(str(error.orig))
        case DBAPIError():
            code = code_of(error)
            number = _BY_CODE.get(code or 0, errno.EIO)
            if code in _VAGUE:
                try:
                    try_to_write(database.with_name(f"{database.name}.try"))
                except OSError as told:
                    number = told.errno or number
            return OSError(number, str(error.orig))
        case OSError():
            return error
        case _:
            return OSError(errno.EIO, str(error))

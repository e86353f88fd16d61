"""Why alarms cannot be stored."""

from collections.abc import Mapping
from enum import StrEnum
import errno
from typing import Final


class StorageFault(StrEnum):
    """What is wrong with the storage. All of it may pass."""

    FULL = "full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    """Another program holds the database."""
    DENIED = "denied"
    """Home Assistant may not write there."""
    MISSING = "missing"
    """A folder is not there, or is something else."""
    SLOW = "slow"
    """What was to be stored waited for too long."""
    TOO_NEW = "too_new"
    """A later release of Vision Hub wrote the database."""
    FAILING = "failing"
    """Input and output fail."""


class DatabaseTooNew(OSError):
    """A later release of Vision Hub wrote the database."""


class Unstorable(Exception):
    """The storage is well, but cannot hold this alarm."""


_BY_NUMBER: Final[Mapping[int, StorageFault]] = {
    errno.ENOSPC: StorageFault.FULL,
    errno.EDQUOT: StorageFault.FULL,
    errno.EROFS: StorageFault.READ_ONLY,
    errno.EBUSY: StorageFault.LOCKED,
    errno.EAGAIN: StorageFault.LOCKED,
    errno.EACCES: StorageFault.DENIED,
    errno.EPERM: StorageFault.DENIED,
    errno.ENOENT: StorageFault.MISSING,
    errno.ENOTDIR: StorageFault.MISSING,
    errno.EISDIR: StorageFault.MISSING,
    errno.EEXIST: StorageFault.MISSING,
    errno.ENODEV: StorageFault.MISSING,
    errno.ENXIO: StorageFault.MISSING,
}


def fault_of(error: OSError) -> StorageFault:
    """Return what an error means."""
    match error:
        case DatabaseTooNew():
            return StorageFault.TOO_NEW
        case TimeoutError():
            return StorageFault.SLOW
    return _BY_NUMBER.get(error.errno or 0, StorageFault.FAILING)

"""What becomes of a damaged archive."""

from collections.abc import Iterable
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
import shutil
from typing import Final

_MARK: Final = ".corrupt."


def _suffix() -> str:
    return f"{_MARK}{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%f}"


def set_aside(database: Path, media: Path) -> Path:
    """Rename a broken database and the pictures that it alone knows how to read."""
    suffix = _suffix()
    # The pictures last: they alone show that a database is missing.
    for end in ("", "-wal", "-shm"):
        file = database.with_name(database.name + end)
        if file.exists():
            file.rename(file.with_name(f"{database.name}{suffix}{end}"))
    if media.is_dir():
        media.rename(media.with_name(media.name + suffix))
    return database.with_name(database.name + suffix)


def set_pictures_aside(media: Path, names: Iterable[str]) -> Path:
    """Move pictures that the database does not know to a folder of their own."""
    folder = media.with_name(media.name + _suffix())
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (media / name).rename(target)
    return folder


def delete_set_aside(database: Path, media: Path) -> None:
    """Delete what was set aside."""
    for path in (database, media):
        for old in path.parent.glob(f"{escape(path.name)}{_MARK}*"):
            if old.is_dir():
                shutil.rmtree(old)
            else:
                old.unlink()

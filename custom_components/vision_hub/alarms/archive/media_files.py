"""The files of the archive: pictures and videos under the media folder."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
import os
from pathlib import Path
import secrets
from threading import Lock
from typing import Final

_TEMPORARY: Final = ".part"

THUMBNAIL: Final = ".thumbnail"
"""What is made of a file has its name, and this."""


# Not on every system; a full sync is as safe and only slower.
_sync_data = getattr(os, "fdatasync", os.fsync)


def extension(content: bytes) -> str | None:
    """Return what a picture is by its first bytes; None when it is none."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"BM") and len(content) > 54:
        return "bmp"
    return None


def video_extension(content: bytes) -> str | None:
    """Return what a video is by its first bytes; None when it is none."""
    if content[4:8] == b"ftyp":
        return "mp4"
    if content.startswith(b"FLV"):
        return "flv"
    if content.startswith(b"\x1aE\xdf\xa3"):
        return "mkv"
    if content.startswith(b"RIFF") and content[8:12] == b"AVI ":
        return "avi"
    return None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written; its name is random, for names are seen by many."""

    path: str
    """Relative to the folder of the archive."""
    content: bytes = field(repr=False)


def new_file(received: datetime, label: str, content: bytes, suffix: str) -> NewFile:
    """Choose a name in the folder of a day."""
    day = received.astimezone(UTC)
    name = f"{secrets.token_hex(12)}-{label}.{suffix}"
    return NewFile(f"{day.year:04}/{day.month:02}/{day.day:02}/{name}", content)


class PictureFolder:
    """Writes, finds and deletes files below one folder, and nowhere else."""

    def __init__(self, root: Path) -> None:
        """Use a folder that is the archive's alone."""
        self.root = root
        self._tidying = Lock()

    def write(self, file: NewFile) -> None:
        """Write a file so that it survives a crash; its folder is synced later."""
        path = self.root / file.path
        temporary = path.with_name(path.name + _TEMPORARY)
        try:
            descriptor = _create(temporary)
        except FileNotFoundError:
            # It is the first of the day, or somebody tidied up.
            with self._tidying:
                self._make(path.parent)
                descriptor = _create(temporary)
        _fill(descriptor, temporary, file.content)
        temporary.rename(path)

    def _make(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir(mode=0o755, exist_ok=True)
            _sync_folder(new.parent)

    def sync(self, files: list[NewFile]) -> None:
        """Make the names of files survive a crash."""
        for folder in {file.path.rpartition("/")[0] for file in files}:
            _sync_folder(self.root / folder)

    def write_and_sync(self, file: NewFile) -> None:
        """Write a single file so that it survives a crash."""
        self.write(file)
        self.sync([file])

    def try_to_write(self, size: int) -> None:
        """Raise OSError when pictures cannot be written."""
        with self._tidying:
            self._make(self.root)
        try_to_write(self.root / f"try{_TEMPORARY}", size)

    def delete(self, *paths: str) -> None:
        """Delete files that are there, with what was made of them."""
        for path in paths:
            (self.root / path).unlink(missing_ok=True)
            (self.root / f"{path}{THUMBNAIL}").unlink(missing_ok=True)

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None when it is not there or not ours."""
        return None if (file := self.find(path)) is None else file.read_bytes()

    def thumbnail(self, path: str, make: Callable[[bytes], bytes]) -> tuple[bytes, int]:
        """Return what is made of a picture, and how many bytes were written for it.

        It is empty when nothing can be made of it. Raises OSError when it is not there.
        """
        kept = self.root / f"{path}{THUMBNAIL}"
        with suppress(FileNotFoundError):
            return kept.read_bytes(), 0
        if (file := self.find(path)) is None:
            raise FileNotFoundError
        small = make(file.read_bytes())
        try:
            self.write(NewFile(f"{path}{THUMBNAIL}", small))
        except OSError:
            # It is made again.
            return small, 0
        return small, len(small)

    def delete_empty_folders(self) -> None:
        """Delete the folders of days of which nothing is left."""
        for folder, _, _ in self.root.walk(top_down=False):
            if folder != self.root:
                with self._tidying, suppress(OSError):
                    folder.rmdir()

    def in_use(self) -> bool:
        """Tell whether there are pictures."""
        return any(not name.endswith(_TEMPORARY) for name in self.names())

    def names(self) -> Iterator[str]:
        """Yield what lies there, half-written files too."""
        for folder, _, files in self.root.walk():
            base = folder.relative_to(self.root).as_posix()
            for file in files:
                yield f"{base}/{file}"

    def find(self, path: str) -> Path | None:
        """Return where a file is; None when it is not there or not ours."""
        try:
            file = (self.root / path).resolve(strict=True)
            inside = file.is_relative_to(self.root.resolve()) and file.is_file()
        except OSError, ValueError:
            return None
        return file if inside else None


def try_to_write(path: Path, size: int = 1 << 16) -> None:
    """Raise OSError when a file of some size cannot be written."""
    descriptor = _create(path, os.O_TRUNC)
    # Some file systems make room of what is all the same.
    _fill(descriptor, path, os.urandom(size))
    path.unlink(missing_ok=True)


def _create(path: Path, how: int = os.O_EXCL) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)


def _fill(descriptor: int, path: Path, content: bytes) -> None:
    try:
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
            _sync_data(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Disks that refuse to be written: doubles at the calls of the system, and real ones."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import errno
import os
from pathlib import Path
import subprocess
from typing import Any

import pytest

CALLS = ("open", "mkdir")


class Disk:
    """Refuses what is written below a folder, with an error of the system's choice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        """Work as usual at first."""
        self._folder = str(folder.resolve())
        self.error: int | None = None
        for name in CALLS:
            self._refuse(monkeypatch, name)
        write = os.write

        def refuse_write(descriptor: int, data: Any) -> int:
            if self.error == errno.ENOSPC:
                self._check(Path(f"/proc/self/fd/{descriptor}").readlink())
            return write(descriptor, data)

        monkeypatch.setattr(os, "write", refuse_write)

    def _refuse(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        call = getattr(os, name)

        def refuse(path: Any, flags: int = 0, *args: Any, **kwargs: Any) -> Any:
            reads = name == "open" and not flags & (os.O_WRONLY | os.O_RDWR)
            # A full disk has names for empty files.
            if (
                self.error != errno.ENOSPC
                and not reads
                and isinstance(path, str | Path)
            ):
                self._check(path)
            return call(path, flags, *args, **kwargs)

        monkeypatch.setattr(os, name, refuse)

    def _check(self, path: str | Path) -> None:
        if self.error is not None and os.path.realpath(path).startswith(self._folder):
            raise OSError(self.error, os.strerror(self.error))


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Give a folder a disk of its own; skips where nothing can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("Nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), check=True)


def remount(folder: Path, options: str) -> None:
    """Change a disk: `ro`, `rw`, `size=16m`."""
    subprocess.run(("mount", "-o", f"remount,{options}", str(folder)), check=True)


def fill(folder: Path) -> Path:
    """Use up all room; return the file to delete."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast

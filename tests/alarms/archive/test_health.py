"""Storage that fails says why, and is used again as soon as it works."""

import asyncio
from collections.abc import AsyncGenerator
import errno
from pathlib import Path
import sqlite3

import pytest

from custom_components.vision_hub.alarms.archive import Archive, StorageFault
from custom_components.vision_hub.alarms.archive.faults import DatabaseTooNew

from ...helpers.alarms import an_alarm, scene
from ...helpers.disk import Disk, fill, remount, small_disk
from ..conftest import files, until
from .conftest import add, write

FAULTS = {
    errno.ENOSPC: StorageFault.FULL,
    errno.EDQUOT: StorageFault.FULL,
    errno.EROFS: StorageFault.READ_ONLY,
    errno.EACCES: StorageFault.DENIED,
    errno.EPERM: StorageFault.DENIED,
    errno.ENOENT: StorageFault.MISSING,
    errno.EBUSY: StorageFault.LOCKED,
    errno.EIO: StorageFault.FAILING,
    errno.ESTALE: StorageFault.FAILING,
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    package = "custom_components.vision_hub.alarms.archive"
    monkeypatch.setattr(f"{package}.health.FIRST_WAIT", 0.02)
    monkeypatch.setattr(f"{package}.health.LONGEST_WAIT", 0.05)
    monkeypatch.setattr(f"{package}.schema.PATIENCE", 50)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Disk:
    """What the database and the pictures lie on."""
    return Disk(monkeypatch, tmp_path)


@pytest.fixture
async def unopened(database: Path, media: Path) -> AsyncGenerator[Archive]:
    """An archive that is closed in the end, whether it could be opened or not."""
    archive = Archive(database, media)
    yield archive
    await archive.close()


@pytest.mark.parametrize(("number", "fault"), FAULTS.items())
async def test_at_the_start(
    unopened: Archive, disk: Disk, media: Path, number: int, fault: StorageFault
) -> None:
    changes: list[StorageFault | None] = []
    unopened.subscribe(lambda: changes.append(unopened.fault))
    disk.error = number
    for _ in range(2):
        with pytest.raises(OSError, match=r"Errno"):
            await unopened.open()
    with pytest.raises(OSError, match="closed"):
        await add(unopened, an_alarm())
    assert unopened.fault is fault
    disk.error = None
    await until(lambda: unopened.fault is None)
    assert changes == [fault, None]
    assert await add(unopened, an_alarm(pictures=(scene(),))) is not None
    assert len(files(media)) == 1
    # Nothing is left of what was tried.
    assert {path.name for path in media.parent.iterdir()} == {
        "media",
        "vision_hub.db",
        "vision_hub.db-shm",
        "vision_hub.db-wal",
    }


@pytest.mark.parametrize(("number", "fault"), FAULTS.items())
async def test_while_running(
    archive: Archive, disk: Disk, media: Path, number: int, fault: StorageFault
) -> None:
    changes: list[StorageFault | None] = []
    archive.subscribe(lambda: changes.append(archive.fault))
    await add(archive, an_alarm(pictures=(scene(),)))
    disk.error = number
    alarms = [an_alarm(pictures=(scene(n),)) for n in range(3)]
    for alarm in alarms:
        with pytest.raises(OSError, match=r"Errno"):
            await add(archive, alarm)
    # What has no picture finds room, and proves nothing.
    assert await add(archive, an_alarm()) is not None
    await asyncio.sleep(0.1)
    assert archive.fault is fault
    with pytest.raises(OSError, match=r"Errno"):
        await archive.open()
    disk.error = None
    await until(lambda: archive.fault is None)
    assert changes == [fault, None]
    await archive.open()
    assert all([await add(archive, alarm) for alarm in alarms])
    assert len(files(media)) == 4


async def test_room_for_small_pictures_only(archive: Archive, media: Path) -> None:
    """A disk on which a usual picture fits is full when a bigger one does not."""
    with small_disk(media):
        big = an_alarm(pictures=(scene(1, 5_000_000),))
        with pytest.raises(OSError, match="No space"):
            await add(archive, big)
        assert await add(archive, an_alarm(pictures=(scene(2),))) is not None
        await asyncio.sleep(0.2)
        assert archive.fault is StorageFault.FULL
        remount(media, "size=16m")
        await until(lambda: archive.fault is None)
        assert await add(archive, big) is not None


@pytest.mark.parametrize("running", [False, True])
async def test_locked(unopened: Archive, database: Path, *, running: bool) -> None:
    """Another program may hold the database."""
    await unopened.open()
    if not running:
        await unopened.close()
    other = sqlite3.connect(database)
    other.execute("BEGIN IMMEDIATE" if running else "BEGIN EXCLUSIVE")
    if running:
        results = await asyncio.gather(
            *(add(unopened, an_alarm()) for _ in range(5)), return_exceptions=True
        )
        assert all(isinstance(result, OSError) for result in results)
    else:
        with pytest.raises(OSError, match="locked"):
            await unopened.open()
    assert unopened.fault is StorageFault.LOCKED
    other.rollback()
    other.close()
    await until(lambda: unopened.fault is None)
    assert await add(unopened, an_alarm()) is not None


@pytest.mark.parametrize("missing", ["database", "media"])
async def test_folder_is_missing(tmp_path: Path, missing: str) -> None:
    """A network drive that comes late is used when it comes."""
    folder = tmp_path / "drive"
    write(folder, b"")
    places = {"database": tmp_path / "vision_hub.db", "media": tmp_path / "media"}
    places[missing] = folder / "here"
    archive = Archive(places["database"], places["media"])
    with pytest.raises(OSError, match=r"Errno"):
        await archive.open()
    assert archive.fault is StorageFault.MISSING
    folder.unlink()
    folder.mkdir()
    await until(lambda: archive.fault is None)
    assert await add(archive, an_alarm(pictures=(scene(),))) is not None
    await archive.close()


async def test_database_is_a_folder(unopened: Archive, database: Path) -> None:
    database.mkdir()
    with pytest.raises(OSError, match="unable to open"):
        await unopened.open()
    assert unopened.fault is StorageFault.MISSING
    database.rmdir()
    await until(lambda: unopened.fault is None)


async def test_newer_database(unopened: Archive, database: Path) -> None:
    """It is left as it is, and when it is moved away a new one is begun."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(DatabaseTooNew, match="99"):
        await unopened.open()
    assert unopened.fault is StorageFault.TOO_NEW
    database.rename(database.with_suffix(".new"))
    await until(lambda: unopened.fault is None)


async def test_waiting_for_too_long(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = "custom_components.vision_hub.alarms.archive.group_commit"
    monkeypatch.setattr(f"{package}.QUEUE_BYTES", 1)
    monkeypatch.setattr(f"{package}.QUEUE_TIMEOUT", 0)
    alarms = [an_alarm() for _ in range(3)]
    await asyncio.gather(
        *(add(archive, alarm) for alarm in alarms), return_exceptions=True
    )
    assert archive.fault is StorageFault.SLOW
    await until(lambda: archive.fault is None)


@pytest.mark.parametrize("start", [False, True])
async def test_full_disk(tmp_path: Path, *, start: bool) -> None:
    """A real disk, on which the database, too, has no room."""
    folder = tmp_path / "disk"
    with small_disk(folder):
        archive = Archive(folder / "vision_hub.db", folder / "media")
        await archive.open()
        stored = await add(archive, an_alarm(pictures=(scene(),)))
        assert stored is not None
        if start:
            await archive.close()
        ballast = fill(folder)
        if start:
            with pytest.raises(OSError, match=r"Errno"):
                await archive.open()
        else:
            with pytest.raises(OSError, match=r"Errno"):
                await add(archive, an_alarm(pictures=(scene(),)))
        assert archive.fault is StorageFault.FULL
        ballast.unlink()
        await until(lambda: archive.fault is None)
        assert await archive.get(stored.key) == stored
        assert await add(archive, an_alarm(pictures=(scene(),))) is not None
        await archive.close()


async def test_read_only_disk(tmp_path: Path) -> None:
    """A real disk, mounted as systems do after an error."""
    folder = tmp_path / "disk"
    with small_disk(folder):
        archive = Archive(folder / "vision_hub.db", folder / "media")
        await archive.open()
        await archive.close()
        remount(folder, "ro")
        with pytest.raises(OSError, match=r"Errno"):
            await archive.open()
        assert archive.fault is StorageFault.READ_ONLY
        remount(folder, "rw")
        await until(lambda: archive.fault is None)
        await archive.close()

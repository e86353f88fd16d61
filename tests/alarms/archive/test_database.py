"""A database that is broken, old, or too new."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery
from custom_components.vision_hub.vendors.model import Passage

from ...helpers.alarms import an_alarm, jpeg, scene
from ..conftest import files, until
from .conftest import add, write


def break_pages(database: Path) -> None:
    """Leave the first page as it is, so that the fault shows when it is used."""
    write(database, database.read_bytes()[:4096] + b"\xff" * 200_000)


async def test_corrupted_before(database: Path, media: Path) -> None:
    picture = media / "old.jpg"
    write(picture, jpeg())
    write(database, b"not a database" * 1000)
    archive = Archive(database, media)
    await archive.open()
    assert archive.moved_aside is not None
    assert archive.moved_aside.read_bytes().startswith(b"not a")
    assert await add(archive, an_alarm(pictures=(scene(),))) is not None
    await archive.close()
    # What the old database knew is kept with it.
    assert not picture.exists()
    (kept,) = media.parent.glob("media.corrupt.*/old.jpg")
    assert kept.read_bytes() == jpeg()


async def test_corrupted_while_running(
    archive: Archive, database: Path, media: Path
) -> None:
    for _ in range(40):
        await add(archive, an_alarm(code="x" * 3000, pictures=(scene(),)))
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    break_pages(database)
    results = [await add(archive, an_alarm(code="x" * 3000)) for _ in range(5)]
    assert all(results)
    assert archive.moved_aside is not None
    assert len(await archive.search(ArchiveQuery())) == (await archive.usage()).alarms


async def test_older_database(database: Path, media: Path) -> None:
    """What an earlier release stored is there, and new alarms have their place."""
    archive = Archive(database, media)
    await archive.open()
    await add(archive, an_alarm(id="old"))
    await archive.close()
    with sqlite3.connect(database) as connection:
        connection.execute("DROP INDEX pictures_waiting")
        for table, column in (
            ("alarms", "task"),
            ("alarms", "passage"),
            ("pictures", "due"),
            ("pictures", "attempts"),
        ):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute("PRAGMA user_version=1")
    connection.close()
    archive = Archive(database, media)
    await archive.open()
    await add(archive, an_alarm(id="new", task="Gate", passage=Passage.EXIT))
    found = await archive.search(ArchiveQuery())
    await archive.close()
    assert {(one.alarm.id, one.alarm.task, one.alarm.passage) for one in found} == {
        ("old", None, None),
        ("new", "Gate", Passage.EXIT),
    }


async def stored_pictures(database: Path, media: Path, count: int = 3) -> set[str]:
    """Fill an archive and close it; return the names of its pictures."""
    archive = Archive(database, media)
    await archive.open()
    for number in range(count):
        await add(archive, an_alarm(pictures=(scene(number),)))
    await archive.close()
    return {path.name for path in files(media)}


def kept(media: Path) -> set[str]:
    """Return the names of the pictures that were set aside."""
    return {
        path.name
        for folder in media.parent.glob("media.corrupt.*")
        for path in files(folder)
    }


@pytest.mark.parametrize("left", ["nothing", "empty file", "empty database"])
async def test_database_is_gone(database: Path, media: Path, left: str) -> None:
    """Pictures that nobody knows any more are set aside, not deleted."""
    pictures = await stored_pictures(database, media)
    database.unlink()
    if left == "empty file":
        database.touch()
    if left == "empty database":
        with sqlite3.connect(database) as connection:
            connection.execute("VACUUM")
        connection.close()
    archive = Archive(database, media)
    await archive.open()
    assert archive.moved_aside is not None
    assert await add(archive, an_alarm(pictures=(scene(),))) is not None
    assert kept(media) == pictures
    await archive.forget("hub")
    assert archive.moved_aside is None
    assert not files(media)
    assert not [*media.parent.glob("*.corrupt.*")]
    await archive.close()


@pytest.mark.parametrize("replaced", [False, True])
async def test_database_goes_while_running(
    archive: Archive, database: Path, media: Path, *, replaced: bool
) -> None:
    """What was acknowledged must not lie in a file that nobody finds again."""
    changes: list[Path | None] = []
    archive.subscribe(lambda: changes.append(archive.moved_aside))
    await add(archive, an_alarm(pictures=(scene(),)))
    if replaced:
        backup = database.with_suffix(".backup")
        backup.write_bytes(database.read_bytes())
        backup.rename(database)
    else:
        database.unlink()
    stored = await add(archive, an_alarm(id="after", pictures=(scene(),)))
    assert stored is not None
    await until(lambda: len(changes) == 1)
    assert changes == [archive.moved_aside]
    assert len(kept(media)) == 1
    await archive.close()
    again = Archive(database, media)
    await again.open()
    assert [one.alarm.id for one in await again.search(ArchiveQuery())] == ["after"]
    await again.close()


async def test_database_of_a_backup(
    database: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures of alarms that came after the backup are kept as well."""
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.archive.archive.MOST_LEFT", 10
    )
    old = await stored_pictures(database, media)
    backup = database.read_bytes()
    new = await stored_pictures(database, media, 30) - old
    database.write_bytes(backup)
    archive = Archive(database, media)
    await archive.open()
    await until(lambda: kept(media) == new)
    assert {path.name for path in files(media)} == old
    await until(lambda: archive.moved_aside is not None)
    await archive.close()

"""A database that is broken, old, or too new."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.vision_hub.alarms.archive import (
    Archive,
    ArchiveQuery,
    DatabaseTooNew,
)
from custom_components.vision_hub.vendors.model import Passage

from ...helpers.alarms import an_alarm, jpeg, scene
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
        for column in ("task", "passage"):
            connection.execute(f"ALTER TABLE alarms DROP COLUMN {column}")
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


async def test_newer_database(database: Path, media: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(DatabaseTooNew, match="99"):
        await Archive(database, media).open()

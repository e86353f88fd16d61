"""Pictures that an alarm only points to wait until they are fetched."""

from datetime import timedelta
from pathlib import Path
import sqlite3

from custom_components.vision_hub.alarms.archive import Archive, WaitingPicture
from custom_components.vision_hub.vendors.model import Picture, PictureRole

from ...helpers.alarms import an_alarm, jpeg, scene
from ..conftest import files
from .conftest import add

HOUR = timedelta(hours=1)


def pointer(reference: str, role: PictureRole = PictureRole.SCENE) -> Picture:
    return Picture(role, None, reference)


async def taken(archive: Archive, hub: str = "hub") -> list[str]:
    """Take all that is due, in order; return what they point to."""
    references = []
    while isinstance(waiting := await archive.next_waiting(hub, ()), WaitingPicture):
        references.append(waiting.reference)
        await archive.postpone(waiting, HOUR)
    return references


async def test_newest_first(archive: Archive) -> None:
    await add(archive, an_alarm(pictures=(pointer("a"), scene(), pointer("b"))))
    await add(archive, an_alarm(pictures=(scene(),)))
    await add(archive, an_alarm(pictures=(pointer("c"),)))
    await add(archive, an_alarm(pictures=(pointer("other"),)), "another")
    first = await archive.next_waiting("hub", ())
    assert isinstance(first, WaitingPicture)
    beside = await archive.next_waiting("hub", {first.alarm})
    assert isinstance(beside, WaitingPicture)
    assert (first.reference, beside.reference) == ("c", "a")
    assert await taken(archive) == ["c", "a", "b"]
    assert await taken(archive) == []
    assert await taken(archive, "nobody") == []
    assert await archive.next_waiting("nobody", ()) is None


async def test_attached(archive: Archive, media: Path) -> None:
    """What two pictures point to is fetched once."""
    pictures = (pointer("a"), pointer("a", PictureRole.TARGET), pointer("b"))
    await add(archive, an_alarm(pictures=pictures))
    waiting = await archive.next_waiting("hub", ())
    assert isinstance(waiting, WaitingPicture)
    assert await archive.attach_waiting(waiting, b"<html>") is None
    stored = await archive.attach_waiting(waiting, jpeg(1))
    assert stored is not None
    assert [picture.role for picture in stored.pictures] == ["scene", "target"]
    assert (await archive.usage()).size == len(jpeg(1))
    assert await archive.attach_waiting(waiting, jpeg(1)) is None
    assert len(files(media)) == 1
    assert await taken(archive) == ["b"]
    await archive.forget("hub")
    assert not files(media)
    assert await archive.attach_waiting(waiting, jpeg(1)) is None
    assert not files(media)


async def test_waits_through_a_restart(database: Path, media: Path) -> None:
    archive = Archive(database, media)
    await archive.open()
    await add(archive, an_alarm(pictures=(pointer("lost"), pointer("late"))))
    waiting = await archive.next_waiting("hub", ())
    assert isinstance(waiting, WaitingPicture)
    await archive.postpone(waiting, None)
    waiting = await archive.next_waiting("hub", ())
    assert isinstance(waiting, WaitingPicture)
    await archive.postpone(waiting, -HOUR)
    await archive.close()
    archive = Archive(database, media)
    await archive.open()
    waiting = await archive.next_waiting("hub", ())
    assert isinstance(waiting, WaitingPicture)
    assert (waiting.reference, waiting.attempts) == ("late", 1)
    # Our clock is set back by a year.
    await archive.postpone(waiting, timedelta(days=365))
    assert await taken(archive) == ["late"]
    await archive.close()


async def test_bounds(archive: Archive) -> None:
    for number in range(10):
        await add(
            archive,
            an_alarm(pictures=(pointer(f"{number}"),)),
            age=timedelta(days=10 - number),
        )
    await add(archive, an_alarm(pictures=(pointer("other"),)), "another")
    assert await archive.give_up_waiting("hub", timedelta(days=8.5), 5) == 5
    assert await archive.give_up_waiting("hub", timedelta(days=8.5), 5) == 0
    assert await taken(archive) == ["9", "8", "7", "6", "5"]
    assert await taken(archive, "another") == ["other"]


async def test_older_database(database: Path, media: Path) -> None:
    """Pictures that an earlier release has lost are fetched after all."""
    archive = Archive(database, media)
    await archive.open()
    await add(archive, an_alarm(pictures=(pointer("a"), scene(), pointer("b"))))
    await archive.close()
    with sqlite3.connect(database) as connection:
        connection.execute("DROP INDEX pictures_waiting")
        for column in ("due", "attempts"):
            connection.execute(f"ALTER TABLE pictures DROP COLUMN {column}")
        connection.execute("PRAGMA user_version=2")
    connection.close()
    archive = Archive(database, media)
    await archive.open()
    await add(archive, an_alarm(pictures=(pointer("c"),)))
    assert await taken(archive) == ["c", "a", "b"]
    assert await taken(archive) == []
    await archive.close()


async def test_new_database_is_as_a_migrated_one(tmp_path: Path) -> None:
    """Columns, their order and the indexes: what is new is what became of the old."""
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    for database in (new, old):
        archive = Archive(database, tmp_path / f"media of {database.name}")
        await archive.open()
        await archive.close()
    with sqlite3.connect(old) as connection:
        connection.execute("DROP INDEX pictures_waiting")
        for column in ("due", "attempts"):
            connection.execute(f"ALTER TABLE pictures DROP COLUMN {column}")
        connection.execute("PRAGMA user_version=2")
    connection.close()
    archive = Archive(old, tmp_path / "media of old.db")
    await archive.open()
    await archive.close()
    described = []
    for database in (new, old):
        with sqlite3.connect(database) as connection:
            described.append(
                (
                    connection.execute("PRAGMA table_info(pictures)").fetchall(),
                    connection.execute(
                        "SELECT sql FROM sqlite_schema WHERE name = 'pictures_waiting'"
                    ).fetchall(),
                )
            )
        connection.close()
    assert described[0] == described[1]

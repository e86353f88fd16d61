"""What is stored is there, once, and comes back as it was."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import os
from pathlib import Path
import shutil
import sqlite3
import threading

from homeassistant.util import dt as dt_util
import pytest

from custom_components.vision_hub.alarms.archive import (
    Archive,
    ArchiveQuery,
    DatabaseTooNew,
    Limits,
    StoredAlarm,
)
from custom_components.vision_hub.alarms.archive.media_files import (
    PictureFolder,
    new_file,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Box,
    Counts,
    Match,
    Passage,
    Phase,
    Picture,
    PictureRole,
    Source,
    Target,
)

from ...helpers.alarms import NOON, an_alarm, jpeg, scene
from ..conftest import files, until


async def add(
    archive: Archive, alarm: Alarm, hub: str = "hub", age: timedelta = timedelta()
) -> StoredAlarm | None:
    return await archive.add(hub, alarm, received=dt_util.utcnow() - age, late=False)


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def break_pages(database: Path) -> None:
    """Leave the first page as it is, so that the fault shows when it is used."""
    write(database, database.read_bytes()[:4096] + b"\xff" * 200_000)


async def test_comes_back_as_it_was(archive: Archive, media: Path) -> None:
    alarm = an_alarm(
        channel_name="大门",
        kind=AlarmKind.FACE_RECOGNIZED,
        matches=(
            Match(
                person_id="7",
                name="张三",
                library_id="2",
                library="员工",
                similarity=91.5,
            ),
        ),
        targets=(
            Target(type="face", box=Box(0.1, 0.2, 0.3, 0.4)),
            Target(type="plate", plate="京A12345"),
        ),
        counts=Counts(entered=3),
        pictures=(scene(1), Picture(PictureRole.TARGET, None, "ref")),
        clip="video-1",
        time=NOON.astimezone(dt_util.get_time_zone("Asia/Shanghai")),
    )
    stored = await add(archive, alarm)
    assert stored is not None
    assert stored.alarm.matches == alarm.matches
    assert [picture.role for picture in stored.pictures] == [PictureRole.SCENE]
    assert await archive.search(ArchiveQuery()) == [stored]
    assert await archive.get(stored.key) == stored
    assert (media / stored.pictures[0].path).read_bytes() == jpeg(1)
    assert "张" not in stored.pictures[0].path
    assert await archive.read(stored.pictures[0].path) == jpeg(1)


async def test_survives_a_restart(database: Path, media: Path) -> None:
    first = Archive(database, media)
    await first.open()
    alarm = an_alarm(pictures=(scene(),))
    stored = await add(first, alarm)
    assert stored is not None
    await first.close()

    second = Archive(database, media)
    await second.open()
    assert await second.search(ArchiveQuery()) == [stored]
    assert await add(second, alarm) is None
    assert (await second.usage()).alarms == 1
    assert (await second.usage()).size == len(jpeg())
    # The newest alarm goes, its key is not given again.
    await second.forget("hub")
    await second.close()
    third = Archive(database, media)
    await third.open()
    again = await add(third, alarm)
    assert again is not None
    assert again.key > stored.key
    await third.close()


async def test_repeats(archive: Archive, media: Path) -> None:
    alarm = an_alarm(pictures=(scene(),))
    results = await asyncio.gather(*(add(archive, alarm) for _ in range(5)))
    assert sum(result is not None for result in results) == 1
    assert await add(archive, alarm) is None
    assert await add(archive, alarm, hub="another") is not None
    assert len(files(media)) == 2


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("first", list(Source))
async def test_push_and_record_are_one(
    archive: Archive, first: Source, *, together: bool
) -> None:
    second = Source.HISTORY if first is Source.PUSH else Source.PUSH
    begin = [
        an_alarm(source=first, time=NOON + timedelta(milliseconds=n))
        for n in (100, 700)
    ]
    follow = [an_alarm(source=second, time=NOON) for _ in range(3)]
    if together:
        await asyncio.gather(*(add(archive, alarm) for alarm in begin + follow))
    else:
        for alarm in begin + follow:
            await add(archive, alarm)
    # Two alarms in one second stay two, and the third record is a third alarm.
    assert (await archive.usage()).alarms == 3
    for alarm in begin + follow:
        assert await add(archive, alarm) is None


@pytest.mark.parametrize("together", [False, True])
async def test_hub_whose_records_have_the_ids_of_its_pushes(
    archive: Archive, media: Path, *, together: bool
) -> None:
    """Two faces of one second stay two, also when only one of them was pushed."""
    lost = an_alarm(id="7", source=Source.HISTORY, common_id=True)
    pushed = an_alarm(id="8", common_id=True, pictures=(scene(),))
    known = replace(pushed, source=Source.HISTORY, pictures=())
    adding = [add(archive, alarm) for alarm in (lost, pushed, known, known)]
    if together:
        results = await asyncio.gather(*adding)
    else:
        results = [await each for each in adding]
    assert [result is not None for result in results] == [True, True, False, False]
    # What a record began, its push completes.
    await add(archive, replace(lost, source=Source.PUSH, pictures=(scene(1),)))
    stored = await archive.search(ArchiveQuery())
    assert {(one.alarm.id, len(one.pictures)) for one in stored} == {("7", 1), ("8", 1)}
    assert len(files(media)) == 2


@pytest.mark.parametrize("together", [False, True])
async def test_pictures_of_a_push_whose_record_was_faster(
    archive: Archive, media: Path, *, together: bool
) -> None:
    """Records often have no scene; what the push brings is kept before it returns."""
    told: list[StoredAlarm] = []
    record = an_alarm(
        source=Source.HISTORY, pictures=(Picture(PictureRole.TARGET, None, "target"),)
    )
    target = Picture(PictureRole.TARGET, scene(1).data)
    push = an_alarm(pictures=(scene(), target))
    adding = (
        add(archive, record),
        archive.add(
            "hub", push, received=dt_util.utcnow(), late=False, on_picture=told.append
        ),
    )
    if together:
        await asyncio.gather(*adding)
    else:
        for each in adding:
            await each
    (stored,) = await archive.search(ArchiveQuery())
    # The target comes from the hub, as the record says.
    assert [picture.role for picture in stored.pictures] == [PictureRole.SCENE]
    assert len(files(media)) == len(told) == 1
    assert (await archive.usage()).size == len(scene().data or b"")


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "2"},
        {"channel": None},
        {"code": "other"},
        {"time": NOON + timedelta(seconds=1)},
        {"phase": Phase.ENDED},
    ],
)
async def test_other_record_is_another(archive: Archive, changes: dict) -> None:
    await add(archive, an_alarm())
    assert await add(archive, an_alarm(source=Source.HISTORY, **changes)) is not None


async def test_search(archive: Archive) -> None:
    for number in range(30):
        await add(
            archive,
            an_alarm(
                channel=str(number % 3),
                time=NOON + timedelta(minutes=number // 2),
                kind=AlarmKind.FIRE if number % 2 else AlarmKind.FALL,
                phase=Phase.ENDED if number == 4 else Phase.STARTED,
                matches=(Match(person_id=f"p{number}", name=f"Ann_{number}%"),),
                targets=(Target(plate=f"B-{number:03}"),),
            ),
            hub=f"hub{number % 5}",
        )

    async def found(**query: object) -> list[int]:
        return [
            stored.key - 1 for stored in await archive.search(ArchiveQuery(**query))
        ]

    assert await found() == list(range(29, -1, -1))
    assert await found(limit=3) == [29, 28, 27]
    assert await found(limit=3, before_key=28) == [26, 25, 24]
    assert await found(hubs=("hub1", "hub2"), channels=("0",)) == [27, 21, 12, 6]
    assert await found(kinds=(AlarmKind.FIRE,), limit=2) == [29, 27]
    assert await found(
        start=NOON + timedelta(minutes=3), end=NOON + timedelta(minutes=4)
    ) == [7, 6]
    assert await found(phase=Phase.ENDED) == [4]
    assert await found(person="p7") == [7]
    assert await found(person="p") == []
    assert await found(person="ann_7%") == [7]
    assert await found(person="_2%") == [2]
    assert await found(plate="029") == [29]


async def test_latest_and_seen(archive: Archive) -> None:
    await add(archive, an_alarm(id="picture", pictures=(scene(),)))
    await add(
        archive,
        an_alarm(id="face", kind=AlarmKind.FACE_CAPTURED, time=NOON + timedelta(1)),
    )
    await add(
        archive,
        an_alarm(
            id="count",
            kind=AlarmKind.PEOPLE_COUNTED,
            counts=Counts(inside=1),
            time=NOON - timedelta(1),
        ),
    )
    await add(archive, an_alarm(id="another", channel="2", time=NOON + timedelta(2)))
    await archive.add("hub", an_alarm(), received=NOON, late=True)
    latest = [stored.alarm.id for stored in await archive.latest("hub")]
    assert latest == ["count", "picture", "face", "another"]
    assert await archive.seen("hub") == {
        ("1", AlarmKind.INTRUSION),
        ("1", AlarmKind.FACE_CAPTURED),
        ("1", AlarmKind.PEOPLE_COUNTED),
        ("2", AlarmKind.INTRUSION),
    }
    assert await archive.last_time("hub") == NOON + timedelta(2)
    await archive.set_complete("hub", NOON + timedelta(3))
    assert await archive.last_time("hub") == NOON + timedelta(3)
    assert await archive.last_time("another") is None


async def test_picture_that_is_none(archive: Archive, media: Path) -> None:
    stored = await add(
        archive, an_alarm(pictures=(Picture(PictureRole.SCENE, b"<html>"),))
    )
    assert stored is not None
    assert stored.pictures == ()
    assert not files(media)


async def test_picture_later(archive: Archive, media: Path) -> None:
    reference = Picture(PictureRole.SCENE, None, "ref")
    stored = await add(archive, an_alarm(pictures=(reference, reference)))
    assert stored is not None
    fetched = Picture(PictureRole.SCENE, jpeg(9), "ref")
    one = await archive.add_picture(stored.key, fetched)
    two = await archive.add_picture(stored.key, fetched)
    assert one is not None
    assert two is not None
    assert len(two.pictures) == len(two.alarm.pictures) == 2
    assert (await archive.usage()).size == 2 * len(jpeg())
    assert (
        await archive.add_picture(stored.key, Picture(PictureRole.SCENE, b"")) is None
    )
    assert await archive.add_picture(999, fetched) is None
    assert len(files(media)) == 2


async def test_clip(archive: Archive, media: Path) -> None:
    await add(archive, an_alarm(clip="clip"))
    video = b"\0\0\0\x18ftypmp42"
    assert await archive.add_clip("hub", "unknown", video, "video/mp4") is None
    assert await archive.add_clip("hub", "clip", b"no video", "video/mp4") is None
    stored = await archive.add_clip("hub", "clip", video, "video/mp4")
    assert stored is not None
    assert stored.clip is not None
    assert stored.clip.endswith(".mp4")
    assert await archive.add_clip("hub", "clip", video, "video/mp4") is None
    assert len(files(media)) == 1


async def test_text_that_is_no_text(archive: Archive) -> None:
    alarm = an_alarm(
        id="\ud800",
        channel_name="a\udfffb",
        matches=(Match(person_id="1", name="\ud83d"),),
    )
    assert await add(archive, alarm) is not None
    assert await add(archive, alarm) is None
    (stored,) = await archive.search(ArchiveQuery())
    assert stored.alarm.channel_name == "a?b"


async def test_one_of_a_group_fails_alone(
    archive: Archive, database: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses a picture, the database a row; another is none of ours."""
    with sqlite3.connect(database) as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON alarms WHEN NEW.code = 'bad' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    connection.close()
    really = os.write

    def refuse(descriptor: int, data: memoryview) -> int:
        if bytes(data[4:8]) == (13).to_bytes(4, "big"):
            raise OSError(28, "No space left on device")
        return really(descriptor, data)

    monkeypatch.setattr(os, "write", refuse)
    alarms = [an_alarm(pictures=(scene(number),)) for number in range(20)]
    bad = [an_alarm(pictures=(scene(99),), **{key: "bad"}) for key in ("code", "time")]
    results = await asyncio.gather(
        *(add(archive, alarm) for alarm in [*alarms, *bad, alarms[13]]),
        return_exceptions=True,
    )
    assert [n for n, result in enumerate(results) if isinstance(result, Exception)] == [
        13,
        20,
        21,
        22,
    ]
    assert isinstance(results[13], OSError)
    assert isinstance(results[20], OSError)
    assert results[13] is not results[22]
    assert len(files(media)) == 19
    assert (await archive.usage()).alarms == 19


async def test_media_folder_is_a_file(database: Path, media: Path) -> None:
    write(media, b"")
    archive = Archive(database, media)
    await archive.open()
    with pytest.raises(OSError):  # noqa: PT011
        await add(archive, an_alarm(pictures=(scene(),)))
    assert await add(archive, an_alarm()) is not None
    await archive.close()


async def test_full_disk(
    archive: Archive, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "os.write", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    alarm = an_alarm(pictures=(scene(),))
    with pytest.raises(OSError, match="full"):
        await add(archive, alarm)
    assert archive.full
    monkeypatch.undo()
    assert await add(archive, alarm) is not None
    assert not archive.full
    assert len(files(media)) == 1


async def test_deleted_folder_comes_back(archive: Archive, media: Path) -> None:
    await add(archive, an_alarm(pictures=(scene(),)))
    shutil.rmtree(media)
    assert await add(archive, an_alarm(pictures=(scene(),))) is not None
    assert len(files(media)) == 1


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


async def test_limits(archive: Archive, media: Path) -> None:
    for number in range(250):
        await add(
            archive,
            an_alarm(id=f"{number}", pictures=(scene(size=100_000),)),
            age=timedelta(days=20 if number < 120 else 1),
        )
    await add(archive, an_alarm(pictures=(scene(),)), "another", timedelta(days=50))
    usage = await archive.trim("hub", Limits(days=10, megabytes=1000))
    assert usage.alarms == len(files(media)) - 1 == 130
    assert not archive.exceeds("hub", Limits(days=10, megabytes=14))
    assert archive.exceeds("hub", Limits(days=10, megabytes=5))
    usage = await archive.trim("hub", Limits(days=10, megabytes=5))
    assert usage.alarms == len(files(media)) - 1 == 49
    assert usage.size <= 5_000_000
    newest = await archive.search(ArchiveQuery(hubs=("hub",), limit=1000))
    assert {stored.alarm.id for stored in newest} == {str(n) for n in range(201, 250)}
    await archive.forget("hub")
    assert len(files(media)) == (await archive.usage()).alarms == 1


async def test_files_without_alarm_are_swept(database: Path, media: Path) -> None:
    archive = Archive(database, media)
    await archive.open()
    kept = await add(archive, an_alarm(pictures=(scene(),), clip="clip"))
    assert kept is not None
    await archive.add_clip("hub", "clip", b"\0\0\0\x18ftypmp42", "video/mp4")
    await archive.close()
    folder = (media / kept.pictures[0].path).parent
    for number in range(150):
        (folder / f"{number}.jpg").write_bytes(jpeg())
    (folder / "half.jpg.part").write_bytes(b"")
    archive = Archive(database, media)
    await archive.open()
    await until(lambda: len(files(media)) == 2)
    await archive.close()
    assert (media / kept.pictures[0].path).exists()


async def test_paths(archive: Archive, media: Path, tmp_path: Path) -> None:
    stored = await add(archive, an_alarm(pictures=(scene(),)))
    assert stored is not None
    inside = stored.pictures[0].path
    assert archive.path(inside) == (media / inside).resolve()
    (tmp_path / "secret").write_text("")
    (media / "link").symlink_to(tmp_path / "secret")
    for path in (
        "2026/../../secret",
        "../secret",
        str(tmp_path / "secret"),
        "link",
        ".",
        "none",
        "\0",
    ):
        assert archive.path(path) is None


async def test_memory_is_bounded(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than fits waits for room, in its turn, and is refused when it takes long."""
    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.archive.group_commit.QUEUE_BYTES", 200_000
    )
    alarms = [an_alarm(pictures=(scene(n, 90_000),)) for n in range(20)]
    keys = await asyncio.gather(*(add(archive, alarm) for alarm in alarms))
    assert [stored and stored.key for stored in keys] == list(range(1, 21))

    monkeypatch.setattr(
        "custom_components.vision_hub.alarms.archive.group_commit.QUEUE_TIMEOUT", 0
    )
    alarms = [an_alarm(pictures=(scene(n, 90_000),)) for n in range(20)]
    results = await asyncio.gather(
        *(add(archive, alarm) for alarm in alarms), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) >= 10
    assert all(isinstance(each, OSError) for each in refused)


async def test_closed(archive: Archive) -> None:
    waiting = asyncio.gather(*(add(archive, an_alarm()) for _ in range(10)))
    await asyncio.sleep(0)
    await archive.close()
    assert all(await waiting)
    with pytest.raises(OSError, match="closed"):
        await add(archive, an_alarm())


def test_folder_that_goes_while_it_is_filled(media: Path) -> None:
    """Tidying up takes empty folders; a picture that is just being written stays."""
    folder = PictureFolder(media)
    media.mkdir()
    done = threading.Event()

    def tidy() -> None:
        while not done.is_set():
            folder.delete_empty_folders()

    tidier = threading.Thread(target=tidy)
    tidier.start()
    try:
        for day in range(300):
            file = new_file(NOON + timedelta(days=day), "scene", b"picture", "jpg")
            folder.write_and_sync(file)
            assert (media / file.path).read_bytes() == b"picture"
            folder.delete(file.path)
    finally:
        done.set()
        tidier.join()

"""What is stored is there, once, and comes back as it was."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import os
from pathlib import Path
import sqlite3

from homeassistant.util import dt as dt_util
import pytest

from custom_components.vision_hub.alarms.archive import (
    Archive,
    ArchiveQuery,
    StoredAlarm,
    Unstorable,
)
from custom_components.vision_hub.alarms.archive.freed_memory import give_back
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Box,
    Counts,
    Match,
    Phase,
    Picture,
    PictureRole,
    Source,
    Target,
)

from ...helpers.alarms import NOON, an_alarm, jpeg, scene
from ..conftest import files, until
from .conftest import add


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


async def test_picture_that_is_none(archive: Archive, media: Path) -> None:
    stored = await add(
        archive, an_alarm(pictures=(Picture(PictureRole.SCENE, b"<html>"),))
    )
    assert stored is not None
    assert stored.pictures == ()
    assert not files(media)


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
    assert isinstance(results[20], Unstorable)
    assert results[13] is not results[22]
    assert len(files(media)) == 19
    assert (await archive.usage()).alarms == 19


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


async def test_memory_is_given_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, when a storm is over."""
    package = "custom_components.vision_hub.alarms.archive.freed_memory"
    given: list[int] = []
    monkeypatch.setattr(f"{package}.give_back", lambda: given.append(1))
    monkeypatch.setattr(f"{package}.QUIET", 1)
    monkeypatch.setattr(f"{package}.STORM", 500_000)
    for _ in range(3):
        alarms = [an_alarm(pictures=(scene(n, 100_000),)) for n in range(10)]
        await asyncio.gather(*(add(archive, alarm) for alarm in alarms))
    await add(archive, an_alarm(pictures=(scene(0, 100_000),)))
    await until(lambda: given == [1])


def test_giving_back_is_harmless() -> None:
    """Whatever the C library is."""
    give_back()


async def test_closed(archive: Archive) -> None:
    waiting = asyncio.gather(*(add(archive, an_alarm()) for _ in range(10)))
    await asyncio.sleep(0)
    await archive.close()
    assert all(await waiting)
    with pytest.raises(OSError, match="closed"):
        await add(archive, an_alarm())

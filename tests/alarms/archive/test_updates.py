"""What comes after an alarm, and what is deleted."""

from datetime import timedelta
from pathlib import Path

from custom_components.vision_hub.alarms.archive import Archive, ArchiveQuery, Limits
from custom_components.vision_hub.vendors.model import Picture, PictureRole

from ...helpers.alarms import an_alarm, jpeg, scene
from ..conftest import files
from .conftest import add


async def test_picture_later(archive: Archive, media: Path) -> None:
    stored = await add(archive, an_alarm())
    assert stored is not None
    later = await archive.add_picture(stored.key, scene(9))
    assert later is not None
    assert len(later.pictures) == len(later.alarm.pictures) == 1
    assert (await archive.usage()).size == len(jpeg())
    nothing = Picture(PictureRole.SCENE, b"")
    assert await archive.add_picture(stored.key, nothing) is None
    assert await archive.add_picture(999, scene()) is None
    assert len(files(media)) == 1


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

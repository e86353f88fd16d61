"""Folders of pictures and videos."""

from datetime import timedelta
from pathlib import Path
import shutil
import threading

from custom_components.vision_hub.alarms.archive import Archive
from custom_components.vision_hub.alarms.archive.media_files import (
    PictureFolder,
    new_file,
)

from ...helpers.alarms import NOON, an_alarm, jpeg, scene
from ..conftest import files, until
from .conftest import add


async def test_deleted_folder_comes_back(archive: Archive, media: Path) -> None:
    await add(archive, an_alarm(pictures=(scene(),)))
    shutil.rmtree(media)
    assert await add(archive, an_alarm(pictures=(scene(),))) is not None
    assert len(files(media)) == 1


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

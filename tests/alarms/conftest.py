"""An archive in a folder of its own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from custom_components.vision_hub.alarms.archive import Archive


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return where the database lies."""
    return tmp_path / "vision_hub.db"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """Return the media folder."""
    return tmp_path / "media"


@pytest.fixture
async def archive(database: Path, media: Path) -> AsyncGenerator[Archive]:
    """Open an archive."""
    archive = Archive(database, media)
    await archive.open()
    yield archive
    await archive.close()


def files(media: Path) -> list[Path]:
    """Return what lies in the media folder."""
    return sorted(path for path in media.rglob("*") if path.is_file())

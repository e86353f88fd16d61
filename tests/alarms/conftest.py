"""An archive in a folder of its own."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
import time

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.alarms.archive import Archive
from custom_components.vision_hub.alarms.receiving import (
    CallbackEndpoint,
    async_register_push_view,
    new_token,
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return where the database lies."""
    return tmp_path / "vision_hub.db"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """Return the media folder."""
    return tmp_path / "media"


@pytest.fixture
async def client(
    hass: HomeAssistant,
    socket_enabled: None,
    hass_client_no_auth: ClientSessionGenerator,
) -> TestClient:
    assert await async_setup_component(hass, "http", {})
    async_register_push_view(hass)
    return await hass_client_no_auth()


@pytest.fixture
async def endpoint(hass: HomeAssistant, client: TestClient) -> CallbackEndpoint:
    endpoint = CallbackEndpoint(
        hass, "entry", token=new_token(), base_url="http://home:8123/"
    )
    await endpoint.load()
    return endpoint


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


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is the case."""
    for _ in range(2000):
        if condition():
            return
        # In a thread, for the loop's own clock may be frozen.
        await asyncio.to_thread(time.sleep, 0.005)
    pytest.fail("It did not come to that")

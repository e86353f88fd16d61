"""An archive in a folder of its own."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from pathlib import Path
import time

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.alarms import AlarmCenter, AlarmOptions, AlarmUpdate
from custom_components.vision_hub.alarms.archive import Archive, Limits
from custom_components.vision_hub.alarms.receiving import (
    CallbackEndpoint,
    async_register_push_view,
    new_token,
)

from ..helpers.fake_hub import FakeHub

# Somebody sets the clock, or finds the time again after a power cut.
CLOCK_STEPS = [timedelta(hours=-2), timedelta(hours=2), timedelta(days=-400)]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Return what sets the clock on the wall; the time that passes stays as it is."""
    utcnow, tell = dt_util.utcnow, time.time

    def set_clock(step: timedelta) -> None:
        event = "homeassistant.helpers.event"
        monkeypatch.setattr(dt_util, "utcnow", lambda: utcnow() + step)
        monkeypatch.setattr(f"{event}.time_tracker_utcnow", lambda: utcnow() + step)
        monkeypatch.setattr(
            f"{event}.time_tracker_timestamp", lambda: tell() + step.total_seconds()
        )

    return set_clock


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


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain="vision_hub", title="Shop", unique_id="box", data={"vendor": "uniview"}
    )
    entry.add_to_hass(hass)
    return entry


def make_center(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: FakeHub,
    archive: Archive,
    *,
    hold: timedelta | None = None,
    megabytes: int = 1000,
    base_url: str | None = "http://home",
) -> AlarmCenter:
    return AlarmCenter(
        hass,
        entry,
        hub,
        archive,
        CallbackEndpoint(hass, entry.entry_id, token="token", base_url=base_url),
        AlarmOptions(callback_url=None, hold=hold, limits=Limits(30, megabytes)),
        on_changed=lambda: None,
    )


@pytest.fixture
async def center(
    hass: HomeAssistant, entry: MockConfigEntry, hub: FakeHub, archive: Archive
) -> AsyncGenerator[AlarmCenter]:
    center = make_center(hass, entry, hub, archive)
    await center.load()
    yield center
    await center.stop()


@pytest.fixture
def updates(center: AlarmCenter) -> list[AlarmUpdate]:
    updates: list[AlarmUpdate] = []
    center.subscribe(updates.append)
    return updates


def now(ago: float = 0) -> datetime:
    return dt_util.utcnow() - timedelta(seconds=ago)


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await asyncio.sleep(0)

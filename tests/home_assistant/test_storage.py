"""Alarms cannot be stored: hubs are told to come again, users why, and it mends itself."""

from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
import errno
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.vision_hub.alarms import EVENT_ALARM as EVENT
from custom_components.vision_hub.alarms.archive import StorageFault
from custom_components.vision_hub.const import DOMAIN, OPTION_KEEP_MEGABYTES
from simulators.megvii import MegviiBox
from simulators.push_delivery import ResendPolicy
from simulators.uniview import UniviewBox

from ..conftest import (
    PASSWORD,
    Setup,
    entity_id,
    new_entry,
    until,
    until_entry,
    until_true,
)
from ..helpers.alarms import an_alarm, scene
from ..helpers.disk import Disk, fill, small_disk
from ..helpers.megvii import QUICK, slow_to_give_up

FAULTS = {
    errno.ENOSPC: StorageFault.FULL,
    errno.EROFS: StorageFault.READ_ONLY,
    errno.EACCES: StorageFault.DENIED,
    errno.ENOENT: StorageFault.MISSING,
    errno.EBUSY: StorageFault.LOCKED,
    errno.EIO: StorageFault.FAILING,
}


@pytest.fixture
def disk(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Disk:
    """What the pictures lie on; nobody waits long for it."""
    package = "custom_components.vision_hub.alarms.archive"
    monkeypatch.setattr(f"{package}.health.FIRST_WAIT", 0.02)
    monkeypatch.setattr(f"{package}.health.LONGEST_WAIT", 0.05)
    return Disk(monkeypatch, tmp_path / "media")


@pytest.fixture
async def client(
    hass: HomeAssistant, enable_custom_integrations: None, tmp_path: Path
) -> AsyncGenerator[TestClient]:
    """Whoever calls a Home Assistant that may know nothing of us yet."""
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    assert await async_setup_component(hass, "http", {})
    hass.http.app._router.freeze = lambda: None
    async with TestClient(TestServer(hass.http.app)) as client:
        yield client


async def until_gone(hass: HomeAssistant, issue: str) -> None:
    await until_true(
        hass,
        lambda: ir.async_get(hass).async_get_issue(DOMAIN, issue) is None,
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )


@pytest.mark.parametrize(("number", "fault"), FAULTS.items())
async def test_start(
    hass: HomeAssistant,
    client: TestClient,
    box: UniviewBox,
    disk: Disk,
    number: int,
    fault: StorageFault,
) -> None:
    """A hub that calls is never turned away, and the entry is there when the disk is."""
    entry = new_entry(box, str(client.make_url("")).rstrip("/"))
    entry.add_to_hass(hass)
    push = f"/api/vision_hub/push/{entry.data['token']}"
    disk.error = number
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == f"storage_{fault}"
    assert (await client.post(push, data=b"{}")).status == 503
    assert (await client.post(f"{push}x", data=b"{}")).status == 404

    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"storage_{fault}")
    assert issue is not None
    assert issue.learn_more_url is not None
    for language in ("en", "zh-Hans"):
        texts = await async_get_translations(hass, language, "issues", {DOMAIN})
        text = texts[f"component.{DOMAIN}.issues.{issue.translation_key}.description"]
        assert str(hass.config.media_dirs["local"]) in text.format(
            **issue.translation_placeholders or {}
        )

    disk.error = None
    await until_gone(hass, issue.issue_id)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await until_entry(hass, entry, ConfigEntryState.LOADED)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    delivery = await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
    assert await delivery.delivered(timeout=10)


async def test_while_running(
    hass: HomeAssistant, entry: MockConfigEntry, box: UniviewBox, disk: Disk
) -> None:
    disk.error = errno.ENOSPC
    push = entity_id(hass, entry, "push")
    await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
    await until(hass, push, STATE_OFF)
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, "storage_full") is not None
    # It is reloaded meanwhile.
    assert not await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    disk.error = errno.EIO
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, "storage_failing") is not None,
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    assert issues.async_get_issue(DOMAIN, "storage_full") is None
    disk.error = None
    await until_gone(hass, "storage_failing")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await until_entry(hass, entry, ConfigEntryState.LOADED)
    await until(hass, push, STATE_ON)


async def test_removed_meanwhile(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    box: UniviewBox,
    disk: Disk,
    tmp_path: Path,
) -> None:
    """What could not be deleted with a hub is deleted as soon as it can be."""
    delivery = await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
    assert await delivery.delivered(timeout=10)
    pictures: Callable[[], list[Path]] = lambda: list(tmp_path.rglob("media/**/*.jpg"))  # noqa: E731
    assert pictures()
    disk.error = errno.EROFS
    await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
    await until(hass, entity_id(hass, entry, "push"), STATE_OFF)
    assert await hass.config_entries.async_remove(entry.entry_id)
    disk.error = None
    await until_gone(hass, "storage_read_only")
    await hass.async_block_till_done()
    assert not pictures()


async def test_damaged_while_running(
    hass: HomeAssistant, entry: MockConfigEntry, box: UniviewBox, tmp_path: Path
) -> None:
    """The user is told at once; what was set aside goes with the hub."""
    database = Path(hass.config.path("vision_hub.db"))
    database.unlink()
    delivery = await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
    assert await delivery.delivered(timeout=10)
    issues = ir.async_get(hass)
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, "archive_damaged") is not None,
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    assert [*database.parent.glob("*.corrupt.*")]
    await hass.config_entries.async_remove(entry.entry_id)
    assert issues.async_get_issue(DOMAIN, "archive_damaged") is None
    assert not [*database.parent.glob("*.corrupt.*")]


async def test_refused_is_fetched(
    hass: HomeAssistant, set_up: Setup, disk: Disk
) -> None:
    """A box that does not send again loses nothing."""
    resend = ResendPolicy(attempts=1)
    events = async_capture_events(hass, EVENT)
    async with UniviewBox(channels=2, password=PASSWORD, resend=resend) as box:
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        disk.error = errno.ENOSPC
        for _ in range(8):
            push = await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
            assert not await push.delivered(timeout=10)
        disk.error = None
        await all_stored(hass, entry, events, 8)


async def test_refused_by_a_full_disk_is_fetched_from_a_megbox(
    hass: HomeAssistant, start_hub: Setup, disk: Disk
) -> None:
    events = async_capture_events(hass, EVENT)
    async with MegviiBox(time_scale=QUICK) as box:
        slow_to_give_up(box)
        entry = await start_hub(box)
        disk.error = errno.ENOSPC
        assert not await (await box.capture("human", 3)).delivered(timeout=10)
        for _ in range(15):
            # Later ones are repeats of what was fetched meanwhile.
            await (await box.capture("human", 3)).delivered(timeout=10)
        disk.error = None
        await all_stored(hass, entry, events, 16)


async def all_stored(
    hass: HomeAssistant, entry: MockConfigEntry, events: list[Event], count: int
) -> None:
    """Wait until so many alarms are stored, each once."""
    await until_true(hass, lambda: len(events) >= count, EVENT, timeout=20)
    archive = entry.runtime_data.alarms.archive
    assert (await archive.usage(entry.entry_id)).alarms == len(events) == count


async def test_room_is_made(
    hass: HomeAssistant, set_up: Setup, box: UniviewBox, disk: Disk, tmp_path: Path
) -> None:
    """Whoever allows fewer alarms gets room on a full disk, though no hub is loaded."""
    with small_disk(tmp_path / "media"):
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        archive = entry.runtime_data.alarms.archive
        for number in range(20):
            picture = scene(number, 100_000)
            await archive.add(
                entry.entry_id,
                an_alarm(pictures=(picture,)),
                received=dt_util.utcnow(),
                late=True,
            )
        fill(tmp_path / "media")
        with pytest.raises(OSError, match="space"):
            await archive.add(
                entry.entry_id,
                an_alarm(pictures=(scene(99),)),
                received=dt_util.utcnow(),
                late=True,
            )
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, OPTION_KEEP_MEGABYTES: 1}
        )
        assert not await hass.config_entries.async_reload(entry.entry_id)
        await until_gone(hass, "storage_full")
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
        await until_entry(hass, entry, ConfigEntryState.LOADED)
        assert (await archive.usage()).alarms == 9
        assert await hass.config_entries.async_unload(entry.entry_id)

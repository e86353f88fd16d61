"""What only the user can mend is told as a repair."""

from datetime import timedelta
from pathlib import Path

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.const import DOMAIN
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup, entity_id, until, until_true


async def test_another_platform_keeps_its_place(
    hass: HomeAssistant,
    box: UniviewBox,
    set_up: Setup,
    hass_client: ClientSessionGenerator,
) -> None:
    """Both places taken: nothing is overwritten until the user consents."""
    await async_setup_component(hass, "repairs", {})
    theirs = ["http://192.0.2.7:8000/in", "http://192.0.2.8:8000/in"]
    for platform, url in zip(box.device.platforms.values(), theirs, strict=True):
        platform.enabled = 1
        platform.url = url
    entry = await set_up(box)
    push = entity_id(hass, entry, "push")
    issue_id = f"subscription_taken_{entry.entry_id}"
    issues = ir.async_get(hass)
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, issue_id),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    issue = issues.async_get_issue(DOMAIN, issue_id)
    assert "192.0.2.7" in issue.translation_placeholders["owners"]
    assert [p.url for p in box.device.platforms.values()] == theirs
    assert hass.states.get(push).state == STATE_OFF

    client = await hass_client()
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow = await response.json()
    assert flow["step_id"] == "confirm"
    assert "192.0.2.8" in flow["description_placeholders"]["owners"]
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    await until(hass, push, STATE_ON)
    assert issues.async_get_issue(DOMAIN, issue_id) is None

    await hass.config_entries.async_remove(entry.entry_id)
    assert [p.url for p in box.device.platforms.values()] == theirs


async def test_silence(hass: HomeAssistant, set_up: Setup) -> None:
    """A box that is not heard for three intervals is told of, until it is heard."""
    async with UniviewBox(channels=1, password=PASSWORD) as box:
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=10))
        await until(hass, entity_id(hass, entry, "push"), STATE_OFF)
        issues = ir.async_get(hass)
        issue_id = f"callback_not_reachable_{entry.entry_id}"
        assert issues.async_get_issue(DOMAIN, issue_id)
        assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_OFF

        await box.keep_alive()
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        assert issues.async_get_issue(DOMAIN, issue_id) is None


async def test_wrong_clock(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A clock that is ahead is told of; alarms still count as they happen."""
    box.clock_offset = 300
    await entry.refresh()
    for code in ("SafetyHelmetAlarm", "FallOverAlarm", "SmokingAlarm", "FireDetection"):
        push = await box.alarm(code, channel_id=2, force=True)
        assert await push.delivered(timeout=5)
    await entry.refresh()
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"clock_wrong_{entry.entry_id}")
    assert issue is not None
    assert abs(float(issue.translation_placeholders["seconds"]) - 300) < 10


async def test_subscription_refused(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """A user who may not subscribe is told so."""
    box.faults.add(Fault.CODE, "/api/v2/docking/config/update", code=1001)
    entry = await set_up(box)
    issues, issue_id = ir.async_get(hass), f"push_failed_{entry.entry_id}"
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, issue_id),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    assert hass.states.get(entity_id(hass, entry, "push")).state == STATE_OFF


async def test_damaged_archive(
    hass: HomeAssistant, enable_custom_integrations: None
) -> None:
    """A broken database is set aside, and the user is told where."""
    Path(hass.config.path("vision_hub.db")).write_bytes(b"no database " * 500)
    assert await async_setup_component(hass, DOMAIN, {})
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "archive_damaged")
    assert issue is not None
    aside = issue.translation_placeholders["file"]
    assert Path(hass.config.path(aside)).is_file()

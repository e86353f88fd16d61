"""The life of an entry: setting up, outages, polling, removal."""

from datetime import timedelta
from pathlib import Path

from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.vision_hub.const import DOMAIN
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import Setup, entity_id, new_entry, until, until_entry


async def test_outage(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A box that does not answer is unavailable, and back when it answers."""
    box.faults.add(Fault.RESET, "/api/v2/*")
    await entry.refresh()
    camera = entity_id(hass, entry, "1_camera")
    assert hass.states.get(camera).state == STATE_UNAVAILABLE
    assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_OFF

    box.faults.clear()
    await entry.refresh()
    assert hass.states.get(camera).state != STATE_UNAVAILABLE
    assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_ON


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TRUNCATED,
        Fault.NOT_JSON,
        Fault.EMPTY,
        Fault.MISSING_KEYS,
        Fault.NULLS,
        Fault.HTTP_STATUS,
        Fault.RESET,
        Fault.HUGE,
    ],
)
async def test_faults_at_start(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup, fault: Fault
) -> None:
    """Whatever is wrong at the start, Home Assistant says so and tries again."""
    box.faults.add(fault, "/api/v2/device/get")
    entry = await set_up(box)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key

    box.faults.clear()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await until_entry(hass, entry, ConfigEntryState.LOADED)
    await until(hass, entity_id(hass, entry, "connection"), STATE_ON)


async def test_steady_polling_is_cheap(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Ten polls are ten minutes: at most one request in ten seconds."""
    asked = len(box.request_log)
    for _ in range(10):
        await entry.refresh()
    assert len(box.request_log) - asked <= 60
    assert all(request.authorized for request in list(box.request_log)[asked:])


async def test_unreachable_at_removal(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A box that is gone is removed all the same, and the log tells what is left."""
    await box.stop()
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert "still pushes alarms" in caplog.text
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_unknown_vendor(hass: HomeAssistant, address: str) -> None:
    """An entry of a later version is refused in words."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="nobody_1",
        data={"vendor": "nobody", "token": "n" * 43, "host": "192.0.2.1"},
    )
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "unknown_vendor"
    assert await hass.config_entries.async_remove(entry.entry_id)


async def test_unusable_archive(
    hass: HomeAssistant, enable_custom_integrations: None, box: UniviewBox
) -> None:
    """Where alarms cannot be kept, no hub is set up, and the entry says why."""
    Path(hass.config.path("vision_hub.db")).mkdir()
    entry = new_entry(box, "http://127.0.0.1:1")
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "storage_missing"
    assert await hass.config_entries.async_remove(entry.entry_id)


async def test_names_stay_out_of_the_recorder(
    recorder_mock: Recorder, hass: HomeAssistant, address: str
) -> None:
    """Who was seen is kept in our archive, which forgets, and not in the recorder."""
    assert "vision_hub_alarm" in recorder_mock.exclude_event_types

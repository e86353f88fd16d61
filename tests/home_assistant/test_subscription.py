"""What we set on a hub to be called, beside what others set."""

from dataclasses import asdict
from datetime import timedelta

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import EVENT_ALARM
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub
from simulators.uniview import UniviewBox

from ..conftest import Setup, entity_id, until, until_true


async def test_removal_restores(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A removed entry leaves the box as it was, and its alarms are gone."""
    (slot,) = [p for p in box.device.platforms.values() if p.enabled]
    assert "/api/vision_hub/push/" in slot.url
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not any(p.enabled for p in box.device.platforms.values())


async def test_slow_clock_silences_nothing(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """A box whose clock is behind has its first alarm taken for what it is: new."""
    box.clock_offset = -300
    entry = await set_up(box)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)
    await until(hass, entity_id(hass, entry, "2_no_helmet"), STATE_ON)


async def test_subscribing_keeps_what_others_set(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """Another platform and the throttles of all channels survive us, to the letter."""
    theirs = box.device.platforms[1]
    theirs.enabled, theirs.url, theirs.alive_interval = 1, "http://192.0.2.7:8000", 90
    box.device.throttles[1] = {"enable": 1, "interval": 500}
    box.device.throttles[2] = {"enable": 0, "interval": 100}
    before = asdict(theirs), dict(box.device.throttles)

    entry = await set_up(box)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert (asdict(box.device.platforms[1]), box.device.throttles) == before
    await hass.config_entries.async_remove(entry.entry_id)
    assert (asdict(box.device.platforms[1]), box.device.throttles) == before


async def test_what_a_box_saw_while_it_had_forgotten_us(
    hass: HomeAssistant,
    box: UniviewBox,
    set_up: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When our place is taken back, the records of the time between are read."""
    monkeypatch.setattr(UniviewHub, "recheck_interval", timedelta(seconds=0.5))
    entry = await set_up(box)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    told = async_capture_events(hass, EVENT_ALARM)
    for platform in box.device.platforms.values():
        platform.enabled, platform.url = 0, ""
    await box.alarm("SafetyHelmetAlarm", channel_id=2)
    await until_true(hass, lambda: told, EVENT_ALARM)
    assert [event.data["channel"] for event in told] == ["2"]

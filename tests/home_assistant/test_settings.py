"""Switches, numbers and selects change what is set on the hub."""

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import entity_id, until


async def test_settings(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Switches, numbers and selects change the box, and only what they are for."""
    recovery = entity_id(hass, entry, "1_report_recovery")
    assert hass.states.get(recovery).state == STATE_ON
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": recovery}, blocking=True
    )
    await until(hass, recovery, STATE_OFF)
    channel = box.device.channels[1]
    assert channel.recovery == 0

    before = entity_id(hass, entry, "1_alarm_video_before")
    await hass.services.async_call(
        "number", "set_value", {"entity_id": before, "value": 12}, blocking=True
    )
    await until(hass, before, "12")
    assert channel.video_param["befor_alarmed_time"] == 12
    assert channel.video_param["after_alarmed_time"] == 5


async def test_setting_that_cannot_be_read(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """What the box does not tell is unknown until it is set, and then remembered."""
    mode = entity_id(hass, entry, "1_analysis_mode")
    er.async_get(hass).async_update_entity(mode, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(mode).state == STATE_UNKNOWN

    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": mode, "option": "round_robin"},
        blocking=True,
    )
    await until(hass, mode, "round_robin")
    assert box.device.channels[1].cycle == 2

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(mode).state == "round_robin"


async def test_analysis_switch(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Analytics stop and start; the box cannot be asked, so we remember."""
    switch = entity_id(hass, entry, "1_task_analysis")
    assert hass.states.get(switch).attributes["assumed_state"] is True
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": switch}, blocking=True
    )
    await until(hass, switch, STATE_OFF)
    assert box.device.channels[1].analysing is False


async def test_refused_setting(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A box that refuses is quoted."""
    box.faults.add(Fault.CODE, "/api/v2/smart/task", code=6)
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call(
            "switch",
            "turn_on",
            {"entity_id": entity_id(hass, entry, "1_task_analysis")},
            blocking=True,
        )
    assert caught.value.translation_key == "busy"

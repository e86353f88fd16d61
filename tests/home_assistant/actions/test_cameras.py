"""Cameras move, relays switch."""

import asyncio
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ...helpers.actions import act
from .conftest import BusyHub


async def test_move(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """A movement goes on until it is stopped; its speed is that of the buttons."""
    await act(hass, "ptz_move", gate, direction="left")
    await act(hass, "ptz_move", gate, direction="zoom_in", speed=80)
    await act(hass, "ptz_stop", gate)
    assert hub.told.calls == [
        ("move", "1", "left", "50"),
        ("move", "1", "zoom_in", "80"),
        ("stop", "1"),
    ]


async def test_move_for_some_time(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """The camera is stopped when the time is over."""
    await act(hass, "ptz_move", gate, direction="left", duration=0.01)
    assert hub.told.calls == [("move", "1", "left", "50"), ("stop", "1")]
    with pytest.raises(probatio.Invalid):
        await act(hass, "ptz_move", gate, direction="left", duration=3600)


async def long_move(hass: HomeAssistant, gate: str, hub: BusyHub) -> asyncio.Task[Any]:
    task = hass.async_create_task(
        act(hass, "ptz_move", gate, direction="up", duration=60)
    )
    await hub.ptz.moving.wait()
    return task


async def test_cancelled_movement(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """An automation that is stopped leaves no camera moving."""
    task = await long_move(hass, gate, hub)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert hub.told.calls[-1] == ("stop", "1")


async def test_movement_when_home_assistant_stops(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    task = await long_move(hass, gate, hub)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await task
    assert hub.told.calls[-1] == ("stop", "1")


async def test_movement_when_the_hub_is_unloaded(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str, hub: BusyHub
) -> None:
    task = await long_move(hass, gate, hub)
    await hass.config_entries.async_unload(entry.entry_id)
    await task
    assert hub.told.calls[-1] == ("stop", "1")


async def test_new_movement_takes_over(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    """The end of an earlier movement does not stop a later one."""
    task = await long_move(hass, gate, hub)
    await act(hass, "ptz_goto_preset", gate, preset="yard")
    await task
    assert hub.told.calls == [("move", "1", "up", "50"), ("goto", "1", "2")]


async def test_presets(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """Presets are known by name and by id."""
    assert await act(hass, "ptz_save_preset", gate, name="Door") == {"preset_id": "9"}
    await act(hass, "ptz_save_preset", gate, name="Road", preset="street")
    await act(hass, "ptz_save_preset", gate, name="Sky", preset="17")
    await act(hass, "ptz_delete_preset", gate, preset="1")
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "ptz_goto_preset", gate, preset="Nowhere")
    assert error.value.translation_key == "preset_not_found"
    assert hub.told.calls == [
        ("save", "1", "new", "Door"),
        ("save", "1", "1", "Road"),
        ("save", "1", "17", "Sky"),
        ("delete", "1", "1"),
    ]


async def test_presets_of_a_hub_that_lists_none(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str, hub: BusyHub
) -> None:
    hub.presets = ()
    await entry.runtime_data.coordinator.async_refresh()
    await act(hass, "ptz_goto_preset", gate, preset="7")
    assert hub.told.calls == [("goto", "1", "7")]


async def test_relay(hass: HomeAssistant, gate: str, hub: BusyHub) -> None:
    """A camera stands for its hub."""
    await act(hass, "trigger_relay", gate, relay="siren")
    assert hub.told.calls == [("trigger", "1")]
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "trigger_relay", gate, relay="Horn")
    assert error.value.translation_key == "relay_not_found"

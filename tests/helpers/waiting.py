"""How tests wait: for the event that tells of a change, and not for some time."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
import pytest

from custom_components.vision_hub.const import DOMAIN


async def until(
    hass: HomeAssistant,
    entity: str,
    wanted: str | Callable[[State], bool],
    timeout: float = 10,
) -> State:
    """Wait for the state of an entity, and return it."""

    def fits() -> bool:
        state = hass.states.get(entity)
        return state is not None and (
            state.state == wanted if isinstance(wanted, str) else wanted(state)
        )

    try:
        await until_true(hass, fits, EVENT_STATE_CHANGED, timeout)
    except TimeoutError:
        pytest.fail(f"{entity} stayed {hass.states.get(entity)}")
    state = hass.states.get(entity)
    assert state is not None
    return state


async def until_true(
    hass: HomeAssistant,
    condition: Callable[[], Any],
    event: str,
    timeout: float = 10,
) -> None:
    """Wait for a condition that may become true at an event."""
    done = asyncio.Event()

    @callback
    def look(_: Event[Any]) -> None:
        if condition():
            done.set()

    remove = hass.bus.async_listen(event, look)
    try:
        async with asyncio.timeout(timeout):
            if not condition():
                await done.wait()
    finally:
        remove()


async def until_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any], state: ConfigEntryState
) -> None:
    """Wait for the state of an entry."""
    done = asyncio.Event()

    @callback
    def look(_: ConfigEntryChange, changed: ConfigEntry) -> None:
        if changed is entry and entry.state is state:
            done.set()

    remove = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, look)
    try:
        async with asyncio.timeout(10):
            if entry.state is not state:
                await done.wait()
    finally:
        remove()


async def until_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], key: str
) -> ir.IssueEntry:
    """Wait for a repair of an entry."""
    issues, issue = ir.async_get(hass), (DOMAIN, f"{key}_{entry.entry_id}")
    await until_true(
        hass,
        lambda: issues.async_get_issue(*issue),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    found = issues.async_get_issue(*issue)
    assert found is not None
    return found

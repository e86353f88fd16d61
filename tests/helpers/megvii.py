"""A virtual MegBox for Home Assistant, and how tests set it up."""

from typing import Any

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from simulators.megvii import MegviiBox

from ..conftest import entity_id, until, until_true

PASSWORD = "Open-Sesame-1"
EVENT = "vision_hub_alarm"

QUICK = 0.02
"""The time scale of a box whose pauses are over soon."""


def slow_to_give_up(box: MegviiBox) -> None:
    """Let a quick box wait as long for its receiver as a slow machine needs."""
    box.device.timing.acknowledgement = 2 / box.device.time_scale


def connection(box: MegviiBox, **changes: Any) -> dict[str, Any]:
    """Return what a user enters for a box."""
    return {
        "host": box.host,
        "port": box.port,
        "ssl": False,
        "verify_ssl": False,
    } | changes


def new_entry(box: MegviiBox, address: str, **options: Any) -> MockConfigEntry:
    """Return an entry for a box, as the config flow would make it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Box",
        unique_id=f"megvii_{box.device.device_id}",
        data={
            **connection(box, username="admin", password=box.password),
            "vendor": "megvii",
            "token": "m" * 43,
        },
        options={OPTION_CALLBACK_URL: address, **options},
    )


async def load(
    hass: HomeAssistant, box: MegviiBox, address: str, **options: Any
) -> MockConfigEntry:
    """Load an entry for a box, and wait until it listens."""
    entry = new_entry(box, address, **options)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    return entry


async def call(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    domain: str,
    what: str,
    key: str,
    **data: Any,
) -> None:
    """Do something to the entity whose unique id ends with `key`."""
    await hass.services.async_call(
        domain, what, {"entity_id": entity_id(hass, entry, key), **data}, blocking=True
    )


async def until_issue(
    hass: HomeAssistant, entry: MockConfigEntry, key: str
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

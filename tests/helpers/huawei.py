"""A virtual Huawei account in Home Assistant, as its tests need it."""

from dataclasses import replace
from typing import Any

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from custom_components.vision_hub.vendors.huawei.hub import details
from simulators.huawei import HuaweiCloud, Subscription
from simulators.huawei.models import Channel

from ..conftest import entity_id, until

ACCESS_KEY = "EXAMPLEAK"
SECRET_KEY = "example-sk-123"


def allow_reads(monkeypatch: pytest.MonkeyPatch, **changes: float) -> None:
    """Change how much hubs that are opened from now on may ask beside the list."""
    monkeypatch.setattr(details, "BUDGET", replace(details.BUDGET, **changes))


def connection(cloud: HuaweiCloud, **changes: Any) -> dict[str, Any]:
    """Return what a user enters for an account."""
    return {
        "url": cloud.url,
        "user_id": cloud.user_id,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "verify_ssl": True,
    } | changes


def new_entry(cloud: HuaweiCloud, address: str, **options: Any) -> MockConfigEntry:
    """Return an entry for an account, as the config flow would make it."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Account",
        unique_id=f"huawei_{cloud.user_id}",
        data={**connection(cloud), "vendor": "huawei", "token": "h" * 43},
        options={OPTION_CALLBACK_URL: address, **options},
    )


async def load(
    hass: HomeAssistant, cloud: HuaweiCloud, address: str, **options: Any
) -> MockConfigEntry:
    """Return a loaded entry for an account that pushes alarms to it."""
    entry = new_entry(cloud, address, **options)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await subscribed(cloud, address)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    return entry


async def subscribed(cloud: HuaweiCloud, address: str) -> None:
    """Wait until messages of every type are sent to an address."""

    def ours() -> bool:
        urls = cloud.callbacks.values()
        return len(urls) == len(Subscription) and all(
            url.startswith(address) for url in urls
        )

    await cloud.request_log.until(ours, timeout=10)


def key(channel: Channel, name: str) -> str:
    """Return how the unique id of an entity of a channel ends."""
    return f"{channel.device_id}_{channel.channel_id}_{name}"

"""A thousand cameras of one account cost few requests."""

from datetime import timedelta

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.vision_hub.vendors.huawei.hub import details
from simulators.huawei import HuaweiCloud

from ...conftest import Setup, entity_id
from ...helpers.doubles import Clock
from ...helpers.huawei import key

DEVICES, CHANNELS = 20, 50
MINUTES = 5
A_MINUTE = 10
FIRST = 100


async def test_a_thousand_cameras(
    hass: HomeAssistant, start_hub: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are set up by a hundred requests, and kept up to date by ten a minute."""
    clock = Clock()
    monkeypatch.setattr(details, "monotonic", clock)
    async with HuaweiCloud(devices=DEVICES, channels=CHANNELS, video=False) as cloud:
        entry = await start_hub(cloud)
        assert len(cloud.channels) == DEVICES * CHANNELS
        cameras = len(cloud.channels)
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        boxes = sum(not device.is_direct for device in cloud.devices)
        assert len(devices) == 1 + boxes + cameras
        last = entity_id(hass, entry, key(cloud.channels[-1], "online"))
        assert hass.states.get(last).state == STATE_ON
        assert len(cloud.request_log) <= FIRST

        coordinator = entry.runtime_data.coordinator
        assert coordinator.update_interval == timedelta(minutes=1)
        for _ in range(MINUTES):
            cloud.request_log.clear()
            clock.now += 60
            await coordinator.async_refresh()
            assert coordinator.last_update_success
            # The list of devices, and what has its turn.
            assert 1 < len(cloud.request_log) <= A_MINUTE

"""Devices of hubs and their channels, which come and go."""

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.coordinator import POLLS_UNTIL_GONE, STARTING_TIME
from custom_components.vision_hub.identity import own_name
from custom_components.vision_hub.vendors.model import SettingKey
from simulators.huawei import HuaweiCloud
from simulators.megvii import MegviiBox
from simulators.uniview import UniviewBox

from ..conftest import Setup, entity_id, until


def channel_devices(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the names of the devices of the channels."""
    return {
        device.name or ""
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.via_device_id
    }


async def test_devices(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The box and its channels are devices."""
    registry = dr.async_get(hass)
    hub = registry.async_get_device_by_identifier(
        (DOMAIN, f"uniview_{box.serial}"), entry.entry_id
    )
    assert hub is not None
    assert hub.manufacturer == "Uniview"
    assert hub.serial_number == box.serial
    assert channel_devices(hass, entry) == {
        channel.name for channel in box.device.channels.values()
    }


async def test_names_of_channels_without_a_name(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry, address: str
) -> None:
    """Channels that nobody named are told apart by their hub."""
    box.device.channels[1].name = ""
    box.device.channels[2].name = " 2 "
    await entry.refresh()
    assert channel_devices(hass, entry) == {"Shop 1", "Shop 2"}
    box.device.channels[1].name = "Roof"
    await entry.refresh()
    assert channel_devices(hass, entry) == {"Roof", "Shop 2"}


async def test_names_of_channels_of_other_vendors(
    hass: HomeAssistant, start_hub: Setup
) -> None:
    """Whoever made the hub, none of its cameras is called "1"."""
    async with MegviiBox() as megbox, HuaweiCloud(seed=7) as cloud:
        for channel in megbox.device.channels.values():
            channel.info["pictureName" if channel.is_picture else "videoName"] = ""
        for camera in cloud.channels:
            camera.channel_name = ""
        for device in cloud.device.devices.values():
            device.device_name = ""
        of_box = channel_devices(hass, await start_hub(megbox))
        of_cloud = channel_devices(hass, await start_hub(cloud))
    assert of_box == {f"Shop {number}" for number in megbox.device.channels}
    assert all(name.startswith("Shop ") for name in of_cloud)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        *(("", "Shop 3"), ("3", "Shop 3"), ("\0", "Shop 3"), ("\u200b", "Shop 3")),
        *(("null", "Shop 3"), ("--", "Shop 3"), ("未命名", "Shop 3")),
        *(("CH3", "Shop CH3"), ("Channel 03", "Shop Channel 03")),
        *(("IPCamera 03", "Shop IPCamera 03"), ("通道3", "Shop 通道3")),
        *(("Gate", "Gate"), ("Gate 3", "Gate 3"), ("大门", "大门")),
    ],
)
def test_names_that_boxes_give_by_themselves(name: str, shown: str) -> None:
    assert own_name("Shop", name, "3") == shown


async def test_channels_come_and_go(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A channel added on the box appears; one that is gone for good disappears."""
    added = (await box.add_channel("Roof")).channel_id
    await entry.refresh()
    assert "Roof" in channel_devices(hass, entry)
    assert hass.states.get(entity_id(hass, entry, f"{added}_camera")) is not None

    await box.remove_channel(added)
    await entry.refresh()
    await entry.refresh()
    await entry.refresh()
    assert "Roof" not in channel_devices(hass, entry)

    again = (await box.add_channel("Roof")).channel_id
    await entry.refresh()
    assert hass.states.get(entity_id(hass, entry, f"{again}_camera")) is not None


async def test_channel_offline(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The box tells at once that a camera is gone."""
    online = entity_id(hass, entry, "1_online")
    assert hass.states.get(online).state == STATE_ON
    await box.set_channel_status(1, online=False)
    await until(hass, online, STATE_OFF, timeout=15)
    assert hass.states.get(entity_id(hass, entry, "1_camera")).state == (
        STATE_UNAVAILABLE
    )


async def test_stale_device_can_be_removed(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Only the device of a channel that is gone may be removed by hand."""
    await async_setup_component(hass, "config", {})
    registry = dr.async_get(hass)
    stale = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, f"uniview_{box.serial}:99")},
    )
    present = registry.async_get_device_by_identifier(
        (DOMAIN, f"uniview_{box.serial}:1"), entry.entry_id
    )
    client = await hass_ws_client(hass)
    assert (await client.remove_device(stale.id))["success"]
    assert not (await client.remove_device(present.id))["success"]


async def test_an_empty_list_is_not_believed(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A box that starts lists nothing, then a part: nobody removed its cameras."""
    names = channel_devices(hass, entry)
    coordinator = entry.runtime_data.coordinator
    sensitivity = SettingKey("custom_sensitivity", "1")
    assert sensitivity in coordinator.data.settings
    channels = dict(box.device.channels)
    box.device.channels.clear()
    for _ in range(POLLS_UNTIL_GONE + 2):
        await entry.refresh()
    assert sensitivity not in coordinator.data.settings
    first = min(channels)
    box.device.channels[first] = channels[first]
    for _ in range(POLLS_UNTIL_GONE + 2):
        await entry.refresh()
    assert channel_devices(hass, entry) == names
    # What belongs to the channel is known as soon as the channel is.
    assert sensitivity in coordinator.data.settings

    box.device.channels.update(channels)
    await entry.refresh()
    camera = entity_id(hass, entry, f"{max(channels)}_camera")
    assert hass.states.get(camera).state != STATE_UNAVAILABLE


async def test_the_last_camera_is_removed(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A list that stays empty is believed in the end."""
    box.device.channels.clear()
    for _ in range(POLLS_UNTIL_GONE + 1):
        await entry.refresh()
    assert channel_devices(hass, entry)
    now = hass.loop.time()
    monkeypatch.setattr(hass.loop, "time", lambda: now + STARTING_TIME + 1)
    await entry.refresh()
    monkeypatch.undo()
    assert not channel_devices(hass, entry)

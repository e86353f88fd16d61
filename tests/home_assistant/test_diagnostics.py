"""What a user sends us when something is wrong."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.diagnostics import async_get_config_entry_diagnostics
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Channel,
    Cruise,
    HubStatus,
    Library,
    Preset,
    SettingKey,
    Task,
    Voice,
)
from simulators.huawei import HuaweiCloud
from simulators.megvii import MegviiBox
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup
from ..helpers.memory_hub import MemoryHub

# What may be told: of which make something is.
_MAKES = ("manufacturer", "model", "firmware")


def private_texts(value: Any) -> Iterator[str]:
    """Yield every text in a status, wherever it stands, but short numbers."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        if value and not (value.isdigit() and len(value) < 5):
            yield value
    elif isinstance(value, SettingKey):
        yield from private_texts((value.channel, value.part))
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _MAKES:
                yield from private_texts(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from private_texts((*value.keys(), *value.values()))
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from private_texts(each)


async def test_diagnostics_keep_secrets(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """What a user sends us holds no address, name, password or token."""
    person = next(iter(box.device.people.values()))
    push = await box.face(channel_id=1, person_id=person.person_id)
    assert await push.delivered(timeout=5)
    await async_setup_component(hass, "diagnostics", {})
    diagnostics = json.dumps(
        await get_diagnostics_for_config_entry(hass, hass_client, entry)
    )
    secrets = (PASSWORD, entry.data["token"], box.serial, person.name, "rtsp:")
    for secret in secrets:
        assert secret not in diagnostics
    assert "no_helmet" in diagnostics


class Crowded(MemoryHub):
    """Has names and serial numbers wherever a hub may have some."""

    async def poll(self) -> HubStatus:
        status = await super().poll()
        channel = Channel(
            id="SN-4711/Front door",
            name="Front door",
            serial="SN-4711",
            kinds=frozenset(AlarmKind),
            presets=(Preset("Preset of Ada", "Desk of Ada"),),
            cruises=(Cruise("Around Ada", "Around the desk of Ada"),),
            tasks=(Task(id="access:Staff of Ada", name="Staff of Ada"),),
        )
        self.settings_now |= {
            SettingKey("task_threshold", channel.id, "access:Staff of Ada"): 3,
            SettingKey("recording_plan", channel.id): "Plan of Ada",
        }
        return HubStatus(
            channels={**status.channels, channel.id: channel},
            devices=status.devices,
            services=status.services,
            tasks=(*status.tasks, Task(id="Roll call of Ada")),
            voices=(*status.voices, Voice("Ada speaks", "Ada speaks")),
            schedules=status.schedules,
            libraries=(Library(id="Friends of Ada", name="Friends of Ada"),),
            relays=status.relays,
            measurements=status.measurements,
            settings=dict(self.settings_now),
        )


async def test_diagnostics_know_no_names(hass: HomeAssistant, start_hub: Setup) -> None:
    """No text of a hub is told, wherever it stands; the same stands for the same."""
    entry = await start_hub(Crowded())
    told = await async_get_config_entry_diagnostics(hass, entry)
    texts = json.dumps(told, ensure_ascii=False)
    status = entry.runtime_data.coordinator.data
    private = set(private_texts(status))
    assert {"Desk of Ada", "Around Ada", "access:Staff of Ada"} < private
    assert not [text for text in private if text in texts]
    assert "nowhere" not in texts
    assert " object at " not in texts
    assert "(" not in texts

    (door,) = (each for each in told["channels"] if each["id"] != "1")
    (library,) = told["libraries"]
    assert library["id"] == library["name"] != door["name"]
    assert door["kinds"] == sorted(AlarmKind)
    kept = {(each["name"], each["channel"]): each for each in told["settings"]}
    assert kept["recording_plan", door["id"]]["value"] not in (None, "Plan of Ada")
    assert kept["task_threshold", door["id"]]["part"] == door["tasks"][0]["id"]
    assert kept["alarm_video_before", None]["value"] == 0.2
    assert await async_get_config_entry_diagnostics(hass, entry) == told


async def test_diagnostics_of_an_account(
    hass: HomeAssistant, address: str, start_hub: Setup
) -> None:
    """The ids of a cloud's cameras hold serial numbers."""
    async with HuaweiCloud(seed=7) as cloud:
        entry = await start_hub(cloud)
        told = json.dumps(await async_get_config_entry_diagnostics(hass, entry))
        for channel in cloud.channels:
            assert channel.device_id not in told
        assert cloud.user_id not in told
        assert address not in told


async def test_diagnostics_of_groups(hass: HomeAssistant, start_hub: Setup) -> None:
    """The groups of a MegBox have their name for an id."""
    async with MegviiBox() as box:
        entry = await start_hub(box)
        told = await async_get_config_entry_diagnostics(hass, entry)
        names = [each.name for each in entry.runtime_data.coordinator.data.libraries]
        assert names
        assert len(told["libraries"]) == len(names)
        assert not [name for name in names if name in json.dumps(told)]


async def test_system_health(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The system information page counts hubs and channels."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    assert info["hubs"] == 1
    assert info["channels"] == 2
    assert info["push"] == "listening: 1"

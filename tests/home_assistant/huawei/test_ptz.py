"""A dome camera of the Huawei cloud moves, and stands still again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.huawei.hub import ptz
from simulators.huawei import HuaweiCloud
from simulators.huawei.models import Channel
from simulators.huawei.ptz_motion import PAN_SPEED

from ...conftest import Setup, entity_id, until
from ...helpers.huawei import allow_reads, key

SPIN = "/v1/*/devices/*/channels/0/ptz/angle-spin"
LOCK = "/v1/*/devices/*/channels/0/control-lock"


@pytest.fixture
async def cloud() -> AsyncIterator[HuaweiCloud]:
    """The second device is a dome camera with three presets and a track."""
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> MockConfigEntry:
    """A loaded entry that need not wait for its turn to ask."""
    allow_reads(monkeypatch, per_minute=600_000)
    return await start_hub(cloud)


@pytest.fixture
def dome(cloud: HuaweiCloud) -> Channel:
    """The camera that moves."""
    return cloud.devices[1].channels["0"]


def target(hass: HomeAssistant, entry: MockConfigEntry, channel: Channel) -> str:
    """Return the device of a channel."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{entry.unique_id}:{channel.device_id}_{channel.channel_id}"),
        entry.entry_id,
    )
    assert device is not None
    return device.id


async def act(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call one of our actions."""
    return await hass.services.async_call(DOMAIN, action, data, blocking=True)


def told(cloud: HuaweiCloud) -> list[str]:
    """Return what the camera was told and heard."""
    assert all(move.heard for move in cloud.moves)
    return [move.direction for move in cloud.moves]


@pytest.mark.parametrize(
    ("direction", "command", "stop"),
    [("right", "RIGHT", "STOP"), ("zoom_in", "IN", "ZOOM_STOP")],
)
async def test_for_a_second(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    dome: Channel,
    direction: str,
    command: str,
    stop: str,
) -> None:
    """Who asks for a second gets about a second, with the stop that fits."""
    await act(
        hass,
        "ptz_move",
        device_id=target(hass, entry, dome),
        direction=direction,
        speed=50,
        duration={"seconds": 1},
    )
    assert told(cloud) == [command, stop]
    assert not cloud.is_moving(*dome.key)
    begun, ended = cloud.moves
    assert 1 <= ended.at - begun.at < 2.5
    assert (begun.mode, begun.speed) == ("NON_POINT", 5)
    if direction == "right":
        turned = cloud.position(*dome.key).pan
        assert turned == pytest.approx((ended.at - begun.at) * 5 * PAN_SPEED, rel=0.2)


@pytest.mark.parametrize("unloading", [False, True])
async def test_stopped_in_between(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    dome: Channel,
    unloading: bool,
) -> None:
    """A camera does not go on when Home Assistant or the entry is told to stop."""
    moving = hass.async_create_task(
        act(
            hass,
            "ptz_move",
            device_id=target(hass, entry, dome),
            direction="up_left",
            duration={"minutes": 1},
        )
    )
    await cloud.request_log.wait_for(SPIN)
    assert cloud.is_moving(*dome.key)
    if unloading:
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    async with asyncio.timeout(5):
        await moving
    assert told(cloud) == ["UPPER_LEFT", "STOP"]
    assert not cloud.is_moving(*dome.key)
    if unloading:
        assert not cloud.device.locks.is_held(dome.key, cloud.device.steady())


async def test_both_movements_end(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry, dome: Channel
) -> None:
    """Who turns and zooms stops both, far enough apart for the camera to hear."""
    device = target(hass, entry, dome)
    await act(hass, "ptz_move", device_id=device, direction="left")
    await act(hass, "ptz_move", device_id=device, direction="zoom_out")
    assert cloud.is_moving(*dome.key)
    await act(hass, "ptz_stop", device_id=device)
    assert not cloud.is_moving(*dome.key)
    assert set(told(cloud)) == {"LEFT", "OUT", "STOP", "ZOOM_STOP"}


async def test_lock(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    dome: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lock is taken once, taken again when it ended, and given back."""
    monkeypatch.setattr(ptz, "IDLE", 0.2)
    device = target(hass, entry, dome)
    locks = cloud.device.locks
    await act(hass, "ptz_move", device_id=device, direction="down")
    cloud.expire_locks()
    await act(hass, "ptz_stop", device_id=device)
    assert not cloud.is_moving(*dome.key)
    assert locks.is_held(dome.key, cloud.device.steady())
    # Two to take it, one to give it back.
    await cloud.request_log.wait_for(LOCK, count=3)
    assert not locks.is_held(dome.key, cloud.device.steady())

    cloud.hold_camera(*dome.key)
    before = len(cloud.moves)
    with pytest.raises(HomeAssistantError) as failure:
        await act(hass, "ptz_move", device_id=device, direction="down")
    assert failure.value.translation_key == "busy"
    assert len(cloud.moves) == before


async def test_presets(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry, dome: Channel
) -> None:
    """Positions are gone to, stored, renamed and deleted, and the select follows."""
    select = entity_id(hass, entry, key(dome, "preset"))
    options = hass.states.get(select).attributes["options"]
    assert options == ["Gate", "Loading bay", "Fence"]
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": select, "option": "Fence"},
        blocking=True,
    )
    assert told(cloud) == ["preset 3"]

    device = target(hass, entry, dome)
    await act(hass, "ptz_save_preset", device_id=device, name="Pond")
    await refreshed(hass, entry)
    assert "Pond" in hass.states.get(select).attributes["options"]
    (pond,) = [each for each in dome.presets.values() if each.preset_name == "Pond"]
    await act(
        hass, "ptz_delete_preset", device_id=device, preset=str(pond.preset_index)
    )
    await refreshed(hass, entry)
    assert hass.states.get(select).attributes["options"] == options
    assert pond.preset_index not in dome.presets


async def refreshed(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Read what may have changed, as after a minute."""
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()


async def test_cruise(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry, dome: Channel
) -> None:
    """A track is begun and ended, and what the camera does is shown."""
    select = entity_id(hass, entry, key(dome, "cruise"))
    assert hass.states.get(select).state == "off"

    async def choose(option: str) -> None:
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": select, "option": option},
            blocking=True,
        )
        await refreshed(hass, entry)
        await until(hass, select, option)

    await choose("Round")
    assert cloud.is_moving(*dome.key)
    await choose("off")
    assert not cloud.is_moving(*dome.key)
    assert hass.states.get(select).state != STATE_UNKNOWN

"""Entities that come from what a hub can do."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import stream as stream_component
from homeassistant.components.camera import async_get_image
from homeassistant.components.image import async_get_image as async_get_image_of
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.vision_hub.calendar import ScheduleCalendar
from custom_components.vision_hub.image import HeatMapImage
from custom_components.vision_hub.vendors import login_refusal
from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    RejectedByHub,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Picture,
    PictureRole,
    SettingKey,
)

from ..conftest import Setup, entity_id
from ..helpers.memory_hub import JPEG, PNG, MemoryHub


@pytest.fixture
def hub() -> MemoryHub:
    return MemoryHub()


@pytest.fixture
async def entry(
    hass: HomeAssistant, start_hub: Setup, hub: MemoryHub
) -> MockConfigEntry:
    return await start_hub(hub)


async def press(hass: HomeAssistant, entity: str) -> None:
    await hass.services.async_call(
        "button", "press", {"entity_id": entity}, blocking=True
    )


async def test_ptz(hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub) -> None:
    """Buttons move at the speed that is set; the select goes to presets."""
    await press(hass, entity_id(hass, entry, "1_ptz_left"))
    await hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": entity_id(hass, entry, "1_ptz_speed"), "value": 80},
        blocking=True,
    )
    await press(hass, entity_id(hass, entry, "1_ptz_zoom_in"))
    await press(hass, entity_id(hass, entry, "1_ptz_stop"))
    preset = entity_id(hass, entry, "1_preset")
    assert hass.states.get(preset).attributes["options"] == ["Street", "Yard"]
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": preset, "option": "Yard"},
        blocking=True,
    )

    assert hub.told.calls == [
        ("move", "1", "left", "50"),
        ("move", "1", "zoom_in", "80"),
        ("stop", "1"),
        ("goto", "1", "2"),
    ]
    assert hass.states.get(preset).state == "Yard"


async def test_relay(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A relay is triggered by a button, and its state is shown while it is there."""
    await press(hass, entity_id(hass, entry, "relay_1"))
    assert hub.told.calls == [("trigger", "1")]

    online = entity_id(hass, entry, "relay_online_1")
    assert hass.states.get(online).state == "on"
    assert hass.states.get(entity_id(hass, entry, "relay_closed_1")).state == "off"
    hub.relay_online = False
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(online).state == "off"


async def test_commands(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: MemoryHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Commands are buttons; what a hub refuses is told to who pressed."""
    button = entity_id(hass, entry, "set_clock")
    await press(hass, button)
    assert hub.told.calls == [("command", "set_clock")]

    hub.told.failure = RejectedByHub("104004", "NO_ACCESS")
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, button)
    assert caught.value.translation_key == "rejected_by_hub"
    assert "NO_ACCESS (104004)" in caught.value.translation_placeholders["message"]

    hub.told.failure = AuthenticationFailed()
    monkeypatch.setattr(login_refusal, "RETRY_INTERVAL", 0.0)
    for _ in range(login_refusal.SURE_AFTER):
        assert not hass.config_entries.flow.async_progress()
        with pytest.raises(HomeAssistantError):
            await press(hass, button)
        await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress()[0]["step_id"] == "reauth_confirm"

    # Whatever succeeds shows that the login is right.
    hub.told.failure = None
    await press(hass, button)
    await hass.async_block_till_done()
    assert not hass.config_entries.flow.async_progress()


async def test_task_with_state(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """Where the hub tells whether a task runs, the switch shows that."""
    switch = entity_id(hass, entry, "1_task_7")
    state = hass.states.get(switch)
    assert state.state == "on"
    assert "assumed_state" not in state.attributes
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": switch}, blocking=True
    )
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(switch).state == "off"


async def test_task_of_several_channels(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A task that spans channels is a switch of the hub, with settings of its own."""
    switch = entity_id(hass, entry, "task_12")
    assert hass.states.get(switch).name == "Memory Task Roll call"
    assert hass.states.get(switch).state == "off"
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": switch}, blocking=True
    )
    assert hub.told.calls == [("task", "hub", "12", "True")]
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(switch).state == "on"


@pytest.mark.parametrize(
    ("unique_id", "key", "name"),
    [
        ("task_threshold_12", SettingKey("task_threshold", None, "12"), "Roll call"),
        ("1_task_threshold_7", SettingKey("task_threshold", "1", "7"), "Night watch"),
        ("relay_pulse_1", SettingKey("relay_pulse", None, "1"), "Siren"),
    ],
)
async def test_settings_of_parts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: MemoryHub,
    unique_id: str,
    key: SettingKey,
    name: str,
) -> None:
    """Tasks and relays have settings that name them."""
    number = entity_id(hass, entry, unique_id)
    assert name in hass.states.get(number).name
    await hass.services.async_call(
        "number", "set_value", {"entity_id": number, "value": 42}, blocking=True
    )
    assert hub.settings_now[key] == 42


async def test_voices(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """Each announcement is a button; each channel has one that ends it."""
    await press(hass, entity_id(hass, entry, "voice_3"))
    await press(hass, entity_id(hass, entry, "1_voice_cancel"))
    assert hub.told.calls == [("play", "3"), ("cancel", "1")]


async def test_schedule(
    hass: HomeAssistant,
    start_hub: Setup,
    hub: MemoryHub,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Schedules are calendars."""
    monkeypatch.setattr(ScheduleCalendar, "_attr_entity_registry_enabled_default", True)
    freezer.move_to("2026-03-01 12:00:00+00:00")
    entry = await start_hub(hub)
    calendar = entity_id(hass, entry, "schedule_5")
    state = hass.states.get(calendar)
    assert (state.name, state.state) == ("Memory Shop hours", "off")
    assert state.attributes["message"] == "Open"
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": calendar, "duration": {"days": 2}},
        blocking=True,
        return_response=True,
    )
    assert [event["summary"] for event in answer[calendar]["events"]] == ["Open"]


async def test_boxes_between(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A box of an account is a device between the hub and its cameras."""
    registry = dr.async_get(hass)
    gate = registry.async_get_device_by_identifier(
        ("vision_hub", "memory_M-1:1"), entry.entry_id
    )
    box = registry.async_get(gate.via_device_id)
    assert (box.name, box.model, box.sw_version) == ("Gatehouse", "Box", "1.0")
    account = registry.async_get(box.via_device_id)
    assert account.name == "Memory"
    connection = entity_id(hass, entry, "box_B1")
    assert hass.states.get(connection).state == "on"
    hub.boxes["B1"] = replace(hub.boxes["B1"], online=False)
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(connection).state == "off"

    boxes = dict(hub.boxes)
    hub.boxes.clear()
    for _ in range(2):
        await entry.runtime_data.coordinator.async_refresh()
    assert registry.async_get(box.id) is None
    await hass.async_block_till_done()
    hub.boxes |= boxes
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert hass.states.get(entity_id(hass, entry, "box_B1")).state == "off"


async def test_readings_of_a_channel(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What a hub tells of a channel becomes sensors; what it does not, does not."""
    for unique_id, state in (
        ("1_entered_today", "12"),
        ("1_privacy_mask", "on"),
        ("1_storage_card", "on"),
    ):
        assert hass.states.get(entity_id(hass, entry, unique_id)).state == state
    with pytest.raises(AssertionError):
        entity_id(hass, entry, "1_vehicle_count")


async def test_services_that_end(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A service that is about to end is shown, and a repair tells in time."""
    expires = entity_id(hass, entry, "service_expires_s1")
    assert hass.states.get(expires).state == "2036-01-01T00:00:00+00:00"
    issues = ir.async_get(hass)
    issue = ("vision_hub", f"service_expires_{entry.entry_id}")
    assert issues.async_get_issue(*issue) is None

    hub.service_ends = dt_util.utcnow() + timedelta(days=3)
    await entry.runtime_data.coordinator.async_refresh()
    found = issues.async_get_issue(*issue)
    assert "Recording" in found.translation_placeholders["services"]


async def test_cruises(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A select starts and ends the tracks of a PTZ camera."""
    cruise = entity_id(hass, entry, "1_cruise")
    assert hass.states.get(cruise).state == "Round"
    for option in ("Fence", "off"):
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": cruise, "option": option},
            blocking=True,
        )
    assert hub.told.calls == [("cruise", "1", "6"), ("cruise", "1", "none")]


async def test_heat_map(
    hass: HomeAssistant,
    start_hub: Setup,
    hub: MemoryHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The map of today is made when somebody looks, and kept for an hour."""
    monkeypatch.setattr(HeatMapImage, "_attr_entity_registry_enabled_default", True)
    entry = await start_hub(hub)
    image = entity_id(hass, entry, "1_heat_map")
    for _ in range(2):
        found = await async_get_image_of(hass, image)
        assert (found.content_type, found.content) == ("image/png", PNG)
    today = dt_util.start_of_local_day().isoformat()
    assert hub.told.calls == [("heat_map", "1", today)]
    await async_get_image_of(hass, entity_id(hass, entry, "1_heat_map_time"))
    assert hub.told.calls[1:] == [("heat_map_time", "1", today)]
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1, minutes=1))
    await hass.async_block_till_done()
    await async_get_image_of(hass, image)
    assert len(hub.told.calls) == 3


async def test_no_schedule(
    hass: HomeAssistant, start_hub: Setup, hub: MemoryHub
) -> None:
    """Home Assistant shows no empty calendar for a hub that keeps no schedules."""
    hub.schedules = None
    entry = await start_hub(hub)
    assert "calendar" not in hass.config.components
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_measurements(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What the hub measures becomes sensors; what it does not, does not."""
    assert hass.states.get(entity_id(hass, entry, "cpu_load")).state == "12.5"
    assert hass.states.get(entity_id(hass, entry, "temperature")).state == "41"
    with pytest.raises(AssertionError):
        entity_id(hass, entry, "memory_load")


async def test_fractional_setting(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A setting of the hub itself may be a fraction."""
    number = entity_id(hass, entry, "alarm_video_before")
    await hass.services.async_call(
        "number", "set_value", {"entity_id": number, "value": 0.4}, blocking=True
    )
    assert hass.states.get(number).state == "0.4"
    assert hub.settings_now[SettingKey("alarm_video_before")] == 0.4


async def test_snapshot(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A hub that takes pictures on demand is asked for the still picture."""
    image = await async_get_image(hass, entity_id(hass, entry, "1_camera"))
    assert image.content == JPEG


async def test_snapshot_that_the_hub_refuses(
    hass: HomeAssistant, entry: MockConfigEntry, hub: MemoryHub
) -> None:
    """A camera that cannot be asked for a picture shows its stream or last alarm."""

    async def refuse(channel: str) -> bytes:
        raise RejectedByHub("7", "No such video")

    hub.snapshots.take = refuse
    hub.streams.source = AsyncMock(return_value=None)
    alarm = Alarm(
        id="1",
        channel="1",
        kind=AlarmKind.INTRUSION,
        code="x",
        time=dt_util.utcnow(),
        pictures=(Picture(PictureRole.SCENE, JPEG),),
    )
    await entry.runtime_data.alarms.accept(alarm)
    image = await async_get_image(hass, entity_id(hass, entry, "1_camera"))
    assert image.content == JPEG


async def test_address_of_a_stream_is_never_stale(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: MemoryHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever looks again, and whoever tries again, gets another address."""
    monkeypatch.setattr(stream_component, "STREAM_RESTART_INCREMENT", 0.05)
    camera = hass.data["camera"].get_entity(entity_id(hass, entry, "1_camera"))
    stream = await camera.async_create_stream()
    assert stream.source.endswith("/1")
    assert (await camera.async_create_stream()) is stream
    assert stream.source.endswith("/2")

    # Nothing listens there: the player fails, and tries again.
    stream.add_provider("hls")
    await stream.start()
    try:
        async with asyncio.timeout(10):
            await hub.streams.fourth.wait()
        assert int(stream.source.rpartition("/")[2]) >= 3
    finally:
        await stream.stop()


async def test_options_without_camera_login(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A login for streams is asked for only where streams need one."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert {str(field) for field in result["data_schema"].schema} == {
        "callback_url",
        "hold_time",
        "keep_days",
        "keep_megabytes",
    }

"""The life of a hub: devices that come and go, settings, outages, removal."""

from dataclasses import asdict
from datetime import timedelta
import json
from pathlib import Path

from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.vision_hub.const import DOMAIN
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import (
    PASSWORD,
    Setup,
    entity_id,
    new_entry,
    until,
    until_entry,
    until_true,
)


def channel_devices(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the names of the devices of the channels."""
    return {
        device.name or ""
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.via_device_id
    }


async def refresh(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Poll now."""
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()


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


async def test_channels_come_and_go(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A channel added on the box appears; one that is gone for good disappears."""
    added = (await box.add_channel("Roof")).channel_id
    await refresh(hass, entry)
    assert "Roof" in channel_devices(hass, entry)
    assert hass.states.get(entity_id(hass, entry, f"{added}_camera")) is not None

    await box.remove_channel(added)
    await refresh(hass, entry)
    await refresh(hass, entry)
    await refresh(hass, entry)
    assert "Roof" not in channel_devices(hass, entry)

    again = (await box.add_channel("Roof")).channel_id
    await refresh(hass, entry)
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


async def test_outage(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A box that does not answer is unavailable, and back when it answers."""
    box.faults.add(Fault.RESET, "/api/v2/*")
    await refresh(hass, entry)
    camera = entity_id(hass, entry, "1_camera")
    assert hass.states.get(camera).state == STATE_UNAVAILABLE
    assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_OFF

    box.faults.clear()
    await refresh(hass, entry)
    assert hass.states.get(camera).state != STATE_UNAVAILABLE
    assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_ON


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TRUNCATED,
        Fault.NOT_JSON,
        Fault.EMPTY,
        Fault.MISSING_KEYS,
        Fault.NULLS,
        Fault.HTTP_STATUS,
        Fault.RESET,
        Fault.HUGE,
    ],
)
async def test_faults_at_start(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup, fault: Fault
) -> None:
    """Whatever is wrong at the start, Home Assistant says so and tries again."""
    box.faults.add(fault, "/api/v2/device/get")
    entry = await set_up(box)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key

    box.faults.clear()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await until_entry(hass, entry, ConfigEntryState.LOADED)
    await until(hass, entity_id(hass, entry, "connection"), STATE_ON)


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


async def test_another_platform_keeps_its_place(
    hass: HomeAssistant,
    box: UniviewBox,
    set_up: Setup,
    hass_client: ClientSessionGenerator,
) -> None:
    """Both places taken: nothing is overwritten until the user consents."""
    await async_setup_component(hass, "repairs", {})
    theirs = ["http://192.0.2.7:8000/in", "http://192.0.2.8:8000/in"]
    for platform, url in zip(box.device.platforms.values(), theirs, strict=True):
        platform.enabled = 1
        platform.url = url
    entry = await set_up(box)
    push = entity_id(hass, entry, "push")
    issue_id = f"subscription_taken_{entry.entry_id}"
    issues = ir.async_get(hass)
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, issue_id),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    issue = issues.async_get_issue(DOMAIN, issue_id)
    assert "192.0.2.7" in issue.translation_placeholders["owners"]
    assert [p.url for p in box.device.platforms.values()] == theirs
    assert hass.states.get(push).state == STATE_OFF

    client = await hass_client()
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow = await response.json()
    assert flow["step_id"] == "confirm"
    assert "192.0.2.8" in flow["description_placeholders"]["owners"]
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    await until(hass, push, STATE_ON)
    assert issues.async_get_issue(DOMAIN, issue_id) is None

    await hass.config_entries.async_remove(entry.entry_id)
    assert [p.url for p in box.device.platforms.values()] == theirs


async def test_removal_restores(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A removed entry leaves the box as it was, and its alarms are gone."""
    (slot,) = [p for p in box.device.platforms.values() if p.enabled]
    assert "/api/vision_hub/push/" in slot.url
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not any(p.enabled for p in box.device.platforms.values())


async def test_silence(hass: HomeAssistant, set_up: Setup) -> None:
    """A box that is not heard for three intervals is told of, until it is heard."""
    async with UniviewBox(channels=1, password=PASSWORD) as box:
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=10))
        await until(hass, entity_id(hass, entry, "push"), STATE_OFF)
        issues = ir.async_get(hass)
        issue_id = f"callback_not_reachable_{entry.entry_id}"
        assert issues.async_get_issue(DOMAIN, issue_id)
        assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_OFF

        await box.keep_alive()
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        assert issues.async_get_issue(DOMAIN, issue_id) is None


async def test_wrong_clock(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A clock that is ahead is told of; alarms still count as they happen."""
    box.clock_offset = 300
    await refresh(hass, entry)
    for code in ("SafetyHelmetAlarm", "FallOverAlarm", "SmokingAlarm", "FireDetection"):
        push = await box.alarm(code, channel_id=2, force=True)
        assert await push.delivered(timeout=5)
    await refresh(hass, entry)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"clock_wrong_{entry.entry_id}")
    assert issue is not None
    assert abs(float(issue.translation_placeholders["seconds"]) - 300) < 10


async def test_slow_clock_silences_nothing(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """A box whose clock is behind has its first alarm taken for what it is: new."""
    box.clock_offset = -300
    entry = await set_up(box)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=5)
    await until(hass, entity_id(hass, entry, "2_no_helmet"), STATE_ON)


async def test_subscription_refused(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """A user who may not subscribe is told so."""
    box.faults.add(Fault.CODE, "/api/v2/docking/config/update", code=1001)
    entry = await set_up(box)
    issues, issue_id = ir.async_get(hass), f"push_failed_{entry.entry_id}"
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, issue_id),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    assert hass.states.get(entity_id(hass, entry, "push")).state == STATE_OFF


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


async def test_steady_polling_is_cheap(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Ten polls are ten minutes: at most one request in ten seconds."""
    asked = len(box.journal)
    for _ in range(10):
        await refresh(hass, entry)
    assert len(box.journal) - asked <= 60
    assert all(request.authorized for request in list(box.journal)[asked:])


async def test_unreachable_at_removal(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A box that is gone is removed all the same, and the log tells what is left."""
    await box.stop()
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert "still pushes alarms" in caplog.text
    assert not hass.config_entries.async_entries(DOMAIN)


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


async def test_unknown_vendor(hass: HomeAssistant, address: str) -> None:
    """An entry of a later version is refused in words."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="nobody_1",
        data={"vendor": "nobody", "token": "n" * 43, "host": "192.0.2.1"},
    )
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "unknown_vendor"
    assert await hass.config_entries.async_remove(entry.entry_id)


async def test_unusable_archive(
    hass: HomeAssistant, enable_custom_integrations: None, box: UniviewBox
) -> None:
    """Where alarms cannot be kept, no hub is set up, and the entry says why."""
    Path(hass.config.path("vision_hub.db")).mkdir()
    entry = new_entry(box, "http://127.0.0.1:1")
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.error_reason_translation_key == "archive_unusable"
    assert await hass.config_entries.async_remove(entry.entry_id)


async def test_damaged_archive(
    hass: HomeAssistant, enable_custom_integrations: None
) -> None:
    """A broken database is set aside, and the user is told where."""
    Path(hass.config.path("vision_hub.db")).write_bytes(b"no database " * 500)
    assert await async_setup_component(hass, DOMAIN, {})
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "archive_damaged")
    assert issue is not None
    aside = issue.translation_placeholders["file"]
    assert Path(hass.config.path(aside)).is_file()


async def test_names_stay_out_of_the_recorder(
    recorder_mock: Recorder, hass: HomeAssistant, address: str
) -> None:
    """Who was seen is kept in our archive, which forgets, and not in the recorder."""
    assert "vision_hub_alarm" in recorder_mock.exclude_event_types


@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_still_picture(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A camera shows a frame of its stream."""
    image = await async_get_image(hass, entity_id(hass, entry, "1_camera"))
    assert image.content.startswith(b"\xff\xd8")
    source = await async_get_stream_source(hass, entity_id(hass, entry, "1_camera"))
    assert source == f"rtsp://{box.host}:{box.rtsp_port}/channel/1"


async def test_still_picture_without_video(hass: HomeAssistant, set_up: Setup) -> None:
    """A camera without a stream shows the scene of its last alarm."""
    async with UniviewBox(channels=2, password=PASSWORD, video=False) as box:
        box.quirks.no_stream_urls = True
        entry = await set_up(box)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        camera = entity_id(hass, entry, "2_camera")
        with pytest.raises(HomeAssistantError):
            await async_get_image(hass, camera)
        push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
        assert await push.delivered(timeout=5)
        image = await async_get_image(hass, camera)
        assert image.content.startswith(b"\xff\xd8")


async def test_subscribing_keeps_what_others_set(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """Another platform and the throttles of all channels survive us, to the letter."""
    theirs = box.device.platforms[1]
    theirs.enabled, theirs.url, theirs.alive_interval = 1, "http://192.0.2.7:8000", 90
    box.device.throttles[1] = {"enable": 1, "interval": 500}
    box.device.throttles[2] = {"enable": 0, "interval": 100}
    before = asdict(theirs), dict(box.device.throttles)

    entry = await set_up(box)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert (asdict(box.device.platforms[1]), box.device.throttles) == before
    await hass.config_entries.async_remove(entry.entry_id)
    assert (asdict(box.device.platforms[1]), box.device.throttles) == before

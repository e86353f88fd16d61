"""What a user can switch, set and press at a MegBox; it happens at the box."""

from collections.abc import AsyncIterator

from homeassistant.components.camera import async_get_image
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.alarms import EVENT_ALARM as EVENT
from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.megvii.hub import streams
from simulators.megvii import MegviiBox

from ...conftest import Setup, entity_id, until_true
from ...helpers.megvii import QUICK

DAY = {"startDate": "2020-01-01", "endDate": "2099-12-31"}


@pytest.fixture(autouse=True)
def _everything_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show also what is off at first."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture
async def box() -> AsyncIterator[MegviiBox]:
    """A box whose pauses are over soon."""
    async with MegviiBox(time_scale=QUICK) as box:
        yield box


async def test_relays(hass: HomeAssistant, start_hub: Setup) -> None:
    """A relay is pulsed; its state, reach and settings are those of the box."""
    async with MegviiBox() as box:
        entry = await start_hub(box)
        closed = entity_id(hass, entry, "relay_closed_1")
        online = entity_id(hass, entry, "relay_online_1")
        assert hass.states.get(closed).state == STATE_OFF
        await entry.call("button", "press", "relay_1")
        assert box.relay_closed(1)
        assert not box.relay_closed(2)
        await entry.refresh()
        assert hass.states.get(closed).state == STATE_ON

        await entry.call("number", "set_value", "relay_pulse_1", value=1500)
        await entry.call("number", "set_value", "relay_delay_1", value=3)
        await entry.call("number", "set_value", "relay_interval_1", value=400)
        await entry.call(
            "select",
            "select_option",
            "relay_rest_state_2",
            option="closed",
        )
        await entry.call(
            "select",
            "select_option",
            "relay_trigger_condition_1",
            option="both",
        )
        await entry.call("switch", "turn_off", "relay_enabled_2")
        first, second = box.device.relays[1], box.device.relays[2]
        assert (
            first["triggerTime"],
            first["delayTime"],
            first["triggerInterval"],
            first["triggerCondition"],
            first["enable"],
        ) == (1500, 3, 400, 3, True)
        assert (second["relayMode"], second["enable"]) == (1, False)
        assert second["triggerTime"] == 2000

        box.set_relay_status(1, online=False)
        await entry.refresh()
        assert hass.states.get(online).state == STATE_OFF


async def test_voices(hass: HomeAssistant, start_hub: Setup) -> None:
    """Announcements are played, and what a rule plays on a channel can be ended."""
    async with MegviiBox() as box:
        entry = await start_hub(box)
        await entry.call("button", "press", "voice_2")
        assert box.panel().state()["playing"] == 2
        box.device.sounds.clear()
        await box.alert("intrusion", 1)
        assert box.panel().state()["playing"] == 1
        await entry.call("button", "press", "1_voice_cancel")
        assert box.panel().state()["playing"] is None


async def test_surveillance(
    hass: HomeAssistant, box: MegviiBox, start_hub: Setup
) -> None:
    """Channels and their rules are armed one by one; nothing else changes."""
    entry = await start_hub(box)
    channel = box.device.channels[2]
    before = {number: dict(rule) for number, rule in channel.multi.items()}
    surveillance = entity_id(hass, entry, "2_task_surveillance")
    rules = sorted(
        registered
        for registered in hass.states.async_entity_ids("switch")
        if registered.startswith("switch.lobby_") and registered != surveillance
    )
    assert rules
    await entry.call("switch", "turn_off", "2_task_surveillance")
    assert not channel.armed
    assert {number: dict(rule) for number, rule in channel.multi.items()} == before
    await entry.refresh()
    assert hass.states.get(surveillance).state == STATE_OFF
    await entry.call("switch", "turn_on", "2_task_surveillance")
    assert channel.armed

    await entry.call("switch", "turn_off", "2_task_rule:2")
    assert (await box.alert("fall", 2)).held_back
    assert channel.armed
    assert channel.multi[2]["alertRules"] == before[2]["alertRules"]
    await entry.refresh()
    assert hass.states.get(entity_id(hass, entry, "2_task_rule:2")).state == STATE_OFF
    await entry.call("switch", "turn_on", "2_task_rule:2")
    assert (await box.alert("fall", 2)).held_back is None

    # The first rule compares faces.
    structures = await entry.runtime_data.hub.call("list_structures", {})
    await entry.call("switch", "turn_off", "2_task_rule:1")
    assert channel.structure["ruleEnable"] is False
    await entry.call("switch", "turn_on", "2_task_rule:1")
    after = await entry.runtime_data.hub.call("list_structures", {})
    assert after["data"] == structures["data"]


async def test_rule_of_alert_mode(hass: HomeAssistant, start_hub: Setup) -> None:
    """In alert mode a channel has one rule."""
    async with MegviiBox(mode=3, multi_algorithm=False) as box:
        entry = await start_hub(box)
        before = dict(box.device.channels[2].alert["alertRules"])
        await entry.call("switch", "turn_off", "2_task_rule:1")
        after = box.device.channels[2].alert["alertRules"]
        assert after == {**before, "enable": False}
        assert box.device.channels[2].armed
        await entry.call("switch", "turn_off", "2_task_surveillance")
        assert not box.device.channels[2].armed
        assert box.device.channels[2].alert["alertRules"] == after


async def test_access(hass: HomeAssistant, box: MegviiBox, start_hub: Setup) -> None:
    """Times of access are calendars, and rules of access switches."""
    week: list[list[list[int]]] = [[[8 * 3600, 18 * 3600]]] * 5 + [[], []]
    device = box.device
    device.calendars["Holidays"] = {
        "calendarName": "Holidays",
        "dateRange": [[0, 1, 1]],
    }
    device.schedules["Office"] = {
        "scheduleName": "Office",
        **DAY,
        "timeRange": week,
    }
    device.rules["Door"] = {
        "ruleName": "Door",
        "enable": True,
        "videoNo": [1],
        "groupNames": ["Staff"],
        "calendarNames": ["Holidays"],
        "scheduleNames": ["Office"],
    }
    entry = await start_hub(box)
    office = entity_id(hass, entry, "schedule_week:Office")
    holidays = entity_id(hass, entry, "schedule_calendar:Holidays")
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": [office, holidays],
            "start_date_time": "2027-01-01 00:00:00+08:00",
            "end_date_time": "2027-01-06 00:00:00+08:00",
        },
        blocking=True,
        return_response=True,
    )
    assert [event["start"] for event in answer[office]["events"]] == [
        "2027-01-01T08:00:00+08:00",
        "2027-01-04T08:00:00+08:00",
        "2027-01-05T08:00:00+08:00",
    ]
    assert [event["start"] for event in answer[holidays]["events"]] == ["2027-01-01"]

    await entry.call("switch", "turn_off", "task_access:Door")
    assert device.rules["Door"]["enable"] is False
    assert device.rules["Door"]["groupNames"] == ["Staff"]
    await entry.call("switch", "turn_on", "task_access:Door")
    assert device.rules["Door"]["enable"] is True


async def test_snapshots(
    hass: HomeAssistant,
    box: MegviiBox,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A still picture is taken at most every 10 s: each stops what is read."""
    entry = await start_hub(box)
    camera = entity_id(hass, entry, "1_camera")
    box.request_log.clear()
    first = await async_get_image(hass, camera)
    assert first.content.startswith(b"\xff\xd8")
    second = await async_get_image(hass, camera)
    assert second.content == first.content
    path = "/v1/MEGBOX/videos/1/snapFullImage"
    assert box.request_log.count(path) == 1
    monkeypatch.setattr(streams, "PICTURE_AGE", 0)
    await async_get_image(hass, camera)
    assert box.request_log.count(path) == 2


async def test_settings(hass: HomeAssistant, box: MegviiBox, start_hub: Setup) -> None:
    """Every setting of the box can be changed, and nothing beside it."""
    entry = await start_hub(box)
    settings = box.device.settings
    model, functions = dict(settings.model), dict(settings.functions)
    people = len(box.device.people)
    for key, value in (
        ("push_interval", 700),
        ("recognition_retries", 9),
        ("recognition_retry_interval", 11),
        ("stranger_retries", 4),
    ):
        await entry.call("number", "set_value", key, value=value)
    await entry.call("select", "select_option", "push_mode", option="fast")
    await entry.call("switch", "turn_off", "keep_scenes")
    assert settings.functions == {
        **functions,
        "minPushInterval": 700,
        "retryCount": 9,
        "retryInterval": 11,
        "strangerRetryCount": 4,
        "captureFullPicEnabled": False,
    }
    assert settings.model == {**model, "pushMode": "FastPushMode"}
    # A change of the work mode would have made the box forget everybody.
    assert len(box.device.people) == people
    await entry.call("switch", "turn_on", "ntp")
    assert settings.time["ntpEnable"] is True
    await entry.refresh()
    assert hass.states.get(entity_id(hass, entry, "push_interval")).state == "700"


async def test_clock(hass: HomeAssistant, box: MegviiBox, start_hub: Setup) -> None:
    """A wrong clock is told, and set."""
    box.device.clock_offset = -300
    entry = await start_hub(box)
    issue = (DOMAIN, f"clock_wrong_{entry.entry_id}")
    issues = ir.async_get(hass)
    found = issues.async_get_issue(*issue)
    assert abs(float(found.translation_placeholders["seconds"]) + 300) < 5
    zone = box.device.settings.time["timeZone"]
    await entry.call("button", "press", "set_clock")
    assert abs(box.device.clock_offset) < 2
    assert box.device.settings.time["timeZone"] == zone
    await entry.refresh()
    await hass.async_block_till_done()
    assert issues.async_get_issue(*issue) is None


async def test_mode(hass: HomeAssistant, box: MegviiBox, start_hub: Setup) -> None:
    """Another work mode offers other things, and what is heard is understood."""
    entry = await start_hub(box)
    coordinator = entry.runtime_data.coordinator
    assert entry.runtime_data.hub.people is not None
    assert "fall" in coordinator.data.channels["2"].kinds
    box.device.multi_algorithm = False
    box.change_mode(3)
    entry.runtime_data.hub._details._scheduler.forget()
    await entry.refresh()
    assert entry.runtime_data.hub.people is None
    assert coordinator.data.channels["2"].kinds == {"fall"}
    events = async_capture_events(hass, EVENT)
    await box.alert(8, 2)
    await until_true(hass, lambda: events, EVENT)
    assert (events[0].data["channel"], events[0].data["kind"]) == ("2", "fall")

    box.change_mode(0)
    entry.runtime_data.hub._details._scheduler.forget()
    await entry.refresh()
    assert entry.runtime_data.hub.people is not None
    box.device.settings.model["workMode"] = "WhiteNameListMode"
    entry.runtime_data.hub._details._scheduler.forget()
    await entry.refresh()
    await box.recognize("Iris Vale", 1)
    await until_true(hass, lambda: len(events) == 3, EVENT)
    assert {event.data["kind"] for event in events[1:]} == {
        "face_recognized",
        "face_captured",
    }


async def test_channels_come_and_go(
    hass: HomeAssistant, box: MegviiBox, start_hub: Setup
) -> None:
    """What is added at the box is added here; what cannot be reached is told."""
    entry = await start_hub(box)
    added = box.add_channel()
    await entry.refresh()
    await hass.async_block_till_done()
    assert entity_id(hass, entry, f"{added.number}_camera")
    box.remove_channel(added.number)
    for _ in range(2):
        await entry.refresh()
    await hass.async_block_till_done()
    with pytest.raises(AssertionError):
        entity_id(hass, entry, f"{added.number}_camera")
    box.set_channel_status(1, 1)
    await entry.refresh()
    assert hass.states.get(entity_id(hass, entry, "1_online")).state == STATE_OFF

"""While alarms cannot come nobody is told that all is quiet."""

import asyncio
from datetime import timedelta
import time

from aiohttp import ClientSession
from homeassistant.const import (
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.vision_hub.alarms import reception
from custom_components.vision_hub.const import CONF_TOKEN
from custom_components.vision_hub.vendors.camguard.hub import record_listener
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.megvii.hub import push as megvii_push
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import HubEntry, Setup, until_true

KINDS = {kind.value for kind in AlarmKind}
DERIVED = {"alarm", "face", "last_alarm", "last_face", "last_person"}
HELMET = "SafetyHelmetAlarm"


@pytest.fixture
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let half a second be too long for a passing trouble."""
    monkeypatch.setattr(reception, "GRACE", 0.5)


def told_by_alarms(hass: HomeAssistant, entry: HubEntry) -> set[str]:
    """Return the entities that tell what alarms told."""
    return {
        registered.entity_id
        for registered in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if registered.domain in ("binary_sensor", "event", "image", "sensor")
        and registered.translation_key in KINDS | DERIVED
        and registered.disabled_by is None
    }


def known(hass: HomeAssistant, entry: HubEntry) -> set[str]:
    """Return those of them that say something."""
    return {
        entity
        for entity in told_by_alarms(hass, entry)
        if hass.states.get(entity).state != STATE_UNAVAILABLE
    }


async def until_known(hass: HomeAssistant, entry: HubEntry) -> None:
    """Wait until all of them say something."""
    await until_true(
        hass,
        lambda: known(hass, entry) == told_by_alarms(hass, entry),
        EVENT_STATE_CHANGED,
    )


async def until_unknown(hass: HomeAssistant, entry: HubEntry) -> None:
    """Wait until none of them says anything, and the reception is known to be off."""
    await until_true(hass, lambda: not known(hass, entry), EVENT_STATE_CHANGED)
    assert entry.state_of("push").state == STATE_OFF


async def test_silence(hass: HomeAssistant, box: UniviewBox, entry: HubEntry) -> None:
    """The box forgot us: three heartbeats did not come."""
    sent = await box.alarm(HELMET, channel_id=1, force=True)
    assert await sent.delivered(timeout=5)
    await until_known(hass, entry)
    assert len(known(hass, entry)) > 4
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=10))
    await until_unknown(hass, entry)
    assert entry.state_of("1_camera").state != STATE_UNAVAILABLE
    await box.keep_alive()
    await until_known(hass, entry)
    assert entry.state_of("push").state == STATE_ON


async def test_refused(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: HubEntry,
    address: str,
    short_grace: None,
) -> None:
    """What comes is not taken. The alarm that ends it is told as any other."""
    sent = await box.alarm(HELMET, channel_id=1, at=time.time() - 300, force=True)
    assert await sent.delivered(timeout=5)
    url = f"{address}/api/vision_hub/push/{entry.data[CONF_TOKEN]}"
    async with ClientSession() as session:
        for _ in range(3):
            async with session.post(url, data=b"?") as answer:
                assert answer.status == 400
    assert entry.state_of("push").state == STATE_OFF
    # It may still be an accident.
    assert known(hass, entry)
    await until_unknown(hass, entry)
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)

    # What is old ends it, too, and turns nothing on.
    sent = await box.alarm("SmokingAlarm", channel_id=1, at=time.time() - 300)
    assert await sent.delivered(timeout=5)
    await until_known(hass, entry)
    assert entry.state_of("1_no_helmet").state == STATE_OFF
    assert entry.state_of("1_alarm").state == STATE_UNKNOWN
    sent = await box.alarm(HELMET, channel_id=1, force=True)
    assert await sent.delivered(timeout=5)
    await entry.until("1_no_helmet", STATE_ON)
    assert entry.state_of("1_alarm").attributes["event_type"] == "no_helmet"
    shown = [
        event.data["new_state"].state
        for event in changes
        if event.data["entity_id"] == entry.entity_id("1_no_helmet")
    ]
    assert shown == [STATE_OFF, STATE_ON]


@pytest.mark.parametrize(
    ("vendor", "options"),
    [
        ("uniview", {}),
        ("sensetime", {}),
        ("megvii", {"push": "http"}),
        ("megvii", {"push": "polling"}),
        ("camguard", {}),
        ("huawei", {}),
    ],
)
async def test_hub_is_gone(
    hass: HomeAssistant,
    start_hub: Setup,
    vendor: str,
    options: dict[str, str],
    short_grace: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever way alarms come, a hub that is gone brings none."""
    monkeypatch.setattr(megvii_push, "POLLING", 0.1)
    monkeypatch.setattr(record_listener, "PATIENCE", 0.3)
    entry = await start_hub(vendor, **options)
    await until_known(hass, entry)
    away = asyncio.create_task(entry.device.reboot(60))
    await asyncio.sleep(0)
    assert not await entry.refresh()
    await until_unknown(hass, entry)
    away.cancel()
    await asyncio.wait({away})
    assert await entry.refresh()
    await until_known(hass, entry)


@pytest.mark.parametrize("vendor", ["megvii", "camguard"])
async def test_records_cannot_be_read(
    hass: HomeAssistant,
    start_hub: Setup,
    vendor: str,
    short_grace: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hub answers all but what its alarms are read from."""
    monkeypatch.setattr(megvii_push, "POLLING", 0.1)
    monkeypatch.setattr(record_listener, "PATIENCE", 0.3)
    entry = await start_hub(
        vendor, **({"push": "polling"} if vendor == "megvii" else {})
    )
    records = {"megvii": "*/captures*", "camguard": "/QueryTaskCaptureRecord"}[vendor]
    rule = entry.device.faults.add(Fault.HTTP_STATUS, records, status=500)
    await until_unknown(hass, entry)
    assert await entry.refresh()
    assert not known(hass, entry)
    entry.device.faults.clear(rule)
    await until_known(hass, entry)


async def test_short_trouble(
    hass: HomeAssistant, box: UniviewBox, start_hub: Setup
) -> None:
    """Neither a start nor a blink of the network is shown."""
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    rule = box.faults.add(Fault.SLOW, "*/docking/config", delay=0.3)
    entry = await start_hub(box)
    assert await hass.config_entries.async_reload(entry.entry_id)
    changes.clear()
    await entry.until("push", STATE_ON)
    box.faults.clear(rule)
    rule = box.faults.add(Fault.RESET, before_auth=True)
    assert not await entry.refresh()
    assert entry.state_of("1_camera").state == STATE_UNAVAILABLE
    assert entry.state_of("push").state == STATE_OFF
    # It still calls, so alarms come.
    beat = await box.keep_alive()
    assert await beat.delivered(timeout=5)
    assert entry.state_of("push").state == STATE_ON
    assert entry.state_of("connection").state == STATE_OFF
    box.faults.clear(rule)
    assert await entry.refresh()
    ours = told_by_alarms(hass, entry)
    assert not [
        event
        for event in changes
        if event.data["entity_id"] in ours
        and event.data["new_state"].state == STATE_UNAVAILABLE
    ]


async def test_subscription_fails(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup, short_grace: None
) -> None:
    """Nothing was ever set up to come."""
    box.faults.add(Fault.CODE, "/api/v2/docking/config/update", code=1001)
    entry = await set_up(box)
    assert known(hass, entry)
    await until_unknown(hass, entry)


async def test_place_is_taken(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """That does not pass by itself, so nobody waits."""
    for platform in box.device.platforms.values():
        platform.enabled = 1
        platform.url = "http://192.0.2.7:8000/in"
    entry = await set_up(box)
    await until_unknown(hass, entry)
    await entry.runtime_data.alarms.take_over()
    await until_known(hass, entry)

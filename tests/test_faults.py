"""Every fault of the virtual box ends in something that a user understands."""

from aiohttp import ClientTimeout
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import UpdateFailed
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.vendors.uniview import transport
from simulators import pictures
from simulators.delivery import PushFault
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from .conftest import entity_id

# What an answer may lack without a channel less: it is read leniently.
HARMLESS = {Fault.SLOW, Fault.WRONG_TYPES, Fault.HUGE}


@pytest.mark.parametrize("fault", Fault)
async def test_while_polling(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The hub is unavailable for a reason in words, or works on; then all is well."""
    monkeypatch.setattr(transport, "_TIMEOUT", ClientTimeout(total=1))
    coordinator = entry.runtime_data.coordinator
    camera = entity_id(hass, entry, "1_camera")
    box.faults.add(fault, "/api/v2/channel/list", delay=0.2, code=1, size=1 << 20)

    await coordinator.async_refresh()
    if not coordinator.last_update_success:
        error = coordinator.last_exception
        assert isinstance(error, UpdateFailed)
        assert error.translation_key in {
            "cannot_connect",
            "timeout",
            "unexpected_answer",
            "rejected_by_hub",
        }
        assert hass.states.get(camera).state == STATE_UNAVAILABLE
        assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_OFF
    else:
        assert fault in HARMLESS | {Fault.NULLS, Fault.MISSING_KEYS}
    assert not [record for record in caplog.records if record.exc_info]

    box.faults.clear()
    await coordinator.async_refresh()
    assert hass.states.get(camera).state != STATE_UNAVAILABLE
    assert hass.states.get(entity_id(hass, entry, "connection")).state == STATE_ON


@pytest.mark.parametrize("fault", PushFault)
async def test_while_pushing(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    fault: PushFault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A spoilt message is refused and comes again, and the alarm is told once.

    One that can still be read is told as what can be made out of it.
    """
    events = async_capture_events(hass, "vision_hub_alarm")
    box.push_faults.add(fault, times=1, kinds=[1], delay=0.2)
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered(timeout=10)
    await hass.async_block_till_done()
    kind = "other" if fault is PushFault.WRONG_TYPES else "no_helmet"
    assert [event.data["kind"] for event in events] == [kind]
    assert not [record for record in caplog.records if record.exc_info]


async def test_out_of_order(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Alarms that overtake each other are all told."""
    events = async_capture_events(hass, "vision_hub_alarm")
    box.hold_pushes()
    pushes = [await box.alarm("SafetyHelmetAlarm", channel_id=2)]
    pushes.append(await box.alarm("FieldDetectorObjectsInside", channel_id=2))
    box.release_pushes(lambda parcels: parcels[::-1])
    for push in pushes:
        assert await push.delivered(timeout=5)
    await hass.async_block_till_done()
    assert sorted(event.data["kind"] for event in events) == ["intrusion", "no_helmet"]


async def test_huge_picture(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A picture of 12 MB is kept; the box hears of one that is too big."""
    push = await box.alarm(
        "SafetyHelmetAlarm", channel_id=2, picture=pictures.huge(12_000_000)
    )
    assert await push.delivered(timeout=20)
    stored = entry.runtime_data.alarms.latest_picture["2"]
    content = await entry.runtime_data.alarms.archive.read(stored.pictures[0].path)
    assert content is not None
    assert len(content) == 12_000_000

    push = await box.alarm(
        "FieldDetectorObjectsInside", channel_id=2, picture=pictures.huge(20_000_000)
    )
    assert not await push.delivered(timeout=1)
    assert push.attempts[0].status == 413


async def test_nonce_expires(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A nonce that ended costs one more request, and nobody notices."""
    before = len(box.journal)
    box.expire_nonce()
    await entry.runtime_data.coordinator.async_refresh()
    assert entry.runtime_data.coordinator.last_update_success
    refused = [
        request for request in list(box.journal)[before:] if request.status == 401
    ]
    assert len(refused) == 1

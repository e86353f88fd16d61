"""Alarms that are read."""

import asyncio
from datetime import timedelta

from aiohttp import ClientTimeout
from homeassistant.components.media_source import async_browse_media
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.alarms import EVENT_ALARM as EVENT
from custom_components.vision_hub.alarms.archive import ArchiveQuery
from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.camguard import transport
from simulators.camguard import CamGuardServer, Order, Quirks
from simulators.faults import Fault

from ...conftest import Setup, entity_id, until, until_true
from ...helpers.actions import act, device
from ...helpers.media import follow

RECORDS = "/QueryTaskCaptureRecord"


async def test_faces(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """Records become faces, with who, where, which way, and pictures."""
    entry = await start_hub(server)
    events = async_capture_events(hass, EVENT)
    face = entity_id(hass, entry, "1_face")

    await server.recognize(1, camera=1, similarity=0.91)
    state = await until(
        hass, face, lambda s: s.attributes["event_type"] == "recognized"
    )
    assert state.attributes["person"] == "Ada Winter"
    assert state.attributes["similarity"] == pytest.approx(91)
    await server.recognize(4, camera=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "blacklisted")
    await server.stranger(camera=1)
    await until(hass, face, lambda s: s.attributes["event_type"] == "stranger")
    await server.recognize(5, camera=4)
    await until(
        hass,
        entity_id(hass, entry, "4_face"),
        lambda s: s.attributes["event_type"] == "recognized",
    )
    assert [(event.data["task"], event.data["passage"]) for event in events] == [
        ("Entrance watch", None),
        ("Entrance watch", None),
        ("Entrance watch", None),
        ("Sign-in", "exit"),
    ]
    image = entity_id(hass, entry, "1_last_face")
    await until(hass, image, lambda s: s.state not in ("unknown", "unavailable"))


@pytest.mark.parametrize("server", [Quirks()], indirect=True)
@pytest.mark.parametrize("fault", Fault)
async def test_spoilt_first_look(
    hass: HomeAssistant,
    server: CamGuardServer,
    start_hub: Setup,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it cannot be read what is old, nothing old is told later."""
    monkeypatch.setattr(transport, "_TIMEOUT", ClientTimeout(total=0.5))
    events = async_capture_events(hass, EVENT)
    for person in (1, 2, 3):
        await server.recognize(person, camera=1)
    server.faults.add(fault, RECORDS, times=2, delay=0.1, code=1, size=1 << 20)
    await start_hub(server)
    await server.request_log.until(lambda: server.request_log.count(RECORDS) > 3)
    await server.stranger(camera=1)
    await until_true(hass, lambda: events, EVENT)
    assert [event.data["kind"] for event in events] == ["face_stranger"]


async def test_clock_that_only_records_tell(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """A clock that is behind is told of, and alarms count, when one has shown it."""
    server.quirks.blank_date = True
    server.clock_offset = -300
    entry = await start_hub(server)
    events = async_capture_events(hass, EVENT)
    await server.stranger(camera=1)
    await until_true(hass, lambda: events, EVENT)
    await entry.runtime_data.coordinator.async_refresh()
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"clock_wrong_{entry.entry_id}")
    assert issue is not None
    await server.stranger(camera=1)
    await until_true(hass, lambda: len(events) > 1, EVENT)
    assert [event.data["late"] for event in events] == [True, False]


async def test_restart(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """What happens while Home Assistant is down arrives after it, each once."""
    await server.recognize(1, camera=1)
    entry = await start_hub(server)
    events = async_capture_events(hass, EVENT)
    assert not events
    await server.recognize(2, camera=1)
    await until_true(hass, lambda: len(events) == 1, EVENT)

    assert await hass.config_entries.async_unload(entry.entry_id)
    for number in range(60):
        await server.recognize(1 + number % 3, camera=1)
    server.delete_from_middle(5)
    server.quirks.order = Order.ASCENDING
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until_true(hass, lambda: len(events) == 56, EVENT)
    await server.stranger(camera=2)
    await until_true(hass, lambda: len(events) == 57, EVENT)
    assert len({event.data["alarm_id"] for event in events}) == 57


async def test_past(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """What happened before is asked of the server, what came is in the browser."""
    await server.recognize(1, camera=1)
    await server.stranger(camera=2)
    entry = await start_hub(server)
    events = async_capture_events(hass, EVENT)
    await server.recognize(4, camera=1)
    await until_true(hass, lambda: events, EVENT)

    hub = device(hass, entry)
    found = await act(hass, "search_alarms", hub, source="hub")
    assert {(alarm["channel"], alarm["kind"]) for alarm in found["alarms"]} == {
        ("1", "face_blacklisted"),
        ("2", "face_stranger"),
        ("1", "face_recognized"),
    }
    front = device(hass, entry, "1")
    found = await act(hass, "search_alarms", front, source="hub", person="winter")
    (alarm,) = found["alarms"]
    assert alarm["matches"][0]["name"] == "Ada Winter"
    assert (alarm["key"], alarm["late"]) == (None, True)

    assert await async_setup_component(hass, "media_source", {})
    (day,) = [
        child
        for child in (await follow(hass, entry.title, "Front door")).children or ()
        if child.title != "Recordings"
    ]
    (row,) = (await async_browse_media(hass, day.media_content_id)).children or ()
    assert row.title.endswith("· Blacklisted face · Unwelcome Visitor")


@pytest.mark.parametrize("fault", [Fault.HTTP_STATUS, Fault.RESET, Fault.CODE])
async def test_pictures_after_trouble_and_a_restart(
    hass: HomeAssistant,
    server: CamGuardServer,
    start_hub: Setup,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Records only point to their pictures; none is lost, none is fetched twice."""
    fetcher = "custom_components.vision_hub.alarms.picture_fetcher"
    monkeypatch.setattr(f"{fetcher}.WAITS", (timedelta(milliseconds=50),))
    monkeypatch.setattr(f"{fetcher}.FIRST_REST", 0.1)
    entry = await start_hub(server)
    events = async_capture_events(hass, EVENT)
    for pattern in ("/DownloadPersonPicture", "/storage/*"):
        server.faults.add(fault, pattern)
    for person in (1, 2, 3, 4):
        await server.recognize(person, camera=1)
    await until_true(hass, lambda: len(events) == 4, EVENT, timeout=30)
    archive = entry.runtime_data.alarms.archive
    for _ in range(2):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
    found = await archive.search(ArchiveQuery())
    assert not any(stored.pictures for stored in found)

    server.faults.clear()
    for _ in range(1000):
        found = await archive.search(ArchiveQuery())
        if all(len(one.pictures) == len(one.alarm.pictures) for one in found):
            break
        await asyncio.sleep(0.02)
    assert len(found) == 4
    assert all(one.pictures for one in found)
    assert all(len(one.pictures) == len(one.alarm.pictures) for one in found)

"""What a MegBox tells while Home Assistant is away, is cut off, or is not alone."""

from collections.abc import AsyncIterator
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.alarms import EVENT_ALARM as EVENT
from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from custom_components.vision_hub.vendors.megvii.hub import push
from simulators.megvii import Fault, MegviiBox, PushFault

from ...conftest import Setup, entity_id, new_entry, until, until_true
from ...helpers.megvii import QUICK, slow_to_give_up
from ...helpers.waiting import until_issue
from ...simulators.waiting import until as until_so

THEIRS = "http://127.0.0.1:9/in"


@pytest.fixture
async def box() -> AsyncIterator[MegviiBox]:
    """A box whose pauses are over soon."""
    async with MegviiBox(time_scale=QUICK) as box:
        slow_to_give_up(box)
        yield box


async def all_told(hass: HomeAssistant, events: list[Any], count: int) -> None:
    """Wait until that many alarms were told; no more may come."""
    await until_true(
        hass,
        lambda: len({event.data["alarm_id"] for event in events}) >= count,
        EVENT,
        timeout=40,
    )
    await hass.async_block_till_done()
    assert len(events) == count


async def test_outage(hass: HomeAssistant, box: MegviiBox, start_hub: Setup) -> None:
    """What could not be delivered comes again in bulk, and is told once."""
    entry = await start_hub(box)
    events = async_capture_events(hass, EVENT)
    before = await box.capture("human", 3)
    assert await before.delivered()
    assert await hass.config_entries.async_unload(entry.entry_id)
    results = [await box.capture("human", 3) for _ in range(20)]
    results += [await box.recognize("Iris Vale", 1), await box.alert("fall", 2)]
    for result in results:
        assert not await result.delivered()
    # One for a recognition, one for its capture.
    assert len(box.reporter.failed) == 23

    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    # By now its records are read as well.
    assert box.resend_failed() == 23
    await all_told(hass, events, 24)
    assert not box.reporter.failed
    usage = await entry.runtime_data.alarms.archive.usage()
    assert usage.alarms == 24


@pytest.mark.parametrize("records", [False, True])
async def test_late(
    hass: HomeAssistant, box: MegviiBox, start_hub: Setup, records: bool
) -> None:
    """What is told half an hour later is kept, but is no event any more."""
    entry = await start_hub(box)
    events = async_capture_events(hass, EVENT)
    shown = async_capture_events(hass, EVENT_STATE_CHANGED)
    assert await hass.config_entries.async_unload(entry.entry_id)
    shown.clear()
    then = box.device.now() - 1800
    results = [await box.recognize("Iris Vale", 1, at=then + n) for n in range(5)]
    for result in results:
        assert not await result.delivered()
    if not records:
        box.device.alerts.clear()
        box.device.captures.clear()

    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert box.resend_failed() == 10
    await all_told(hass, events, 10)
    assert all(event.data["late"] for event in events)
    face = entity_id(hass, entry, "1_face")
    assert hass.states.get(face).attributes.get("event_type") is None
    watched = entity_id(hass, entry, "1_face_blacklisted")
    assert hass.states.get(watched).state == STATE_OFF
    assert not [
        event
        for event in shown
        if event.data["entity_id"] == watched
        and event.data["new_state"].state == STATE_ON
    ]


@pytest.mark.parametrize("port", [False, True])
async def test_storm_with_cuts(
    hass: HomeAssistant,
    box: MegviiBox,
    start_hub: Setup,
    port: bool,
    unused_tcp_port: int,
) -> None:
    """WebSockets that are cut in the middle of a storm lose no alarm: we count."""
    options = {"socket_port": unused_tcp_port} if port else {}
    entry = await start_hub(box, push="websocket", **options)
    events = async_capture_events(hass, EVENT)
    results = []
    for number in range(40):
        if number in (10, 25):
            box.drop_links()
        if number == 17:
            box.push_faults.add(PushFault.LOST_ANSWER, times=1)
        results.append(await box.capture("human", 3 if number % 2 else 4, bound=False))
        if number % 8 == 0:
            results.append(await box.stranger(2))
    for result in results:
        assert await result.delivered(timeout=30)
    assert box.reporter.links[3].connections >= 2
    # A stranger is told of, and captured.
    await all_told(hass, events, 40 + 2 * 5)
    usage = await entry.runtime_data.alarms.archive.usage()
    assert usage.alarms == 50
    assert not box.device.alerts
    assert not box.device.captures


@pytest.mark.parametrize("way", ["http", "websocket"])
async def test_full_disk(
    hass: HomeAssistant,
    box: MegviiBox,
    start_hub: Setup,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What cannot be stored is not acknowledged, so it comes again."""
    entry = await start_hub(box, push=way)
    events = async_capture_events(hass, EVENT)
    archive = entry.runtime_data.alarms.archive
    add, failures = archive.add, [OSError("No space left on device")]

    async def add_later(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop()
        return await add(*args, **kwargs)

    monkeypatch.setattr(archive, "add", add_later)
    result = await box.capture("human", 3)
    assert await result.delivered(timeout=20)
    (message,) = result.pushes
    assert [attempt.acknowledged for attempt in message.attempts] == [False, True]
    await all_told(hass, events, 1)


async def test_taken(
    hass: HomeAssistant,
    box: MegviiBox,
    address: str,
    hass_client: ClientSessionGenerator,
) -> None:
    """Two places that belong to others are asked for, taken, and given back."""
    reports = box.device.settings.http_reports
    reports["enable"] = True
    reports["main"]["url"] = THEIRS
    reports["slave"] |= {"url": f"{THEIRS}/2", "eventType": 1, "resend": 2}
    before = {place: dict(reports[place]) for place in ("main", "slave")}
    entry = new_entry(box, address)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    issue = await until_issue(hass, entry, "subscription_taken")
    assert "127.0.0.1:9" in issue.translation_placeholders["owners"]
    assert {place: reports[place] for place in before} == before

    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": issue.issue_id},
    )
    flow = (await answer.json())["flow_id"]
    answer = await client.post(f"/api/repairs/issues/fix/{flow}", json={})
    assert (await answer.json())["type"] == "create_entry"
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert reports["main"] == before["main"]
    assert reports["slave"]["url"].startswith(address)
    events = async_capture_events(hass, EVENT)
    await box.capture("human", 3)
    await until_true(hass, lambda: events, EVENT)

    await hass.config_entries.async_remove(entry.entry_id)
    assert {place: reports[place] for place in before} == before
    assert reports["enable"]


@pytest.mark.parametrize("enabled", [False, True])
async def test_one_place_left(
    hass: HomeAssistant, box: MegviiBox, address: str, start_hub: Setup, enabled: bool
) -> None:
    """Beside somebody else there is a place; who was switched off stays so."""
    reports = box.device.settings.http_reports
    reports["enable"] = enabled
    reports["main"]["url"] = THEIRS
    before = dict(reports["main"])
    entry = await start_hub(box)
    assert reports["slave"]["url"].startswith(address)
    assert reports["main"]["url"] == (THEIRS if enabled else "")
    assert reports["enable"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert reports["main"] == before
    assert reports["slave"]["url"] == ""
    assert reports["enable"] is enabled


async def test_taken_sockets(hass: HomeAssistant, box: MegviiBox, address: str) -> None:
    """A WebSocket receiver of somebody else is not taken without consent."""
    part = box.device.settings.reports["capture"]
    part |= {
        "captureReportMode": "activeMode",
        "reportServerAdd": "ws://127.0.0.1:9/",
        "pushBigImageSW": False,
    }
    before = dict(part)
    entry = new_entry(box, address, push="websocket")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until_issue(hass, entry, "subscription_taken")
    assert box.device.settings.reports["capture"] == before
    await entry.runtime_data.alarms.take_over()
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    await hass.config_entries.async_remove(entry.entry_id)
    assert box.device.settings.reports["capture"] == before


async def test_heartbeats(
    hass: HomeAssistant, box: MegviiBox, start_hub: Setup
) -> None:
    """A box that restarts dials again; its heartbeats tell that it lives."""
    entry = await start_hub(box, push="websocket")
    alarms = entry.runtime_data.alarms
    heard = alarms.last_heard
    assert await (await box.heartbeat()).delivered()
    await until_so(lambda: alarms.last_heard != heard)

    await box.reboot()
    events = async_capture_events(hass, EVENT)
    result = await box.capture("human", 3)
    assert await result.delivered(timeout=20)
    await until_true(hass, lambda: events, EVENT)


@pytest.mark.parametrize("refuses", [False, True])
async def test_records_instead(
    hass: HomeAssistant,
    box: MegviiBox,
    address: str,
    start_hub: Setup,
    refuses: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a box cannot call, its records are read, and it is called again later."""
    monkeypatch.setattr(push, "POLLING", 0.1)
    path = "/v1/MEGBOX/devices/httpReports"
    if refuses:
        box.faults.add(Fault.CODE, path, code=104001)
    else:
        hass.config.api = None
    entry = await start_hub(box, callback_url=address if refuses else "")
    assert not box.device.settings.http_reports["main"]["url"]
    events = async_capture_events(hass, EVENT)
    await box.recognize("Iris Vale", 1)
    await until_true(hass, lambda: len(events) == 2, EVENT)

    box.faults.clear()
    options = {**entry.options, OPTION_CALLBACK_URL: address}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_reload(entry.entry_id)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert box.device.settings.http_reports["main"]["url"].startswith(address)
    await box.capture("human", 3)
    await until_true(hass, lambda: len(events) == 3, EVENT)

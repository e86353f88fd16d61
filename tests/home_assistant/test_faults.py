"""Every fault of a virtual device ends in something that a user understands.

The same tests run against a device of each vendor, and over each way of its pushes.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import partial
from typing import Any
from unittest.mock import AsyncMock

from aiohttp import ClientTimeout
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors import (
    camguard,
    huawei,
    login_refusal,
    megvii,
    sensetime,
    uniview,
)
from custom_components.vision_hub.vendors.camguard.hub import record_listener
from custom_components.vision_hub.vendors.toolkit.connection import MAX_ANSWER
from simulators import pictures
from simulators.camguard import CamGuardServer, Quirks
from simulators.faults import Fault
from simulators.huawei import HuaweiCloud
from simulators.huawei.models import KeyPair
from simulators.megvii import MegviiBox
from simulators.odd_json import Oddity
from simulators.push_delivery import PushFault, ResendPolicy
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup, entity_id, until, until_true
from ..helpers.huawei import ACCESS_KEY, SECRET_KEY, allow_reads, key
from ..helpers.megvii import slow_to_give_up
from .conftest import let_time_pass, until_login_is_asked_for

ANOTHER_PASSWORD = "Another-Word-2"
RECORDS = "/QueryTaskCaptureRecord"

# What an answer may lack without a channel less: it is read leniently.
HARMLESS = {Fault.SLOW, Fault.WRONG_TYPES, Fault.HUGE, Fault.NULLS, Fault.MISSING_KEYS}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A virtual device that Home Assistant listens to, and what is its vendor's own."""

    device: UniviewBox | SenseTimeNode | CamGuardServer | MegviiBox | HuaweiCloud
    entry: MockConfigEntry
    transport: Any
    """The module that knows how long to wait."""
    password: str
    cameras: str
    """The path of what every poll asks."""
    logins: str | None
    """The path of logging in, where that is a request of its own."""
    alarm: Callable[[], Awaitable[None]]
    """Let the device see somebody; returns when it need not send it again."""
    kind: str
    spoilt: str
    """The kinds of that alarm, as it is and with every value of a wrong type."""
    comes_again: bool = False
    """Spoilt so it is sent again: its acknowledgement must name what it is about."""
    end_session: Callable[[], None]
    change_password: Callable[[str], None]
    records: str = ""
    """The path of what is asked for alarms, where they are not sent."""
    user: str = "username"
    login: str = "admin"
    secret: str = "password"
    """What the user is asked for when the device does not let us in."""
    camera: str = "1"
    """A channel."""

    async def poll(self) -> bool:
        """Poll now; tell whether that went well."""
        coordinator = self.entry.runtime_data.coordinator
        await coordinator.async_refresh()
        return bool(coordinator.last_update_success)

    def asked(self) -> int:
        """Count the requests, without looking for alarms."""
        return sum(entry.path != self.records for entry in self.device.request_log)

    async def looked(self) -> None:
        """Wait until alarms are asked for once more."""
        request_log = self.device.request_log
        count = partial(request_log.count, self.records, authorized=None)
        looks = count()
        await request_log.until(lambda: count() > looks, timeout=10)


def of_box(box: UniviewBox, entry: MockConfigEntry) -> Subject:
    async def alarm() -> None:
        push = await box.alarm("SafetyHelmetAlarm", channel_id=2, force=True)
        assert await push.delivered(timeout=10)

    def change_password(password: str) -> None:
        box.digest_auth.password = password

    return Subject(
        device=box,
        entry=entry,
        transport=uniview.transport,
        password=PASSWORD,
        cameras="/api/v2/channel/list",
        logins=None,
        alarm=alarm,
        kind="no_helmet",
        # It is refused, for it does not tell whose it is; the records have it.
        spoilt="no_helmet",
        end_session=box.expire_nonce,
        change_password=change_password,
    )


def of_node(node: SenseTimeNode, entry: MockConfigEntry) -> Subject:
    async def alarm() -> None:
        result = await node.face(channel=2, stranger=True)
        if result.push.targets:
            assert await result.push.delivered(timeout=10)

    def change_password(password: str) -> None:
        node.sessions.password = password

    return Subject(
        device=node,
        entry=entry,
        transport=sensetime.transport,
        password=PASSWORD,
        cameras="/api/json/516",
        logins="/api/json/257",
        alarm=alarm,
        kind="face_stranger",
        # The virtual node spoils no forms in this way.
        spoilt="face_stranger" if entry.options["http_push"] else "face_captured",
        end_session=node.expire_session,
        change_password=change_password,
    )


def of_server(server: CamGuardServer, entry: MockConfigEntry) -> Subject:
    async def alarm() -> None:
        assert len(await server.stranger(camera=2)) == 1

    return Subject(
        device=server,
        entry=entry,
        transport=camguard.transport,
        password=PASSWORD,
        cameras="/QueryCameraList",
        logins="/Login",
        alarm=alarm,
        kind="face_stranger",
        spoilt="face_stranger",
        end_session=server.expire_session,
        change_password=server.change_password,
        records=RECORDS,
    )


def of_megvii(box: MegviiBox, entry: MockConfigEntry) -> Subject:
    async def alarm() -> None:
        result = await box.capture("human", 3)
        assert await result.delivered(timeout=10)

    def change_password(password: str) -> None:
        box.digest_auth.password = password

    return Subject(
        device=box,
        entry=entry,
        transport=megvii.transport,
        password=PASSWORD,
        cameras="/v1/MEGBOX/multiAlgVideos",
        logins=None,
        alarm=alarm,
        kind="person_detected",
        spoilt="person_detected",
        comes_again=entry.options["push"] == "websocket",
        end_session=box.expire_nonces,
        change_password=change_password,
    )


def of_cloud(cloud: HuaweiCloud, entry: MockConfigEntry) -> Subject:
    async def alarm() -> None:
        sent = await cloud.alarm("motion_detection")
        assert await sent.delivered(timeout=10)

    def change_password(password: str) -> None:
        cloud.revoke_keys()
        cloud.device.keys[ACCESS_KEY] = KeyPair(ACCESS_KEY, password)

    return Subject(
        device=cloud,
        entry=entry,
        transport=huawei.transport,
        password=SECRET_KEY,
        cameras="/v1/*/device-orgs/0/devices",
        logins="/v2/*/enterprises/access-token",
        alarm=alarm,
        kind="motion",
        spoilt="other",
        end_session=cloud.expire_tokens,
        change_password=change_password,
        user="access_key",
        login=ACCESS_KEY,
        secret="secret_key",
        camera=key(cloud.channels[0], "")[:-1],
    )


PUSHING = (
    *("uniview", "sensetime", "sensetime by HTTP"),
    *("megvii by HTTP", "megvii by WebSocket"),
)


@pytest.fixture(params=(*PUSHING, "camguard"))
async def subject(
    start_hub: Setup, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Subject]:
    """A device of each vendor, and of each way that its alarms may come."""
    if request.param == "uniview":
        async with UniviewBox(channels=2, password=PASSWORD) as box:
            yield of_box(box, await start_hub(box))
        return
    if "camguard" in request.param:
        quirks = Quirks.samples() if "samples" in request.param else Quirks()
        async with CamGuardServer(password=PASSWORD, quirks=quirks) as server:
            yield of_server(server, await start_hub(server))
        return
    if "megvii" in request.param:
        way = "websocket" if "WebSocket" in request.param else "http"
        async with MegviiBox(digest=True, password=PASSWORD, time_scale=0.02) as box:
            slow_to_give_up(box)
            # They would be spoilt instead of alarms.
            monkeypatch.setattr(box.reporter, "heartbeat", AsyncMock())
            entry = await start_hub(box, push=way)
            # After a subscription everything is read again once.
            await entry.runtime_data.coordinator.async_refresh()
            yield of_megvii(box, entry)
        return
    if "huawei" in request.param:
        # What is asked in turns would be counted, too.
        allow_reads(monkeypatch, per_minute=0)
        async with HuaweiCloud(devices=1, channels=2) as cloud:
            yield of_cloud(cloud, await start_hub(cloud))
        return
    resend = ResendPolicy(first_delay=0.1)
    async with SenseTimeNode(channels=2, password=PASSWORD, resend=resend) as node:
        entry = await start_hub(node, http_push="HTTP" in request.param)
        yield of_node(node, entry)


IDENTITY = ("/api/v2/device/get", "/api/json/1281", "/v1/MEGBOX/devices")
"""The paths of who a device is, where it tells."""

each_vendor = pytest.mark.parametrize(
    "subject",
    ["uniview", "sensetime", "camguard", "megvii by HTTP", "huawei"],
    indirect=True,
)
each_push = pytest.mark.parametrize("subject", PUSHING, indirect=True)
each_spelling = pytest.mark.parametrize(
    "subject", ["camguard", "camguard as in samples"], indirect=True
)


@each_vendor
@pytest.mark.parametrize("fault", Fault)
async def test_while_polling(
    hass: HomeAssistant,
    subject: Subject,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The hub is unavailable for a reason in words, or works on; then all is well."""
    monkeypatch.setattr(subject.transport, "_TIMEOUT", ClientTimeout(total=1))
    camera = entity_id(hass, subject.entry, f"{subject.camera}_camera")
    connection = entity_id(hass, subject.entry, "connection")
    subject.device.faults.add(fault, subject.cameras, delay=0.2, code=1, size=1 << 20)

    if not await subject.poll():
        error = subject.entry.runtime_data.coordinator.last_exception
        assert isinstance(error, UpdateFailed)
        assert error.translation_key in {
            "cannot_connect",
            "timeout",
            "unexpected_answer",
            "rejected_by_hub",
        }
        assert hass.states.get(camera).state == STATE_UNAVAILABLE
        assert hass.states.get(connection).state == STATE_OFF
    else:
        assert fault in HARMLESS
        assert hass.states.get(camera).state != STATE_UNAVAILABLE
    assert not [record for record in caplog.records if record.exc_info]

    subject.device.faults.clear()
    assert await subject.poll()
    assert hass.states.get(camera).state != STATE_UNAVAILABLE
    assert hass.states.get(connection).state == STATE_ON


@each_vendor
async def test_absurd_size(hass: HomeAssistant, subject: Subject) -> None:
    """An answer that has no end is not read to its end."""
    subject.device.faults.add(Fault.HUGE, subject.cameras, size=MAX_ANSWER + 1)
    assert not await subject.poll()
    error = subject.entry.runtime_data.coordinator.last_exception
    assert error.translation_key == "unexpected_answer"
    subject.device.faults.clear()
    assert await subject.poll()


@each_push
@pytest.mark.parametrize("fault", PushFault)
async def test_while_pushing(
    hass: HomeAssistant,
    subject: Subject,
    fault: PushFault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A spoilt message comes again or is fetched, and the alarm is told once.

    One that can still be read is told as what can be made out of it.
    """
    events = async_capture_events(hass, "vision_hub_alarm")
    subject.device.push_faults.add(fault, times=1, delay=0.2)
    await subject.alarm()
    await until_true(hass, lambda: events, "vision_hub_alarm")
    await until(hass, entity_id(hass, subject.entry, "push"), STATE_ON)
    await subject.alarm()
    await until_true(hass, lambda: len(events) > 1, "vision_hub_alarm")
    await hass.async_block_till_done()
    expected = [subject.kind, subject.kind]
    if fault is PushFault.WRONG_TYPES:
        expected = [subject.spoilt, *expected[0 if subject.comes_again else 1 :]]
    assert [event.data["kind"] for event in events] == expected
    assert not [record for record in caplog.records if record.exc_info]


@each_spelling
@pytest.mark.parametrize("fault", Fault)
async def test_while_reading_records(
    hass: HomeAssistant,
    subject: Subject,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What happens while records cannot be read is told afterwards, once."""
    monkeypatch.setattr(subject.transport, "_TIMEOUT", ClientTimeout(total=1))
    events = async_capture_events(hass, "vision_hub_alarm")
    for _ in range(3):
        await subject.alarm()
    await until_true(hass, lambda: len(events) == 3, "vision_hub_alarm")

    faults = subject.device.faults
    rule = faults.add(fault, RECORDS, delay=0.2, code=1, size=1 << 20)
    await subject.alarm()
    await subject.device.request_log.until(lambda: rule.hits > 2, timeout=10)
    faults.clear()
    await subject.alarm()
    await until_true(hass, lambda: len(events) >= 5, "vision_hub_alarm")
    await subject.alarm()
    await until_true(hass, lambda: len(events) >= 6, "vision_hub_alarm")
    assert len({event.data["alarm_id"] for event in events}) == len(events) == 6
    assert hass.states.get(entity_id(hass, subject.entry, "push")).state == STATE_ON
    assert not [record for record in caplog.records if record.exc_info]


@each_spelling
async def test_every_record_once(
    hass: HomeAssistant, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests fail all the time, sessions end, and no record is lost: we count."""
    monkeypatch.setattr(subject.transport, "_TIMEOUT", ClientTimeout(total=1))
    monkeypatch.setattr(record_listener, "FASTEST", 0.02)
    events = async_capture_events(hass, "vision_hub_alarm")
    spoilers = [fault for fault in Fault if fault not in HARMLESS]
    for number in range(60):
        if number % 6 == 3:
            fault = spoilers[number // 6 % len(spoilers)]
            subject.device.faults.add(fault, RECORDS, times=2, code=1)
        if number % 20 == 10:
            subject.end_session()
        await subject.alarm()
        if number % 3 == 0:
            # What comes next is found by a later look.
            await subject.looked()
    await until_true(hass, lambda: len(events) >= 60, "vision_hub_alarm", timeout=30)
    await subject.alarm()
    await until_true(hass, lambda: len(events) >= 61, "vision_hub_alarm")
    assert len({event.data["alarm_id"] for event in events}) == len(events) == 61
    usage = await subject.entry.runtime_data.alarms.archive.usage()
    assert usage.alarms == 61


@each_vendor
async def test_expired_session(hass: HomeAssistant, subject: Subject) -> None:
    """A session or nonce that ended is renewed once, and nobody notices."""
    request_log = subject.device.request_log
    request_log.clear()
    assert await subject.poll()
    usual = subject.asked()
    request_log.clear()
    subject.end_session()
    assert await subject.poll()
    # The refused one comes on top, unless that was one that looks for alarms.
    refused = request_log.count(subject.cameras, authorized=False)
    assert refused == 1 or subject.records
    assert subject.asked() == usual + refused + (subject.logins is not None)
    if subject.logins is not None:
        assert request_log.count(subject.logins, authorized=None) == 1


@each_vendor
async def test_locked_out(
    hass: HomeAssistant, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device that locks us out is left alone, and nobody is asked.

    When the lock is over everything is there again.
    """
    camera = entity_id(hass, subject.entry, f"{subject.camera}_camera")
    subject.device.lock_out()
    subject.end_session()
    assert not await subject.poll()
    assert hass.states.get(camera).state == STATE_UNAVAILABLE
    request_log = subject.device.request_log
    request_log.clear()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await hass.async_block_till_done()
    assert not await subject.poll()
    assert len(request_log) == 0

    subject.device.unlock()
    let_time_pass(monkeypatch, 3600)
    assert await subject.poll()
    assert hass.states.get(camera).state != STATE_UNAVAILABLE
    assert not hass.config_entries.flow.async_progress()


@each_vendor
async def test_refused_once(
    hass: HomeAssistant, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device that refuses the right password while it starts asks for no other."""
    subject.change_password(ANOTHER_PASSWORD)
    subject.end_session()
    assert not await subject.poll()
    subject.change_password(subject.password)
    subject.end_session()
    # Not at once: attempts are counted there.
    assert not await subject.poll()
    let_time_pass(monkeypatch, login_refusal.RETRY_INTERVAL)
    assert await subject.poll()
    assert not hass.config_entries.flow.async_progress()


@each_vendor
async def test_not_let_in(
    hass: HomeAssistant, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device whose password changed is asked a few times, minutes apart.

    Then the user is asked, and everything is there again.
    """
    camera = entity_id(hass, subject.entry, f"{subject.camera}_camera")
    subject.change_password(ANOTHER_PASSWORD)
    subject.end_session()
    flow = await until_login_is_asked_for(hass, subject.entry, monkeypatch)
    assert hass.states.get(camera).state == STATE_UNAVAILABLE
    request_log = subject.device.request_log
    request_log.clear()
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
    await hass.async_block_till_done()
    assert len(request_log) == 0

    password = ANOTHER_PASSWORD
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {subject.user: subject.login, subject.secret: password}
    )
    await hass.async_block_till_done()
    assert result.get("reason") == "reauth_successful", result
    assert subject.entry.state is ConfigEntryState.LOADED
    assert hass.states.get(camera).state != STATE_UNAVAILABLE
    await until(hass, entity_id(hass, subject.entry, "push"), STATE_ON)


@pytest.mark.parametrize("ahead", [1200, -300])
async def test_wrong_clock(hass: HomeAssistant, subject: Subject, ahead: int) -> None:
    """A wrong clock is told of; alarms still count as they happen."""
    subject.device.clock_offset = ahead
    await hass.config_entries.async_reload(subject.entry.entry_id)
    await until(hass, entity_id(hass, subject.entry, "push"), STATE_ON)
    events = async_capture_events(hass, "vision_hub_alarm")
    for _ in range(4):
        await subject.alarm()
    await until_true(hass, lambda: len(events) == 4, "vision_hub_alarm")
    assert not any(event.data["late"] for event in events)
    assert await subject.poll()
    await hass.async_block_till_done()
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"clock_wrong_{subject.entry.entry_id}"
    )
    assert issue is not None
    assert abs(float(issue.translation_placeholders["seconds"]) - ahead) < 10


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


@each_vendor
@pytest.mark.parametrize("status", [404, 405, 501])
async def test_what_is_not_needed_is_lacking(
    hass: HomeAssistant, subject: Subject, status: int
) -> None:
    """Cameras are there whatever else a device does not have."""
    needed = [subject.cameras, subject.logins, subject.records, *IDENTITY]
    asked = {entry.path for entry in subject.device.request_log}
    for path in asked:
        if not any(fnmatchcase(path, pattern) for pattern in needed if pattern):
            subject.device.faults.add(
                Fault.HTTP_STATUS, path, status=status, before_auth=True
            )
    assert subject.device.faults.rules
    await hass.config_entries.async_reload(subject.entry.entry_id)
    assert subject.entry.state is ConfigEntryState.LOADED
    assert await subject.poll()
    camera = entity_id(hass, subject.entry, f"{subject.camera}_camera")
    assert hass.states.get(camera).state != STATE_UNAVAILABLE


@pytest.mark.parametrize(
    # A MegBox has another list of its cameras in each mode.
    "subject",
    ["uniview", "sensetime", "camguard", "huawei"],
    indirect=True,
)
@pytest.mark.parametrize("status", [404, 405, 501])
async def test_what_is_needed_is_lacking(
    hass: HomeAssistant, subject: Subject, status: int
) -> None:
    """Whatever answers so to the list of cameras is no hub of the vendor."""
    subject.device.faults.add(
        Fault.HTTP_STATUS, subject.cameras, status=status, before_auth=True
    )
    assert not await subject.poll()
    error = subject.entry.runtime_data.coordinator.last_exception
    assert isinstance(error, UpdateFailed)
    assert error.translation_key == "unexpected_answer"


@each_vendor
async def test_odd_answers(hass: HomeAssistant, subject: Subject) -> None:
    """However a device writes what it tells, its cameras stay."""
    coordinator = subject.entry.runtime_data.coordinator
    known = coordinator.data.channels.keys()
    for oddity in Oddity:
        subject.device.faults.add(oddity)
        assert await subject.poll(), oddity
        assert coordinator.data.channels.keys() == known, oddity
        subject.device.faults.clear()


@each_vendor
async def test_odd_first_answers(hass: HomeAssistant, subject: Subject) -> None:
    """A device that writes so from the start is set up, and is the one it was."""
    for oddity in (Oddity.GBK_NAMES, Oddity.PADDED_SERIALS, Oddity.OTHER_CASE):
        subject.device.faults.add(oddity)
        await hass.config_entries.async_reload(subject.entry.entry_id)
        assert subject.entry.state is ConfigEntryState.LOADED, oddity
        subject.device.faults.clear()

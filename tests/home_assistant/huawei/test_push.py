"""What the Huawei cloud calls back with becomes what a user sees."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession
from homeassistant.components import image as image_component
from homeassistant.const import STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import AlarmUpdate, Reason
from custom_components.vision_hub.vendors.huawei.hub import push
from simulators.faults import Fault
from simulators.huawei import (
    CheckpointScene,
    CountScene,
    HuaweiCloud,
    Rule,
    Signature,
    Static,
    Subscription,
    TargetScene,
    VehicleScene,
)
from simulators.huawei.callbacks import signed
from simulators.huawei.picture_store import picture_store_of
from simulators.huawei.push_messages import dump, envelope, probe
from simulators.huawei.target_libraries import libraries_of

from ...conftest import Setup, entity_id, until, until_true
from ...helpers.huawei import key, subscribed

EVENT = "vision_hub_alarm"


@pytest.fixture
async def cloud() -> AsyncIterator[HuaweiCloud]:
    """A recorder of three channels, a camera that moves, one that counts."""
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


@pytest.fixture
async def entry(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup
) -> MockConfigEntry:
    """A loaded entry that every message is sent to."""
    return await start_hub(cloud)


@pytest.mark.parametrize("spelling", Signature)
@pytest.mark.parametrize("capitals", [False, True])
async def test_signatures(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    start_hub: Setup,
    spelling: Signature,
    capitals: bool,
) -> None:
    """An alarm is told, shown and kept with its picture, however it is signed."""
    cloud.quirks.signature = spelling
    cloud.quirks.upper_case_signature = capitals
    entry = await start_hub(cloud)
    events = async_capture_events(hass, EVENT)
    gate = cloud.channels[0]
    sent = await cloud.alarm("region_invasion_alarm", channel=gate)
    assert await sent.delivered(timeout=10)
    state = await until(
        hass,
        entity_id(hass, entry, key(gate, "alarm")),
        lambda state: state.attributes["event_type"] == "intrusion",
    )
    assert state.attributes["code"] == "region_invasion_alarm"
    await until(hass, entity_id(hass, entry, key(gate, "intrusion")), STATE_ON)
    image = entity_id(hass, entry, key(gate, "last_alarm"))
    await until(hass, image, lambda state: state.state != STATE_UNKNOWN)
    shown = await image_component.async_get_image(hass, image)
    assert shown.content == await cloud_picture(cloud, sent.event_id)
    assert [event.data["alarm_id"] for event in events] == [sent.event_id]


class Pictures:
    """What came after each alarm, by its id."""

    def __init__(self, entry: MockConfigEntry) -> None:
        """Listen."""
        self.roles: dict[str, list[str]] = {}
        self._paths: dict[tuple[str, str], str] = {}
        self._archive = entry.runtime_data.alarms.archive
        self._came = asyncio.Event()
        entry.runtime_data.alarms.subscribe(self._take)

    def _take(self, update: AlarmUpdate) -> None:
        if update.reason is Reason.PICTURE and update.stored:
            stored = update.stored
            self.roles[stored.alarm.id] = sorted(each.role for each in stored.pictures)
            for each in stored.pictures:
                self._paths[stored.alarm.id, each.role] = each.path
            self._came.set()

    async def read(self, alarm: str, role: str) -> bytes | None:
        """Return a picture as it is kept."""
        return await self._archive.read(self._paths[alarm, role])

    async def until(self, alarm: str, *roles: str) -> None:
        """Wait until an alarm has these pictures."""
        async with asyncio.timeout(10):
            while self.roles.get(alarm) != sorted(roles):
                self._came.clear()
                await self._came.wait()


async def cloud_picture(cloud: HuaweiCloud, name: str) -> bytes | None:
    """Return a picture as the cloud keeps it."""
    return await picture_store_of(cloud.device).read(name)


@pytest.mark.parametrize("static", Static)
@pytest.mark.parametrize("dead", [False, True])
async def test_pictures(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    static: Static,
    dead: bool,
) -> None:
    """Pictures come as files or as JSON, at dead addresses by new ones."""
    cloud.quirks.static = static
    if dead:
        cloud.faults.add(Fault.HTTP_STATUS, "/v1/holo/*/static", status=404)
    gate, pictures = cloud.channels[0], Pictures(entry)
    events = async_capture_events(hass, EVENT)
    sent = await cloud.target("Mira Solberg", channel=gate)
    assert await sent.delivered(timeout=10)
    await until_true(hass, lambda: len(events) == 1, EVENT)
    alarm = events[0].data["alarm_id"]
    await pictures.until(alarm, "scene", "target", "target")
    key_of_scene = f"{sent.body['data']['panorama_url']}".split("/")[-2]
    assert await pictures.read(alarm, "scene") == await cloud_picture(
        cloud, key_of_scene
    )

    sent = await cloud.alarm("target_alarm", channel=gate, target_id="Viktor Brandt")
    assert await sent.delivered(timeout=10)
    await until_true(hass, lambda: len(events) == 2, EVENT)
    await pictures.until(sent.event_id, "library", "scene")
    (person,) = [
        target
        for _, _, target in libraries_of(cloud.device).everybody()
        if target.fields["name"] == "Viktor Brandt"
    ]
    photo = await cloud.device.files.read(person.photo)
    assert await pictures.read(sent.event_id, "library") == photo


async def test_foreign_messages(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """Who does not know our key is refused; a test message is answered."""
    events = async_capture_events(hass, EVENT)
    sent = await cloud.alarm("motion_detection")
    assert await sent.delivered(timeout=10)
    await until_true(hass, lambda: events, EVENT)
    callback = cloud.reporter.callback(Subscription.DEVICE_ALARM)
    assert callback is not None
    now = cloud.device.now()
    right = signed(Signature.LETTER_L, callback.url, callback.auth_key, now)
    old = signed(Signature.LETTER_L, callback.url, callback.auth_key, now - 3600)
    wrong = signed(Signature.LETTER_L, callback.url, "another-key", now)
    data = {**sent.body["data"], "alarm_uuid": "forged"}
    alarm = dump(envelope(1, "device_alarm", data))
    async with ClientSession() as session:

        async def post(body: bytes, headers: dict[str, str]) -> int:
            async with session.post(callback.url, data=body, headers=headers) as reply:
                return reply.status

        assert await post(probe_of(2), {}) == 200
        assert await post(alarm, wrong) == 403
        assert await post(alarm, old) == 403
        assert await post(alarm, {}) == 403
        assert await post(b"{", right) == 400
        assert len(events) == 1
        assert await post(alarm, right) == 200
    await until_true(hass, lambda: len(events) == 2, EVENT)


def probe_of(number: int) -> bytes:
    return dump(probe(number))


async def test_silence(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After six failures the cloud is silent; it is told again, and alarms arrive."""
    monkeypatch.setattr(push, "PAUSE", timedelta(0))
    events = async_capture_events(hass, EVENT)
    archive = entry.runtime_data.alarms.archive

    async def full(*_: Any, **__: Any) -> None:
        raise OSError("The disk is full")

    posts = cloud.request_log.count("/v1/*/messages/callback")
    with monkeypatch.context() as broken:
        broken.setattr(archive, "add", full)
        for _ in range(6):
            sent = await cloud.alarm("motion_detection")
            assert not await sent.delivered(timeout=10)
        lost = await cloud.alarm("motion_detection")
        assert not await lost.delivered(timeout=10)
    assert not events
    await cloud.request_log.until(
        lambda: cloud.request_log.count("/v1/*/messages/callback") >= posts + 18,
        timeout=10,
    )
    await cloud.request_log.until(lambda: not cloud.silent, timeout=10)
    sent = await cloud.alarm("motion_detection")
    assert await sent.delivered(timeout=10)
    await until_true(hass, lambda: events, EVENT)
    assert [event.data["alarm_id"] for event in events] == [sent.event_id]


async def test_cloud_was_away(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the connection was lost, the cloud is told again to push."""
    monkeypatch.setattr(push, "PAUSE", timedelta(0))
    coordinator = entry.runtime_data.coordinator
    cloud.device.rebooting = True
    await coordinator.async_refresh()
    assert not coordinator.last_update_success
    cloud.reporter.callbacks.known.clear()
    cloud.device.rebooting = False
    await coordinator.async_refresh()
    assert coordinator.last_update_success
    await subscribed(cloud, address)


async def test_faces(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """Who is known, who is banned and who is a stranger is told, with pictures."""
    gate = cloud.channels[0]
    face = entity_id(hass, entry, key(gate, "face"))
    events, pictures = async_capture_events(hass, EVENT), Pictures(entry)

    async def seen(kind: str, *args: Any, **more: Any) -> dict[str, Any]:
        sent = await cloud.target(*args, channel=gate, **more)
        assert await sent.delivered(timeout=10)
        state = await until(
            hass, face, lambda state: state.attributes["event_type"] == kind
        )
        return dict(state.attributes)

    known = await seen("recognized", "Mira Solberg", similarity=88)
    assert known["similarity"] == 88
    assert known["library"] == "Staff"
    assert (await seen("blacklisted", "Viktor Brandt"))["library"] == "Banned"
    assert (await seen("stranger", glasses=True))["attributes"]["glasses"]
    await seen("captured", scene=TargetScene.ATTRIBUTES)
    await hass.async_block_till_done()
    kinds = [event.data["kind"] for event in events]
    assert kinds == [
        "face_recognized",
        "face_blacklisted",
        "face_stranger",
        "face_captured",
    ]
    (person,) = [
        target
        for _, _, target in libraries_of(cloud.device).everybody()
        if target.fields["name"] == "Viktor Brandt"
    ]
    assert events[1].data["matches"][0]["person_id"] == person.target_id
    ids = [event.data["alarm_id"] for event in events]
    for alarm in ids:
        # The face, the body, the scene.
        await pictures.until(alarm, "scene", "target", "target")


async def test_vehicles(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """A plate is told; bicycles and walkers are no vehicles."""
    events, pictures = async_capture_events(hass, EVENT), Pictures(entry)
    await cloud.vehicle("沪X12345")
    await cloud.vehicle("")
    await cloud.vehicle(scene=VehicleScene.NON_MOTOR)
    await cloud.vehicle(scene=VehicleScene.PEDESTRIAN)
    last = await cloud.vehicle(scene=VehicleScene.RIDER, helmet=True)
    assert await last.delivered(timeout=10)
    await until_true(hass, lambda: len(events) == 5, EVENT)
    assert [event.data["kind"] for event in events] == [
        "plate_recognized",
        "vehicle_detected",
        "cycle_detected",
        "person_detected",
        "cycle_detected",
    ]
    (vehicle,) = events[0].data["targets"]
    assert vehicle["plate"] == "沪X12345"
    assert vehicle["box"]
    # The vehicle and its plate, beside the scene.
    await pictures.until(events[0].data["alarm_id"], "scene", "target", "target")


@pytest.mark.parametrize("doubled", [True, False])
async def test_counts(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry, doubled: bool
) -> None:
    """What cameras count are states, and no alarms."""
    cloud.quirks.doubled_data = doubled
    counter = cloud.channels[-1]
    sent = await cloud.head_shoulder(
        CountScene.LINE, channel=counter, entered_in_all=41, left_in_all=39
    )
    assert await sent.delivered(timeout=10)
    await until(hass, entity_id(hass, entry, key(counter, "people_entered")), "41")
    await until(hass, entity_id(hass, entry, key(counter, "people_left")), "39")
    await cloud.head_shoulder(CountScene.QUEUE, channel=counter, people=4)
    sent = await cloud.head_shoulder(CountScene.CROWD, channel=counter, people=12)
    assert await sent.delivered(timeout=10)
    await told_again(hass, entry)
    await until(hass, entity_id(hass, entry, key(counter, "people_queuing")), "4")
    await until(hass, entity_id(hass, entry, key(counter, "people_inside")), "12")
    alarm = hass.states.get(entity_id(hass, entry, key(counter, "alarm")))
    assert alarm.state == STATE_UNKNOWN


async def told_again(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Poll, as after a minute."""
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()


async def test_behaviour_and_checkpoint(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """A broken rule is an alarm; a checkpoint tells offences and traffic."""
    gate = cloud.channels[0]
    events, pictures = async_capture_events(hass, EVENT), Pictures(entry)
    await cloud.behavior(Rule.TRIPWIRE, channel=gate)
    await cloud.behavior(Rule.FALL, channel=gate)
    await cloud.checkpoint("京X55555", channel=gate, record=46)
    sent = await cloud.checkpoint(
        channel=gate,
        scene=CheckpointScene.TRAFFIC,
        traffic={
            "statistics_lane_index": 1,
            "statistics_vehicle_count": 17,
            "statistics_average_speed": 43,
        },
    )
    assert await sent.delivered(timeout=10)
    await until_true(hass, lambda: len(events) == 3, EVENT)
    assert [event.data["kind"] for event in events] == [
        "line_crossed",
        "fall",
        "traffic_violation",
    ]
    assert events[2].data["targets"][0]["plate"] == "京X55555"
    for event, roles in zip(
        events, (["scene"], ["scene"], ["scene", "target", "target"]), strict=True
    ):
        await pictures.until(event.data["alarm_id"], *roles)
    await told_again(hass, entry)
    await until(hass, entity_id(hass, entry, key(gate, "vehicle_count")), "17")
    await until(hass, entity_id(hass, entry, key(gate, "vehicle_speed")), "43")

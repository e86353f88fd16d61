"""Callbacks: taking the places, answering in time, and giving them back."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
import time
from typing import Any, Literal, override

from aiohttp import ClientSession
import pytest

from custom_components.vision_hub.vendors.contract import (
    CallbackReply,
    CallbackRequest,
    MalformedMessage,
)
from custom_components.vision_hub.vendors.errors import (
    CannotConnect,
    InvalidRequest,
    NoCallbackAddress,
    RejectedByHub,
    SubscriptionTaken,
)
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub, push
from custom_components.vision_hub.vendors.huawei.hub.subscription import TYPES
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import ChannelReading
from custom_components.vision_hub.vendors.toolkit.read_notes import Oddity

from ...helpers.doubles import Callbacks, Sink, Tokens, listening
from .conftest import Cloud, fail, open_hub
from .samples import (
    DEVICE,
    alarm,
    checkpoint,
    faces,
    message,
    nested,
    plain,
    signed,
    status,
)

PLACE = "/v1/messages/callback"
THEIRS = "https://user:pw@other.example/hook?token=secret"


@dataclass
class Registry:
    """The callbacks of the account, as the cloud keeps them (10.1)."""

    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: list[dict[str, Any]] = field(default_factory=list)
    callbacks: Callbacks | None = None
    tested: list[CallbackReply] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    down: bool = False
    reads: int = 0
    read: asyncio.Event = field(default_factory=asyncio.Event)
    written: asyncio.Event = field(default_factory=asyncio.Event)

    def get(self, params: dict[str, Any]) -> Any:
        self.reads += 1
        self.read.set()
        if self.down:
            return fail("", 503)
        return self.places.get(params["subscription_type"], {})

    async def set(self, params: dict[str, Any]) -> Any:
        kind, url = params["subscription_type"], params["callback_url"]
        self.writes.append(params)
        if code := self.refuse.get(kind) or self.refuse.get(url):
            return fail(code)
        assert 1 <= len(url) <= 256
        assert 6 <= len(params.get("auth_key", "123456")) <= 18
        if self.callbacks and url == self.callbacks.url:
            # The cloud tries the address before it answers.
            assert self.callbacks.handler
            body = {"message_id": 1614936351275468803, "test": True}
            async with asyncio.timeout(5):
                self.tested.append(await self.callbacks.handler(plain(body)))
        self.places[kind] = params
        self.written.set()
        return {"callback_url": url, "subscription_type": kind}

    def delete(self, params: dict[str, Any]) -> Any:
        if self.places.pop(params["subscription_type"], None) is None:
            return fail("IVM.20050004")
        return {"subscription_type": params["subscription_type"]}


@pytest.fixture
def registry(cloud: Cloud, callbacks: Callbacks) -> Registry:
    registry = Registry(callbacks=callbacks)
    cloud.answers[f"GET {PLACE}"] = registry.get
    cloud.answers[f"POST {PLACE}"] = registry.set
    cloud.answers[f"DELETE {PLACE}"] = registry.delete
    cloud.answers["GET /v1/device-orgs/0/devices"] = {
        "total": 1,
        "devices": [
            {
                "device_id": DEVICE,
                "device_name": "Recorder",
                "device_state": "ONLINE",
                "device_type": "NVR",
                "access_protocol": "HOLO",
                "channels": [
                    {
                        "channel_id": number,
                        "channel_name": f"Camera {number}",
                        "channel_state": "ONLINE",
                    }
                    for number in ("0", "4")
                ],
            }
        ],
    }
    return registry


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for half a minute before the cloud is told again."""
    monkeypatch.setattr(push, "PAUSE", timedelta())


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock for counts that a test moves."""
    now = [1000.0]
    monkeypatch.setattr(
        "custom_components.vision_hub.vendors.huawei.hub.readings.monotonic",
        lambda: now[0],
    )
    return now


class Gate(asyncio.Event):
    """Tells when somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    @override
    async def wait(self) -> Literal[True]:
        self.reached.set()
        return await super().wait()


def key_of(callbacks: Callbacks) -> str:
    memory = callbacks.memory
    assert isinstance(memory, dict)
    key = memory["key"]
    assert isinstance(key, str)
    return key


async def post(callbacks: Callbacks, body: Any, **how: Any) -> CallbackReply:
    """Bring a message as the cloud does."""
    assert callbacks.url
    assert callbacks.handler
    return await callbacks.handler(
        signed(body, callbacks.url, key_of(callbacks), **how)
    )


# Subscribing


async def test_every_kind_of_message_is_subscribed(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        assert set(registry.places) == set(TYPES)
        assert len(TYPES) == 9
        for place in registry.places.values():
            assert place["callback_url"] == callbacks.url
            assert place["auth_key"] == key_of(callbacks)
    assert [reply.status for reply in registry.tested] == [200] * 9
    # No heartbeat: silence tells nothing.
    assert sink.silences == [None]


async def test_the_key_is_ours_alone(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        first = key_of(callbacks)
    other = Callbacks()
    registry.callbacks = other
    registry.places.clear()
    async with listening(hub, sink, other):
        assert key_of(other) != first
    assert len(first) == 18


async def test_another_platform_is_not_displaced(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    theirs = {"callback_url": THEIRS, "subscription_type": "TARGET_DATA"}
    registry.places["TARGET_DATA"] = theirs
    await hub.connect()
    with pytest.raises(SubscriptionTaken) as caught:
        await hub.listen(sink, callbacks)
    assert caught.value.owners == ("https://other.example",)
    assert registry.places == {"TARGET_DATA": theirs}
    assert not registry.writes
    assert callbacks.memory is None


async def test_with_consent_it_is_and_gets_its_place_back(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    registry.places["TARGET_DATA"] = {
        "callback_url": THEIRS,
        "subscription_type": "TARGET_DATA",
        "auth_key": "their-key",
    }
    async with listening(hub, sink, callbacks, take_over=True):
        assert registry.places["TARGET_DATA"]["callback_url"] == callbacks.url
    await hub.unsubscribe(callbacks)
    assert registry.places == {
        "TARGET_DATA": {
            "callback_url": THEIRS,
            "subscription_type": "TARGET_DATA",
            "auth_key": "their-key",
        }
    }
    assert callbacks.memory is None


async def test_a_restart_keeps_what_was_there_before(
    hub: HuaweiHub,
    cloud: Cloud,
    session: ClientSession,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
) -> None:
    registry.places["DEVICE_ALARM"] = {
        "callback_url": THEIRS,
        "subscription_type": "DEVICE_ALARM",
    }
    async with listening(hub, sink, callbacks, take_over=True):
        key = key_of(callbacks)
    assert set(registry.places) == set(TYPES)
    registry.writes.clear()
    again = open_hub(session, cloud.url, Tokens())
    async with listening(again, sink, callbacks):
        assert key_of(callbacks) == key
        # Told again what it knows: it may be silent since we were away.
        assert len(registry.writes) == 9
    await again.unsubscribe(callbacks)
    assert set(registry.places) == {"DEVICE_ALARM"}
    assert registry.places["DEVICE_ALARM"]["callback_url"] == THEIRS


async def test_what_somebody_took_since_is_left_alone(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        pass
    theirs = {"callback_url": THEIRS, "subscription_type": "THIRD_DATA"}
    registry.places["THIRD_DATA"] = theirs
    await hub.unsubscribe(callbacks)
    assert registry.places == {"THIRD_DATA": theirs}


async def test_a_receiver_that_is_dead_is_not_restored(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    registry.places["THIRD_DATA"] = {
        "callback_url": THEIRS,
        "subscription_type": "THIRD_DATA",
    }
    async with listening(hub, sink, callbacks, take_over=True):
        pass
    registry.refuse[THEIRS] = "IVM.20050005"
    await hub.unsubscribe(callbacks)
    assert registry.places == {}


async def test_a_place_that_is_empty_may_be_told_as_an_error(
    hub: HuaweiHub,
    cloud: Cloud,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
) -> None:
    def get(params: dict[str, Any]) -> Any:
        return registry.get(params) or fail("IVM.20050004")

    cloud.answers[f"GET {PLACE}"] = get
    async with listening(hub, sink, callbacks):
        assert set(registry.places) == set(TYPES)
    # Somebody else empties them while we do.
    cloud.answers[f"DELETE {PLACE}"] = lambda _: fail("IVM.20050004")
    await hub.unsubscribe(callbacks)
    assert callbacks.memory is None


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_what_fails_at_the_end_is_told(
    hub: HuaweiHub,
    cloud: Cloud,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
    method: str,
) -> None:
    async with listening(hub, sink, callbacks):
        pass
    cloud.answers[f"{method} {PLACE}"] = lambda _: fail("IVM.20050001", 500)
    with pytest.raises(RejectedByHub):
        await hub.unsubscribe(callbacks)
    # It can be tried again.
    assert callbacks.memory is not None


async def test_who_never_subscribed_has_nothing_to_give_back(
    hub: HuaweiHub, cloud: Cloud, callbacks: Callbacks, registry: Registry
) -> None:
    await hub.connect()
    before = cloud.count()
    await hub.unsubscribe(callbacks)
    assert cloud.count() == before


async def test_a_new_address_of_ours_replaces_the_old(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        pass
    callbacks.url = "http://192.0.2.77:8123/api/vision_hub/push/our-secret-token"
    async with listening(hub, sink, callbacks):
        assert {each["callback_url"] for each in registry.places.values()} == {
            callbacks.url
        }
    await hub.unsubscribe(callbacks)
    assert registry.places == {}


async def test_a_kind_that_the_account_lacks_does_not_cost_the_others(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    registry.refuse["MICRO_CHECKPOINT_DATA"] = "IVM.10027022"
    async with listening(hub, sink, callbacks):
        assert set(registry.places) == set(TYPES) - {"MICRO_CHECKPOINT_DATA"}


async def test_an_address_that_the_cloud_cannot_reach_is_told(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    registry.refuse = dict.fromkeys(TYPES, "IVM.20050005")
    await hub.connect()
    with pytest.raises(RejectedByHub) as caught:
        await hub.listen(sink, callbacks)
    assert caught.value.code == "IVM.20050005"
    # One try is enough: each takes the cloud five seconds.
    assert len(registry.writes) == 1


async def test_without_an_address_polling_goes_on(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    callbacks.url = None
    await hub.connect()
    with pytest.raises(NoCallbackAddress):
        await hub.listen(sink, callbacks)
    assert set((await hub.poll()).channels) == {f"{DEVICE}_0", f"{DEVICE}_4"}
    assert not registry.writes


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.5:8123/api/vision_hub/push/t",
        "https://192.168.1.5:8123/api/vision_hub/push/t",
        "https://homeassistant.local:8123/api/vision_hub/push/t",
        "https://homeassistant:8123/api/vision_hub/push/t",
        "http://home.example.org/api/vision_hub/push/t",
        "somewhere/api/vision_hub/push/t",
    ],
)
async def test_the_internet_needs_an_address_of_the_internet(
    session: ClientSession, sink: Sink, callbacks: Callbacks, address: str
) -> None:
    callbacks.url = address
    far = open_hub(session, "https://api-ivm.myhuaweicloud.com", Tokens())
    with pytest.raises(NoCallbackAddress):
        await far.listen(sink, callbacks)


@pytest.mark.parametrize("tail", ["x" * 256, "ö"])
async def test_an_address_that_the_cloud_refuses_is_not_sent(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry, tail: str
) -> None:
    callbacks.url = f"http://192.0.2.9/api/vision_hub/push/{tail}"
    await hub.connect()
    with pytest.raises(InvalidRequest):
        await hub.listen(sink, callbacks)
    assert not registry.writes


async def test_an_outage_is_followed_by_telling_the_cloud_again(
    hub: HuaweiHub,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(hub, sink, callbacks):
        await hub.poll()
        registry.writes.clear()
        registry.written.clear()

        async def unreachable() -> None:
            raise CannotConnect

        with monkeypatch.context() as patched:
            patched.setattr(hub._details, "refresh", unreachable)
            with suppress(CannotConnect):
                await hub.poll()
        assert not registry.writes
        await hub.poll()
        async with asyncio.timeout(5):
            await registry.written.wait()
        assert registry.writes[0]["callback_url"] == callbacks.url


async def test_a_cloud_that_is_still_away_is_told_when_it_is_back(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks) as task:
        registry.written.clear()
        registry.down = True
        hub._push.missed()
        hub._push.reached()
        async with asyncio.timeout(5):
            while registry.reads < 12:
                await registry.read.wait()
                registry.read.clear()
        assert not task.done()
        assert not registry.written.is_set()
        registry.down = False
        async with asyncio.timeout(5):
            await registry.written.wait()


async def test_six_forged_messages_are_followed_by_telling_our_key_again(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    """It may be the cloud, with a key that somebody gave it."""
    async with listening(hub, sink, callbacks):
        assert callbacks.handler
        assert callbacks.url
        registry.written.clear()
        for _ in range(6):
            await callbacks.handler(signed(alarm(), callbacks.url, "another-key"))
        async with asyncio.timeout(5):
            await registry.written.wait()


async def test_six_failures_are_followed_by_telling_the_cloud_again(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        registry.written.clear()
        sink.broken = True
        for _ in range(5):
            with pytest.raises(OSError, match="No space"):
                await post(callbacks, alarm())
        assert not registry.written.is_set()
        with pytest.raises(OSError, match="No space"):
            await post(callbacks, alarm())
        async with asyncio.timeout(5):
            await registry.written.wait()


async def test_somebody_who_takes_a_place_later_is_told(
    hub: HuaweiHub,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "RECHECK", timedelta(milliseconds=1))
    async with listening(hub, sink, callbacks) as task:
        registry.places["DEVICE_ALARM"] = {"callback_url": THEIRS}
        async with asyncio.timeout(5):
            with pytest.raises(SubscriptionTaken):
                await task
    assert registry.places["DEVICE_ALARM"] == {"callback_url": THEIRS}


# Messages


@pytest.mark.parametrize("prefix", ["X-lvm", "X-Ivm"])
async def test_an_alarm_is_answered_when_it_is_safe(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry, prefix: str
) -> None:
    async with listening(hub, sink, callbacks):
        reply = await post(callbacks, alarm(), prefix=prefix)
        assert reply.status == 200
        assert [each.kind for each in sink.alarms] == [AlarmKind.OBJECT_LEFT]
        assert sink.heards == 1


async def test_a_message_twice_has_one_name(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        for body in (alarm(), alarm(), faces(), faces()):
            await post(callbacks, body)
    assert len(sink.alarms) == 4
    assert len({each.id for each in sink.alarms}) == 2


async def test_what_comes_while_we_subscribe_again_is_taken(
    hub: HuaweiHub,
    cloud: Cloud,
    session: ClientSession,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
) -> None:
    async with listening(hub, sink, callbacks):
        pass
    replies: list[CallbackReply] = []

    async def get(params: dict[str, Any]) -> Any:
        if not replies:
            replies.append(await post(callbacks, alarm()))
        return registry.get(params)

    cloud.answers[f"GET {PLACE}"] = get
    async with listening(open_hub(session, cloud.url, Tokens()), sink, callbacks):
        assert [reply.status for reply in replies] == [200]
        assert len(sink.alarms) == 1


async def test_a_message_to_our_former_address_is_taken(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        pass
    former, callbacks.url = callbacks.url, "http://192.0.2.77/api/vision_hub/push/t"
    assert former
    async with listening(hub, sink, callbacks, take_over=True):
        assert callbacks.handler
        request = signed(alarm(), former, key_of(callbacks))
        assert (await callbacks.handler(request)).status == 200


@pytest.mark.parametrize("how", ["unsigned", "wrong key", "replayed", "elsewhere"])
async def test_a_forged_message_is_refused_and_not_heard(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry, how: str
) -> None:
    async with listening(hub, sink, callbacks):
        assert callbacks.handler
        assert callbacks.url
        key = key_of(callbacks)
        request: CallbackRequest = {
            "unsigned": plain(alarm()),
            "wrong key": signed(alarm(), callbacks.url, "another-key"),
            "replayed": signed(alarm(), callbacks.url, key, at=time.time() - 600),
            "elsewhere": signed(alarm(), "http://192.0.2.9/other", key),
        }[how]
        assert (await callbacks.handler(request)).status == 403
        assert not sink.alarms
        assert sink.heards == 0


async def test_a_test_is_answered_without_a_signature(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        assert callbacks.handler
        body = {"message_id": 1, "test": True}
        assert (await callbacks.handler(plain(body))).status == 200
        assert sink.heards == 0


@pytest.mark.parametrize("content", [b"{}", b"", b"[]", b'{"message_type":"new"}'])
async def test_a_message_that_says_nothing_is_taken(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry, content: bytes
) -> None:
    async with listening(hub, sink, callbacks):
        assert (await post(callbacks, content)).status == 200
    assert [note.oddity for note, _ in hub.notes] == [Oddity.UNKNOWN]


@pytest.mark.parametrize("content", [b'{"message_id":1,"mess', b"x"])
async def test_a_broken_message_is_malformed(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry, content: bytes
) -> None:
    async with listening(hub, sink, callbacks):
        with pytest.raises(MalformedMessage):
            await post(callbacks, content)


async def test_a_slow_disk_does_not_silence_the_cloud(
    hub: HuaweiHub,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "ANSWER_WITHIN", 0.05)
    sink.gate = asyncio.Event()
    async with listening(hub, sink, callbacks):
        assert (await post(callbacks, alarm())).status == 200
        assert not sink.alarms
        sink.gate.set()
        await sink.until(1)


async def test_a_cloud_that_hangs_up_loses_no_alarm(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    gate = sink.gate = Gate()
    async with listening(hub, sink, callbacks):
        task = asyncio.create_task(post(callbacks, alarm()))
        await gate.reached.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        gate.set()
        await sink.until(1)


async def test_a_refused_alarm_is_not_acknowledged(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    sink.broken = True
    async with listening(hub, sink, callbacks):
        with pytest.raises(OSError, match="No space"):
            await post(callbacks, alarm())


async def test_the_answer_does_not_wait_for_pictures(
    hub: HuaweiHub,
    cloud: Cloud,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
) -> None:
    async with listening(hub, sink, callbacks):
        before = cloud.count()
        await post(callbacks, faces())
        assert cloud.count() == before
        (stored,) = sink.alarms
        assert [each.data for each in stored.pictures] == [None] * 3
        assert all(each.reference for each in stored.pictures)


async def test_a_recorder_that_goes_is_polled_and_told_by_channel(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        await post(callbacks, status("logout"))
        assert [each.channel for each in sink.alarms] == [f"{DEVICE}_0", f"{DEVICE}_4"]
        assert sink.changes == 1


async def test_an_unbound_device_is_looked_for(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    data = {"message_type": "DELETE_DEVICE", "devices": [{"device_id": DEVICE}]}
    async with listening(hub, sink, callbacks):
        await post(callbacks, message("device_unbind", data))
    assert sink.changes == 1
    assert not sink.alarms


async def test_a_big_message_is_read(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        await post(callbacks, faces(target_cap_feature="A" * 1_000_000))
    assert len(sink.alarms) == 1


# Counts


def counted(people: int, scene: int = 12) -> Any:
    row = {"people_num": people, "target_type": scene}
    return nested("head_shoulder_data", [row], 10)


async def test_every_count_is_told(
    hub: HuaweiHub, sink: Sink, callbacks: Callbacks, registry: Registry
) -> None:
    async with listening(hub, sink, callbacks):
        for people in (3, 3, 4):
            await post(callbacks, counted(people))
    assert [each.counts.inside for each in sink.alarms if each.counts] == [3, 3, 4]


async def test_queues_and_traffic_are_readings(
    hub: HuaweiHub,
    sink: Sink,
    callbacks: Callbacks,
    registry: Registry,
    frozen: list[float],
) -> None:
    lanes = [(1, 3, 40), (2, 1, 60)]
    async with listening(hub, sink, callbacks):
        row = {"shoulder_num": 4, "target_type": 13}
        await post(callbacks, nested("head_shoulder_data", [row], 11))
        for lane, vehicles, speed in lanes:
            await post(
                callbacks,
                checkpoint(
                    target_type=52,
                    statistics_lane_index=lane,
                    statistics_vehicle_count=vehicles,
                    statistics_average_speed=speed,
                ),
            )
        await post(callbacks, counted(2))
        assert sink.changes == 1
        channel = (await hub.poll()).channels[f"{DEVICE}_0"]
        assert channel.readings[ChannelReading.PEOPLE_QUEUING] == 4
        assert channel.readings[ChannelReading.VEHICLE_COUNT] == 4
        assert channel.readings[ChannelReading.VEHICLE_SPEED] == 45
        assert channel.counts_inside
        frozen[0] += 4000
        channel = (await hub.poll()).channels[f"{DEVICE}_0"]
        assert ChannelReading.PEOPLE_QUEUING not in channel.readings

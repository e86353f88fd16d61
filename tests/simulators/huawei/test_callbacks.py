"""Where messages go (10.1.1 to 10.1.3), signatures, the silence after failures."""

import asyncio
import hashlib
from typing import Any

import pytest

from simulators.huawei import HuaweiCloud
from simulators.huawei.callbacks import CircuitBreaker, signed
from simulators.huawei.push_messages import Kind, Subscription
from simulators.huawei.push_quirks import Signature
from simulators.push_delivery import PushFault

from .client import Client
from .listener import KEY, Listener

ALARM = Subscription.DEVICE_ALARM
PATH = "messages/callback"


def _silent(cloud: HuaweiCloud) -> bool:
    return cloud.silent


def _body(listener: Listener, **more: Any) -> dict[str, Any]:
    return {
        "callback_url": listener.callback,
        "subscription_type": str(ALARM),
        "auth_key": KEY,
        **more,
    }


async def test_configure_get_delete(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    query = {"subscription_type": str(ALARM)}
    assert await client.ok("GET", PATH, **query) == {}
    assert await client.code("DELETE", PATH, **query) == "IVM.20050004"

    created = await client.ok("POST", PATH, _body(listener))
    assert set(created) == {"callback_url", "create_time", "subscription_type"}
    (test,) = await listener.wait_for(1)
    assert test.content_type == "application/json"
    assert set(test.json) == {"message_id", "test"}
    assert test.json["test"] is True
    assert len(str(test.json["message_id"])) == 19

    cloud.clock_offset = 60
    again = await client.ok("POST", PATH, _body(listener, auth_key="another"))
    assert again["create_time"] == created["create_time"]
    kept = await client.ok("GET", PATH, **query)
    assert kept["auth_key"] == "another"
    assert kept["update_time"] > kept["create_time"]
    assert cloud.callbacks == {ALARM: listener.callback}
    assert await client.ok("DELETE", PATH, **query) == query
    assert await client.ok("GET", PATH, **query) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"callback_url": ""}, "IVM.20050003"),
        ({"callback_url": "ftp://example.com/x"}, "IVM.20050003"),
        ({"callback_url": "http://example.com/门"}, "IVM.20050003"),
        ({"callback_url": "http://example.com/" + "x" * 240}, "IVM.20050003"),
        ({"callback_url": "http://example.com:port/"}, "IVM.20050003"),
        ({"callback_url": 5}, "IVM.20050003"),
        ({"subscription_type": "DEVICE_STATUS"}, "IVM.10027022"),
        ({"subscription_type": ""}, "IVM.10027022"),
        ({"auth_key": "short"}, "IVM.10027061"),
        ({"auth_key": "x" * 19}, "IVM.10027061"),
        ({"auth_key": 123456}, "IVM.10027061"),
    ],
)
async def test_refused(
    client: Client, listener: Listener, change: dict[str, Any], code: str
) -> None:
    assert await client.code("POST", PATH, _body(listener, **change)) == code
    assert not listener.messages


async def test_unreachable_changes_nothing(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.timing.callback = 0.2
    dead = _body(listener, callback_url="http://127.0.0.1:9/x")
    assert await client.code("POST", PATH, dead) == "IVM.20050005"
    listener.refusals, listener.refusal = 1, (204, "")
    body = _body(listener, callback_url=f"{listener.url}/other")
    assert await client.code("POST", PATH, body) == "IVM.20050005"
    listener.gate.clear()
    assert await client.code("POST", PATH, body) == "IVM.20050005"
    listener.gate.set()
    assert cloud.callbacks == {ALARM: listener.callback}


async def test_signature(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await client.ok("POST", PATH, _body(listener))
    await cloud.alarm()
    await listener.wait_for(2)
    for headers in listener.headers:
        moment = headers["X-lvm-Timestamp"]
        text = f"{listener.callback}|{moment}|{KEY}".encode()
        assert headers["X-lvm-Signature"] == hashlib.sha256(text).hexdigest()
        assert len(moment) == 10
        assert "X-Ivm-Signature" not in headers

    cloud.quirks.signature = Signature.CAPITAL_I
    cloud.quirks.upper_case_signature = True
    await cloud.alarm()
    await listener.wait_for(3)
    assert listener.headers[2]["X-Ivm-Signature"].isupper()
    assert "X-lvm-Signature" not in listener.headers[2]
    cloud.quirks.signature = Signature.BOTH
    await cloud.alarm()
    await listener.wait_for(4)
    both = {"X-Ivm-Signature", "X-lvm-Signature"}
    assert both <= set(listener.headers[3])
    cloud.quirks.sign_test = False
    await client.ok("POST", PATH, _body(listener))
    assert not both & set(listener.headers[4])


async def test_no_signature_without_key(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    await cloud.alarm()
    await listener.wait_for(1)
    assert not any("ignature" in name for name in listener.headers[0])


def test_worked_example() -> None:
    headers = signed(
        Signature.LETTER_L, "http://www.xxxx.xxx/dsfa", "test123456", 1617086090.7
    )
    assert headers == {
        "X-lvm-Timestamp": "1617086090",
        "X-lvm-Signature": (
            "b318077b90d3f17b91ffb916512b600c1b450b5df331afd9e3124351393c7d83"
        ),
    }


async def test_only_what_is_subscribed(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, Subscription.VEHICLE_DATA)
    lost = await cloud.alarm()
    assert lost.held_back == "not subscribed"
    assert not await lost.delivered()
    assert await (await cloud.vehicle()).delivered()
    (message,) = listener.messages
    assert message.json["message_type"] == "vehicle_data"
    assert cloud.dropped == {ALARM: 1}


async def test_no_retry_and_silence(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client)
    listener.refusals, listener.refusal = 5, (202, "")
    for _ in range(5):
        assert not await (await cloud.alarm()).delivered()
    assert await (await cloud.alarm()).delivered()
    assert len(listener.messages) == 6
    assert not _silent(cloud)

    listener.refusals = 6
    kinds = (cloud.alarm, cloud.vehicle, cloud.target)
    for number in range(6):
        assert not await (await kinds[number % 3]()).delivered()
    assert _silent(cloud)
    lost = await cloud.status("login")
    assert (lost.held_back, lost.attempts) == ("silent", [])
    assert len(listener.messages) == 12

    await listener.subscribe(client, ALARM)
    assert not _silent(cloud)
    assert await (await cloud.status("login")).delivered()


async def test_silence_ends(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.timing.silence = 0.1
    cloud.push_faults.add(PushFault.LOST_ANSWER, times=6)
    for _ in range(6):
        await (await cloud.alarm()).delivered()
    assert _silent(cloud)
    await asyncio.sleep(0.12)
    assert not _silent(cloud)
    assert await (await cloud.alarm()).delivered()
    cloud.push_faults.add(PushFault.LOST_ANSWER, times=6)
    for _ in range(6):
        await (await cloud.alarm()).delivered()
    assert _silent(cloud)
    cloud.lift_silence()
    assert not _silent(cloud)


async def test_slow_answers_are_failures(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.timing.callback = 0.1
    listener.gate.clear()
    push = await cloud.alarm()
    assert not await push.delivered()
    assert push.attempts[0].error == "timeout"
    listener.gate.set()


async def test_waiting_messages_are_lost_with_the_url(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.reporter.hold()
    push = await cloud.alarm()
    await client.ok("DELETE", PATH, subscription_type=str(ALARM))
    cloud.reporter.release()
    assert not await push.delivered()
    assert push.held_back == "not subscribed"


@pytest.mark.parametrize("fault", list(PushFault))
async def test_push_faults(
    client: Client, listener: Listener, cloud: HuaweiCloud, fault: PushFault
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.push_faults.add(fault, kinds=[Kind.DEVICE_ALARM], times=1, delay=0.05)
    push = await cloud.alarm()
    taken = await push.delivered()
    assert taken == (fault not in (PushFault.ABORTED, PushFault.LOST_ANSWER))
    if fault is PushFault.DUPLICATE:
        await listener.wait_for(2)


def test_half_lifted_silence() -> None:
    breaker = CircuitBreaker()
    for _ in range(6):
        breaker.note(success=False, now=0, silence=10)
    assert breaker.is_silent(9.9)
    assert not breaker.is_silent(10, keep_count=True)
    breaker.note(success=False, now=10, silence=10)
    assert breaker.is_silent(11)
    assert not breaker.is_silent(20)
    breaker.note(success=False, now=20, silence=10)
    assert not breaker.is_silent(21)


async def test_order_and_reboot(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.reporter.hold()
    first, second = await cloud.alarm(), await cloud.alarm()
    cloud.reporter.release(lambda requests: requests[::-1])
    assert await first.delivered()
    assert await second.delivered()
    ids = [message.json["data"]["alarm_uuid"] for message in listener.messages]
    assert ids == [second.event_id, first.event_id]
    rebooting = asyncio.create_task(cloud.reboot(0.05))
    await asyncio.sleep(0)
    assert (await cloud.alarm()).held_back == "the cloud does not run"
    await rebooting
    assert await (await cloud.alarm()).delivered()


async def test_silence_takes_what_waits(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, ALARM)
    cloud.reporter.hold()
    pushes = [await cloud.alarm() for _ in range(8)]
    listener.refusals = 6
    cloud.reporter.release()
    assert not any([await push.delivered() for push in pushes])
    assert [push.held_back for push in pushes] == [*[None] * 6, "silent", "silent"]
    assert (cloud.sent[ALARM], cloud.taken[ALARM], cloud.dropped[ALARM]) == (6, 0, 2)
    assert len(listener.messages) == 6

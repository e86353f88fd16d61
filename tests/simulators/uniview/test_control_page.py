"""The control page, invented activity, what a device starts with."""

import asyncio
import random
import time

import pytest

from simulators.uniview import Fault, PushFault, UniviewBox
from simulators.uniview.activity import Activity

from ..push_receiver import Receiver
from .client import Client


async def test_starts_fast() -> None:
    start = time.perf_counter()
    async with UniviewBox(channels=64) as box:
        assert time.perf_counter() - start < 0.3
        assert len(box.device.channels) == 64
        names = [channel.name for channel in box.device.channels.values()]
        assert len(set(names)) == 64


async def test_seed_repeats() -> None:
    first, second, other = UniviewBox(seed=1), UniviewBox(seed=1), UniviewBox()
    assert first.serial == second.serial != other.serial
    assert len(first.serial) == 20
    with pytest.raises(RuntimeError):
        _ = first.port


async def test_stop_leaves_nothing() -> None:
    before = asyncio.all_tasks()
    async with UniviewBox(channels=1, time_scale=0.001) as box:
        row = box.device.platforms[1]
        row.enabled, row.http_alive, row.url = 1, 1, "http://127.0.0.1:9"
        box.reporter.apply_docking()
        push = await box.alarm("FallOverAlarm")
        box.reporter.in_background(box.reboot(30))
    await box.stop()
    assert asyncio.all_tasks() == before
    assert not await push.delivered(0)


async def test_activity(box: UniviewBox, receiver: Receiver) -> None:
    row = box.device.platforms[1]
    row.enabled, row.url = 1, receiver.url
    box.reporter.apply_docking()
    box.device.rng = random.Random(2)
    activity = Activity(box, 1, 2)
    pushes = [await activity.one() for _ in range(60)]
    for push in pushes:
        assert push is not None
        assert await push.delivered(20)
    assert set(receiver.kinds()) == {1, 3, 4}
    for channel in list(box.device.channels):
        await box.set_channel_status(channel, online=False)
    assert await activity.one() is None


async def test_control_page(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    row = box.device.platforms[1]
    row.enabled, row.url = 1, receiver.url
    box.reporter.apply_docking()
    session = client.session
    async with session.get(f"{box.url}/_control") as response:
        page = await response.text()
    assert box.serial in page
    assert "SafetyHelmetAlarm" in page

    async def press(button: str, **given: object) -> dict[str, object]:
        async with session.post(f"{box.url}/_control/{button}", json=given) as answer:
            result: dict[str, object] = await answer.json()
            assert result["ok"] is (answer.status == 200)
            return result

    assert (await press("recover"))["ok"] is False
    await press("alarm", channel_id=1, algo_model="FallOverAlarm")
    await press("recover")
    await press("face", channel_id=1)
    await press("person", channel_id=1, person_id=2001)
    await press("stranger", channel_id=1)
    await press("people_count", channel_id=1, inside=3)
    await receiver.wait_for(6)
    assert receiver.kinds() == [1, 2, 3, 4, 4, 1]
    await press("keep_alive")
    await press("add_channel", name="Shed")
    await press("offline", channel_id=3)
    assert [row.online for row in box.device.channels.values()][2:] == [False]
    await press("online", channel_id=3)
    assert [row.online for row in box.device.channels.values()][2:] == [True]
    await press("remove_channel", channel_id=3)
    await press("clock", seconds=60)
    assert box.clock_offset == 60
    await press("fault", fault="code", code=6, times=1)
    assert (await client.post("device/get"))["code"] == 6
    await press("push_fault", fault="truncated", times=1)
    assert box.push_faults.rules[0].fault is PushFault.TRUNCATED
    box.faults.add(Fault.EMPTY)
    await press("clear_faults")
    assert box.faults.rules == []
    assert box.push_faults.rules == []
    await press("expire_nonce")
    await press("lock_out", seconds=60)
    assert (await client.post("device/get"))["code"] == 1004
    box.unlock()
    assert (await press("person", channel_id=1, person_id=1))["ok"] is False
    assert (await press("alarm"))["ok"] is False
    assert (await press("reboot", seconds=0))["ok"] is True
    async with session.get(f"{box.url}/_control/state") as response:
        state = await response.json()
    assert [channel["channel_id"] for channel in state["channels"]] == [1, 2]
    async with session.post(f"{box.url}/_control/no-such") as response:
        assert response.status == 404
    other = {"Origin": "http://evil.example"}
    async with session.post(f"{box.url}/_control/face", headers=other) as response:
        assert response.status == 403

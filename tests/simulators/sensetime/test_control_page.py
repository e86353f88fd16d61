"""The control page, invented activity, what a device starts with."""

from typing import Any

import pytest

from simulators.sensetime import SenseTimeNode
from simulators.sensetime.activity import Activity

from .client import Client


def test_seed_and_model() -> None:
    first, second = SenseTimeNode(seed=1), SenseTimeNode(seed=1)
    assert first.serial == second.serial != SenseTimeNode().serial
    with pytest.raises(RuntimeError):
        _ = first.port
    with pytest.raises(ValueError, match="M4s"):
        SenseTimeNode(model="M9")


async def test_activity(node: SenseTimeNode) -> None:
    activity = Activity(node, 1, 2)
    await activity.fill_history(30)
    labels = {capture.label for capture in node.device.captures}
    assert len(labels) == 2
    for channel in node.device.cameras:
        node.set_camera_status(channel, online=False)
    assert await activity.one() is None


async def test_control_page(client: Client, node: SenseTimeNode) -> None:
    session = client.session

    async def press(button: str, **given: object) -> Any:
        async with session.post(f"{node.url}/_control/{button}", json=given) as answer:
            return await answer.json()

    async with session.get(f"{node.url}/_control") as response:
        assert node.serial in await response.text()
    for button in ("face", "stranger", "body"):
        assert (await press(button, channel=1))["ok"]
    assert (await press("recognize", channel=1, person_id="watch-0001"))["ok"]
    assert not (await press("recognize", channel=1, person_id="nobody"))["ok"]
    assert not (await press("body", channel=9))["ok"]
    await press("heartbeat")
    assert (await press("add_camera", name="Shed"))["result"] == {"channel": 5}
    await press("offline", channel=5)
    assert not node.device.cameras[5].online
    await press("online", channel=5)
    await press("remove_camera", channel=5)
    await press("clock", seconds=60)
    assert node.clock_offset == 60
    await press("fault", fault="code", code=-1, times=1)
    assert await client.code("516") == -1
    await press("push_fault", fault="truncated", times=1)
    await press("clear_faults")
    assert not node.push_faults.rules
    await press("drop")
    await press("lock_out", seconds=60)
    await press("expire_session")
    assert await client.code("516") == -141
    await press("reboot", seconds=0)
    async with session.get(f"{node.url}/_control/state") as response:
        state = await response.json()
    assert len(state["cameras"]) == 4
    assert state["captures"] == 4

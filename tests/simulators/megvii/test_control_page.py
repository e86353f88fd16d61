"""The control page, invented activity, what a device starts with."""

from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.megvii import MegviiBox
from simulators.megvii.activity import Activity

from .client import Client


def test_seed_and_mode() -> None:
    first, second = MegviiBox(seed=1), MegviiBox(seed=1)
    assert first.serial == second.serial != MegviiBox().serial
    assert first.device.people.keys() == second.device.people.keys()
    with pytest.raises(ValueError, match="mode"):
        MegviiBox(mode=2)
    with pytest.raises(ValueError, match="16"):
        MegviiBox(channels=17)


@pytest.mark.parametrize("mode", [0, 1, 3])
async def test_activity(box: MegviiBox, mode: int) -> None:
    box.change_mode(mode)
    activity = Activity(box, 1, 2)
    await activity.fill_history(60)
    targets = {capture.target for capture in box.device.captures}
    assert len(targets) > (3 if mode == 1 else 0)
    assert bool(box.device.alerts) is (mode != 3)
    assert any(one.event for one in box.device.captures) is (mode != 0)
    for channel in list(box.device.channels):
        box.set_channel_status(channel, 1)
    assert await activity.one() is None


async def test_control_page(client: Client, box: MegviiBox) -> None:
    session = client.session

    async def press(button: str, **given: object) -> Any:
        async with session.post(f"{box.url}/_control/{button}", json=given) as answer:
            return await answer.json()

    async with session.get(f"{box.url}/_control") as response:
        assert box.serial in await response.text()
    assert (await press("recognize", person="Iris Vale", channel=1))["result"]["alert"]
    assert not (await press("recognize", person="Nobody", channel=1))["ok"]
    assert (await press("stranger", channel=2))["ok"]
    assert (await press("capture", kind="vehicle", channel=3))["ok"]
    assert (await press("alert", event="tripwire", channel=1))["ok"]
    assert (await press("relay", channel=1))["result"]
    await press("status", channel=2, status=1)
    assert (await press("stranger", channel=2))["result"]["held_back"]
    assert (await press("add_channel"))["result"] == {"channel": 5}
    await press("remove_channel", channel=5)
    await press("heartbeat")
    await press("drop")
    await press("lock_out", seconds=0)
    await press("mode", mode=0)
    async with session.get(f"{box.url}/_control/state") as response:
        state = await response.json()
    assert state["mode"] == 0
    assert state["alerts"] == 2
    assert len(state["channels"]) == 4


async def test_streams() -> None:
    async with MegviiBox(channels=1, seed=1) as box, ClientSession() as session:
        client = Client(session, box)
        row = (await client.get("/structures"))["videos"][0]
        assert row["url"] == f"rtsp://127.0.0.1:{box.rtsp_port}/channel/1"

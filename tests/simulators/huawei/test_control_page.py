"""The control page and invented life of the virtual IVM cloud."""

from typing import Any

from aiohttp import ClientSession
import pytest

from simulators.huawei import HuaweiCloud
from simulators.huawei.push_messages import Subscription
from tests.simulators.waiting import until

from .client import Client
from .listener import Listener


async def _press(cloud: HuaweiCloud, name: str, **given: Any) -> tuple[int, Any]:
    async with (
        ClientSession() as http,
        http.post(f"{cloud.url}/_control/{name}", json=given) as response,
    ):
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("alarm", {"alarm_type": "customer_flow"}, "device_alarm"),
        ("alarm", {"alarm_type": "mask_alarm", "target_id": "1"}, "device_alarm"),
        ("target", {"target_id": "person2"}, "target_data"),
        ("stranger", {"scene": "attributes", "channel": 4}, "target_data"),
        ("vehicle", {"scene": "rider"}, "vehicle_data"),
        ("head_shoulder", {"scene": "queue", "people": 5}, "head_shoulder_data"),
        ("behavior", {"rule": "tripwire"}, "behavior_analysis_data"),
        ("checkpoint", {"scene": "traffic"}, "micro_checkpoint_data"),
        ("third", {}, "third_data"),
        ("status", {"method": "upgrade_result"}, "device_status"),
        ("unbind", {"kind": "UNBIND_MANAGE"}, "device_unbind"),
    ],
)
async def test_buttons(
    client: Client,
    listener: Listener,
    cloud: HuaweiCloud,
    name: str,
    given: dict[str, Any],
    kind: str,
) -> None:
    await listener.subscribe(client)
    status, told = await _press(cloud, name, **given)
    assert status == 200
    assert (told["result"]["message_type"], told["result"]["http"]) == (kind, "queued")
    (message,) = await listener.wait_for(1)
    assert message.json["message_type"] == kind


async def test_state_and_wrong_arguments(
    client: Client, listener: Listener, cloud: HuaweiCloud
) -> None:
    await listener.subscribe(client, Subscription.DEVICE_ALARM)
    assert (await _press(cloud, "alarm", channel=99))[0] == 400
    assert (await _press(cloud, "target", target_id="nobody"))[0] == 400
    assert (await _press(cloud, "status", method="login", device_id="x"))[0] == 400
    assert (await _press(cloud, "lift"))[0] == 200
    async with ClientSession() as http:
        async with http.get(f"{cloud.url}/_control/state") as response:
            state = await response.json()
        async with http.get(f"{cloud.url}/_control") as response:
            assert "Virtual IVM cloud" in await response.text()
    assert len(state["channels"]) == 5
    assert state["callbacks"] == {"DEVICE_ALARM": listener.callback}
    assert not state["silent"]


async def test_life(client: Client, listener: Listener, cloud: HuaweiCloud) -> None:
    await listener.subscribe(client)
    life = cloud.activity()
    for _ in range(25):
        assert await life.one() is not None
    await until(lambda: sum(cloud.taken.values()) >= 25)
    kinds = {message.json["message_type"] for message in listener.messages}
    assert {"device_alarm", "target_data", "vehicle_data"} <= kinds
    for device in cloud.devices:
        cloud.set_device_status(device.device_id, online=False)
    assert await life.one() is None


async def test_history() -> None:
    async with HuaweiCloud(history=6, video=False, seed=2) as cloud:
        assert len(cloud.pushes) == 6
        assert {push.held_back for push in cloud.pushes} == {"past"}
        times = [push.body["data"]["alarm_time"] for push in cloud.pushes]
        assert times == sorted(times)

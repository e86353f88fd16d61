"""Many want something of a MegBox at once; it serves one, and stops whom it likes."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from aiohttp import ClientSession
from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
import pytest

from custom_components.vision_hub.vendors.megvii.hub import streams
from custom_components.vision_hub.vendors.megvii.transport import Transport
from simulators.megvii import MegviiBox, Quirks, SecondGet

from ...conftest import Setup, entity_id


@pytest.fixture(params=SecondGet)
async def box(request: pytest.FixtureRequest) -> AsyncIterator[MegviiBox]:
    """A box that lets another reader wait, or refuses or aborts one of them."""
    quirks = Quirks(second_get=request.param)
    async with MegviiBox(time_scale=0.05, quirks=quirks) as box:
        yield box


async def test_fifty_at_once(
    hass: HomeAssistant,
    box: MegviiBox,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None of fifty is lost, none overtakes another, and each has come to the box."""
    monkeypatch.setattr(streams, "PICTURE_AGE", 0)
    # Somebody else uses the box as well, so that it stops what we do.
    monkeypatch.setattr(Transport, "backoff", (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6))
    entry = await start_hub(box)
    coordinator = entry.runtime_data.coordinator
    box.durations.update({"GET *": 0.02, "POST /configs": 0.03, "POST *": 0.02})
    box.request_log.clear()
    intervals = [500 + 100 * number for number in range(10)]
    pulses = [100 + 100 * number for number in range(10)]
    camera = entity_id(hass, entry, "1_camera")

    async def set_number(key: str, value: int) -> None:
        await entry.call("number", "set_value", key, value=value)

    async def disturb() -> None:
        """Read and write as another program would, which our own queue cannot see."""
        base = f"http://{box.host}:{box.port}/v1/MEGBOX"
        work = {"netMode": 0, "timeUnit": 0, "AESKey": ""}
        while True:
            async with session.post(f"{base}/relayWorkPara", json=work):
                pass
            async with session.get(f"{base}/configs/detect"):
                pass
            await asyncio.sleep(0.1)

    commands: list[Coroutine[Any, Any, Any]] = []
    for number in range(10):
        commands += [
            set_number("push_interval", intervals[number]),
            set_number("relay_pulse_1", pulses[number]),
            entry.call(
                "switch",
                "turn_off" if number % 2 == 0 else "turn_on",
                "2_task_rule:2",
            ),
            async_get_image(hass, camera),
            coordinator.async_refresh(),
        ]
    async with ClientSession() as session:
        disturbing = asyncio.create_task(disturb())
        results = await asyncio.gather(*commands, return_exceptions=True)
        disturbing.cancel()
        await asyncio.wait((disturbing,))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert coordinator.last_update_success
    await hass.async_block_till_done()

    def done(method: str, path: str) -> list[Any]:
        """Return what the box accepted, in its order."""
        return [
            entry.body
            for entry in box.request_log
            if (entry.method, entry.path) == (method, f"/v1/MEGBOX{path}")
            and entry.code == 0
        ]

    assert [
        body["funcModule"]["minPushInterval"] for body in done("POST", "/configs")
    ] == intervals
    assert [body["triggerTime"] for body in done("POST", "/relay")] == pulses
    assert [
        body["ruleEnable"] for body in done("POST", "/multiAlgVideos/2/multiAlert")
    ] == [False, True] * 5
    assert box.device.settings.functions["minPushInterval"] == intervals[-1]
    assert box.device.relays[1]["triggerTime"] == pulses[-1]
    assert box.device.channels[2].multi[2]["ruleEnable"] is True
    assert len(done("GET", "/videos/1/snapFullImage")) == 10
    assert box.request_queue.aborted + box.request_queue.refused


async def test_changes_of_one_whole(
    hass: HomeAssistant, box: MegviiBox, start_hub: Setup
) -> None:
    """What is written as a whole loses no change that was made at the same time."""
    entry = await start_hub(box)
    numbers = {
        "relay_pulse_1": 1500,
        "push_interval": 700,
        "recognition_retries": 9,
        "stranger_retries": 4,
    }
    await asyncio.gather(
        entry.call("switch", "turn_off", "relay_enabled_1"),
        *(
            entry.call("number", "set_value", key, value=value)
            for key, value in numbers.items()
        ),
    )
    relay, functions = box.device.relays[1], box.device.settings.functions
    assert (relay["triggerTime"], relay["enable"]) == (1500, False)
    written = ("minPushInterval", "retryCount", "strangerRetryCount")
    assert [functions[name] for name in written] == [700, 9, 4]

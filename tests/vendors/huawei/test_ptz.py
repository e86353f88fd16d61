"""Cameras that move: locks, stops, distances, presets, cruise tracks."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
import time
from typing import Any

import pytest

from custom_components.vision_hub.vendors.contract import PtzDirection
from custom_components.vision_hub.vendors.errors import (
    Busy,
    InvalidRequest,
    RejectedByHub,
    Unsupported,
)
from custom_components.vision_hub.vendors.huawei.hub import HuaweiHub, ptz
from custom_components.vision_hub.vendors.huawei.hub.ptz import HuaweiPtz
from custom_components.vision_hub.vendors.model import Json

from .conftest import ROOT, Cloud, channel, device, devices, fail

GATE = "NVR00001_0"
ALONE = "IPC00001_0"
BASE = "/v1/devices/NVR00001/channels/0"
LOCK = f"GET {BASE}/control-lock"
UNLOCK = f"POST {BASE}/control-lock"
MOVE = f"POST {BASE}/ptz/angle-spin"
PRESETS = "/v1/devices/{}/channels/0/preset-position"


class Camera:
    """A camera that turns as 8.3 tells."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.locks = 0
        self.token = ""
        self.commands: list[tuple[str, float]] = []
        self.stopped = asyncio.Event()
        self.unlocked = asyncio.Event()
        cloud.answers |= {LOCK: self.lock, UNLOCK: self.unlock, MOVE: self.move}

    @property
    def told(self) -> list[str]:
        return [command for command, _ in self.commands]

    def lock(self, params: dict[str, Any]) -> Any:
        assert not params
        self.locks += 1
        self.token = f"lock-{self.locks}"
        return {"control_token": self.token}

    def unlock(self, _: dict[str, Any]) -> Json:
        self.token = ""
        self.unlocked.set()
        return {"device_id": "NVR00001", "channel_id": "0"}

    def move(self, params: dict[str, Any]) -> Any:
        if params["control_lock"] != self.token:
            return fail("IVM.20002009")
        self.commands.append((params["direction"], time.monotonic()))
        if params["direction"] == "STOP":
            self.stopped.set()
        return {"device_id": "NVR00001", "channel_id": "0"}


@pytest.fixture
def camera(cloud: Cloud) -> Camera:
    """A camera behind the recorder."""
    return Camera(cloud)


@pytest.fixture
async def mover(cloud: Cloud, hub: HuaweiHub) -> AsyncIterator[HuaweiPtz]:
    """What moves it."""
    await hub.connect()
    assert isinstance(hub.ptz, HuaweiPtz)
    yield hub.ptz
    await hub.close()


async def test_a_move_of_one_second(
    cloud: Cloud, camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.move(GATE, PtzDirection.UP_LEFT, 34)
    await asyncio.sleep(1)
    await mover.stop(GATE)
    (_, started), (_, ended) = camera.commands
    assert camera.told == ["UPPER_LEFT", "STOP"]
    assert 0.95 < ended - started < 1.5
    assert camera.locks == 1
    first, last = cloud.asked(MOVE)
    assert first == {
        "direction": "UPPER_LEFT",
        "mode": "NON_POINT",
        "speed": 3,
        "control_lock": "lock-1",
    }
    assert last == {"direction": "STOP", "control_lock": "lock-1"}


@pytest.mark.parametrize(
    ("direction", "stop"),
    [
        (PtzDirection.ZOOM_IN, "ZOOM_STOP"),
        (PtzDirection.ZOOM_OUT, "ZOOM_STOP"),
        (PtzDirection.FOCUS_FAR, "FI_STOP"),
        (PtzDirection.FOCUS_NEAR, "FI_STOP"),
        (PtzDirection.DOWN, "STOP"),
    ],
)
async def test_each_movement_has_its_stop(
    camera: Camera, mover: HuaweiPtz, direction: PtzDirection, stop: str
) -> None:
    await mover.move(GATE, direction, 100)
    await mover.stop(GATE)
    assert camera.told[1:] == [stop]


async def test_two_movements_at_once_both_end(camera: Camera, mover: HuaweiPtz) -> None:
    await mover.move(GATE, PtzDirection.LEFT, 1)
    await mover.move(GATE, PtzDirection.ZOOM_IN, 1)
    await mover.stop(GATE)
    assert set(camera.told[2:]) == {"STOP", "ZOOM_STOP"}


async def test_a_movement_of_somebody_else_ends(
    camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.stop(GATE)
    assert camera.told == ["STOP", "ZOOM_STOP"]


async def test_commands_keep_their_distance(camera: Camera, mover: HuaweiPtz) -> None:
    await asyncio.gather(
        *(mover.move(GATE, PtzDirection.UP, 50) for _ in range(3)), mover.stop(GATE)
    )
    times = [when for _, when in camera.commands]
    assert len(times) == 4
    assert all(later - sooner >= 0.3 for sooner, later in pairwise(times))


async def test_a_stop_goes_out_also_when_its_caller_is_gone(
    camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.move(GATE, PtzDirection.RIGHT, 50)
    task = asyncio.create_task(mover.stop(GATE))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        await camera.stopped.wait()
    assert camera.told == ["RIGHT", "STOP"]


async def test_a_stop_is_tried_again(
    cloud: Cloud, camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.move(GATE, PtzDirection.RIGHT, 50)
    answers = [fail("IVM.90000011", 500), None]

    def move(params: dict[str, Any]) -> Any:
        return answers.pop(0) or camera.move(params)

    cloud.answers[MOVE] = move
    await mover.stop(GATE)
    assert camera.told == ["RIGHT", "STOP"]


async def test_one_stop_that_fails_does_not_keep_the_other(
    cloud: Cloud, camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.move(GATE, PtzDirection.RIGHT, 50)
    await mover.move(GATE, PtzDirection.ZOOM_IN, 50)

    def move(params: dict[str, Any]) -> Any:
        if params["direction"] == "STOP":
            return fail("IVM.90000010", 500)
        return camera.move(params)

    cloud.answers[MOVE] = move
    with pytest.raises(RejectedByHub):
        await mover.stop(GATE)
    assert camera.told[2:] == ["ZOOM_STOP"]
    cloud.answers[MOVE] = camera.move
    await mover.stop(GATE)
    assert camera.told[3:] == ["STOP"]


async def test_a_lock_that_ended_is_taken_again(
    camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.move(GATE, PtzDirection.UP, 50)
    camera.token = "of another"
    await mover.stop(GATE)
    assert camera.told == ["UP", "STOP"]
    assert camera.locks == 2


async def test_a_lock_of_somebody_else(
    cloud: Cloud, camera: Camera, mover: HuaweiPtz
) -> None:
    cloud.answers[LOCK] = lambda _: fail("IVM.20000029", 500)
    with pytest.raises(Busy):
        await mover.move(GATE, PtzDirection.UP, 50)
    assert not camera.told


async def test_the_lock_is_given_back(
    cloud: Cloud, camera: Camera, mover: HuaweiPtz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ptz, "IDLE", 0.05)
    await mover.move(GATE, PtzDirection.UP, 50)
    await asyncio.sleep(0.2)
    # Who moves the camera keeps it.
    assert not cloud.asked(UNLOCK)
    await mover.stop(GATE)
    async with asyncio.timeout(5):
        await camera.unlocked.wait()
    await mover.move(GATE, PtzDirection.UP, 50)
    assert camera.locks == 2


async def test_closing_stops_and_gives_back(
    cloud: Cloud, camera: Camera, mover: HuaweiPtz
) -> None:
    await mover.move(GATE, PtzDirection.UP, 50)
    await mover.close()
    assert camera.told == ["UP", "STOP"]
    assert len(cloud.asked(UNLOCK)) == 1


async def test_presets(cloud: Cloud, camera: Camera, mover: HuaweiPtz) -> None:
    moves: list[Any] = []

    def move(params: dict[str, Any]) -> Any:
        moves.append(params)
        return {} if params["control_token"] == camera.token else fail("IVM.20002001")

    place = PRESETS.format("NVR00001")
    cloud.answers |= {
        f"POST {place}/move": move,
        f"POST {place}": {"preset_index": 7},
        f"PUT {place}": {"preset_index": 7},
        f"DELETE {place}": {"preset_index": 7},
    }
    await mover.goto_preset(GATE, "3")
    assert moves == [{"control_token": "lock-1", "preset_index": 3}]
    # A recorder finds the number by itself, and must not be told one (15.2).
    assert await mover.save_preset(GATE, None, "Door") == "7"
    assert cloud.asked(f"POST {place}") == [{"preset_name": "Door"}]
    assert await mover.save_preset(GATE, "7", "Gate") == "7"
    assert cloud.asked(f"PUT {place}") == [{"preset_index": 7, "preset_name": "Gate"}]
    await mover.delete_preset(GATE, "7")
    assert cloud.asked(f"DELETE {place}") == [{"preset_index": 7}]
    for wrong in ("", "x", "0", "513"):
        with pytest.raises(InvalidRequest):
            await mover.goto_preset(GATE, wrong)


async def test_a_camera_by_itself_is_told_a_free_number(
    cloud: Cloud, mover: HuaweiPtz
) -> None:
    place = PRESETS.format("IPC00001")
    cloud.answers |= {
        f"GET {place}": {
            "preset_positions": [{"preset_index": 1}, {"preset_index": 3}]
        },
        f"POST {place}": {},
    }
    assert await mover.save_preset(ALONE, None, "Door") == "2"
    assert cloud.asked(f"POST {place}") == [{"preset_name": "Door", "index": 2}]


async def test_cruises(cloud: Cloud, mover: HuaweiPtz) -> None:
    tracks: list[Json] = [
        {"cruises_id": 1, "enable_cruise": "CLOSE"},
        {"cruises_id": 2, "enable_cruise": "OPEN"},
    ]
    enable = f"PUT {BASE}/cruise-track/enable"
    cloud.answers |= {
        f"GET {BASE}/cruise-track/list": {"cruises_ids": tracks},
        enable: {},
    }
    await mover.cruise(GATE, "1")
    await mover.cruise(GATE, None)
    assert cloud.asked(enable) == [
        {"cruises_id": 1, "enable_cruise": "OPEN"},
        {"cruises_id": 2, "enable_cruise": "CLOSE"},
    ]
    with pytest.raises(InvalidRequest):
        await mover.cruise(GATE, "x")


async def test_no_such_channel_and_no_ptz(
    cloud: Cloud, camera: Camera, hub: HuaweiHub
) -> None:
    cloud.answers[ROOT] = devices(device("NVR00001", channel(0)))
    await hub.connect()
    assert hub.ptz
    with pytest.raises(InvalidRequest):
        await hub.ptz.move("NVR00001_7", PtzDirection.UP, 50)
    cloud.answers[MOVE] = lambda _: fail("IVM.20002008", 500)
    with pytest.raises(Unsupported):
        await hub.ptz.move(GATE, PtzDirection.UP, 50)
    await hub.close()

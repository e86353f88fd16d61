"""The control lock, movement, presets and tracks of the dome."""

import asyncio
import time
from typing import Any

import pytest

from simulators import video
from simulators.huawei import HuaweiCloud, Hurry
from simulators.huawei.ptz_motion import Position, PtzMotion

from .client import Client
from .operations_table import COUNTER, DOME, RECORDER

CHANNEL = f"devices/{DOME}/channels/0"
LOCK, SPIN = f"{CHANNEL}/control-lock", f"{CHANNEL}/ptz/angle-spin"
PRESETS, TRACKS = f"{CHANNEL}/preset-position", f"{CHANNEL}/cruise-track"


async def lock(client: Client) -> str:
    return str((await client.ok("GET", LOCK))["control_token"])


async def spin(client: Client, direction: str, token: str, **more: Any) -> None:
    body = {"direction": direction, "control_lock": token, **more}
    await client.ok("POST", SPIN, body)


async def test_moves_until_stopped(client: Client, cloud: HuaweiCloud) -> None:
    token = await lock(client)
    await spin(client, "UPPER_RIGHT", token, mode="NON_POINT", speed=5)
    await asyncio.sleep(0.4)
    assert cloud.is_moving(DOME)
    await spin(client, "STOP", token)
    there = cloud.position(DOME)
    assert there.pan > 5
    assert there.tilt > 3
    assert cloud.position(DOME) == there
    assert not cloud.is_moving(DOME)
    assert [move.direction for move in cloud.moves] == ["UPPER_RIGHT", "STOP"]


async def test_a_step_stops_by_itself(client: Client, cloud: HuaweiCloud) -> None:
    await spin(client, "LEFT", await lock(client))
    await asyncio.sleep(0.4)
    there = cloud.position(DOME)
    assert 340 < there.pan < 350
    assert not cloud.is_moving(DOME)


async def test_zoom_has_a_stop_of_its_own(client: Client, cloud: HuaweiCloud) -> None:
    cloud.quirks.hurry = Hurry.TAKEN
    token = await lock(client)
    await spin(client, "IN", token, mode="NON_POINT")
    await spin(client, "STOP", token)
    assert cloud.is_moving(DOME)
    await spin(client, "ZOOM_STOP", token)
    assert not cloud.is_moving(DOME)
    assert cloud.position(DOME).zoom > 1


async def test_a_stop_that_comes_too_soon_is_lost(
    client: Client, cloud: HuaweiCloud
) -> None:
    cloud.limits.ptz_spacing = 30.0
    token = await lock(client)
    await spin(client, "LEFT", token, mode="NON_POINT")
    await spin(client, "STOP", token)
    assert cloud.is_moving(DOME)
    assert [move.heard for move in cloud.moves] == [True, False]
    cloud.quirks.hurry = Hurry.REFUSED
    body = {"direction": "STOP", "control_lock": token}
    assert await client.code("POST", SPIN, body) == "IVM.90000010"


async def test_lock(client: Client, cloud: HuaweiCloud) -> None:
    first = await lock(client)
    second = await lock(client)
    body = {"direction": "UP", "control_lock": first}
    assert await client.code("POST", SPIN, body) == "IVM.20002009"
    cloud.expire_locks()
    body["control_lock"] = second
    assert await client.code("POST", SPIN, body) == "IVM.20002001"
    body["control_lock"] = await lock(client)
    await client.ok("POST", SPIN, body)
    await client.ok("POST", LOCK)
    assert await client.code("POST", SPIN, body) == "IVM.20002009"
    cloud.hold_camera(DOME)
    assert await client.code("GET", LOCK) == "IVM.20000029"
    cloud.hold_camera(DOME, held=False)
    await lock(client)


async def test_who_cannot_move(client: Client, cloud: HuaweiCloud) -> None:
    path = "devices/{}/channels/0/control-lock"
    assert await client.code("GET", path.format(COUNTER)) == "IVM.20002008"
    cloud.set_channel_status(DOME, online=False)
    assert await client.code("GET", LOCK) == "IVM.20000043"
    cloud.set_device_status(DOME, online=False)
    assert await client.code("GET", LOCK) == "IVM.20000036"
    cloud.set_device_status(DOME, online=True)
    cloud.set_mask(DOME, masked=True)
    assert await client.code("GET", LOCK) == "IVM.20070006"


async def test_the_picture_moves(client: Client, cloud: HuaweiCloud) -> None:
    before = (await client.ok("GET", PRESETS))["preset_positions"]
    assert [row["preset_name"] for row in before] == ["Gate", "Loading bay", "Fence"]
    assert len({row["jpg_base64"] for row in before}) == 3
    motion = cloud.channel(DOME).motion
    straight = video.frame("yard", "a", 0.0, motion.view(time.time()))
    motion.put(time.time(), Position(90.0, 0.0, 2.0))
    assert video.frame("yard", "a", 0.0, motion.view(time.time())) != straight


async def test_presets(client: Client, cloud: HuaweiCloud) -> None:
    cloud.device.time_scale = 0.01
    token = await lock(client)
    body = {"control_token": token, "preset_index": 2}
    await client.ok("POST", f"{PRESETS}/move", body)
    await asyncio.sleep(0.4)
    assert cloud.position(DOME) == Position(70.0, -5.0, 2.0)
    await client.ok("POST", PRESETS, {"preset_name": "New", "index": 7})
    await client.ok("POST", f"{PRESETS}/move", {**body, "preset_index": 1})
    await asyncio.sleep(0.4)
    renamed = {"preset_index": 7, "preset_name": "Moved"}
    await client.ok("PUT", PRESETS, renamed)
    assert cloud.channel(DOME).presets[7].position == Position(0.0, 0.0, 1.0)
    await client.ok("DELETE", PRESETS, {"preset_index": 7})
    assert 7 not in cloud.channel(DOME).presets
    path = f"devices/{RECORDER}/channels/0/preset-position"
    assert await client.code("GET", path) == "IVM.20130101"


async def test_tracks(client: Client, cloud: HuaweiCloud) -> None:
    cloud.device.time_scale = 0.01
    switch = {"cruises_id": 1, "enable_cruise": "OPEN"}
    await client.ok("PUT", f"{TRACKS}/enable", switch)
    (track,) = (await client.ok("GET", f"{TRACKS}/list"))["cruises_ids"]
    assert track["enable_cruise"] == "OPEN"
    seen = set()
    for _ in range(12):
        seen.add(cloud.position(DOME).pan)
        await asyncio.sleep(0.09)
    assert seen == {0.0, 70.0, 290.0}
    await client.ok("PUT", f"{TRACKS}/enable", {**switch, "enable_cruise": "CLOSE"})
    assert not cloud.is_moving(DOME)
    detail = await client.ok("GET", TRACKS, cruises_id=1)
    assert detail["cruise_points"][0].keys() == {
        *("preset_index", "dwell_time", "speed_level", "jpg_base64")
    }
    await client.ok("DELETE", PRESETS, {"preset_index": 2})
    detail = await client.ok("GET", TRACKS, cruises_id=1)
    assert [point["preset_index"] for point in detail["cruise_points"]] == [1, 3]


@pytest.mark.parametrize(("start", "end"), [(350.0, 10.0), (10.0, 350.0)])
def test_the_short_way_round(start: float, end: float) -> None:
    motion = PtzMotion()
    motion.put(1.0, Position(start))
    seconds = motion.go(1.0, Position(end))
    assert seconds == pytest.approx(0.5)
    assert motion.at(1.0 + seconds / 2).pan % 360 == pytest.approx(0.0, abs=1e-6)
    assert motion.at(9.0).pan == pytest.approx(end)
    assert motion.at(0.5) == Position()

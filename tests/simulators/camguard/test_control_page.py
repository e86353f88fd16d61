"""The control page, invented activity, what a device starts with."""

import asyncio
from typing import Any

import pytest

from simulators.camguard import CamGuardServer, Order
from simulators.camguard.activity import Activity

from .client import PAGE, Client


async def test_history_and_seed() -> None:
    first, second = CamGuardServer(seed=1), CamGuardServer(seed=1)
    assert first.serial == second.serial != CamGuardServer().serial
    with pytest.raises(RuntimeError):
        _ = first.port
    async with CamGuardServer(history=30, video=False, seed=2) as server:
        assert len(server.records) == 30
        created = [record.create_time for record in server.records]
        assert created[0] < created[-1] <= server.device.now()
        assert {record.classify for record in server.records} == {0, 1}


@pytest.mark.parametrize(("cameras", "tasks"), [(0, 0), (1, 2), (3, 3), (10, 3)])
def test_sizes(cameras: int, tasks: int) -> None:
    device = CamGuardServer(channels=cameras).device
    assert (len(device.cameras), len(device.tasks)) == (cameras, tasks)
    assert len({camera.name for camera in device.cameras.values()}) == cameras
    assert not CamGuardServer(people=False).device.people


async def test_activity(server: CamGuardServer) -> None:
    activity = Activity(server, 1, 2)
    for _ in range(30):
        assert await activity.one()
    assert {record.camera_id for record in server.records} == {1, 2, 3, 4}
    for task_id in list(server.device.tasks):
        server.set_task(task_id, running=False)
    assert await activity.one() is None


async def test_control_page(client: Client, server: CamGuardServer) -> None:
    async def press(button: str, **given: object) -> Any:
        url = f"{server.url}/_control/{button}"
        async with client.http.post(url, json=given) as answer:
            return await answer.json()

    async with client.http.get(f"{server.url}/_control") as response:
        assert server.serial in await response.text()
    assert (await press("recognize", camera=1, person=4))["result"][0]["task"]
    assert (await press("stranger", camera=1))["result"][0]["record_id"] == 2
    assert not (await press("recognize", camera=1, person=99))["ok"]
    assert not (await press("stranger", camera=99))["ok"]
    await press("stop_task", task=1)
    assert (await press("stranger", camera=1))["result"] == []
    await press("start_task", task=1)
    assert (await press("add_camera", name="Porch"))["result"] == {"camera": 5}
    await press("offline", camera=5)
    assert not server.device.cameras[5].online
    await press("online", camera=5)
    await press("remove_camera", camera=5)
    assert (await press("delete_records", count=1))["result"] == [1]
    await press("reset_records")
    assert server.records == []
    await press("order", order="ascending")
    assert server.quirks.order is Order.ASCENDING
    await press("spelling", spelling="samples")
    assert server.quirks.camera_state
    await press("spelling", spelling="tables")
    assert server.quirks.order is Order.ASCENDING
    await press("fault", fault="code", code=1000, times=1)
    assert await client.code("/QueryCameraList", **PAGE) == 1000
    await press("lock_out", seconds=60)
    await press("expire_session")
    assert await client.code("/QueryCameraList", **PAGE) == 1002
    async with client.http.get(f"{server.url}/_control/state") as response:
        state = await response.json()
    assert len(state["cameras"]) == 4
    assert state["tasks"]["2"] == ["Roll call", "off"]


async def test_video(server: CamGuardServer) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.rtsp_port)
    for sequence, path in enumerate(("camera/1", "network/192.0.2.201"), 1):
        url = f"rtsp://127.0.0.1:{server.rtsp_port}/{path}"
        writer.write(f"DESCRIBE {url} RTSP/1.0\r\nCSeq: {sequence}\r\n\r\n".encode())
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"RTSP/1.0 200 OK")
            length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
            await reader.readexactly(int(length))
    writer.close()

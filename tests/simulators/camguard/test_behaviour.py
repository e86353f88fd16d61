"""What requests do to each other: pictures, people, cameras, tasks; faults."""

import asyncio
import base64
import time

import aiohttp
from PIL import Image
import pytest

from simulators import pictures
from simulators.camguard import CamGuardServer, Code, Fault, Order

from .client import OTHER, PAGE, PORTRAIT, RECORDS, Client

PEOPLE, CAMERAS, TASKS = "/QueryPersonList", "/QueryCameraList", "/QueryTaskList"
TASK = {
    "name": "Night",
    "camera_list1": "1",
    "lib_list": "1",
    "interval": 1,
    "threshold": 0.5,
}


async def test_pictures(client: Client, server: CamGuardServer) -> None:
    path = await client.uploaded()
    data = (await client.ok("/DownloadPersonPicture", pic_url=path))["data"]
    assert base64.b64decode(data) == PORTRAIT
    server.quirks.data_uri = True
    data = (await client.ok("/DownloadPersonPicture", pic_url=path))["data"]
    assert data.startswith("data:image/jpeg;base64,")
    other = await client.uploaded(OTHER)
    answer = await client.ok("/Compare1V1", first_pic=path, second_pic=other)
    assert 0 <= answer["similarity"] < 1
    await client.ok("/DeletePicture", pic_url=path)
    assert await client.code("/DeletePicture", pic_url=path) == Code.NO_PICTURE
    used = (await client.items(PEOPLE))[0]["pic_url"]
    assert await client.code("/DeletePicture", pic_url=used) == Code.IN_USE
    server.quirks.refuse_in_use = False
    assert await client.code("/DeletePicture", pic_url=used) == 0


async def test_uploads(client: Client, server: CamGuardServer) -> None:
    async def code(content: bytes = PORTRAIT, part: str = "file") -> int:
        return int((await client.upload(content, part=part))["code"])

    assert await code(b"no picture") == Code.BAD_PICTURE
    assert await code(part="picture") == Code.WRONG_PARAMETER
    server.quirks.file_part = None
    assert await code(part="picture") == 0
    server.limits.picture_bytes = 1000
    assert await code() == Code.BAD_PICTURE
    server.limits.picture_bytes = 10**6
    url = f"{server.url}/UploadPersonPicture?session={client.session}"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        headers = {"Content-Type": kind}
        async with client.http.post(url, data=b"--", headers=headers) as response:
            assert (await response.json())["code"] == Code.WRONG_PARAMETER
    blank = await client.uploaded(pictures.jpeg(Image.new("RGB", (99, 99))))
    person = {"lib_id": 1, "name": "Nobody", "pic_url": blank}
    assert await client.code("/AddPerson", **person) == Code.NO_FACE


async def test_capture_pictures(client: Client, server: CamGuardServer) -> None:
    own = pictures.huge(5000)
    (record,) = await server.stranger(1, picture=own)
    answer = await client.ok("/DownloadPersonPicture", pic_url=record.capture)
    assert base64.b64decode(answer["data"]) == own
    server.quirks.capture_scene = True
    (record,) = await server.recognize(1)
    answer = await client.ok("/DownloadPersonPicture", pic_url=record.capture)
    assert base64.b64decode(answer["data"])[:2] == b"\xff\xd8"


async def test_people(client: Client, server: CamGuardServer) -> None:
    await client.ok("/AddLibrary", name="Guests", type=0)
    library = (await client.items("/QueryLibraryList", name="guest"))[0]
    assert library["person_count"] == 0
    lib_id = library["lib_id"]
    person = {
        "lib_id": lib_id,
        "name": "Eve Hill",
        "pic_url": await client.uploaded(),
        "phone": "555-0100",
        "card_no": "EX0001",
    }
    await client.ok("/AddPerson", **person)
    (added,) = await client.items(PEOPLE, phone="0100")
    assert added.items() >= person.items()
    assert (added["pinyin"], added["lib_name"]) == ("evehill", "Guests")
    assert len(await client.items(PEOPLE, card_no="EX0001")) == 2
    assert len(await client.items(PEOPLE, category=1)) == 1
    key = {"lib_id": lib_id, "person_id": added["person_id"]}
    await client.ok("/UpdatePerson", **key, name="Eva Hill", sex=2)
    (changed,) = await client.items(PEOPLE, name="EVA")
    assert (changed["phone"], changed["pinyin"]) == ("555-0100", "evahill")
    server.quirks.omitted_cleared = True
    await client.ok("/UpdatePerson", **key, sex=2)
    (changed,) = await client.items(PEOPLE, name="eva")
    assert (changed["phone"], changed["sex"]) == ("", 2)
    server.quirks.list_order = Order.DESCENDING
    assert (await client.items(PEOPLE))[0]["name"] == "Eva Hill"
    await client.ok("/DeletePerson", **key)
    await client.ok("/AddPerson", **person)
    server.add_person("Walk-in", lib_id=lib_id, card_no="EX0099")
    await client.ok("/DeleteLibrary", lib_id=lib_id)
    assert len(await client.items(PEOPLE)) == 6
    assert await client.code("/DeleteLibrary", lib_id=1) == Code.IN_USE


async def test_duplicates(client: Client, server: CamGuardServer) -> None:
    assert await client.code("/AddLibrary", name="Staff", type=0) == 0
    server.quirks.refuse_duplicates = True
    assert await client.code("/AddLibrary", name="Staff", type=0) == Code.EXISTS
    camera = {"name": "Lobby", "rtsp": "rtsp://192.0.2.9/"}
    assert await client.code("/AddCamera", **camera) == Code.EXISTS
    assert await client.code("/AddTask", **TASK | {"name": "Sign-in"}) == Code.EXISTS
    person = {"lib_id": 1, "person_id": 1}
    assert await client.code("/UpdatePerson", **person, card_no="EX0002") == Code.EXISTS
    assert await client.code("/UpdatePerson", **person, card_no="EX0001") == 0


async def test_limits(client: Client, server: CamGuardServer) -> None:
    limits = server.limits
    limits.libraries = limits.people = limits.cameras = limits.tasks = 0
    person = {"lib_id": 1, "name": "Eve", "pic_url": await client.uploaded()}
    camera = {"name": "Shed", "rtsp": "rtsp://192.0.2.9/"}
    assert await client.code("/AddLibrary", name="L", type=0) == Code.NO_ROOM
    assert await client.code("/AddPerson", **person) == Code.NO_ROOM
    assert await client.code("/AddCamera", **camera) == Code.NO_ROOM
    assert await client.code("/AddTask", **TASK) == Code.NO_ROOM


async def test_cameras(client: Client, server: CamGuardServer) -> None:
    listed = await client.items(CAMERAS)
    url = f"rtsp://admin:camera123@127.0.0.1:{server.rtsp_port}/camera/1"
    assert listed[0]["rtsp"] == url
    server.device.unreachable.add("192.0.2.9")
    await client.ok("/AddCamera", name="Shed", rtsp="rtsp://192.0.2.9/", type=2)
    (shed,) = await client.items(CAMERAS, type=2)
    assert (shed["online"], shed["camera_id"]) == (0, 5)
    rtsp = "rtsp://192.0.2.10/"
    await client.ok("/UpdateCamera", camera_id=5, rtsp=rtsp)
    (shed,) = await client.items(CAMERAS, name="shed")
    assert (shed["online"], shed["rtsp"], shed["type"]) == (1, rtsp, 2)
    await client.ok("/UpdateCamera", camera_id=1, rtsp=url, remark="same")
    assert server.device.cameras[1].rtsp == ""
    assert await client.code("/DeleteCamera", camera_id=1) == Code.IN_USE
    server.quirks.refuse_in_use = False
    assert await client.code("/DeleteCamera", camera_id=1) == 0
    assert server.device.tasks[1].camera_list1 == [2]
    assert server.add_camera("By hand").camera_id == 6
    server.remove_camera(6)


async def test_search(client: Client, server: CamGuardServer) -> None:
    start = time.monotonic()
    info = await client.info("/SearchCamera")
    assert time.monotonic() - start > 0.02
    assert info["total_count"] == len(info["items"]) == 3
    ip = info["items"][0]["ip"]
    assert info["items"][0] == {"ip": ip, "manufacturer": "Hikvision"}
    bare = (await client.info("/QueryCameraRtsp", ip=ip))["rtsp"]
    assert bare == f"rtsp://127.0.0.1:{server.rtsp_port}/network/{ip}"
    server.device.unreachable.add(ip)
    assert await client.code("/QueryCameraRtsp", ip=ip) == Code.UNREACHABLE


async def test_tasks(client: Client, server: CamGuardServer) -> None:
    await client.ok("/AddTask", **TASK, type=3, camera_list2="3,4", plan="p")
    (task,) = await client.items(TASKS, name="night")
    assert task == {
        "task_id": 4,
        "name": "Night",
        "type": 3,
        "camera_list1": [{"camera_id": 1, "name": "Front door", "state": 1}],
        "camera_list2": [
            {"camera_id": 3, "name": "Classroom in", "state": 1},
            {"camera_id": 4, "name": "Classroom out", "state": 1},
        ],
        "lib_list": [{"lib_id": 1, "name": "Staff"}],
        "interval": 1,
        "threshold": 0.5,
        "state": 0,
        "plan": "p",
        "remark": "",
        "create_time": task["create_time"],
    }
    assert [t["task_id"] for t in await client.items(TASKS, type=3)] == [3, 4]
    assert [t["task_id"] for t in await client.items(TASKS, state=0)] == [2, 4]
    server.set_camera_status(3, online=True, opens=False)
    server.set_camera_status(4, online=False)
    (task,) = await client.items(TASKS, name="night")
    assert [row["state"] for row in task["camera_list2"]] == [0, 0]
    change = {"task_id": 4, "camera_list1": "2", "lib_list": "2,3"}
    await client.ok("/UpdateTask", **change, threshold=0.9)
    changed = server.device.tasks[4]
    assert (changed.camera_list1, changed.camera_list2) == ([2], [3, 4])
    assert (changed.lib_list, changed.threshold, changed.plan) == ([2, 3], 0.9, "p")
    server.quirks.omitted_cleared = True
    await client.ok("/UpdateTask", **change)
    assert (changed.camera_list2, changed.plan, changed.type) == ([], "", 0)
    server.quirks.closed_when_stopped = True
    (task,) = await client.items(TASKS, name="night")
    assert task["camera_list1"][0]["state"] == 0


async def test_running_tasks(client: Client, server: CamGuardServer) -> None:
    change = {"task_id": 1, "camera_list1": "1", "lib_list": "1"}
    assert await client.code("/StartTask", task_id=1) == 0
    server.quirks.running_tasks_locked = True
    assert await client.code("/StartTask", task_id=1) == Code.WRONG_STATE
    assert await client.code("/UpdateTask", **change) == Code.WRONG_STATE
    assert await client.code("/DeleteTask", task_id=1) == Code.WRONG_STATE
    await client.ok("/StopTask", task_id=1)
    await client.ok("/StopTask", task_id=1)
    assert await client.code("/UpdateTask", **change) == 0
    await server.recognize(5, 3)
    server.set_task(3, running=False)
    await client.ok("/DeleteTask", task_id=3)
    assert (await client.items(RECORDS))[0]["task_name"] == "Sign-in"


async def test_faults(client: Client, server: CamGuardServer) -> None:
    server.faults.add(Fault.CODE, CAMERAS, times=1, code=77)
    assert await client.code(TASKS, **PAGE) == 0
    assert await client.code(CAMERAS, **PAGE) == 77
    server.faults.add(Fault.HTTP_STATUS, "/Login", times=1, before_auth=True)
    async with client.http.post(f"{server.url}/Login", json={}) as response:
        assert response.status == 500
    server.faults.add(Fault.RESET, times=1)
    with pytest.raises(aiohttp.ClientError):
        await client.code(CAMERAS, **PAGE)
    server.faults.add(Fault.SLOW, times=1, delay=0.05)
    assert await client.code(CAMERAS, **PAGE) == 0
    server.faults.add(Fault.TRUNCATED, times=1)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        await client.post(CAMERAS, **PAGE)
    server.faults.add(Fault.EMPTY, "/DownloadPersonPicture", times=1)
    with pytest.raises(ValueError, match="Expecting"):
        await client.post("/DownloadPersonPicture", pic_url="x")
    server.faults.add(Fault.SILENT, times=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.code(CAMERAS, **PAGE)


async def test_spoilt_results(client: Client, server: CamGuardServer) -> None:
    """What is spoilt is `info`, or what stands beside `code`."""
    server.faults.add(Fault.WRONG_TYPES, times=1)
    assert isinstance((await client.info(CAMERAS, **PAGE))["total_count"], str)
    server.faults.add(Fault.NULLS, times=1)
    assert (await client.info(CAMERAS, **PAGE))["total_count"] is None
    server.faults.add(Fault.MISSING_KEYS, times=1)
    assert await client.info(CAMERAS, **PAGE) == {}
    server.faults.add(Fault.HUGE, times=1, size=100_000)
    info = await client.info(CAMERAS, **PAGE)
    assert len(info["padding"]) == 100_000
    assert info["total_count"] == 4
    path = await client.uploaded()
    server.faults.add(Fault.MISSING_KEYS, times=1)
    assert "data" not in await client.ok("/DownloadPersonPicture", pic_url=path)
    server.faults.add(Fault.WRONG_TYPES, times=1)
    assert isinstance(
        (await client.ok("/Compare1V1", first_pic=path, second_pic=path))["similarity"],
        str,
    )
    server.faults.add(Fault.TRUNCATED, times=1)
    async with client.http.get(server.url + path) as response:
        assert len(await response.read()) == len(PORTRAIT) * 2 // 3

"""What requests do to each other: cameras, libraries, history, system."""

import asyncio
import base64
from io import BytesIO
import time
from zipfile import ZipFile

import aiohttp
from PIL import Image
import pytest

from simulators import pictures
from simulators.sensetime import Fault, InPic, ScoreKey, SenseTimeNode
from tests.simulators.waiting import until

from .client import OTHER, PORTRAIT, Client, base64_picture
from .test_operations import IMAGE, RTSP


async def test_cameras(client: Client, node: SenseTimeNode) -> None:
    listed = await client.data("516")
    kinds = [camera.get("protocol", "IMAGE") for camera in listed["camera"]]
    assert kinds == ["rtsp", "rtsp", "IMAGE", "rtsp"]
    assert listed["computing_power_capacity"] == 16
    assert listed["used_computing_power"] == 7
    url = f"rtsp://admin:camera123@127.0.0.1:{node.rtsp_port}/channel/1"
    assert listed["camera"][0]["url"] == url
    assert await client.data("513", **RTSP, facesize_min=5) == {"channel": 5}
    added = (await client.data("516"))["camera"][4]
    assert (added["facesize_min"], added["facesize_max"]) == (60, 1000)
    await client.data("515", channel=5, position="hall")
    added = (await client.data("516"))["camera"][4]
    assert (added["position"], added["threshold"]) == ("hall", 1)
    node.add_camera("By hand", kind="gb28181")
    protocols = [c.get("protocol") for c in (await client.data("516"))["camera"]]
    assert protocols[5] == "GB28181"
    await client.data("514", channel=2)
    assert await client.data("513", **RTSP) == {"channel": 2}


async def test_vendor_must_be_sent_again(client: Client, node: SenseTimeNode) -> None:
    await client.data("515", channel=3, position="x", vendor="hikvision")
    assert node.device.cameras[3].settings["vendor"] == "hikvision"
    node.quirks.vendor_resets = False
    await client.data("515", channel=3, position="y")
    assert node.device.cameras[3].settings["vendor"] == "hikvision"
    node.quirks.vendor_resets = True
    await client.data("515", channel=3, position="z")
    assert node.device.cameras[3].settings["vendor"] == "dahua"


async def test_computing_power(client: Client) -> None:
    codes = [await client.code("513", **RTSP) for _ in range(5)]
    assert codes == [0, 0, 0, 0, -151]
    assert await client.code("513", **IMAGE) == 0
    assert await client.code("513", **IMAGE) == -151
    assert len(SenseTimeNode(channels=16, video=False).device.cameras) == 16
    with pytest.raises(ValueError, match="8 channels"):
        SenseTimeNode(channels=9, model="M4s")


async def test_unreachable_camera_is_slow(client: Client, node: SenseTimeNode) -> None:
    node.device.unreachable_cameras.add("192.0.2.9")
    start = time.monotonic()
    assert await client.data("513", **RTSP) == {"channel": 5}
    assert time.monotonic() - start > 0.15
    assert (await client.data("516"))["camera"][4]["status"] == 0


async def test_enrolment(client: Client, node: SenseTimeNode) -> None:
    lib_id = (await client.data("1025", lib_name="Guests", lib_type=2))["lib_id"]
    new = {"lib_id": lib_id, "img": base64_picture(PORTRAIT), "person_name": "Eve"}
    img_id = (await client.data("1051", **new))["img_id"]
    assert await client.code("1051", **new) == -116
    face = await client.data("1032", lib_id=lib_id, img_id=img_id)
    assert base64.b64decode(face["img"]) == PORTRAIT
    assert await client.picture(face["img_path"]) == PORTRAIT
    data_uri = {
        "filename": "a",
        "data": "data:," + base64.b64encode(OTHER).decode(),
    }
    assert await client.code("1051", lib_id=lib_id, img=data_uri) == -1104
    node.quirks.accept_data_uri = True
    assert await client.code("1051", lib_id=lib_id, img=data_uri) == 0
    await client.data("1033", lib_id=lib_id, img_id=img_id, person_age="30")
    page = await client.data("1035", lib_id=lib_id, person_name="Eve")
    assert page["total_num"] == 1
    assert page["record"][0]["person_age"] == "30"
    blank = pictures.jpeg(Image.new("RGB", (99, 99)))
    imgs = [
        base64_picture(blank, "a.jpg"),
        {"filename": "b.jpg", "data": "?"},
        base64_picture(pictures.face(77), "Kim_kim-1_#_1_40_#.jpg"),
    ]
    batch = await client.data("1052", lib_id=lib_id, uuid="x", imgs=imgs)
    assert batch["err_count"] == 2
    table = (await client.picture(batch["url"])).decode()
    assert [line.rpartition(",")[2] for line in table.split()[1:]] == [
        "-1101",
        "-1104",
        "0",
    ]
    assert node.device.libraries[lib_id].faces["kim-1"].person["person_age"] == "40"
    await client.data("1026", lib_id=lib_id)
    assert len(await client.data("1028")) == 2


async def test_comparison(client: Client, node: SenseTimeNode) -> None:
    same, other = base64_picture(PORTRAIT), base64_picture(OTHER)
    score = await client.data("781", img_1=same, img_2=same)
    assert score == {"FaceImg1to1Rsp_Score": 100}
    node.quirks.score_key = ScoreKey.LETTER_L
    score = await client.data("781", img_1=same, img_2=other)
    assert 0 <= score["Facelmg1to1Rsp_Score"] < 100
    enrolled = await client.picture("img/1_staff-0002.jpg")
    node.quirks.in_pic = InPic.TABLE_L
    node.quirks.person_as_numbers = True
    found = await client.data(
        "780", img=base64_picture(enrolled), lib_ids="1,2", topk=3, n_topk=2
    )
    assert found["topn"][0]["img_id"] == "staff-0002"
    assert found["topn"][0]["similarity"] == 100
    assert found["topn"][0]["age"] == 46
    assert found["n_topn"] == found["topn"][1]
    assert "ln_pic" in found
    assert len((await client.form("782", img=("a.jpg", PORTRAIT)))["data"]) == 1


async def test_history_and_exports(client: Client, node: SenseTimeNode) -> None:
    await node.recognize("staff-0001", channel=1)
    await node.recognize("watch-0001", channel=2)
    await node.face(channel=1, stranger=True)
    await node.body(channel=1)
    captures = await client.data("1037", start_no=2, qry_len=1)
    assert (captures["result_num"], captures["total_num"]) == (1, 3)
    alarms = await client.data("1036")
    names = [row["person_name"] for row in alarms["record"]]
    assert sorted(names) == ["Ada Winter", "Unwelcome Visitor"]
    assert (await client.data("1036", lib_type=1))["total_num"] == 1
    assert (await client.data("1036", channel=1))["total_num"] == 1
    bodies = await client.data("1046")
    assert bodies["total_num"] == 1
    assert bodies["record"][0]["body_attr"]
    export = await client.data("1039", lib_ids="1,2")
    archive = ZipFile(BytesIO(await client.picture(export["export_url"])))
    assert len(archive.namelist()) == 3
    node.quirks.exports_downloadable = False
    async with client.session.get(f"{node.url}/ws/{export['export_url']}") as answer:
        assert answer.status == 404
    await client.data("1033", lib_id=1, img_id="staff-0001", person_addr="a,b")
    assert await client.code("1038", lib_id=1) == -1
    await client.data("1045")
    assert (await client.data("1037"))["total_num"] == 0
    node.device.storage_strategy, node.device.used_storage = 2, 2048
    await node.body(channel=1)
    assert (await client.data("1046"))["total_num"] == 0


async def test_page_limits(client: Client, node: SenseTimeNode) -> None:
    for _ in range(60):
        await node.body(channel=1)
    node.quirks.clamp_pages = True
    page = await client.data("1046", qry_len=999)
    assert (page["result_num"], page["total_num"]) == (50, 60)
    rest = await client.data("1046", start_no=51, qry_len=50)
    assert rest["result_num"] == 10


async def test_ntp_and_time(client: Client, node: SenseTimeNode) -> None:
    await client.data("1290", url="ntp.example", ntp_disable="0", ntp_cycle="5")
    await client.data("1290", ntp_cycle="7")
    ntp = await client.data("1291")
    assert (ntp["url"], ntp["ntp_disable"]) == ("pool.ntp.org", "1")
    moment = {"sys_time": "2030-05-06 07:08:09", "time_zone": "GMT-03:30"}
    await client.data("1282", **moment, time_format="dd-MM-yyyy HH:mm:ss")
    assert (await client.data("1283"))["sys_time"].startswith("2030-05-06 07:08:")
    node.quirks.times_follow_format = True
    assert (await client.data("1283"))["sys_time"].startswith("06-05-2030 07:08:")
    assert node.clock_offset > 1e7


async def test_relays(client: Client, node: SenseTimeNode) -> None:
    new = {"camera_channel": 2, "dev_ip": "192.0.2.5", "dev_port": 1234}
    relay = await client.data("1538", **new)
    assert "work_status" not in relay
    node.device.offline_relays.add("192.0.2.5")
    assert await client.data("1537") == [{**relay, "work_status": 0}]
    await client.data("1539", id=relay["id"])
    assert await client.data("1537") == []


async def test_reboot_and_https(client: Client, node: SenseTimeNode) -> None:
    for name in ("crt", "key"):
        part = (f"server.{name}", b"x")
        assert (await client.form("1302", file=part, file_type=name))["code"] == 0
    node.timing.reboot = 30
    await client.data("1305", prot_mode="https")
    await until(lambda: node.device.rebooting)
    with pytest.raises(aiohttp.ClientError):
        await client.code("1281")
    await until(lambda: not node.device.rebooting)
    assert await client.code("1281") == -141
    await client.log_in()
    assert await client.data("1306") == {"https_stat": "https"}
    assert await client.code("1303", file_type="crt") == -2617
    part = ("nebula.tar.bz2", b"x")
    before = (await client.data("1281"))["version"]
    assert (await client.form("1292", file=part))["code"] == 0
    await until(lambda: node.device.version != before)


async def test_faults(client: Client, node: SenseTimeNode) -> None:
    node.faults.add(Fault.CODE, "/api/json/516", times=1, code=-3524)
    assert await client.code("1028") == 0
    assert await client.code("516") == -3524
    assert await client.code("516") == 0
    node.faults.add(Fault.HTTP_STATUS, "*/257", times=1, before_auth=True)
    async with client.session.post(
        f"{node.url}/api/json", json={"msg_id": "257"}
    ) as answer:
        assert answer.status == 500
    for fault in (Fault.WRONG_TYPES, Fault.NULLS, Fault.MISSING_KEYS):
        node.faults.add(fault, times=1)
        await client.data("1281")
    node.faults.add(Fault.RESET, times=1)
    with pytest.raises(aiohttp.ClientError):
        await client.code("516")
    node.faults.add(Fault.SLOW, times=1, delay=0.05)
    assert await client.code("516") == 0


async def test_null_data(client: Client, node: SenseTimeNode) -> None:
    node.quirks.null_data = True
    assert (await client.json("1315"))["data"] is None
    assert (await client.json("514", channel=16))["data"] is None


async def test_video(node: SenseTimeNode) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", node.rtsp_port)
    url = f"rtsp://127.0.0.1:{node.rtsp_port}/channel/1"
    writer.write(f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
    async with asyncio.timeout(10):
        answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert answer.startswith(b"RTSP/1.0 200 OK")

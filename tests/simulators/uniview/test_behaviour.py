"""What the requests change: replace, keep, modelling, search, pictures, upgrade."""

import asyncio
from io import BytesIO
from typing import Any

from aiohttp import ClientError, FormData
from PIL import Image
import pytest

from simulators.uniview import UniviewBox
from simulators.uniview.upgrade import UPGRADE_PATH, package

from ..waiting import until
from .client import Client
from .operations_table import FACE, PAGE, PERSON, PLATFORM, RTSP, TASK, TIMES
from .test_operations import encrypted


async def channels(client: Client) -> list[dict[str, Any]]:
    data = await client.data("channel/list", page=1, pagesize=100)
    return list(data["channel_list"])


async def test_person_is_modelled_later(client: Client, box: UniviewBox) -> None:
    box.timing.modelling = 0.05
    person_id = (await client.data("person/add", **PERSON, sex=1))["person_id"]

    async def state() -> Any:
        data = await client.data("person/list", lib_id=1, person_name="BAR", **PAGE)
        (row,) = data["list"]
        assert row["person_id"] == person_id
        return row

    row = await state()
    assert row["modeling_type"] == 2
    assert row["create_time"] < 2**32
    person = box.device.people[person_id]
    await until(lambda: box.device.modelling_of(person) != 2)
    assert (await state())["modeling_type"] == 3
    picture = await client.request("GET", row["image_path"])
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert f"Size={len(picture.raw)}" in row["image_path"]
    box.modelling_fails = True
    box.timing.modelling = 0
    await client.data("person/update", person_id=person_id, image_base64=FACE)
    assert (await state())["modeling_type"] == 4


async def test_library_takes_its_people_along(client: Client) -> None:
    await client.data("personlib/delete", lib_id=[1])
    assert (await client.post("person/list", lib_id=1, **PAGE))["code"] == 2
    data = await client.data("smart/list", channel_id=1)
    assert data["person_control_info"]["person_lib_id"] == [2]


async def test_paging(client: Client, box: UniviewBox) -> None:
    first = await client.data("channel/list", page=1, pagesize=1)
    second = await client.data("channel/list", page=2, pagesize=1)
    third = await client.data("channel/list", page=3, pagesize=1)
    assert first["total"] == second["total"] == third["total"] == 2
    assert [row["channel_id"] for row in first["channel_list"]] == [1]
    assert [row["channel_id"] for row in second["channel_list"]] == [2]
    assert third["channel_list"] == []
    box.quirks.longest_page = 1
    assert len(await channels(client)) == 1
    found = await client.data("channel/list", channel_name="BAY", **PAGE)
    assert found["total"] == 1


async def test_channel_life(client: Client, box: UniviewBox) -> None:
    secret = await encrypted(client, "s3cret")
    added = await client.data(
        "channel/add", **RTSP, username="u", pwd=secret, custom_code="C"
    )
    channel_id = added["channel_id"]
    channel = box.device.channels[channel_id]
    assert channel.password == "s3cret"
    await client.data("channel/update", channel_id=channel_id, channel_name="New")
    row = (await channels(client))[-1]
    assert row["channel_name"] == "New"
    assert row["rtsp"] == RTSP["rtsp"]
    assert "pwd" not in row
    assert "password" not in row
    answer = await client.post(
        "channel/update", channel_id=channel_id, channel_name="X", rtsp="", ip="1"
    )
    assert answer["code"] == 2
    assert channel.rtsp == RTSP["rtsp"]
    assert channel.ip is None
    box.device.unreachable_cameras.add("192.0.2.9")
    onvif = {"type": 1, "ip": "192.0.2.9", "port": 80, "channel_name": "Off"}
    await client.data("channel/add", **onvif)
    assert (await channels(client))[-1]["status"] == 2
    await client.data("channel/delete", channel_id_list=[channel_id])
    assert channel_id not in box.device.channels


async def test_old_key_is_refused(client: Client, box: UniviewBox) -> None:
    secret = await encrypted(client)
    await box.device.rsa.rotate()
    assert (await client.post("channel/add", **RTSP, pwd=secret))["code"] == 2


async def test_task_update_replaces(client: Client) -> None:
    detour = TASK | {"detour_area": 1}
    await client.data("smart/update", channel_id=1, smart_list=[detour])
    data = await client.data("smart/list", channel_id=1)
    assert data == {"smart_list": [TASK]}
    await client.data(
        "smart/update",
        channel_id=1,
        smart_list=[],
        person_control_info={"alarm_threshold": 80, "person_lib_id": [1]},
    )
    data = await client.data("smart/list", channel_id=1)
    assert data["smart_list"] == []
    assert data["person_control_info"]["alarm_threshold"] == "80"


async def test_settings_are_kept_in_part(client: Client) -> None:
    await client.data(
        "smart/params/update", channel_id=1, status_recovery_param={"status": 0}
    )
    data = await client.data("smart/params/get", channel_id=1)
    assert data == {
        "alarm_video_param": {
            "status": 0,
            "befor_alarmed_time": 5,
            "after_alarmed_time": 5,
        },
        "face_param": {"min_width": 10, "min_height": 10},
        "status_recovery_param": {"status": 0},
    }
    element = {"algo_model": "SafetyHelmetAlarm", "sensitive": 7}
    row = {"channel_id": 1, "status": 1, "smart_list": [element]}
    await client.data("extend/update", list=[row])
    (data,) = await client.data("extend/get", channel_id=1)
    assert data["status"] == 1
    values = {row.pop("algo_model"): row for row in data["smart_list"]}
    assert values["SafetyHelmetAlarm"] == {"sensitive": 7, "report_rate": 0}
    assert values["FireDetection"] == {"sensitive": 80, "report_rate": 0}
    assert values["OffDutyDetectionAlarm"] == {"report_rate": 0}
    assert len(await client.data("extend/get")) == 2


async def test_docking_update_replaces(client: Client, box: UniviewBox) -> None:
    data = await client.data("docking/config/get")
    assert [row["id"] for row in data["platform"]] == [1, 2]
    assert {row["enabled"] for row in data["platform"]} == {0}
    assert [row["channel_id"] for row in data["time_conf"]] == [1, 2]
    throttle = {"channel_id": 1, "interval": 5, "enable": 2}
    await client.data(
        "docking/config/update", platform=[PLATFORM], time_conf=[throttle]
    )
    data = await client.data("docking/config/get")
    assert data["platform"] == [PLATFORM]
    assert data["time_conf"] == [
        {"channel_id": 1, "enable": 0, "channel_name": "Front door", "interval": 5}
    ]
    box.quirks.throttle_off_is_2 = True
    data = await client.data("docking/config/get")
    assert data["time_conf"][0]["enable"] == 2


async def test_search(client: Client, box: UniviewBox) -> None:
    now = box.device.now()
    for age, code in ((30, "SafetyHelmetAlarm"), (20, "FallOverAlarm")):
        await box.alarm(code, channel_id=2, at=now - age)
    await box.alarm("NoMaskAlarm", channel_id=2, person_id=2001, similarity=80)
    await box.alarm("AbnormalParkingDetection", channel_id=2, plate_no="EX 1")
    await box.face(channel_id=1, glasses=True)
    await box.face(channel_id=1, person_id=2001, similarity=95)
    await box.face(channel_id=1, stranger=True)

    async def found(what: str, **filters: Any) -> list[dict[str, Any]]:
        data = await client.data(f"search/{what}", **PAGE, **(TIMES | filters))
        assert data["total"] == len(data["list"])
        return list(data["list"])

    rows = await found("behavior")
    times = [row["capture_time"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert len(rows) == 4
    assert rows[0]["object_list"] == [{"plate_no": "EX 1"}]
    assert len(await found("behavior", compare_flag=2)) == 1
    assert len(await found("behavior", algo_model=["FallOverAlarm"])) == 1
    assert len(await found("behavior", object_type=[2])) == 1
    assert len(await found("behavior", plate_no="ex")) == 1
    assert len(await found("behavior", channel_id=[1])) == 0
    start = int(now) - 25
    assert len(await found("behavior", start_time=start)) == 3

    assert len(await found("facecap", compare_flag=1)) == 3
    assert len(await found("facecap", compare_flag=2)) == 2
    assert len(await found("facecap", compare_flag=1, faceattr={"glass": 2})) == 1
    (row,) = await found("behaviormatch", similarity={"min": 70, "max": 90})
    assert row["object_list"][0]["name"] == "Ada Winter"
    assert len(await found("behaviormatch", similarity={"min": 90, "max": 99})) == 0
    box.quirks.leading_blank = True
    (row,) = await found("behaviormatch", algo_model=["NoMaskAlarm"])
    assert row["algo_model"] == " NoMaskAlarm"
    (row,) = await found("facematch", match_type=1)
    assert row["object_list"][0]["base_image_id"] == 2001
    (row,) = await found("facematch", match_type=2)
    assert row["object_list"][0]["match_type"] == 2
    small = await client.request("GET", row["object_list"][0]["small_picture_url"])
    with Image.open(BytesIO(small.raw)) as image:
        assert image.size == (240, 300)


async def test_pictures_need_digest(client: Client, box: UniviewBox) -> None:
    await box.alarm("SafetyHelmetAlarm", channel_id=2)
    path = box.device.history[-1].scene_path
    assert (await client.send("GET", path)).status == 401
    answer = await client.request("GET", path)
    assert path.endswith(f"Size={len(answer.raw)}")
    with Image.open(BytesIO(answer.raw)) as image:
        assert image.size == (1280, 720)
    assert (await client.request("GET", path + "1")).status == 404


async def test_history_from_the_start() -> None:
    async with UniviewBox(history=25, seed=3) as box:
        rows = box.device.history
        assert len(rows) == 25
        assert [row.capture_time for row in rows] == sorted(
            row.capture_time for row in rows
        )
        assert len(box.request_log) == 0


def upload(content: bytes) -> FormData:
    form = FormData()
    form.add_field("file", content, filename="fw.bin")
    return form


NEW = "ECS_B501_SF-B1105.3.00.250101"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"nonsense", 1901),
        (package(NEW)[:-1], 1901),
        (package("OTHER-1"), 1902),
        (package(NEW, model="IA57"), 1903),
        (package(NEW, sign=False), 1905),
    ],
)
async def test_refused_packages(client: Client, content: bytes, code: int) -> None:
    answer = await client.request("POST", UPGRADE_PATH, upload(content))
    assert answer.json["code"] == code


async def test_upgrade(client: Client, box: UniviewBox) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async def status() -> Any:
        return (await client.request("POST", "/api/v2/upgrade/status", b"", form)).json

    assert (await status())["code"] == 1906
    box.device.time_scale = 0.02
    answer = await client.request("POST", UPGRADE_PATH, upload(package(NEW)))
    assert answer.json["code"] == 0
    seen = []
    away = 0
    async with asyncio.timeout(10):
        while 3 not in seen:
            try:
                seen.append((await status())["data"]["status"])
            except ClientError:
                away += 1
            await asyncio.sleep(0.005)
    assert set(seen) == {1, 2, 3}
    assert seen == sorted(seen)
    assert away > 0
    assert (await client.data("device/get"))["firmware_version"] == NEW


@pytest.mark.parametrize(
    ("quirk", "path", "body", "check"),
    [
        ("code_as_string", "channel/list", PAGE, lambda a: a["code"] == "0"),
        ("no_status_code", "device/get", {}, lambda a: "status_code" not in a),
        ("generic_list_key", "channel/list", PAGE, lambda a: "list" in a["data"]),
        (
            "face_size_as_string",
            "smart/params/get",
            {"channel_id": 1},
            lambda a: a["data"]["face_param"]["min_width"] == "10",
        ),
        (
            "all_in_one",
            "channel/list",
            PAGE,
            lambda a: (
                "flv" in a["data"]["channel_list"][0]
                and "transport_type" not in a["data"]["channel_list"][0]
            ),
        ),
        (
            "no_stream_urls",
            "channel/list",
            PAGE,
            lambda a: "rtsp" not in a["data"]["channel_list"][0],
        ),
    ],
)
async def test_quirks(
    client: Client,
    box: UniviewBox,
    quirk: str,
    path: str,
    body: dict[str, Any],
    check: Any,
) -> None:
    assert not check(await client.post(path, **body))
    setattr(box.quirks, quirk, True)
    assert check(await client.post(path, **body))


async def test_quirks_of_people_and_tasks(client: Client, box: UniviewBox) -> None:
    box.quirks.directory_image_path = True
    person_id = (await client.data("person/add", **PERSON))["person_id"]
    path = box.device.people[person_id].image_path
    assert path.endswith("/")
    assert (await client.request("GET", path)).headers["Content-Type"] == "image/jpeg"
    box.quirks.keep_detour_area = True
    box.quirks.threshold_as_string = False
    await client.data(
        "smart/update",
        channel_id=1,
        smart_list=[TASK | {"detour_area": 1}],
        person_control_info={"alarm_threshold": 80},
    )
    data = await client.data("smart/list", channel_id=1)
    assert data["smart_list"][0]["detour_area"] == 1
    assert data["person_control_info"]["alarm_threshold"] == 80


async def test_streams(client: Client, box: UniviewBox) -> None:
    server = f"rtsp://127.0.0.1:{box.rtsp_port}"
    rows = await channels(client)
    assert [row["rtsp"] for row in rows] == [f"{server}/channel/{n}" for n in (1, 2)]

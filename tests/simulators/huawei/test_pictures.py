"""Addresses of pictures that live five minutes, and stored pictures (10.2, 10.3.1)."""

import asyncio
import base64
from io import BytesIO
from typing import Any

from PIL import Image
import pytest

from simulators.huawei import HuaweiCloud
from simulators.huawei.picture_store import AlarmPictures, picture_store_of
from simulators.huawei.push_quirks import Static

from .client import OK, Client

DATA, ALARMS = "intelligence-data/pictures", "alarms/pictures"


def _wanted(data_class: str, kind: str, *data_ids: str) -> dict[str, Any]:
    return {
        "data_classification": data_class,
        "type": kind,
        "data_ids": list(data_ids),
    }


@pytest.mark.parametrize(
    ("data_class", "kind", "count"),
    [
        ("TARGET", "ALL", 3),
        ("TARGET", "BODY", 1),
        ("TARGET", "BACKGROUND", 1),
        ("TARGET", "TARGET", 1),
        ("VEHICLE", "ALL", 3),
        ("VEHICLE", "VEHICLE", 1),
        ("VEHICLE", "PLATE", 1),
    ],
)
async def test_addresses_of_data(
    client: Client, cloud: HuaweiCloud, data_class: str, kind: str, count: int
) -> None:
    face = data_class == "TARGET"
    push = await (cloud.target() if face else cloud.vehicle())
    data_id = push.body["data"]["data_id"]
    answer = await client.ok("POST", DATA, _wanted(data_class, kind, data_id))
    assert answer["failed_num"] == 0
    (row,) = answer["data"]
    assert (row["data_id"], row["result"]) == (data_id, OK)
    assert len(row["urls"]) == count
    for told in row["urls"]:
        assert kind in ("ALL", told["type"])
        fetched = await client.fetch(told["url"])
        Image.open(BytesIO(fetched.raw)).verify()


async def test_failed_ids(client: Client, cloud: HuaweiCloud) -> None:
    face, car = await cloud.target(body=False), await cloud.vehicle()
    ids = [push.body["data"]["data_id"] for push in (face, car)]
    answer = await client.ok("POST", DATA, _wanted("TARGET", "BODY", *ids, "x" * 32))
    assert answer["failed_num"] == 3
    codes = [row["result"]["code"] for row in answer["data"]]
    assert codes == ["IVM.10027008", "IVM.10027009", "IVM.10027009"]
    assert answer["data"][0]["urls"] == []
    cloud.quirks.failed_id_without_urls = True
    answer = await client.ok("POST", DATA, _wanted("TARGET", "BODY", "x" * 32))
    assert "urls" not in answer["data"][0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_wanted("FACE", "ALL", "x"), "IVM.10027005"),
        (_wanted("TARGET", "PLATE", "x"), "IVM.10027010"),
        (_wanted("TARGET", "", "x"), "IVM.10027010"),
        (_wanted("TARGET", "ALL"), "IVM.10027006"),
        (_wanted("TARGET", "ALL", *["x"] * 101), "IVM.10027006"),
        (_wanted("TARGET", "ALL", ""), "IVM.10027009"),
        ({"data_classification": "TARGET", "type": "ALL"}, "IVM.10020001"),
    ],
)
async def test_wrong_requests(client: Client, body: dict[str, Any], code: str) -> None:
    assert await client.code("POST", DATA, body) == code


async def test_alarms(client: Client, cloud: HuaweiCloud) -> None:
    known = await cloud.alarm("target_alarm", target_id="person1")
    plain, without = await cloud.alarm(), await cloud.alarm("io_event")
    uuids = [known.event_id, plain.event_id, without.event_id, "unknown"]
    answer = await client.ok("POST", ALARMS, {"alarm_uuids": uuids})
    assert answer["failed_num"] == 2
    rows = answer["alarms"]
    assert [row["alarm_uuid"] for row in rows] == uuids
    codes = [row["result"]["code"] for row in rows]
    assert codes == ["IVM.0", "IVM.0", "IVM.20040004", "IVM.10027007"]
    assert f"/v1/holo/{known.event_id}.jav?secret=" in rows[0]["url"]
    assert "&type=0&expire=" in rows[0]["url"]
    assert rows[1]["targetgroup_url"] == rows[2]["url"] == ""
    for url in (rows[0]["url"], rows[0]["targetgroup_url"], rows[1]["url"]):
        fetched = await client.fetch(url)
        assert fetched.content_type == "application/octet-stream"
        assert fetched.raw.startswith(b"\xff\xd8")


async def test_alarms_of_long_ago(client: Client, cloud: HuaweiCloud) -> None:
    push = await cloud.alarm(at=cloud.device.now() - 8 * 86_400)
    answer = await client.ok("POST", ALARMS, {"alarm_uuids": [push.event_id]})
    assert answer["alarms"][0]["result"]["code"] == "IVM.20040004"


@pytest.mark.parametrize(
    ("uuids", "code"),
    [
        ([], "IVM.10027006"),
        (["x"] * 101, "IVM.10027006"),
        ([""], "IVM.10020014"),
        (["x" * 129], "IVM.10020014"),
        ("x", "IVM.10027006"),
    ],
)
async def test_wrong_alarm_requests(client: Client, uuids: Any, code: str) -> None:
    assert await client.code("POST", ALARMS, {"alarm_uuids": uuids}) == code
    wrong = {"alarm_uuids": ["x"], "alarm_classification": "OTHER"}
    assert await client.code("POST", ALARMS, wrong) == "IVM.10027005"


async def test_addresses_die(client: Client, cloud: HuaweiCloud) -> None:
    cloud.timing.picture_url = 0.2
    push = await cloud.alarm(picture=b"\xff\xd8 own picture")
    answer = await client.ok("POST", ALARMS, {"alarm_uuids": [push.event_id]})
    url = answer["alarms"][0]["url"]
    assert (await client.fetch(url)).raw == b"\xff\xd8 own picture"
    assert (await client.fetch(url.replace("secret=", "secret=0"))).status == 400
    assert (await client.fetch(url.split("?")[0])).code == "IVM.20040011"
    await asyncio.sleep(0.2)
    assert (await client.fetch(url)).code == "IVM.20040011"


async def test_stored_pictures(client: Client, cloud: HuaweiCloud) -> None:
    push = await cloud.behavior()
    url = push.body["data"]["data"]["targets"][0]["panorama_pic"]
    assert (await client.fetch(url)).code == "IVM.10000004"
    fetched = await client.fetch(url, token=True)
    assert fetched.content_type == "image/jpeg"
    cloud.quirks.static = Static.JSON
    told = await client.fetch(url, token=True)
    assert base64.b64decode(told.json["pic_data"]) == fetched.raw
    gone = await client.fetch(url.replace("tlv_", "x"), token=True)
    assert gone.code == "IVM.20040011"


async def test_pictures_are_not_kept_for_ever(
    client: Client, cloud: HuaweiCloud
) -> None:
    push = await cloud.alarm()
    answer = await client.ok("POST", ALARMS, {"alarm_uuids": [push.event_id]})
    cloud.device.files.forget_captures()
    assert (await client.fetch(answer["alarms"][0]["url"])).code == "IVM.20040011"
    cloud.quirks.failed_id_without_urls = True
    store = picture_store_of(cloud.device)
    for number in range(5000):
        store.remember_alarm(str(number), AlarmPictures(0, ""))
    answer = await client.ok("POST", ALARMS, {"alarm_uuids": [push.event_id]})
    (row,) = answer["alarms"]
    assert row["result"]["code"] == "IVM.10027007"
    assert "url" not in row

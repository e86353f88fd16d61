"""The manual's two spellings, and how answers travel."""

import json
import re
from typing import Any

import pytest

from simulators.camguard import CamGuardServer, Code, Fault, PicUrl, Quirks

from .client import PAGE, PORTRAIT, RECORDS, Client

CAMERAS, TASKS, CONFIG = "/QueryCameraList", "/QueryTaskList", "/GetSystemConfig"
STORAGE = {"name": "StorageServer"}


async def test_tables(client: Client, server: CamGuardServer) -> None:
    (camera, *_), (task, *_) = await client.items(CAMERAS), await client.items(TASKS)
    assert camera["online"] == 1
    assert "state" not in camera
    assert task["name"] == "Entrance watch"
    assert (task["interval"], task["threshold"]) == (3000, 0.8)
    assert await client.post(CONFIG, **STORAGE) == {
        "code": 0,
        "info": {
            "name": "StorageServer",
            "config": {"ip": "127.0.0.1", "port": server.port},
        },
        "msg": "",
    }


async def test_samples(client: Client, server: CamGuardServer) -> None:
    await server.stranger(1)
    server.spell(Quirks.samples())
    (camera, *_), (task, *_) = await client.items(CAMERAS), await client.items(TASKS)
    assert camera["state"] == 1
    assert "online" not in camera
    assert camera["remark"] == " "
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d: \d\d:\d\d ", camera["create_time"])
    assert task["task_name"] == "Entrance watch"
    assert "name" not in task
    assert task["interval"] == 3
    info = (await client.ok(CONFIG, **STORAGE))["Info"]
    assert json.loads(info["config"]) == {"ip": "127.0.0.1", "port": server.port}
    (record,) = await client.items(RECORDS)
    assert "record_id" not in record
    server.spell(Quirks())
    assert "online" in (await client.items(CAMERAS))[0]


async def test_numbers(client: Client, server: CamGuardServer) -> None:
    server.quirks.numbers_as_text = True
    server.quirks.whole_threshold = True
    answer = await client.ok(TASKS, **PAGE)
    assert answer["info"]["total_count"] == "3"
    (task, *_) = answer["info"]["items"]
    assert (task["task_id"], task["threshold"]) == ("1", "0")
    assert task["camera_list1"][0]["state"] == "1"


async def test_missing_comma(client: Client, server: CamGuardServer) -> None:
    server.quirks.missing_comma = True
    body = {"session": client.session, **PAGE}
    async with client.http.post(server.url + CAMERAS, json=body) as response:
        text = await response.text()
    assert text.endswith('}"msg":""}')
    assert json.loads(text.replace('}"msg"', '},"msg"'))["code"] == 0
    assert await client.code("/StartTask", task_id=1) == 0


async def test_config_required(client: Client, server: CamGuardServer) -> None:
    server.quirks.get_needs_config = True
    assert await client.code(CONFIG, **STORAGE) == Code.WRONG_PARAMETER
    assert await client.code(CONFIG, **STORAGE, config="") == 0


@pytest.mark.parametrize("chunked", [False, True])
async def test_transport(client: Client, server: CamGuardServer, chunked: bool) -> None:
    server.quirks.connection_close = True
    server.quirks.capital_content_type = True
    server.quirks.chunked = chunked
    body: dict[str, Any] = {"session": client.session, **PAGE}
    async with client.http.post(server.url + CAMERAS, json=body) as response:
        assert response.headers["Content-Type"] == "Application/json"
        assert response.headers["Connection"].lower() == "close"
        assert ("Content-Length" in response.headers) is not chunked
        assert (response.headers.get("Transfer-Encoding") == "chunked") is chunked
        assert (await response.json())["info"]["total_count"] == 4
    assert await client.code(CAMERAS, page_no=0, page_size=1) == Code.WRONG_PARAMETER


async def test_picture_addresses(client: Client, server: CamGuardServer) -> None:
    path = await client.uploaded()
    assert path.startswith("/storage/person/")
    server.quirks.pic_url = PicUrl.HTTP
    address = await client.uploaded()
    assert address.startswith(f"{server.url}/storage/person/")
    async with client.http.get(address) as response:
        assert await response.read() == PORTRAIT
        assert response.content_type == "image/jpeg"
    assert await client.code("/DownloadPersonPicture", pic_url=address) == 0
    (record,) = await server.stranger(1)
    (row,) = await client.items(RECORDS)
    assert row["capture_url"] == server.url + record.capture
    assert row["pic_url"] == ""
    config = json.dumps({"ip": "192.0.2.7", "port": 80})
    await client.ok("/UpdateSystemConfig", **STORAGE, config=config)
    (row,) = await client.items(RECORDS)
    assert row["capture_url"] == f"http://192.0.2.7:80{record.capture}"
    server.quirks.pictures_over_http = False
    async with client.http.get(server.url + path) as response:
        assert response.status == 404


async def test_missing_comma_with_a_fault(
    client: Client, server: CamGuardServer
) -> None:
    server.quirks.missing_comma = True
    server.faults.add(Fault.NULLS, CAMERAS, times=1)
    body = {"session": client.session, **PAGE}
    async with client.http.post(server.url + CAMERAS, json=body) as response:
        assert (await response.text()).endswith('"create_time":null}]}"msg":""}')

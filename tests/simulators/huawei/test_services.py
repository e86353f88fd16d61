"""Plans, services, snapshots, counts, passwords: what was written is read back."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image

from simulators.huawei import HuaweiCloud, Package

from .client import OK, Client
from .operations_table import COUNTER, DOME, MAP, PEOPLE, RECORDER, REF, SECTION, STREAM

CHANNEL = f"devices/{RECORDER}/channels/0"
BATCH = "devices/channels"


async def results(client: Client, method: str, path: str, body: Any) -> list[str]:
    answer = await client.ok(method, path, body)
    codes = [row["result"]["code"] for row in answer["channels"]]
    assert answer["failed_num"] == len(codes) - codes.count(OK["code"])
    return codes


async def test_plan_is_replaced(client: Client, cloud: HuaweiCloud) -> None:
    plan = {**REF, "time_sections": [SECTION, {**SECTION, "day_of_week": 2}]}
    path = f"{BATCH}/record-plan"
    assert await results(client, "PUT", path, {"plans": [plan]}) == ["IVM.0"]
    got = await client.ok("GET", f"{CHANNEL}/record-plan")
    assert got["all_day"] is False
    assert got["time_sections"] == plan["time_sections"]
    twice = {**REF, "time_sections": [SECTION, SECTION]}
    assert await results(client, "PUT", path, {"plans": [twice]}) == ["IVM.10024004"]
    assert await results(client, "PUT", path, {"plans": [REF]}) == ["IVM.10024009"]
    assert await results(client, "POST", path, {"channels": [REF]}) == ["IVM.0"]
    assert (await client.ok("GET", f"{CHANNEL}/record-plan"))["time_sections"] == []
    cloud.expire_service(Package.FULL_RECORD)
    assert await results(client, "PUT", path, {"plans": [REF]}) == ["IVM.20010010"]


async def test_alarm_plan_needs_its_service(client: Client) -> None:
    alarm = {"alarm_type": "io_event", "advance_time": 30, "after_time": 30}
    channel = {**REF, "all_day": True, "plans": [alarm]}
    path = f"{BATCH}/record-alarm-plan"
    body = {"channels": [channel]}
    assert await results(client, "PUT", path, body) == ["IVM.20010024"]
    found = await client.ok("GET", "resources", resource_type_code="MOTION")
    resource = found["resources"][0]["resource_id"]
    bind = {"resource_id": resource, "storage_day": 7, "channels": [REF]}
    assert await results(client, "POST", f"{BATCH}/resources", bind) == ["IVM.0"]
    assert await results(client, "POST", f"{BATCH}/resources", bind) == ["IVM.20060007"]
    assert await results(client, "PUT", path, body) == ["IVM.0"]
    got = await client.ok("GET", f"{CHANNEL}/record-alarm-plan")
    assert got["plans"] == [alarm]
    alarm["after_time"] = 31
    assert await results(client, "PUT", path, body) == ["IVM.20010029"]


async def test_services_close_in_order(client: Client, cloud: HuaweiCloud) -> None:
    told = []
    cloud.device.change_listeners.unbound = lambda *what: told.append(what[:3])
    path = f"{BATCH}/resources"
    body = {"resource_type_code": "MANAGE", "channels": [REF]}
    assert await results(client, "DELETE", path, body) == ["IVM.20060023"]
    for code in ("RECORD", "DATAFLOW", "MANAGE", "MANAGE"):
        body["resource_type_code"] = code
        assert await results(client, "DELETE", path, body) == ["IVM.0"]
    assert [row[0] for row in told] == [
        *("UNBIND_NORMAL", "UNBIND_DATAFLOW", "UNBIND_MANAGE")
    ]
    assert (await client.ok("GET", f"{CHANNEL}/resources"))["resources"] == []
    states = (await client.ok("GET", CHANNEL))["channel_resource_state"]
    assert "MANAGEMENT_CLOSED" in states
    found = await client.ok("GET", "resources", resource_type_code="NORMAL")
    bind = {
        "resource_id": found["resources"][0]["resource_id"],
        "storage_day": 7.0,
        "channels": [REF],
    }
    assert await results(client, "POST", path, bind) == ["IVM.20060026"]


async def test_policies(client: Client, cloud: HuaweiCloud) -> None:
    policy = {"storage_days": 30, "storage_type": "PLAN_RECORD"}
    body = {"channel_time_policies": [{**REF, "time_policies": [policy]}]}
    path = f"{BATCH}/time-policy"
    assert await results(client, "PUT", path, body) == ["IVM.0"]
    got = await client.ok("GET", f"{CHANNEL}/time-policy")
    assert got["time_policies"] == [policy]
    alarm = await client.ok("GET", f"{CHANNEL}/time-policy", record_type="alarm")
    assert alarm["time_policies"] == []


async def test_snapshots(client: Client, cloud: HuaweiCloud) -> None:
    async def snap(storage: str) -> dict[str, str]:
        where = {**REF, "storage": storage}
        return dict(await client.ok("GET", "devices/snap", **where))

    data = base64.b64decode((await snap("false"))["pic_data"])
    assert Image.open(BytesIO(data)).format == "JPEG"
    code = await client.code("GET", "devices/snap", **REF, storage="true")
    assert code == "IVM.20040009"
    cloud.timing.snapshot_spacing = 0
    url = (await snap("true"))["pic_url"]
    assert (await client.fetch(url, token=True)).content_type == "image/jpeg"
    assert (await client.fetch(url)).code == "IVM.10000004"
    cloud.channel(RECORDER).takes_snapshots = False
    url = (await snap("true"))["pic_url"]
    assert (await client.fetch(url, token=True)).code == "IVM.20040011"


async def test_counts(client: Client, cloud: HuaweiCloud) -> None:
    async def lengths(kind: str, **dates: str) -> int:
        query = {**PEOPLE, "type": kind, **dates}
        return len((await client.ok("GET", "statistics/people", **query))["in"])

    assert await lengths("DAY") == 24
    assert await lengths("YEAR") == 12
    assert await lengths("WEEK") == 7
    assert await lengths("MONTH") == 7
    whole = {"start_date": "20260201", "end_date": "20260228"}
    assert await lengths("MONTH", **whole) == 28
    assert await lengths("WEEK", **whole) == 28
    cloud.quirks.month_is_week = False
    assert await lengths("MONTH") == 31
    today = cloud.device.stamp(cloud.device.now())[:10].replace("-", "")
    query = {**PEOPLE, "start_date": today}
    before = await client.ok("GET", "statistics/people", **query)
    cloud.count_people(COUNTER, into=1000, out=400)
    after = await client.ok("GET", "statistics/people", **query)
    assert sum(after["in"]) - sum(before["in"]) >= 1000
    assert sum(after["out"]) - sum(before["out"]) >= 400


async def test_heat_maps(client: Client, cloud: HuaweiCloud) -> None:
    query = {**MAP, "start_time": cloud.device.stamp(cloud.device.now() - 86_400)}
    data = (await client.ok("GET", "time-heatmap", **query))["data"]
    assert len(data) == 24
    assert sum(data) > 0
    space = await client.ok("GET", "space-heatmap", **query)
    values = base64.b64decode(space["rawbase64"])
    assert len(values) == space["width"] * space["height"]
    assert max(values) > 100
    cloud.expire_service(Package.INDUSTRY_DATA)
    assert await client.code("GET", "space-heatmap", **query) == "IVM.20090016"


async def test_password(client: Client, cloud: HuaweiCloud) -> None:
    path = f"devices/{DOME}/channels/0/security-key"
    assert (await client.ok("GET", path))["security_key_state"] == "SET"
    await client.ok("PUT", path, {"new_security_key": "Camera-123"})
    assert (await client.ok("GET", path))["security_key_state"] == "MODIFY"
    change = {"current_security_key": "wrong", "new_security_key": "Camera-456"}
    for _ in range(5):
        assert await client.code("PUT", path, change) == "IVM.20140006"
    change["current_security_key"] = "Camera-123"
    assert await client.code("PUT", path, change) == "IVM.20140009"
    cloud.device.devices[DOME].locked_until = 0.0
    same = {**change, "new_security_key": "Camera-123"}
    assert await client.code("PUT", path, same) == "IVM.20140005"
    await client.ok("PUT", path, change)
    code = await client.code("GET", f"{CHANNEL}/security-key")
    assert code == "IVM.20140008"


async def test_streams(client: Client) -> None:
    path = f"{CHANNEL}/stream-detail"
    before = await client.ok("GET", path)
    body = {
        **before,
        "mirror_mode": 2,
        "stream_info": [{**STREAM, "resolution": "1280*720", "bit_rate": 1024}],
    }
    await client.ok("POST", path, body)
    after = await client.ok("GET", path)
    assert after["mirror_mode"] == 2
    assert after["stream_info"][0]["definition"] == "720p"
    assert after["stream_info"][1] == before["stream_info"][1]


async def test_authorisation(client: Client) -> None:
    path = f"devices/{RECORDER}/channels/targets/authorization"
    body = {"state": "OPENED", "channels": ["-1", "0", "77"]}
    answer = await client.ok("PUT", path, body)
    assert answer["channels_result"] == [
        {"channel_id": "0", "channel_result": "0"},
        {"channel_id": "77", "channel_result": "1"},
    ]
    where = f"devices/{RECORDER}/channels/{{}}/targets/authorization"
    state = {"device_state": "OPENED", "channel_state": "CLOSED"}
    assert await client.ok("GET", where.format(1)) == state
    assert await client.ok("GET", where.format(-1)) == {"device_state": "OPENED"}

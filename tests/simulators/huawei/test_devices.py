"""Groups, devices and channels; a thousand channels; the command line."""

from aiohttp import ClientSession

from simulators.huawei import HuaweiCloud

from .client import Client
from .operations_table import COUNTER, DOME, RECORDER


async def group_ids(client: Client) -> dict[str, str]:
    orgs = (await client.ok("GET", "device-orgs/0/sub-orgs"))["orgs"]
    return {org["device_org_name"]: org["device_org_id"] for org in orgs}


async def test_the_tree(client: Client, cloud: HuaweiCloud) -> None:
    groups = await group_ids(client)
    assert groups.keys() == {"Plant", "Shop"}
    body = {"parent_org_id": groups["Plant"], "device_org_name": "Hall"}
    hall = (await client.ok("POST", "device-orgs", body))["device_org_id"]
    assert await client.code("POST", "device-orgs", body) == "IVM.20001004"
    moved = {"device_ids": [DOME, DOME]}
    answer = await client.ok("POST", f"device-orgs/{hall}/move-devices", moved)
    assert [row["result"]["code"] for row in answer["results"]] == [
        *("IVM.0", "IVM.20000050")
    ]
    (plant,) = (await client.ok("GET", "device-orgs/tree", device_org_name="hal"))[
        "result"
    ]
    assert (plant["is_result"], plant["camera_count"]) == (0, 2)
    assert plant["children"][0]["device_org_name"] == "Hall"

    async def found(scope: str) -> set[str]:
        path = f"device-orgs/{groups['Plant']}/devices"
        answer = await client.ok("GET", path, is_current_org=scope, limit=10)
        return {device["device_id"] for device in answer["devices"]}

    assert await found("0") == {DOME}
    assert await found("1") == {RECORDER}
    assert await found("2") == {DOME, RECORDER}
    for path, code in ((hall, "IVM.20001008"), ("0", "IVM.20001009")):
        assert await client.code("DELETE", f"device-orgs/{path}") == code
    assert await client.code("GET", "device-orgs/5/sub-orgs") == "IVM.20001001"
    cloud.quirks.closed_root = True
    body = {"parent_org_id": "0", "device_org_name": "New"}
    assert await client.code("POST", "device-orgs", body) == "IVM.20001003"


async def test_states_are_seen(client: Client, cloud: HuaweiCloud) -> None:
    cloud.set_channel_status(RECORDER, "1", online=False)
    rows = (await client.ok("GET", "channels", device_id=RECORDER))["channels"]
    assert [row["channel_state"] for row in rows] == ["ONLINE", "OFFLINE", "ONLINE"]
    cloud.set_device_status(RECORDER, online=False)
    answer = await client.ok("GET", "devices", device_state="OFFLINE")
    assert [row["device_id"] for row in answer["devices"]] == [RECORDER]
    assert answer["devices"][0]["channel_offline_total"] == 3
    path = f"devices/{RECORDER}/channels/0"
    assert await client.code("PUT", path, {"channel_name": "x"}) == "IVM.20000036"


async def test_devices_come_and_go(client: Client, cloud: HuaweiCloud) -> None:
    device = cloud.add_recorder(2, "Annex")
    assert (await client.ok("GET", f"devices/{device.device_id}"))["channel_total"] == 2
    body = {"devices": [COUNTER, "UNKNOWN0001"]}
    answer = await client.ok("POST", "devices/batch-delete", body)
    assert answer["failed_num"] == 1
    assert await client.code("GET", f"devices/{COUNTER}") == "IVM.10022002"
    cloud.remove_device(device.device_id)
    resources = (await client.ok("GET", "resources"))["resources"]
    assert [row["usage_num"] for row in resources] == [4, 0, 4, 0, 4]


async def test_samples(client: Client, cloud: HuaweiCloud) -> None:
    cloud.quirks.numbers_as_text = cloud.quirks.org_list_object = True
    answer = await client.ok("GET", "devices", ability="ptz,talk")
    assert answer["total"] == "3"
    dome = next(row for row in answer["devices"] if row["device_id"] == DOME)
    assert dome["device_ability"] == "talk,ptz"
    assert dome["org_list"]["device_org_level"] == "1"
    assert (await client.ok("GET", "channels"))["total"] == "5"


async def test_a_thousand_channels() -> None:
    async with (
        HuaweiCloud(devices=20, channels=50, video=False, seed=1) as cloud,
        ClientSession() as http,
    ):
        client = Client(http, cloud)
        await client.log_in()
        assert len(cloud.devices) == 20
        assert len(cloud.channels) == 1000
        path = "device-orgs/0/devices"
        whole = await client.ok("GET", path, limit=1000, is_current_org="2")
        assert sum(len(row["channels"]) for row in whole["devices"]) == 1000
        rows = (await client.ok("GET", "channels", limit=1000))["channels"]
        ids = {(row["device_id"], row["channel_id"]) for row in rows}
        assert len(ids) == 1000
        page = await client.ok("GET", "channels", limit=10, offset=995)
        assert page["channels"] == rows[995:]

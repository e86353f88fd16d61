"""Every request of the manual: a good one, and ones that are refused."""

from typing import Any

import pytest

from simulators.sensetime import SenseTimeNode
from simulators.sensetime.operation_table import OPERATIONS

from .client import OTHER, PORTRAIT, Client, base64_picture

FILE = ("face.jpg", PORTRAIT)
PICTURE = base64_picture(PORTRAIT)
RTSP: dict[str, Any] = {
    "camera_mode": "VIDEO",
    "protocol": "rtsp",
    "url": "rtsp://admin:x@192.0.2.9:554",
    "lib_ids": "1",
    "threshold": 1,
    "camera_name": "test",
    "snap_mode": 1,
}
ADDRESS = {"ip": "192.0.2.10", "port": 80, "camera_user": "a", "camera_pwd": "b"}
BASE = {"threshold": 1, "camera_name": "test"}
ONVIF = {**BASE, **ADDRESS, "camera_mode": "VIDEO", "protocol": "onvif", "snap_mode": 1}
SIP = "34020000002000000001"
GB = {
    **BASE,
    "camera_mode": "VIDEO",
    "protocol": "gb28181",
    "ip": "192.0.2.10",
    "port": 5060,
    "snap_mode": "1",
    "server_sip_id": SIP,
    "camera_sip_id": SIP,
}
IMAGE = {**BASE, **ADDRESS, "camera_mode": "IMAGE", "vendor": "hikvision"}
NETWORK = {
    "ethname": "eth1",
    "ip": "203.0.113.9",
    "ip_method": "static",
    "netmask": "255.255.255.0",
    "gateway": "203.0.113.1",
    "ip_version": "IPv4",
}

JSON: list[tuple[str, dict[str, Any], int]] = [
    ("1028", {}, 0),
    ("1025", {"lib_name": "Guests", "lib_type": 2}, 0),
    ("1025", {"lib_name": "Staff", "lib_type": 2}, -119),
    ("1025", {"lib_name": "Guests", "lib_type": 3}, -3596),
    ("1025", {"lib_name": "Guests", "lib_type": "1"}, -3596),
    ("1026", {"lib_id": 1}, -123),
    ("1026", {"lib_id": 9}, -117),
    ("1027", {"lib_id": 1, "lib_name": "Crew", "lib_type": 2}, 0),
    ("1027", {"lib_id": 1, "lib_name": "Watch list", "lib_type": 2}, -119),
    ("1034", {"start_no": 1, "qry_len": 50}, 0),
    ("1034", {"qry_len": 51}, -3596),
    ("1034", {"start_no": 0}, -3596),
    ("1032", {"lib_id": 1, "img_id": "staff-0001"}, 0),
    ("1032", {"lib_id": 2, "img_id": "staff-0001"}, -126),
    ("1031", {"lib_id": 1, "img_id": "staff-0001"}, 0),
    ("1033", {"lib_id": 1, "img_id": "staff-0001", "person_age": "90"}, 0),
    ("1033", {"lib_id": 1, "img_id": "staff-0001", "person_age": "121"}, -3596),
    ("1035", {"lib_id": 1, "fuzzy_key": "Ada"}, 0),
    ("1035", {"lib_id": 1, "fuzzy_key": "Ada", "person_age": "1"}, -3596),
    ("1035", {"lib_id": 1, "fuzzy_key": "x" * 41}, -3596),
    ("1044", {"lib_id": 1, "img_ids": "staff-0001,staff-0002"}, 0),
    ("1044", {"lib_id": 1, "img_ids": "staff-0001,nobody"}, -126),
    ("1051", {"lib_id": 1, "img": PICTURE, "img_id": "new-1"}, 0),
    ("1051", {"lib_id": 1, "img": PICTURE, "img_id": "staff-0001"}, -1100),
    ("1051", {"lib_id": 1, "img": PICTURE, "img_id": "x" * 49}, -2754),
    ("1051", {"lib_id": 1, "img": {"filename": "a.jpg", "data": ""}}, -1104),
    ("1051", {"lib_id": 1, "img": "abc"}, -3596),
    ("1051", {"lib_id": 7, "img": PICTURE}, -117),
    ("1052", {"lib_id": 1, "uuid": "x", "imgs": [PICTURE]}, 0),
    ("1052", {"lib_id": 1, "uuid": "x", "imgs": []}, -3596),
    ("1037", {"channel": 1, "lib_type": 2, "lib_name": "Staff"}, 0),
    ("1037", {"start_time": "yesterday"}, -3596),
    ("1036", {"lib_ids": "1,2"}, 0),
    ("1036", {"lib_ids": "1,x"}, -3596),
    ("1046", {"start_time": "2019-01-01 00:00:00"}, 0),
    ("1046", {"stop_time": "2019-01-01 00:00:00"}, 0),
    ("1045", {}, 0),
    ("1038", {"lib_id": 1, "qry_len": 500}, 0),
    ("1038", {"lib_id": 1, "qry_len": 501}, -3596),
    ("1041", {"lib_id": 1, "img_ids": "staff-0001,nobody"}, 0),
    ("1040", {}, 0),
    ("1040", {"stop_time": "2019-01-01 00:00:00"}, -2100),
    ("1043", {"snap_ids": "face"}, 0),
    ("1043", {"snap_ids": "body"}, -2100),
    ("1039", {"lib_ids": "1"}, 0),
    ("1039", {}, -3596),
    ("1042", {"snap_ids": "face"}, 0),
    ("1048", {}, 0),
    ("1047", {"snap_ids": "body"}, 0),
    ("1047", {"snap_ids": ",".join("x" * 51)}, -3596),
    ("779", {"img": PICTURE}, 0),
    ("781", {"img_1": PICTURE, "img_2": PICTURE}, 0),
    ("780", {"img": PICTURE, "lib_ids": "1", "topk": 3, "n_topk": 2}, 0),
    ("780", {"img": PICTURE, "lib_ids": "1", "topk": 1, "n_topk": 2}, -3596),
    ("780", {"img": PICTURE, "lib_ids": "9"}, -117),
    ("516", {}, 0),
    ("513", RTSP, 0),
    ("513", ONVIF, 0),
    ("513", GB, 0),
    ("513", IMAGE, 0),
    ("513", {**RTSP, "lib_ids": "9"}, -117),
    ("513", {**RTSP, "threshold": 101}, -3596),
    ("513", {**RTSP, "protocol": "http"}, -3596),
    ("513", {**ONVIF, "camera_user": None}, -3596),
    ("515", {"channel": 1, "threshold": 90, "camera_roi": "0,180,1920,900"}, 0),
    ("515", {"channel": 1, "camera_roi": "0,0,9999,9999"}, -3596),
    ("515", {"channel": 3, "snap_mode": 1}, -3620),
    ("515", {"channel": 16}, -109),
    ("514", {"channel": 1}, 0),
    ("514", {"channel": 16}, -109),
    ("1310", {}, 0),
    ("1291", {}, 0),
    ("1290", {"ntp_disable": "0"}, 0),
    ("1290", {"url": "no.example"}, -3614),
    ("1281", {}, 0),
    ("1288", {}, 0),
    ("1287", {"storage_strategy": 2}, 0),
    ("1287", {"storage_strategy": 3}, -3596),
    ("1283", {}, 0),
    ("1282", {"sys_time": "2019-01-14 12:23:45", "time_zone": "GMT+08:00"}, 0),
    ("1282", {"sys_time": "2019-01-14", "time_zone": "GMT+08:00"}, -3596),
    ("1282", {"sys_time": "2019-01-14 12:23:45", "time_zone": "CET"}, -3596),
    ("1297", {}, 0),
    ("1296", NETWORK, 0),
    ("1296", {**NETWORK, "ip": "192.0.2.9", "gateway": ""}, -3606),
    ("1296", {**NETWORK, "gateway": "198.18.0.1"}, -3606),
    ("1296", {**NETWORK, "netmask": "mask"}, -3606),
    ("1295", {"dns_method": "dhcp", "ethname": "eth1"}, 0),
    ("1295", {"dns_method": "dhcp", "ethname": "eth9"}, -3596),
    ("1294", {}, 0),
    ("1301", {}, 0),
    ("1300", {"device_id": "hall"}, 0),
    ("1317", {}, 0),
    ("1315", {}, 0),
    ("1316", {}, 0),
    ("1313", {}, 0),
    ("1314", {}, 0),
    ("1299", {}, 0),
    ("1298", {"url": "http://192.0.2.3/x", "key": "k"}, 0),
    ("1298", {"url": "http://192.0.2.3/x"}, -3596),
    ("1303", {"file_type": "crt"}, -105),
    ("1303", {"file_type": "pem"}, -3596),
    ("1304", {}, 0),
    ("1305", {"prot_mode": "http"}, -3607),
    ("1305", {"prot_mode": "https"}, -3625),
    ("1306", {}, 0),
    ("1286", {}, 0),
    ("1537", {}, 0),
    ("1538", {"camera_channel": 1, "dev_ip": "192.0.2.5", "dev_port": 1}, 0),
    ("1538", {"camera_channel": 9, "dev_ip": "192.0.2.5", "dev_port": 1}, -109),
    ("1538", {"camera_channel": 1, "dev_ip": "192.0.2.5", "dev_port": 65536}, -3596),
    ("1539", {"id": 5}, -105),
    ("258", {}, 0),
]
FORM: list[tuple[str, dict[str, Any], int]] = [
    ("1029", {"lib_id": 1, "img": FILE, "person_name": "Eve Hill"}, 0),
    ("1029", {"lib_id": 1, "img": ("a.jpg", b"no picture")}, -1104),
    ("1029", {"lib_id": 1}, -3596),
    ("1029", {"lib_id": "one", "img": FILE}, -3596),
    ("1030", {"lib_id": 1, "uuid": "x", "img_1": ("Eve_e-1_#_0_23_#.jpg", OTHER)}, 0),
    ("1030", {"lib_id": 1, "uuid": "x"}, -3596),
    ("769", {"img": FILE}, 0),
    ("782", {"img": FILE}, 0),
    ("771", {"img_1": FILE, "img_2": FILE}, 0),
    ("771", {"img_1": FILE}, -3596),
    ("772", {"img": FILE, "lib_ids": "1,2", "topk": 50}, 0),
    ("772", {"img": FILE, "lib_ids": "1", "topk": 51}, -3596),
    ("1292", {"file": ("nebula.tar.bz2", b"x")}, 0),
    ("1292", {"file": ("nebula.zip", b"x")}, -3603),
    ("1302", {"file": ("server.crt", b"x"), "file_type": "crt"}, 0),
    ("1302", {"file": ("server.crt", b"x"), "file_type": "pem"}, -3596),
]


async def prepare(node: SenseTimeNode) -> None:
    await node.recognize("staff-0001", channel=1, snap_id="face")
    await node.body(channel=1, snap_id="body")
    node.device.unreachable_ntp.add("no.example")


@pytest.mark.parametrize(("msg_id", "fields", "code"), JSON)
async def test_json(
    client: Client,
    node: SenseTimeNode,
    msg_id: str,
    fields: dict[str, Any],
    code: int,
) -> None:
    await prepare(node)
    answer = await client.json(msg_id, **fields)
    assert answer["code"] == code
    assert answer.keys() == {"code", "data", "msg"}
    assert bool(answer["msg"]) is (code != 0)


@pytest.mark.parametrize(("msg_id", "fields", "code"), FORM)
async def test_form(
    client: Client, msg_id: str, fields: dict[str, Any], code: int
) -> None:
    assert (await client.form(msg_id, **fields))["code"] == code


def test_all_requests_are_in_the_table() -> None:
    tested = {msg_id for msg_id, _, _ in (*JSON, *FORM)}
    assert {str(row.msg_id) for row in OPERATIONS} <= tested
    assert len(OPERATIONS) == 67

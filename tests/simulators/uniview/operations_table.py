"""The requests of the manual: a good body, the keys of `data`, bodies of code 2."""

import base64
from dataclasses import dataclass, field
from typing import Any

from simulators import pictures

FACE = base64.b64encode(pictures.face(1)).decode()
NOT_A_PICTURE = base64.b64encode(b"hello").decode()
PAGE = {"page": 1, "pagesize": 10}
TIMES = {"channel_id": [1, 2], "start_time": 0, "end_time": 4_000_000_000}
DAY = [{"start": "00:00", "end": "04:00"}, {"start": "12:30", "end": "24:00"}]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK = dict.fromkeys(DAYS, DAY)
PERSON = {"person_name": "bar", "image_base64": FACE, "lib_id": 1}
RTSP = {"type": 2, "channel_name": "Camera", "rtsp": "rtsp://192.0.2.1/a"}
ONVIF = {"type": 1, "channel_name": "Camera", "ip": "192.0.2.1", "port": 80}
PLATFORM = {
    "id": 1,
    "version_code": "V2.0",
    "enabled": 0,
    "url": "http://127.0.0.1:9",
    "picture_enable": 0,
    "video_enable": 0,
    "http_alive": 0,
    "alive_interval": 30,
    "channel_enable": 0,
}
POLYGON = {
    "graph_type": "polygon",
    "polygon": {"point_x": "50,9950,9950,50", "point_y": "50,50,9950,9950"},
}
TASK = {"algo_model": "FallOverAlarm", "time_threshold": 5, "graphs": [POLYGON]}
VIDEO_PARAM = {"status": 1, "befor_alarmed_time": 5, "after_alarmed_time": 30}
# Stands for a password that the test encrypts.
SECRET = "{encrypted}"


def graph(**changes: Any) -> dict[str, Any]:
    return {"channel_id": 1, "smart_list": [{**TASK, "graphs": [POLYGON | changes]}]}


@dataclass(frozen=True)
class Row:
    """`data` are the keys of the answer's data; None when there is none."""

    path: str
    body: dict[str, Any] | None = None
    data: set[str] | None = None
    bad: tuple[dict[str, Any], ...] = ()
    required: tuple[str, ...] = ()
    refused: dict[int, dict[str, Any]] = field(default_factory=dict)


ROWS = (
    Row(
        "personlib/add",
        {"lib_name": "test2"},
        {"lib_id"},
        ({"lib_name": "x" * 65}, {"lib_name": 1}),
        ("lib_name",),
        {1101: {"lib_name": "Staff"}},
    ),
    Row("personlib/delete", {"lib_id": [2]}, None, ({"lib_id": 2},), ("lib_id",)),
    Row(
        "personlib/update",
        {"lib_name": "test4", "lib_id": 1},
        None,
        ({"lib_name": "a", "lib_id": 99},),
        ("lib_name", "lib_id"),
        {1101: {"lib_name": "Watch list", "lib_id": 1}},
    ),
    Row(
        "personlib/list",
        {"lib_name": "", **PAGE},
        {"total", "list"},
        ({"page": 0, "pagesize": 1}, {"page": "1", "pagesize": 1}),
        ("page", "pagesize"),
    ),
    Row(
        "person/add",
        PERSON,
        {"person_id"},
        (PERSON | {"sex": 3}, PERSON | {"lib_id": 9}, PERSON | {"tel": "1" * 33}),
        ("person_name", "image_base64", "lib_id"),
        {
            1201: PERSON | {"certificate_type": 7},
            1202: PERSON | {"image_base64": NOT_A_PICTURE},
        },
    ),
    Row(
        "person/import",
        {"person_list": [PERSON, PERSON | {"lib_id": 9, "person_name": "x"}]},
        {"fail_list"},
        ({"person_list": [{"lib_id": 1}]}, {"person_list": {}}),
        ("person_list",),
    ),
    Row(
        "person/delete",
        {"person_id_list": [2002]},
        None,
        ({"person_id_list": [1]}, {"person_id_list": 2002}),
        ("person_id_list",),
    ),
    Row(
        "person/update",
        {"person_id": 2001, "sex": 2, "lib_id": 1},
        None,
        ({"person_id": 2001, "sex": 999}, {"person_id": 1}),
        ("person_id",),
        {1202: {"person_id": 2001, "image_base64": "data:image/jpeg;base64,AA"}},
    ),
    Row(
        "person/list",
        {"lib_id": 1, "sex": 999, "person_name": "", "model_status": 999, **PAGE},
        {"total", "list"},
        ({"lib_id": 1, "model_status": 5, **PAGE},),
        ("lib_id", "page", "pagesize"),
    ),
    Row("rsa/publickey", None, {"public_key"}),
    Row(
        "channel/device/info",
        {"ip": "192.0.2.1", "port": 80, "username": "admin", "pwd": SECRET},
        {
            "manufacturer",
            "model",
            "firmware_version",
            "serial_number",
            "hardware_id",
            "video",
        },
        ({"ip": "192.0.2.1", "port": 80, "username": "admin", "pwd": "plain"},),
        ("ip", "port", "username", "pwd"),
    ),
    Row(
        "channel/add",
        ONVIF | {"username": "admin", "pwd": SECRET, "model": "A27"},
        {"channel_id"},
        (
            RTSP | {"type": 3},
            RTSP | {"channel_name": ""},
            ONVIF | {"port": "80"},
            ONVIF | {"video_type": 2},
            {"type": 2, "channel_name": "a"},
            {"type": 1, "channel_name": "a", "ip": "192.0.2.1"},
        ),
        ("type", "channel_name"),
    ),
    Row(
        "channel/delete",
        {"channel_id_list": [2]},
        None,
        ({"channel_id_list": [77]}, {"channel_id_list": 1}),
        ("channel_id_list",),
    ),
    Row(
        "channel/update",
        {"channel_id": 1, "channel_name": "Camera1", "Nums": 1, "off_reason": 1},
        None,
        ({"channel_id": 1, "channel_name": "a", "rtsp": "x" * 257},),
        ("channel_id", "channel_name"),
    ),
    Row(
        "channel/list",
        {"channel_name": "", **PAGE},
        {"total", "channel_list"},
        ({"page": 1, "pagesize": 0},),
        ("page", "pagesize"),
    ),
    Row(
        "channel/import",
        {"channel_list": [RTSP, ONVIF | {"port": "80"}, ONVIF | {"pwd": "plain"}]},
        {"fail_list"},
        ({"channel_list": [{"type": 1}]},),
        ("channel_list",),
    ),
    Row(
        "control/time/update",
        {"channel_id": 1, "algo_model": "FallOverAlarm", "control_time": WEEK},
        None,
        (
            {
                "channel_id": 1,
                "algo_model": "FallOverAlarm",
                "control_time": dict.fromkeys(DAYS[:6], DAY),
            },
            {
                "channel_id": 1,
                "algo_model": "FallOverAlarm",
                "control_time": WEEK | {"monday": [{"start": "9:00", "end": "24:00"}]},
            },
        ),
        ("channel_id", "algo_model", "control_time"),
    ),
    Row(
        "control/time/get",
        {"channel_id": 1, "algo_model": "FallOverAlarm"},
        set(DAYS),
        ({"channel_id": 9, "algo_model": "FallOverAlarm"},),
        ("channel_id", "algo_model"),
        {4: {"channel_id": 1, "algo_model": "NoSuchAlarm"}},
    ),
    Row(
        "smart/update",
        {"channel_id": 1, "smart_list": [TASK | {"title": "x", "id": 5}]},
        None,
        (
            graph(graph_type="circle"),
            graph(polygon={"point_x": "1,2", "point_y": "1,2"}),
            graph(polygon={"point_x": "1,2,3", "point_y": "1,2"}),
            graph(polygon={"point_x": "1,2,10001", "point_y": "1,2,3"}),
            graph(line={"point_x": "1,2,3", "point_y": "1,2,3"}),
            {"channel_id": 1, "smart_list": [TASK | {"line_dpc_time": 24}]},
            {"channel_id": 1, "smart_list": [TASK | {"max_person_object_width": 1920}]},
            {"channel_id": 1, "smart_list": [TASK | {"object_type": 1}]},
            {
                "channel_id": 1,
                "smart_list": [TASK],
                "person_control_info": {"alarm_threshold": "80"},
            },
        ),
        ("channel_id", "smart_list"),
        {
            4: {"channel_id": 1, "smart_list": [{"algo_model": "NoSuchAlarm"}]},
            1500: {
                "channel_id": 1,
                "smart_list": [
                    {"algo_model": code}
                    for code in (
                        *("SafetyHelmetAlarm", "WorkClothesAlarm", "SmokingAlarm"),
                        *("TelephoningAlarm", "NoMaskAlarm", "FallOverAlarm"),
                        *("FireDetection", "FumesAlarmBegin", "EnterArea"),
                    )
                ],
            },
        },
    ),
    Row(
        "smart/list",
        {"channel_id": 1},
        {"smart_list", "person_control_info"},
        ({"channel_id": "1"},),
        ("channel_id",),
    ),
    Row("algo/list", {}, {"algo_model"}),
    Row("extend/get", {"channel_id": 1}, None, ({"channel_id": 9},)),
    Row(
        "extend/update",
        {
            "list": [
                {
                    "channel_id": 1,
                    "status": 1,
                    "smart_list": [
                        {"algo_model": "ObjectRemoved", "sensitive": 80},
                        {"algo_model": "OffDutyDetectionAlarm", "report_rate": 0},
                    ],
                }
            ]
        },
        None,
        (
            {
                "list": [
                    {
                        "channel_id": 1,
                        "status": 1,
                        "smart_list": [{"algo_model": "ObjectRemoved", "sensitive": 0}],
                    }
                ]
            },
            {"list": [{"channel_id": 1, "smart_list": []}]},
        ),
        ("list",),
    ),
    Row(
        "smart/params/get",
        {"channel_id": 1},
        {"alarm_video_param", "status_recovery_param", "face_param"},
        (),
        ("channel_id",),
    ),
    Row(
        "smart/params/update",
        {"channel_id": 1, "alarm_video_param": VIDEO_PARAM},
        None,
        (
            {
                "channel_id": 1,
                "alarm_video_param": VIDEO_PARAM | {"after_alarmed_time": 31},
            },
            {"channel_id": 1, "alarm_video_param": {"status": 1}},
            {
                "channel_id": 1,
                "face_param": {"min_width": "30", "min_height": "30"},
            },
        ),
        ("channel_id",),
    ),
    Row(
        "smart/task",
        {"channel_id": 1, "status": 1},
        None,
        ({"channel_id": 1, "status": 2},),
        ("channel_id", "status"),
    ),
    Row(
        "smart/cycle",
        {"channel_id": 1, "status": 2},
        None,
        ({"channel_id": 1, "status": 0},),
        ("channel_id", "status"),
    ),
    Row(
        "workclotheslib/add",
        {"lib_name": "lib1"},
        {"lib_id"},
        ({"lib_name": ""},),
        ("lib_name",),
        {1600: {"lib_name": "Default"}},
    ),
    Row(
        "workclotheslib/update",
        {"lib_name": "lib2", "lib_id": 1},
        None,
        ({"lib_name": "a", "lib_id": 5},),
        ("lib_name", "lib_id"),
    ),
    Row("workclotheslib/delete", {"lib_id": 1}, None, ({"lib_id": [1]},), ("lib_id",)),
    Row(
        "workclotheslib/list",
        {"lib_name": "", **PAGE},
        {"total", "workcloth_lib_list"},
        (),
        ("page", "pagesize"),
    ),
    Row(
        "workclothes/add",
        {"lib_id": 1, "image_base64": FACE},
        {"workclothes_id"},
        ({"lib_id": 7, "image_base64": FACE},),
        ("lib_id", "image_base64"),
        {1702: {"lib_id": 1, "image_base64": NOT_A_PICTURE}},
    ),
    Row(
        "workclothes/batchadd",
        {"lib_id": 1, "image_base64": [FACE, NOT_A_PICTURE]},
        {"workclothes_id", "fail_list"},
        ({"lib_id": 1, "image_base64": [FACE] * 51},),
        ("lib_id", "image_base64"),
    ),
    Row(
        "workclothes/delete",
        {"lib_id": 1, "workclothes_id_list": []},
        None,
        ({"lib_id": 1, "workclothes_id_list": [1]},),
        ("lib_id", "workclothes_id_list"),
    ),
    Row(
        "workclothes/list",
        {"lib_id": 1, "model_status": 999, **PAGE},
        {"total", "workclothes_list"},
        (),
        ("lib_id", "page", "pagesize"),
    ),
    Row(
        "device/update",
        {"device_name": "Box", "device_code": 255},
        None,
        ({"device_name": "Box", "device_code": 256},),
        ("device_name", "device_code"),
    ),
    Row(
        "device/get",
        {},
        {
            "device_name",
            "device_model",
            "serial_number",
            "firmware_version",
            "release_time",
            "device_code",
        },
    ),
    Row(
        "search/behavior",
        {**PAGE, **TIMES, "algo_model": [], "compare_flag": 1},
        {"total", "list"},
        (
            {**PAGE, **TIMES, "channel_id": 1},
            {**PAGE, **TIMES, "start_time": 2, "end_time": 1},
        ),
        ("page", "pagesize", "channel_id", "start_time", "end_time"),
    ),
    Row(
        "search/facecap",
        {
            **PAGE,
            **TIMES,
            "faceattr": {"gender": 999, "age": 999, "glass": 999, "mask": 999},
            "compare_flag": 1,
            "name": "",
            "match_type": 999,
            "certificate_no": "",
            "similarity": {"min": 1, "max": 100},
        },
        {"total", "list"},
        ({**PAGE, **TIMES, "compare_flag": 1, "similarity": {"min": 1}},),
        ("page", "pagesize", "channel_id", "start_time", "end_time", "compare_flag"),
    ),
    Row(
        "search/behaviormatch",
        {**PAGE, **TIMES, "algo_model": ["NoMaskAlarm"]},
        {"total", "list"},
        ({**PAGE, **TIMES, "algo_model": "NoMaskAlarm"},),
        ("page", "pagesize", "channel_id", "start_time", "end_time"),
    ),
    Row(
        "search/facematch",
        {**PAGE, **TIMES, "match_type": 99, "faceattr": {"glass": "999"}},
        {"total", "list"},
        ({**PAGE, **TIMES, "match_type": 3},),
        ("page", "pagesize", "channel_id", "start_time", "end_time"),
    ),
    Row(
        "docking/config/update",
        {
            "platform": [PLATFORM, PLATFORM | {"id": 2}],
            "time_conf": [{"channel_id": 1, "interval": 100, "enable": 2}],
        },
        None,
        (
            {"platform": [PLATFORM] * 3, "time_conf": []},
            {"platform": [PLATFORM, PLATFORM], "time_conf": []},
            {"platform": [PLATFORM | {"id": 3}], "time_conf": []},
            {"platform": [PLATFORM | {"version_code": "V9"}], "time_conf": []},
            {"platform": [PLATFORM | {"alive_interval": 29}], "time_conf": []},
            {"platform": [PLATFORM | {"alive_interval": 601}], "time_conf": []},
            {"platform": [PLATFORM | {"url": "", "enabled": 1}], "time_conf": []},
            {
                "platform": [],
                "time_conf": [{"channel_id": 1, "interval": 10081, "enable": 0}],
            },
        ),
        ("platform", "time_conf"),
    ),
    Row("docking/config/get", {}, {"platform", "time_conf"}),
    Row("docking/ability/get", {}, {"list"}),
)

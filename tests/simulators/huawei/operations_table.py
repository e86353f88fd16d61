"""Requests of devices, video, plans and services: a good one, ones that are refused."""

from dataclasses import dataclass, field
from typing import Any

RECORDER = "21024129XNVR00000001"
DOME = "21024129XSDC00000002"
COUNTER = "21024129XSDC00000003"
GB = "34020000001320000001"
# Stand for ids that the test looks up: groups, resources, the lock of the dome.
PLANT, SPARE, LOCK = "{plant}", "{spare}", "{lock}"
STORAGE, MOTION = "{storage}", "{motion}"
# Stand for Beijing time: two hours ago, now.
SINCE, NOW = "{since}", "{now}"
TIMES = {"start_time": SINCE, "end_time": NOW}
IDS = {"device_id", "channel_id"}
REF = {"device_id": RECORDER, "channel_id": "0"}
LIVE = {**REF, "stream_type": "PRIMARY_STREAM", "live_protocol": "HTTPS_HLS"}
GB_ROW = {
    "device_id": "34020000001320000009",
    "device_name": "Old camera",
    "device_password": "Secret-12",
    "algorithm": "SHA256",
}
TRACK = {
    "cruise_type": "CRUISE_TRACK",
    "cruise_name": "Night",
    "cruise_points": [{"preset_index": 1, "dwel_time": 30, "speed_level": 2}],
}
SECTION = {"day_of_week": 1, "start_time": "00:02:00", "end_time": "00:05:00"}
MAP = {"device_id": COUNTER, "channel_id": "0", "start_time": SINCE, "type": "DAY"}
PEOPLE = {
    "device_id": COUNTER,
    "channel_id": "0",
    "start_date": "20260320",
    "type": "DAY",
}
STREAM = {"stream_type": 0, "encode_type": "H.264", "resolution": "1920*1080"}
RECORD_ROW = {
    "record_id",
    "record_name",
    "record_type",
    "storage_state",
    "record_size",
    "start_time",
    "end_time",
    "alarm_rec_type",
}


@dataclass(frozen=True)
class Row:
    """A request; `changes` of query and body by the code that refuses them."""

    name: str
    keys: set[str]
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    bad: tuple[tuple[str, dict[str, Any]], ...] = ()


def on(device_id: str, channel_id: str = "0") -> dict[str, str]:
    return {"device_id": device_id, "channel_id": channel_id}


def page_refusals() -> tuple[tuple[str, dict[str, Any]], ...]:
    return (
        ("10020009", {"limit": "1001"}),
        ("10020009", {"limit": "x"}),
        ("10020010", {"offset": "-1"}),
        ("10020011", {"direction": "UP"}),
        ("10020012", {"sort_by": "name"}),
    )


DEVICES = (
    Row(
        "list_sub_groups",
        {"orgs"},
        {"device_org_id": "0"},
    ),
    Row(
        "list_group_devices",
        {"devices", "total", "device_total", "admin_total", "online_total"},
        {"device_org_id": "0"},
        {"limit": "1000", "is_current_org": "2", "direction": "asc", "ability": "ptz"},
        bad=(
            *page_refusals(),
            ("10024014", {"is_current_org": "3"}),
            ("10022011", {"device_state": "ON"}),
            ("10022014", {"device_type": "IPC-BOX"}),
            ("10022022", {"channel_resource_state": "CUSTOMER_GROUP_GRANT"}),
        ),
    ),
    Row(
        "rename_group",
        {"device_org_id", "device_org_name"},
        {"device_org_id": PLANT},
        body={"device_org_name": "Works"},
        bad=(
            ("20001005", {"device_org_name": ""}),
            ("20001005", {"device_org_name": "x" * 51}),
            ("20001004", {"device_org_name": "Shop"}),
        ),
    ),
    Row(
        "add_group",
        {"device_org_id"},
        body={"parent_org_id": PLANT, "device_org_name": "Hall 1"},
        bad=(
            ("10022026", {"parent_org_id": "x"}),
            ("20001006", {"parent_org_id": "77"}),
            ("20001005", {"device_org_name": None}),
        ),
    ),
    Row("delete_group", {"device_org_id"}, {"device_org_id": SPARE}),
    Row(
        "move_devices",
        {"failed_num", "results"},
        {"device_org_id": SPARE},
        body={"device_ids": [DOME, "UNKNOWN0001"]},
        bad=(
            ("10022034", {"device_ids": None}),
            ("10022004", {"device_ids": [DOME] * 101}),
        ),
    ),
    Row(
        "search_group_tree",
        {"result"},
        query={"device_org_name": "la"},
        bad=(("20001005", {"device_org_name": ""}),),
    ),
    Row(
        "get_device",
        {
            *("mac", "device_id", "device_name", "device_state", "access_protocol"),
            *("device_type", "device_system_state", "description", "model"),
            *("manufacture", "channel_total", "stream_total", "firmware"),
            *("device_ability", "device_cloud_ability", "create_time", "update_time"),
            *("protocol_version", "device_ip", "device_port", "device_org_id"),
            *("device_org_name", "sn", "operator_total", "sdk_ability"),
        },
        {"device_id": RECORDER},
        {"need_cloud_ability": "true", "ability": "ptz,talk"},
        bad=(("10020001", {"need_cloud_ability": "yes"}),),
    ),
    Row(
        "list_devices",
        {"devices", "total"},
        query={"limit": "1000", "device_state": "ONLINE,OFFLINE"},
        bad=(*page_refusals(), ("10022013", {"access_protocol": "ONVIF"})),
    ),
    Row(
        "get_device_gateway",
        {
            *("device_username", "sip_server_id", "sip_server_domain"),
            *("sip_server_host", "sip_server_port", "device_id"),
        },
        {"device_id": GB},
    ),
    Row(
        "modify_device",
        {"device_id", "device_name", "description", "osd"},
        {"device_id": RECORDER},
        body={"device_name": "Hall", "description": "north"},
        bad=(
            ("10022012", {"device_name": "a/b"}),
            ("10020001", {"modify_type": "NAME"}),
        ),
    ),
    Row(
        "modify_gb_account",
        {"device_username", "device_id"},
        {"device_id": GB},
        body={"device_username": "camera", "device_password": "Secret-12"},
        bad=(
            ("10022008", {"device_username": "1camera"}),
            ("10022009", {"device_password": "secret12"}),
        ),
    ),
    Row(
        "add_holo_device",
        {"device_id", "device_name", "device_type", "device_state", "manufacture"},
        body={"device_id": "NEWCAMERA1", "verification_code": "VERIFY01"},
        bad=(
            ("10022000", {"device_id": "short"}),
            ("10022033", {"verification_code": "VERIFY0"}),
            ("10022005", {"verification_code": None}),
            ("20000003", {"verification_code": "VERIFY02"}),
            ("20000001", {"device_id": DOME}),
        ),
    ),
    Row(
        "batch_add_gb_devices",
        {"failed_num", "devices"},
        body={"devices": [GB_ROW, {**GB_ROW, "device_id": GB}]},
        bad=(
            ("10022004", {"devices": []}),
            ("20000051", {"devices": [GB_ROW, GB_ROW]}),
            ("10020001", {"devices": [{**GB_ROW, "algorithm": "SHA1"}]}),
        ),
    ),
    Row(
        "batch_delete_devices",
        {"failed_num", "devices"},
        body={"devices": [COUNTER, "UNKNOWN0001"]},
        bad=(("10022017", {"devices": None}), ("10022016", {"devices": []})),
    ),
    Row(
        "rename_channel",
        {*IDS, "channel_name"},
        on(RECORDER, "1"),
        body={"channel_name": "走廊 2"},
        bad=(
            ("10022023", {"channel_name": "走" * 65}),
            ("10022023", {"channel_name": None}),
        ),
    ),
    Row(
        "list_channels",
        {"channels", "total"},
        query={"limit": "20", "channel_state": "ONLINE", "device_id": RECORDER},
        bad=(
            *page_refusals(),
            ("10020009", {"limit": "0"}),
            ("10022020", {"channel_state": "UNREGISTERED"}),
        ),
    ),
    Row(
        "get_channel",
        {
            *("device_id", "channel_id", "channel_name", "channel_state"),
            *("access_protocol", "channel_system_state", "channel_resource_state"),
            *("channel_ability", "device_cloud_ability", "model"),
            *("channel_intelligent", "firmware", "channel_firmware_id"),
            *("create_time", "update_time", "sn", "channel_type", "resolution"),
        },
        on(RECORDER, "2"),
        {"need_cloud_ability": "true"},
    ),
    Row("ptz_acquire_lock", {"control_token"}, on(DOME)),
    Row("ptz_release_lock", IDS, on(DOME)),
    Row(
        "ptz_control",
        IDS,
        on(DOME),
        body={"direction": "UP", "control_lock": LOCK, "speed": 3, "mode": "NON_POINT"},
        bad=(
            ("20002007", {"direction": "FORWARD"}),
            ("20002009", {"control_lock": ""}),
            ("20002009", {"control_lock": "other"}),
            ("10020001", {"speed": 11}),
            ("10020001", {"mode": "STEP"}),
            ("20002007", {"direction": "IN", "mode": "POINT"}),
        ),
    ),
)
MEDIA = (
    Row(
        "live_connections",
        {"fail_num", "live_connections"},
        body={"channels": [LIVE], "expire_time": 60, "use_times": 1},
        bad=(
            ("10024000", {"channels": []}),
            ("10024000", {"channels": [LIVE] * 101}),
            ("10020001", {"expire_time": 29}),
            ("10020001", {"use_times": 2}),
        ),
    ),
    Row(
        "list_records",
        {"total", *IDS, "records"},
        on(RECORDER),
        {**TIMES, "record_position": "CLOUD", "limit": "1000"},
        bad=(
            ("10020017", {"start_time": ""}),
            ("10020006", {"end_time": "2026-01-01"}),
            ("10020007", {"start_time": NOW, "end_time": SINCE}),
            ("10020001", {"record_position": "SD"}),
            ("10026002", {"record_type": "ALARM"}),
            ("10020009", {"limit": "0"}),
        ),
    ),
    Row(
        "playback_connections",
        {"playback_connections"},
        on(RECORDER),
        {**TIMES, "record_position": "DEVICE", "playback_protocol": "HTTP_HLS"},
        bad=(
            ("10026001", {"playback_protocol": "HLS"}),
            ("10020018", {"end_time": ""}),
            ("10026000", {"stream_type": "MAIN"}),
            ("10026004", {"stream_type": "SECONDARY_STREAM_2"}),
        ),
    ),
    Row(
        "delete_media_urls",
        {"error_code", "error_msg"},
        body={"urls": [{"url": "https://192.0.2.1/live/live.m3u8?token=x"}]},
        bad=(
            ("10020001", {"urls": []}),
            ("10020001", {"urls": [{"url": "rtsp://192.0.2.1/live/x"}]}),
        ),
    ),
    Row("old_list_cloud_records", {"total", *IDS, "records"}, on(RECORDER), TIMES),
    Row(
        "old_cloud_playback_url",
        {*IDS, "playback_url"},
        on(RECORDER),
        {**TIMES, "playback_protocol": "HLS_HTTPS"},
        bad=(("10026001", {"playback_protocol": "HTTPS_HLS"}),),
    ),
    Row("old_list_device_records", {"total", "records"}, on(RECORDER), TIMES),
    Row(
        "old_device_playback_url_gb",
        {*IDS, "playback_url"},
        on(GB, "{gb}"),
        TIMES,
        bad=(("10026001", {"playback_protocol": "HLS"}),),
    ),
    Row(
        "old_device_web_playback_url",
        {*IDS, "playback_url"},
        on(RECORDER),
        {**TIMES, "protocol": "HLS_DEV"},
        bad=(("20020010", {"protocol": "HTTP_FLV_DEV"}),),
    ),
    Row(
        "old_live_urls",
        {"fail_num", "channels", "request_id"},
        body={"channels": [{**LIVE, "live_protocol": "HLS", "forbid_audio": 1}]},
        bad=(("10020001", {"channels": [{**LIVE, "forbid_audio": 2}]}),),
    ),
    Row(
        "old_p2p_live",
        {"fail_num", "p2p_connections", "live_urls", "request_id"},
        body={"channels": [{**REF, "stream_type": "SECONDARY_STREAM_1"}]},
    ),
    Row(
        "old_p2p_playback",
        {"failNum", "p2p_connections"},
        body={"channels": [{**REF, "stream_type": "PRIMARY_STREAM"}]},
    ),
    Row(
        "take_cloud_snapshot",
        {"pic_url", "pic_data"},
        query={**REF, "storage": "false"},
        bad=(
            ("20040012", {"storage": "1"}),
            ("10022007", {"channel_id": "77"}),
            ("10022002", {"device_id": "UNKNOWN0001"}),
        ),
    ),
    Row(
        "get_people_statistics",
        {"in", "out"},
        query=PEOPLE,
        bad=(
            ("20090019", {"type": "CUSTOMIZE"}),
            ("10020005", {"start_date": "2026-03-20"}),
            ("10020017", {"start_date": ""}),
            ("20000042", {"device_id": RECORDER}),
        ),
    ),
    Row(
        "get_time_heatmap",
        {"data"},
        query=MAP,
        bad=(("20090019", {"type": "HOUR"}), ("10020005", {"start_time": "now"})),
    ),
    Row("get_space_heatmap", {"width", "height", "rawbase64"}, query=MAP),
)
CONFIGURATION = (
    Row("get_record_config", {*IDS, "stream_type"}, on(RECORDER)),
    Row(
        "set_record_configs",
        {"failed_num", "channels"},
        body={"channel_record_configs": [{**REF, "stream_type": "SECONDARY_STREAM_1"}]},
        bad=(
            ("10024000", {"channel_record_configs": []}),
            ("10024001", {"channel_record_configs": [REF, REF]}),
            ("10026002", {"record_type": "MOTION_RECORD"}),
        ),
    ),
    Row("get_record_plan", {*IDS, "all_day", "is_upload_record"}, on(RECORDER)),
    Row(
        "set_record_plans",
        {"failed_num", "channels"},
        body={"plans": [{**REF, "all_day": False, "time_sections": [SECTION]}]},
        bad=(
            (
                "10024003",
                {"plans": [{**REF, "time_sections": [{**SECTION, "day_of_week": 8}]}]},
            ),
            (
                "10024007",
                {
                    "plans": [
                        {**REF, "time_sections": [{**SECTION, "end_time": "24:00:00"}]}
                    ]
                },
            ),
        ),
    ),
    Row(
        "delete_record_plans",
        {"failed_num", "channels"},
        body={"channels": [{**REF, "record_type": "normal"}]},
        bad=(("10026002", {"channels": [{**REF, "record_type": "NORMAL_RECORD"}]}),),
    ),
    Row("get_time_policy", {*IDS, "time_policies"}, on(RECORDER)),
    Row(
        "set_time_policies",
        {"failed_num", "channels"},
        body={
            "channel_time_policies": [
                {
                    **REF,
                    "time_policies": [
                        {"storage_days": 15, "storage_type": "PLAN_RECORD"}
                    ],
                }
            ]
        },
        bad=(
            (
                "10024005",
                {
                    "channel_time_policies": [
                        {
                            **REF,
                            "time_policies": [
                                {"storage_days": 0, "storage_type": "PLAN_RECORD"}
                            ],
                        }
                    ]
                },
            ),
        ),
    ),
    Row(
        "get_record_alarm_plan",
        {*IDS, "plans", "all_day", "time_sections"},
        on(RECORDER),
    ),
    Row(
        "set_record_alarm_plans",
        {"failed_num", "channels"},
        body={
            "channels": [
                {
                    **REF,
                    "all_day": True,
                    "plans": [
                        {
                            "alarm_type": "face_alarm",
                            "advance_time": 30,
                            "after_time": 15,
                        }
                    ],
                }
            ]
        },
        bad=(("20010027", {"channels": [{**REF, "plans": []}]}),),
    ),
    Row(
        "bind_channel_resources",
        {"failed_num", "channels"},
        body={"resource_id": MOTION, "storage_day": 7, "channels": [REF]},
        bad=(
            ("20060013", {"resource_id": "156"}),
            ("20060001", {"resource_id": "0" * 32}),
            ("20060017", {"storage_day": 366}),
            ("20060015", {"channels": []}),
            ("20060022", {"channels": [REF, REF]}),
        ),
    ),
    Row(
        "unbind_channel_resources",
        {"failed_num", "channels"},
        body={"resource_type_code": "RECORD", "channels": [REF]},
        bad=(
            ("20060014", {"resource_type_code": "NORMAL"}),
            ("20060014", {"resource_type_code": None}),
        ),
    ),
    Row(
        "list_resources",
        {"total", "resources"},
        query={"resource_type_code": "MOTION"},
        bad=(
            ("10020009", {"limit": "301"}),
            ("20060014", {"resource_type_code": "RECORD"}),
        ),
    ),
    Row(
        "list_resource_channels",
        {
            *("channels", "resource_type_code", "resource_name", "resource_id"),
            *("resource_state", "mode", "total", "invalid_num", "manage_num"),
        },
        {"resource_id": STORAGE},
    ),
    Row("list_channel_resources", {*IDS, "resources"}, on(RECORDER)),
    Row("presets_list", {"preset_positions"}, on(DOME)),
    Row(
        "preset_add",
        {*IDS, "preset_index"},
        on(DOME),
        body={"preset_name": "Door.1", "index": 9},
        bad=(
            ("10020001", {"index": 513}),
            ("10020001", {"index": None}),
            ("10020001", {"preset_name": ""}),
        ),
    ),
    Row(
        "preset_delete",
        {*IDS, "preset_index"},
        on(DOME),
        body={"preset_index": 1},
        bad=(("10020001", {"preset_index": 77}),),
    ),
    Row(
        "preset_update",
        {*IDS, "preset_index", "preset_name"},
        on(DOME),
        body={"preset_index": 1, "preset_name": "Street"},
    ),
    Row(
        "preset_move",
        IDS,
        on(DOME),
        body={"control_token": LOCK, "preset_index": "2"},
        bad=(
            ("20002009", {"control_token": "x"}),
            ("10020001", {"preset_index": 77}),
        ),
    ),
    Row("cruise_tracks_list", {*IDS, "cruises_ids"}, on(DOME)),
    Row(
        "cruise_track_get",
        {*IDS, "cruises_id", "cruise_type", "cruise_name", "cruise_points"},
        on(DOME),
        {"cruises_id": "1"},
        bad=(("10020001", {"cruises_id": "0"}), ("10020001", {"cruises_id": "5"})),
    ),
    Row(
        "cruise_track_add",
        {*IDS, "cruises_id"},
        on(DOME),
        body=TRACK,
        bad=(
            ("10020001", {"cruise_points": []}),
            ("10020001", {"cruise_type": "ROUND"}),
            (
                "10020001",
                {
                    "cruise_points": [
                        {"preset_index": 1, "dwel_time": 29, "speed_level": 2}
                    ]
                },
            ),
        ),
    ),
    Row(
        "cruise_track_delete",
        {*IDS, "cruises_id"},
        on(DOME),
        body={"cruises_id": 1},
        bad=(("10020001", {"cruises_id": "1"}),),
    ),
    Row(
        "cruise_track_update",
        {*IDS, "cruises_id"},
        on(DOME),
        body={
            **TRACK,
            "cruises_id": 1,
            "cruise_points": [{"preset_index": 1, "dwell_time": 40, "speedLevel": 0}],
        },
    ),
    Row(
        "cruise_track_enable",
        {*IDS, "cruises_id", "enable_cruise"},
        on(DOME),
        body={"cruises_id": 1, "enable_cruise": "OPEN"},
        bad=(("10020001", {"enable_cruise": "ON"}),),
    ),
    Row("device_password_state_get", {"security_key_state"}, on(DOME)),
    Row(
        "device_password_set",
        IDS,
        on(DOME),
        body={"new_security_key": "Camera-123"},
        bad=(
            ("20140007", {"new_security_key": "short"}),
            ("20140004", {"new_security_key": "onlyletters"}),
        ),
    ),
    Row(
        "stream_ability_get",
        {
            *("channel_no", "is_support_corridor_mode", "is_support_water_mark"),
            *("is_hide_sub_stream_for_main_mjpeg", "mirror_mode", "abilities"),
            *("variable_bit_rate", "variable_frame", "h264_info", "h265_info"),
            *("mjpeg_info", "digital_zoom_info", "roi_info", "vo_info", "osd_info"),
        },
        on(DOME),
    ),
    Row(
        "stream_detail_get",
        {
            *("stream_num", "stream_info", "max_frame_rate", "corridor_mode_open"),
            *("mirror_mode", "variable_bit_rate_open", "variable_bit_rate"),
            *("variable_frame_rate_open", "variable_frame_rate"),
        },
        on(DOME),
    ),
    Row(
        "stream_detail_set",
        IDS,
        on(DOME),
        body={"stream_num": 2, "max_frame_rate": 25, "stream_info": [STREAM]},
        bad=(
            ("20150002", {"max_frame_rate": 20}),
            ("20150002", {"stream_info": [{**STREAM, "resolution": "10*10"}]}),
            ("20150002", {"stream_info": [{**STREAM, "stream_type": 2}]}),
            ("10020001", {"stream_info": [{**STREAM, "encode_type": 1}]}),
        ),
    ),
    Row(
        "target_authorization_set",
        {"device_id", "device_result", "channels_result"},
        {"device_id": DOME},
        body={"state": "OPENED", "channels": ["0"]},
        bad=(
            ("10020001", {"state": "OPEN"}),
            ("10022001", {"channels": ["x"]}),
            ("10024000", {"channels": []}),
        ),
    ),
    Row("target_authorization_get", {"device_state", "channel_state"}, on(DOME)),
    Row(
        "device_ability_query",
        {"abilities"},
        body={
            "versions": [
                {
                    "device_type": "IPDOME",
                    "model": "D6250-10-Z30",
                    "firmware": "SDC 10.0.RC11.SPC100",
                }
            ],
            "need_specification": True,
            "ability": ["ptz", "soundlightalarm"],
        },
        bad=(
            ("10020001", {"versions": [{"model": "x"}]}),
            ("10020001", {"ability": ["fly"]}),
        ),
    ),
)
ROWS = (*DEVICES, *MEDIA, *CONFIGURATION)

"""Plans, services, presets, streams and the rest: a good request, ones that are refused."""

from .operations_table import (
    DOME,
    IDS,
    LOCK,
    MOTION,
    RECORDER,
    REF,
    SECTION,
    STORAGE,
    STREAM,
    TRACK,
    Row,
    on,
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

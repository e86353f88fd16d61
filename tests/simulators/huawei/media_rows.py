"""Video, snapshots, counts: a good request, ones that are refused."""

from .operations_table import (
    GB,
    IDS,
    LIVE,
    MAP,
    NOW,
    PEOPLE,
    RECORDER,
    REF,
    SINCE,
    TIMES,
    Row,
    on,
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

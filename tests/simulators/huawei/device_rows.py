"""Groups, devices, channels, movement: a good request, ones that are refused."""

from .operations_table import (
    COUNTER,
    DOME,
    GB,
    GB_ROW,
    IDS,
    LOCK,
    PLANT,
    RECORDER,
    SPARE,
    Row,
    on,
    page_refusals,
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

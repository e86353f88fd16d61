"""Every request of the manual: its id, method and path."""

PATHS = {
    "get_access_token": ("POST", "/v2/{user_id}/enterprises/access-token"),
    "list_sub_groups": ("GET", "/v1/{user_id}/device-orgs/{device_org_id}/sub-orgs"),
    "list_group_devices": ("GET", "/v1/{user_id}/device-orgs/{device_org_id}/devices"),
    "rename_group": ("PUT", "/v1/{user_id}/device-orgs/{device_org_id}"),
    "add_group": ("POST", "/v1/{user_id}/device-orgs"),
    "delete_group": ("DELETE", "/v1/{user_id}/device-orgs/{device_org_id}"),
    "move_devices": ("POST", "/v1/{user_id}/device-orgs/{device_org_id}/move-devices"),
    "search_group_tree": ("GET", "/v1/{user_id}/device-orgs/tree"),
    "get_device": ("GET", "/v1/{user_id}/devices/{device_id}"),
    "list_devices": ("GET", "/v1/{user_id}/devices"),
    "get_device_gateway": ("GET", "/v1/{user_id}/devices/{device_id}/gateway"),
    "modify_device": ("PUT", "/v1/{user_id}/devices/{device_id}"),
    "modify_gb_account": ("PUT", "/v1/{user_id}/devices/{device_id}/gb-account"),
    "add_holo_device": ("POST", "/v1/{user_id}/devices/holosens"),
    "batch_add_gb_devices": ("POST", "/v1/{user_id}/devices/gb/batch-add"),
    "batch_delete_devices": ("POST", "/v1/{user_id}/devices/batch-delete"),
    "rename_channel": (
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}",
    ),
    "list_channels": ("GET", "/v1/{user_id}/channels"),
    "get_channel": ("GET", "/v1/{user_id}/devices/{device_id}/channels/{channel_id}"),
    "ptz_acquire_lock": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/control-lock",
    ),
    "ptz_release_lock": (
        "POST",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/control-lock",
    ),
    "ptz_control": (
        "POST",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/ptz/angle-spin",
    ),
    "live_connections": (
        "POST",
        "/v2/{user_id}/devices/channels/media/live-connections",
    ),
    "list_records": (
        "GET",
        "/v2/{user_id}/devices/{device_id}/channels/{channel_id}/media/records",
    ),
    "playback_connections": (
        "GET",
        "/v2/{user_id}/devices/{device_id}/channels/{channel_id}/media/playback-connections",
    ),
    "delete_media_urls": ("POST", "/v1/{user_id}/media/urls/batch-delete"),
    "old_list_cloud_records": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cloud-records",
    ),
    "old_cloud_playback_url": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cloud-records/playback-url",
    ),
    "old_list_device_records": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/device-records",
    ),
    "old_device_playback_url_gb": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/device-records/playback-url",
    ),
    "old_device_web_playback_url": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/device-records/web-playback-url",
    ),
    "old_live_urls": ("POST", "/v1/{user_id}/devices/channels/cloud-live/url"),
    "old_p2p_live": ("POST", "/v1/{user_id}/devices/channels/p2p-connect/live"),
    "old_p2p_playback": ("POST", "/v1/{user_id}/devices/channels/p2p-connect/playback"),
    "set_message_callback": ("POST", "/v1/{user_id}/messages/callback"),
    "delete_message_callback": ("DELETE", "/v1/{user_id}/messages/callback"),
    "get_message_callback": ("GET", "/v1/{user_id}/messages/callback"),
    "get_intelligence_data_picture_urls": (
        "POST",
        "/v1/{user_id}/intelligence-data/pictures",
    ),
    "get_alarm_picture_urls": ("POST", "/v1/{user_id}/alarms/pictures"),
    "take_cloud_snapshot": ("GET", "/v1/{user_id}/devices/snap"),
    "fetch_stored_picture": ("GET", "/v1/holo/{picture_key}/static"),
    "get_people_statistics": ("GET", "/v1/{user_id}/statistics/people"),
    "get_time_heatmap": ("GET", "/v1/{user_id}/time-heatmap"),
    "get_space_heatmap": ("GET", "/v1/{user_id}/space-heatmap"),
    "get_record_config": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/record-config",
    ),
    "set_record_configs": ("PUT", "/v1/{user_id}/devices/channels/record-config"),
    "get_record_plan": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/record-plan",
    ),
    "set_record_plans": ("PUT", "/v1/{user_id}/devices/channels/record-plan"),
    "delete_record_plans": ("POST", "/v1/{user_id}/devices/channels/record-plan"),
    "get_time_policy": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/time-policy",
    ),
    "set_time_policies": ("PUT", "/v1/{user_id}/devices/channels/time-policy"),
    "get_record_alarm_plan": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/record-alarm-plan",
    ),
    "set_record_alarm_plans": (
        "PUT",
        "/v1/{user_id}/devices/channels/record-alarm-plan",
    ),
    "bind_channel_resources": ("POST", "/v1/{user_id}/devices/channels/resources"),
    "unbind_channel_resources": ("DELETE", "/v1/{user_id}/devices/channels/resources"),
    "list_resources": ("GET", "/v1/{user_id}/resources"),
    "list_resource_channels": ("GET", "/v1/{user_id}/resources/{resource_id}/channels"),
    "list_channel_resources": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/resources",
    ),
    "target_groups_list": ("GET", "/v1/{user_id}/target-groups"),
    "target_group_add_v1": ("POST", "/v1/{user_id}/target-groups"),
    "target_group_add_v2": ("POST", "/v2/{user_id}/target-groups"),
    "target_group_update_v1": ("PUT", "/v1/{user_id}/target-groups"),
    "target_group_update_v2": ("PUT", "/v2/{user_id}/target-groups"),
    "target_group_delete_v1": ("DELETE", "/v1/{user_id}/target-groups"),
    "target_group_delete_v2": ("DELETE", "/v2/{user_id}/target-groups"),
    "targets_get": ("POST", "/v1/{user_id}/targets"),
    "target_ids_list": ("GET", "/v1/{user_id}/targets/ids"),
    "targets_list": ("GET", "/v1/{user_id}/targets"),
    "targets_count": ("GET", "/v1/{user_id}/targets/count"),
    "targets_batch_add": ("POST", "/v1/{user_id}/targets/batch-add"),
    "targets_batch_update": ("PUT", "/v1/{user_id}/targets"),
    "targets_batch_delete": ("POST", "/v1/{user_id}/target/batch-delete"),
    "presets_list": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/preset-position",
    ),
    "preset_add": (
        "POST",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/preset-position",
    ),
    "preset_delete": (
        "DELETE",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/preset-position",
    ),
    "preset_update": (
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/preset-position",
    ),
    "preset_move": (
        "POST",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/preset-position/move",
    ),
    "cruise_tracks_list": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cruise-track/list",
    ),
    "cruise_track_get": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cruise-track",
    ),
    "cruise_track_add": (
        "POST",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cruise-track",
    ),
    "cruise_track_delete": (
        "DELETE",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cruise-track",
    ),
    "cruise_track_update": (
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cruise-track",
    ),
    "cruise_track_enable": (
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/cruise-track/enable",
    ),
    "device_password_state_get": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/security-key",
    ),
    "device_password_set": (
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/security-key",
    ),
    "stream_ability_get": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/stream-ability",
    ),
    "stream_detail_get": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/stream-detail",
    ),
    "stream_detail_set": (
        "POST",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/stream-detail",
    ),
    "target_authorization_set": (
        "PUT",
        "/v1/{user_id}/devices/{device_id}/channels/targets/authorization",
    ),
    "target_authorization_get": (
        "GET",
        "/v1/{user_id}/devices/{device_id}/channels/{channel_id}/targets/authorization",
    ),
    "device_ability_query": ("POST", "/v1/{user_id}/devices/ability"),
}

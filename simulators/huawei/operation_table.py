"""All requests of the manual: each module of requests is named here."""

from . import (
    account_requests,
    callback_requests,
    channel_requests,
    device_requests,
    flv,
    group_requests,
    hls,
    library_requests,
    media_requests,
    picture_requests,
    preset_requests,
    ptz_requests,
    record_config_requests,
    record_requests,
    resource_requests,
    security_requests,
    statistics_requests,
    stream_requests,
)

OPERATIONS = (
    *account_requests.OPERATIONS,
    *group_requests.OPERATIONS,
    # Before devices, whose paths with an id would match some of these too.
    *statistics_requests.OPERATIONS,
    *device_requests.OPERATIONS,
    *channel_requests.OPERATIONS,
    *ptz_requests.OPERATIONS,
    *media_requests.OPERATIONS,
    *record_requests.OPERATIONS,
    *hls.OPERATIONS,
    *flv.OPERATIONS,
    *callback_requests.OPERATIONS,
    *picture_requests.OPERATIONS,
    *library_requests.OPERATIONS,
    *preset_requests.OPERATIONS,
    *record_config_requests.OPERATIONS,
    *resource_requests.OPERATIONS,
    *security_requests.OPERATIONS,
    *stream_requests.OPERATIONS,
)

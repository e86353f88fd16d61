"""All requests of the manual; where two paths look alike the narrower is first."""

from . import (
    access_requests,
    batch_requests,
    channel_requests,
    config_requests,
    device_requests,
    face_requests,
    group_requests,
    history_requests,
    multi_requests,
    picture_requests,
    relay_requests,
    service_requests,
    structure_requests,
    voice_requests,
)

OPERATIONS = (
    *config_requests.OPERATIONS,
    *device_requests.OPERATIONS,
    *batch_requests.OPERATIONS,
    *face_requests.OPERATIONS,
    *group_requests.OPERATIONS,
    *service_requests.OPERATIONS,
    *channel_requests.OPERATIONS,
    *history_requests.OPERATIONS,
    *access_requests.OPERATIONS,
    *relay_requests.OPERATIONS,
    *structure_requests.OPERATIONS,
    *multi_requests.OPERATIONS,
    *voice_requests.OPERATIONS,
    *picture_requests.OPERATIONS,
)

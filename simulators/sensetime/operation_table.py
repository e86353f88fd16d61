"""All requests of the manual besides log in, log out and the WebSocket key."""

from . import (
    camera_requests,
    history_requests,
    library_requests,
    recognition_requests,
    system_requests,
)

OPERATIONS = (
    *library_requests.OPERATIONS,
    *history_requests.OPERATIONS,
    *recognition_requests.OPERATIONS,
    *camera_requests.OPERATIONS,
    *system_requests.OPERATIONS,
)

"""All requests of the manual besides log in, log out and the WebSocket key."""

from . import camera_requests, system_requests

OPERATIONS = (
    *camera_requests.OPERATIONS,
    *system_requests.OPERATIONS,
)

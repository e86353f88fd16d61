"""All requests of the manual: each module of requests is named here."""

from . import account_requests, channel_requests, device_requests

OPERATIONS = (
    *account_requests.OPERATIONS,
    *device_requests.OPERATIONS,
    *channel_requests.OPERATIONS,
)

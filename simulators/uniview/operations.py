"""All requests of the manual that have a JSON body."""

from . import channel_requests, device_requests, docking_requests, upgrade

OPERATIONS = (
    *channel_requests.OPERATIONS,
    *device_requests.OPERATIONS,
    *upgrade.OPERATIONS,
    *docking_requests.OPERATIONS,
)

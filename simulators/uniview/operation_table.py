"""All requests of the manual that have a JSON body."""

from . import (
    analysis_requests,
    channel_requests,
    device_requests,
    docking_requests,
    people_requests,
    search_requests,
    upgrade,
    workclothes_requests,
)

OPERATIONS = (
    *people_requests.OPERATIONS,
    *channel_requests.OPERATIONS,
    *analysis_requests.OPERATIONS,
    *workclothes_requests.OPERATIONS,
    *device_requests.OPERATIONS,
    *upgrade.OPERATIONS,
    *search_requests.OPERATIONS,
    *docking_requests.OPERATIONS,
)

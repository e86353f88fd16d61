"""All 31 requests of the manual."""

from . import (
    account_requests,
    camera_requests,
    history_requests,
    people_requests,
    picture_requests,
    system_requests,
    task_requests,
)

OPERATIONS = (
    *account_requests.OPERATIONS,
    *picture_requests.OPERATIONS,
    *people_requests.OPERATIONS,
    *camera_requests.OPERATIONS,
    *task_requests.OPERATIONS,
    *system_requests.OPERATIONS,
    *history_requests.OPERATIONS,
)

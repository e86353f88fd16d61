"""Chapter 12 at work: whether a door opens to somebody, and why not."""

from datetime import datetime
from enum import IntEnum
from typing import Any

from .device import Device


class Door(IntEnum):
    """`openDoorStatus` as far as this box decides it."""

    ALLOW = 0
    PERMISSION = 3
    DATE = 4
    TIME = 5
    UNRECOGNIZED = 7


def door(device: Device, channel: int, groups: list[str], at: float) -> Door:
    """Return what the rules of a channel say about members of groups.

    Without any rule the door opens. A day of a calendar is a holiday: closed. The
    week begins on Monday. None of this is stated.
    """
    rules = [
        rule
        for rule in device.rules.values()
        if rule["enable"] and channel in rule["videoNo"]
    ]
    if not rules:
        return Door.ALLOW
    moment = device.local(at)
    reasons = [
        _of_rule(device, rule, moment)
        for rule in rules
        if set(rule["groupNames"]) & set(groups)
    ]
    return min(reasons, default=Door.PERMISSION)


def _of_rule(device: Device, rule: dict[str, Any], moment: datetime) -> Door:
    for name in rule["calendarNames"]:
        if any(_is_day(row, moment) for row in device.calendars[name]["dateRange"]):
            return Door.DATE
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    today = moment.date().isoformat()
    for name in rule["scheduleNames"]:
        schedule = device.schedules[name]
        if schedule["startDate"] <= today <= schedule["endDate"] and any(
            begin <= second < end
            for begin, end in schedule["timeRange"][moment.weekday()]
        ):
            return Door.ALLOW
    return Door.TIME


def _is_day(row: list[int], moment: datetime) -> bool:
    year, month, day = row
    return year in {0, moment.year} and month in {0, moment.month} and day == moment.day

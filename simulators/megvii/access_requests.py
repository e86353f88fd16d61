"""Chapter 12: calendars, schedules, and the rules that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from simulators.request_fields import Field, array, integer, switch

from .device import Device, Named
from .error_codes import Code, Refusal, demand
from .operation import Call, Fields, Operation, page_of
from .request_fields import SHORT_PAGING, text

_DAY = 86_400
_PERIODS = 6
_COMMENT = text("comment", 255, required=False)
_LEAP = 2000


@dataclass(frozen=True, slots=True)
class _Table:
    """One of the three tables: where it is kept, and what goes wrong with it."""

    name: str
    path: str
    rows: str
    missing: Code
    full: Code
    exists: Code
    fields: tuple[Field, ...]
    check: Callable[[Device, Fields], None]
    kept: Callable[[Device], Named]
    used: tuple[str, Code] | None = None


def _check_calendar(_: Device, body: Fields) -> None:
    for row in body["dateRange"]:
        demand(len(row) == 3, Code.INVALID_DATE_RANGE)
        year, month, day = row
        demand(day != 0 and (month != 0 or year == 0), Code.INVALID_DATE_RANGE)
        try:
            date(year or _LEAP, month or 1, day)
        except ValueError as error:
            raise Refusal(Code.INVALID_DATE_RANGE) from error


def _check_schedule(_: Device, body: Fields) -> None:
    try:
        begin = date.fromisoformat(body["startDate"])
        end = date.fromisoformat(body["endDate"])
    except ValueError as error:
        raise Refusal(Code.INVALID_DATE) from error
    demand(begin <= end, Code.INVALID_DATE)
    demand(len(body["timeRange"]) == 7, Code.INVALID_TIME_RANGE)
    for day in body["timeRange"]:
        demand(1 <= len(day) <= _PERIODS, Code.INVALID_TIME_RANGE)
        for period in day:
            demand(
                len(period) == 2 and 0 <= period[0] <= period[1] <= _DAY,
                Code.INVALID_TIME_RANGE,
            )


def _check_rule(device: Device, body: Fields) -> None:
    known: tuple[tuple[str, Any, Code], ...] = (
        ("videoNo", device.channels, Code.CHANNEL_NOT_EXIST),
        ("groupNames", device.groups, Code.GROUP_NOT_EXIST),
        ("scheduleNames", device.schedules, Code.SCHEDULE_NOT_EXIST),
        ("calendarNames", device.calendars, Code.CALENDAR_NOT_EXIST),
    )
    for name, rows, code in known:
        demand(all(item in rows for item in body.get(name, ())), code)
    body.setdefault("calendarNames", [])


_NUMBERS = array("", array("", integer()))
CALENDARS = _Table(
    "calendarName",
    "/access/calendar",
    "calendar",
    Code.CALENDAR_NOT_EXIST,
    Code.CALENDAR_TABLE_FULL,
    Code.CALENDAR_ALREADY_EXIST,
    (
        text("calendarName", 40, low=1),
        array("dateRange", array("", integer(low=0)), low=1, high=365),
        _COMMENT,
    ),
    _check_calendar,
    lambda device: device.calendars,
    ("calendarNames", Code.CALENDAR_BIND_RULES),
)
SCHEDULES = _Table(
    "scheduleName",
    "/access/schedule",
    "schedule",
    Code.SCHEDULE_NOT_EXIST,
    Code.SCHEDULE_TABLE_FULL,
    Code.SCHEDULE_ALREADY_EXIST,
    (
        text("scheduleName", 40, low=1),
        text("startDate"),
        text("endDate"),
        array("timeRange", _NUMBERS),
        _COMMENT,
    ),
    _check_schedule,
    lambda device: device.schedules,
    ("scheduleNames", Code.SCHEDULE_BIND_RULES),
)
RULES = _Table(
    "ruleName",
    "/access/rules",
    "rules",
    Code.RULES_NOT_EXIST,
    Code.RULES_TABLE_FULL,
    Code.RULES_ALREADY_EXIST,
    (
        text("ruleName", 40, low=1),
        array("videoNo", integer(), low=1),
        array("groupNames", text(), low=1),
        array("scheduleNames", text(), low=1),
        array("calendarNames", text(), required=False),
        switch("enable"),
        _COMMENT,
    ),
    _check_rule,
    lambda device: device.rules,
)


async def _list(device: Device, call: Call, *, table: _Table) -> Fields:
    rows = list(table.kept(device).values())
    return page_of(device, call.query, rows, name=table.rows, total="totalCount")


async def _create(device: Device, call: Call, *, table: _Table) -> None:
    kept, name = table.kept(device), call.body[table.name]
    demand(name not in kept, table.exists)
    demand(len(kept) < device.limits.access, table.full)
    table.check(device, call.body)
    kept[name] = {"comment": "", **call.body}


async def _delete(device: Device, call: Call, *, table: _Table) -> None:
    kept, name = table.kept(device), call.path[table.name]
    demand(name in kept, table.missing)
    if table.used is not None:
        key, code = table.used
        demand(not any(name in rule[key] for rule in device.rules.values()), code)
    del kept[name]


async def _update(device: Device, call: Call, *, table: _Table) -> None:
    kept, old = table.kept(device), call.path[table.name]
    demand(old in kept, table.missing)
    new = call.body[table.name]
    demand(new == old or new not in kept, table.exists)
    table.check(device, call.body)
    rows = {
        new if name == old else name: (
            {"comment": "", **call.body} if name == old else row
        )
        for name, row in kept.items()
    }
    kept.clear()
    kept.update(rows)
    if table.used is not None:
        for rule in device.rules.values():
            key = table.used[0]
            rule[key] = [new if name == old else name for name in rule[key]]


def _operations(table: _Table) -> tuple[Operation, ...]:
    one = f"{table.path}/{{{table.name}}}"
    return (
        Operation("GET", table.path, partial(_list, table=table), query=SHORT_PAGING),
        Operation("POST", table.path, partial(_create, table=table), table.fields),
        Operation("DELETE", one, partial(_delete, table=table)),
        Operation("PUT", one, partial(_update, table=table), table.fields),
    )


OPERATIONS = tuple(
    operation
    for table in (CALENDARS, SCHEDULES, RULES)
    for operation in _operations(table)
)

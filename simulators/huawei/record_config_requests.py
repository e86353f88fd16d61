"""Chapter 11: what is recorded, when, and for how long it is kept."""

from itertools import pairwise
from typing import Any

import voluptuous as vol

from simulators.json_types import Json

from .account import Account
from .batch_results import each_channel
from .error_codes import Code, demand
from .media_requests import STREAMS
from .models import ARREAR, Channel, Package, RecordPlan, Section
from .operation import CHANNEL, Answer, Call, Fields, Operation
from .request_fields import (
    CHANNEL_ID,
    DEVICE_ID,
    boolean,
    integer,
    listed,
    one_of,
    table,
    text,
)
from .service_resources import PACKAGE

ALARM_TYPES = (
    "motion_detection",
    "io_event",
    "target_alarm",
    "mask_alarm",
    "people_queue_alarm",
    "people_count_region_alarm",
    "people_count_line_alarm",
    "over_line_alarm",
    "region_invasion_alarm",
    "region_in_alarm",
    "region_out_alarm",
    "fast_move_alarm",
    "linger_alarm",
    "thirdparty_intelligent",
    "face_alarm",
    "abandon_alarm",
    "removed_alarm",
    "electric_bicycle_alarm",
    "people_leave_station_alarm",
    "lift_electric_alarm",
    "occlusion_alarm",
)
_PLAN, _MOTION = "PLAN_RECORD", "MOTION_RECORD"
_NORMAL, _ALARM = "normal", "alarm"
_STORED = {_PLAN: Package.FULL_RECORD, _MOTION: Package.EVENT_RECORD}


def _channel(account: Account, call: Call) -> Channel:
    return account.channel(call.path["device_id"], call.path["channel_id"])


def _demand_package(
    channel: Channel, package: Package, closed: int, arrear: int
) -> None:
    demand(channel.packages.get(package) != ARREAR, arrear)
    demand(channel.granted(package), closed)


async def get_config(account: Account, call: Call) -> Answer:
    """11.1."""
    channel = _channel(account, call)
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "stream_type": channel.recorded_stream,
    }


async def set_configs(account: Account, call: Call) -> Answer:
    """11.2."""

    def act(channel: Channel, row: Fields) -> None:
        _demand_package(channel, Package.FULL_RECORD, 20010017, 20010016)
        stream = row.get("stream_type", STREAMS[0])
        demand(stream in STREAMS, Code.WRONG_STREAM_TYPE)
        demand(stream != STREAMS[2], Code.STREAM_TYPE_UNSUPPORTED)
        channel.recorded_stream = stream

    return each_channel(
        account, call.body["channel_record_configs"], act, twice=Code.SAME_CHANNELS
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _times(plan: RecordPlan) -> dict[str, Any]:
    if plan.all_day:
        return {"all_day": True}
    return {
        "all_day": False,
        "time_sections": [
            {
                "day_of_week": section.day_of_week,
                "start_time": _clock(section.start),
                "end_time": _clock(section.end),
            }
            for section in plan.sections
        ],
    }


async def get_plan(account: Account, call: Call) -> Answer:
    """11.3: a channel without a plan has no sections."""
    channel = _channel(account, call)
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "is_upload_record": False,
        **_times(channel.plan or RecordPlan()),
    }


def _new_plan(row: Fields) -> RecordPlan:
    """Return the plan of a request; times that overlap are refused."""
    if row.get("all_day", False):
        return RecordPlan(all_day=True)
    sections: list[Section] = row.get("time_sections") or []
    demand(sections, Code.NO_SECTION)
    ordered = sorted(sections, key=lambda s: (s.day_of_week, s.start))
    for first, second in pairwise(ordered):
        same = first.day_of_week == second.day_of_week
        demand(not (same and second.start < first.end), Code.OVERLAP)
    return RecordPlan(sections=ordered)


async def set_plans(account: Account, call: Call) -> Answer:
    """11.4: the whole plan is replaced."""

    def act(channel: Channel, row: Fields) -> None:
        _demand_package(channel, Package.FULL_RECORD, 20010011, 20010010)
        channel.plan = _new_plan(row)

    return each_channel(account, call.body["plans"], act, twice=Code.SAME_CHANNELS)


async def delete_plans(account: Account, call: Call) -> Answer:
    """11.5: POST deletes."""

    def act(channel: Channel, row: Fields) -> None:
        if row.get("record_type", _NORMAL) == _ALARM:
            _demand_package(channel, Package.EVENT_RECORD, 20010026, 20010025)
            channel.alarm_plan = None
        else:
            _demand_package(channel, Package.FULL_RECORD, 20010013, 20010012)
            channel.plan = None

    return each_channel(account, call.body["channels"], act, twice=Code.SAME_CHANNELS)


async def get_policy(account: Account, call: Call) -> Answer:
    """11.6: one kind, both where `quirks.both_policies`."""
    channel = _channel(account, call)
    kind = call.query.get("record_type")
    kinds = [_MOTION if kind == _ALARM else _PLAN]
    if kind is None and account.quirks.both_policies:
        kinds = [_PLAN, _MOTION]
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "time_policies": [
            {"storage_days": channel.storage_days[kind], "storage_type": kind}
            for kind in kinds
            if kind in channel.storage_days
        ],
    }


async def set_policies(account: Account, call: Call) -> Answer:
    """11.7: only for resources on demand."""

    def act(channel: Channel, row: Fields) -> None:
        for policy in row["time_policies"]:
            package = _STORED[policy["storage_type"]]
            plan = package is Package.FULL_RECORD
            closed, arrear = (20010015, 20010014) if plan else (20010030, 20010031)
            _demand_package(channel, package, closed, arrear)
            yearly = any(
                resource.package is package
                and resource.mode == PACKAGE
                and channel.key in resource.bound
                for resource in account.resources.values()
            )
            demand(not yearly, 20010009)
        for policy in row["time_policies"]:
            channel.storage_days[policy["storage_type"]] = policy["storage_days"]

    return each_channel(
        account, call.body["channel_time_policies"], act, twice=Code.SAME_CHANNELS
    )


async def get_alarm_plan(account: Account, call: Call) -> Answer:
    """11.8."""
    channel = _channel(account, call)
    plan = channel.alarm_plan or RecordPlan()
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "plans": [
            {"alarm_type": kind, "advance_time": before, "after_time": after}
            for kind, before, after in plan.alarms
        ],
        **_times(plan),
    }


async def set_alarm_plans(account: Account, call: Call) -> Answer:
    """11.9: alarm types that are not listed are switched off."""

    def act(channel: Channel, row: Fields) -> None:
        _demand_package(channel, Package.EVENT_RECORD, 20010024, 20010025)
        plan = _new_plan(row)
        plan.alarms = [
            (alarm["alarm_type"], alarm["advance_time"], alarm["after_time"])
            for alarm in row["plans"]
        ]
        for _, before, after in plan.alarms:
            demand(before + after <= 60, 20010029)
        channel.alarm_plan = plan

    return each_channel(account, call.body["channels"], act, twice=Code.SAME_CHANNELS)


def _seconds(value: Json) -> int:
    text(8, 8, pattern=r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", code=Code.WRONG_SECTION)(
        value
    )
    hours, minutes, seconds = map(int, value.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def _section(value: Json) -> Section:
    """Check a piece of a day (S4)."""
    demand(isinstance(value, dict), Code.WRONG_SECTION)
    day = integer(1, 7, code=Code.WRONG_DAY)(value.get("day_of_week"))
    start, end = _seconds(value.get("start_time")), _seconds(value.get("end_time"))
    demand(start < end, Code.WRONG_SECTION)
    return Section(day, start, end)


_REF = {"device_id": DEVICE_ID, "channel_id": CHANNEL_ID}
_WHEN = {
    "all_day": boolean,
    "time_sections": listed(vol.All(_section), 0, 1000, code=Code.NO_SECTION),
}
_TYPE = {"record_type": one_of("NORMAL_RECORD", code=Code.WRONG_RECORD_TYPE)}
_KIND = {"record_type": one_of(_NORMAL, _ALARM, code=Code.WRONG_RECORD_TYPE)}
_ALARM_TIME = integer(1, 59, code=20010028)
_BATCH = "/v1/{user_id}/devices/channels"


def _rows(
    field: str, required: dict[str, Any], optional: dict[str, Any], **more: Any
) -> vol.Schema:
    item = table({**_REF, **required}, optional)
    return table({field: listed(item, code=Code.WRONG_CHANNEL_COUNT)}, more)


OPERATIONS = (
    Operation("get_record_config", "GET", f"{CHANNEL}/record-config", get_config),
    Operation(
        "set_record_configs",
        "PUT",
        f"{_BATCH}/record-config",
        set_configs,
        body=_rows("channel_record_configs", {}, {"stream_type": text()}, **_TYPE),
    ),
    Operation("get_record_plan", "GET", f"{CHANNEL}/record-plan", get_plan),
    Operation(
        "set_record_plans",
        "PUT",
        f"{_BATCH}/record-plan",
        set_plans,
        body=_rows("plans", {}, _WHEN, **_TYPE),
    ),
    Operation(
        "delete_record_plans",
        "POST",
        f"{_BATCH}/record-plan",
        delete_plans,
        body=_rows("channels", {}, _KIND),
    ),
    Operation(
        "get_time_policy",
        "GET",
        f"{CHANNEL}/time-policy",
        get_policy,
        query=table({}, _KIND),
    ),
    Operation(
        "set_time_policies",
        "PUT",
        f"{_BATCH}/time-policy",
        set_policies,
        body=_rows(
            "channel_time_policies",
            {
                "time_policies": listed(
                    table(
                        {
                            "storage_days": integer(
                                1, 365, code=Code.WRONG_STORAGE_DAYS
                            ),
                            "storage_type": one_of(
                                *_STORED, code=Code.WRONG_STORAGE_TYPE
                            ),
                        }
                    ),
                    1,
                    2,
                    code=10024010,
                )
            },
            {},
        ),
    ),
    Operation(
        "get_record_alarm_plan", "GET", f"{CHANNEL}/record-alarm-plan", get_alarm_plan
    ),
    Operation(
        "set_record_alarm_plans",
        "PUT",
        f"{_BATCH}/record-alarm-plan",
        set_alarm_plans,
        body=_rows(
            "channels",
            {
                "plans": listed(
                    table(
                        {
                            "alarm_type": one_of(*ALARM_TYPES, code=20010027),
                            "advance_time": _ALARM_TIME,
                            "after_time": _ALARM_TIME,
                        }
                    ),
                    1,
                    21,
                    code=20010027,
                )
            },
            _WHEN,
        ),
    ),
)

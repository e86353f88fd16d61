"""Chapters 5 and 6: schedules, tasks and settings of the analysis."""

import re
from typing import Any

from simulators.request_fields import Field, array, each, group, integer, text

from .algorithms import EXCLUSIVE
from .device import Device
from .error_codes import Code, Refusal
from .models import DAYS, Channel, always
from .operation import Answer, Fields, Operation
from .request_fields import SWITCH

_CHANNEL = integer("channel_id")
_ALGORITHM = text("algo_model", 64, low=1)


def _optional(name: str, low: int | None = 0, high: int | None = None) -> Field:
    return integer(name, required=False, low=low, high=high)


def _points(name: str, *, required: bool = False) -> Field:
    return group(name, text("point_x"), text("point_y"), required=required)


# Target sizes are limits in pixels of a 1920x1080 frame; the highest is excluded.
_SIZES = tuple(
    _optional(f"{bound}_{target}_object_{side}", 0, most - 1)
    for bound in ("max", "min")
    for target in ("person", "vehicle", "nonVehicle")
    for side, most in (("height", 1080), ("width", 1920))
)
_GRAPH = each(
    text("graph_type", required=False),
    _points("polygon"),
    integer("detour_area", required=False, choices=SWITCH),
    _points("line"),
    _points("direction_line"),
)
TASK = each(
    text("algo_model", 64, required=False),
    _optional("time_threshold"),
    _optional("person_num_limit"),
    _optional("person_float_limit"),
    _optional("back_time_threshold"),
    integer("line_dpc_enable", required=False, choices=SWITCH),
    _optional("line_dpc_time", 0, 23),
    integer("detour_area", required=False, choices=SWITCH),
    array("object_type", integer(choices=(1, 2, 3)), required=False),
    *_SIZES,
    array("workclothes_lib_list", integer(), required=False),
    array("graphs", _GRAPH, required=False),
)
SMART_UPDATE = (
    _CHANNEL,
    array("smart_list", TASK),
    group(
        "person_control_info",
        _optional("alarm_threshold", 0, 100),
        array("person_lib_id", integer(), required=False),
        required=False,
    ),
)
EXTEND_UPDATE = (
    array(
        "list",
        each(
            _CHANNEL,
            integer("status", choices=SWITCH),
            array(
                "smart_list",
                each(
                    _ALGORITHM,
                    _optional("sensitive", 1, 100),
                    _optional("report_rate"),
                ),
            ),
        ),
    ),
)
PARAMS_UPDATE = (
    _CHANNEL,
    group(
        "alarm_video_param",
        integer("status", choices=SWITCH),
        integer("befor_alarmed_time", low=5, high=30),
        integer("after_alarmed_time", low=5, high=30),
        required=False,
    ),
    group("status_recovery_param", integer("status", choices=SWITCH), required=False),
    group(
        "face_param",
        integer("min_width", low=0),
        integer("min_height", low=0),
        required=False,
    ),
)
_SEGMENT = each(text("start", required=False), text("end", required=False))
SCHEDULE_UPDATE = (
    _CHANNEL,
    _ALGORITHM,
    group("control_time", *(array(day, _SEGMENT) for day in DAYS)),
)

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_POINT_COUNTS = {"polygon": range(3, 7), "line": (2,), "direction_line": (2,)}
_SHAPES = {"polygon": {"polygon"}, "line": {"line"}, "blend": {"polygon", "line"}}


def _demand(condition: bool) -> None:
    if not condition:
        raise Refusal(Code.INVALID_ARGUMENTS)


def _known(device: Device, code: str | None) -> str:
    """Return the algorithm, or refuse one that this box does not have."""
    _demand(code is not None)
    if code not in device.algorithms:
        raise Refusal(Code.NOT_SUPPORTED)
    return str(code)


async def update_schedule(device: Device, request: Fields) -> Answer:
    """5.1: replaces the week of one algorithm."""
    channel = device.channel(request["channel_id"])
    code = _known(device, request["algo_model"])
    for segments in request["control_time"].values():
        for segment in segments:
            start, end = segment.get("start", "00:00"), segment.get("end", "24:00")
            _demand(bool(_TIME.fullmatch(start) and _TIME.fullmatch(end)))
            _demand(start < end)
    channel.schedules[code] = request["control_time"]
    return None


async def get_schedule(device: Device, request: Fields) -> Answer:
    """5.2: all the time where nothing was set."""
    channel = device.channel(request["channel_id"])
    code = _known(device, request["algo_model"])
    return channel.schedules.get(code) or always()


def _check_graph(graph: dict[str, Any]) -> None:
    kind = graph.get("graph_type")
    if kind is not None:
        _demand(kind in _SHAPES and graph.keys() >= _SHAPES[kind])
    for name, counts in _POINT_COUNTS.items():
        if name not in graph:
            continue
        columns = [graph[name][axis].split(",") for axis in ("point_x", "point_y")]
        _demand(len(columns[0]) == len(columns[1]) and len(columns[0]) in counts)
        for value in (*columns[0], *columns[1]):
            _demand(value.strip().isdecimal() and int(value) <= 10_000)


def _check_tasks(device: Device, tasks: list[dict[str, Any]]) -> None:
    codes = [_known(device, task.get("algo_model")) for task in tasks]
    for task in tasks:
        for graph in task.get("graphs", ()):
            _check_graph(graph)
        for lib_id in task.get("workclothes_lib_list", ()):
            _demand(lib_id in device.workclothes_libraries)
    conflict = any(pair <= set(codes) for pair in EXCLUSIVE)
    if conflict or len(set(codes)) > device.limits.tasks_per_channel:
        raise Refusal(Code.ALGORITHMS_CONFLICT)


def _graph_type(graph: dict[str, Any]) -> str:
    if "polygon" in graph:
        return "blend" if "line" in graph else "polygon"
    return "line"


async def update_tasks(device: Device, request: Fields) -> Answer:
    """6.1: replaces the tasks of the channel."""
    channel = device.channel(request["channel_id"])
    _check_tasks(device, request["smart_list"])
    control = request.get("person_control_info")
    if control is not None:
        for lib_id in control.get("person_lib_id", ()):
            _demand(lib_id in device.libraries)
    channel.tasks = request["smart_list"]
    channel.person_control = control
    for task in channel.tasks:
        channel.schedules.setdefault(task["algo_model"], always())
    return None


def _describe_task(device: Device, task: dict[str, Any]) -> dict[str, Any]:
    """Return a task as table 6.2 has it: graphs always, no `detour_area`."""
    hidden = () if device.quirks.keep_detour_area else ("detour_area",)
    row = {name: value for name, value in task.items() if name not in hidden}
    row["graphs"] = [
        {
            "graph_type": _graph_type(graph),
            **{name: value for name, value in graph.items() if name not in hidden},
        }
        for graph in task.get("graphs", ())
    ]
    return row


async def list_tasks(device: Device, request: Fields) -> Answer:
    """6.2."""
    channel = device.channel(request["channel_id"])
    data: dict[str, Any] = {
        "smart_list": [_describe_task(device, task) for task in channel.tasks]
    }
    if channel.person_control is not None:
        control = dict(channel.person_control)
        if device.quirks.threshold_as_string and "alarm_threshold" in control:
            control["alarm_threshold"] = str(control["alarm_threshold"])
        data["person_control_info"] = control
    return data


async def list_algorithms(device: Device, _: Fields) -> Answer:
    """6.3."""
    return {"algo_model": list(device.algorithms)}


async def get_extend(device: Device, request: Fields) -> Answer:
    """6.4: `data` is an array; without channel_id all channels.

    The stored values are returned also while `status` is 0 and they have no effect.
    """
    if "channel_id" in request:
        channels = [device.channel(request["channel_id"])]
    else:
        channels = [row for _, row in sorted(device.channels.items())]
    return [
        {
            "status": channel.extend_status,
            "channel_id": channel.channel_id,
            "smart_list": [dict(element) for element in channel.extend.values()],
        }
        for channel in channels
    ]


async def update_extend(device: Device, request: Fields) -> Answer:
    """6.5: algorithms that are left out keep their values."""
    changes: list[tuple[Channel, dict[str, Any]]] = []
    for element in request["list"]:
        channel = device.channel(element["channel_id"])
        for row in element["smart_list"]:
            if row["algo_model"] not in channel.extend:
                raise Refusal(Code.NOT_SUPPORTED)
        changes.append((channel, element))
    for channel, element in changes:
        channel.extend_status = element["status"]
        for row in element["smart_list"]:
            stored = channel.extend[row["algo_model"]]
            channel.extend[row["algo_model"]] = {**stored, **row}
    return None


async def get_params(device: Device, request: Fields) -> Answer:
    """6.6."""
    channel = device.channel(request["channel_id"])
    face: dict[str, Any] = dict(channel.face_param)
    if device.quirks.face_size_as_string:
        face = {name: str(value) for name, value in face.items()}
    return {
        "alarm_video_param": dict(channel.video_param),
        "face_param": face,
        "status_recovery_param": {"status": channel.recovery},
    }


async def update_params(device: Device, request: Fields) -> Answer:
    """6.7: groups that are left out keep their values."""
    channel = device.channel(request["channel_id"])
    channel.video_param = request.get("alarm_video_param", channel.video_param)
    channel.face_param = request.get("face_param", channel.face_param)
    if "status_recovery_param" in request:
        channel.recovery = request["status_recovery_param"]["status"]
    return None


async def run(device: Device, request: Fields) -> Answer:
    """6.8."""
    device.channel(request["channel_id"]).analysing = request["status"] == 1
    return None


async def cycle(device: Device, request: Fields) -> Answer:
    """6.9."""
    device.channel(request["channel_id"]).cycle = request["status"]
    return None


OPERATIONS = (
    Operation("/api/v2/control/time/update", update_schedule, SCHEDULE_UPDATE),
    Operation("/api/v2/control/time/get", get_schedule, (_CHANNEL, _ALGORITHM)),
    Operation("/api/v2/smart/update", update_tasks, SMART_UPDATE),
    Operation("/api/v2/smart/list", list_tasks, (_CHANNEL,)),
    Operation("/api/v2/algo/list", list_algorithms, empty_body=True),
    Operation(
        "/api/v2/extend/get", get_extend, (integer("channel_id", required=False),)
    ),
    Operation("/api/v2/extend/update", update_extend, EXTEND_UPDATE),
    Operation("/api/v2/smart/params/get", get_params, (_CHANNEL,)),
    Operation("/api/v2/smart/params/update", update_params, PARAMS_UPDATE),
    Operation("/api/v2/smart/task", run, (_CHANNEL, integer("status", choices=SWITCH))),
    Operation(
        "/api/v2/smart/cycle", cycle, (_CHANNEL, integer("status", choices=(1, 2)))
    ),
)

"""Sections 6.1 to 6.6: tasks."""

from typing import Any

from simulators.validators import integer, table

from .device import Device
from .error_codes import Code, demand
from .models import Answer, Task, TaskType
from .operation import Fields, Listing, Operation, change, demand_unique
from .request_fields import ID, IDS, NAME, TEXT, ids, only, query, share

_CLEARED: dict[str, Any] = {
    "type": TaskType.ORDINARY,
    "camera_list2": [],
    "plan": "",
    "remark": "",
}


def _cameras(device: Device, task: Task, camera_ids: list[int]) -> list[dict[str, Any]]:
    closed = device.quirks.closed_when_stopped and not task.state
    rows = []
    for camera_id in camera_ids:
        camera = device.camera(camera_id)
        opened = camera.online and camera.opens and not closed
        rows.append({"camera_id": camera_id, "name": camera.name, "state": int(opened)})
    return rows


def _task(device: Device, task: Task) -> dict[str, Any]:
    quirks = device.quirks
    cameras: dict[str, Any] = {
        "camera_list1": _cameras(device, task, task.camera_list1),
        "camera_list2": _cameras(device, task, task.camera_list2),
    }
    return {
        "task_id": task.task_id,
        "task_name" if quirks.task_name else "name": task.name,
        "type": int(task.type),
        **({} if quirks.missing_cameras else cameras),
        "lib_list": [
            {"lib_id": lib_id, "name": device.library(lib_id).name}
            for lib_id in task.lib_list
        ],
        "interval": task.interval // 1000
        if quirks.interval_in_seconds
        else task.interval,
        "threshold": int(task.threshold) if quirks.whole_threshold else task.threshold,
        "state": task.state,
        "plan": task.plan,
        "remark": task.remark,
        "create_time": device.stamp(task.create_time),
    }


# 6.4
_TASKS: Listing[Task] = Listing(
    lambda device: device.tasks, _task, exact=("type", "state"), fuzzy=("name",)
)


def _demand_known(device: Device, request: Fields) -> None:
    for camera_id in (*request["camera_list1"], *request.get("camera_list2", ())):
        device.camera(camera_id)
    for lib_id in request["lib_list"]:
        device.library(lib_id)


def _unlocked(device: Device, request: Fields) -> Task:
    """Return a task that may be changed."""
    task = device.task(request["task_id"])
    locked = device.quirks.running_tasks_locked and task.state
    demand(not locked, Code.WRONG_STATE)
    return task


async def add(device: Device, request: Fields) -> Answer:
    """6.1: a new task does not run."""
    _demand_known(device, request)
    demand(len(device.tasks) < device.limits.tasks, Code.NO_ROOM)
    demand_unique(device, "name", request["name"], list(device.tasks.values()))
    task = Task(device.next_id("task"), create_time=device.now(), **request)
    device.tasks[task.task_id] = task
    return {}


async def delete(device: Device, request: Fields) -> Answer:
    """6.2: the records stay."""
    del device.tasks[_unlocked(device, request).task_id]
    return {}


async def modify(device: Device, request: Fields) -> Answer:
    """6.3."""
    task = _unlocked(device, request)
    _demand_known(device, request)
    tasks = list(device.tasks.values())
    demand_unique(device, "name", request.get("name", ""), tasks, task)
    change(device, task, request, _CLEARED)
    return {}


async def start(device: Device, request: Fields) -> Answer:
    """6.5: starting a running task is no error, unless told otherwise."""
    _unlocked(device, request).state = 1
    return {}


async def stop(device: Device, request: Fields) -> Answer:
    """6.6."""
    device.task(request["task_id"]).state = 0
    return {}


_TYPE = integer(choices=tuple(TaskType))
_LISTS = {"camera_list1": IDS, "lib_list": IDS}
_OPTIONAL = {"type": _TYPE, "camera_list2": ids, "plan": TEXT, "remark": TEXT}
_NUMBERS = {"interval": integer(0), "threshold": share}

OPERATIONS = (
    Operation("/AddTask", add, table({"name": NAME, **_LISTS, **_NUMBERS}, _OPTIONAL)),
    Operation("/DeleteTask", delete, only(task_id=ID)),
    Operation(
        "/UpdateTask",
        modify,
        table({"task_id": ID, **_LISTS}, {"name": NAME, **_NUMBERS, **_OPTIONAL}),
    ),
    Operation(
        "/QueryTaskList",
        _TASKS.query,
        query(name=TEXT, type=_TYPE, state=integer(0, 1)),
    ),
    Operation("/StartTask", start, only(task_id=ID)),
    Operation("/StopTask", stop, only(task_id=ID)),
)

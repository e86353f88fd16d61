"""What a user may change about a task: threshold and interval (6.3)."""

import asyncio
from collections.abc import Mapping
from typing import Final, override

from ...contract import Settings, Tasks
from ...errors import InvalidRequest
from ...model import Json, Reading, SettingKey
from ...toolkit.lenient import as_number
from ...toolkit.parameters import number_of
from ...toolkit.replacing import demand_told
from ..transport import Transport
from ..wire import Task, percent
from .details import Details
from .readings import INTERVAL, THRESHOLD

_MILLI: Final = 1000


def joined(ids: tuple[int, ...]) -> str:
    """Write ids as requests want them (6.1)."""
    return ",".join(map(str, ids))


def complete(task: Task) -> dict[str, Json]:
    """Return a task as 6.3 wants it, with all that it has.

    Whether what is left out stays is not stated. Of texts only what is not empty goes
    out.
    """
    threshold = percent(task.threshold)
    message: dict[str, Json] = {
        "camera_list1": joined(task.entries),
        "camera_list2": joined(task.exits),
        "lib_list": joined(task.libraries),
    }
    optional: dict[str, Json] = {
        "name": task.name or None,
        "type": task.type,
        "interval": task.interval,
        "threshold": None if threshold is None else threshold / 100,
        "plan": task.plan or None,
        "remark": task.remark or None,
    }
    message |= {name: value for name, value in optional.items() if value is not None}
    return message


class TaskEditor:
    """Changes tasks by reading, merging and writing the complete task."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Write through `transport`, tell `details`."""
        self._transport = transport
        self._details = details
        self._lock = asyncio.Lock()
        self._seconds = False
        """Intervals are told in seconds and taken in milliseconds, see the samples."""

    async def update(
        self, number: int, changes: Mapping[str, Json], *, interval: int | None = None
    ) -> dict[str, Json]:
        """Change a task; what is not named stays (6.3).

        An interval in `changes` goes out as it is, `interval` is in the unit in which
        the server tells it.
        """
        async with self._lock:
            task = (await self._details.read_tasks()).get(number)
            if task is None:
                raise InvalidRequest("There is no such task")
            given = {*changes} if interval is None else {*changes, "interval"}
            demand_told(task.untold, given)
            wanted = task.interval if interval is None else interval
            answer = await self._write(number, task, changes, wanted)
            if "interval" in changes or not wanted or self._seconds:
                return answer
            told = self._details.tasks.get(number)
            if told is not None and told.interval == wanted // _MILLI != wanted:
                self._seconds = True
                return await self._write(number, task, changes, wanted)
            return answer

    async def _write(
        self,
        number: int,
        task: Task,
        changes: Mapping[str, Json],
        interval: int | None,
    ) -> dict[str, Json]:
        """Write a task with an interval, and read what became of it."""
        if interval is not None:
            sent = interval * (_MILLI if self._seconds else 1)
            changes = {"interval": sent, **changes}

        async def took_effect() -> bool:
            task = (await self._details.read_tasks()).get(number)
            if task is None:
                return False
            present = complete(task)
            if self._seconds and task.interval is not None:
                present["interval"] = task.interval * _MILLI
            return all(
                _same(present.get(name), value) for name, value in changes.items()
            )

        answer = await self._transport.write(
            "task_update",
            {**complete(task), **changes, "task_id": number},
            took_effect,
        )
        await self._details.read_tasks()
        return answer

    async def switch(self, number: int, *, enabled: bool) -> dict[str, Json]:
        """Start or stop a task (6.5, 6.6)."""

        async def took_effect() -> bool:
            task = (await self._details.read_tasks()).get(number)
            return task is not None and task.state == int(enabled)

        answer = await self._transport.write(
            "task_start" if enabled else "task_stop", {"task_id": number}, took_effect
        )
        if enabled:
            self._details.stopped.discard(number)
        else:
            self._details.stopped.add(number)
        return answer


def _same(present: Json, value: Json) -> bool:
    numbers = as_number(present), as_number(value)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return (present or "") == (value or "")


class CamGuardTasks(Tasks):
    """Starts and stops tasks, which span several cameras."""

    def __init__(self, editor: TaskEditor) -> None:
        """Work through `editor`."""
        self._editor = editor

    @override
    async def set_enabled(
        self, channel: str | None, task: str, *, enabled: bool
    ) -> None:
        await self._editor.switch(task_number(task), enabled=enabled)


class CamGuardSettings(Settings):
    """Changes threshold and interval."""

    catalog = (THRESHOLD, INTERVAL)

    def __init__(self, editor: TaskEditor) -> None:
        """Work through `editor`."""
        self._editor = editor

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        spec = self.spec(key)
        wanted = spec.number(value)
        number = task_number(key.part)
        if spec is THRESHOLD:
            await self._editor.update(number, {"threshold": round(wanted / 100, 4)})
        else:
            await self._editor.update(number, {}, interval=round(wanted))


def task_number(task: str | None) -> int:
    """Read the id of a task, which is a number here."""
    return number_of(task, "task")

"""Where settings stand in what the server tells of a task (6.4)."""

from typing import Final

from ...contract import SettingScope, SettingSpec, SettingType
from ...model import Reading
from ..wire import Task, percent

THRESHOLD: Final = SettingSpec(
    name="task_threshold",
    type=SettingType.NUMBER,
    scope=SettingScope.TASK,
    unit="%",
)
# In whatever the server tells: the unit is not stated, and samples differ (6.1, 6.4).
INTERVAL: Final = SettingSpec(
    name="task_interval",
    type=SettingType.NUMBER,
    scope=SettingScope.TASK,
    maximum=86_400_000,
)


def task_readings(task: Task) -> dict[str, Reading]:
    """Read the settings of a task out of 6.4."""
    found: dict[str, Reading] = {
        THRESHOLD.name: percent(task.threshold),
        INTERVAL.name: task.interval,
    }
    return {name: value for name, value in found.items() if value is not None}

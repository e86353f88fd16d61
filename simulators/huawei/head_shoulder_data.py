"""10.1.4.5.5: crowds, queues and people who crossed a line, `head_shoulder_data`."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from simulators.pictures import Box

from .behavior_rules import Rule, rule_area, rule_line
from .geometry import rect
from .intelligent_data import IntelligentData
from .time_formats import ZONE_MS

_UNSIGNED = 2**64


class CountScene(IntEnum):
    """What heads and shoulders were counted for (`target_type`)."""

    CROWD = 12
    QUEUE = 13
    LINE = 15

    @property
    def number(self) -> str:
        """Return the digits that it has in a `data_id`."""
        return {12: "0041", 13: "2340", 15: "0042"}[self.value]


_BUSINESS = {CountScene.CROWD: 63, CountScene.QUEUE: 62, CountScene.LINE: 61}


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted; `since` Unix seconds."""

    since: float
    entered: int = 0
    left: int = 0
    entered_in_all: int = 0
    left_in_all: int = 0
    people: int = 0
    density: int = 0
    queue_seconds: int = 0
    box: Box = (5795, 4270, 6448, 5276)


def head_shoulder_data(
    seen: IntelligentData, scene: CountScene, count: Count
) -> dict[str, Any]:
    """Return `data` of crowd density, queue length or people who crossed a line."""
    common = seen.common(
        intelligent_target_index=1 << _BUSINESS[scene], target_time_domain_info=1
    )
    common["meta_type_mask"] = 3
    if scene is CountScene.CROWD and seen.quirks.null_mask:
        common["meta_type_mask"] = None
    return seen.nested(common, _rule_of(seen, scene), [_counted(seen, scene, count)])


def _rule_of(seen: IntelligentData, scene: CountScene) -> dict[str, Any]:
    if scene is CountScene.QUEUE:
        return rule_area(Rule.QUEUE)
    if scene is CountScene.CROWD and not seen.quirks.crowd_as_count:
        return rule_area(Rule.CROWD)
    return rule_line(Rule.HUMAN_COUNT)


def _counted(seen: IntelligentData, scene: CountScene, count: Count) -> dict[str, Any]:
    start, stop, taken = int(count.since * 1000), seen.ms, seen.ms
    if scene is CountScene.CROWD and seen.quirks.underflowing_times:
        start, stop = _UNSIGNED - 13_420_238, _UNSIGNED - 13_415_238
        taken = 51_767_620
    target: dict[str, Any] = {
        "human_time_start": start,
        "pic_snapshot_dst_offset": 0,
        "pic_snapshot_tzone": ZONE_MS,
        "target_type": int(scene),
    }
    if scene is not CountScene.LINE:
        target |= {
            "human_time_stop": stop,
            "queue_time": count.queue_seconds,
            "shoulder_num": count.people if scene is CountScene.QUEUE else 0,
        }
    if scene is not CountScene.QUEUE:
        target |= {
            "human_count_all_in_num": count.entered_in_all,
            "human_count_all_out_num": count.left_in_all,
            "human_count_in": count.entered,
            "human_count_out": count.left,
            "pic_snapshot_timems": taken,
        }
    if scene is CountScene.CROWD:
        name = "head_shoulder_pos"
        if seen.quirks.table_names:
            name = "head_should_r_pos"
        target |= {
            "area_ratio": count.density,
            name: rect(count.box),
            "people_num": count.people,
        }
    return target

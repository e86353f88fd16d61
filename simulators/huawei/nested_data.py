"""10.1.4.5.5 to 10.1.4.5.7: messages whose parts stand in `data.data`."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from simulators.pictures import Box

from .boxes import GRID, Point, area, line, rect, scaled
from .sightings import Sighting
from .times import ZONE_MS
from .vehicle_data import Vehicle, motor_fields

PANORAMA_OF_BEHAVIOUR = 1
VEHICLE, PANORAMA, PLATE = 1, 2, 32
_CHECKPOINT_RECORD = 36
_UNSIGNED = 2**64
_BEHAVIOUR = 21
_FIELD = ((28, 34), (9971, 34), (9971, 9965), (28, 9965))
_LINE = ((568, 5000), (9659, 5000))


class Rule(IntEnum):
    """`rule_type` (table 20-4)."""

    TRIPWIRE = 0
    WANDER = 1
    ABANDON = 2
    REMOVE = 3
    INVASION = 4
    ENTER = 5
    EXIT = 6
    FAST_MOVE = 7
    CAR = 8
    HUMAN_COUNT = 9
    CROWD = 10
    QUEUE = 11
    PARKING_DOME = 12
    CALIBRATION = 13
    CALIBRATION_CLEAR = 14
    FIGHTING = 15
    CLIMBING = 16
    FALL = 17
    RUNNING = 18
    FIRE = 19
    FIXED_POINT = 20
    TEXT = 21
    MOTORBIKE = 22
    LEAVE = 23


# `obj_status` (bits) of what a rule was broken by
STATUS_OF = {
    Rule.WANDER: 1,
    Rule.TRIPWIRE: 2,
    Rule.ABANDON: 4,
    Rule.REMOVE: 8,
    Rule.INVASION: 16,
    Rule.ENTER: 32,
    Rule.EXIT: 64,
    Rule.MOTORBIKE: 256,
}


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


class CheckpointScene(IntEnum):
    """What a checkpoint reports (`target_type`)."""

    VEHICLE = 51
    TRAFFIC = 52


def _nested(
    seen: Sighting,
    common: dict[str, Any],
    rule: dict[str, Any] | None,
    targets: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return `data`: outer fields and, one level below, the parts."""
    quirks = seen.quirks
    told: object = targets
    if quirks.targets_as_object and len(targets) == 1:
        told = targets[0]
    parts: dict[str, Any] = {"common": common}
    if rule is not None:
        parts["rule"] = dict(rule)
    if not quirks.doubled_data:
        return {**seen.outer(), **parts, "targets": told}
    if not quirks.shallow_targets:
        return {**seen.outer(), "data": {**parts, "targets": told}}
    if rule is not None:
        parts["rule_type"] = parts["rule"].pop("rule_type")
    return {**seen.outer(), "data": parts, "targets": told}


def head_shoulder_data(
    seen: Sighting, scene: CountScene, count: Count
) -> dict[str, Any]:
    """Return `data` of crowd density, queue length or people who crossed a line."""
    common = seen.common(
        intelligent_target_index=1 << _BUSINESS[scene], target_time_domain_info=1
    )
    common["meta_type_mask"] = 3
    if scene is CountScene.CROWD and seen.quirks.null_mask:
        common["meta_type_mask"] = None
    return _nested(seen, common, _rule_of(seen, scene), [_counted(seen, scene, count)])


def _rule_of(seen: Sighting, scene: CountScene) -> dict[str, Any]:
    if scene is CountScene.QUEUE:
        return rule_area(Rule.QUEUE)
    if scene is CountScene.CROWD and not seen.quirks.crowd_as_count:
        return rule_area(Rule.CROWD)
    return rule_line(Rule.HUMAN_COUNT)


def rule_area(rule: Rule, points: tuple[Point, ...] = _FIELD) -> dict[str, Any]:
    """Return a rule with its area, on the old grid and relative."""
    return {
        "rule_area_pos": area(points, GRID),
        "rule_area_pos_relative": area(points),
        "rule_type": int(rule),
    }


def rule_line(rule: Rule, points: tuple[Point, Point] = _LINE) -> dict[str, Any]:
    """Return a rule with its line, on the old grid and relative."""
    return {
        "rule_line_dir": 1,
        "rule_line_pos": line(*points, GRID),
        "rule_line_pos_r": line(*points),
        "rule_type": int(rule),
    }


def _counted(seen: Sighting, scene: CountScene, count: Count) -> dict[str, Any]:
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


def behavior_data(
    seen: Sighting, rule: Rule, box: Box, *, obj_type: int = 98, line_rule: bool = False
) -> dict[str, Any]:
    """Return `data` of a rule that was broken: a picture entry and an object."""
    common = seen.common(
        **seen.sized(),
        intelligent_target_index=1 << 48,
        target_time_domain_info=1,
        target_type=_BEHAVIOUR,
    )
    picture = {
        "data_id": _behaviour_id(seen, seen.data_id.text(PANORAMA_OF_BEHAVIOUR)),
        "panorama_pic": seen.url(PANORAMA_OF_BEHAVIOUR),
        "panorama_pic_size": seen.bytes_of(PANORAMA_OF_BEHAVIOUR),
        **seen.snapshot_times(),
        "target_type": _BEHAVIOUR,
    }
    thing = {
        "color": {"red": 0, "green": 0, "blue": 0, "conf_lev": 0, "color_id": 0},
        "data_id": _behaviour_id(seen, seen.data_id.text(0)),
        "global_object_id": seen.global_id(),
        "meta_type_mask": 2,
        "obj_id": seen.rng.randrange(1, 1000),
        "obj_pos": scaled(box, GRID),
        "obj_pos_r": rect(box),
        "obj_speed": {"x": 0, "y": 0},
        "obj_status": STATUS_OF.get(rule, 0),
        "obj_type": obj_type,
        "target_type": _BEHAVIOUR,
    }
    told = rule_line(rule) if line_rule else rule_area(rule)
    return _nested(seen, common, told, [picture, thing])


def _behaviour_id(seen: Sighting, data_id: str) -> str | int:
    if seen.quirks.behaviour_id_as_number:
        return int("".join(char for char in data_id if char.isdecimal())[:18])
    return data_id


def checkpoint_data(
    seen: Sighting,
    scene: CheckpointScene,
    vehicle: Vehicle,
    *,
    record: int = _CHECKPOINT_RECORD,
    driver: dict[str, int] | None = None,
    traffic: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Return `data` of a checkpoint.

    `record` is the alarm type (table 20-3). `driver` changes the features of the cab,
    `traffic` the statistics, both by the names of table 10-58.
    """
    common = seen.common(**seen.sized(), sys_language_type=0)
    if seen.quirks.misprints:
        common["sdcc_uuid"] = common.pop("sdc_uuid")
    if scene is CheckpointScene.TRAFFIC:
        common["target_type"] = int(scene)
    visor = "sunvisor" if seen.quirks.table_names else "sun_visior"
    target: dict[str, Any] = {
        **motor_fields(seen, vehicle),
        "data_id": seen.id,
        "device_id": "",
        "dir_id": "",
        "feature_frame_flag": 1,
        "global_object_id": seen.global_id(),
        "ir_info": "",
        "mfr_car_pendant": 0,
        "mfr_main_belt": 1,
        "mfr_main_call": 0,
        f"mfr_main_{visor}": 0,
        "mfr_nap_kin_box": 0,
        "mfr_vice_belt": 0,
        "mfr_vice_exist": 0,
        f"mfr_vice_{visor}": 0,
        "mfr_year_log": 0,
        **(driver or {}),
        "panorama_pic": seen.url(PANORAMA),
        "panorama_pic_size": seen.bytes_of(PANORAMA),
        "plate_confidence": 97,
        "plate_pic": seen.url(PLATE),
        "plate_snapshot_type": 1,
        "producer_name": "ITGT",
        "roid_id": "",
        "target_type": int(scene),
        "trecord_type": record,
        "vehicle_pic": seen.url(VEHICLE),
        "vlpr_alg_type": 0,
    }
    if scene is CheckpointScene.TRAFFIC:
        target |= _traffic(vehicle.lane) | (traffic or {})
    return _nested(seen, common, None, [target])


def _traffic(lane: int) -> dict[str, int]:
    return {
        "microport_traffic_statistics": 1,
        "statistics_average_speed": 0,
        "statistics_congestion_degree": 1,
        "statistics_lane_count": 3,
        "statistics_lane_index": lane,
        "statistics_lane_space_used_ratio": 0,
        "statistics_lane_time_used_ratio": 0,
        "statistics_queue_length": 0,
        "statistics_vehicle_car_large_count": 0,
        "statistics_vehicle_car_med_count": 0,
        "statistics_vehicle_car_small_count": 0,
        "statistics_vehicle_count": 0,
        "statistics_vehicle_density": 0,
        "statistics_vehicle_head_interval": 0,
        "statistics_vehicle_head_space_interval": 0,
        "traffic_statistics_cycle": 5,
    }

"""10.1.4.5.7: vehicles and traffic at a checkpoint, `micro_checkpoint_data`."""

from enum import IntEnum
from typing import Any

from .intelligent_data import IntelligentData
from .vehicle_data import Vehicle, motor_fields

VEHICLE, PANORAMA, PLATE = 1, 2, 32
_CHECKPOINT_RECORD = 36


class CheckpointScene(IntEnum):
    """What a checkpoint reports (`target_type`)."""

    VEHICLE = 51
    TRAFFIC = 52


def checkpoint_data(
    seen: IntelligentData,
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
    return seen.nested(common, None, [target])


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

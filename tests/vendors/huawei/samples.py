"""Messages as the manual prints them, mended where a page broke them."""

from collections.abc import Mapping
import hashlib
import json
import time
from typing import Any

from custom_components.vision_hub.vendors.contract import CallbackRequest

DEVICE = "219123456CYP"
HOST = "https://api-ivm.myhuaweicloud.com/v1/holo"


def message(kind: str, data: dict[str, Any], number: int = 1676021851965927899) -> Any:
    """Wrap `data` as the cloud does (P0)."""
    return {"message_id": number, "message_type": kind, "data": data, "test": False}


def alarm(**changes: Any) -> Any:
    """P2."""
    return message(
        "device_alarm",
        {
            "device_id": DEVICE,
            "device_name": "NVR B16",
            "channel_type": "video_input",
            "channel_id": "0",
            "channel_name": "Gate",
            "classification": "ALARM",
            "alarm_type": "abandon_alarm",
            "alarm_status": "start",
            "alarm_time": "2023-02-10T14:20:11+08:00",
            "alarm_uuid": f"{DEVICE}_0_abandon_alarm_20230210142011_162",
            **changes,
        },
    )


def face_alarm(**target: Any) -> Any:
    """P2 with a target."""
    return alarm(
        classification="TARGET",
        alarm_type="target_alarm",
        alarm_status="pulse",
        alarm_uuid=f"{DEVICE}_0_target_alarm_20230210173730_148",
        target={
            "target_id": "7",
            "name": "Li Lei",
            "gender": "male",
            "organization": "",
            "age": 50,
            "age_group": "MIDDLE_AGE",
            "similarity": 93,
            "target_alarm_type": "白名单",
            "group_id": 4,
            "appear_cnt": 21,
            "frequency_id": "666",
            "targetgroup_name": "Staff",
            **target,
        },
    )


def status(method: str, **changes: Any) -> Any:
    """P3."""
    return message(
        "device_status",
        {
            "method": method,
            "param": {
                "device_id": DEVICE,
                "device_name": "MicroEdge",
                "channel_id": "",
                "time": "2023-02-13T20:43:47+08:00",
                "video_channel": None,
                "overall_upgrade_status": "",
                "device_type": "MEdge",
                "offline_reason_type": "",
                "qos": 0,
                "push_time": "2023-02-13 20:45:07",
                **changes,
            },
        },
        1676292308043441909,
    )


def video_channel(number: str, state: int, **changes: Any) -> dict[str, Any]:
    """A channel of P3."""
    return {
        "channel_id": number,
        "channel_name": "Hall",
        "channel_state": state,
        "channel_ability": ["talk", "intelligent"],
        "device_type": "IPC-CONCH",
        "status_list": None,
        "alarm_uuid": "",
        **changes,
    }


def url(picture: str) -> str:
    """Where a picture of intelligent data is (S9)."""
    return f"{HOST}/tlv_{DEVICE}_0_20230216_tlv_{picture}.jpg/static"


def faces(scene: int = 1, inner: Any = None, **changes: Any) -> Any:
    """P2, scene 1."""
    return message(
        "target_data",
        {
            "device_id": DEVICE,
            "channel_id": "4",
            "report_time": "2023-02-16T09:49:56+08:00",
            "data_id": "167651219912500100070000kcxdq120",
            "itgt_type": scene,
            "age_group": "2",
            "gender": "male",
            "glasses": "false",
            "hair": "short",
            "hat": "false",
            "mouth_mask": "unknown",
            "target_id": 403056,
            "human_pos": {"height": 9222, "width": 5000, "x_cor": 1200, "y_cor": 250},
            "target_url": url("0001"),
            "target_all_pic_url": url("0002"),
            "panorama_url": url("0004"),
            "target_pos": {"x_cor": 1500, "y_cor": 3120, "width": 473, "height": 1000},
            "target_pic_time": 1676512196331,
            "target_cap_feature": "c2VjcmV0",
            "common": {"channel_id": 101, "image_height": 1080, "meta_type_mask": 2},
            "target": {
                "target_age_group": 2,
                "target_feature": {"glasses": 1, "gender": 2, "mouth_mask": 1},
                "target_mouth_mask": "false",
                "target_pic_time": 1676512196331,
                "target_type": scene,
                "trecord_type": 3,
                "id_cardmd5": "0123456789abcdef",
                **(inner or {}),
            },
            **changes,
        },
    )


def vehicle(scene: int = 7, inner: Any = None, **changes: Any) -> Any:
    """P4, scene 7."""
    return message(
        "vehicle_data",
        {
            "device_id": DEVICE,
            "channel_id": "0",
            "data_id": "167625252854900210110000rwnwv130",
            "report_time": "2023-02-13T09:42:06+08:00",
            "itgt_type": scene,
            "lane_id": 2,
            "vehicle_direction": 4,
            "plate_char": "浙A12345",
            "plate_color": 1,
            "vehicle_type": 1,
            "vehicle_color": 2,
            "car_pre_brand": 74,
            "car_sub_brand": 554,
            "car_year_brand": "2010",
            "vehicle_url": url("0001"),
            "panorama_url": url("0002"),
            "vehicle_pos": {"x_cor": 3218, "y_cor": 111, "width": 3085, "height": 3402},
            "common": {"channel_id": 101, "meta_type_mask": 2},
            "target": {
                "car_pre_brand": "斯柯达",
                "car_pre_brand_index": 74,
                "car_sub_brand": "明锐",
                "pic_snapshot_timems": 1676252525274,
                "plate_char": "浙A12345",
                "plate_pic": url("0008"),
                "plate_type": 1,
                "target_type": scene,
                "trecord_type": 34,
                "vehicle_type": 1,
                "vehicle_type_ext": 17,
                **(inner or {}),
            },
            **changes,
        },
    )


def nested(
    kind: str, targets: list[Any], rule: int | None = None, **common: Any
) -> Any:
    """P5 to P7."""
    inner: dict[str, Any] = {
        "common": {"channel_id": 101, "meta_type_mask": 3, **common},
        "targets": targets,
    }
    if rule is not None:
        inner["rule"] = {"rule_type": rule, "rule_line_dir": 1}
    return message(
        kind,
        {
            "device_id": DEVICE,
            "channel_id": "0",
            "data_id": "167682343135900410410000rwnwv040",
            "report_time": "2023-02-20T00:17:11+08:00",
            "data": inner,
        },
    )


def behaviour(status: int, rule: int = 4, **changes: Any) -> Any:
    """P6: a picture and an object."""
    return nested(
        "behavior_analysis_data",
        [
            {
                "data_id": "167682298742100500010001rwnww040",
                "panorama_pic": url("0001"),
                "pic_snapshot_timems": 1631497728392,
                "target_type": 21,
            },
            {
                "data_id": "167682298743800500010000rwnww040",
                "obj_id": 132,
                "obj_pos": {"x": 169, "y": 110, "width": 74, "height": 177},
                "obj_pos_r": {"x": 4804, "y": 3819, "width": 2128, "height": 6173},
                "obj_status": status,
                "obj_type": 98,
                "target_type": 21,
                **changes,
            },
        ],
        rule,
        target_time_domain_info=1,
        intelligent_target_index=281474976710656,
    )


def checkpoint(**changes: Any) -> Any:
    """P7, scene 51."""
    return nested(
        "micro_checkpoint_data",
        [
            {
                "car_pre_brand": "日产",
                "car_pre_brand_index": 75,
                "car_sub_brand": "轩逸",
                "car_year_brand": "2009_2012",
                "data_id": "167687231972200300350000kcxdq130",
                "lane_id": 3,
                "mfr_main_belt": 1,
                "mfr_main_call": 0,
                "mfr_main_sun_visior": 0,
                "mfr_vice_exist": -1,
                "panorama_pic": url("0002"),
                "pic_snapshot_timems": 1676823427957,
                "plate_char": "浙A306B1",
                "plate_color": 1,
                "plate_confidence": 97,
                "plate_pic": url("0032"),
                "plate_type": 1,
                "target_type": 51,
                "trecord_type": 36,
                "vehicle_color": 2,
                "vehicle_direction": 4,
                "vehicle_pic": url("0001"),
                "vehicle_pos": {"x": 4429, "y": 1361, "width": 4000, "height": 4750},
                "vehicle_type": 1,
                "vehicle_type_ext": 18,
                **changes,
            }
        ],
    )


def signed(
    body: Any,
    address: str,
    key: str,
    *,
    prefix: str = "X-lvm",
    at: float | None = None,
) -> CallbackRequest:
    """Make the request with which the cloud brings a message."""
    stamp = str(int(time.time() if at is None else at))
    right = hashlib.sha256(f"{address}|{stamp}|{key}".encode()).hexdigest()
    return plain(body, {f"{prefix}-Timestamp": stamp, f"{prefix}-Signature": right})


def plain(body: Any, headers: Mapping[str, str] | None = None) -> CallbackRequest:
    """Make a request without a signature."""
    return CallbackRequest(
        method="POST",
        tail="",
        query={},
        headers=headers or {},
        content_type="application/json",
        content=body if isinstance(body, bytes) else json.dumps(body).encode(),
    )

"""10.1.4.2 to 10.1.4.4: alarms, states of devices, what is unbound."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from .models import Channel, Device, State
from .push_quirks import PushQuirks
from .time_formats import compact, iso, stamp

# Table 10-15: the class of every alarm type.
ALARMS = {
    "motion_detection": "ALARM",
    "human_detection": "ALARM",
    "abandon_alarm": "ALARM",
    "removed_alarm": "ALARM",
    "lift_electric_alarm": "ALARM",
    "electric_bicycle_alarm": "ALARM",
    "illegal_parking_alarm": "ALARM",
    "fire_detect_alarm": "ALARM",
    "io_event": "ALARM",
    "disk_failure": "DEVICE",
    "device_offline": "DEVICE",
    "target_alarm": "TARGET",
    "target_high_frequency_alarm": "TARGET",
    "mask_alarm": "TARGET_DET",
    "people_queue_alarm": "CROWD",
    "people_count_region_alarm": "CROWD",
    "people_count_line_alarm": "CROWD",
    "people_leave_station_alarm": "CROWD",
    "over_line_alarm": "PERIMETER",
    "region_invasion_alarm": "PERIMETER",
    "region_in_alarm": "PERIMETER",
    "region_out_alarm": "PERIMETER",
    "occlusion_alarm": "PERIMETER",
    "fast_move_alarm": "PERIMETER",
    "linger_alarm": "PERIMETER",
    "beh_parking_detection": "PERIMETER",
    "thirdparty_intelligent": "THIRDPARTY_INTELLIGENT",
}
FLOW = "_flow_statistics_alarm"
# What is drawn for an alarm; alarms without a camera's picture are not here.
FIGURES = {
    "abandon_alarm": "boxes",
    "occlusion_alarm": "boxes",
    "removed_alarm": "empty",
    "lift_electric_alarm": "bicycle",
    "electric_bicycle_alarm": "bicycle",
    "illegal_parking_alarm": "vehicle",
    "beh_parking_detection": "vehicle",
    "fire_detect_alarm": "fire",
    "people_queue_alarm": "crowd",
    "people_count_region_alarm": "crowd",
    "people_count_line_alarm": "crowd",
}
WITHOUT_PICTURE = frozenset({"io_event", "disk_failure", "device_offline"})
TARGET_CLASSES = frozenset({"TARGET", "TARGET_DET"})


class Method(StrEnum):
    """`method` of a device state (table 10-17)."""

    LOGIN = "login"
    LOGOUT = "logout"
    CHANNEL_STATE = "channel_state_notice"
    CHANNEL_NAME = "channel_name_notice"
    UPGRADE = "upgrade_result"
    OFFLINE_REASON = "offline_reason_notice"


class Unbind(StrEnum):
    """Inner `message_type` of an unbind message (table 10-20)."""

    DELETE_DEVICE = "DELETE_DEVICE"
    UNBIND_DEVICE = "UNBIND_DEVICE"
    UNBIND_MANAGE = "UNBIND_MANAGE"
    UNBIND_MOTION = "UNBIND_MOTION"
    UNBIND_NORMAL = "UNBIND_NORMAL"
    UNBIND_DATAFLOW = "UNBIND_DATAFLOW"

    @property
    def of_device(self) -> bool:
        """Return whether it is about a whole device."""
        return self in (Unbind.DELETE_DEVICE, Unbind.UNBIND_DEVICE)


def alarm_uuid(channel: Channel, alarm_type: str, at: float, number: int) -> str:
    """Return the id that the picture of an alarm is asked for by."""
    return (
        f"{channel.device_id}_{channel.channel_id}_{alarm_type}_{compact(at)}_{number}"
    )


def device_alarm(
    device: Device,
    channel: Channel,
    alarm_type: str,
    uuid: str,
    *,
    at: float,
    status: str = "pulse",
    name: str = "",
    target: dict[str, Any] | None = None,
    flow: tuple[int, int, int] | None = None,
) -> dict[str, Any]:
    """Return `data` of an alarm; `flow` are people in, out and back again."""
    data: dict[str, Any] = {
        "device_id": device.device_id,
        "device_name": device.device_name,
        "channel_type": "video_input",
        "channel_id": channel.channel_id,
        "channel_name": channel.channel_name,
        "classification": ALARMS.get(alarm_type, "CROWD" if flow else "ALARM"),
        "alarm_type": alarm_type,
        "alarm_status": status,
        "alarm_time": iso(at),
        "alarm_uuid": uuid,
    }
    if name:
        data["alarm_type_name"] = name
    if target is not None:
        data["target"] = target
    if flow is not None:
        names = ("enter_count", "leave_count", "repeat_count")
        data |= dict(zip(names, flow, strict=True))
    return data


def age_group(age: int) -> str:
    """Return the word for an age (10.1.4.2)."""
    if not age:
        return "UNKNOWN"
    steps = ((12, "CHILDREN"), (18, "JUVENILE"), (36, "YOUTHS"), (60, "MIDDLE_AGE"))
    return next((word for below, word in steps if age < below), "OLD_AGE")


def alarm_target(
    quirks: PushQuirks,
    uuid: str,
    *,
    target_id: str = "-1",
    name: str = "",
    gender: str = "male",
    age: int = 0,
    organization: str = "",
    similarity: int = 0,
    group_id: int = 0,
    group_name: str = "",
    group_label: str = "陌生人",
    appearances: int = 1,
) -> dict[str, Any]:
    """Return `target` of an alarm; without a `target_id` it is a stranger."""
    fields = {
        "target_id": target_id,
        "name": name,
        "gender": gender,
        "organization": organization,
        "age": age,
        "age_group": age_group(age),
        "similarity": similarity,
        "target_alarm_type": group_label,
        "group_id": group_id,
        "appear_cnt": appearances,
        "frequency_id": "666",
        "targetgroup_name": group_name,
    }
    return {"alarm_uuid": uuid, **fields} if quirks.target_alarm_uuid else fields


def device_status(
    device: Device,
    method: Method,
    *,
    at: float,
    pushed: float,
    quirks: PushQuirks,
    channels: Sequence[Channel] = (),
    reason: str = "",
    upgrade: str = "",
) -> dict[str, Any]:
    """Return `data` of a device state about some channels.

    `reason` is why it is offline, `upgrade` how an upgrade ended (table 10-19).
    """
    gone = method is Method.LOGOUT
    video: list[dict[str, Any]] | None = [
        _video_channel(channel, device, at, method, upgrade, quirks)
        for channel in channels
    ]
    param: dict[str, Any] = {
        "device_id": device.device_id,
        "device_name": device.device_name,
        "channel_id": "",
        "time": iso(at),
        "video_channel": None if gone else video,
    }
    if gone:
        param |= {
            "online_time": max(0, int(at - device.online_since)),
            "last_login_time": stamp(device.online_since),
        }
    if gone or upgrade:
        what = "device_offline" if gone else f"upgrade_{upgrade}"
        param["alarm_uuid"] = f"{device.device_id}_{what}_{iso(at)}"
    param |= {
        "overall_upgrade_status": upgrade,
        "device_type": "" if method is Method.CHANNEL_STATE else device.device_type,
        "offline_reason_type": reason,
        "qos": 0,
        "time_delay": 0,
        "packet_loss_rate": 0,
        "push_time": stamp(pushed),
    }
    if method is Method.LOGIN and quirks.misnested_login and video:
        param |= video[0]
        param["video_channel"] = [
            {"channel_id": one["channel_id"], "channel_name": one["channel_name"]}
            for one in video
        ]
    return {"method": str(method), "param": param}


def _video_channel(
    channel: Channel,
    device: Device,
    at: float,
    method: Method,
    upgrade: str,
    quirks: PushQuirks,
) -> dict[str, Any]:
    online = channel.channel_state == State.ONLINE
    uuid = ""
    if method is Method.CHANNEL_STATE and not online:
        uuid = f"{channel.device_id}_{channel.channel_id}_channel_offline_{iso(at)}"
    files = None
    if method is Method.UPGRADE:
        files = [
            {
                "file_type": 0,
                "file_name": f"{channel.model}.bin",
                "package_name": "base",
                "status": upgrade,
            }
        ]
    abilities = list(channel.abilities) if online else []
    return {
        "channel_id": channel.channel_id,
        "channel_name": channel.channel_name,
        "channel_state": int(online),
        "channel_ability": ",".join(abilities) if quirks.ability_as_text else abilities,
        "device_type": channel.channel_type,
        "manufacture": device.manufacture.lower(),
        "firmware": channel.firmware,
        "model": channel.model,
        "status_list": files,
        "alarm_uuid": uuid,
    }


def device_unbind(
    kind: Unbind, ids: Iterable[tuple[str, str]], resource_id: str = ""
) -> dict[str, Any]:
    """Return `data` of an unbind message; channels of whole devices are empty."""
    message = {"resource_id": resource_id} if resource_id else None
    return {
        "message_type": str(kind),
        "devices": [
            {
                "device_id": device_id,
                "channel_id": "" if kind.of_device else channel_id,
                "message": None if kind.of_device else message,
            }
            for device_id, channel_id in ids
        ],
    }

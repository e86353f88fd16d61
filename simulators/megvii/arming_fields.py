"""Field tables of arming that several chapters share (S3 to S5, S10 to S13)."""

import re
from typing import Any

from simulators.request_fields import Field, array, each, group, integer, number, switch

from .device import Device
from .error_codes import Code, demand, valid
from .request_fields import text

_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")

# Written as integers, but read as floats: what was read may be written back.
GROUP = array(
    "group",
    each(
        text("groupName", 32, low=1),
        text("startTime", 6, low=6),
        text("endTime", 6, low=6),
        number("searchThresholdHigh", 0, 100),
        number("searchThresholdLow", 0, 100),
    ),
    high=20,
    required=False,
)
GLOBAL_STRANGER = group(
    "globalStranger",
    switch("enable"),
    number("searchThresholdLow", 0, 100),
    text("startTime", 6, low=6),
    text("endTime", 6, low=6),
    required=False,
)
_ANGLES = (
    integer("roll", 0, 180),
    integer("yaw", 0, 100),
    integer("pitch", 0, 100),
    number("blurness", 0, 100),
    integer("faceMin", 20, 380),
)
LIVENESS = number("livenessThreshold", 0, 100, required=False)
BEST_STRANGER = switch("bestStrangerUpload", required=False)
ARMING: tuple[Field, ...] = (
    switch("surveillanceEnabled"),
    group(
        "filter",
        *_ANGLES,
        integer("highBrightness", 50, 100, required=False),
        integer("lowBrightness", 0, 49, required=False),
        integer("deviation", 0, 100, required=False),
        required=False,
    ),
    GROUP,
    GLOBAL_STRANGER,
    LIVENESS,
    BEST_STRANGER,
)
BODY_FILTER = group("filter", *_ANGLES, integer("bodyMin", 20, 380), required=False)


def push_configs(*modes: int) -> Field:
    """Return the table of `pushConfigs` (S10)."""
    return group(
        "pushConfigs",
        integer("pushMode", required=False, choices=modes),
        integer("pushInterval", 500, 10_000, required=False),
        integer("maxPushNumber", 1, 10, required=False),
        integer("retryCount", 0, 5000, required=False),
        integer("retryInterval", 0, 60, required=False),
        integer("strangerRetryCount", 0, 5, required=False),
        required=False,
    )


CAPTURE_CONFIGS = group(
    "captureConfigs",
    integer("captureMode", choices=(0, 1, 2)),
    group(
        "quality",
        *(
            integer(f"{target}Quality", 0, 100, required=False)
            for target in ("face", "human", "motorVehicle", "nonMotorVehicle", "plate")
        ),
        required=False,
    ),
    required=False,
)


def check_groups(device: Device, settings: dict[str, Any]) -> None:
    """Refuse unknown groups, and times that are none or cross midnight."""
    for row in settings.get("group", ()):
        demand(row["groupName"] in device.groups, Code.GROUP_NAME_NOT_EXIST)
        _check_times(row, "group")
        low, high = row["searchThresholdLow"], row["searchThresholdHigh"]
        valid(low <= high, "group.searchThresholdLow")
    if "globalStranger" in settings:
        _check_times(settings["globalStranger"], "globalStranger")


def _check_times(row: dict[str, Any], where: str) -> None:
    for name in ("startTime", "endTime"):
        valid(_CLOCK.fullmatch(row[name]), f"{where}.{name}")
    all_day = row["startTime"] == row["endTime"] == "000000"
    valid(all_day or row["startTime"] < row["endTime"], f"{where}.endTime")


def thresholds_read(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of `group` as it is read: thresholds are floats."""
    return {
        **row,
        **{
            name: float(row[name])
            for name in ("searchThresholdHigh", "searchThresholdLow")
            if name in row
        },
    }

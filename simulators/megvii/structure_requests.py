"""20.1 and 25.1: arming in the mixed mode and in the alert mode."""

from typing import Any

from simulators.request_fields import array, each, group, integer, switch

from .algorithms import EVENTS, POLYGON
from .arming_fields import (
    BEST_STRANGER,
    BODY_FILTER,
    CAPTURE_CONFIGS,
    GLOBAL_STRANGER,
    GROUP,
    LIVENESS,
    check_groups,
    push_configs,
    thresholds_read,
)
from .channel_requests import video_fields
from .device import Device
from .error_codes import given, valid
from .models import ALERT_MODE, MIXED_MODE
from .operation import Call, Fields, Operation
from .request_fields import text

TARGETS = ("face", "human", "motorVehicle", "nonMotorVehicle", "plate")
_STRUCTURES = group(
    "structures",
    array("detectTargetList", text(choices=TARGETS), low=1),
    push_configs(0, 1, 2, 3),
    CAPTURE_CONFIGS,
    required=False,
)
_FACES = group(
    "faces",
    switch("livenessEnabled"),
    LIVENESS,
    push_configs(1, 2),
    BODY_FILTER,
    array("detectTargetList", text(choices=TARGETS[:2]), low=1),
    CAPTURE_CONFIGS,
    GROUP,
    GLOBAL_STRANGER,
    required=False,
)
_ARMING = (
    switch("surveillanceEnabled"),
    switch("attributeEnabled", required=False),
    integer("surveillanceType", required=False, choices=(0, 1)),
    integer("ruleIndex", 1, 2, required=False),
    switch("ruleEnable", required=False),
    _STRUCTURES,
    _FACES,
    BEST_STRANGER,
)
_POINTS = array("", each(integer("x", 0, 1920), integer("y", 0, 1080)), low=2, high=5)
OLD_RULES = group(
    "alertRules",
    switch("enable"),
    integer("alertType", 1, 13),
    integer("alertSubType", 1, 6),
    integer("areaType", 1, 5),
    switch("personPreOverWall", required=False),
    array(
        "detectTargetList",
        text(choices=("motorVehicle", "nonMotorVehicle")),
        required=False,
    ),
    array("targetRange", integer("", 1, 100), low=2, high=2),
    array("timeRange", integer("", 0, 86_400), low=2, high=2),
    integer("stayDuration", 0, 1800, required=False),
    integer("cooldownDuration", 1, 60),
    array("alertArea", _POINTS, low=1, high=4),
    array("maskArea", _POINTS, high=2, required=False),
    required=False,
)


async def _arm(device: Device, call: Call) -> None:
    channel = device.channel(call.number("videoNo"))
    body = dict(call.body)
    wanted = "structures" if body.get("surveillanceType", 0) else "faces"
    if body["surveillanceEnabled"]:
        given(wanted in body, wanted)
    faces = body.get("faces", {})
    if faces.get("livenessEnabled"):
        given("livenessThreshold" in faces, "faces.livenessThreshold")
    check_groups(device, faces)
    channel.armed = body.pop("surveillanceEnabled")
    channel.structure = {
        "attributeEnabled": True,
        "surveillanceType": 0,
        "ruleIndex": 1,
        "ruleEnable": True,
        **body,
    }


def structure_rule(device: Device, settings: dict[str, Any]) -> Fields:
    """Return the flat settings of a structured or face rule, as they are read."""
    kind = "structures" if settings.get("surveillanceType") else "faces"
    inner = dict(settings.get(kind, {}))
    push = dict(inner.get("pushConfigs", {}))
    if "pushMode" in push and device.quirks.push_mode_text:
        push["pushMode"] = str(push["pushMode"])
    quality = dict.fromkeys((f"{name}Quality" for name in TARGETS), 0)
    capture = dict(inner.get("captureConfigs", {"captureMode": 1}))
    capture["quality"] = {**quality, **capture.get("quality", {})}
    return {
        "livenessEnabled": inner.get("livenessEnabled", False),
        "livenessThreshold": float(inner.get("livenessThreshold", 0)),
        "attributeEnabled": settings.get("attributeEnabled", True),
        "detectTargetList": inner.get("detectTargetList", ["face"]),
        "pushConfigs": push,
        "captureConfigs": capture,
        "filter": inner.get("filter", {}),
        "group": [thresholds_read(row) for row in inner.get("group", ())],
        "globalStranger": inner.get(
            "globalStranger",
            {
                "enable": False,
                "searchThresholdLow": 0,
                "startTime": "000000",
                "endTime": "000000",
            },
        ),
    }


async def _list(device: Device, _: Call) -> Fields:
    rows = []
    for channel in device.of_kind(pictures=False):
        settings = dict(channel.structure)
        settings.pop("bestStrangerUpload", None)
        row = {
            **video_fields(device, channel),
            "ruleIndex": settings.get("ruleIndex", 1),
            "ruleEnable": settings.get("ruleEnable", False),
            "surveillanceType": settings.get("surveillanceType", 0),
        }
        flat = structure_rule(device, settings)
        if device.quirks.wrapped_structures:
            kind = "structures" if settings.get("surveillanceType") else "faces"
            row[kind] = flat
        else:
            row |= flat
        rows.append(row)
    return {"videos": rows}


def check_old_rules(rules: dict[str, Any]) -> None:
    """Refuse what the tables of 25.1.1 do not allow together."""
    kind = EVENTS[rules["alertType"]]
    valid(rules["alertSubType"] in kind.sub_kinds, "alertRules.alertSubType")
    area = rules["areaType"]
    if 1 in kind.sub_kinds:
        valid(area in {1, 2}, "alertRules.areaType")
    else:
        valid(area == (4 if 6 in kind.sub_kinds else POLYGON), "alertRules.areaType")
    for name in ("targetRange", "timeRange"):
        valid(rules[name][0] <= rules[name][1], f"alertRules.{name}")
    areas = rules["alertArea"]
    if area == POLYGON:
        valid(all(len(points) >= 3 for points in areas), "alertRules.alertArea")
    else:
        valid(len(areas) <= 2, "alertRules.alertArea")
    masks = rules.get("maskArea", ())
    valid(all(len(points) >= 3 for points in masks), "alertRules.maskArea")


async def _arm_alert(device: Device, call: Call) -> None:
    channel = device.video(call.number("videoNo"))
    body = dict(call.body)
    if "alertRules" in body:
        check_old_rules(body["alertRules"])
    channel.armed = body.pop("surveillanceEnabled")
    channel.alert = {"algType": 10, **body}


async def _list_alert(device: Device, _: Call) -> Fields:
    rows = []
    for channel in device.of_kind(pictures=False):
        row = {**video_fields(device, channel), "algType": 10, "alertRules": {}}
        del row["rotation"]
        rows.append(row | channel.alert)
    return {"videos": rows}


_STRUCTURED, _ALERT = frozenset({MIXED_MODE}), frozenset({ALERT_MODE})

OPERATIONS = (
    Operation(
        "POST",
        "/structures/{videoNo}/surveillances",
        _arm,
        _ARMING,
        modes=_STRUCTURED,
    ),
    Operation("GET", "/structures", _list, modes=_STRUCTURED),
    Operation(
        "POST",
        "/alertVideos/{videoNo}/surveillances",
        _arm_alert,
        (
            switch("surveillanceEnabled"),
            integer("algType", required=False, choices=(10, 11)),
            OLD_RULES,
        ),
        modes=_ALERT,
    ),
    Operation("GET", "/alertVideos", _list_alert, modes=_ALERT),
)

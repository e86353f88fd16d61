"""Chapters 3, 11, 17, 18: common parameters, password, other platforms."""

import base64
import binascii
from typing import Any

from simulators.request_fields import array, each, group, integer, switch

from .device import Device
from .error_codes import Code, demand, given, valid
from .models import BLACK, WHITE
from .operation import Call, Fields, Operation
from .request_fields import text

_MODEL = group(
    "modelSw",
    text("videoMode", required=False, choices=("videoStreamMode",)),
    text("workMode", required=False, choices=(WHITE, BLACK)),
    text("pushMode", required=False, choices=("FastPushMode", "BestPushMode")),
    text("httpMode", required=False, choices=("http", "https")),
    switch("libMode", required=False),
    switch("digestMode", required=False),
    integer("digestMaxAuthTries", 3, 10, required=False),
    integer("digestUnlockTime", 5, 30, required=False),
    required=False,
)
_FUNCTIONS = group(
    "funcModule",
    switch("capturePicEnabled", required=False),
    switch("clipEnabled", required=False),
    switch("captureFullPicEnabled", required=False),
    integer("clipTime", 0, required=False),
    integer("detectType", required=False, choices=(0, 1, 3)),
    integer("alertReportBufferSize", 0, 10_000, required=False),
    integer("captureReportBufferSize", 0, 50_000, required=False),
    integer("fullPicCompressLevel", 10, 100, required=False),
    switch("fullPicDrawRectEnabled", required=False),
    integer("minPushInterval", 500, 10_000, required=False),
    integer("pictureRetryCount", 0, 5000, required=False),
    integer("pictureRetryInterval", 0, 60, required=False),
    integer("pictureStrangerRetryCount", 0, 5, required=False),
    integer("retryCount", 0, 5000, required=False),
    integer("retryInterval", 0, 60, required=False),
    integer("strangerRetryCount", 0, 5, required=False),
    switch("rtspServerEnabled", required=False),
    required=False,
)
_GAT1400 = (
    array(
        "devInfo",
        each(
            integer("videoNo", 1, 48, required=False),
            text("deviceId", 20, low=20, required=False),
        ),
    ),
    switch("enable"),
    text("serverAddr"),
    integer("serverPort", 1, 65535),
    text("username", 64),
    text("password", 64),
    integer("keepInterval", 30, 300),
    switch("syncTimeEnable", required=False),
    integer("syncTimeInterval", 1, 65535, required=False),
    integer("retransmissionTimes", 0, 3, required=False),
    integer("retransmissionInterval", 1, 5, required=False),
    integer("platformNo", 1, 100, required=False),
    switch("backgroundUpload", required=False),
)
_GAT1400_SERVER = (
    switch("enable"),
    integer("serverPort", 1024, 65535),
    switch("authEnable"),
    text("authMode", required=False, choices=("basic", "digest")),
    text("username", 64, low=1, required=False),
    text("password", 64, low=1, required=False),
    integer("keepInterval", 30, 300),
)
_BRIDGE = (
    switch("enable"),
    text("ip"),
    integer("port", 0, 65535),
    text("name"),
    text("id"),
    text("key"),
)


def set_mode(device: Device, mode: int) -> None:
    """Change the detect mode; what each mode has armed is kept."""
    device.mode = device.settings.functions["detectType"] = mode
    if device.quirks.mode_change_reboots:
        device.on_reboot()


def change_model(device: Device, wanted: dict[str, Any]) -> None:
    """Change `modelSw`; another workMode or libMode wipes the box (3.1.1)."""
    settings = device.settings
    before = dict(settings.model)
    settings.model.update(wanted)
    if any(before[name] != settings.model[name] for name in ("workMode", "libMode")):
        device.wipe()
        stores = settings.model["workMode"] == BLACK
        settings.functions["capturePicEnabled"] = stores
        settings.functions["captureFullPicEnabled"] = stores
    device.on_digest()


async def _set_configs(device: Device, call: Call) -> None:
    given(call.body, "modelSw", "funcModule")
    functions = call.body.get("funcModule", {})
    mode = functions.get("detectType", device.mode)
    valid(mode in device.supported_modes, "funcModule.detectType")
    change_model(device, call.body.get("modelSw", {}))
    device.settings.functions.update(functions)
    if mode != device.mode:
        set_mode(device, mode)


async def _get_configs(device: Device, _: Call) -> Fields:
    return {
        "MegFaceSDKVer": "v1.0.0",
        "model": {
            "detectModelVer": "detect_v3.2.0",
            "trackModelVer": "track_v2.1.0",
            "poseModelVer": "pose_blur_v1.0.1",
            "blurModelVer": "pose_blur_v1.0.1",
            "searchModelVer": "search_v5.0.0",
            "livenessModelVer": "liveness_v1.0.0",
        },
        "funcModule": {**device.settings.functions, "detectType": device.mode},
        "modelSw": device.settings.model,
    }


async def _get_mode(device: Device, _: Call) -> Fields:
    return {"type": device.mode, "support": list(device.supported_modes)}


async def _set_mode(device: Device, call: Call) -> None:
    valid(call.body["type"] in device.supported_modes, "type")
    if call.body["type"] != device.mode:
        set_mode(device, call.body["type"])


async def _set_megconnect(device: Device, call: Call) -> None:
    device.settings.megconnect.update(call.body)


async def _get_megconnect(device: Device, _: Call) -> Fields:
    return device.settings.megconnect


async def _set_password(device: Device, call: Call) -> None:
    try:
        password = base64.b64decode(call.body["password"], validate=True).decode()
    except binascii.Error, ValueError:
        password = ""
    valid(0 < len(password) <= 64, "password")
    device.on_password(password)


async def _set_gat1400(device: Device, call: Call) -> None:
    device.settings.gat1400.update(call.body)


async def _get_gat1400(device: Device, _: Call) -> Fields:
    return device.settings.gat1400


async def _gat1400_status(device: Device, _: Call) -> Fields:
    client = device.settings.gat1400
    reachable = client["serverAddr"] and client["serverAddr"] not in device.unreachable
    return {"status": 0 if not client["enable"] else 2 if reachable else 1}


async def _set_gat1400_server(device: Device, call: Call) -> None:
    valid(call.body["serverPort"] not in {6000, 6666}, "serverPort")
    if call.body["authEnable"]:
        wanted = ("authMode", "username", "password")
        missing = [name for name in wanted if name not in call.body]
        demand(not missing, Code.MISSING_ARGUMENT, *missing)
        valid(call.body["authMode"] == "digest", "authMode")
    device.settings.gat1400_server.update(call.body)


async def _get_gat1400_server(device: Device, _: Call) -> Fields:
    return device.settings.gat1400_server


async def _set_bridge(device: Device, call: Call) -> None:
    device.settings.bridge.update(call.body)


async def _get_bridge(device: Device, _: Call) -> Fields:
    return device.settings.bridge


OPERATIONS = (
    Operation("POST", "/configs", _set_configs, (_MODEL, _FUNCTIONS)),
    Operation("GET", "/configs", _get_configs),
    Operation("GET", "/configs/detect", _get_mode),
    Operation("POST", "/configs/detect", _set_mode, (integer("type"),)),
    Operation(
        "POST", "/devices/megConnect", _set_megconnect, (switch("enable"), text("url"))
    ),
    Operation("GET", "/devices/megConnect", _get_megconnect),
    Operation("PUT", "/keyword", _set_password, (text("password", low=1),)),
    Operation("POST", "/gat1400", _set_gat1400, _GAT1400),
    Operation("GET", "/gat1400", _get_gat1400),
    Operation("GET", "/gat1400Status", _gat1400_status),
    Operation("POST", "/gat1400server", _set_gat1400_server, _GAT1400_SERVER),
    Operation("GET", "/gat1400server", _get_gat1400_server),
    Operation("POST", "/megActive", _set_bridge, _BRIDGE),
    Operation("GET", "/megActive", _get_bridge),
)

"""Chapter 4: cameras; chapter 10: camera-relay bindings."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from simulators.request_fields import Field, Kind, integer, text

from .device import Device
from .error_codes import Code, demand
from .models import IMAGE, VENDORS, VIDEO, Camera, Relay
from .operation import Answer, Fields, Operation
from .request_fields import parse

RTSP, ONVIF, GB28181 = "rtsp", "onvif", "gb28181"

_NAMED = (text("camera_name", low=1), integer("threshold", low=0, high=100))
_PLACED = (
    text("lib_ids", required=False),
    text("position", required=False),
    text("description", required=False),
)
_SNAP = Field("snap_mode", Kind.INTEGER_OR_DIGITS, low=1, high=3)
_ANALYSIS = (
    _SNAP,
    integer("facesize_min", required=False),
    integer("facesize_max", required=False),
)
_ADDRESS = (text("ip", low=1), integer("port", low=0, high=65535))
_LOGIN = (text("camera_user"), text("camera_pwd"))
_DECODER = (text("decoder", required=False),)

# The fields of each kind of camera when it is added (4.2).
ADD: dict[str, tuple[Field, ...]] = {
    RTSP: (*_NAMED, *_PLACED, *_ANALYSIS, *_DECODER, text("url", low=1)),
    ONVIF: (*_NAMED, *_PLACED, *_ANALYSIS, *_DECODER, *_ADDRESS, *_LOGIN),
    GB28181: (
        *_NAMED,
        *_PLACED,
        *_ANALYSIS,
        *_ADDRESS,
        text("camera_pwd", required=False),
        text("server_sip_id", low=1, high=20),
        text("camera_sip_id", low=1, high=20),
    ),
    IMAGE: (
        *_NAMED,
        *_PLACED,
        *_ADDRESS,
        *_LOGIN,
        text("vendor", required=False),
        text("product", required=False),
    ),
}
_ROI = text("camera_roi", required=False)
_NOT_MODIFIED = frozenset({"decoder", "product"})
_ROI_MAX = 1920 * 1080


def _modify_fields(kind: str) -> tuple[Field, ...]:
    fields = [
        Field(f.name, f.kind, required=False, low=f.low, high=f.high)
        for f in ADD[kind]
        if f.name not in _NOT_MODIFIED
    ]
    return (*fields, _ROI) if kind in (RTSP, ONVIF) else tuple(fields)


MODIFY = {kind: _modify_fields(kind) for kind in ADD}


def stream_url(device: Device, camera: Camera) -> str:
    """Return the address of an rtsp camera; of this node's own if it has none."""
    if camera.settings["url"] or not device.rtsp_port:
        return str(camera.settings["url"])
    login = "admin:camera123"
    return f"rtsp://{login}@{device.host}:{device.rtsp_port}/{camera.stream}"


def described(device: Device, camera: Camera) -> dict[str, Any]:
    """Return an element of `camera` (4.1)."""
    answer = {
        **camera.settings,
        "camera_mode": IMAGE if camera.kind == IMAGE else VIDEO,
        "channel": camera.channel,
        "status": int(camera.online),
    }
    if camera.kind != IMAGE:
        lower = camera.kind != GB28181 or device.quirks.lower_gb28181
        answer["protocol"] = camera.kind if lower else "GB28181"
    if camera.kind == RTSP:
        answer["url"] = stream_url(device, camera)
    if camera.kind in (RTSP, ONVIF):
        answer["roi_max"] = _ROI_MAX
    return dict(sorted(answer.items()))


def _address(settings: dict[str, Any]) -> str:
    if "ip" in settings:
        return str(settings["ip"])
    return urlsplit(settings.get("url", "")).hostname or ""


def _checked(device: Device, settings: dict[str, Any], kind: str) -> None:
    """Check and correct what was given, as the field notes of 4.2 say."""
    settings["lib_ids"] = ",".join(
        str(library.lib_id) for library in device.known_libraries(settings["lib_ids"])
    )
    if kind == IMAGE:
        if settings.get("vendor") not in VENDORS:
            settings["vendor"] = "dahua"
        return
    largest = settings["facesize_max"]
    if not 60 <= largest <= 1000:
        largest = settings["facesize_max"] = 1000
    if not 60 <= settings["facesize_min"] <= largest:
        settings["facesize_min"] = 60
    if settings.get("camera_roi"):
        parts = settings["camera_roi"].split(",")
        demand(len(parts) == 4 and all(part.isdecimal() for part in parts))
        left, top, right, bottom = (int(part) for part in parts)
        demand(left < right and top < bottom)
        demand((right - left) * (bottom - top) <= _ROI_MAX)


async def _reach(device: Device, settings: dict[str, Any]) -> bool:
    """Try to connect; that takes long when the camera is not there (remark 4)."""
    reached = _address(settings) not in device.unreachable_cameras
    if not reached:
        await asyncio.sleep(device.timing.unreachable_camera * device.time_scale)
    return reached


def new_camera(device: Device, kind: str, given: dict[str, Any]) -> Camera:
    """Return a camera of a kind with what was given; it has no channel yet."""
    settings: dict[str, Any] = {"lib_ids": "", "position": "", "description": ""}
    if kind != IMAGE:
        settings |= {"facesize_min": 60, "facesize_max": 1000}
    if kind in (RTSP, ONVIF):
        settings |= {"decoder": "", "camera_roi": ""}
    if kind == GB28181:
        settings["camera_pwd"] = ""
    if kind == IMAGE:
        settings["product"] = ""
    settings |= given
    _checked(device, settings, kind)
    return Camera(0, kind, settings)


async def list_cameras(device: Device, _: Fields) -> Answer:
    """4.1."""
    return {
        "camera": [described(device, camera) for camera in device.cameras.values()],
        "computing_power_capacity": device.capacity,
        "used_computing_power": device.used_power,
    }


async def add(device: Device, request: Fields) -> Answer:
    """4.2."""
    kind = request["camera_mode"]
    if kind == VIDEO:
        kind = str(request.get("protocol", "")).lower()
    demand(kind in ADD)
    camera = new_camera(device, kind, parse(ADD[kind], request, form=False))
    demand(device.used_power + camera.cost <= device.capacity, Code.NO_COMPUTING_POWER)
    camera.online = await _reach(device, camera.settings)
    device.add_camera(camera)
    return {"channel": camera.channel}


async def modify(device: Device, request: Fields) -> Answer:
    """4.3: what is left out stays, except `vendor`."""
    camera = device.camera(request["channel"])
    demand(camera.kind != IMAGE or "snap_mode" not in request, Code.NO_SNAP_MODE)
    settings = dict(camera.settings)
    if camera.kind == IMAGE and device.quirks.vendor_resets:
        settings.pop("vendor", None)
    settings |= parse(MODIFY[camera.kind], request, form=False)
    _checked(device, settings, camera.kind)
    if _address(settings) != _address(camera.settings) or not camera.online:
        camera.online = await _reach(device, settings)
    camera.settings = settings
    return {"channel": camera.channel}


async def delete(device: Device, request: Fields) -> Answer:
    """4.4."""
    device.remove_camera(request["channel"])
    return ""


async def sip_server(device: Device, _: Fields) -> Answer:
    """4.5."""
    return {"server_sip_id": device.server_sip_id}


def _relay(device: Device, relay: Relay) -> dict[str, Any]:
    return {
        "camera_channel": relay.channel,
        "camera_name": device.cameras[relay.channel].name,
        "dev_ip": relay.ip,
        "dev_name": relay.name,
        "dev_port": relay.port,
        "dev_tag": relay.tag,
        "dev_type": "relay",
        "id": relay.relay_id,
    }


async def list_relays(device: Device, _: Fields) -> Answer:
    """10.1."""
    return [
        {
            **_relay(device, relay),
            "work_status": int(relay.ip not in device.offline_relays),
        }
        for relay in device.relays.values()
    ]


async def add_relay(device: Device, request: Fields) -> Answer:
    """10.2."""
    device.camera(request["camera_channel"])
    relay = Relay(
        device.next_id("relay"),
        request["camera_channel"],
        request["dev_ip"],
        request["dev_port"],
        request.get("dev_name", ""),
        request.get("dev_tag", ""),
    )
    device.relays[relay.relay_id] = relay
    return _relay(device, relay)


async def delete_relay(device: Device, request: Fields) -> Answer:
    """10.3."""
    demand(request["id"] in device.relays, Code.NO_DATA)
    del device.relays[request["id"]]
    return ""


OPERATIONS = (
    Operation(516, list_cameras),
    Operation(
        513, add, (text("camera_mode", choices=(VIDEO, IMAGE)),), everything=True
    ),
    Operation(515, modify, (integer("channel"),), everything=True),
    Operation(514, delete, (integer("channel"),)),
    Operation(1310, sip_server),
    Operation(1537, list_relays),
    Operation(
        1538,
        add_relay,
        (
            integer("camera_channel"),
            text("dev_ip", low=1),
            integer("dev_port", low=0, high=65535),
            text("dev_name", required=False),
            text("dev_tag", required=False),
        ),
    ),
    Operation(1539, delete_relay, (integer("id"),)),
)

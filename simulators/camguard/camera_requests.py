"""Chapter 5: cameras."""

import asyncio
from typing import Any
from urllib.parse import quote, urlsplit

from simulators.validators import integer, table

from .device import Device
from .error_codes import Code, demand
from .models import Answer, Camera
from .operation import Fields, Listing, Operation, change, demand_unique
from .request_fields import ID, NAME, TEXT, only, query


def _camera(device: Device, camera: Camera) -> dict[str, Any]:
    return {
        "camera_id": camera.camera_id,
        "name": camera.name,
        "rtsp": device.stream_of(camera),
        "type": camera.type,
        "state" if device.quirks.camera_state else "online": int(camera.online),
        "remark": camera.remark,
        "create_time": device.stamp(camera.create_time),
    }


# 5.4
_CAMERAS: Listing[Camera] = Listing(
    lambda device: device.cameras, _camera, exact=("type",), fuzzy=("name",)
)


def _reachable(device: Device, rtsp: str) -> bool:
    parts = urlsplit(rtsp)
    demand(parts.scheme in ("rtsp", "rtsps") and parts.hostname, detail="rtsp")
    return parts.hostname not in device.unreachable


async def add(device: Device, request: Fields) -> Answer:
    """5.1."""
    demand(len(device.cameras) < device.limits.cameras, Code.NO_ROOM)
    cameras = list(device.cameras.values())
    demand_unique(device, "name", request["name"], cameras)
    online = _reachable(device, request["rtsp"])
    number = device.next_id("camera")
    camera = Camera(number, create_time=device.now(), online=online, **request)
    device.cameras[camera.camera_id] = camera
    return {}


async def delete(device: Device, request: Fields) -> Answer:
    """5.2."""
    camera_id = device.camera(request["camera_id"]).camera_id
    used = any(camera_id in task.camera_ids for task in device.tasks.values())
    demand(not (used and device.quirks.refuse_in_use), Code.IN_USE)
    device.remove_camera(camera_id)
    return {}


async def modify(device: Device, request: Fields) -> Answer:
    """5.3."""
    camera = device.camera(request["camera_id"])
    cameras = list(device.cameras.values())
    demand_unique(device, "name", request.get("name", ""), cameras, camera)
    rtsp = request.get("rtsp")
    if rtsp == device.stream_of(camera):
        request.pop("rtsp")
    elif rtsp is not None:
        camera.online = _reachable(device, rtsp)
    change(device, camera, request, {"type": 0, "remark": ""})
    return {}


async def search(device: Device, _: Fields) -> Answer:
    """5.5."""
    await asyncio.sleep(device.timing.search * device.time_scale)
    items = [
        {"ip": found.ip, "manufacturer": found.manufacturer} for found in device.network
    ]
    return {"info": {"total_count": len(items), "items": items}}


async def find_stream(device: Device, request: Fields) -> Answer:
    """5.6: only for cameras that a search finds; wrong credentials are refused."""
    found = next((row for row in device.network if row.ip == request["ip"]), None)
    if found is None or found.ip in device.unreachable:
        await asyncio.sleep(device.timing.unreachable_camera * device.time_scale)
    demand(found and found.ip not in device.unreachable, Code.UNREACHABLE)
    assert found is not None
    user, password = request.get("user", ""), request.get("password", "")
    given = ""
    if user or password:
        right = (user, password) == (found.user, found.password)
        demand(right, Code.WRONG_CREDENTIALS)
        given = f"{quote(user, safe='')}:{quote(password, safe='')}@"
    server = f"{device.host}:{device.rtsp_port or 554}"
    return {"info": {"rtsp": f"rtsp://{given}{server}/network/{found.ip}"}}


_OPTIONAL = {"type": integer(0), "remark": TEXT}

OPERATIONS = (
    Operation("/AddCamera", add, table({"name": NAME, "rtsp": NAME}, _OPTIONAL)),
    Operation("/DeleteCamera", delete, only(camera_id=ID)),
    Operation(
        "/UpdateCamera",
        modify,
        table({"camera_id": ID}, {"name": NAME, "rtsp": NAME, **_OPTIONAL}),
    ),
    Operation("/QueryCameraList", _CAMERAS.query, query(name=TEXT, type=integer())),
    Operation("/SearchCamera", search, only()),
    Operation(
        "/QueryCameraRtsp",
        find_stream,
        table({"ip": NAME}, {"user": TEXT, "password": TEXT}),
    ),
)

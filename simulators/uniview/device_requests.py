"""Chapter 9: the box itself."""

from typing import Any

from simulators.request_fields import integer, text

from .device import Device
from .operation import Answer, Fields, Operation

UPDATE = (
    text("device_name", 64, low=1),
    integer("device_code", low=1, high=255),
    text("custom_code", 64, required=False),
)


async def update(device: Device, request: Fields) -> Answer:
    """9.1: a `custom_code` that is left out stays."""
    device.name = request["device_name"]
    device.device_code = request["device_code"]
    device.custom_code = request.get("custom_code", device.custom_code)
    return None


async def get(device: Device, _: Fields) -> Answer:
    """9.2."""
    data: dict[str, Any] = {
        "device_name": device.name,
        "device_model": device.model,
        "serial_number": device.serial,
        "firmware_version": device.firmware,
        "release_time": device.release_time,
        "device_code": device.device_code,
    }
    if device.custom_code is not None:
        data["custom_code"] = device.custom_code
    return data


OPERATIONS = (
    Operation("/api/v2/device/update", update, UPDATE),
    Operation("/api/v2/device/get", get, empty_body=True),
)

"""Chapter 7: configuration."""

import json

from simulators.validators import table

from .device import Device
from .error_codes import Code, demand
from .models import Answer
from .operation import Fields, Operation
from .request_fields import NAME, TEXT, config


async def modify(device: Device, request: Fields) -> Answer:
    """7.1: only names that exist can be changed."""
    demand(request["name"] in device.configs, Code.UNKNOWN_ID, "name")
    device.configs[request["name"]] = request["config"]
    return {}


async def get(device: Device, request: Fields) -> Answer:
    """7.2."""
    quirks = device.quirks
    demand("config" in request or not quirks.get_needs_config, detail="config")
    demand(request["name"] in device.configs, Code.UNKNOWN_ID, "name")
    kept = device.configs[request["name"]]
    details = json.dumps(kept) if quirks.config_as_text else kept
    key = "Info" if quirks.capital_info else "info"
    return {key: {"name": request["name"], "config": details}}


OPERATIONS = (
    Operation(
        "/UpdateSystemConfig",
        modify,
        table({"name": NAME, "config": config}, {"remark": TEXT}),
    ),
    Operation("/GetSystemConfig", get, table({"name": NAME}, {"config": TEXT})),
)

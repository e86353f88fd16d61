"""Actions that have a hub look around: for cameras, or at a picture."""

from dataclasses import asdict
from typing import cast

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio

from ..alarms import target_as_dict
from .action import Action, Target, required
from .pictures import async_read_picture, picture


async def _async_search_cameras(call: ServiceCall, target: Target) -> JsonObjectType:
    discovery = required(target.data.hub.discovery)
    if address := call.data.get("address"):
        streams = await discovery.streams(
            address, call.data.get("username"), call.data.get("password")
        )
        return {"streams": list(streams)}
    cameras = await discovery.search()
    return {"cameras": [cast(JsonObjectType, asdict(camera)) for camera in cameras]}


async def _async_inspect(call: ServiceCall, target: Target) -> JsonObjectType:
    inspection = required(target.data.hub.inspection)
    content = await async_read_picture(call, call.data["picture"])
    return {
        "targets": [
            target_as_dict(found) for found in await inspection.inspect(content)
        ]
    }


ACTIONS = (
    Action(
        name="search_cameras",
        run=_async_search_cameras,
        fields={
            probatio.Optional("address"): cv.string,
            probatio.Optional("username"): cv.string,
            probatio.Optional("password"): cv.string,
        },
        response=SupportsResponse.ONLY,
        # An address of a stream may hold a password.
        admin=True,
    ),
    Action(
        name="inspect_picture",
        run=_async_inspect,
        fields={probatio.Required("picture"): picture},
        response=SupportsResponse.ONLY,
    ),
)

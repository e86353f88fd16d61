"""The action that reaches every operation of a vendor's manual."""

from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio

from ..vendors.contract import Danger, Direction
from .action import Action, Target, invalid


async def _async_call(call: ServiceCall, target: Target) -> JsonObjectType:
    hub = target.data.hub
    name: str = call.data["operation"]
    operation = hub.operations.get(name)
    if operation is None or operation.kind is not Direction.REQUEST:
        raise invalid("unknown_operation", operation=name, hub=target.entry.title)
    if operation.danger is Danger.DESTRUCTIVE and not call.data["confirm"]:
        raise invalid(
            "confirm_operation", operation=operation.name, hub=target.entry.title
        )
    answer = await hub.call(name, call.data["parameters"])
    if operation.danger is not Danger.NONE:
        target.data.coordinator.async_refresh_soon()
    return dict(answer)


ACTIONS = (
    Action(
        name="call_operation",
        run=_async_call,
        fields={
            probatio.Required("operation"): cv.string,
            probatio.Optional("parameters", default=dict): dict,
            probatio.Optional("confirm", default=False): cv.boolean,
        },
        response=SupportsResponse.OPTIONAL,
        admin=True,
    ),
)

"""Chapters 12 and 13: services of channels, and the resources that pay for them."""

from typing import Any

from simulators.json_types import Json

from .account import Account
from .batch_results import each_channel
from .error_codes import Code, Refusal, demand
from .models import CLOSED, Channel, Device, Package, State
from .operation import CHANNEL, Answer, Call, Fields, Operation
from .pagination import page_of
from .request_fields import CHANNEL_ID, DEVICE_ID, listed, number, one_of, table, text
from .service_resources import ONDEMAND, PACKAGE, TYPES, Resource

# `resource_type_code` of 12.2, and kind of the message that follows.
_UNBOUND = {
    "MANAGE": "UNBIND_MANAGE",
    "RECORD": "UNBIND_NORMAL",
    "NORMAL": "UNBIND_NORMAL",
    "DATAFLOW": "UNBIND_DATAFLOW",
    "MOTION": "UNBIND_MOTION",
}


def _bound_to(account: Account, channel: Channel, package: Package) -> Resource | None:
    return next(
        (
            resource
            for resource in account.resources.values()
            if resource.package is package and channel.key in resource.bound
        ),
        None,
    )


def _days(resource: Resource, given: float | None) -> float:
    """Check the storage days: demanded on demand, forbidden for packages."""
    if resource.mode == PACKAGE or resource.package is Package.MANAGEMENT:
        demand(not given, Code.NO_DAYS_HERE)
        return 0.0
    demand(given is not None and 1 <= given <= 365, Code.WRONG_RESOURCE_DAYS)
    return given or 0.0


async def bind(account: Account, call: Call) -> Answer:
    """12.1: another resource of the same type takes the place of the one before."""
    resource = account.resources.get(call.body["resource_id"])
    if resource is None:
        raise Refusal(Code.NO_RESOURCE_TYPE)
    demand(resource.resource_state == "NORMAL", Code.RESOURCE_UNUSABLE)
    days = _days(resource, call.body.get("storage_day"))

    def act(channel: Channel, _: Fields) -> None:
        former = _bound_to(account, channel, resource.package)
        demand(former is not resource, Code.RESOURCE_BOUND)
        packages = former is not None and former.mode == resource.mode == PACKAGE
        demand(not packages, Code.NO_SWITCH)
        managed = (
            resource.package is Package.MANAGEMENT
            or channel.packages.get(Package.MANAGEMENT) != CLOSED
        )
        demand(managed, Code.MANAGEMENT_NEEDED)
        room = resource.total_num < 0 or len(resource.bound) < resource.total_num
        demand(room, Code.NO_ROOM_IN_RESOURCE)
        if former is not None:
            former.unbind(channel)
        resource.bind(channel, days)

    rows = call.body["channels"]
    return each_channel(account, rows, act, twice=Code.SAME_RESOURCE_CHANNELS)


async def unbind(account: Account, call: Call) -> Answer:
    """12.2: access last; what is not open is no error unless `quirks` say so."""
    code = call.body["resource_type_code"]
    demand(code != "NORMAL" or account.quirks.unbind_normal, Code.WRONG_RESOURCE_TYPE)
    package = TYPES["NORMAL" if code == "RECORD" else code]

    def act(channel: Channel, _: Fields) -> None:
        resource = _bound_to(account, channel, package)
        if resource is None:
            demand(not account.quirks.unbound_is_error, Code.RESOURCE_NOT_BOUND)
            return
        others = any(
            _bound_to(account, channel, other)
            for other in TYPES.values()
            if other is not package
        )
        demand(not (package is Package.MANAGEMENT and others), Code.OTHERS_FIRST)
        resource.unbind(channel)
        account.change_listeners.unbound(
            _UNBOUND[code], *channel.key, resource.resource_id
        )

    rows = call.body["channels"]
    return each_channel(account, rows, act, twice=Code.SAME_RESOURCE_CHANNELS)


def _mode(account: Account, resource: Resource) -> str:
    return resource.mode + " " * account.quirks.mode_blank


async def list_resources(account: Account, call: Call) -> Answer:
    """13.1."""
    query = call.query
    found = [
        resource
        for resource in account.resources.values()
        if query.get("resource_id") in (None, resource.resource_id)
        and query.get("resource_type_code") in (None, resource.resource_type_code)
    ]
    return {
        "total": len(found),
        "resources": [
            {
                "resource_id": resource.resource_id,
                "resource_type_code": resource.resource_type_code,
                "total_num": resource.total_num,
                "usage_num": len(resource.bound),
                "resource_name": resource.resource_name,
                "mode": _mode(account, resource),
                "version": resource.version,
                "resource_state": resource.resource_state,
                "Exp_time": account.stamp(resource.exp_time),
            }
            for resource in page_of(found, query)
        ],
    }


def _bound(account: Account, key: tuple[str, str], days: float) -> dict[str, Any]:
    channel = account.channel(*key)
    unknown = channel.channel_state == State.UNREGISTERED
    return {
        "attrs": [{"attr_code": "storage_day", "attr_value": days}] if days else [],
        "device_name": account.devices[channel.device_id].device_name,
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "channel_state": "UNALLOCATED" if unknown else channel.channel_state,
        "channel_name": channel.channel_name,
        "bind_state": "NORMAL",
    }


async def list_resource_channels(account: Account, call: Call) -> Answer:
    """13.2."""
    resource_id = _RESOURCE_ID(call.path["resource_id"])
    resource = account.resources.get(resource_id)
    if resource is None:
        raise Refusal(Code.NO_RESOURCE_TYPE)
    rows = page_of(list(resource.bound.items()), call.query)
    manages = resource.package is Package.MANAGEMENT
    return {
        "channels": [_bound(account, key, days) for key, days in rows],
        "resource_type_code": resource.resource_type_code,
        "resource_name": resource.resource_name,
        "resource_id": resource.resource_id,
        "resource_state": resource.resource_state,
        "mode": resource.mode,
        "total": len(resource.bound),
        "invalid_num": 0,
        "manage_num": len(resource.bound) if manages else 0,
    }


async def list_channel_resources(account: Account, call: Call) -> Answer:
    """13.3."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    return {
        "device_id": channel.device_id,
        "channel_id": channel.channel_id,
        "resources": [
            {
                "resource_id": resource.resource_id,
                "resource_name": resource.resource_name,
                "resource_type_code": resource.resource_type_code,
                "resource_state": resource.resource_state,
            }
            for resource in account.resources.values()
            if channel.key in resource.bound
        ],
    }


def furnish(account: Account) -> None:
    """Add the four resources on demand and a package that opens the access."""
    count = sum(1 for _ in account.channels())
    year = account.now() + 365 * 86_400
    rows = [
        (code, ONDEMAND, f"On-demand {name}", -1)
        for code, name in (
            ("MANAGE", "access"),
            ("NORMAL", "continuous storage"),
            ("MOTION", "motion storage"),
            ("DATAFLOW", "data stream"),
        )
    ]
    rows.insert(0, ("MANAGE", PACKAGE, "Access, yearly", count + 1000))
    for code, mode, name, total in rows:
        resource = Resource(account.uuid(), code, name, mode, year, total)
        account.resources[resource.resource_id] = resource
    for device in account.devices.values():
        open_services(account, device)


def open_services(account: Account, device: Device) -> None:
    """Bind the channels of a new device to what is there for their services."""
    bound: set[Package] = set()
    for resource in account.resources.values():
        if resource.package not in bound:
            bound.add(resource.package)
            for channel in device.channels.values():
                if channel.granted(resource.package):
                    resource.bind(channel, 7.0 if resource.total_num < 0 else 0.0)


def _float(value: Json) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    demand(good, Code.WRONG_RESOURCE_DAYS)
    return float(value)


_CHANNELS = {
    "channels": listed(
        table({"device_id": DEVICE_ID, "channel_id": CHANNEL_ID}),
        code=Code.TOO_MANY_CHANNELS,
    )
}
_RESOURCE_ID = text(32, 32, pattern="[0-9A-Za-z]+", code=Code.WRONG_RESOURCE_ID)
_BATCH = "/v1/{user_id}/devices/channels/resources"
_TURN = {
    "limit": number(1, 300, code=Code.WRONG_LIMIT),
    "offset": number(0, 2142147483646, code=Code.WRONG_OFFSET),
}

OPERATIONS = (
    Operation(
        "bind_channel_resources",
        "POST",
        _BATCH,
        bind,
        body=table(
            {"resource_id": _RESOURCE_ID, **_CHANNELS},
            {"storage_day": _float},
            {"resource_id": Code.WRONG_RESOURCE_ID},
        ),
    ),
    Operation(
        "unbind_channel_resources",
        "DELETE",
        _BATCH,
        unbind,
        body=table(
            {
                "resource_type_code": one_of(*_UNBOUND, code=Code.WRONG_RESOURCE_TYPE),
                **_CHANNELS,
            },
            codes={"resource_type_code": Code.WRONG_RESOURCE_TYPE},
        ),
    ),
    Operation(
        "list_resources",
        "GET",
        "/v1/{user_id}/resources",
        list_resources,
        query=table(
            {},
            {
                **_TURN,
                "resource_id": _RESOURCE_ID,
                "resource_type_code": one_of(*TYPES, code=Code.WRONG_RESOURCE_TYPE),
            },
        ),
    ),
    Operation(
        "list_resource_channels",
        "GET",
        "/v1/{user_id}/resources/{resource_id}/channels",
        list_resource_channels,
        query=table({}, _TURN),
    ),
    Operation(
        "list_channel_resources", "GET", f"{CHANNEL}/resources", list_channel_resources
    ),
)

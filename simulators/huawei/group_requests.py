"""Chapter 5: device groups."""

from typing import Any

from .account import Account
from .batch_results import failures, outcome
from .device_requests import DEVICE_ATTRIBUTES, DEVICE_FILTERS, LIMIT_OR_NONE
from .device_views import device_in_group, online, packages
from .error_codes import Code, demand
from .models import ROOT, Device, Group, State
from .operation import Answer, Call, Fields, Operation
from .pagination import in_order, matches_filters, name_contains, page_of
from .request_fields import (
    DEVICE_ID,
    OFFSET,
    direction,
    listed,
    name,
    number,
    one_of,
    some_of,
    table,
    text,
)

_PACKAGES = tuple(
    f"{package}_{state}"
    for package in ("MANAGEMENT", "EVENT_RECORD", "FULL_RECORD", "INDUSTRY_DATA")
    for state in ("GRANT", "ARREAR", "CLOSED")
)
_SUB, _OWN = "0", "1"


def _online(devices: list[Device]) -> int:
    return sum(device.device_state == State.ONLINE for device in devices)


def _listed(account: Account, group: Group) -> dict[str, Any]:
    """5.1; `channel_count` is the total, as the sample has it."""
    devices = account.devices_below(group.device_org_id)
    total = sum(len(device.channels) for device in devices)
    there = sum(online(device) for device in devices)
    return {
        "device_org_id": group.device_org_id,
        "device_org_name": group.device_org_name,
        "device_org_level": account.level(group.device_org_id),
        "camera_count": len(devices),
        "camera_online_count": _online(devices),
        "is_leaf": int(not account.children(group.device_org_id)),
        "channel_count": total,
        "channel_online_count": there,
        "channel_offline_count": total - there,
    }


async def list_sub_groups(account: Account, call: Call) -> Answer:
    """5.1."""
    group = account.group(call.path["device_org_id"])
    children = account.children(group.device_org_id)
    return {"orgs": [_listed(account, child) for child in children]}


def _scope(account: Account, device_org_id: str, which: str | None) -> set[str]:
    """Return the groups that `is_current_org` means."""
    if which == _OWN:
        return {device_org_id}
    below = account.below(device_org_id)
    return below - {device_org_id} if which == _SUB else below


def _fits(device: Device, query: Fields) -> bool:
    wanted = set(query.get("channel_resource_state", ()))
    return (
        matches_filters(device, query, {**DEVICE_ATTRIBUTES, "device_id": "device_id"})
        and matches_filters(device, query, {"manufactures": "manufacture"})
        and name_contains(device.device_name, query.get("device_name"))
        and query.get("ability", "") in ("", *device.abilities)
        and (
            not wanted or any(wanted & {*packages(c)} for c in device.channels.values())
        )
    )


async def list_group_devices(account: Account, call: Call) -> Answer:
    """5.2: devices with their channels; `offset` is the page."""
    query, group = call.query, account.group(call.path["device_org_id"])
    groups = _scope(account, group.device_org_id, query.get("is_current_org"))
    if "group_ids" in query:
        groups &= set(query["group_ids"])
    found = [
        device
        for device in account.devices.values()
        if device.device_org_id in groups and _fits(device, query)
    ]
    return {
        "devices": [
            device_in_group(account, device)
            for device in page_of(in_order(found, query), query)
        ],
        "total": len(found),
        "device_total": len(account.devices),
        "admin_total": 1,
        "online_total": _online(found),
    }


def _editable(account: Account, device_org_id: str, code: int) -> Group:
    group = account.group(device_org_id)
    demand(group.parent_id is not None, code)
    return group


def _free_name(account: Account, parent_id: str, wanted: str, own: str = "") -> None:
    taken = any(
        child.device_org_name == wanted and child.device_org_id != own
        for child in account.children(parent_id)
    )
    demand(not taken, Code.GROUP_NAME_EXISTS)


async def rename_group(account: Account, call: Call) -> Answer:
    """5.3: not the root."""
    group = _editable(account, call.path["device_org_id"], Code.NOT_YOUR_GROUP)
    wanted = call.body["device_org_name"]
    _free_name(account, group.parent_id or ROOT, wanted, group.device_org_id)
    group.device_org_name = wanted
    return {"device_org_id": group.device_org_id, "device_org_name": wanted}


async def add_group(account: Account, call: Call) -> Answer:
    """5.4: the root takes groups unless `quirks.closed_root`."""
    parent_id = call.body["parent_org_id"]
    demand(parent_id in account.groups, Code.NO_PARENT_GROUP)
    closed = account.quirks.closed_root and parent_id == ROOT
    demand(not closed, Code.NOT_YOUR_GROUP)
    demand(account.level(parent_id) < account.limits.group_levels, Code.TOO_DEEP)
    _free_name(account, parent_id, call.body["device_org_name"])
    group = Group(account.long_number(), call.body["device_org_name"], parent_id)
    account.groups[group.device_org_id] = group
    return {"device_org_id": group.device_org_id}


async def delete_group(account: Account, call: Call) -> Answer:
    """5.5: neither the root nor a group with devices, there or below."""
    group = _editable(account, call.path["device_org_id"], Code.ROOT_FIXED)
    used = account.devices_below(group.device_org_id)
    demand(not used, Code.GROUP_HAS_DEVICES)
    for device_org_id in account.below(group.device_org_id):
        del account.groups[device_org_id]
    return {"device_org_id": group.device_org_id}


def _move(account: Account, device_id: str, target: Group) -> None:
    demand(device_id in account.devices, Code.MOVED_IS_UNKNOWN)
    device = account.devices[device_id]
    demand(device.device_org_id != target.device_org_id, Code.SAME_GROUP)
    device.device_org_id = target.device_org_id
    device.update_time = account.now()


async def move_devices(account: Account, call: Call) -> Answer:
    """5.6: the group of the path is the target."""
    target = _editable(account, call.path["device_org_id"], Code.NOT_YOUR_GROUP)
    results = [
        {"device_id": device_id, "result": outcome(_move, account, device_id, target)}
        for device_id in call.body["device_ids"]
    ]
    return {"failed_num": failures(results), "results": results}


def _tree(account: Account, group: Group, wanted: str) -> dict[str, Any] | None:
    """Return a node when it or something below it is found."""
    children = [
        node
        for child in account.children(group.device_org_id)
        if (node := _tree(account, child, wanted)) is not None
    ]
    matches = name_contains(group.device_org_name, wanted)
    if not matches and not children:
        return None
    row = _listed(account, group)
    return {
        "enterprise_id": account.serial,
        "device_org_id": group.device_org_id,
        "device_org_name": group.device_org_name,
        "parent_id": group.parent_id,
        "device_org_level": row["device_org_level"],
        "is_leaf": row["is_leaf"],
        "is_result": int(matches),
        "camera_count": row["camera_count"],
        "camera_online_count": row["camera_online_count"],
        "children": children,
    }


async def search_tree(account: Account, call: Call) -> Answer:
    """5.7: the root itself is no result."""
    wanted = call.query["device_org_name"]
    nodes = [_tree(account, group, wanted) for group in account.children(ROOT)]
    return {"result": [node for node in nodes if node is not None]}


_GROUPS = "/v1/{user_id}/device-orgs"
_GROUP = f"{_GROUPS}/{{device_org_id}}"
_NAME = name(1, 50, code=Code.WRONG_GROUP_NAME)
_NAMED = {"device_org_name": Code.WRONG_GROUP_NAME}

OPERATIONS = (
    # Before the paths with an id, which it would match too.
    Operation(
        "search_group_tree",
        "GET",
        f"{_GROUPS}/tree",
        search_tree,
        query=table({"device_org_name": _NAME}, codes=_NAMED),
    ),
    Operation("list_sub_groups", "GET", f"{_GROUP}/sub-orgs", list_sub_groups),
    Operation(
        "list_group_devices",
        "GET",
        f"{_GROUP}/devices",
        list_group_devices,
        query=table(
            {},
            {
                **DEVICE_FILTERS,
                "channel_resource_state": some_of(
                    *_PACKAGES, code=Code.WRONG_RESOURCE_STATE
                ),
                "ability": one_of("algorithm", "ptz"),
                "device_id": DEVICE_ID,
                "device_name": name(1, 128, code=Code.WRONG_DEVICE_NAME),
                "direction": direction,
                "group_ids": some_of(),
                "is_current_org": one_of("0", "1", "2", code=Code.WRONG_ORG_SCOPE),
                "limit": LIMIT_OR_NONE,
                "manufactures": some_of(),
                "offset": OFFSET,
                "sort_by": one_of(
                    "create_time",
                    "update_time",
                    "operator_total",
                    code=Code.WRONG_SORT,
                ),
                "user_order": number(choices=(0, 1)),
            },
        ),
    ),
    Operation(
        "rename_group",
        "PUT",
        _GROUP,
        rename_group,
        body=table({"device_org_name": _NAME}, codes=_NAMED),
    ),
    Operation(
        "add_group",
        "POST",
        _GROUPS,
        add_group,
        body=table(
            {
                "device_org_name": _NAME,
                "parent_org_id": text(1, 25, pattern=r"\d+", code=Code.WRONG_GROUP_ID),
            },
            codes={**_NAMED, "parent_org_id": Code.WRONG_GROUP_ID},
        ),
    ),
    Operation("delete_group", "DELETE", _GROUP, delete_group),
    Operation(
        "move_devices",
        "POST",
        f"{_GROUP}/move-devices",
        move_devices,
        body=table(
            {"device_ids": listed(str, code=Code.TOO_MANY_DEVICES)},
            codes={"device_ids": Code.NOTHING_TO_MOVE},
        ),
    ),
)

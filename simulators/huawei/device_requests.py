"""Chapter 6: devices."""

import re
from typing import Any

import voluptuous as vol

from simulators.json_types import Json

from . import defaults
from .account import Account
from .batch_results import failures, outcome
from .device_views import counted, device_detail, device_in_list
from .error_codes import Code, Refusal, demand
from .models import Protocol, State
from .operation import Answer, Call, Operation
from .pagination import in_order, matches_filters, name_contains, page_of
from .request_fields import (
    DEVICE_ID,
    OFFSET,
    direction,
    flag,
    listed,
    name,
    number,
    one_of,
    some_of,
    table,
    text,
)

ABILITIES = {
    "ability": some_of(),
    "need_cloud_ability": flag,
    "need_specification": flag,
}
LIMIT_OR_NONE = number(0, 1000, code=Code.WRONG_LIMIT)
DEVICE_FILTERS = {
    "access_protocol": some_of(*Protocol, code=Code.WRONG_PROTOCOL),
    "device_state": some_of(*State, code=Code.WRONG_DEVICE_STATE),
    "device_system_state": some_of(
        "NORMAL", "UNAVAILABLE_FROZEN", code=Code.WRONG_SYSTEM_STATE
    ),
    "device_type": some_of("IPC", "NVR", "MEdge", code=Code.WRONG_DEVICE_TYPE),
}
DEVICE_ATTRIBUTES = {key: key for key in DEVICE_FILTERS}
_SIP = {
    "sip_server_id": "34020000002000000001",
    "sip_server_domain": "3402000000",
    "sip_server_host": "192.0.2.1",
}
_GB_KIND = {"132": "IPC", "111": "NVR", "118": "NVR"}
_GB_ID = re.compile(r"\d{10}(132|111|118)\d{7}")
_CLASSES = ("[a-z]", "[A-Z]", r"\d", r"[^\da-zA-Z]")


async def get_device(account: Account, call: Call) -> Answer:
    """6.1."""
    device = account.device(call.path["device_id"])
    needed = call.query.get("need_cloud_ability", False)
    wanted = call.query.get("ability", ())
    return device_detail(account, device, need_cloud_ability=needed, wanted=wanted)


async def list_devices(account: Account, call: Call) -> Answer:
    """6.2: `offset` is the page."""
    query = call.query
    found = [
        device
        for device in account.devices.values()
        if matches_filters(device, query, DEVICE_ATTRIBUTES)
        and name_contains(device.device_name, query.get("device_name"))
    ]
    needed = query.get("need_cloud_ability", False)
    return {
        "total": counted(account, len(found)),
        "devices": [
            device_in_list(
                account,
                device,
                need_cloud_ability=needed,
                wanted=query.get("ability", ()),
            )
            for device in page_of(in_order(found, query), query)
        ],
    }


async def gateway(account: Account, call: Call) -> Answer:
    """6.3: GB28181 only."""
    device = account.device(call.path["device_id"])
    demand(not device.is_holo, Code.GB_ONLY)
    return {
        "device_username": device.gb_username,
        **_SIP,
        "sip_server_port": "5060",
        "device_id": device.device_id,
    }


async def modify(account: Account, call: Call) -> Answer:
    """6.4: a device of the vendor's own protocol ignores `modify_type`."""
    device, body = account.device(call.path["device_id"]), call.body
    kind = "DEFAULT" if device.is_holo else body.get("modify_type", "DEFAULT")
    demand(body.keys() & {"device_name", "description", "osd"}, Code.NOTHING_EDITED)
    if kind != "DEVICE_NAME":
        account.reachable_device(device.device_id)
    if not device.is_holo:
        needed = {"OSD": ("osd",), "ALL": ("osd", "device_name")}
        for field in needed.get(kind, ("device_name",)):
            demand(body.get(field), Code.NOTHING_EDITED, field)
    if kind != "OSD":
        device.device_name = body.get("device_name", device.device_name)
    device.description = body.get("description", device.description)
    if kind == "DEFAULT" and not device.is_holo:
        device.osd = device.device_name
    elif kind in ("OSD", "ALL"):
        device.osd = body["osd"]
    return {
        "device_id": device.device_id,
        "device_name": device.device_name,
        "description": device.description,
        "osd": device.osd,
    }


def _gb_password(value: Json) -> str:
    """Check a password: three of four classes of characters."""
    good = isinstance(value, str) and 8 <= len(value) <= 32
    demand(good, Code.WRONG_GB_PASSWORD)
    classes = sum(bool(re.search(kind, value)) for kind in _CLASSES)
    demand(classes >= 3, Code.WRONG_GB_PASSWORD)
    return str(value)


async def modify_gb_account(account: Account, call: Call) -> Answer:
    """6.5: only while the device is not online."""
    device = account.device(call.path["device_id"])
    demand(not device.is_holo, Code.GB_ONLY)
    demand(call.body, Code.NOTHING_EDITED)
    demand(device.device_state != State.ONLINE, Code.DEVICE_ONLINE)
    device.gb_username = call.body.get("device_username", device.gb_username)
    device.gb_password = call.body.get("device_password", device.gb_password)
    return {"device_username": device.gb_username, "device_id": device.device_id}


async def add_holo(account: Account, call: Call) -> Answer:
    """6.6: `verification` of the account has the codes of devices that can be added.

    A device that is not there has the code VERIFY01.
    """
    body = call.body
    demand(body["device_id"] not in account.devices, Code.DEVICE_EXISTS)
    right = account.verification.get(body["device_id"], "VERIFY01")
    demand(body["verification_code"] == right, Code.VERIFICATION_FAILED)
    device = defaults.furnish_camera(
        account, device_id=body["device_id"], name="holosens_sdc"
    )
    device.description = body.get("description", "")
    return {
        "device_id": device.device_id,
        "device_name": device.device_name,
        "device_type": device.device_type,
        "device_state": device.device_state,
        "manufacture": device.manufacture,
    }


def _add_gb(account: Account, row: dict[str, Any]) -> None:
    demand(row["device_id"] not in account.devices, Code.DEVICE_EXISTS)
    form = _GB_ID.fullmatch(row["device_id"])
    if form is None:
        raise Refusal(Code.WRONG_GB_ID)
    device = defaults.furnish_gb(
        account, row["device_id"], row["device_name"], _GB_KIND[form[1]]
    )
    device.gb_username = row.get("device_username", row["device_id"])
    device.gb_password = row["device_password"]
    device.description = row.get("description", "")


async def add_gb(account: Account, call: Call) -> Answer:
    """6.7: they come online when they register, which is not now."""
    ids = [row["device_id"] for row in call.body["devices"]]
    demand(len(set(ids)) == len(ids), Code.TWICE_IN_BATCH)
    devices = [
        {
            "device_id": row["device_id"],
            **_SIP,
            "sip_server_port": "5060",
            "result": outcome(_add_gb, account, row),
        }
        for row in call.body["devices"]
    ]
    return {"failed_num": failures(devices), "devices": devices}


async def batch_delete(account: Account, call: Call) -> Answer:
    """6.8."""
    devices = [
        {"device_id": device_id, "result": outcome(account.remove_device, device_id)}
        for device_id in call.body["devices"]
    ]
    return {"failed_num": failures(devices), "devices": devices}


_DEVICE = "/v1/{user_id}/devices/{device_id}"
_NAME = name(1, 128, code=Code.WRONG_DEVICE_NAME)
_GB_USERNAME = text(5, 32, pattern=r"[A-Za-z\-_][0-9A-Za-z\-_]*", code=10022008)

OPERATIONS = (
    Operation("get_device", "GET", _DEVICE, get_device, query=table({}, ABILITIES)),
    Operation(
        "list_devices",
        "GET",
        "/v1/{user_id}/devices",
        list_devices,
        query=table(
            {},
            {
                **DEVICE_FILTERS,
                **ABILITIES,
                "device_name": name(0, 128, code=Code.WRONG_DEVICE_NAME),
                "direction": direction,
                "limit": LIMIT_OR_NONE,
                "offset": OFFSET,
                "sort_by": one_of("create_time", "update_time", code=Code.WRONG_SORT),
            },
        ),
    ),
    Operation("get_device_gateway", "GET", f"{_DEVICE}/gateway", gateway),
    Operation(
        "modify_device",
        "PUT",
        _DEVICE,
        modify,
        body=table(
            {},
            {
                "device_name": _NAME,
                "description": name(1, 128, code=10020004),
                "modify_type": one_of("DEFAULT", "OSD", "DEVICE_NAME", "ALL"),
                "osd": text(1, 63),
            },
        ),
    ),
    Operation(
        "modify_gb_account",
        "PUT",
        f"{_DEVICE}/gb-account",
        modify_gb_account,
        body=table(
            {}, {"device_username": _GB_USERNAME, "device_password": _gb_password}
        ),
    ),
    Operation(
        "add_holo_device",
        "POST",
        "/v1/{user_id}/devices/holosens",
        add_holo,
        body=table(
            {
                "device_id": DEVICE_ID,
                "verification_code": text(
                    8, 8, pattern="[0-9A-Za-z]+", code=Code.WRONG_VERIFICATION_CODE
                ),
            },
            {"description": name(0, 128, code=10020004)},
            {"device_id": Code.ILLEGAL_DEVICE, "verification_code": 10022005},
        ),
    ),
    Operation(
        "batch_add_gb_devices",
        "POST",
        "/v1/{user_id}/devices/gb/batch-add",
        add_gb,
        body=table(
            {
                "devices": listed(
                    table(
                        {
                            "device_id": text(code=Code.WRONG_GB_ID),
                            "device_name": _NAME,
                            "device_password": _gb_password,
                            "algorithm": one_of("MD5", "SHA256"),
                        },
                        {
                            "device_username": _GB_USERNAME,
                            "description": name(0, 128, code=10020004),
                        },
                    ),
                    code=Code.TOO_MANY_DEVICES,
                )
            }
        ),
    ),
    Operation(
        "batch_delete_devices",
        "POST",
        "/v1/{user_id}/devices/batch-delete",
        batch_delete,
        body=table(
            {"devices": listed(vol.All(str), code=Code.TOO_MANY_TO_DELETE)},
            codes={"devices": Code.NOTHING_TO_DELETE},
        ),
    ),
)

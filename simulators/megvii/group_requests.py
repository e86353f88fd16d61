"""Chapter 6: face groups and who is in them."""

import re

from simulators.request_fields import array, integer

from .device import Device
from .error_codes import Code, demand, given, valid
from .face_requests import names_of, row
from .operation import Call, Fields, Operation, page_of
from .request_fields import PAGING, text

_NAME = re.compile(r"[\w\u4e00-\u9fff]+")
KEEP, DELETE, EMPTY = 1, 2, 3
_DELETE_ALL = integer("deleteAllFace", required=False, choices=(KEEP, DELETE, EMPTY))


def known(device: Device, name: str) -> str:
    """Return the name of a group, or refuse with 104301."""
    demand(name in device.groups, Code.GROUP_NAME_NOT_EXIST)
    return name


def _groups(device: Device) -> Fields:
    return {
        "faceGroupList": [
            {"groupName": name, "groupFaces": len(device.members(name))}
            for name in device.groups
        ]
    }


async def _list(device: Device, _: Call) -> Fields:
    return _groups(device)


async def _create(device: Device, call: Call) -> Fields | None:
    name = call.body["groupName"]
    valid(_NAME.fullmatch(name), "groupName")
    demand(name not in device.groups, Code.GROUP_NAME_CONFLICT)
    demand(len(device.groups) < device.limits.groups, Code.GROUP_OVER_LIMIT)
    device.groups.append(name)
    return _groups(device) if device.quirks.echo_writes else None


async def _delete(device: Device, call: Call) -> None:
    name = known(device, call.path["groupName"])
    how = call.body.get("deleteAllFace")
    if not device.quirks.delete_by_body:
        how = call.query.get("deleteAllFace", how)
    given(how is not None, "deleteAllFace")
    if how != EMPTY:
        demand(not device.usage(name), Code.GROUP_BEUSED)
        ruled = any(name in rule["groupNames"] for rule in device.rules.values())
        demand(not ruled, Code.GROUP_BIND_RULES)
    for person in device.members(name):
        person.groups.remove(name)
        if how == DELETE or (how == EMPTY and not person.groups):
            device.forget_person(person)
    if how != EMPTY:
        device.groups.remove(name)


async def _faces(device: Device, call: Call) -> Fields:
    name = known(device, call.path["groupName"])
    rows = [row(person) for person in device.members(name)]
    return page_of(
        device,
        call.query,
        rows,
        name="faces" if device.quirks.faces_plural else "face",
        total="totalFaces",
        total_of_page=True,
    )


def _names(device: Device, call: Call) -> list[str]:
    rows = call.body["faceGroupList"]
    if device.quirks.group_objects:
        valid(all(isinstance(item, dict) for item in rows), "faceGroupList")
    return names_of(rows)


async def _bind(device: Device, call: Call) -> None:
    person = device.person(call.path["faceToken"])
    names = [known(device, name) for name in _names(device, call)]
    person.groups.extend(name for name in names if name not in person.groups)


async def _unbind(device: Device, call: Call) -> None:
    person = device.person(call.path["faceToken"])
    names = _names(device, call)
    demand(set(names) <= set(person.groups), Code.GROUP_BINDING_NOT_EXIST)
    person.groups = [name for name in person.groups if name not in names]


async def _bind_one(device: Device, call: Call) -> None:
    person = device.person(call.path["faceToken"])
    name = known(device, call.path["groupName"])
    if name not in person.groups:
        person.groups.append(name)


async def _unbind_one(device: Device, call: Call) -> None:
    person = device.person(call.path["faceToken"])
    name = call.path["groupName"]
    demand(name in person.groups, Code.GROUP_BINDING_NOT_EXIST)
    person.groups.remove(name)


_GROUPS = (array("faceGroupList", None, low=1),)

OPERATIONS = (
    Operation("GET", "/faceGroups", _list),
    Operation("POST", "/faceGroups", _create, (text("groupName", 32, low=1),)),
    Operation("POST", "/faceGroups/binding/{faceToken}", _bind, _GROUPS),
    Operation("DELETE", "/faceGroups/unbind/{faceToken}", _unbind, _GROUPS),
    Operation("POST", "/faceGroups/{groupName}/{faceToken}", _bind_one, legacy=True),
    Operation(
        "DELETE", "/faceGroups/{groupName}/{faceToken}", _unbind_one, legacy=True
    ),
    Operation(
        "DELETE",
        "/faceGroups/{groupName}",
        _delete,
        (_DELETE_ALL,),
        query=(_DELETE_ALL,),
        body_optional=True,
    ),
    Operation(
        "GET",
        "/faceGroups/{groupName}",
        _faces,
        query=(text("groupName", required=False), *PAGING),
    ),
)

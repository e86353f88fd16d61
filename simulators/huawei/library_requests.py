"""Chapter 14: target groups and targets."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image
import voluptuous as vol

from simulators.json_types import Json

from .account import Account
from .error_codes import SUCCESS, Code, Refusal, demand
from .models import Device
from .operation import Answer, Call, Handler, Operation
from .request_fields import (
    DEVICE_ID,
    integer,
    listed,
    name,
    number,
    one_of,
    table,
    text,
)
from .target_libraries import (
    CLOSE,
    IVS1800,
    NVR800,
    OPEN,
    SDC,
    STRANGE,
    WHITE,
    Family,
    Libraries,
    Target,
    TargetGroup,
    family_of,
    libraries_of,
)

type _Change = Callable[[Account, Call], Awaitable[tuple[str, int]]]

_WRONG_GENDER, _WRONG_AGE, _WRONG_EMAIL, _WRONG_PHONE = range(20090003, 20090007)
_NOBODY = 20090007
_DELETE_FAILED, _UPDATE_FAILED = 20090008, 20090009
_IMPORT_FAILED = 20090014
_SIDE = 1200
_BASE64_LIMIT = 40 * 1024
_PAGE = 10


@dataclass(frozen=True, slots=True)
class _Place:
    """Which device, and group, a request is about."""

    libraries: Libraries
    device: Device
    family: Family
    given: dict[str, Any]

    @property
    def group(self) -> TargetGroup:
        return self.libraries.group(self.device, self.given["group_id"])


def _place(account: Account, given: dict[str, Any]) -> _Place:
    device = account.device(given["device_id"])
    demand(device.is_holo, Code.NO_GB_TARGETS)
    account.reachable_device(device.device_id)
    return _Place(libraries_of(account), device, family_of(device), given)


# Groups


def _group(group: TargetGroup, family: Family) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": group.name, "group_id": group.group_id}
    if family is not IVS1800:
        fields["enable"] = group.enable
    fields["is_fixed"] = group.fixed
    if family is NVR800:
        fields["is_hidden"] = group.group_type == WHITE
    return fields


async def groups(account: Account, call: Call) -> Answer:
    """14.1."""
    place = _place(account, call.query)
    most = place.family.groups
    return {
        "groups": [
            _group(group, place.family)
            for group in place.libraries.of(place.device).values()
        ],
        "device_id": place.device.device_id,
        "group_max_count": str(most) if account.quirks.group_max_as_text else most,
    }


def _type_of(place: _Place) -> str:
    wanted = str(place.given.get("group_type", place.family.first_type))
    demand(wanted in place.family.types, detail="group_type")
    return wanted


async def add_group(account: Account, call: Call) -> tuple[str, int]:
    """14.2, 14.3."""
    place = _place(account, call.body)
    libraries, most = place.libraries, place.family.groups
    room = most < 0 or len(libraries.of(place.device)) < most
    demand(room, Code.TOO_MANY_GROUPS)
    libraries.demand_name(place.device, place.given["group_name"])
    group = libraries.add(place.device, place.given["group_name"], _type_of(place))
    if place.family is not IVS1800:
        group.enable = CLOSE
    return place.device.device_id, group.group_id


async def change_group(account: Account, call: Call) -> tuple[str, int]:
    """14.4, 14.5: everything is sent; an empty group cannot be switched on."""
    place = _place(account, call.body)
    group, given = place.group, place.given
    demand(not group.fixed, Code.GROUP_FIXED)
    place.libraries.demand_name(place.device, given["group_name"], group)
    group_type = _type_of(place)
    if place.family is not IVS1800:
        demand("enable" in given, detail="enable")
        switched_on = given["enable"] == OPEN and group.enable != OPEN
        demand(group.targets or not switched_on, Code.GROUP_EMPTY)
        group.enable = given["enable"]
    group.name, group.group_type = given["group_name"], group_type
    return place.device.device_id, group.group_id


async def delete_group(account: Account, call: Call) -> tuple[str, int]:
    """14.6, 14.7: a camera's group must be empty; elsewhere all go with it."""
    place = _place(account, call.body)
    group = place.group
    demand(not group.fixed, Code.GROUP_FIXED)
    demand(not (place.family is SDC and group.targets), Code.GROUP_NOT_EMPTY)
    for target_id in list(group.targets):
        place.libraries.remove(group, target_id)
    del place.libraries.of(place.device)[group.group_id]
    return place.device.device_id, group.group_id


# Reading targets


def _id_of(account: Account, place: _Place, group: TargetGroup, target: Target) -> str:
    if place.family is SDC and account.quirks.prefixed_ids:
        return f"{group.group_id}_{target.target_id}"
    return target.target_id


async def _told(
    account: Account, place: _Place, group: TargetGroup, target: Target, *, photo: bool
) -> dict[str, Any]:
    fields = {**target.fields, "target_id": _id_of(account, place, group, target)}
    if target.external_target_id:
        fields["external_target_id"] = target.external_target_id
    if photo:
        content = await account.files.read(target.photo) or b""
        key = "jpg" if account.quirks.photo_as_jpg else "jpegBase64"
        fields[key] = base64.b64encode(content).decode()
    return fields


def _find(place: _Place, target_id: str) -> tuple[TargetGroup, Target]:
    """Return somebody by the id, on a camera with the group before it."""
    wanted, _, number = target_id.rpartition("_")
    for group in place.libraries.of(place.device).values():
        if number in group.targets and wanted in ("", str(group.group_id)):
            return group, group.targets[number]
    raise Refusal(Code.NO_TARGET)


async def targets_by_id(account: Account, call: Call) -> Answer:
    """14.8: a camera tells only the picture and the caller's own id."""
    place = _place(account, call.body)
    demand(place.family is not IVS1800, Code.UNSUPPORTED)
    rows = []
    for target_id in place.given["target_ids"]:
        group, target = _find(place, target_id)
        told = await _told(account, place, group, target, photo=True)
        if place.family is SDC:
            kept = ("jpg", "jpegBase64", "external_target_id", "target_id")
            told = {key: value for key, value in told.items() if key in kept}
        rows.append(told)
    answer: Answer = {"targets": rows}
    if account.quirks.ids_beside_targets and len(rows) == 1:
        for key in ("target_id", "external_target_id"):
            if key in rows[0]:
                answer[key] = rows[0].pop(key)
    return answer


def _window(account: Account, place: _Place) -> list[Target]:
    rows = list(place.group.targets.values())
    demand(rows or not account.quirks.nobody_is_error, _NOBODY)
    count, start = place.given.get("count", _PAGE), place.given.get("start", 0)
    first = start * count if account.quirks.start_is_page else start
    return rows[first : first + count]


async def target_ids(account: Account, call: Call) -> Answer:
    """14.9."""
    place = _place(account, call.query)
    return {
        "device_id": place.device.device_id,
        "target_ids": [
            _id_of(account, place, place.group, target)
            for target in _window(account, place)
        ],
    }


async def targets(account: Account, call: Call) -> Answer:
    """14.10: a camera tells no pictures."""
    place = _place(account, call.query)
    photo = place.family is not SDC
    return {
        "device_id": place.device.device_id,
        "targets": [
            await _told(account, place, place.group, target, photo=photo)
            for target in _window(account, place)
        ],
    }


async def count(account: Account, call: Call) -> Answer:
    """14.11."""
    place = _place(account, call.query)
    return {
        "device_id": place.device.device_id,
        "target_count": len(place.group.targets),
    }


# Writing targets


def _photo(account: Account, given: dict[str, Any]) -> bytes:
    """Return the photo of a target, or refuse it."""
    encoded = given.pop("jpegBase64")
    strict = account.quirks.strict_photo_size
    demand(not strict or len(encoded) <= _BASE64_LIMIT, _IMPORT_FAILED)
    try:
        content = base64.b64decode(encoded, validate=True)
        with Image.open(BytesIO(content)) as image:
            fits = image.format in ("JPEG", "PNG") and max(image.size) <= _SIDE
    except (binascii.Error, ValueError, OSError) as error:
        raise Refusal(_IMPORT_FAILED) from error
    demand(fits, _IMPORT_FAILED)
    return content


def _demand_batch(place: _Place) -> None:
    rows, family = place.given["targets"], place.family
    demand(len(rows) <= family.batch, Code.TOO_LONG_ARRAY)
    size = sum(len(row["jpegBase64"]) * 3 // 4 for row in rows)
    demand(family.photos is None or size <= family.photos, _IMPORT_FAILED)


def _kept(place: _Place, given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that this kind of device has."""
    unknown = {
        NVR800.name: (),
        SDC.name: ("age", "country", "occupation", "phone", "email", "remark"),
        IVS1800.name: ("age", "native", "phone", "email", "domicile"),
    }[place.family.name]
    ids = ("target_id", "external_target_id")
    return {k: v for k, v in given.items() if k not in unknown and k not in ids}


async def add_targets(account: Account, call: Call) -> Answer:
    """14.12: an item that fails does not stop the others."""
    place = _place(account, call.body)
    group = place.group
    takes_none = group.fixed and group.group_type == STRANGE
    demand(not takes_none, Code.GROUP_TAKES_NONE)
    _demand_batch(place)
    unkept = place.family is NVR800 and not place.given.get("storage", True)
    rows = []
    for given in place.given["targets"]:
        external = given.get("external_target_id", "")
        row: dict[str, Any] = {"name": given["name"], "result": SUCCESS}
        if external:
            row["external_target_id"] = external
        rows.append(row)
        try:
            demand(external or not unkept, detail="external_target_id")
            photo = _photo(account, given)
            target = place.libraries.enroll(
                place.device,
                group,
                _kept(place, given),
                photo,
                external_target_id=external,
                fixed=unkept,
            )
        except Refusal as refusal:
            row["result"] = refusal.result()
        else:
            row["target_id"] = _id_of(account, place, group, target)
    return {"targets": rows}


def _change(account: Account, place: _Place, given: dict[str, Any]) -> Target:
    group, target = _find(place, given["target_id"])
    demand(group is place.group, Code.NO_TARGET)
    demand(not target.fixed, _UPDATE_FAILED)
    photo = _photo(account, given)
    fields = _kept(place, given)
    if account.quirks.keep_omitted:
        fields = target.fields | fields
    target.fields = fields
    account.files.put(target.photo, photo)
    return target


async def change_targets(account: Account, call: Call) -> Answer:
    """14.13: what is not sent is cleared."""
    place = _place(account, call.body)
    group = place.group
    _demand_batch(place)
    rows = []
    for given in place.given["targets"]:
        row: dict[str, Any] = {"target_id": given["target_id"], "result": SUCCESS}
        rows.append(row)
        try:
            external = _change(account, place, given).external_target_id
        except Refusal as refusal:
            row["result"] = refusal.result()
        else:
            row |= {"external_target_id": external} if external else {}
    return {"group_id": group.group_id, "target_ids": rows}


async def delete_targets(account: Account, call: Call) -> Answer:
    """14.14."""
    place = _place(account, call.body)
    group = place.group
    rows = []
    for target_id in place.given["target_ids"]:
        row: dict[str, Any] = {"target_id": target_id, "result": SUCCESS}
        rows.append(row)
        try:
            found, target = _find(place, target_id)
            demand(found is group, _DELETE_FAILED)
            place.libraries.remove(group, target.target_id)
        except Refusal as refusal:
            row["result"] = refusal.result()
    return {"group_id": group.group_id, "target_ids": rows}


# Tables


def _flag(value: Json) -> bool:
    demand(isinstance(value, bool))
    return bool(value)


_GROUP_ID = integer(0, code=Code.WRONG_TARGET_GROUP)
_TARGET_ID = text(1, 20, pattern=r"[0-9_\-]+", code=Code.WRONG_TARGET)
_DEVICE = {"device_id": DEVICE_ID}
_CODES = {"device_id": Code.ILLEGAL_DEVICE}
_TYPES = one_of("WHITE", "BLACK", "RED", "STRANGE", "OTHER", "DEFAULT")
_GROUP_NAME = text(1, 63)
_PERSON = {
    "name": name(1, 128),
    "gender": one_of("male", "female", code=_WRONG_GENDER),
    "jpegBase64": text(1),
}
_OPTIONAL = {
    "age": integer(1, 255, code=_WRONG_AGE),
    "country": text(1, 128),
    "nation": text(1, 32),
    "native": text(1, 128),
    "occupation": text(1, 128),
    "work_no": text(1, 64),
    "phone": text(pattern=r"\d{11}", code=_WRONG_PHONE),
    "email": text(pattern=r"[^@\s]+@[^@\s]+", code=_WRONG_EMAIL),
    "domicile": text(1, 256),
    "remark": text(1, 512),
}
_EXTERNAL = {"external_target_id": text(1, 64, pattern=r"\w+")}


def _people(person: vol.Schema) -> vol.Schema:
    """Return the check of 14.12 and 14.13; the device says how many at most."""
    rows = listed(person, 1, 100, code=Code.TOO_LONG_ARRAY)
    required = {**_DEVICE, "group_id": _GROUP_ID, "targets": rows}
    return table(required, {"storage": _flag}, _CODES)


_IN_GROUP = table({**_DEVICE, "group_id": _GROUP_ID}, codes=_CODES)
_QUERY = {"group_id": number(0, code=Code.WRONG_TARGET_GROUP)}
_LISTED = table(
    {**_DEVICE, **_QUERY},
    {
        "start": number(0, 5000, code=Code.WRONG_START),
        "count": number(1, 5000, code=Code.WRONG_COUNT),
    },
    _CODES,
)
_ADD = table({**_DEVICE, "group_name": _GROUP_NAME}, {"group_type": _TYPES}, _CODES)
_CHANGE = table(
    {
        **_DEVICE,
        "group_id": _GROUP_ID,
        "group_name": _GROUP_NAME,
        "group_type": _TYPES,
    },
    {"enable": one_of(OPEN, CLOSE)},
    _CODES,
)
_IDS = listed(_TARGET_ID, 1, 100, code=Code.TOO_LONG_ARRAY)
_GROUPS = "/{user_id}/target-groups"
_TARGETS = "/v1/{user_id}/targets"


def _twice(
    operation: str, method: str, handler: _Change, body: vol.Schema
) -> tuple[Operation, Operation]:
    """Return both versions: the first tells the group as text."""

    def told(kind: type[str | int]) -> Handler:
        async def handle(account: Account, call: Call) -> Answer:
            device_id, group_id = await handler(account, call)
            return {"device_id": device_id, "group_id": kind(group_id)}

        return handle

    return (
        Operation(f"{operation}_v1", method, f"/v1{_GROUPS}", told(str), body=body),
        Operation(f"{operation}_v2", method, f"/v2{_GROUPS}", told(int), body=body),
    )


OPERATIONS = (
    Operation(
        "target_groups_list",
        "GET",
        f"/v1{_GROUPS}",
        groups,
        query=table(_DEVICE, codes=_CODES),
    ),
    *_twice("target_group_add", "POST", add_group, _ADD),
    *_twice("target_group_update", "PUT", change_group, _CHANGE),
    *_twice("target_group_delete", "DELETE", delete_group, _IN_GROUP),
    Operation(
        "targets_get",
        "POST",
        _TARGETS,
        targets_by_id,
        body=table({**_DEVICE, "target_ids": _IDS}, codes=_CODES),
    ),
    Operation("target_ids_list", "GET", f"{_TARGETS}/ids", target_ids, query=_LISTED),
    Operation("targets_list", "GET", _TARGETS, targets, query=_LISTED),
    Operation(
        "targets_count",
        "GET",
        f"{_TARGETS}/count",
        count,
        query=table({**_DEVICE, **_QUERY}, codes=_CODES),
    ),
    Operation(
        "targets_batch_add",
        "POST",
        f"{_TARGETS}/batch-add",
        add_targets,
        body=_people(table(_PERSON, {**_OPTIONAL, **_EXTERNAL})),
    ),
    Operation(
        "targets_batch_update",
        "PUT",
        _TARGETS,
        change_targets,
        body=_people(table({**_PERSON, "target_id": _TARGET_ID}, _OPTIONAL)),
    ),
    Operation(
        "targets_batch_delete",
        "POST",
        "/v1/{user_id}/target/batch-delete",
        delete_targets,
        body=table(
            {**_DEVICE, "group_id": _GROUP_ID, "target_ids": _IDS}, codes=_CODES
        ),
    ),
)

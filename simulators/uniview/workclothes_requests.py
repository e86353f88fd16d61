"""Chapters 7 and 8: work-clothes libraries and the pictures in them."""

from simulators.request_fields import array, integer, text

from .device import Device
from .error_codes import MESSAGES, Code, Refusal
from .models import Library, WorkClothes
from .operation import Answer, Fields, Operation, named_like, page_of
from .request_fields import PAGING
from .uploaded_pictures import received_picture

MOST_PER_CALL = 50
ALL = 999


def _library(device: Device, lib_id: int) -> Library:
    try:
        return device.workclothes_libraries[lib_id]
    except KeyError as error:
        raise Refusal(Code.INVALID_ARGUMENTS) from error


def _check_name(device: Device, name: str, lib_id: int | None = None) -> None:
    for library in device.workclothes_libraries.values():
        if library.name == name and library.lib_id != lib_id:
            raise Refusal(Code.WORKCLOTHES_LIBRARY_EXISTS)


async def add_library(device: Device, request: Fields) -> Answer:
    """7.1."""
    _check_name(device, request["lib_name"])
    if len(device.workclothes_libraries) >= device.limits.workclothes_libraries:
        raise Refusal(Code.TOO_MANY_WORKCLOTHES_LIBRARIES)
    lib_id = device.next_id("workclothes_library")
    device.workclothes_libraries[lib_id] = Library(
        lib_id, request["lib_name"], int(device.now())
    )
    return {"lib_id": lib_id}


async def rename_library(device: Device, request: Fields) -> Answer:
    """7.2."""
    library = _library(device, request["lib_id"])
    _check_name(device, request["lib_name"], library.lib_id)
    library.name = request["lib_name"]
    return None


async def delete_library(device: Device, request: Fields) -> Answer:
    """7.3: pictures in it go with it, tasks stop using it."""
    lib_id = _library(device, request["lib_id"]).lib_id
    for item in list(device.workclothes.values()):
        if item.lib_id == lib_id:
            _remove(device, item)
    del device.workclothes_libraries[lib_id]
    for channel in device.channels.values():
        for task in channel.tasks:
            used = task.get("workclothes_lib_list")
            if used and lib_id in used:
                task["workclothes_lib_list"] = [key for key in used if key != lib_id]
    return None


async def list_libraries(device: Device, request: Fields) -> Answer:
    """7.4."""
    rows = [
        {
            "lib_id": library.lib_id,
            "lib_name": library.name,
            "create_time": library.create_time,
        }
        for library in device.workclothes_libraries.values()
        if named_like(library.name, request.get("lib_name"))
    ]
    return page_of(device, rows, request, "workcloth_lib_list")


async def _add(device: Device, lib_id: int, encoded: str) -> int:
    content, modelled = await received_picture(
        device,
        encoded,
        wrong=Code.WORKCLOTHES_FAILED,
        too_large=Code.WORKCLOTHES_TOO_LARGE,
    )
    if len(device.workclothes) >= device.limits.workclothes:
        raise Refusal(Code.TOO_MANY_WORKCLOTHES)
    milliseconds = device.next_milliseconds()
    item = WorkClothes(
        device.next_id("workclothes", first=2001),
        lib_id,
        device.pictures.library(milliseconds, content),
        milliseconds // 1000,
        device.steady() + device.timing.modelling * device.time_scale,
        modelled,
    )
    device.workclothes[item.workclothes_id] = item
    return item.workclothes_id


def _remove(device: Device, item: WorkClothes) -> None:
    device.pictures.remove(item.image_path)
    del device.workclothes[item.workclothes_id]


async def add(device: Device, request: Fields) -> Answer:
    """8.1."""
    lib_id = _library(device, request["lib_id"]).lib_id
    return {"workclothes_id": await _add(device, lib_id, request["image_base64"])}


async def add_many(device: Device, request: Fields) -> Answer:
    """8.2: failures by their position, counted from 0."""
    lib_id = _library(device, request["lib_id"]).lib_id
    added, failed = [], []
    for index, encoded in enumerate(request["image_base64"]):
        try:
            added.append(await _add(device, lib_id, encoded))
        except Refusal as refusal:
            failed.append({"index": index, "reason": MESSAGES[refusal.code]})
    return {"workclothes_id": added, "fail_list": failed}


async def delete(device: Device, request: Fields) -> Answer:
    """8.3: nothing is deleted when one of the ids is not in the library."""
    _library(device, request["lib_id"])
    items = {}
    for key in request["workclothes_id_list"]:
        item = device.workclothes.get(key)
        if item is None or item.lib_id != request["lib_id"]:
            raise Refusal(Code.INVALID_ARGUMENTS)
        items[key] = item
    for item in items.values():
        _remove(device, item)
    return None


async def list_items(device: Device, request: Fields) -> Answer:
    """8.4."""
    _library(device, request["lib_id"])
    rows = []
    for item in device.workclothes.values():
        state = int(device.modelling_of(item))
        if item.lib_id == request["lib_id"] and request.get("model_status", ALL) in (
            ALL,
            state,
        ):
            rows.append(
                {
                    "lib_id": item.lib_id,
                    "workclothes_id": item.workclothes_id,
                    "image_path": item.image_path,
                    "create_time": item.create_time,
                    "model_status": state,
                }
            )
    return page_of(device, rows, request, "workclothes_list")


_NAME = text("lib_name", 64, low=1)
_LIBRARY = integer("lib_id")

OPERATIONS = (
    Operation("/api/v2/workclotheslib/add", add_library, (_NAME,)),
    Operation("/api/v2/workclotheslib/update", rename_library, (_LIBRARY, _NAME)),
    Operation("/api/v2/workclotheslib/delete", delete_library, (_LIBRARY,)),
    Operation(
        "/api/v2/workclotheslib/list",
        list_libraries,
        (text("lib_name", 64, required=False), *PAGING),
    ),
    Operation("/api/v2/workclothes/add", add, (_LIBRARY, text("image_base64", low=1))),
    Operation(
        "/api/v2/workclothes/batchadd",
        add_many,
        (_LIBRARY, array("image_base64", text(), high=MOST_PER_CALL)),
    ),
    Operation(
        "/api/v2/workclothes/delete",
        delete,
        (_LIBRARY, array("workclothes_id_list", integer())),
    ),
    Operation(
        "/api/v2/workclothes/list",
        list_items,
        (
            _LIBRARY,
            *PAGING,
            integer("model_status", required=False, choices=(1, 2, 3, 4, ALL)),
        ),
    ),
)

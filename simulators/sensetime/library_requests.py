"""Sections 3.1 to 3.10, 3.19, 3.20, 3.27, 3.28: libraries and enrolled faces."""

import base64
from pathlib import PurePath
import re
from typing import Any

from simulators.form_data import Upload
from simulators.request_fields import file, integer, text

from . import recognition_requests
from .device import Device
from .error_codes import Code, Refusal, demand
from .models import PERSON, Face, Library
from .operation import Answer, Fields, Operation, page_of
from .request_fields import PAGING, picture, pictures
from .uploaded_pictures import decoded, feature_text

_IMG_ID = re.compile(r"[A-Za-z0-9-]+")
_LONGEST_IMG_ID = 48
_MOST_IDS = 50
_UPLOADED = re.compile(r"img_\d+")
_RESULTS = "tmp/image_.csv"

# The order of the values in the file name of a batch (3.19).
_NAMED = (
    "person_name",
    "img_id",
    "person_idcard",
    "person_gender",
    "person_age",
    "person_addr",
)


def ids_of(text_of_ids: str) -> list[str]:
    """Return the 1 to 50 ids of a list such as "a,b", or refuse it with -3596."""
    ids = [part for part in text_of_ids.split(",") if part]
    demand(1 <= len(ids) <= _MOST_IDS)
    return ids


def in_order(device: Device, rows: list[Any]) -> list[Any]:
    """Return rows that are kept oldest first as lists show them."""
    return rows if device.quirks.oldest_first else rows[::-1]


def _library(device: Device, library: Library) -> dict[str, Any]:
    return {
        "create_time": device.stamp(library.create_time),
        "lib_id": library.lib_id,
        "lib_name": library.name,
        "lib_type": library.kind,
        "picture_no": len(library.faces),
        "update_time": device.stamp(library.update_time),
    }


def _face(device: Device, face: Face) -> dict[str, Any]:
    return {
        "create_time": device.stamp(face.create_time),
        "img_id": face.img_id,
        "img_path": face.path,
        "lib_id": face.lib_id,
        **face.person,
    }


async def list_libraries(device: Device, _: Fields) -> Answer:
    """3.1."""
    return [_library(device, library) for library in device.libraries.values()]


def _free_name(device: Device, name: str, lib_id: int | None = None) -> None:
    taken = any(
        library.name == name and library.lib_id != lib_id
        for library in device.libraries.values()
    )
    demand(not taken, Code.LIBRARY_EXISTS)


async def create_library(device: Device, request: Fields) -> Answer:
    """3.2."""
    _free_name(device, request["lib_name"])
    full = len(device.libraries) >= device.limits.libraries
    demand(not full, Code.TOO_MANY_LIBRARIES)
    now = device.now()
    library = Library(
        device.next_id("library"), request["lib_name"], request["lib_type"], now, now
    )
    device.libraries[library.lib_id] = library
    return {"lib_id": library.lib_id, "lib_name": library.name}


async def delete_library(device: Device, request: Fields) -> Answer:
    """3.3: not while a camera watches it."""
    library = device.library(request["lib_id"])
    bound = any(library.lib_id in c.lib_ids for c in device.cameras.values())
    demand(not bound, Code.LIBRARY_BOUND)
    for img_id in list(library.faces):
        device.remove_face(library, img_id)
    del device.libraries[library.lib_id]
    return ""


async def modify_library(device: Device, request: Fields) -> Answer:
    """3.4."""
    library = device.library(request["lib_id"])
    _free_name(device, request["lib_name"], library.lib_id)
    library.name, library.kind = request["lib_name"], request["lib_type"]
    library.update_time = device.now()
    return {"lib_id": library.lib_id, "lib_name": library.name}


async def query_libraries(device: Device, request: Fields) -> Answer:
    """3.5: the name filter is taken as fuzzy."""
    rows = [
        _library(device, library)
        for library in device.libraries.values()
        if request.get("lib_id", library.lib_id) == library.lib_id
        and request.get("lib_name", "") in library.name
        and request.get("lib_type", library.kind) == library.kind
    ]
    return page_of(device, in_order(device, rows), request)


async def get_face(device: Device, request: Fields) -> Answer:
    """3.6."""
    face = device.face(request["lib_id"], request["img_id"])
    content = await device.files.read(face.path) or b""
    img = base64.b64encode(content).decode()
    if device.quirks.broken_img:
        img = content.decode(errors="replace")
    seen = await recognition_requests.seen(device, face)
    return {**_face(device, face), "img": img, "img_feat": feature_text(seen.features)}


async def _enrol(
    device: Device, library: Library, upload: Upload, given: dict[str, Any]
) -> str:
    img_id = given.get("img_id") or device.uuid()
    demand(len(img_id) <= _LONGEST_IMG_ID, Code.IMG_ID_TOO_LONG)
    demand(_IMG_ID.fullmatch(img_id))
    demand(device.find_face(img_id) is None, Code.IMG_ID_EXISTS)
    person = {name: given.get(name, "") for name in PERSON}
    _check_person(person)
    seen = await recognition_requests.inspect(upload.content)
    for known in library.faces.values():
        same = await device.files.read(known.path) == upload.content
        demand(not same, Code.FACE_IN_LIBRARY)
    path = f"img/{library.lib_id}_{img_id}.{seen.suffix}"
    face = Face(img_id, library.lib_id, path, device.now(), person)
    device.enrol(library, face)
    device.files.put(path, upload.content)
    return img_id


def _check_person(person: dict[str, str]) -> None:
    demand(person.get("person_gender", "") in ("", "0", "1"))
    age = person.get("person_age", "")
    demand(not age or (age.isdecimal() and 1 <= int(age) <= 120))


async def enrol_file(device: Device, request: Fields) -> Answer:
    """3.7."""
    library = device.library(request["lib_id"])
    return {"img_id": await _enrol(device, library, request["img"], request)}


async def enrol_base64(device: Device, request: Fields) -> Answer:
    """3.27."""
    library = device.library(request["lib_id"])
    upload = decoded(request["img"], data_uri=device.quirks.accept_data_uri)
    return {"img_id": await _enrol(device, library, upload, request)}


def _person_in(filename: str) -> dict[str, str]:
    """Return what a file name tells (3.19); one without underscores is a name."""
    values = PurePath(filename).stem.split("_")
    if len(values) == 1:
        return {"person_name": values[0]}
    demand(len(values) == len(_NAMED))
    named = zip(_NAMED, values, strict=True)
    return {name: "" if value == "#" else value for name, value in named}


async def _enrol_all(
    device: Device, library: Library, uploads: list[Upload]
) -> dict[str, Any]:
    lines, errors = ["filename,code\n"], 0
    for upload in uploads:
        code = int(Code.OK)
        try:
            await _enrol(device, library, upload, _person_in(upload.filename))
        except Refusal as refusal:
            code = int(refusal.code)
            errors += 1
        lines.append(f"{upload.filename},{code}\n")
    device.files.put(_RESULTS, "".join(lines).encode())
    return {"err_count": errors, "url": _RESULTS}


async def enrol_files(device: Device, request: Fields) -> Answer:
    """3.19."""
    library = device.library(request["lib_id"])
    uploads = [
        value
        for name, value in request.items()
        if _UPLOADED.fullmatch(name) and isinstance(value, Upload)
    ]
    demand(uploads)
    return await _enrol_all(device, library, uploads)


async def enrol_many_base64(device: Device, request: Fields) -> Answer:
    """3.28: a picture that is no base64 counts as an error of the batch."""
    library = device.library(request["lib_id"])
    uploads = []
    for item in request["imgs"]:
        try:
            upload = decoded(item, data_uri=device.quirks.accept_data_uri)
        except Refusal:
            upload = Upload(item["filename"], b"")
        uploads.append(upload)
    return await _enrol_all(device, library, uploads)


async def delete_face(device: Device, request: Fields) -> Answer:
    """3.8."""
    face = device.face(request["lib_id"], request["img_id"])
    device.remove_face(device.library(face.lib_id), face.img_id)
    return ""


async def delete_faces(device: Device, request: Fields) -> Answer:
    """3.20: all of them, or none when one is not there."""
    library = device.library(request["lib_id"])
    img_ids = ids_of(request["img_ids"])
    known = all(img_id in library.faces for img_id in img_ids)
    demand(known, Code.NO_FACE_IN_LIBRARY)
    for img_id in dict.fromkeys(img_ids):
        device.remove_face(library, img_id)
    return ""


async def modify_face(device: Device, request: Fields) -> Answer:
    """3.9: what is left out stays."""
    face = device.face(request["lib_id"], request["img_id"])
    person = {name: request[name] for name in PERSON if name in request}
    _check_person(person)
    face.person = {**face.person, **person}
    return {"img_id": face.img_id, "lib_id": face.lib_id}


async def query_faces(device: Device, request: Fields) -> Answer:
    """3.10: `fuzzy_key` excludes the exact filters."""
    library = device.library(request["lib_id"])
    exact = {name: request[name] for name in PERSON if name in request}
    fuzzy = request.get("fuzzy_key")
    demand(not (fuzzy and (exact or "create_time" in request)))
    rows = []
    for face in library.faces.values():
        row = _face(device, face)
        if "create_time" in request and row["create_time"] != request["create_time"]:
            continue
        if fuzzy and not any(fuzzy in value for value in face.person.values()):
            continue
        if all(face.person[name] == value for name, value in exact.items()):
            rows.append(row)
    return page_of(device, in_order(device, rows), request)


_LIB_ID = integer("lib_id")
_TYPE = integer("lib_type", low=1, high=2)
_IMG = text("img_id", low=1)
_PERSON = tuple(text(name, required=False) for name in PERSON)
_NEW_ID = text("img_id", required=False)

OPERATIONS = (
    Operation(1028, list_libraries),
    Operation(1025, create_library, (text("lib_name", low=1), _TYPE)),
    Operation(1026, delete_library, (_LIB_ID,)),
    Operation(1027, modify_library, (_LIB_ID, text("lib_name", low=1), _TYPE)),
    Operation(
        1034,
        query_libraries,
        (
            *PAGING,
            integer("lib_id", required=False),
            text("lib_name", required=False),
            integer("lib_type", required=False, low=1, high=2),
        ),
    ),
    Operation(1032, get_face, (_IMG, _LIB_ID)),
    Operation(1029, enrol_file, (_LIB_ID, file("img"), _NEW_ID, *_PERSON), form=True),
    Operation(1051, enrol_base64, (_LIB_ID, picture("img"), _NEW_ID, *_PERSON)),
    Operation(1031, delete_face, (_IMG, _LIB_ID)),
    Operation(1044, delete_faces, (text("img_ids", low=1), _LIB_ID)),
    Operation(1033, modify_face, (_IMG, _LIB_ID, *_PERSON)),
    Operation(
        1035,
        query_faces,
        (
            _LIB_ID,
            *PAGING,
            *_PERSON,
            text("create_time", required=False),
            text("fuzzy_key", required=False, high=40),
        ),
    ),
    Operation(
        1030, enrol_files, (_LIB_ID, text("uuid", low=1)), form=True, everything=True
    ),
    Operation(
        1052,
        enrol_many_base64,
        (_LIB_ID, text("uuid", low=1), pictures("imgs")),
    ),
)

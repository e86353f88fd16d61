"""Sections 3.25, 3.26, 3.29 and chapter 5: detection and comparison."""

import asyncio
from typing import Any

from simulators.form_data import Upload
from simulators.json_types import Json
from simulators.request_fields import file, integer, text

from . import uploaded_pictures
from .device import Device
from .error_codes import demand
from .models import Face, Library
from .operation import Answer, Fields, Operation
from .request_fields import picture
from .uploaded_pictures import FacePicture, decoded, similarity

_MOST_RESULTS = 50


async def inspect(content: bytes) -> FacePicture:
    """Find the face in a picture, see `uploaded_pictures.inspect`."""
    return await asyncio.to_thread(uploaded_pictures.inspect, content)


async def seen(device: Device, face: Face) -> FacePicture:
    """Return what the analysis saw in the picture of an enrolled face."""
    return await inspect(await device.files.read(face.path) or b"")


def _upload(device: Device, value: Json) -> Upload:
    if isinstance(value, Upload):
        return value
    return decoded(value, data_uri=device.quirks.accept_data_uri)


def _attributes(found: FacePicture) -> dict[str, str]:
    """Return attributes that are always the same for the same picture."""
    number = int(abs(sum(found.features[::3])) * 1000)
    age = 18 + number % 50
    return {
        "cap_style": "hat_style_type_none",
        "gender_code": ("female", "male")[number % 2],
        "glass_style": "glasses_style_type_none",
        "mustache_style": "mustache_style_type_none",
        "respirator_color": "color_type_none",
        "st_age": "st_adult" if age < 60 else "st_old",
        "st_age_value": f"{age:.6f}",
        "st_expression": "st_calm",
    }


def _detected(found: FacePicture) -> dict[str, Any]:
    return {
        "attribute": _attributes(found),
        "quality": found.quality,
        "coordinate": ",".join(str(side) for side in found.box),
    }


async def detect(device: Device, request: Fields) -> Answer:
    """3.25 and 3.29."""
    return _detected(await inspect(_upload(device, request["img"]).content))


async def detect_all(device: Device, request: Fields) -> Answer:
    """3.26."""
    upload = _upload(device, request["img"])
    found = await inspect(upload.content)
    path = device.files.capture(f"tmp/{device.uuid()}.{found.suffix}", upload.content)
    return [{**_detected(found), "img_path": path}]


async def compare(device: Device, request: Fields) -> Answer:
    """5.2 and 5.4."""
    first, second = [
        await inspect(_upload(device, request[name]).content)
        for name in ("img_1", "img_2")
    ]
    return {str(device.quirks.score_key): similarity(first, second)}


def _number(device: Device, value: str) -> str | int:
    if device.quirks.person_as_numbers and value.isdecimal():
        return int(value)
    return value


def _match(
    device: Device, library: Library, face: Face, score: int, ranking: int
) -> dict[str, Any]:
    person = face.person
    return {
        "img_id": face.img_id,
        "img_path": face.path,
        "lib_id": library.lib_id,
        "lib_name": library.name,
        "lib_type": library.kind,
        "ranking": ranking,
        "similarity": score,
        "id": _number(device, person["person_idcard"]),
        "name": person["person_name"],
        "gender": _number(device, person["person_gender"]),
        "age": _number(device, person["person_age"]),
        "address": person["person_addr"],
    }


async def search(device: Device, request: Fields) -> Answer:
    """5.1 and 5.3."""
    libraries = device.known_libraries(request["lib_ids"])
    demand(1 <= len(libraries) <= 50)
    most, repeated = request.get("topk", 1), request.get("n_topk", 1)
    demand(repeated <= most)
    found = await inspect(_upload(device, request["img"]).content)
    scored = []
    for library in libraries:
        for face in library.faces.values():
            score = similarity(found, await seen(device, face))
            if score >= request.get("threshold", 0):
                scored.append((score, library, face))
    scored.sort(key=lambda row: -row[0])
    best = [
        _match(device, library, face, score, ranking)
        for ranking, (score, library, face) in enumerate(scored[:most], 1)
    ]
    left, top, right, bottom = found.box
    return {
        str(device.quirks.in_pic): {
            "pos_top": top,
            "pos_bottom": bottom,
            "pos_left": left,
            "pos_right": right,
            "quality": found.quality,
        },
        "n_topn": best[repeated - 1] if repeated <= len(best) else {},
        "topn": best,
    }


_SEARCH = (
    text("lib_ids", low=1),
    integer("threshold", required=False, low=0, high=100),
    integer("topk", required=False, low=1, high=_MOST_RESULTS),
    integer("n_topk", required=False, low=1, high=_MOST_RESULTS),
)

OPERATIONS = (
    Operation(769, detect, (file("img"),), form=True),
    Operation(779, detect, (picture("img"),)),
    Operation(782, detect_all, (file("img"),), form=True),
    Operation(771, compare, (file("img_1"), file("img_2")), form=True),
    Operation(781, compare, (picture("img_1"), picture("img_2"))),
    Operation(772, search, (file("img"), *_SEARCH), form=True),
    Operation(780, search, (picture("img"), *_SEARCH)),
)

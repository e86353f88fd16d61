"""Chapters 5 and 10: enrolment of faces, comparison, features."""

import asyncio
import base64
from typing import Any

from simulators.form_data import Upload
from simulators.picture_similarity import similarity_of
from simulators.request_fields import array, file, integer, switch

from .device import Device
from .error_codes import Code, Refusal, demand, valid
from .models import Person
from .operation import Call, Fields, File, Operation, page_of
from .request_fields import PAGING, text
from .uploaded_pictures import FacePicture, image_id, inspect

_BATCH, _FEATURES = 50, 25


def _free_token(device: Device) -> None:
    demand(not device.settings.model["libMode"], Code.WORK_MODE_NOT_MATCH)
    demand(len(device.people) < device.limits.faces, Code.IMAGE_OVER_LIMIT)


def names_of(groups: list[object]) -> list[str]:
    """Return the groups of a list of texts or of objects `{groupName}`."""
    names = [g.get("groupName") if isinstance(g, dict) else g for g in groups]
    valid(all(isinstance(name, str) for name in names), "faceGroupList")
    return [str(name) for name in names]


def enrol(
    device: Device, content: bytes, seen: FacePicture, description: str
) -> Person:
    """Enrol a picture, or refuse with 104204 when it is enrolled already."""
    _free_token(device)
    name = image_id(content)
    known = device.people.get(name)
    demand(known is None or not known.token, Code.FACE_ALREADY_EXIST)
    token = device.token()
    number = device.next_id("face")
    person = Person(
        name,
        token,
        description,
        seen.rect,
        seen.features,
        device.now(),
        device.files.put(f"face_image/{name}.jpg", content),
        device.files.put(
            f"face_data/loe{number % 512}/lte{number % 1024}/{token}.jpg", seen.crop
        ),
    )
    device.people[name] = person
    return person


def features(values: tuple[float, ...]) -> Fields:
    """Return `featureInfo`."""
    packed = bytes(int((value + 1) * 127) for value in values)
    return {"feature": base64.b64encode(packed).decode(), "version": "feature_v5"}


def detection(seen: FacePicture, *, age: bool = False) -> Fields:
    """Return a detection result (S7)."""
    found: Fields = {
        **seen.rect,
        "roll": 0,
        "yaw": 2,
        "pitch": -3,
        "blurness": 0.0,
        "livenessScore": 0.0,
    }
    if age:
        found |= {"quality": seen.quality, "age": 35}
    return found


async def _create(device: Device, call: Call) -> Fields:
    _free_token(device)
    content = call.body["image"].content
    if "imageMd5" in call.body:
        demand(call.body["imageMd5"] == image_id(content), Code.IMAGE_MD5_CHECK_FAIL)
    seen = await asyncio.to_thread(inspect, content)
    person = enrol(device, content, seen, call.body["description"])
    return {
        "imageId": person.image_id,
        "rect": person.rect,
        "faceToken": person.token,
    }


def row(person: Person) -> Fields:
    """Return a face as the lists show it."""
    return {
        "imageId": person.image_id,
        "faceToken": person.token,
        "description": person.description,
    }


async def _list(device: Device, call: Call) -> Fields:
    rows = [row(person) for person in device.people.values()]
    return page_of(device, call.query, rows, name="face", total="totalFaces")


async def _delete(device: Device, call: Call) -> None:
    device.forget_face(device.person(call.path["faceToken"]))


def _image(device: Device, call: Call) -> Person:
    name = call.path["imageId"]
    demand(name in device.people, Code.IMAGE_ID_NOT_EXIST)
    return device.people[name]


async def _delete_image(device: Device, call: Call) -> None:
    device.forget_person(_image(device, call))


async def _get(device: Device, call: Call) -> Fields:
    person = device.person(call.path["faceToken"])
    crop = await device.files.read(person.crop) or b""
    return {
        "imageId": person.image_id,
        "description": person.description,
        "rect": person.rect,
        "faceGroupList": [{"groupName": name} for name in person.groups],
        "image": base64.b64encode(crop).decode(),
    }


async def _get_image(device: Device, call: Call) -> File:
    person = _image(device, call)
    content = None
    if device.keeps_originals:
        content = await device.files.read(person.path)
    if content is None:
        raise Refusal(Code.IMAGE_ID_NOT_EXIST)
    return File(content, "image/jpeg")


async def _reset(device: Device, _: Call) -> None:
    for person in list(device.people.values()):
        device.forget_person(person)


def _uploads(call: Call, name: str) -> list[Upload]:
    return [
        part for key, part in call.parts if key == name and isinstance(part, Upload)
    ]


async def _search(device: Device, call: Call) -> Fields:
    groups = call.body["group"]
    names = names_of(groups)
    demand(set(names) <= set(device.groups), Code.GROUP_NAME_NOT_EXIST)
    seen = await asyncio.to_thread(inspect, call.body["image"].content)
    found: dict[str, tuple[float, Person]] = {}
    for name in names:
        for person in device.members(name):
            score = round(similarity_of(seen.features, person.features), 2)
            found[person.token] = score, person
    best = sorted(found.values(), key=lambda pair: -pair[0])[:5]
    answer: Fields = {"detectionResult": detection(seen, age=True)}
    for place, (score, person) in enumerate(best, 1):
        answer[f"top{place}"] = {
            "searchScore": score,
            "faceToken": person.token,
            "description": person.description,
            "imageUrl": f"./{person.crop}",
            "group": [{"groupName": name} for name in person.groups],
        }
    if call.body.get("featureUpload"):
        answer["featureInfo"] = features(seen.features)
    return answer


async def _compare(_: Device, call: Call) -> Fields:
    first, second = [
        await asyncio.to_thread(inspect, call.body[name].content)
        for name in ("image1", "image2")
    ]
    return {
        "compareScore": round(similarity_of(first.features, second.features), 2),
        "detectionResult1": detection(first),
        "detectionResult2": detection(second),
    }


async def _extract(_: Device, call: Call) -> Fields:
    valid(call.body["total"] <= _FEATURES, "total")
    files = _uploads(call, "image")
    valid(len(files) == call.body["total"], "image")
    results: list[dict[str, Any]] = []
    for upload in files:
        try:
            seen = await asyncio.to_thread(inspect, upload.content)
        except Refusal as refusal:
            results.append({"ret_code": int(refusal.code)})
            continue
        results.append(
            {
                "ret_code": 0,
                "featureInfo": features(seen.features),
                "detectionResult": {
                    "quality": seen.quality,
                    "roll": 0,
                    "yaw": 2,
                    "pitch": -3,
                    "blurness": 0.0,
                    "age": 35,
                },
            }
        )
    return {"result_array": results}


_LIVENESS = switch("livenessEnabled", required=False)

OPERATIONS = (
    Operation(
        "POST",
        "/faces",
        _create,
        form=(
            file("image"),
            text("description", 255),
            text("imageMd5", 24, low=24, required=False),
        ),
        parallel=True,
    ),
    Operation("GET", "/faces", _list, query=PAGING),
    Operation("DELETE", "/faces/image/{imageId}", _delete_image, parallel=True),
    Operation("GET", "/faces/image/{imageId}", _get_image),
    Operation("DELETE", "/faces/facesLib", _reset, other="/faces/faceLib"),
    Operation(
        "DELETE",
        "/faces/faceToken/{faceToken}",
        _delete,
        other="/faces/{faceToken}",
        parallel=True,
    ),
    Operation("GET", "/faces/faceToken/{faceToken}", _get, other="/faces/{faceToken}"),
    Operation(
        "POST",
        "/search",
        _search,
        form=(
            file("image"),
            array("group", None, low=1),
            _LIVENESS,
            switch("featureUpload", required=False),
        ),
    ),
    Operation(
        "POST", "/compare", _compare, form=(file("image1"), file("image2"), _LIVENESS)
    ),
    Operation("POST", "/feature", _extract, form=(integer("total", 1), file("image"))),
)

"""Chapter 30: what is in a picture that is sent along."""

import asyncio
import base64
from io import BytesIO
import random
from typing import Any

from PIL import Image

from simulators import pictures
from simulators.request_fields import file, group, integer, switch

from . import target_attributes
from .device import Device
from .error_codes import valid
from .models import Target
from .operation import Call, Fields, Operation
from .request_fields import text
from .uploaded_pictures import image_id, inspect

_RECT = group(
    "rect", *(integer(name, 0) for name in ("left", "top", "right", "bottom"))
)
_WORDS = {target.word: target for target in Target}


def attributes_of(target: Target, rng: random.Random) -> dict[str, Any]:
    """Return plausible attributes of a target, in the codes of set B."""
    match target:
        case Target.FACE:
            return target_attributes.face_attributes(rng).nested()
        case Target.HUMAN:
            return target_attributes.human(rng)
        case Target.VEHICLE:
            return target_attributes.vehicle(rng)
        case Target.CYCLE:
            return target_attributes.cycle(rng)
        case Target.PLATE:
            return target_attributes.plate(rng)


async def _detect(_: Device, call: Call) -> Fields:
    seen = await asyncio.to_thread(inspect, call.body["image"].content, face=False)
    if not seen.features:
        return {"detectionResult": []}
    wide, high = seen.size
    body = {"left": wide // 10, "top": high // 10, "right": wide * 9 // 10}
    return {
        "detectionResult": [
            {
                "objType": "face",
                "score": 98.5,
                "rect": seen.rect,
                "roll": 0,
                "yaw": 2,
                "pitch": -3,
                "blurness": 3.5,
            },
            {"objType": "human", "score": 91.0, "rect": {**body, "bottom": high}},
        ]
    }


def _crop(content: bytes, box: tuple[int, int, int, int]) -> bytes:
    with Image.open(BytesIO(content)) as image:
        return pictures.jpeg(image.convert("RGB").crop(box))


async def _attributes(_: Device, call: Call) -> Fields:
    content = call.body["image"].content
    seen = await asyncio.to_thread(inspect, content, face=False)
    rect = call.body["rect"]
    left, top, right, bottom = (
        rect[name] for name in ("left", "top", "right", "bottom")
    )
    valid(left < right <= seen.size[0] and top < bottom <= seen.size[1], "rect")
    target = _WORDS[call.body["objType"]]
    answer: Fields = {
        "objType": target.word,
        # The same picture always looks the same.
        target.attributes: attributes_of(target, random.Random(image_id(content))),
    }
    if call.body["captureObjEnable"]:
        crop = await asyncio.to_thread(_crop, content, (left, top, right, bottom))
        answer["captureObj"] = base64.b64encode(crop).decode()
    return answer


OPERATIONS = (
    Operation("POST", "/picture/detect", _detect, form=(file("image"),)),
    Operation(
        "POST",
        "/picture/objAttr",
        _attributes,
        form=(
            file("image"),
            switch("captureObjEnable"),
            text("objType", choices=_WORDS),
            _RECT,
        ),
    ),
)

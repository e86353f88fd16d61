"""Chapter 2 and 6.7: picture files and their comparison."""

import asyncio
import base64

from simulators.file_store import content_type
from simulators.picture_similarity import features_of, similarity_of
from simulators.received_picture import WrongPictureError, read_picture

from .device import Device
from .error_codes import Code, Refusal, demand
from .models import Answer
from .operation import Fields, Operation
from .request_fields import NAME, only

CONTENT = "content"
_FORMATS = {"JPEG": "jpg", "PNG": "png", "BMP": "bmp"}
_LARGEST = 40_000_000


def _inspect(content: bytes) -> tuple[str, tuple[float, ...] | None]:
    """Return file suffix and features, or refuse what is no picture."""
    try:
        image = read_picture(content, tuple(_FORMATS), lambda w, h: w * h <= _LARGEST)
    except WrongPictureError as error:
        raise Refusal(Code.BAD_PICTURE) from error
    return _FORMATS[str(image.format)], features_of(image)


async def _face(device: Device, pic_url: str) -> tuple[float, ...]:
    features = (await asyncio.to_thread(_inspect, await device.picture(pic_url)))[1]
    if features is None:
        raise Refusal(Code.NO_FACE, pic_url)
    return features


async def enrolled(device: Device, pic_url: str) -> str:
    """Return the path of a picture that shows a face, or refuse it."""
    await _face(device, pic_url)
    return device.path_of(pic_url)


async def upload(device: Device, request: Fields) -> Answer:
    """2.1."""
    content: bytes = request[CONTENT]
    demand(len(content) <= device.limits.picture_bytes, Code.BAD_PICTURE)
    suffix, _ = await asyncio.to_thread(_inspect, content)
    path = device.files.put(device.new_path("person", suffix), content)
    return {"pic_url": device.address(path)}


async def download(device: Device, request: Fields) -> Answer:
    """2.2: serves captures too, since the chapter is about scene pictures as well."""
    data = base64.b64encode(await device.picture(request["pic_url"])).decode()
    if device.quirks.data_uri:
        kind = content_type(device.path_of(request["pic_url"]))
        data = f"data:{kind};base64,{data}"
    return {"data": data}


async def delete(device: Device, request: Fields) -> Answer:
    """2.3."""
    await device.picture(request["pic_url"])
    path = device.path_of(request["pic_url"])
    used = any(person.picture == path for person in device.people.values())
    demand(not (used and device.quirks.refuse_in_use), Code.IN_USE)
    device.files.remove(path)
    return {}


async def compare(device: Device, request: Fields) -> Answer:
    """6.7."""
    first = await _face(device, request["first_pic"])
    second = await _face(device, request["second_pic"])
    return {"similarity": round(similarity_of(first, second) / 100, 4)}


OPERATIONS = (
    Operation("/UploadPersonPicture", upload, only(**{CONTENT: bytes}), upload=True),
    Operation("/DownloadPersonPicture", download, only(pic_url=NAME)),
    Operation("/DeletePicture", delete, only(pic_url=NAME)),
    Operation("/Compare1V1", compare, only(first_pic=NAME, second_pic=NAME)),
)

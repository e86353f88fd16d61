"""Any operation of the manual, as it stands there."""

import asyncio
import base64
from collections.abc import Iterator, Mapping
from typing import Final

import orjson

from ...errors import InvalidRequest
from ...model import Json
from ...toolkit.lenient import as_text
from ...toolkit.operations import Operation
from ...toolkit.parameters import answer_with, file_of
from ...toolkit.request_body import Part
from ..transport import Transport
from .writer import Writer

# The parts of each form in the order of the manual's tables; files have a name.
_FORMS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "create_face": {"image": "picture.jpg", "description": None, "imageMd5": None},
    "compare_faces": {
        "image1": "picture1.jpg",
        "image2": "picture2.jpg",
        "livenessEnabled": None,
    },
    "search_face": {
        "image": "picture.jpg",
        "group": None,
        "livenessEnabled": None,
        "featureUpload": None,
    },
    "upgrade_firmware": {
        "fileSize": None,
        "firmwareFile": "firmware.bin",
        "fileMd5": None,
    },
    "set_voice_file": {
        "voiceFileNo": None,
        "voiceFileName": None,
        "fileSize": None,
        "voiceFile": "voice.mp3",
        "fileMd5": None,
    },
    "detect_picture": {"image": "picture.jpg"},
    "get_picture_object_attributes": {
        "image": "picture.jpg",
        "captureObjEnable": None,
        "objType": None,
        "rect": None,
    },
}
_FILE_SUFFIX: Final = "_base64"
_FILES: Final = frozenset({"get_face_image"})
_MOST_PICTURES: Final = {"extract_features": 25, "batch_create_faces": 50}


class OperationRunner:
    """Runs operations by their id.

    Parameters are those of the manual, wherever they stand. Beyond them:

    * what replaces a whole keeps what is not named: it is read, merged and written;
    * a file of a form is an object of `filename` and `data`, or its Base64 under the
      name of the part with `_base64` behind it;
    * `extract_features` takes `images`, a list of Base64 or of such objects, and
      `batch_create_faces` takes `total` and `faces`, a list of such objects that have
      the fields of the manual's `data`, too;
    * `get_face_image` returns `content_type` and `content_base64`;
    * `newName` renames calendars, schedules and access rules when they are updated;
    * `delete_face_group` keeps the faces unless `deleteAllFace` says otherwise;
    * `change_password` takes the password itself, which is coded on its way.
    """

    def __init__(self, transport: Transport, writer: Writer) -> None:
        """Work through `transport`, and through `writer` where a whole is replaced."""
        self._transport = transport
        self._writer = writer

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run one operation and return the whole answer."""
        if operation in _FILES:
            return await answer_with(await self._transport.ask_file(operation, params))
        if operation in _FORMS or operation in _MOST_PICTURES:
            # A firmware has many bytes.
            parts = await asyncio.to_thread(_parts, operation, params)
            return await self._transport.ask_form(operation, parts)
        if operation == "change_password":
            return await self._change_password(params)
        return await self._writer.write(operation, params)

    async def _change_password(self, params: Mapping[str, Json]) -> Mapping[str, Json]:
        password = params.get("password")
        if not isinstance(password, str) or not 0 < len(password) <= 64:
            raise InvalidRequest("A password has 1 to 64 characters")
        encoded = base64.b64encode(password.encode()).decode()
        return await self._transport.ask_envelope(
            "change_password", {"password": encoded}
        )


def _parts(operation: str, params: Mapping[str, Json]) -> tuple[Part, ...]:
    match operation:
        case "extract_features":
            return tuple(_pictures(operation, params))
        case "batch_create_faces":
            return tuple(_batch(operation, params))
    order = _FORMS[operation]
    given: dict[str, Part] = {}
    for key, value in params.items():
        name = key.removesuffix(_FILE_SUFFIX)
        if order.get(name) is not None:
            given[name] = _file(name, value, order[name] or name)
        elif value is not None:
            given[key] = Part(key, _text(value))
    if operation == "upgrade_firmware" and "firmwareFile" in given:
        size = len(given["firmwareFile"].content)
        given.setdefault("fileSize", Part("fileSize", str(size)))
    for name, filename in order.items():
        if filename is not None and name not in given:
            raise InvalidRequest(f"{name} is missing")
    names = [name for name in order if name in given]
    names += [name for name in given if name not in order]
    return tuple(given[name] for name in names)


def _listed(operation: str, value: Json) -> list[Json]:
    most = _MOST_PICTURES[operation]
    if not isinstance(value, list) or not 0 < len(value) <= most:
        raise InvalidRequest(f"From 1 to {most} pictures are possible")
    return value


def _pictures(operation: str, params: Mapping[str, Json]) -> Iterator[Part]:
    pictures = _listed(operation, params.get("images"))
    yield Part("total", str(len(pictures)))
    for number, picture in enumerate(pictures, 1):
        yield _file("image", picture, f"picture{number}.jpg")


def _batch(operation: str, params: Mapping[str, Json]) -> Iterator[Part]:
    """5.1.8.1: the whole number, how many come now, then pairs."""
    faces = _listed(operation, params.get("faces"))
    yield Part("total", _text(params.get("total", len(faces))))
    yield Part("count", str(len(faces)))
    for number, face in enumerate(faces, 1):
        if not isinstance(face, dict):
            raise InvalidRequest("A face is an object")
        image = _file("image", face, f"picture{number}.jpg")
        fields = {
            name: value
            for name, value in face.items()
            if name not in {"filename", "data"}
        }
        fields.setdefault("batchNum", 1)
        fields.setdefault("batchSeq", number)
        fields["size"] = len(image.content)
        if "imageMd5" not in fields:
            fields.setdefault("imageName", image.filename)
        yield Part("data", orjson.dumps(fields).decode())
        yield image


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | dict | list):
        return orjson.dumps(value).decode()
    return as_text(value)


def _file(name: str, value: Json, filename: str) -> Part:
    if isinstance(value, dict):
        filename = as_text(value.get("filename")) or filename
        value = value.get("data")
    return Part(name, file_of(name, value), filename)

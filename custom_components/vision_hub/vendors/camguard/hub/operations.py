"""Any operation of the manual, as it stands there."""

from collections.abc import Mapping
import re
from typing import Final

from ...errors import InvalidRequest
from ...model import Json
from ...toolkit.lenient import as_int
from ...toolkit.operations import Danger, Operation
from ...toolkit.parameters import file_of
from ...toolkit.replacing import demand_told
from ..request_body import request_body
from ..transport import Transport, hashed
from .details import Details
from .people import CamGuardPeople
from .resources import KINDS, PERSON, Resources
from .settings import TaskEditor, task_number

_FILE_SUFFIX: Final = "_base64"
_HASH: Final = re.compile(r"[0-9a-fA-F]{32}")
_PASSWORDS: Final = ("password", "old_password")
_PAGED: Final = frozenset(
    {"library_query", "person_query", "camera_query", "task_query", "capture_query"}
)


class OperationRunner:
    """Runs operations by their id.

    Parameters are those of the manual, without `session`. Beyond them:

    * passwords of accounts may be given in the clear; they are hashed (1.2, 1.3);
    * lists of ids may be arrays, `config` an object, and numbers text; what is added
      has the defaults of the samples where nothing is said;
    * what is added must have a new name, and the answer tells its id;
    * `person_update`, `camera_update` and `task_update` keep what is not named;
    * `picture_upload` takes the file in base64 under the name of its part with
      `_base64` behind it, and `picture_download` answers with `content_base64`, too.
    """

    def __init__(
        self,
        transport: Transport,
        details: Details,
        resources: Resources,
        people: CamGuardPeople,
        editor: TaskEditor,
    ) -> None:
        """Work through `transport`, tell `details` what may have changed."""
        self._transport = transport
        self._details = details
        self._resources = resources
        self._people = people
        self._editor = editor

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run one operation and return the whole answer."""
        message = _message(operation, params)
        if row.danger is Danger.NONE:
            return await self._read(operation, message)
        try:
            return await self._write(operation, message)
        finally:
            self._details.forget()

    async def _read(
        self, operation: str, message: dict[str, Json]
    ) -> Mapping[str, Json]:
        if operation == "login":
            # The session stays ours, whoever asks.
            await self._transport.login()
            return {"code": 0, "msg": ""}
        if operation in _PAGED:
            message = {"page_no": 1, "page_size": 50, **message}
        answer = await self._transport.ask(operation, message)
        if operation == "picture_download":
            return {**answer, "content_base64": answer.get("data")}
        return answer

    async def _write(
        self, operation: str, message: dict[str, Json]
    ) -> Mapping[str, Json]:
        name, _, verb = operation.rpartition("_")
        match operation:
            case "picture_upload":
                return await self._upload(message)
            case "person_update":
                person, library = (
                    as_int(message.pop(key, None)) for key in ("person_id", "lib_id")
                )
                if person is None or library is None:
                    raise InvalidRequest("person_id or lib_id is missing")
                return await self._people.write_person(person, library, message)
            case "camera_update":
                return await self._update_camera(message)
            case "task_update":
                return await self._editor.update(
                    _id(message.pop("task_id", None)), message
                )
            case "task_start" | "task_stop":
                return await self._editor.switch(
                    _id(message.get("task_id")), enabled=verb == "start"
                )
        if name in KINDS:
            kind = KINDS[name]
            if verb == "delete":
                if kind is PERSON and as_int(message.get("lib_id")) is None:
                    raise InvalidRequest("lib_id is missing")
                return await self._resources.delete(kind, operation, message)
            number, answer = await self._resources.add(kind, operation, message)
            return {**answer, kind.id: number}
        return await self._transport.write(operation, message)

    async def _upload(self, message: dict[str, Json]) -> Mapping[str, Json]:
        for name, value in message.items():
            if name.endswith(_FILE_SUFFIX):
                part = name.removesuffix(_FILE_SUFFIX)
                content = file_of(name, value)
                return await self._transport.upload(part, "picture.jpg", content)
        raise InvalidRequest("file_base64 is missing")

    async def _update_camera(self, message: dict[str, Json]) -> Mapping[str, Json]:
        """5.3. Whether what is left out stays is not stated, so all goes back."""
        number = _id(message.pop("camera_id", None))
        camera = (await self._details.read_cameras()).get(number)
        if camera is None:
            raise InvalidRequest("There is no such camera")
        demand_told(camera.untold, message)
        present: dict[str, Json] = {
            "name": camera.name or None,
            "rtsp": camera.rtsp or None,
            "type": camera.type,
            "remark": camera.remark or None,
        }
        changes = message

        async def took_effect() -> bool:
            camera = (await self._details.read_cameras()).get(number)
            return camera is not None and all(
                getattr(camera, name, value) == value for name, value in changes.items()
            )

        kept = {name: value for name, value in present.items() if value is not None}
        return await self._transport.write(
            "camera_update", {**kept, **changes, "camera_id": number}, took_effect
        )


def _id(value: Json) -> int:
    return task_number(None if value is None else str(value))


def _message(operation: str, params: Mapping[str, Json]) -> dict[str, Json]:
    """Write parameters as the manual wants them, or raise InvalidRequest."""
    message = {name: value for name, value in params.items() if name != "session"}
    if operation.startswith("user_"):
        for name in _PASSWORDS:
            value = message.get(name)
            if isinstance(value, str) and value and not _HASH.fullmatch(value):
                message[name] = hashed(value)
    return request_body(operation, message)

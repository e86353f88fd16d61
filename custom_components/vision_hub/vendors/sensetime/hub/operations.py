"""Any operation of the manual, as it stands there."""

from collections.abc import Mapping
from typing import Final

from ...errors import InvalidRequest, Unsupported
from ...model import Json
from ...toolkit.lenient import as_int
from ...toolkit.operations import Danger, Operation
from ...toolkit.parameters import answer_with, file_of
from ...toolkit.shapes import value_in
from ..cameras import check_camera
from ..transport import Transport
from .details import Details
from .settings import SenseTimeSettings

_NAMES: Final[Mapping[str, str]] = {
    "upgrade": "nebula.tar.bz2",
    "https_cert_upload": "server.pem",
}
_FILE_NAME: Final = "picture.jpg"
_FILE_SUFFIX: Final = "_base64"


class OperationRunner:
    """Runs operations by their id.

    Parameters are those of the manual, without `msg_id`. Beyond them:

    * `camera_modify` and `ntp_set` keep what is not named, and `camera_add` takes
      `camera_roi`, too;
    * a file of a form is an object of `filename` and `data`, as in 3.27, or its base64
      under the name of the part with `_base64` behind it;
    * `picture_download` takes `path`, also one that an export gave, and returns
      `content_type` and `content_base64`.
    """

    def __init__(
        self,
        transport: Transport,
        details: Details,
        settings: SenseTimeSettings,
    ) -> None:
        """Work through `transport`, tell `details` what may have changed."""
        self._transport = transport
        self._details = details
        self._settings = settings

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run one operation and return the whole answer."""
        if row.method.startswith("WS"):
            raise Unsupported("Only listening does this")
        params = {name: params[name] for name in params if name != "msg_id"}
        try:
            match operation:
                case "picture_download":
                    return await self._download(params)
                case "login":
                    # The session stays ours, whoever asks.
                    await self._transport.login()
                    return {"code": 0, "data": "", "msg": ""}
                case "logout":
                    await self._transport.logout()
                    return {"code": 0, "data": "", "msg": ""}
                case "camera_add":
                    return await self._add_camera(params)
                case "camera_modify":
                    return await self._modify_camera(params)
                case "ntp_set":
                    return await self._settings.write_ntp(params)
            if row.path.endswith("form"):
                fields, files = _parts(operation, params)
                return await self._transport.ask_envelope(operation, fields, files)
            return await self._transport.ask_envelope(operation, params)
        finally:
            if row.danger is not Danger.NONE:
                self._details.forget()

    async def _download(self, params: Mapping[str, Json]) -> Mapping[str, Json]:
        path = params.get("path", params.get("reference"))
        if not isinstance(path, str) or not path:
            raise InvalidRequest("The path of the file is missing")
        return await answer_with(await self._transport.download(path))

    async def _add_camera(self, params: Mapping[str, Json]) -> Mapping[str, Json]:
        """4.2. A region of interest can only be set afterwards (4.3)."""
        check_camera(params)
        wanted = {name: params[name] for name in params if name != "camera_roi"}
        answer = await self._transport.ask_envelope("camera_add", wanted)
        data = answer.get("data")
        channel = as_int(value_in(data, "channel"))
        if params.get("camera_roi") and channel is not None:
            roi = {"camera_roi": params["camera_roi"]}
            await self._settings.write_camera(channel, roi)
        return answer

    async def _modify_camera(self, params: Mapping[str, Json]) -> Mapping[str, Json]:
        channel = as_int(params.get("channel"))
        if channel is None:
            raise InvalidRequest("The channel is missing")
        changes = {name: params[name] for name in params if name != "channel"}
        return await self._settings.write_camera(channel, changes)


def _parts(
    operation: str, params: Mapping[str, Json]
) -> tuple[dict[str, Json], dict[str, tuple[str, bytes]]]:
    """Tell the files of a form from its texts."""
    fields: dict[str, Json] = {}
    files: dict[str, tuple[str, bytes]] = {}
    default = _NAMES.get(operation, _FILE_NAME)
    for name, value in params.items():
        if isinstance(value, dict):
            filename = str(value.get("filename") or default)
            files[name] = (filename, file_of(name, value.get("data")))
        elif name.endswith(_FILE_SUFFIX):
            files[name.removesuffix(_FILE_SUFFIX)] = (default, file_of(name, value))
        else:
            fields[name] = value
    return fields, files

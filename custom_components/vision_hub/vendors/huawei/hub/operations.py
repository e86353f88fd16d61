"""Any operation of the manual, as it stands there."""

from collections.abc import Callable, Mapping
from typing import Final

from ...errors import InvalidRequest, RejectedByHub
from ...model import Json
from ...toolkit.lenient import as_text
from ...toolkit.operations import Danger, Operation
from ...toolkit.parameters import answer_with
from ..transport import Transport
from ..wire import channel_key
from .details import Details
from .ptz import HuaweiPtz
from .streams import HuaweiSnapshots

# Names that stand differently in the manual's tables and samples (15.8, 15.10, 9.9).
_TWINS: Final[Mapping[str, str]] = {
    "dwel_time": "dwell_time",
    "speed_level": "speedLevel",
}
_TOKENS: Final[Mapping[str, str]] = {
    "ptz_control": "control_lock",
    "preset_move": "control_token",
}
_WRONG_RESOURCE_TYPE: Final = "IVM.20060014"


class OperationRunner:
    """Runs operations by their id.

    Parameters are those of path, query and body alike, without `user_id`. Beyond them:

    * `ptz_control` and `preset_move` take the lock by themselves if none is given;
    * lists that the cloud limits to 100 may be longer;
    * `fetch_stored_picture` takes `picture_key`, or `reference`: an address that the
      cloud gave; it returns `content_type` and `content_base64`;
    * points of a cruise track may be spelt as in the manual's tables or samples;
    * `get_access_token` tells how long our token lives, not the token.
    """

    def __init__(
        self,
        transport: Transport,
        details: Details,
        ptz: HuaweiPtz,
        snapshots: HuaweiSnapshots,
    ) -> None:
        """Work through `transport`, tell `details` what may have changed."""
        self._transport = transport
        self._details = details
        self._ptz = ptz
        self._snapshots = snapshots

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run one operation and return the whole answer."""
        params = {name: params[name] for name in params if name != "user_id"}
        match operation:
            case "get_access_token":
                return {"expire_time": str(await self._transport.token_lifetime())}
            case "fetch_stored_picture":
                return await self._download(row, params)
            case "take_cloud_snapshot":
                self._snapshots.claim(_channel(params))
            case "cruise_track_add" | "cruise_track_update":
                params = _spelt(params, both=operation == "cruise_track_update")
            case "old_device_web_playback_url":
                params = _both(params, "protocol", "playback_protocol")
        if (name := _TOKENS.get(operation)) and not params.get(name):
            params = {**params, name: await self._ptz.token(_channel(params))}
        try:
            return await self._send(operation, params)
        finally:
            # Taking and giving back a lock changes nothing that is read.
            if row.danger is not Danger.NONE and "ptz" not in operation:
                self._forget(operation, params)

    async def _send(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        try:
            return await self._transport.ask_batch(operation, params)
        except RejectedByHub as error:
            # One chapter says RECORD, another NORMAL (12.2, 13.1).
            if (
                operation != "unbind_channel_resources"
                or error.code != _WRONG_RESOURCE_TYPE
                or params.get("resource_type_code") != "RECORD"
            ):
                raise
        return await self._transport.ask_batch(
            operation, {**params, "resource_type_code": "NORMAL"}
        )

    async def _download(
        self, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        reference = params.get("reference")
        if reference is None and (key := as_text(params.get("picture_key"))):
            reference = row.path.replace("{picture_key}", key)
        if not isinstance(reference, str) or not reference:
            raise InvalidRequest("The address of the picture is missing")
        return await answer_with(await self._transport.download(reference))

    def _forget(self, operation: str, params: Mapping[str, Json]) -> None:
        channel = channel_key(
            as_text(params.get("device_id")), as_text(params.get("channel_id"))
        )
        if operation.startswith("preset_"):
            self._details.forget("presets", channel=channel)
        elif operation.startswith("cruise_"):
            self._details.forget("cruises", channel=channel)
        else:
            self._details.forget()


def _channel(params: Mapping[str, Json]) -> str:
    device, channel = (
        as_text(params.get(name)) for name in ("device_id", "channel_id")
    )
    if not device or not channel:
        raise InvalidRequest("device_id or channel_id is missing")
    return channel_key(device, channel)


def _both(params: Mapping[str, Json], *names: str) -> dict[str, Json]:
    """Give one value all its names."""
    value = next((params[name] for name in names if name in params), None)
    twins = {} if value is None else dict.fromkeys(names, value)
    return {**params, **twins}


def _spelt(params: Mapping[str, Json], *, both: bool) -> dict[str, Json]:
    """Name the values of the points of a track as the cloud may want them."""
    spell: Callable[[Mapping[str, Json], str, str], dict[str, Json]] = (
        _both if both else _first
    )
    points: list[Json] = []
    rows = params.get("cruise_points")
    if not isinstance(rows, list):
        return dict(params)
    for row in rows:
        point = row
        if isinstance(point, dict):
            for name, twin in _TWINS.items():
                point = spell(point, name, twin)
        points.append(point)
    return {**params, "cruise_points": points}


def _first(params: Mapping[str, Json], name: str, twin: str) -> dict[str, Json]:
    """Give a value its first name."""
    rest = {key: params[key] for key in params if key not in {name, twin}}
    value = params.get(name, params.get(twin))
    return rest if value is None else {**rest, name: value}

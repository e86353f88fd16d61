"""Every write that replaces a whole: read, merge, write."""

import asyncio
from collections.abc import Mapping
from typing import Final

from ...errors import InvalidRequest, UnexpectedAnswer, Unsupported
from ...model import Json
from ...toolkit.lenient import as_int, as_text
from ...toolkit.shapes import as_object, objects_in, rows_in
from ..transport import Transport
from ..write_bodies import (
    alert_body,
    merged,
    slot_body,
    structures_body,
    surveillance_body,
    switches_body,
    without,
)
from .channels import STRUCTURED, Family, Source
from .details import Details

# Read by one operation as it is written by another, but for what is only told.
_MIRRORS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "set_megconnect": ("get_megconnect", ("port",)),
    "set_ws_reports": ("get_ws_reports", ()),
    "set_http_reports": ("get_http_reports", ()),
    "set_ftp_upgrade": ("get_ftp_upgrade", ()),
    "set_gat1400_client": ("get_gat1400_client", ()),
    "set_gat1400_server": ("get_gat1400_server", ()),
    "set_meg_active": ("get_meg_active", ()),
    "set_ftp_upload": ("get_ftp_upload", ()),
    "set_gui_layout": ("get_gui_layout", ()),
    "set_relay_work_para": ("get_relay_work_para", ()),
    "set_roi": ("get_roi", ()),
    "bind_voice": ("get_voice_binding", ()),
}
# The row of a list with a name: the list, its key, the name in the path, in the row.
_NAMED: Final[Mapping[str, tuple[str, str, str]]] = {
    "update_calendar": ("list_calendars", "calendar", "calendarName"),
    "update_schedule": ("list_schedules", "schedule", "scheduleName"),
    "update_access_rule": ("list_access_rules", "rules", "ruleName"),
}
_SURVEILLANCES: Final = frozenset(
    {
        "set_video_surveillance",
        "set_picture_surveillance",
        "set_alert_video_surveillance",
    }
)
_VIDEO: Final = ("videoName", "url", "subUrl", "username", "password", "rotation")
_PICTURE: Final = ("pictureName", "deviceId", "subUrl", "username", "password")
_OBJECTS: Final = ("deviceHeartbeat", "time", "eth", "eth1")


class Writer:
    """Writes what is changed together with what is not.

    One at a time, so that no change is undone by another that was read before it.
    """

    def __init__(self, transport: Transport, details: Details) -> None:
        """Read and write through `transport`."""
        self._transport = transport
        self._details = details
        self._lock = asyncio.Lock()

    async def write(
        self, operation: str, params: Mapping[str, Json]
    ) -> dict[str, Json]:
        """Send a request, with what the box has where nothing is said."""
        if operation not in _WHOLES:
            return await self._transport.ask_envelope(operation, params)
        async with self._lock:
            body = await self._whole(operation, params)
            return await self._transport.ask_envelope(operation, body)

    async def write_relay(self, relay: str, changes: Mapping[str, Json]) -> None:
        """Change a relay that is there (13.1.1)."""
        async with self._lock:
            body = await self._relay({"videoNo": as_int(relay), **changes})
            if len(body) <= len(changes) + 1:
                raise InvalidRequest("There is no such relay")
            await self._transport.ask("bind_relay", body)

    async def arm(self, channel: str, *, armed: bool) -> None:
        """Arm or disarm a channel."""
        async with self._lock:
            source = await self._source(channel)
            key = "pictureNo" if source.family is Family.PICTURES else "videoNo"
            path: dict[str, Json] = {key: as_int(channel)}
            state: dict[str, Json] = {"surveillanceEnabled": armed}
            match source.family:
                case Family.MULTI:
                    # The only switch that leaves everything else alone (26.3).
                    await self._transport.ask("set_multi_alg_enable", path | state)
                case Family.STRUCTURES:
                    for row in source.rows:
                        body = merged(structures_body(row), state)
                        await self._transport.ask(
                            "set_structures_surveillance", body | path
                        )
                case family:
                    body = merged(surveillance_body(source.head), state)
                    await self._transport.ask(_ARMING[family], body | path)

    async def enable(self, channel: str, index: int, *, enabled: bool) -> None:
        """Switch one rule of a channel."""
        async with self._lock:
            source = await self._source(channel)
            path: dict[str, Json] = {"videoNo": as_int(channel)}
            state: dict[str, Json] = {"ruleEnable": enabled}
            match source.family:
                case Family.ALERT:
                    body = merged(
                        surveillance_body(source.head),
                        {"alertRules": {"enable": enabled}},
                    )
                    operation = "set_alert_video_surveillance"
                case Family.STRUCTURES:
                    row = _slot(source.rows, index)
                    body = merged(structures_body(row), state)
                    operation = "set_structures_surveillance"
                case Family.MULTI:
                    operation, body = _slot_body(source, index)
                    body = merged(body, state)
                case _:
                    raise InvalidRequest("The channel has no such rule")
            await self._transport.ask(operation, body | path)

    async def _source(self, channel: str) -> Source:
        """Read a channel as it is now."""
        sources = await self._details.read_channels(polling=False)
        if channel not in sources:
            raise InvalidRequest("There is no such channel")
        return sources[channel]

    async def _whole(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        if operation == "set_configs":
            return await self._configs(params)
        if operation == "set_device":
            return await self._device(params)
        if operation == "bind_relay":
            return await self._relay(params)
        if operation in _MIRRORS:
            read, told = _MIRRORS[operation]
            path = {"videoNo": params["videoNo"]} if "videoNo" in params else {}
            return merged(without(await self._read(read, path), *told), params)
        if operation in _NAMED:
            return await self._named(operation, params)
        return await self._channel(operation, params)

    async def _read(
        self, operation: str, params: Mapping[str, Json] | None = None
    ) -> dict[str, Json]:
        """Read what is there; nothing is where there can be nothing yet."""
        try:
            data = await self._transport.ask(operation, params)
        except Unsupported:
            return {}
        return as_object(data)

    async def _configs(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """3.1.1: only the objects that are named; the other may wipe the box."""
        told = await self._read("get_configs")
        body: dict[str, Json] = {}
        for name, change in params.items():
            old = told.get(name)
            if not isinstance(change, dict) or not isinstance(old, dict):
                body[name] = change
                continue
            if name == "modelSw":
                if not old.get("workMode") and "workMode" not in change:
                    # What is missing may be taken for the default, and a change of
                    # it makes the box forget everybody.
                    raise UnexpectedAnswer("The box did not tell its work mode")
                old = switches_body(old)
            body[name] = merged(old, change)
        return body

    async def _device(self, params: Mapping[str, Json]) -> dict[str, Json]:
        """4.1.2: only the objects that are named, but both ports together."""
        told = await self._read("get_device")
        names = set(params)
        if names & {"eth", "eth1"}:
            names |= {"eth", "eth1"} & set(told)
        body = without(params, *_OBJECTS)
        for name in _OBJECTS:
            if name not in names:
                continue
            old, change = told.get(name), params.get(name, {})
            if isinstance(old, dict) and isinstance(change, dict):
                old = without(old, "ntpFailCount", "ethMac")
                body[name] = merged(old, change)
            else:
                body[name] = change
        return body

    async def _relay(self, params: Mapping[str, Json]) -> Mapping[str, Json]:
        rows = rows_in(await self._read("list_relays"), "relay")
        number = as_int(params.get("videoNo"))
        for row in objects_in(rows):
            if as_int(row.get("videoNo")) == number:
                return merged(without(row, "status", "online"), params)
        return params

    async def _named(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """12: the path has the old name; `new<Name>` is another one for the row."""
        read, key, field = _NAMED[operation]
        name = as_text(params.get(field))
        try:
            async for row in self._transport.pages(read, (key,)):
                if isinstance(row, dict) and as_text(row.get(field)) == name:
                    return merged(row, params)
        except Unsupported:
            pass
        return params

    async def _channel(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        number = as_text(params.get("videoNo", params.get("pictureNo")))
        sources = await self._details.read_channels(polling=False)
        source = sources.get(number)
        if source is None:
            return params
        if operation == "update_video":
            return {**_picked(source.head, _VIDEO), **params}
        if operation == "update_picture":
            return {**_picked(source.head, _PICTURE), **params}
        if operation in _SURVEILLANCES:
            return merged(surveillance_body(source.head), params)
        index = as_int(params.get("ruleIndex"))
        if source.family is Family.MULTI:
            return merged(_multi_base(operation, source, index, params), params)
        rows = [
            row
            for row in source.rows
            if index is None or as_int(row.get("ruleIndex")) in {None, index}
        ]
        if operation == "set_structures_surveillance" and rows:
            base = structures_body(rows[0])
            kind = params.get("surveillanceType", base.get("surveillanceType"))
            if kind != base.get("surveillanceType"):
                base = without(base, "faces", "structures")
            return merged(base, params)
        return params


_ARMING: Final[Mapping[Family, str]] = {
    Family.VIDEOS: "set_video_surveillance",
    Family.PICTURES: "set_picture_surveillance",
    Family.ALERT: "set_alert_video_surveillance",
}
_CHANNELS: Final = frozenset(
    {
        "update_video",
        "update_picture",
        "set_structures_surveillance",
        "set_multi_alert",
        *_SURVEILLANCES,
    }
)


_WHOLES: Final = frozenset(
    {"set_configs", "set_device", "bind_relay", *_MIRRORS, *_NAMED, *_CHANNELS}
)


def _picked(row: Mapping[str, Json], names: tuple[str, ...]) -> dict[str, Json]:
    return {name: row[name] for name in names if name in row}


def _slots(source: Source) -> list[dict[str, Json]]:
    return list(objects_in(source.head.get("algRules")))


def _slot(
    rows: tuple[dict[str, Json], ...] | list[dict[str, Json]], index: int | None
) -> dict[str, Json]:
    for row in rows:
        if as_int(row.get("ruleIndex")) == index:
            return row
    raise InvalidRequest("The channel has no such rule")


def _slot_body(source: Source, index: int) -> tuple[str, dict[str, Json]]:
    """Return how a slot is written, and what."""
    slot = _slot(_slots(source), index)
    if as_int(slot.get("algType")) in STRUCTURED:
        return "set_structures_surveillance", slot_body(source.head, slot)
    return "set_multi_alert", alert_body(source.head, slot)


def _multi_base(
    operation: str, source: Source, index: int | None, params: Mapping[str, Json]
) -> dict[str, Json]:
    """Return what a slot has, unless it shall hold something else."""
    state = {"surveillanceEnabled": source.head.get("surveillanceEnabled", False)}
    if index is None:
        return state
    try:
        fitting, body = _slot_body(source, index)
    except InvalidRequest:
        return state
    kind = "surveillanceType" if fitting != "set_multi_alert" else "algType"
    if fitting != operation or params.get(kind, body.get(kind)) != body.get(kind):
        return state
    return body

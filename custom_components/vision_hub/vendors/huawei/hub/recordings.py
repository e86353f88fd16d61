"""What was recorded, in the cloud and on devices (9.2, 9.3)."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
import re
from typing import TYPE_CHECKING, Final, override

from ...contract import Recordings
from ...errors import (
    AuthenticationFailed,
    InvalidRequest,
    UnexpectedAnswer,
    VisionError,
)
from ...model import Json, Recording, RecordingKind
from ...toolkit.addresses import stream_address
from ...toolkit.lenient import as_text, rows_of
from ...toolkit.shapes import as_object, rows_in
from ..cameras import Camera
from ..transport import Transport
from ..wire import BEIJING, RecordRow, text_of, time_of
from .streams import PROTOCOLS, lifetime

if TYPE_CHECKING:
    from .details import Details

_PLACES: Final[Mapping[str, str]] = {"cloud": "CLOUD", "device": "DEVICE"}
_KINDS: Final[Mapping[str, RecordingKind]] = {
    "NORMAL_RECORD": RecordingKind.CONTINUOUS,
    "MOTION_RECORD": RecordingKind.MOTION,
    # Spelt so (9.2).
    "ALRAM_RECORD": RecordingKind.ALARM,
    "ALARM_RECORD": RecordingKind.ALARM,
}
# Others cannot be asked for: whatever was recorded then.
_TYPES: Final[Mapping[RecordingKind, str]] = {
    RecordingKind.CONTINUOUS: "NORMAL_RECORD",
    RecordingKind.MOTION: "MOTION_RECORD",
}
_ID: Final = re.compile(r"(cloud|device)-(\d{14})-(\d{14})-([a-z]+)", re.ASCII)
_STAMP: Final = "%Y%m%d%H%M%S"

_MOST: Final = 1000
_SHORTEST: Final = timedelta(minutes=1)


class HuaweiRecordings(Recordings):
    """Searches both places. The id of a recording tells place, times and kind."""

    def __init__(self, transport: Transport, details: Details, protocol: str) -> None:
        """Play by `protocol`."""
        self._transport = transport
        self._details = details
        self._protocol = protocol

    @override
    async def search(
        self, channel: str, start: datetime, end: datetime
    ) -> tuple[Recording, ...]:
        camera = self._details.camera(channel)
        places = tuple(_PLACES)
        found = await asyncio.gather(
            *(self._search(camera, place, start, end) for place in places),
            return_exceptions=True,
        )
        errors = [each for each in found if isinstance(each, BaseException)]
        for error in errors:
            # A device may be offline, or have no disk: the cloud has its own.
            if (
                not isinstance(error, VisionError)
                or isinstance(error, AuthenticationFailed)
                or len(errors) == len(places)
            ):
                raise error
        recordings = {
            recording.id: recording
            for each in found
            if not isinstance(each, BaseException)
            for recording in each
        }
        return tuple(sorted(recordings.values(), key=lambda each: each.start))

    async def _search(
        self, camera: Camera, place: str, start: datetime, end: datetime
    ) -> list[Recording]:
        """Return what fits into one answer, else what the halves of the time have.

        What `offset` counts is not said (9.2).
        """
        answer = await self._transport.ask(
            "list_records",
            {
                **camera.ids,
                "start_time": text_of(start),
                "end_time": text_of(end),
                "record_position": _PLACES[place],
                "limit": _MOST,
                "offset": 0,
            },
        )
        rows = rows_in(answer, "records")
        if len(rows) >= _MOST and end - start > _SHORTEST:
            middle = start + (end - start) / 2
            return [
                *await self._search(camera, place, start, middle),
                *await self._search(camera, place, middle, end),
            ]
        return [
            recording
            for row in rows_of(RecordRow, rows)
            if (recording := _recording(camera, place, row))
            and recording.end > start
            and recording.start < end
        ]

    @override
    async def source(self, recording: Recording) -> str:
        camera = self._details.camera(recording.channel)
        match = _ID.fullmatch(recording.id)
        if match is None:
            raise InvalidRequest("There is no such recording")
        place, start, end, kind = match.groups()
        params: dict[str, Json] = {
            **camera.ids,
            "playback_protocol": PROTOCOLS[self._protocol],
            "start_time": text_of(_read(start)),
            "end_time": text_of(_read(end)),
            "record_position": _PLACES[place],
            **lifetime(self._protocol),
        }
        if place == "cloud" and (wanted := _TYPES.get(RecordingKind(kind))):
            params["record_type"] = wanted
        answer = await self._transport.ask("playback_connections", params)
        # In one sample parts stand beside `playback_connections`.
        for outer in (answer.get("playback_connections"), answer):
            told = as_object(outer)
            inner = as_object(told.get("cloud_trans_connections", told))
            if address := stream_address(as_text(inner.get("playback_url"))):
                return address
        raise UnexpectedAnswer("The cloud gave no address")


def _recording(camera: Camera, place: str, row: RecordRow) -> Recording | None:
    start, end = time_of(row.start_time), time_of(row.end_time)
    if start is None or end is None or end < start:
        return None
    kind = _KINDS.get(row.record_type, RecordingKind.OTHER)
    return Recording(
        id=f"{place}-{start:{_STAMP}}-{end:{_STAMP}}-{kind}",
        channel=camera.key,
        start=start,
        end=end,
        kind=kind,
        place=place,
    )


def _read(stamp: str) -> datetime:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=BEIJING)
    except ValueError as error:
        raise InvalidRequest("There is no such recording") from error

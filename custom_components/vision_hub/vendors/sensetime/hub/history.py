"""What the node keeps: face captures, comparisons and bodies (3.13, 3.16, 3.22)."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, override

from ...contract import AlarmQuery, History
from ...errors import RejectedByHub, UnexpectedAnswer
from ...kinds import AlarmKind
from ...model import Alarm, Json
from ...toolkit.connection import MAX_ROWS
from ...toolkit.lenient import rows_of
from ...toolkit.parameters import channel_number
from ...toolkit.time_windows import newest_first
from ..alarms import Site, read_record
from ..transport import Transport
from ..wire import ObjectLabel, Result, count_in, rows_in
from .details import Details

_FACES: Final = frozenset(
    {
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_STRANGER,
        AlarmKind.FACE_CAPTURED,
    }
)
_BODIES: Final = frozenset({AlarmKind.PERSON_DETECTED})
_MOST: Final = 1000
"""More than this is looked for in halves of the time."""
_NOTHING: Final = frozenset({"-105", "-2100"})


@dataclass(frozen=True, slots=True)
class _Search:
    operation: str
    label: ObjectLabel


# Captures first: who is seen meanwhile is then at least in the comparisons, which tell
# who it was, as captures do not.
_SEARCHES: Final[tuple[tuple[_Search, frozenset[AlarmKind]], ...]] = (
    (_Search("capture_query", ObjectLabel.FACE), _FACES),
    (_Search("alarm_query", ObjectLabel.FACE), _FACES),
    (_Search("body_capture_query", ObjectLabel.BODY), _BODIES),
)


class SenseTimeHistory(History):
    """Searches all three kinds of records at once."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Search through `transport`."""
        self._transport = transport
        self._details = details

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        searches = [
            search
            for search, kinds in _SEARCHES
            if not query.kinds or not kinds.isdisjoint(query.kinds)
        ]
        if query.plate or not searches:
            return
        if not self._details.cameras:
            await self._details.read_cameras()
        start, end = int(query.start.timestamp()), int(query.end.timestamp())

        async def read(first: int, last: int) -> list[Alarm] | None:
            return await self._window(searches, query, first, last)

        async for alarm in query.select(newest_first(start, end, read)):
            yield alarm

    async def _window(
        self, searches: list[_Search], query: AlarmQuery, first: int, last: int
    ) -> list[Alarm] | None:
        """Return what is in a part of the time; None when that is too much."""
        clock = self._details.clock
        params: dict[str, Json] = {
            "start_time": clock.write(datetime.fromtimestamp(first, UTC)),
            "stop_time": clock.write(datetime.fromtimestamp(last, UTC)),
        }
        if len(query.channels) == 1:
            params["channel"] = channel_number(query.channels[0])
        alarms: dict[str, Alarm] = {}
        for search in searches:
            rows = await self._rows(search.operation, params, first, last)
            if rows is None:
                return None
            read = partial(_read, site=self._details.site, label=search.label)
            for alarm in self._transport.notes.understood(
                search.operation, rows, read, needed="trigger"
            ):
                if first <= alarm.time.timestamp() <= last:
                    alarms[alarm.id] = _merged(alarms.get(alarm.id), alarm)
        return list(alarms.values())

    async def _rows(
        self,
        operation: str,
        params: Mapping[str, Json],
        first: int,
        last: int,
    ) -> list[Json] | None:
        """Read what one search finds; None when it should look at less time."""
        try:
            if last - first > 1:
                page = {"start_no": 1, "qry_len": 1}
                data = await self._transport.ask(operation, {**params, **page})
                rows = rows_in(data)
                if not rows:
                    return []
                # A node that does not look at times would find as much in each half.
                heeded = all(
                    first <= time.timestamp() <= last
                    for row in rows_of(Result, rows)
                    if (time := self._details.clock.read(row.trigger))
                )
                if (count_in(data, "total_num") or 0) > _MOST and heeded:
                    return None
            rows = [row async for row in self._transport.pages(operation, params)]
        except RejectedByHub as error:
            if error.code in _NOTHING:
                return []
            raise
        if len(rows) > MAX_ROWS:
            raise UnexpectedAnswer("The node found absurdly much")
        return rows


def _read(row: dict[str, Json], *, site: Site, label: ObjectLabel) -> Alarm | None:
    return read_record(Result.from_dict(row), site, label=label)


def _merged(earlier: Alarm | None, alarm: Alarm) -> Alarm:
    """Make one alarm of what two searches, or two libraries, tell of one capture."""
    if earlier is None:
        return alarm
    known = {match.person_id for match in earlier.matches}
    matches = tuple(match for match in alarm.matches if match.person_id not in known)
    grave = AlarmKind.FACE_BLACKLISTED
    return replace(
        earlier,
        kind=grave if alarm.kind is grave else earlier.kind,
        matches=earlier.matches + matches,
        pictures=max(earlier.pictures, alarm.pictures, key=len),
    )

"""What the box keeps: alerts, and captures of all kinds (8, 9, 20.2, 25.2)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final, override

from ...contract import AlarmQuery, History
from ...errors import RejectedByHub, UnexpectedAnswer, Unsupported
from ...kinds import AlarmKind
from ...model import Alarm, Json
from ...toolkit.connection import MAX_PAGES, MAX_ROWS
from ...toolkit.lenient import as_int
from ...toolkit.shapes import object_in, rows_in
from ...toolkit.time_windows import newest_first
from ..alarms import Site, read_alert, read_capture
from ..attributes import FaceSet
from ..request_queue import Priority
from ..transport import PAGE_SIZE, Transport
from .channels import Family
from .details import Details

_MOST: Final = 600
"""More than this is looked for in halves of the time."""

_KNOWN: Final = frozenset({AlarmKind.FACE_RECOGNIZED, AlarmKind.FACE_BLACKLISTED})
_STRANGER: Final = frozenset({AlarmKind.FACE_STRANGER})
_LIBRARY_PERSONS: Final = 1
_STRANGERS: Final = 2

# "No record" in the words of 23.5.
_NOTHING: Final = frozenset({"104007"})
_KEYS: Final = ("alertsEvent", "alertEvents", "captures")
_TOTALS: Final = ("totalAlerts", "totalAlertsEvent", "totalCaptures")


@dataclass(frozen=True, slots=True)
class _Search:
    """One list. `target` is the `objType` of its rows."""

    operation: str
    kinds: frozenset[AlarmKind]
    target: str = ""
    faces: FaceSet = FaceSet.B

    def read(self, row: dict[str, Json], site: Site) -> Alarm | None:
        if self.operation == _ALERTS.operation:
            return read_alert(row, site)
        return read_capture(row, site, target=self.target, faces=self.faces)


_ALERTS: Final = _Search("list_alerts", _KNOWN | _STRANGER, "face", FaceSet.A)
_FACES: Final = _Search(
    "list_captures", frozenset({AlarmKind.FACE_CAPTURED}), "face", FaceSet.A
)
_STRUCTURED: Final = (
    _Search("list_face_captures", frozenset({AlarmKind.FACE_CAPTURED}), "face"),
    _Search("list_human_captures", frozenset({AlarmKind.PERSON_DETECTED}), "human"),
    _Search(
        "list_vehicle_captures", frozenset({AlarmKind.VEHICLE_DETECTED}), "vehicle"
    ),
    _Search("list_cycle_captures", frozenset({AlarmKind.CYCLE_DETECTED}), "cycle"),
    _Search("list_plate_captures", frozenset({AlarmKind.PLATE_RECOGNIZED}), "plate"),
)
_EVENTS: Final = _Search(
    "list_alert_captures",
    # An event that the dictionary does not know may be of any kind.
    frozenset(AlarmKind),
)
_PLATES: Final = frozenset({AlarmKind.PLATE_RECOGNIZED})


class MegviiHistory(History):
    """Searches the lists that the work of the box fills."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Search through `transport`."""
        self._transport = transport
        self._details = details

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        wanted = _PLATES if query.plate else query.kinds
        if query.person:
            wanted = wanted & _KNOWN if wanted else _KNOWN
            if not wanted:
                return
        searches = [
            search
            for search in self._searches()
            if not wanted or not wanted.isdisjoint(search.kinds)
        ]
        start, end = int(query.start.timestamp()), int(query.end.timestamp())
        if not searches:
            return

        async def read(first: int, last: int) -> list[Alarm] | None:
            found: list[Alarm] = []
            site = self._details.site()
            for search in searches:
                alarms = await self._window(search, query, site, first, last)
                if alarms is None:
                    return None
                found += alarms
            return [alarm for alarm in found if alarm.time <= query.end]

        async for alarm in query.select(newest_first(start, end, read)):
            yield alarm

    async def pages(self, start: int, end: int) -> AsyncIterator[list[Alarm]]:
        """Yield what is between two times of the box in Unix seconds, page by page.

        Some boxes forget what they told (4.1.3) - and then the next page is not where
        it was: the first is read again until it brings nothing new. So whoever reads
        shall store a page before asking for the next one.
        """
        site = self._details.site()
        heard = False
        for search in self._searches():
            try:
                async for alarms in self._rounds(search, site, start, end):
                    yield alarms
            except Unsupported:
                # Not in this mode, or switched off.
                continue
            heard = True
        if not heard:
            raise Unsupported("The box keeps no records")

    async def _rounds(
        self, search: _Search, site: Site, start: int, end: int
    ) -> AsyncIterator[list[Alarm]]:
        params: dict[str, Json] = {"timeStart": start, "timeEnd": end}
        seen: set[str] = set()
        token: Json = None
        again = False
        for _ in range(MAX_PAGES):
            rows, following, _ = await self._page(search, params, token, polling=True)
            alarms = [
                alarm
                for alarm in self._read(search, rows, site)
                if alarm.id not in seen
            ]
            if alarms:
                seen |= {alarm.id for alarm in alarms}
                yield alarms
            elif token is None:
                return
            if rows and following not in (None, "", token):
                token = following
            elif again and not alarms:
                return
            else:
                token, again = None, True

    def _searches(self) -> tuple[_Search, ...]:
        """Choose the lists that the work of the box fills."""
        match self._details.family:
            case Family.MULTI | None:
                return (_ALERTS, *_STRUCTURED, _EVENTS)
            case Family.ALERT:
                return (_EVENTS,)
            case Family.STRUCTURES:
                return (_ALERTS, *_STRUCTURED)
            case _:
                return (_ALERTS, _FACES)

    async def _window(
        self,
        search: _Search,
        query: AlarmQuery,
        site: Site,
        first: int,
        last: int,
    ) -> list[Alarm] | None:
        """Return what one list has in a part of the time; None when it is too much."""
        params: dict[str, Json] = {}
        if search is _ALERTS and query.kinds:
            if query.kinds <= _KNOWN:
                params["QueryType"] = _LIBRARY_PERSONS
            elif query.kinds <= _STRANGER:
                params["QueryType"] = _STRANGERS
        if len(query.channels) == 1:
            params["chnNo"] = as_int(query.channels[0])
        params |= {"timeStart": first, "timeEnd": last}
        try:
            rows, _, total = await self._page(search, params, None)
            alarms = self._read(search, rows, site)
            heeded = all(first <= alarm.time.timestamp() < last + 1 for alarm in alarms)
            if total is not None and total > _MOST and heeded and first < last:
                return None
            if total is None or total > len(rows) or len(rows) >= PAGE_SIZE:
                rows = [
                    row
                    async for row in self._transport.pages(
                        search.operation, _KEYS, params
                    )
                ]
                if len(rows) > MAX_ROWS:
                    raise UnexpectedAnswer("The box found absurdly much")
                alarms = self._read(search, rows, site)
        except Unsupported:
            return []
        except RejectedByHub as error:
            if error.code in _NOTHING:
                return []
            raise
        # A second of the query is whole.
        return [alarm for alarm in alarms if first <= alarm.time.timestamp() < last + 1]

    def _read(self, search: _Search, rows: list[Json], site: Site) -> list[Alarm]:
        """Make alarms of rows, past those that cannot be understood."""
        return list(
            self._transport.notes.understood(
                search.operation,
                rows,
                partial(search.read, site=site),
                needed="timestamp",
            )
        )

    async def _page(
        self,
        search: _Search,
        params: dict[str, Json],
        token: Json,
        *,
        polling: bool = False,
    ) -> tuple[list[Json], Json, int | None]:
        """Return rows, the token of the next page, and how many rows there are."""
        try:
            data = await self._transport.ask(
                search.operation,
                {"pageToken": token, "pageSize": PAGE_SIZE, **params},
                priority=Priority.POLL if polling else Priority.COMMAND,
            )
        except RejectedByHub as error:
            if error.code in _NOTHING:
                return [], None, 0
            raise
        place = object_in(data, *_KEYS)
        totals = (as_int(place.get(key)) for key in _TOTALS)
        total = next((count for count in totals if count is not None), None)
        return rows_in(data, *_KEYS), place.get("nextPageToken"), total

"""What the server keeps: records of captures, without a filter for times (8.1)."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Final, override

from ...contract import AlarmQuery, History
from ...errors import UnexpectedAnswer
from ...kinds import AlarmKind
from ...model import Alarm, Json
from ...toolkit.lenient import as_int
from ..alarms import KINDS, read_record
from ..pages import BULK, ListChanged, RecordPage, RecordPages
from ..transport import Transport
from ..wire import Capture, Classify
from .details import Details
from .own_lists import OwnLists
from .record_listener import record_pages

_TRIES: Final = 5
# A record may be made somewhat later than the capture it is about.
_LATEST: Final = timedelta(minutes=10)


class CamGuardHistory(History):
    """Reads from the newest record on, until they are too old."""

    def __init__(self, transport: Transport, details: Details, lists: OwnLists) -> None:
        """Search through `transport`."""
        self._transport = transport
        self._details = details
        self._lists = lists

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        if query.plate or (query.kinds and query.kinds.isdisjoint(KINDS.values())):
            return
        pages = record_pages(self._transport, _filters(query))
        for _ in range(_TRIES):
            try:
                rows = await self._rows(pages, query.start - _LATEST)
                break
            except ListChanged:
                continue
        else:
            raise UnexpectedAnswer("The list of records changes all the time")
        await self._details.know_tasks(*{row.task_id for row in rows.values()})
        await self._lists.know(rows.values())
        now = datetime.now(UTC)
        alarms = [
            alarm
            for row in rows.values()
            if (
                alarm := read_record(
                    row,
                    self._details.clock,
                    self._details.tasks,
                    now,
                    self._lists.of(row),
                )
            )
            and query.start <= alarm.time <= query.end
            and query.matches(alarm)
        ]
        alarms.sort(key=lambda alarm: alarm.time, reverse=True)
        for alarm in alarms[: query.limit]:
            yield alarm

    async def _rows(
        self, pages: RecordPages[Capture], start: datetime
    ) -> dict[str, Capture]:
        """Read the records made since `start`, and some more."""
        size = pages.size(BULK)
        first = await pages.page(1, size)
        if not first.last:
            await pages.learn_order(first, size)
        rows: dict[str, Capture] = {}
        walk = pages.backward(BULK) if pages.oldest_first else pages.forward(BULK)
        async with aclosing(walk):
            async for page in walk:
                rows |= {row.key: row for row in page.entries}
                if pages.ordered and self._is_before(page, start):
                    break
        return rows

    def _is_before(self, page: RecordPage[Capture], start: datetime) -> bool:
        clock = self._details.clock
        times = [clock.read(row.create_time) for row in page.entries]
        return bool(times) and all(time is not None and time < start for time in times)


def _filters(query: AlarmQuery) -> dict[str, Json]:
    filters: dict[str, Json] = {}
    if len(query.channels) == 1:
        camera = as_int(query.channels[0])
        if camera is not None:
            filters["camera_id"] = camera
    if query.kinds == {AlarmKind.FACE_STRANGER}:
        filters["classify"] = int(Classify.STRANGER)
    return filters

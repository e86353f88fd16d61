"""Brings records as alarms, as they are made (8.1)."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
import logging
from time import monotonic
from typing import Final

from ...contract import AlarmSink, CallbackServer
from ...errors import Busy, CannotConnect, RejectedByHub, UnexpectedAnswer
from ...model import Json
from ...toolkit.lenient import as_int
from ..alarms import read_record
from ..cursor import Cursor
from ..new_records import NewRecordFinder
from ..pages import Answer, RecordPages
from ..server_clock import naive_time
from ..transport import Transport
from ..wire import Capture, placed
from .details import Details
from .own_lists import OwnLists

_LOGGER = logging.getLogger(__name__)

FASTEST: Final = 2.0
SLOWEST: Final = 15.0
"""Seconds between two looks, while something happens and when it is quiet."""

_SLOWER: Final = 1.5
PATIENCE: Final = 45.0
"""Seconds during which a server may fail before that is told."""
SILENCE: Final = timedelta(seconds=90)
THOROUGH_EVERY: Final = 3600.0

_LIVE: Final = 60.0
_BATCH: Final = 50


def record_pages(
    transport: Transport, filters: Mapping[str, Json] | None = None
) -> RecordPages[Capture]:
    """Return the list of records."""

    async def ask(number: int, size: int) -> Answer[Capture]:
        params = {**(filters or {}), "page_no": number, "page_size": size}
        page = await transport.page("capture_query", params)
        entries = transport.notes.understood(
            "capture_query", page.rows, _capture, needed="record_id"
        )
        return Answer(placed(entries), len(page.rows), page.total)

    return RecordPages(ask)


def _capture(row: dict[str, Json]) -> Capture | None:
    capture = Capture.from_dict(row)
    return capture if capture.is_record else None


class RecordListener:
    """Looks for new records until it is cancelled."""

    def __init__(self, transport: Transport, details: Details, lists: OwnLists) -> None:
        """Read through `transport`."""
        self._transport = transport
        self._details = details
        self._lists = lists
        self._remembered: Json = None

    async def listen(self, sink: AlarmSink, callbacks: CallbackServer) -> None:
        """Continue where the last run ended; bring alarms to `sink`."""
        self._remembered = callbacks.memory
        memory = self._remembered if isinstance(self._remembered, dict) else {}
        if (zone := as_int(memory.get("zone"))) is not None:
            self._details.clock.minutes = zone
        finder = NewRecordFinder(
            record_pages(self._transport), Cursor.load(memory.get("cursor"))
        )
        last: float | None = None
        thorough_at = float("-inf")
        pause = FASTEST
        while True:
            began = monotonic()
            thorough = not finder.ordered and began >= thorough_at
            try:
                found = await finder.poll(thorough=thorough)
            except (CannotConnect, Busy, UnexpectedAnswer, RejectedByHub) as error:
                if last is None or began - last > PATIENCE:
                    raise
                _LOGGER.debug("The records could not be read: %s", error.key)
                await asyncio.sleep(pause)
                continue
            if thorough:
                thorough_at = began + THOROUGH_EVERY
            if last is None:
                sink.expect(SILENCE)
            elif began - last < _LIVE:
                self._learn_zone(found)
            last = began
            sink.heard()
            await self._bring(found, finder, sink, callbacks)
            pause = FASTEST if found else min(pause * _SLOWER, SLOWEST)
            await asyncio.sleep(pause)

    def _learn_zone(self, found: list[Capture]) -> None:
        """Compare what was written since the last look with the time now."""
        newest = max(found, key=lambda row: row.created, default=None)
        if newest is not None and (naive := naive_time(newest.create_time)):
            ahead = self._transport.clock_offset or timedelta()
            self._details.clock.learn(naive, datetime.now(UTC) + ahead)

    async def _bring(
        self,
        found: list[Capture],
        finder: NewRecordFinder[Capture],
        sink: AlarmSink,
        callbacks: CallbackServer,
    ) -> None:
        await self._details.know_tasks(*{row.task_id for row in found})
        await self._lists.know(found)
        try:
            for number, row in enumerate(found, 1):
                alarm = read_record(
                    row,
                    self._details.clock,
                    self._details.tasks,
                    datetime.now(UTC),
                    self._lists.of(row),
                )
                await sink.accept(alarm)
                finder.note(row)
                if number % _BATCH == 0:
                    await self._remember(finder, callbacks)
            finder.finish()
        finally:
            # Also what was taken before the storage failed or we were told to stop.
            await self._remember(finder, callbacks)

    async def _remember(
        self, finder: NewRecordFinder[Capture], callbacks: CallbackServer
    ) -> None:
        assert finder.cursor is not None
        memory: Json = {
            "cursor": finder.cursor.dump(),
            "zone": self._details.clock.minutes,
        }
        if memory != self._remembered:
            await callbacks.remember(memory)
            self._remembered = memory

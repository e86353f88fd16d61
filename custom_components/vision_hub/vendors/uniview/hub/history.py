"""Alarms that the hub keeps (chapter 11)."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
import logging
from typing import Final, override

from ...contract import AlarmQuery, History
from ...errors import UnexpectedAnswer, VisionError
from ...kinds import AlarmKind
from ...model import Alarm, Json, PictureRole
from ...toolkit.connection import MAX_ROWS
from ...toolkit.lenient import as_text
from ...toolkit.parameters import channel_number
from ...toolkit.read_notes import ReadNotes
from ...toolkit.time_windows import newest_first
from ..alarms import FACE, codes_of, read_record
from ..transport import PAGE_SIZE, Transport, total_of
from ..wire import Record, list_in
from .details import Details

_FACE_KINDS: Final = frozenset(
    {AlarmKind.FACE_CAPTURED, AlarmKind.FACE_RECOGNIZED, AlarmKind.FACE_STRANGER}
)
_ALL: Final = 1
_COMPARED: Final = 2

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Search:
    """One of the four searches. `name` also sets its `alarm_id`s apart."""

    operation: str
    name: str
    about_face: bool
    params: Mapping[str, Json]


class UniviewHistory(History):
    """Searches behaviour alarms and faces, and what they were compared with."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Search through `transport`."""
        self._transport = transport
        self._details = details

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        channels: list[Json] = [channel_number(channel) for channel in query.channels]
        if not channels:
            if not self._details.cameras:
                await self._details.read_cameras()
            channels.extend(self._details.cameras)
        searches = _searches(query, await self._codes() if query.kinds else ())
        start, end = int(query.start.timestamp()), int(query.end.timestamp())
        if not channels or not searches:
            return
        streams = [
            newest_first(start, end, partial(self._window, search, channels))
            for search in searches
        ]
        async for alarm in query.select(_events(streams)):
            yield alarm

    async def _codes(self) -> Iterable[str]:
        """Ask which algorithms the box has (6.3): newer ones are in no manual."""
        try:
            data = await self._transport.ask("algo_list")
        except VisionError as error:
            _LOGGER.debug("The box did not tell its algorithms: %s", error.key)
            return ()
        told = data.get("algo_model") if isinstance(data, dict) else None
        return map(as_text, told if isinstance(told, list) else ())

    async def _window(
        self, search: _Search, channels: list[Json], first: int, last: int
    ) -> list[Alarm] | None:
        """Return what one search finds in a part of the time; None if that is too much.

        The biggest page is not stated, so that everything shall fit on one.
        """
        params: dict[str, Json] = {
            **search.params,
            "channel_id": channels,
            "start_time": first,
            "end_time": last,
        }
        data = await self._transport.ask(
            search.operation, {**params, "page": 1, "pagesize": PAGE_SIZE}
        )
        rows = list_in(data)
        # Of a full page the total may be that of the page alone.
        total = max(total_of(data) or 0, len(rows) + (len(rows) >= PAGE_SIZE))
        alarms = _read(search, rows, self._transport.notes)
        if rows and len(rows) < total:
            if first < last and alarms == _inside(alarms, first, last):
                return None
            # One second full of alarms, or a hub that does not look at times.
            pages = self._transport.pages(search.operation, params)
            alarms = _read(search, [row async for row in pages], self._transport.notes)
        return _inside(alarms, first, last)


def _inside(alarms: list[Alarm], first: int, last: int) -> list[Alarm]:
    return [alarm for alarm in alarms if first <= alarm.time.timestamp() <= last]


async def _events(streams: Iterable[AsyncIterator[Alarm]]) -> AsyncIterator[Alarm]:
    """Yield one alarm for each event, newest first."""
    async for group in _by_time(streams):
        for alarm in _merged(group):
            yield alarm


def _searches(query: AlarmQuery, known: Iterable[str]) -> list[_Search]:
    """Choose the searches that can find what is wanted.

    `known` are the codes that the box has.
    """
    codes: list[Json] = [code for code in codes_of(query.kinds, known) if code != FACE]
    behaviours = not query.kinds or bool(codes) or AlarmKind.OTHER in query.kinds
    faces = not query.kinds or not _FACE_KINDS.isdisjoint(query.kinds)
    named: dict[str, Json] = {"name": query.person.strip()} if query.person else {}
    flag: dict[str, Json] = {"compare_flag": _COMPARED if query.person else _ALL}
    # Without codes the hub gives all; a kind that is not in its table may be anything.
    some: dict[str, Json] = {}
    if codes and AlarmKind.OTHER not in query.kinds:
        some["algo_model"] = codes
    if query.plate:
        flag["plate_no"] = query.plate.strip()
    searches: list[_Search] = []
    if behaviours:
        searches.append(
            _Search("search_behavior", "behavior", about_face=False, params=some | flag)
        )
    if faces and not query.plate:
        searches.append(
            _Search("search_facecap", "facecap", about_face=True, params=named | flag)
        )
    if behaviours and not query.plate:
        searches.append(
            _Search(
                "search_behaviormatch",
                "behaviormatch",
                about_face=False,
                params=some | named,
            )
        )
    if faces and not query.plate:
        searches.append(
            _Search("search_facematch", "facematch", about_face=True, params=named)
        )
    return searches


def _read(search: _Search, rows: list[Json], notes: ReadNotes) -> list[Alarm]:
    """Make alarms of rows, each once."""
    if len(rows) > MAX_ROWS:
        raise UnexpectedAnswer("The hub found absurdly much")

    def read(row: dict[str, Json]) -> Alarm | None:
        record = Record.from_dict(row)
        return read_record(search.name, record, about_face=search.about_face)

    alarms: dict[str, Alarm] = {}
    for alarm in notes.understood(search.operation, rows, read, needed="capture_time"):
        # Faces come from the searches for faces, with the face cut out.
        if search.about_face or alarm.code != FACE:
            alarms[alarm.id] = alarm
    return list(alarms.values())


async def _by_time(
    streams: Iterable[AsyncIterator[Alarm]],
) -> AsyncIterator[list[Alarm]]:
    """Merge streams that go back in time; alarms of one second stay together."""
    heads = [
        (stream, first) for stream in streams if (first := await anext(stream, None))
    ]
    while heads:
        newest = max(alarm.time for _, alarm in heads)
        group: list[Alarm] = []
        left: list[tuple[AsyncIterator[Alarm], Alarm]] = []
        for stream, alarm in heads:
            head: Alarm | None = alarm
            while head and head.time == newest:
                group.append(head)
                head = await anext(stream, None)
            if head:
                left.append((stream, head))
        heads = left
        yield group


def _merged(group: list[Alarm]) -> Iterable[Alarm]:
    """Make one alarm of what several searches tell about one event.

    Two rows are one event when they show the same picture: the face that was cut out
    or else the scene. The first search that knows it gives the id, so that it stays the
    same whatever was asked for.
    """
    events: dict[tuple[str | None, str, str], list[Alarm]] = {}
    for alarm in group:
        shown = {item.role: item.reference for item in alarm.pictures}
        picture = shown.get(PictureRole.TARGET) or shown.get(PictureRole.SCENE)
        events.setdefault((alarm.channel, alarm.code, picture or alarm.id), []).append(
            alarm
        )
    for first, *others in events.values():
        if first.matches or not others:
            yield first
            continue
        compared = next((other for other in others if other.matches), others[0])
        yield replace(
            compared,
            id=first.id,
            clip=first.clip or compared.clip,
            targets=first.targets or compared.targets,
        )

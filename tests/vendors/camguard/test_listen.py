"""From the server's records to alarms, over real sockets."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings, strategies as st
import orjson
import pytest

from custom_components.vision_hub.vendors.camguard.hub import (
    CamGuardHub,
    record_listener,
)
from custom_components.vision_hub.vendors.contract import AlarmQuery
from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    CannotConnect,
)
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Passage, PictureRole
from tests.helpers.doubles import Callbacks, Sink, listening

from .conftest import Server, fail, open_hub, record

CHINA = timezone(timedelta(hours=8))


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    """Look often."""
    with patch.multiple(record_listener, FASTEST=0.01, SLOWEST=0.02):
        yield


def looks(server: Server) -> int:
    return len(server.asked("/QueryTaskCaptureRecord"))


async def quiet(server: Server) -> None:
    """Wait until everything that is there was looked at."""
    wanted = looks(server) + 3
    async with asyncio.timeout(5), server.came:
        await server.came.wait_for(lambda: looks(server) >= wanted)


async def test_only_what_happens_from_now_on(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    server.lists["records"] = [record(number) for number in range(1, 100)]
    async with listening(hub, sink, callbacks):
        await quiet(server)
        assert sink.alarms == []
        attic = {"camera_id": 77, "camera_name": "Attic", "person_id": 6}
        server.lists["records"].append(record(100, **attic))
        await sink.until(1)
    (alarm,) = sink.alarms
    assert alarm.id == "100@20240501100140"
    assert (alarm.channel, alarm.channel_name) == ("77", "Attic")
    assert alarm.kind is AlarmKind.FACE_RECOGNIZED
    assert alarm.time == datetime(2024, 5, 1, 10, tzinfo=CHINA)
    assert sink.silences == [record_listener.SILENCE]
    assert sink.heards >= 3


def person(number: int, name: str, *, sex: int, category: int) -> dict[str, Any]:
    row = {"lib_id": 1, "person_id": number, "name": name, "sex": sex}
    return {**row, "card_no": "", "category": category}


def swapped(number: int, of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A record of a server that swaps `sex` and `category` there."""
    return record(
        number,
        **{
            "person_id": of["person_id"],
            "person_name": of["name"],
            "sex": of["category"],
            "category": of["sex"],
            **changes,
        },
    )


MAN = person(7, "Bob", sex=1, category=0)
WOMAN = person(8, "Eve", sex=2, category=0)
THIEF = person(9, "Ida", sex=2, category=1)


async def test_the_own_row_of_a_person_tells_the_list(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    server.lists["persons"] = [MAN, WOMAN, THIEF]
    gone = person(10, "Gone", sex=1, category=1)
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"] += [
            swapped(1, MAN),
            swapped(2, WOMAN),
            swapped(3, THIEF),
            swapped(4, THIEF, lib_id=None),
            swapped(5, gone),
        ]
        await sink.until(5)
        asked = len(server.asked("/QueryPersonList"))
        server.lists["records"] += [swapped(6, MAN), swapped(7, WOMAN)]
        await sink.until(7)
    assert [alarm.kind for alarm in sink.alarms] == [
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_BLACKLISTED,
        # Nobody but the record knows.
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_RECOGNIZED,
        AlarmKind.FACE_RECOGNIZED,
    ]
    assert sink.alarms[0].code == "category_1"
    assert len(server.asked("/QueryPersonList")) == asked
    query = AlarmQuery(
        start=datetime(2024, 5, 1, tzinfo=UTC), end=datetime(2024, 5, 2, tzinfo=UTC)
    )
    assert hub.history
    found = [alarm async for alarm in hub.history.search(query)]
    kinds = {alarm.id: alarm.kind for alarm in sink.alarms}
    assert {alarm.id: alarm.kind for alarm in found} == kinds


async def test_somebody_is_forgiven(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    server.lists["persons"] = [dict(THIEF)]
    known = {"person_id": 9, "person_name": "Ida"}
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"].append(record(1, **known, category=1))
        await sink.until(1)
        server.lists["persons"][0]["category"] = 0
        server.lists["records"].append(record(2, **known, category=0))
        await sink.until(2)
    assert [alarm.kind for alarm in sink.alarms] == [
        AlarmKind.FACE_BLACKLISTED,
        AlarmKind.FACE_RECOGNIZED,
    ]


async def test_strangers_and_usual_records_cost_no_question_of_their_own(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    server.lists["persons"] = [MAN, WOMAN, THIEF]
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"] += [record(n, classify=0) for n in range(1, 20)]
        await sink.until(19)
        assert not server.asked("/QueryPersonList")
        server.lists["records"] += [
            record(n, person_id=7, person_name="Bob", category=0) for n in range(20, 40)
        ]
        await sink.until(39)
    (black,) = server.asked("/QueryPersonList")
    assert black["category"] == 1


async def test_many_doubtful_persons_are_read_at_once(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    people = [person(n, f"P{n}", sex=1, category=0) for n in range(20, 90)]
    server.lists["persons"] = people
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"] += [
            swapped(number, each) for number, each in enumerate(people, 1)
        ]
        await sink.until(len(people))
    assert {alarm.kind for alarm in sink.alarms} == {AlarmKind.FACE_RECOGNIZED}
    assert len(server.asked("/QueryPersonList")) < 10


async def test_a_server_that_tells_no_persons_still_tells_records(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    server.answers["/QueryPersonList"] = fail(4, "no")
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"].append(record(1, category=1))
        await sink.until(1)
    assert sink.alarms[0].kind is AlarmKind.FACE_BLACKLISTED


async def test_a_restart_continues_where_it_ended(
    server: Server, session: ClientSession, callbacks: Callbacks
) -> None:
    sink = Sink()
    async with listening(open_hub(session, server.port), sink, callbacks):
        server.lists["records"] += [record(1), record(2)]
        await sink.until(2)
        await quiet(server)
    server.lists["records"] += [record(3), record(4)]
    async with listening(open_hub(session, server.port), sink, callbacks):
        await sink.until(4)
        await quiet(server)
    assert [alarm.id.partition("@")[0] for alarm in sink.alarms] == list("1234")


async def test_nothing_is_written_when_nothing_is_new(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    server.lists["records"] = [record(number) for number in range(1, 100)]
    async with listening(hub, sink, callbacks):
        await quiet(server)
        assert len(callbacks.memories) == 1
        server.requests.clear()
        await quiet(server)
        assert {path for path, _ in server.requests} == {"/QueryTaskCaptureRecord"}
        for body in server.asked("/QueryTaskCaptureRecord"):
            assert (body["page_no"], body["page_size"]) == (1, 20)


async def test_what_cannot_be_stored_comes_again(
    server: Server, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    hub = open_hub(session, server.port)
    async with listening(hub, sink, callbacks) as task:
        sink.broken = True
        server.lists["records"].append(record(1))
        with pytest.raises(OSError, match="No space"):
            await task
    sink.broken = False
    async with listening(hub, sink, callbacks):
        await sink.until(1)
        await quiet(server)
    assert len(sink.alarms) == 1


async def test_a_short_failure_is_borne_a_long_one_is_told(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    path = "/QueryTaskCaptureRecord"
    async with listening(hub, sink, callbacks) as task:
        server.broken = 5
        await quiet(server)
        assert not task.done()
        server.lists["records"].append(record(1))
        await sink.until(1)
        with patch.object(record_listener, "PATIENCE", 0):
            server.answers[path] = fail()
            with pytest.raises(Exception, match="failed"):
                await task


async def test_an_unreachable_server_is_told_at_once(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    await hub.connect()
    assert server.server
    await server.server.close()
    with pytest.raises(CannotConnect):
        await hub.listen(sink, callbacks)
    assert sink.silences == []


async def test_a_password_that_was_changed_ends_listening(
    server: Server, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    hub = open_hub(session, server.port)
    with patch.object(server, "_login", side_effect=lambda _: fail(1, "wrong")) as log:
        log.side_effect = None
        log.return_value = {"code": 0, "user_id": 1, "session": "s", "msg": ""}
        server.session = "s"
        async with listening(hub, sink, callbacks) as task:
            log.return_value = fail(1, "wrong")
            server.expire()
            with pytest.raises(AuthenticationFailed):
                await task


async def test_sessions_end_without_loss(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    async with listening(hub, sink, callbacks):
        for number in range(1, 6):
            server.expire()
            server.lists["records"].append(record(number))
            await sink.until(number)
    assert len(sink.alarms) == 5
    assert server.logins == 6


async def test_entry_and_exit(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    await hub.poll()
    async with listening(hub, sink, callbacks):
        server.lists["records"] += [
            record(1, camera_id=1),
            record(2, camera_id=2),
            record(3, camera_id=2, task_id=2, task_name=""),
        ]
        await sink.until(3)
    assert [(alarm.task, alarm.passage) for alarm in sink.alarms] == [
        ("Gate watch", Passage.ENTRY),
        ("Gate watch", Passage.EXIT),
        ("Hall", None),
    ]


async def test_pictures_are_references(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    async with listening(hub, sink, callbacks):
        server.lists["records"].append(record(1))
        server.lists["records"].append(record(2, classify=0))
        await sink.until(2)
    known, stranger = sink.alarms
    assert [(each.role, each.reference) for each in known.pictures] == [
        (PictureRole.TARGET, "/captures/1.jpg"),
        (PictureRole.LIBRARY, "/pics/5.jpg"),
    ]
    assert [each.role for each in stranger.pictures] == [PictureRole.TARGET]
    assert stranger.matches == ()


async def test_the_zone_is_learned_from_what_is_live(
    server: Server, session: ClientSession, sink: Sink, callbacks: Callbacks
) -> None:
    hub = open_hub(session, server.port)
    zone = timezone(timedelta(hours=-3, minutes=-30))
    async with listening(hub, sink, callbacks):
        now = f"{datetime.now(zone):%Y-%m-%d %H:%M:%S}"
        server.lists["records"].append(record(1, create_time=now, capture_time=now))
        await sink.until(1)
        await quiet(server)
    assert abs(sink.alarms[0].time - datetime.now(UTC)) < timedelta(seconds=10)
    # It is known again after a restart, when nothing is live.
    server.lists["records"].append(record(2, create_time=now, capture_time=now))
    async with listening(open_hub(session, server.port), sink, callbacks):
        await sink.until(2)
    assert sink.alarms[1].time == sink.alarms[0].time


async def test_records_without_number_or_total(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    """The sample has no `record_id`; numbers may be text."""

    def rows(numbers: range) -> list[dict[str, Any]]:
        made = [record(number) for number in numbers]
        for row in made:
            del row["record_id"]
        return made

    server.lists["records"] = rows(range(1, 60))
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"] += rows(range(60, 90))
        await sink.until(30)
        await quiet(server)
    assert len(sink.alarms) == len({alarm.id for alarm in sink.alarms}) == 30


async def test_pages_that_are_refused_are_asked_for_smaller(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    path = "/QueryTaskCaptureRecord"
    server.answers[path] = lambda body: (
        fail(2, "page_size") if body["page_size"] > 8 else server._listed(path, body)
    )
    server.lists["records"] = [record(number) for number in range(1, 30)]
    async with listening(hub, sink, callbacks):
        server.lists["records"] += [record(number) for number in range(30, 50)]
        await sink.until(20)
        await quiet(server)
    assert len(sink.alarms) == 20


async def test_history_in_either_order(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    await hub.connect()
    assert hub.history
    server.lists["records"] = [
        record(
            number,
            capture_time=f"2024-05-01 {number // 60:02}:{number % 60:02}:00",
            create_time=f"2024-05-01 {number // 60:02}:{number % 60:02}:00",
            classify=number % 2,
            camera_id=number % 3,
        )
        for number in range(600)
    ]
    query = AlarmQuery(
        start=datetime(2024, 5, 1, 5, tzinfo=CHINA),
        end=datetime(2024, 5, 1, 5, 59, tzinfo=CHINA),
    )
    for newest_first in (True, False):
        server.newest_first = newest_first
        found = [alarm async for alarm in hub.history.search(query)]
        assert [alarm.time.minute for alarm in found] == list(range(59, -1, -1))
    server.requests.clear()
    wanted = AlarmQuery(
        start=query.start,
        end=query.end,
        channels=("1",),
        kinds=frozenset({AlarmKind.FACE_STRANGER}),
        limit=3,
    )
    found = [alarm async for alarm in hub.history.search(wanted)]
    assert len(found) == 3
    assert {(alarm.channel, alarm.kind) for alarm in found} == {
        ("1", AlarmKind.FACE_STRANGER)
    }
    assert server.asked("/QueryTaskCaptureRecord")[0]["camera_id"] == 1
    assert [
        a
        async for a in hub.history.search(
            AlarmQuery(start=query.start, end=query.end, person="nobody")
        )
    ] == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 30)),
        st.tuples(st.just("delete"), st.integers(0, 20), st.integers(1, 5)),
        st.tuples(st.just("expire")),
        st.tuples(st.just("restart")),
        st.tuples(st.just("reset")),
        st.tuples(st.just("fail"), st.integers(1, 3)),
        st.tuples(st.just("turn")),
        st.tuples(st.just("limit"), st.sampled_from([5, 20, 1000])),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, old=st.integers(0, 60))
async def test_every_record_once(
    server: Server, session: ClientSession, steps: list[tuple[Any, ...]], old: int
) -> None:
    """The whole way, whatever happens; what is added is seen before the next step."""
    minute = number = 0
    expected: list[str] = []

    def add(count: int) -> None:
        nonlocal number
        for _ in range(count):
            number += 1
            time = f"2024-05-01 {minute // 60:02}:{minute % 60:02}:{number % 60:02}"
            server.lists["records"].append(
                record(number, create_time=time, capture_url=f"/{len(expected)}")
            )
            expected.append(
                f"{number}@{time.translate({45: None, 58: None, 32: None})}"
            )

    server.lists["records"] = []
    server.newest_first, server.most = True, 1000
    add(old)
    expected.clear()
    sink, callbacks = Sink(), Callbacks()
    steps = [*steps, ("restart",)]
    while steps:
        async with listening(open_hub(session, server.port), sink, callbacks):
            while steps:
                name, *rest = steps.pop(0)
                minute += 1
                match name:
                    case "add":
                        add(*rest)
                    case "delete":
                        start, count = rest
                        del server.lists["records"][start : start + count]
                    case "expire":
                        server.expire()
                    case "reset":
                        server.lists["records"] = []
                        number = 0
                    case "fail":
                        (server.broken,) = rest
                    case "turn":
                        server.newest_first = not server.newest_first
                    case "limit":
                        (server.most,) = rest
                    case "restart":
                        break
                await sink.until(len(expected))
                await quiet(server)
        # What is added while nobody looks comes as well.
        add(3)
    async with listening(open_hub(session, server.port), sink, callbacks):
        await sink.until(len(expected))
        await quiet(server)
    assert sorted(alarm.id for alarm in sink.alarms) == sorted(expected)


@pytest.mark.parametrize("number", [10**30, -(2**70), 1e300])
async def test_one_record_never_blocks_another(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks, number: Any
) -> None:
    """Whatever is in a record, those after it are told and the place is kept."""
    server.lists["records"] = [record(number) for number in range(1, 30)]
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"] += [
            record(30, similarity=number, task_id=number),
            record(31, person_id=number, lib_id=number, sex=number),
            {**record(32), "record_id": number},
            record(33, camera_id=number, category=number, classify=number),
            "junk",
            {"record_id": number},
            record(34),
        ]
        await sink.until(5)
        await quiet(server)
        server.lists["records"].append(record(35))
        await sink.until(6)
    assert len(sink.alarms) == 6
    assert [note.key for note, _ in hub.notes] == ["row", "record_id"] or [
        note.key for note, _ in hub.notes
    ] == ["record_id", "row"]
    # The place is kept as JSON.
    orjson.dumps(callbacks.memory)
    assert isinstance(callbacks.memory, dict)
    sink.alarms.clear()
    async with listening(hub, sink, callbacks):
        await quiet(server)
        assert sink.alarms == []
        server.lists["records"].append(record(36))
        await sink.until(1)


async def test_records_that_cannot_be_read_block_no_others(
    server: Server, hub: CamGuardHub, sink: Sink, callbacks: Callbacks
) -> None:
    async with listening(hub, sink, callbacks):
        await quiet(server)
        server.lists["records"] = [{"odd": number} for number in range(25)]
        await quiet(server)
        server.lists["records"].append(record(1))
        await sink.until(1)

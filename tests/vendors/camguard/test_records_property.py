"""Every record exactly once, whatever happens to the list of a server."""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
import random
from typing import Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
import orjson

from custom_components.vision_hub.vendors.camguard.cursor import REMEMBERED, Cursor
from custom_components.vision_hub.vendors.camguard.new_records import NewRecordFinder
from custom_components.vision_hub.vendors.camguard.pages import Answer, RecordPages
from custom_components.vision_hub.vendors.errors import CannotConnect, VisionError


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the model server."""

    position: int
    second: int
    identity: int
    """Unique in the whole life of the server; the finder does not see it."""

    @property
    def created(self) -> str:
        return f"{self.second:09}"

    @property
    def key(self) -> str:
        return f"{self.position}@{self.created}"


class Order(Enum):
    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    BY_TIME = "newest time first, ties in any order"


@dataclass
class Server:
    """A list of records, and what befalls it between and during requests."""

    rows: list[Row] = field(default_factory=list)
    order: Order = Order.NEWEST_FIRST
    most: int = 1000
    """The largest page it gives."""
    counts: str = "all"
    """What its totals count."""
    second: int = 1
    position: int = 0
    made: int = 0
    requests: list[tuple[int, int]] = field(default_factory=list)
    during: list[Callable[[], Any]] = field(default_factory=list)
    """What happens before each of the next answers."""

    def add(self, count: int) -> None:
        for _ in range(count):
            self.position += 1
            self.made += 1
            self.rows.append(Row(self.position, self.second, self.made))

    def tick(self, seconds: int) -> None:
        self.second += seconds

    def delete(self, where: float, count: int) -> None:
        start = int(where * len(self.rows))
        del self.rows[start : start + count]

    def reset(self) -> None:
        """The database begins anew, and no two of them share a second."""
        self.rows.clear()
        self.position = 0
        self.second += 1

    def listed(self) -> list[Row]:
        match self.order:
            case Order.NEWEST_FIRST:
                return self.rows[::-1]
            case Order.OLDEST_FIRST:
                return list(self.rows)
            case Order.BY_TIME:
                return sorted(
                    self.rows,
                    key=lambda row: (-row.second, random.Random(row.identity).random()),
                )

    async def ask(self, number: int, size: int) -> Answer[Row]:
        self.requests.append((number, size))
        if self.during:
            self.during.pop(0)()
        # With ties in any order, pages of a few rows tell nothing.
        least = 7 if self.order is Order.BY_TIME else 1
        if self.counts == "all":
            size = min(size, max(self.most, least))
        rows = self.listed()
        page = rows[(number - 1) * size : number * size]
        totals = {"all": len(rows), "page": len(page), "none": None}
        return Answer(tuple(page), len(page), totals[self.counts])


def finished[T](work: Coroutine[Any, Any, T]) -> T:
    """Run what never really waits."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError


def fail() -> None:
    raise CannotConnect


EVENTS = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 60)),
    st.tuples(st.just("tick"), st.integers(1, 100)),
    st.tuples(st.just("delete"), st.floats(0, 0.99), st.integers(1, 60)),
    st.tuples(st.just("fail")),
)


class Records(RuleBasedStateMachine):
    """Plays with the server and the finder."""

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.told: list[Row] = []
        self.kept: bytes | None = None
        self.baseline: set[int] | None = None
        self.gone: set[int] = set()
        self.restart()

    @initialize(
        count=st.integers(0, 60),
        order=st.sampled_from(Order),
        most=st.sampled_from([1, 2, 3, 7, 10, 20, 1000]),
        counts=st.sampled_from(["all", "page", "none"]),
    )
    def begin(self, count: int, order: Order, most: int, counts: str) -> None:
        self.server.order, self.server.most = order, most
        # Smaller pages than were asked for would look like the end.
        self.server.counts = counts
        self.server.add(count)
        self.server.tick(1)
        self.look()

    @rule(count=st.one_of(st.integers(1, 5), st.integers(1, 60)))
    def add(self, count: int) -> None:
        self.server.add(count)

    @rule(seconds=st.integers(1, 1000))
    def tick(self, seconds: int) -> None:
        self.server.tick(seconds)

    @rule(where=st.floats(0, 0.99), count=st.one_of(st.just(1), st.integers(1, 100)))
    def delete(self, where: float, count: int) -> None:
        self.server.delete(where, count)

    @rule(count=st.integers(1, 60))
    def delete_newest(self, count: int) -> None:
        del self.server.rows[-count:]

    @rule()
    def clear(self) -> None:
        self.server.rows.clear()

    @rule(count=st.integers(0, 60))
    def reset(self, count: int) -> None:
        self.server.reset()
        self.server.add(count)

    @rule(most=st.sampled_from([1, 2, 3, 7, 10, 20, 1000]))
    def limit(self, most: int) -> None:
        self.server.most = most

    @rule(order=st.sampled_from(Order))
    def reorder(self, order: Order) -> None:
        self.server.order = order

    @rule()
    def restart(self) -> None:
        cursor = None if self.kept is None else Cursor.load(orjson.loads(self.kept))
        assert (cursor is None) == (self.kept is None)
        self.finder = NewRecordFinder(RecordPages(self.server.ask), cursor)

    @rule(events=st.lists(EVENTS, max_size=4), refuse=st.none() | st.integers(0, 30))
    def poll(self, events: list[tuple[Any, ...]], refuse: int | None) -> None:
        """Look while things happen; `refuse` records are stored, then no more."""
        server = self.server
        known: dict[str, Callable[..., None]] = {
            "add": server.add,
            "tick": server.tick,
            "delete": server.delete,
            "fail": fail,
        }
        server.during = [partial(known[name], *rest) for name, *rest in events]
        try:
            self.look(refuse)
        except VisionError:
            pass
        finally:
            server.during = []

    @rule()
    def settle(self) -> None:
        """When nothing happens during a look, nothing stays untold."""
        self.look()
        if self.server.order is Order.BY_TIME:
            self.look(thorough=True)
        told = {row.identity for row in self.told} | (self.baseline or set())
        there = {row.identity for row in self.server.rows}
        assert there <= told
        self.look()
        self.server.requests.clear()
        self.look()
        assert len(self.server.requests) <= (1 if self.server.counts == "all" else 4)
        assert self.server.requests[0][1] <= 20

    def look(self, refuse: int | None = None, *, thorough: bool = False) -> None:
        before = {row.identity for row in self.server.rows}
        first = self.baseline is None
        found = finished(self.finder.poll(thorough=thorough))
        if first:
            after = {row.identity for row in self.server.rows}
            self.baseline = before | after
        for number, row in enumerate(found):
            if refuse is not None and number >= refuse:
                break
            self.told.append(row)
            self.finder.note(row)
        else:
            self.finder.finish()
        assert self.finder.cursor
        self.kept = orjson.dumps(self.finder.cursor.dump())

    @invariant()
    def never_twice(self) -> None:
        twice = [row for row, times in Counter(self.told).items() if times > 1]
        assert not twice
        assert not {row.identity for row in self.told} & (self.baseline or set())


TestRecords = Records.TestCase
TestRecords.settings = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_what_is_no_longer_remembered_is_not_new() -> None:
    """A thorough look meets records that were told long ago."""
    rows = [Row(number, number, number) for number in range(2 * REMEMBERED)]
    cursor = Cursor.after([])
    for row in rows:
        cursor.note(row)
    assert len(cursor.known) == REMEMBERED
    assert not [row for row in rows if cursor.is_new(row)]
    assert cursor.is_new(Row(len(rows), len(rows), len(rows)))

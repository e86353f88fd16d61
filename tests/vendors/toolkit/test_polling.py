"""What is read when, how much of it, and which errors end a poll."""

import asyncio
from collections.abc import Awaitable, Callable
import math

import pytest

from custom_components.vision_hub.vendors.errors import (
    AnswerTimeout,
    AuthenticationFailed,
    Busy,
    CannotConnect,
    LockedOut,
    PermissionDenied,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
    VisionError,
)
from custom_components.vision_hub.vendors.toolkit.polling import (
    UNSUPPORTED_PERIOD,
    Budget,
    PartReader,
    PollScheduler,
    Reader,
)

from ...helpers.doubles import Clock

CANNOT_READ = [
    pytest.param(RejectedByHub("7", "No"), id="rejected"),
    pytest.param(UnexpectedAnswer(), id="unexpected"),
    pytest.param(PermissionDenied(), id="denied"),
]
NO_TIME = [
    pytest.param(Busy(), id="busy"),
    pytest.param(AnswerTimeout(), id="timeout"),
]
GONE = [
    pytest.param(CannotConnect(), id="unreachable"),
    pytest.param(AuthenticationFailed(), id="refused"),
    pytest.param(LockedOut(), id="locked"),
]


class FakeHub:
    """Answers at once, unless something else is arranged."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.asked: list[str] = []
        self.errors: dict[str, VisionError] = {}
        self.seconds = 0.0
        """How long an answer takes."""
        self.gates: dict[str, asyncio.Event] = {}
        self.begun = asyncio.Event()
        self.running = self.most_running = 0

    async def answer(self, what: str) -> None:
        self.asked.append(what)
        self.begun.set()
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            self.clock.now += self.seconds
            await (self.gates[what].wait() if what in self.gates else asyncio.sleep(0))
            if error := self.errors.get(what):
                raise error
        finally:
            self.running -= 1

    def reads(self, what: str) -> Callable[[], Awaitable[None]]:
        return lambda: self.answer(what)

    def reads_part(self, what: str) -> Callable[[int], Awaitable[None]]:
        return lambda part: self.answer(f"{what} {part}")

    def scheduler(
        self,
        readers: dict[str, Reader | PartReader[int]],
        budget: Budget | None = None,
        concurrency: int = 1,
    ) -> PollScheduler[int]:
        return PollScheduler(readers, budget, concurrency=concurrency, clock=self.clock)

    async def asked_by(self, scheduler: PollScheduler[int], after: float) -> list[str]:
        """Return what a poll asks for when so many seconds went by."""
        self.clock.now += after
        self.asked.clear()
        await scheduler.poll()
        return self.asked.copy()


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def scheduler(hub: FakeHub) -> PollScheduler[int]:
    """A scheduler of what a small hub has."""
    return hub.scheduler(
        {
            "load": Reader(hub.reads("load"), 50),
            "clock": Reader(hub.reads("clock"), 290),
            "cameras": Reader(hub.reads("cameras"), needed=True),
            "people": Reader(hub.reads("people"), 290),
        }
    )


async def test_each_is_read_when_it_is_old(
    hub: FakeHub, scheduler: PollScheduler[int]
) -> None:
    assert set(await hub.asked_by(scheduler, 0)) == {
        "cameras",
        "load",
        "clock",
        "people",
    }
    assert await hub.asked_by(scheduler, 0) == ["cameras"]
    for _ in range(4):
        assert await hub.asked_by(scheduler, 60) == ["cameras", "load"]
    assert set(await hub.asked_by(scheduler, 60)) == {
        "cameras",
        "load",
        "clock",
        "people",
    }


async def test_what_is_needed_comes_first_then_the_most_overdue(
    hub: FakeHub, scheduler: PollScheduler[int]
) -> None:
    assert (await hub.asked_by(scheduler, 0))[0] == "cameras"
    # The load is late by a tenth of its period, the others by a half of theirs.
    hub.clock.now += 380
    await scheduler.read("load")
    assert await hub.asked_by(scheduler, 55) == ["cameras", "clock", "people", "load"]
    scheduler.forget("people")
    assert (await hub.asked_by(scheduler, 300))[:2] == ["cameras", "people"]


async def test_a_period_that_depends_on_the_answer(hub: FakeHub) -> None:
    period = 0.0

    async def read() -> None:
        nonlocal period
        await hub.answer("list")
        period = 120

    scheduler = hub.scheduler({"list": Reader(read, lambda: period, needed=True)})
    assert await hub.asked_by(scheduler, 0) == ["list"]
    assert await hub.asked_by(scheduler, 60) == []
    assert await hub.asked_by(scheduler, 60) == ["list"]


async def test_what_was_read_now_is_not_read_again_by_the_poll(
    hub: FakeHub, scheduler: PollScheduler[int]
) -> None:
    assert scheduler.age("people") == math.inf
    await scheduler.read("people")
    hub.clock.now += 7
    assert scheduler.age("people") == 7
    assert "people" not in await hub.asked_by(scheduler, 0)


async def test_parts_come_and_go(hub: FakeHub) -> None:
    channels = [1, 2]
    scheduler = hub.scheduler(
        {"tasks": PartReader(hub.reads_part("tasks"), 600, lambda: channels)}
    )
    assert await hub.asked_by(scheduler, 0) == ["tasks 1", "tasks 2"]
    channels[:] = [2, 3]
    assert await hub.asked_by(scheduler, 60) == ["tasks 3"]
    # Who comes back is not asked before it is old.
    channels[:] = [1, 2, 3]
    assert await hub.asked_by(scheduler, 60) == []
    assert await hub.asked_by(scheduler, 480) == ["tasks 1", "tasks 2"]


async def test_parts_that_a_reader_finds_are_read_in_the_same_poll(
    hub: FakeHub,
) -> None:
    libraries: list[int] = []

    async def find() -> None:
        await hub.answer("libraries")
        libraries[:] = [5, 6]

    scheduler = hub.scheduler(
        {
            "persons": PartReader(hub.reads_part("persons"), 600, lambda: libraries),
            "libraries": Reader(find, 600),
        }
    )
    assert await hub.asked_by(scheduler, 0) == ["libraries", "persons 5", "persons 6"]


async def test_what_is_forgotten_is_read_at_the_next_poll(hub: FakeHub) -> None:
    scheduler = hub.scheduler(
        {
            "device": Reader(hub.reads("device"), 600),
            "tasks": PartReader(hub.reads_part("tasks"), 600, lambda: [1, 2]),
            "params": PartReader(hub.reads_part("params"), 600, lambda: [1, 2]),
        }
    )
    await scheduler.poll()
    scheduler.forget("tasks", "params", part=2)
    assert await hub.asked_by(scheduler, 1) == ["tasks 2", "params 2"]
    scheduler.forget("tasks")
    assert await hub.asked_by(scheduler, 1) == ["tasks 1", "tasks 2"]
    scheduler.forget()
    assert len(await hub.asked_by(scheduler, 1)) == 5
    assert await hub.asked_by(scheduler, 1) == []


@pytest.mark.parametrize("error", [None, RejectedByHub("7", "No"), Busy()])
async def test_what_is_forgotten_while_it_is_read_is_read_again(
    hub: FakeHub, error: VisionError | None
) -> None:
    gate = hub.gates["people"] = asyncio.Event()
    if error:
        hub.errors["people"] = error
    scheduler = hub.scheduler({"people": Reader(hub.reads("people"), 600)})
    poll = asyncio.create_task(scheduler.poll())
    async with asyncio.timeout(5):
        await hub.begun.wait()
    scheduler.forget("people")
    gate.set()
    await poll
    assert await hub.asked_by(scheduler, 0) == ["people"]


async def test_a_hub_is_asked_seldom_for_what_it_lacks(
    hub: FakeHub, scheduler: PollScheduler[int]
) -> None:
    hub.errors["people"] = Unsupported()
    await scheduler.poll()
    scheduler.forget()
    assert "people" not in await hub.asked_by(scheduler, 3600)
    assert "people" in await hub.asked_by(scheduler, UNSUPPORTED_PERIOD)
    # Whoever names it knows that it is there.
    scheduler.forget("people")
    assert "people" in await hub.asked_by(scheduler, 1)
    del hub.errors["people"]
    assert "people" not in await hub.asked_by(scheduler, 300)
    scheduler.forget_unsupported()
    assert await hub.asked_by(scheduler, 1) == ["cameras", "people"]
    assert "people" in await hub.asked_by(scheduler, 300)


@pytest.mark.parametrize("error", CANNOT_READ)
async def test_what_is_refused_waits_longer_each_time(
    hub: FakeHub, scheduler: PollScheduler[int], error: VisionError
) -> None:
    hub.errors["clock"] = error
    # The others are read all the same.
    assert set(await hub.asked_by(scheduler, 0)) == {
        "cameras",
        "load",
        "clock",
        "people",
    }
    for wait in (290, 580, 1160):
        assert "clock" not in await hub.asked_by(scheduler, wait - 1)
        assert "clock" in await hub.asked_by(scheduler, 1)
    for _ in range(20):
        assert "clock" in await hub.asked_by(scheduler, UNSUPPORTED_PERIOD)
    del hub.errors["clock"]
    for _ in range(2):
        hub.clock.now += UNSUPPORTED_PERIOD
        await scheduler.poll()
    assert "clock" in await hub.asked_by(scheduler, 290)


@pytest.mark.parametrize("error", NO_TIME)
async def test_a_busy_hub_is_left_alone_until_the_next_poll(
    hub: FakeHub, scheduler: PollScheduler[int], error: VisionError
) -> None:
    hub.errors["load"] = error
    assert await hub.asked_by(scheduler, 0) == ["cameras", "load"]
    # What was not even tried goes first, so that nothing starves.
    assert await hub.asked_by(scheduler, 60) == ["cameras", "clock", "people", "load"]
    # Again and again in vain: it costs each poll the patience for an answer.
    asked = 0
    for _ in range(60):
        asked += "load" in await hub.asked_by(scheduler, 10)
    assert asked <= 12


@pytest.mark.parametrize("error", [*CANNOT_READ, *NO_TIME, *GONE, Unsupported()])
async def test_what_is_needed_fails_the_poll(
    hub: FakeHub, scheduler: PollScheduler[int], error: VisionError
) -> None:
    hub.errors["cameras"] = error
    with pytest.raises(type(error)):
        await scheduler.poll()
    assert hub.asked == ["cameras"]
    del hub.errors["cameras"]
    assert len(await hub.asked_by(scheduler, 0)) == 4


@pytest.mark.parametrize("error", GONE)
async def test_that_the_hub_is_gone_fails_the_poll_whatever_tells_it(
    hub: FakeHub, scheduler: PollScheduler[int], error: VisionError
) -> None:
    await scheduler.poll()
    hub.errors["clock"] = error
    hub.clock.now += 300
    with pytest.raises(type(error)):
        await scheduler.poll()
    # It was not told, so it is asked for again.
    with pytest.raises(type(error)):
        await scheduler.poll()
    del hub.errors["clock"]
    assert "clock" in await hub.asked_by(scheduler, 0)


async def test_reading_now_tells_every_error_but_what_is_not_needed(
    hub: FakeHub, scheduler: PollScheduler[int]
) -> None:
    hub.errors |= {"clock": Busy(), "people": Unsupported()}
    for name, error in hub.errors.items():
        with pytest.raises(type(error)):
            await scheduler.read(name)
        await scheduler.read(name, needed=False)
    hub.errors["clock"] = CannotConnect()
    with pytest.raises(CannotConnect):
        await scheduler.read("clock", needed=False)


def many(hub: FakeHub, parts: int) -> dict[str, Reader | PartReader[int]]:
    return {
        "cameras": Reader(hub.reads("cameras"), needed=True),
        "tasks": PartReader(hub.reads_part("tasks"), 600, lambda: range(parts)),
    }


async def test_so_many_a_minute(hub: FakeHub) -> None:
    scheduler = hub.scheduler(many(hub, 100), Budget(per_minute=8))
    assert len(await hub.asked_by(scheduler, 0)) == 1 + 8
    # Whoever polls more often reads no more.
    asked = [len(await hub.asked_by(scheduler, 6)) - 1 for _ in range(10)]
    assert sum(asked) == 8
    # And whoever waits long does not read more at once.
    assert len(await hub.asked_by(scheduler, 3600)) == 1 + 8
    for _ in range(12):
        await hub.asked_by(scheduler, 60)
    asked_for: set[str] = set()
    for _ in range(13):
        asked_for |= set(await hub.asked_by(scheduler, 60))
    assert len(asked_for) == 1 + 100


async def test_the_first_poll_may_read_more(hub: FakeHub) -> None:
    scheduler = hub.scheduler(many(hub, 100), Budget(per_minute=8, first_reads=60))
    hub.errors["cameras"] = UnexpectedAnswer()
    with pytest.raises(UnexpectedAnswer):
        await scheduler.poll()
    del hub.errors["cameras"]
    # The poll that failed was not the first.
    assert len(await hub.asked_by(scheduler, 60)) == 1 + 60
    assert len(await hub.asked_by(scheduler, 60)) == 1 + 8
    small = hub.scheduler(many(hub, 5), Budget(per_minute=8, first_reads=60))
    assert len(await hub.asked_by(small, 0)) == 1 + 5
    assert len(await hub.asked_by(small, 600)) == 1 + 5


async def test_a_slow_hub_does_not_hold_up_the_first_poll(hub: FakeHub) -> None:
    hub.gates["tasks 1"] = asyncio.Event()
    scheduler = hub.scheduler(many(hub, 3), Budget(first_seconds=0.1))
    async with asyncio.timeout(5):
        await scheduler.poll()
    assert hub.asked == ["cameras", "tasks 0", "tasks 1"]
    assert hub.running == 0
    hub.gates.clear()
    assert await hub.asked_by(scheduler, 0) == ["cameras", "tasks 1", "tasks 2"]


async def test_what_is_new_goes_beside_the_budget_for_a_while(hub: FakeHub) -> None:
    hub.seconds = 0.4
    budget = Budget(per_minute=4, fresh_is_free=True, seconds=1.5)
    scheduler = hub.scheduler(many(hub, 20), budget)
    # What is needed does not count: a slow list would leave no time for the rest.
    for _ in range(5):
        assert len(await hub.asked_by(scheduler, 1)) == 1 + 4
    assert len(await hub.asked_by(scheduler, 1)) == 1
    hub.seconds = 0
    assert len(await hub.asked_by(scheduler, 3600)) == 1 + 4
    scheduler.forget("tasks")
    assert len(await hub.asked_by(scheduler, 1)) == 1 + 20


async def test_side_by_side(hub: FakeHub) -> None:
    scheduler = hub.scheduler(many(hub, 10), concurrency=4)
    assert len(await hub.asked_by(scheduler, 0)) == 1 + 10
    assert hub.most_running == 4
    alone = hub.scheduler(many(hub, 10))
    hub.most_running = 0
    await hub.asked_by(alone, 0)
    assert hub.most_running == 1


async def test_an_error_side_by_side_leaves_nothing_running(hub: FakeHub) -> None:
    hub.errors |= {"tasks 1": AuthenticationFailed(), "tasks 2": Busy()}
    scheduler = hub.scheduler(many(hub, 10), concurrency=4)
    with pytest.raises(AuthenticationFailed):
        await scheduler.poll()
    assert hub.running == 0
    assert len(hub.asked) == 1 + 4
    hub.errors.clear()
    asked = await hub.asked_by(scheduler, 0)
    assert asked == ["cameras", "tasks 1", *(f"tasks {part}" for part in range(4, 10))]
    assert await hub.asked_by(scheduler, 60) == ["cameras", "tasks 2"]

"""Searches in halves of the time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from custom_components.vision_hub.vendors.errors import UnexpectedAnswer
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import Alarm, Source
from custom_components.vision_hub.vendors.toolkit.time_windows import (
    MAX_WINDOWS,
    newest_first,
)


@dataclass
class Records:
    """A hub that tells a few alarms at once, in no order."""

    seconds: list[int]
    most: int = 3
    asked: list[tuple[int, int]] = field(default_factory=list)

    async def read(self, first: int, last: int) -> list[Alarm] | None:
        self.asked.append((first, last))
        found = [second for second in self.seconds if first <= second <= last]
        if len(found) > self.most and first < last:
            return None
        return [
            Alarm(
                id=str(second),
                kind=AlarmKind.OTHER,
                code="",
                time=datetime.fromtimestamp(second, UTC),
                source=Source.HISTORY,
                channel=None,
            )
            for second in found
        ]

    async def search(self, start: int, end: int) -> list[int]:
        return [int(alarm.id) async for alarm in newest_first(start, end, self.read)]


async def test_what_can_be_read_whole_is_asked_for_once() -> None:
    records = Records([5, 9, 7])
    assert await records.search(0, 10) == [9, 7, 5]
    assert records.asked == [(0, 10)]


async def test_much_is_read_in_halves_newest_first_each_once() -> None:
    records = Records([(7 * number) % 100 for number in range(100)])
    assert await records.search(10, 90) == list(range(90, 9, -1))
    parts = [part for part in records.asked if part[1] - part[0] < 3]
    assert parts == sorted(parts, reverse=True)


async def test_who_wants_no_more_asks_no_more() -> None:
    records = Records(list(range(1000)))
    async for _ in newest_first(0, 999, records.read):
        break
    assert min(first for first, _ in records.asked[1:]) > 400


async def test_a_second_with_much_is_read_whole() -> None:
    assert await Records([5] * 10).search(0, 10) == [5] * 10


async def test_nothing_before_the_start() -> None:
    records = Records([5])
    assert await records.search(6, 5) == []
    assert records.asked == []


async def test_a_search_without_end() -> None:
    async def read(first: int, last: int) -> None:
        return None

    with pytest.raises(UnexpectedAnswer):
        [alarm async for alarm in newest_first(0, 2**MAX_WINDOWS, read)]

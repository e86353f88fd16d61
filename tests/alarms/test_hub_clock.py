"""How wrong the clock of a hub is."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.vision_hub.alarms import AlarmCenter, AlarmUpdate, Reason
from custom_components.vision_hub.vendors.kinds import AlarmKind

from ..helpers.alarms import an_alarm
from .conftest import now


@pytest.mark.parametrize(("ahead", "pause"), [(300, 0), (-300, 2)])
async def test_wrong_clock(
    center: AlarmCenter,
    freezer: FrozenDateTimeFactory,
    updates: list[AlarmUpdate],
    ahead: int,
    pause: int,
) -> None:
    """Three alarms that agree tell; a single one or a backlog does not."""
    await center.accept(an_alarm(time=now(7200)))
    for number in range(3):
        assert center.clock_offset is None, number
        await center.accept(an_alarm(time=now(-ahead)))
        freezer.tick(pause)
    assert center.clock_offset == timedelta(seconds=ahead)
    assert updates[-2].reason is Reason.PUSH
    await center.accept(an_alarm(time=now(-ahead)))
    assert center.is_on("1", AlarmKind.INTRUSION)


async def test_backlog_is_no_wrong_clock(center: AlarmCenter) -> None:
    for number in range(20):
        await center.accept(an_alarm(time=now(3600 - number / 10)))
    assert center.clock_offset is None

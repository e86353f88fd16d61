"""A hub that comes back from a power cut with a wrong clock."""

from collections.abc import Awaitable, Callable
import time

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.alarms import EVENT_ALARM
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup, until_true

HOURS = 3600.0


async def is_late(hass: HomeAssistant, see: Callable[[], Awaitable[object]]) -> bool:
    """Tell whether what a hub sees now is told as something of long ago."""
    told = async_capture_events(hass, EVENT_ALARM)
    await see()
    await until_true(hass, lambda: told, EVENT_ALARM)
    late: bool = told[0].data["late"]
    return late


@pytest.mark.parametrize("http_push", [False, True])
async def test_a_node_that_lost_its_time(
    hass: HomeAssistant, start_hub: Setup, http_push: bool
) -> None:
    """The clock is asked for as soon as a live alarm seems to be hours old."""
    async with SenseTimeNode(channels=2, password=PASSWORD) as node:
        await start_hub(node, http_push=http_push)
        assert not await is_late(hass, lambda: node.face(channel=1, stranger=True))
        node.clock_offset = -5 * HOURS
        assert not await is_late(hass, lambda: node.face(channel=1, stranger=True))


async def test_a_box_that_lost_its_time(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The first alarm counts, too."""
    box.clock_offset = -5 * HOURS
    assert not await is_late(hass, lambda: box.alarm("IntrusionDetection"))


async def test_what_really_is_late(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """What a right clock tells of an hour ago is no alarm of now."""
    an_hour_ago = time.time() - HOURS
    assert await is_late(hass, lambda: box.alarm("IntrusionDetection", at=an_hour_ago))
    assert await is_late(hass, lambda: box.alarm("IntrusionDetection", at=an_hour_ago))

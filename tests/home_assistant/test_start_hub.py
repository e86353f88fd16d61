"""Whoever writes a test has a hub of any vendor in one line, as CONTRIBUTING says."""

from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigEntryState
import pytest

from custom_components.vision_hub.vendors import VENDORS

from ..conftest import Setup
from ..helpers.memory_hub import MemoryHub

GUIDE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


@pytest.mark.parametrize("vendor", VENDORS)
async def test_any_vendor(start_hub: Setup, vendor: str) -> None:
    """Its virtual device is listened to and can be polled."""
    hub = await start_hub(vendor)
    assert hub.state is ConfigEntryState.LOADED
    assert hub.unique_id.startswith(f"{vendor}_")
    hub.device.request_log.clear()
    assert await hub.refresh()
    assert hub.device.request_log


async def test_two_vendors(start_hub: Setup) -> None:
    """Several hubs of one Home Assistant are told apart."""
    first, second = [await start_hub(vendor) for vendor in ("uniview", "megvii")]
    assert first.entity_id("push") != second.entity_id("push")


async def test_in_memory(start_hub: Setup) -> None:
    """A hub in memory remembers what was done to its entities."""
    hub = await start_hub(MemoryHub())
    await hub.call("switch", "turn_on", "task_12")
    assert hub.device.armed["12"]
    assert hub.state_of("task_12").state == "on"


async def test_example_of_the_guide(start_hub: Setup) -> None:
    """The guide's own test passes."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, GUIDE, "exec"), names)  # noqa: S102
    await names["test_helmet"](start_hub)

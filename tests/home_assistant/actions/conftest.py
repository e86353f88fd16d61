"""A hub that can do everything that actions ask for."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.vendors.contract import (
    AlarmQuery,
    History,
    PtzDirection,
)
from custom_components.vision_hub.vendors.model import (
    Alarm,
    HubStatus,
    Json,
    Preset,
    Source,
)
from custom_components.vision_hub.vendors.toolkit.operations import (
    Danger,
    Direction,
    Operation,
)

from ...conftest import HubEntry, Setup
from ...helpers.actions import alarm, device, picture
from ...helpers.memory_hub import MemoryHub, MemoryPtz
from ...helpers.memory_people import MemoryPeople


class MemoryHistory(History):
    """Remembers one alarm for ever."""

    def __init__(self) -> None:
        self.queries: list[AlarmQuery] = []

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        self.queries.append(query)
        yield alarm("r1", source=Source.HISTORY)


class PatientPtz(MemoryPtz):
    """Tells when a movement has begun."""

    moving = asyncio.Event()

    @override
    async def move(self, channel: str, direction: PtzDirection, speed: float) -> None:
        await super().move(channel, direction, speed)
        self.moving.set()


def operation(name: str, danger: Danger, kind: Direction = Direction.REQUEST) -> Any:
    return Operation(kind=kind, method="POST", path="/", name=name, danger=danger)


class BusyHub(MemoryHub):
    """Can do everything that actions ask for."""

    operations = {
        "clock": operation("Read clock", Danger.NONE),
        "name": operation("Set name", Danger.WRITES),
        "format": operation("Format disk", Danger.DESTRUCTIVE),
        "hello": operation("Alarm push", Danger.NONE, Direction.PUSH),
    }

    def __init__(self) -> None:
        super().__init__()
        self.people = MemoryPeople()
        self.history = MemoryHistory()
        self.ptz = PatientPtz(self.told)
        self.ptz.moving = asyncio.Event()
        self.presets = (Preset("1", "Street"), Preset("2", "Yard"))

    @override
    async def poll(self) -> HubStatus:
        status = await super().poll()
        gate = replace(status.channels["1"], presets=self.presets)
        wall = replace(gate, id="2", name="Wall", can_ptz=False)
        return replace(status, channels={"1": gate, "2": wall})

    @override
    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        self.told("call", operation)
        return {"echo": dict(params)}


@pytest.fixture
async def hub() -> BusyHub:
    return BusyHub()


@pytest.fixture
async def entry(hass: HomeAssistant, start_hub: Setup, hub: BusyHub) -> HubEntry:
    assert await async_setup_component(hass, "media_source", {})
    return await start_hub(hub)


@pytest.fixture
def box(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """The device of the hub."""
    return device(hass, entry)


@pytest.fixture
def gate(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """The device of the camera that moves."""
    return device(hass, entry, "1")


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.fixture
def photo(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A picture in a folder that Home Assistant may read."""
    hass.config.allowlist_external_dirs.add(str(tmp_path))
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture())
    return path

"""What a conversation agent may ask of the archive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    llm,
)
from homeassistant.setup import async_setup_component
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    HubStatus,
    Match,
    Phase,
    Target,
)

from ..conftest import HubEntry, Setup, entity_id
from ..helpers.memory_hub import MemoryHub

ASSISTANT = "conversation"
TOOL = f"{DOMAIN}__search_alarms"
NOW = datetime(2026, 5, 4, 4, tzinfo=UTC)


class TwoCameras(MemoryHub):
    @override
    async def poll(self) -> HubStatus:
        status = await super().poll()
        gate = replace(status.channels["1"], recognizes_faces=True)
        return replace(
            status, channels={"1": gate, "2": replace(gate, id="2", name="Safe")}
        )


@pytest.fixture
async def entry(
    hass: HomeAssistant, start_hub: Setup, freezer: FrozenDateTimeFactory
) -> HubEntry:
    """A hub of which nothing is exposed."""
    freezer.move_to(NOW)
    await hass.config.async_set_time_zone("Asia/Shanghai")
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "llm", {})
    entry = await start_hub(TwoCameras())
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        async_expose_entity(hass, ASSISTANT, entity.entity_id, should_expose=False)
    for alarm in ALARMS:
        await entry.runtime_data.alarms.accept(alarm)
    return entry


def alarm(ago: timedelta, kind: AlarmKind, channel: str = "1", **more: Any) -> Alarm:
    time = NOW - ago
    return Alarm(
        id=f"{time}{kind}", channel=channel, kind=kind, code="c", time=time, **more
    )


ADA = (Match(person_id="P1", name="Ada", similarity=90),)
ALARMS = (
    alarm(timedelta(minutes=30), AlarmKind.FIRE),
    alarm(timedelta(minutes=20), AlarmKind.FIRE, phase=Phase.ENDED),
    alarm(timedelta(hours=2), AlarmKind.FACE_RECOGNIZED, matches=ADA),
    alarm(timedelta(hours=3), AlarmKind.INTRUSION, "2"),
    alarm(
        timedelta(hours=13),
        AlarmKind.PLATE_RECOGNIZED,
        targets=(Target(plate="AB123"),),
    ),
    alarm(timedelta(days=5), AlarmKind.FALL),
    alarm(timedelta(days=8), AlarmKind.SMOKE),
)


def expose(hass: HomeAssistant, entry: MockConfigEntry, *keys: str) -> None:
    for key in keys:
        async_expose_entity(
            hass, ASSISTANT, entity_id(hass, entry, key), should_expose=True
        )


async def assist(hass: HomeAssistant) -> llm.APIInstance:
    return await llm.async_get_api(
        hass,
        llm.LLM_API_ASSIST,
        llm.LLMContext(
            platform="test",
            context=Context(),
            language="en",
            assistant=ASSISTANT,
            device_id=None,
        ),
    )


async def ask(hass: HomeAssistant, **question: Any) -> Any:
    api = await assist(hass)
    answer = await api.async_call_tool(
        llm.ToolInput(tool_name=TOOL, tool_args=question)
    )
    return answer.data if isinstance(answer, llm.ToolResult) else answer


async def test_nothing_exposed(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Without an exposed camera there is no tool."""
    expose(hass, entry, "1_fire")
    assert TOOL not in {tool.name for tool in (await assist(hass)).tools}


async def test_what_happened(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Alarms of exposed cameras are told with local times, and nobody is named."""
    expose(hass, entry, "1_camera")
    assert await ask(hass, range="today") == {
        "total": {"fire": 1, "face_recognized": 1},
        "alarms": [
            {"time": "2026-05-04T11:30:00+08:00", "camera": "Gate", "kind": "fire"},
            {
                "time": "2026-05-04T10:00:00+08:00",
                "camera": "Gate",
                "kind": "face_recognized",
            },
        ],
    }


@pytest.mark.parametrize(
    ("when", "kinds"),
    [
        ("last_hour", {"fire"}),
        ("yesterday", {"plate_recognized"}),
        ("last_7_days", {"fire", "face_recognized", "plate_recognized", "fall"}),
    ],
)
async def test_when(
    hass: HomeAssistant, entry: MockConfigEntry, when: str, kinds: set[str]
) -> None:
    expose(hass, entry, "1_alarm")
    answer = await ask(hass, range=when)
    assert set(answer["total"]) == kinds
    assert "AB123" not in str(answer)


async def test_who(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Persons are named when the user exposed who is seen."""
    expose(hass, entry, "1_camera", "1_face")
    answer = await ask(hass, range="today", kind="face_recognized")
    assert [told["person"] for told in answer["alarms"]] == ["Ada"]


async def test_where(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A camera is known by its name, its aliases and its area."""
    expose(hass, entry, "1_camera", "2_camera")
    assert set((await ask(hass, range="today"))["total"]) == {
        "fire",
        "face_recognized",
        "intrusion",
    }
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{entry.unique_id}:2"), entry.entry_id
    )
    assert device is not None
    vault = ar.async_get(hass).async_create("Vault")
    dr.async_get(hass).async_update_device(device.id, area_id=vault.id)
    er.async_get(hass).async_update_entity(
        entity_id(hass, entry, "2_camera"), aliases=["Strongroom"]
    )
    for name in ("Safe", "Vault", "Strongroom"):
        answer = await ask(hass, range="today", camera=name)
        assert answer["total"] == {"intrusion": 1}
    with pytest.raises(probatio.Invalid):
        await ask(hass, range="today", camera="Cellar")


async def test_kinds_on_offer(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The agent may choose among what the camera has reported."""
    expose(hass, entry, "2_camera")
    assert (await ask(hass, range="today", kind="intrusion"))["total"]
    with pytest.raises(probatio.Invalid):
        await ask(hass, range="today", kind="fire")


async def test_camera_that_is_no_longer_exposed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A conversation may go on after the user took a camera away."""
    expose(hass, entry, "1_camera")
    api = await assist(hass)
    async_expose_entity(
        hass, ASSISTANT, entity_id(hass, entry, "1_camera"), should_expose=False
    )
    answer = await api.async_call_tool(
        llm.ToolInput(tool_name=TOOL, tool_args={"range": "today"})
    )
    assert isinstance(answer, llm.ToolResult)
    assert answer.error
    assert answer.data == {"error": "Camera not found"}

"""Triggers and the condition of automations."""

from dataclasses import replace
from typing import Any, override

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.condition import (
    async_from_config as condition_from_config,
    async_get_all_descriptions as condition_descriptions,
    async_validate_condition_config,
)
from homeassistant.helpers.trigger import (
    async_get_all_descriptions as trigger_descriptions,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.kinds import AlarmGroup, AlarmKind
from custom_components.vision_hub.vendors.model import Alarm, HubStatus, Match, Phase

from ..conftest import HubEntry, Setup, entity_id
from ..helpers.memory_hub import MemoryHub


class FaceHub(MemoryHub):
    """Its camera knows faces and looks for two kinds of alarm."""

    @override
    async def poll(self) -> HubStatus:
        status = await super().poll()
        gate = replace(
            status.channels["1"],
            recognizes_faces=True,
            kinds=frozenset({AlarmKind.INTRUSION, AlarmKind.FIRE}),
        )
        return replace(status, channels={"1": gate})


@pytest.fixture
async def entry(start_hub: Setup) -> HubEntry:
    return await start_hub(FaceHub())


@pytest.fixture
def gate(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """The device of the camera."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{entry.unique_id}:1"), entry.entry_id
    )
    assert device is not None
    return device.id


async def automate(
    hass: HomeAssistant, trigger: str, target: dict[str, Any], **options: Any
) -> list[Event]:
    """Make an automation; return the list of what it did, which grows."""
    done = async_capture_events(hass, "did")
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "triggers": {
                    "trigger": f"{DOMAIN}.{trigger}",
                    "target": target,
                    "options": options,
                },
                "actions": {
                    "event": "did",
                    "event_data_template": {
                        "type": "{{ trigger.to_state.attributes.event_type }}"
                    },
                },
            }
        },
    )
    await hass.async_block_till_done()
    return done


def did(done: list[Event]) -> list[str]:
    return [event.data["type"] for event in done]


async def raise_alarms(
    hass: HomeAssistant, entry: MockConfigEntry, *kinds: AlarmKind, **more: Any
) -> None:
    for kind in kinds:
        await entry.runtime_data.alarms.accept(
            Alarm(
                id=f"{kind}-{len(more)}-{dt_util.utcnow().timestamp()}",
                channel="1",
                kind=kind,
                code="c",
                time=dt_util.utcnow(),
                **more,
            )
        )
    await hass.async_block_till_done()


EVERYTHING = (
    AlarmKind.INTRUSION,
    AlarmKind.FACE_STRANGER,
    AlarmKind.FIRE,
    AlarmKind.FACE_BLACKLISTED,
)


async def test_every_alarm(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str
) -> None:
    """Without options every alarm of the camera triggers, and no face does."""
    done = await automate(hass, "alarm", {"device_id": gate})
    await raise_alarms(hass, entry, *EVERYTHING)
    await raise_alarms(hass, entry, AlarmKind.FIRE, phase=Phase.ENDED)
    assert did(done) == ["intrusion", "fire"]


async def test_some_kinds(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Only the chosen kinds trigger, also one after the other at once."""
    alarm = entity_id(hass, entry, "1_alarm")
    done = await automate(hass, "alarm", {"entity_id": alarm}, kind=["fire", "smoke"])
    await raise_alarms(hass, entry, *EVERYTHING, AlarmKind.FIRE)
    assert did(done) == ["fire", "fire"]


async def test_two_alarms_in_one_millisecond(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: Any
) -> None:
    alarm = entity_id(hass, entry, "1_alarm")
    done = await automate(hass, "alarm", {"entity_id": alarm})
    await raise_alarms(hass, entry, AlarmKind.INTRUSION, AlarmKind.FIRE)
    assert did(done) == ["intrusion", "fire"]


async def test_faces(hass: HomeAssistant, entry: MockConfigEntry, gate: str) -> None:
    """Every face triggers when nothing is chosen."""
    done = await automate(hass, "face", {"device_id": gate})
    await raise_alarms(hass, entry, *EVERYTHING)
    assert did(done) == ["stranger", "blacklisted"]


async def test_some_faces(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str
) -> None:
    done = await automate(hass, "face", {"device_id": gate}, seen="stranger")
    await raise_alarms(hass, entry, *EVERYTHING)
    assert did(done) == ["stranger"]


@pytest.mark.parametrize("person", ["ada", "P1"])
async def test_person(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str, person: str
) -> None:
    """A person is known by name or by id."""
    done = await automate(hass, "face", {"device_id": gate}, person=person)
    for name, person_id in (("Ada", "P1"), ("Bob", "P2")):
        await raise_alarms(
            hass,
            entry,
            AlarmKind.FACE_RECOGNIZED,
            matches=(Match(person_id=person_id, name=name, similarity=90),),
        )
    await raise_alarms(hass, entry, AlarmKind.FACE_STRANGER)
    assert did(done) == ["recognized"]


async def test_alarm_is_on(
    hass: HomeAssistant, entry: MockConfigEntry, gate: str
) -> None:
    """The condition holds while an alarm of the chosen kinds is on."""

    async def holds(**options: Any) -> bool | None:
        config = await async_validate_condition_config(
            hass,
            {
                "condition": f"{DOMAIN}.is_alarm_on",
                "target": {"device_id": gate},
                "options": options,
            },
        )
        condition = await condition_from_config(hass, config)
        return condition.async_check()

    assert not await holds()
    await raise_alarms(hass, entry, AlarmKind.FIRE)
    assert await holds()
    assert await holds(kind="fire")
    assert await holds(kind=["fire", "smoke"], behavior="all")
    assert not await holds(kind=["intrusion"])
    assert not await holds(behavior="all")
    await raise_alarms(hass, entry, AlarmKind.FIRE, phase=Phase.ENDED)
    assert not await holds()


async def test_descriptions(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What the user can choose is every kind that fits."""
    assert await async_setup_component(hass, "automation", {})
    triggers = await trigger_descriptions(hass)

    def kinds(description: dict[str, Any] | None) -> list[str]:
        assert description is not None
        options: list[str] = description["fields"]["kind"]["selector"]["select"][
            "options"
        ]
        return options

    assert kinds(triggers[f"{DOMAIN}.alarm"]) == [
        kind for kind in AlarmKind if kind.traits.group is not AlarmGroup.FACE
    ]
    conditions = await condition_descriptions(hass)
    assert kinds(conditions[f"{DOMAIN}.is_alarm_on"]) == [
        kind for kind in AlarmKind if kind.traits.hold is not None
    ]

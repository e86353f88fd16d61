"""What holds for every action: targets, permissions, descriptions, errors."""

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers.service import async_get_all_descriptions
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.actions import ACTIONS
from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors.contract import PtzDirection
from custom_components.vision_hub.vendors.errors import Busy
from custom_components.vision_hub.vendors.kinds import AlarmKind

from ...helpers.actions import act, device
from .conftest import BusyHub


async def test_every_action_is_described(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What is registered is in services.yaml, with the same fields and kinds."""
    described = (await async_get_all_descriptions(hass))[DOMAIN]
    assert set(described) == {action.name for action in ACTIONS}
    for action in ACTIONS:
        fields = {str(field) for field in action.fields}
        assert set(described[action.name]["fields"]) == {"device_id", *fields}
    kinds = described["search_alarms"]["fields"]["kind"]["selector"]["select"]
    assert kinds["options"] == [kind.value for kind in AlarmKind]
    directions = described["ptz_move"]["fields"]["direction"]["selector"]["select"]
    assert directions["options"] == [direction.value for direction in PtzDirection]


async def test_hub_without_an_ability(
    hass: HomeAssistant, box: str, gate: str, hub: BusyHub
) -> None:
    """The user is told that the hub cannot do it."""
    hub.people = hub.ptz = hub.relays = hub.history = None
    for action, target, data in (
        ("list_libraries", box, {}),
        ("ptz_stop", gate, {}),
        ("trigger_relay", box, {"relay": "1"}),
        ("search_alarms", box, {"source": "hub"}),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await act(hass, action, target, **data)
        assert error.value.translation_key == "unsupported"
        assert error.value.translation_placeholders["hub"] == "Memory"


async def test_errors_of_the_hub_are_translated(
    hass: HomeAssistant, gate: str, hub: BusyHub
) -> None:
    hub.told.failure = Busy("later")
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "ptz_stop", gate)
    assert error.value.translation_key == "busy"


async def test_targets(
    hass: HomeAssistant, entry: MockConfigEntry, box: str, gate: str, hub: BusyHub
) -> None:
    """Every target acts once and answers by its name; wrong targets are told."""
    wall = device(hass, entry, "2")
    answer = await act(hass, "create_library", [box, gate, wall], name="One")
    assert set(answer) == {box, gate, wall}
    assert [library.name for library in hub.people.lists.values()].count("One") == 1

    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "ptz_stop", box)
    assert error.value.translation_key == "not_a_camera"
    with pytest.raises(HomeAssistantError) as cannot_move:
        await act(hass, "ptz_stop", wall)
    assert cannot_move.value.translation_key == "unsupported"
    with pytest.raises(ServiceValidationError) as unknown:
        await act(hass, "ptz_stop", "nothing")
    assert unknown.value.translation_key == "service_device_not_found"


async def test_permissions(
    hass: HomeAssistant,
    box: str,
    gate: str,
    hub: BusyHub,
    hass_read_only_user: User,
    hass_admin_user: User,
) -> None:
    """Who may only look may search and nothing else; some is for administrators."""
    reader = Context(user_id=hass_read_only_user.id)
    assert (await act(hass, "search_alarms", gate, reader)) == {"alarms": []}
    for action, data in (
        ("ptz_stop", {}),
        ("list_people", {}),
        ("remove_person", {"person_id": "P1"}),
        ("delete_library", {"library": "1", "confirm": True}),
        ("call_operation", {"operation": "clock"}),
    ):
        with pytest.raises(Unauthorized):
            await act(hass, action, gate, reader, **data)
    with pytest.raises(UnknownUser):
        await act(hass, "ptz_stop", gate, Context(user_id="nobody"))
    assert hub.told.calls == []

    await act(hass, "ptz_stop", gate, Context(user_id=hass_admin_user.id))
    assert hub.told.calls == [("stop", "1")]

"""Libraries are made, changed and deleted."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from ...helpers.actions import act
from .conftest import BusyHub


async def test_libraries(hass: HomeAssistant, box: str, hub: BusyHub) -> None:
    """Libraries are made, renamed and deleted, the last with consent alone."""
    created = await act(hass, "create_library", box, name="Guests", kind="blocked")
    assert created == {
        "library_id": "4",
        "name": "Guests",
        "kind": "blocked",
        "persons": 0,
    }
    await act(hass, "update_library", box, library="guests", name="Visitors")
    listed = await act(hass, "list_libraries", box)
    assert [library["name"] for library in listed["libraries"]] == [
        "Staff",
        "Twins",
        "Twins",
        "Visitors",
    ]
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "delete_library", box, library="Visitors")
    assert error.value.translation_key == "confirm_library"
    assert "4" in hub.people.lists
    await act(hass, "delete_library", box, library="Visitors", confirm=True)
    assert "4" not in hub.people.lists


@pytest.mark.parametrize(
    ("library", "key"),
    [("Nobody", "library_not_found"), ("Twins", "library_ambiguous")],
)
async def test_wrong_library(
    hass: HomeAssistant, box: str, library: str, key: str
) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "update_library", box, library=library, name="x")
    assert error.value.translation_key == key

"""Every request of a manual can be made."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from ...helpers.actions import act
from .conftest import BusyHub


async def test_call_operation(hass: HomeAssistant, box: str, hub: BusyHub) -> None:
    """Every request of the manual can be made; the dangerous ones with consent."""
    assert await act(hass, "call_operation", box, operation="clock") == {"echo": {}}
    assert await act(
        hass, "call_operation", box, operation="name", parameters={"name": "x"}
    ) == {"echo": {"name": "x"}}
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "call_operation", box, operation="format")
    assert error.value.translation_key == "confirm_operation"
    assert error.value.translation_placeholders["operation"] == "Format disk"
    await act(hass, "call_operation", box, operation="format", confirm=True)
    for unknown in ("hello", "nothing"):
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, "call_operation", box, operation=unknown)
        assert error.value.translation_key == "unknown_operation"
    assert hub.told.calls == [("call", "clock"), ("call", "name"), ("call", "format")]

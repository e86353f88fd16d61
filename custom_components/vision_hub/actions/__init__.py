"""What a user can have a hub do: the actions of the domain `vision_hub`."""

from homeassistant.core import HomeAssistant, callback

from . import cameras, inspection, libraries, operations, people, search
from .action import async_register

ACTIONS = (
    *people.ACTIONS,
    *libraries.ACTIONS,
    *cameras.ACTIONS,
    *inspection.ACTIONS,
    *search.ACTIONS,
    *operations.ACTIONS,
)


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register every action."""
    for action in ACTIONS:
        async_register(hass, action)

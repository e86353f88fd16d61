"""When a hub refuses our login: to ask again, or to ask the user.

A box that starts refuses the right password, and one that is locked accepts it later. So
a refusal is believed only when it is repeated, minutes apart.
"""

from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .vendors.errors import AuthenticationFailed
from .vendors.login_refusal import LoginRefusal

_REFUSALS: HassKey[dict[str, LoginRefusal]] = HassKey(f"{DOMAIN}_refusals")
"""By entry, since a hub that is not loaded is opened anew for each attempt."""


@callback
def async_refused(
    hass: HomeAssistant, entry: ConfigEntry[Any], error: AuthenticationFailed
) -> float:
    """Note a refusal; return for how many seconds the hub is to be left alone.

    When it is sure the user is asked for the login.
    """
    known = hass.data.setdefault(_REFUSALS, {}).setdefault(
        entry.entry_id, LoginRefusal()
    )
    if not known.pause:
        # Else it was told from memory, not by the hub.
        known.remember(error)
        if known.is_sure:
            entry.async_start_reauth(hass)
    return known.pause


@callback
def async_check_pause(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Raise what the hub said if it is too early to try again."""
    if known := hass.data.get(_REFUSALS, {}).get(entry.entry_id):
        known.check()


@callback
def async_forget_refusals(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Let the hub be asked at once; tell whether it had refused us."""
    return hass.data.get(_REFUSALS, {}).pop(entry.entry_id, None) is not None


@callback
def async_accepted(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Note that the hub accepts us, so that the user need not answer any more.

    Tells whether it had refused us.
    """
    if not async_forget_refusals(hass, entry):
        return False
    for flow in hass.config_entries.flow.async_progress_by_handler(
        DOMAIN, match_context={"entry_id": entry.entry_id, "source": SOURCE_REAUTH}
    ):
        hass.config_entries.flow.async_abort(flow["flow_id"])
    return True

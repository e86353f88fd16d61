"""When a hub refuses our login: to ask again, or to ask the user.

A box that starts refuses the right password, and one that is locked accepts it later. So
a refusal is believed only when it is repeated, minutes apart.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .vendors.errors import AuthenticationFailed, LockedOut

RETRY_INTERVAL: Final = 180.0
"""Seconds between attempts, of which too many would lock the user."""
RETRY_INTERVAL_WHEN_SURE: Final = 3600.0
SURE_AFTER: Final = 3
"""So many refusals in a row are no accident."""


@dataclass(slots=True)
class _Refusals:
    """What a hub refused since it accepted us."""

    error: AuthenticationFailed
    until: float = 0.0
    count: int = 0


_REFUSALS: HassKey[dict[str, _Refusals]] = HassKey(f"{DOMAIN}_refusals")


@callback
def async_refused(
    hass: HomeAssistant, entry: ConfigEntry[Any], error: AuthenticationFailed
) -> float:
    """Note a refusal; return for how many seconds the hub is to be left alone.

    When it is sure the user is asked for the login.
    """
    known = hass.data.setdefault(_REFUSALS, {}).setdefault(
        entry.entry_id, _Refusals(error)
    )
    known.error = error
    if (now := monotonic()) < known.until:
        # Told from memory, not by the hub.
        return known.until - now
    if isinstance(error, LockedOut):
        wait = error.seconds
    else:
        known.count += 1
        sure = known.count >= SURE_AFTER
        wait = RETRY_INTERVAL_WHEN_SURE if sure else RETRY_INTERVAL
    known.until = now + wait
    if known.count >= SURE_AFTER:
        entry.async_start_reauth(hass)
    return wait


@callback
def async_check_pause(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Raise what the hub said if it is too early to try again."""
    known = hass.data.get(_REFUSALS, {}).get(entry.entry_id)
    if known is not None and monotonic() < known.until:
        raise type(known.error)(*known.error.args)


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

"""What tests in Home Assistant share."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.vision_hub.vendors import login_refusal

from ..conftest import HubEntry


def let_time_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let it be later for who waits before it logs in again."""
    later = login_refusal.monotonic() + seconds
    monkeypatch.setattr(login_refusal, "monotonic", lambda: later)


async def until_login_is_asked_for(
    hass: HomeAssistant, entry: HubEntry, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Let the minutes pass after which a refusal is believed; return the flow."""
    for _ in range(login_refusal.SURE_AFTER):
        assert not hass.config_entries.flow.async_progress()
        await entry.refresh()
        let_time_pass(monkeypatch, login_refusal.RETRY_INTERVAL)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    return dict(flow)

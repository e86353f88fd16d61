"""A toy box in Home Assistant, from the config flow to an alarm."""

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.vision_hub.alarms import EVENT_ALARM
from custom_components.vision_hub.const import DOMAIN
from simulators.toy import ToyBox

from ...conftest import PASSWORD, Setup, connection, entity_id, until


async def test_add(hass: HomeAssistant, address: str) -> None:
    """A user adds a box, and sees its camera."""
    async with ToyBox(password=PASSWORD) as box:
        flows = hass.config_entries.flow
        result = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
        assert "toy" in result["menu_options"]
        flow = result["flow_id"]
        await flows.async_configure(flow, {"next_step_id": "toy"})
        result = await flows.async_configure(flow, connection(box, password="wrong"))
        assert result["errors"] == {"base": "invalid_auth"}
        result = await flows.async_configure(flow, connection(box))
        await hass.async_block_till_done()
        assert result["type"] is FlowResultType.CREATE_ENTRY
        entry = result["result"]
        assert entry.state is ConfigEntryState.LOADED
        await until(hass, entity_id(hass, entry, "1_online"), STATE_ON)
        await hass.config_entries.async_remove(entry.entry_id)


async def test_alarm(hass: HomeAssistant, start_hub: Setup) -> None:
    """An alarm is told and shown; whoever removes the box is called no more."""
    hub = await start_hub("toy")
    events = async_capture_events(hass, EVENT_ALARM)
    assert await (await hub.device.alarm()).delivered()
    await hub.until("1_intrusion", STATE_ON)
    assert [event.data["kind"] for event in events] == ["intrusion"]
    await hass.config_entries.async_remove(hub.entry_id)
    assert hub.device.device.receiver == ""

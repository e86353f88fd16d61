"""Another box at a hub's address is not believed; a hub that moved or was replaced goes on."""

from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.alarms.archive import ArchiveQuery
from custom_components.vision_hub.const import DOMAIN
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, entity_id, until, until_entry


class Repair:
    """The repair of a hub in whose place another answers, as a user sees it."""

    def __init__(self, client: Any, entry: MockConfigEntry) -> None:
        self.client = client
        self.issue_id = f"another_hub_{entry.entry_id}"
        self.flow: dict[str, Any] = {}

    async def start(self, choice: str) -> None:
        answer = await self.client.post(
            "/api/repairs/issues/fix",
            json={"handler": DOMAIN, "issue_id": self.issue_id},
        )
        self.flow = await answer.json()
        assert self.flow["menu_options"] == ["moved", "replaced"]
        await self.send({"next_step_id": choice})

    async def send(self, user_input: dict[str, Any]) -> dict[str, Any]:
        answer = await self.client.post(
            f"/api/repairs/issues/fix/{self.flow['flow_id']}", json=user_input
        )
        assert answer.status == 200, await answer.text()
        self.flow = await answer.json()
        return self.flow


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"another_hub_{entry.entry_id}")


async def swap(hass: HomeAssistant, entry: MockConfigEntry, box: UniviewBox) -> None:
    """Put another box at the address while nobody looks; Home Assistant meets it."""
    box.faults.add(Fault.RESET)
    await entry.refresh()
    box.device.serial = "210235C8TSOTHERBOX"
    box.faults.clear()
    await entry.refresh()
    await until_entry(hass, entry, ConfigEntryState.SETUP_RETRY)


async def test_another_box_after_an_outage(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """It is not polled, its alarms ring nothing, and the user is asked."""
    await swap(hass, entry, box)
    assert issue(hass, entry)
    assert "serial number" in (entry.reason or "")

    await box.alarm("IntrusionDetection", channel_id=1)
    assert not [
        state
        for state in hass.states.async_all("binary_sensor")
        if state.state == STATE_ON
    ]


async def test_the_right_box_is_back(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """When the hub itself answers again all goes on, and the repair is gone."""
    serial = box.device.serial
    await swap(hass, entry, box)
    box.device.serial = serial
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert issue(hass, entry) is None


@pytest.mark.parametrize("spelling", ["{}  ", "\0{}\0", "  {}", "{}\n"])
async def test_padded_serial(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry, spelling: str
) -> None:
    """Firmware pads serials with what is not seen, or writes them in another case."""
    serial = box.device.serial
    box.device.serial = spelling.format(serial.lower())
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == f"uniview_{serial}"
    assert issue(hass, entry) is None
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)


async def test_padded_serial_is_no_second_hub(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The same box is not added twice for its spelling."""
    box.device.serial = f" {box.device.serial.lower()}\0"
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": "user"})
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"next_step_id": "uniview"}
    )
    data = {
        key: value
        for key, value in entry.data.items()
        if key not in {"vendor", "token"}
    }
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], data)
    assert flow["reason"] == "already_configured"


async def test_moved(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """The user enters where the hub is now; an address of a third box is refused."""
    await async_setup_component(hass, "repairs", {})
    serial = box.device.serial
    await swap(hass, entry, box)
    repair = Repair(await hass_client(), entry)
    await repair.start("moved")
    form = {"host": "127.0.0.1", "ssl": False, "verify_ssl": False}
    async with (
        UniviewBox(channels=2, password=PASSWORD, serial=serial) as moved,
        UniviewBox(channels=2, password=PASSWORD) as third,
        UniviewBox(channels=2, password="another one") as strange,
    ):
        flow = await repair.send({**form, "port": third.port})
        assert flow["errors"] == {"base": "another_hub"}
        flow = await repair.send({**form, "port": strange.port})
        assert flow["errors"] == {"base": "invalid_auth"}
        flow = await repair.send({**form, "port": moved.port})
        assert flow["type"] == "create_entry"
        await until_entry(hass, entry, ConfigEntryState.LOADED)
        assert entry.data["port"] == moved.port
        assert issue(hass, entry) is None
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)


async def test_replaced(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Entities, names, areas and history go on with the new box; so do its alarms."""
    await async_setup_component(hass, "repairs", {})
    channel = next(iter(box.device.channels))
    alarm_event = entity_id(hass, entry, f"{channel}_alarm")
    entities = er.async_get(hass)
    entities.async_update_entity(alarm_event, new_entity_id="event.front_gate")
    devices = dr.async_get(hass)
    device_id = entities.async_get("event.front_gate").device_id
    area = ar.async_get(hass).async_create("Yard")
    devices.async_update_device(device_id, area_id=area.id, name_by_user="Gate")
    await box.alarm("IntrusionDetection", channel_id=channel)
    await until(hass, "event.front_gate", lambda state: state.state != "unknown")
    await hass.async_block_till_done()
    before = len(er.async_entries_for_config_entry(entities, entry.entry_id))

    await swap(hass, entry, box)
    repair = Repair(await hass_client(), entry)
    await repair.start("replaced")
    flow = await repair.send({})
    assert flow["type"] == "create_entry"
    await until_entry(hass, entry, ConfigEntryState.LOADED)
    await until(hass, entity_id(hass, entry, "push"), STATE_ON)
    assert entry.unique_id == "uniview_210235C8TSOTHERBOX"
    assert issue(hass, entry) is None
    assert len(er.async_entries_for_config_entry(entities, entry.entry_id)) == before
    assert entity_id(hass, entry, f"{channel}_alarm") == "event.front_gate"
    device = devices.async_get(device_id)
    assert device.area_id == area.id
    assert device.name_by_user == "Gate"

    # It counts its alarms from one, as the earlier box did.
    shown = hass.states.get("event.front_gate").state
    await box.alarm("IntrusionDetection", channel_id=channel)
    await until(hass, "event.front_gate", lambda state: state.state != shown)
    archive = entry.runtime_data.alarms.archive
    kept = await archive.search(ArchiveQuery(hubs=[entry.entry_id]))
    assert len(kept) == 2


async def test_channels_of_another_number(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A camera that the new box counts otherwise is known by its name."""
    await async_setup_component(hass, "repairs", {})
    await box.rename_channel(2, "Gate")
    await entry.refresh()
    alarm_event = entity_id(hass, entry, "2_alarm")
    await box.alarm("IntrusionDetection", channel_id=2)
    await until(hass, alarm_event, lambda state: state.state != "unknown")
    await hass.async_block_till_done()
    box.device.channels[7] = replace(box.device.channels.pop(2), channel_id=7)

    await swap(hass, entry, box)
    repair = Repair(await hass_client(), entry)
    await repair.start("replaced")
    await repair.send({})
    await until_entry(hass, entry, ConfigEntryState.LOADED)
    assert entity_id(hass, entry, "7_alarm") == alarm_event
    archive = entry.runtime_data.alarms.archive
    query = ArchiveQuery(hubs=[entry.entry_id], channels=["7"])
    assert len(await archive.search(query)) == 1

"""Hubs in Home Assistant: a virtual device of any vendor, or a hub in memory."""

from collections.abc import Awaitable, Callable
from typing import Any, override

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from custom_components.vision_hub.vendors import VENDORS
from custom_components.vision_hub.vendors.contract import Hub
from scripts.lib.config_flow import entered
from simulators.megvii import MegviiBox
from simulators.virtual_device import VirtualDevice

from .waiting import until

PASSWORD = "Open-Sesame-1"

type Device = VirtualDevice[Any, Any, Any] | Hub
type Setup = Callable[..., Awaitable[HubEntry]]


class HubEntry(MockConfigEntry):
    """The entry of a hub, with its device and its entities at hand.

    `key` is how the unique id of an entity ends: `<channel>_<key>` or `<key>`.
    """

    device: Any
    """The virtual device that was started, or the hub in memory."""

    @override
    def add_to_hass(self, hass: HomeAssistant) -> None:
        self.hass = hass
        super().add_to_hass(hass)

    def entity_id(self, key: str) -> str:
        """Return an entity."""
        return entity_id(self.hass, self, key)

    def state_of(self, key: str) -> State:
        """Return what an entity shows."""
        state = self.hass.states.get(self.entity_id(key))
        assert state is not None
        return state

    async def until(
        self, key: str, wanted: str | Callable[[State], bool], timeout: float = 10
    ) -> State:
        """Wait for the state of an entity, and return it."""
        return await until(self.hass, self.entity_id(key), wanted, timeout)

    async def call(self, domain: str, action: str, key: str, **data: Any) -> None:
        """Do something to an entity."""
        target = {"entity_id": self.entity_id(key)}
        await self.hass.services.async_call(
            domain, action, target | data, blocking=True
        )

    async def refresh(self) -> bool:
        """Poll now; tell whether that went well."""
        coordinator = self.runtime_data.coordinator
        await coordinator.async_refresh()
        await self.hass.async_block_till_done()
        return bool(coordinator.last_update_success)


def vendor_of(device: Device) -> str:
    """Return the id of a device's vendor: the package of its simulator."""
    if isinstance(device, Hub):
        return "memory"
    return type(device).__module__.split(".")[1]


def connection(device: Device, **changes: Any) -> dict[str, Any]:
    """Return what a user has to enter for a device."""
    fields = VENDORS[vendor_of(device)].fields
    required = {field.name for field in fields if field.required}
    everything = _entered(device)
    return {name: everything[name] for name in everything if name in required} | changes


def _entered(device: Device) -> dict[str, Any]:
    if isinstance(device, Hub):
        return {"host": "nowhere"}
    return entered(
        vendor_of(device),
        host=device.host,
        port=device.port,
        serial=device.serial,
        username=device.username,
        password=device.password,
    )


def new_entry(device: Device, address: str, **options: Any) -> HubEntry:
    """Return an entry for a device, as the config flow would make it."""
    in_memory = isinstance(device, Hub)
    vendor = vendor_of(device)
    if in_memory:
        serial = device.info.serial
    elif isinstance(device, MegviiBox):
        # It is known by its id, which is beside its serial number.
        serial = device.device.device_id
    else:
        serial = device.serial
    entry = HubEntry(
        domain=DOMAIN,
        title=device.info.name if in_memory else "Shop",
        unique_id=f"{vendor}_{serial}",
        data={**_entered(device), "vendor": vendor, "token": vendor[0] * 43},
        options={OPTION_CALLBACK_URL: address, **options},
    )
    entry.device = device
    return entry


def entity_id(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return the entity whose unique id ends so: `<channel>_<key>` or `<key>`."""
    unique_id = f"{entry.unique_id}_{key}"
    found = [
        registered.entity_id
        for registered in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if registered.unique_id == unique_id
    ]
    assert len(found) == 1, f"{key}: {found}"
    return found[0]

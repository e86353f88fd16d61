"""Tasks, cameras and what is set on a server."""

from dataclasses import replace
import json

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from simulators.camguard import CamGuardServer

from ...conftest import Setup, entity_id, until
from ...helpers.actions import act, device


async def test_tasks(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """Tasks are switches of the server."""
    entry = await start_hub(server)
    switch = entity_id(hass, entry, "task_1")
    assert hass.states.get(switch).state == STATE_ON
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": switch}, blocking=True
    )
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(switch).state == STATE_OFF
    assert await server.recognize(1, camera=1) == []


async def test_camera_away(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """A camera that the server does not reach is shown as such."""
    entry = await start_hub(server)
    online = entity_id(hass, entry, "2_online")
    assert hass.states.get(online).state == STATE_ON
    server.set_camera_status(2, online=False)
    await entry.runtime_data.coordinator.async_refresh()
    assert hass.states.get(online).state == STATE_OFF


async def test_search_cameras(
    hass: HomeAssistant, server: CamGuardServer, address: str, start_hub: Setup
) -> None:
    """The server finds cameras in its network, and tells the stream of one."""
    server.device.time_scale = 0.01
    entry = await start_hub(server)
    hub = device(hass, entry)
    found = await act(hass, "search_cameras", hub)
    assert [(c["address"], c["manufacturer"]) for c in found["cameras"]] == [
        ("192.0.2.201", "Hikvision"),
        ("192.0.2.202", "Dahua"),
        ("192.0.2.203", "Uniview"),
    ]
    login = {"username": "admin", "password": "camera123"}
    answer = await act(hass, "search_cameras", hub, address="192.0.2.202", **login)
    (stream,) = answer["streams"]
    assert stream.startswith("rtsp://admin:camera123@")
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "search_cameras", hub, address="192.0.2.99")
    assert caught.value.translation_key == "rejected_by_hub"


async def test_task_numbers(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """Threshold and interval of a task are numbers; each leaves the rest alone."""
    entry = await start_hub(server)
    threshold = entity_id(hass, entry, "task_threshold_3")
    interval = entity_id(hass, entry, "task_interval_3")
    before = replace(server.device.tasks[3])

    async def write(entity: str, value: float) -> None:
        await hass.services.async_call(
            "number", "set_value", {"entity_id": entity, "value": value}, blocking=True
        )
        await until(hass, entity, lambda state: float(state.state) == value)

    assert float(hass.states.get(threshold).state) == 80
    told = float(hass.states.get(interval).state)
    assert told == (3 if server.quirks.interval_in_seconds else 3000)

    await write(threshold, 75)
    assert server.device.tasks[3] == replace(before, threshold=0.75)
    await write(interval, told * 2)
    assert server.device.tasks[3] == replace(before, threshold=0.75, interval=6000)
    await write(threshold, 80)
    assert server.device.tasks[3] == replace(before, interval=6000)


async def test_task_whose_cameras_are_not_told(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """A change would empty it: it is refused in words, and taken with the cameras."""
    server.quirks.missing_cameras = True
    entry = await start_hub(server)
    before = replace(server.device.tasks[3])
    number = {"entity_id": entity_id(hass, entry, "task_threshold_3"), "value": 75}
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call("number", "set_value", number, blocking=True)
    assert caught.value.translation_key == "would_erase"
    assert "camera_list1, camera_list2" in str(caught.value)
    assert server.device.tasks[3] == before
    assert not server.request_log.count("/UpdateTask")

    cameras = {
        "camera_list1": before.camera_list1,
        "camera_list2": before.camera_list2,
    }
    parameters = {"task_id": 3, "threshold": 0.75, **cameras}
    call = {"operation": "task_update", "parameters": parameters}
    await act(hass, "call_operation", device(hass, entry), **call)
    assert server.device.tasks[3] == replace(before, threshold=0.75)


async def test_configuration(
    hass: HomeAssistant, server: CamGuardServer, start_hub: Setup
) -> None:
    """The server's own configuration is read as it is, and changed with consent."""
    entry = await start_hub(server)
    hub = device(hass, entry)
    storage = {"ip": "192.0.2.8", "port": 10009}
    call = {
        "operation": "config_update",
        "parameters": {"name": "StorageServer", "config": storage},
    }
    with pytest.raises(ServiceValidationError):
        await act(hass, "call_operation", hub, **call)
    assert server.device.configs["StorageServer"]["ip"] == server.host
    await act(hass, "call_operation", hub, **call, confirm=True)
    call = {"operation": "config_get", "parameters": {"name": "StorageServer"}}
    answer = await act(hass, "call_operation", hub, **call)
    told = (answer.get("info") or answer["Info"])["config"]
    assert (json.loads(told) if isinstance(told, str) else told) == storage

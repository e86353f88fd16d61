"""What hubs do, or lack, so that no alarms come: a repair until it is over."""

from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.vision_hub.const import DOMAIN, TROUBLESHOOTING
from custom_components.vision_hub.vendors.model import SettingKey
from custom_components.vision_hub.vendors.uniview.hub.details import Details
from simulators.camguard import CamGuardServer
from simulators.faults import Fault
from simulators.huawei import HuaweiCloud
from simulators.huawei.models import ARREAR, CLOSED, GRANT, Package
from simulators.megvii import MegviiBox
from simulators.sensetime import SenseTimeNode
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, HubEntry, Setup
from ..helpers.huawei import key


def issue(hass: HomeAssistant, entry: HubEntry, kind: str) -> ir.IssueEntry | None:
    """Return a repair of an entry."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{kind}_{entry.entry_id}")


def named(hass: HomeAssistant, entry: HubEntry, kind: str) -> str:
    """Return what a repair is about."""
    found = issue(hass, entry, kind)
    assert found is not None, ir.async_get(hass).issues.keys()
    assert found.learn_more_url is not None
    assert found.learn_more_url.startswith(f"{TROUBLESHOOTING}#")
    assert found.translation_placeholders is not None
    return found.translation_placeholders["names"]


async def mend(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: HubEntry,
    kind: str,
) -> dict[str, Any]:
    """Go through the repair as a user does; return its last answer."""
    await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    url = "/api/repairs/issues/fix"
    begun = await client.post(
        url, json={"handler": DOMAIN, "issue_id": f"{kind}_{entry.entry_id}"}
    )
    flow = await begun.json()
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"]["hub"] == entry.title
    ended = await client.post(f"{url}/{flow['flow_id']}", json={})
    await hass.async_block_till_done()
    answer: dict[str, Any] = await ended.json()
    return answer


async def test_uniview_holds_alarms_back(
    hass: HomeAssistant,
    box: UniviewBox,
    start_hub: Setup,
    hass_client: ClientSessionGenerator,
) -> None:
    """The upload interval of a channel; the repair switches it off."""
    box.device.throttles[2] = {"enable": 1, "interval": 500}
    entry = await start_hub(box)
    await entry.refresh()
    name = box.device.channel(2).name
    assert named(hass, entry, "alarms_held_back") == name
    # Late alarms are alarms.
    assert entry.state_of("2_alarm").state != STATE_UNAVAILABLE
    answer = await mend(hass, hass_client, entry, "alarms_held_back")
    assert answer["type"] == "create_entry"
    assert box.device.throttles[2]["enable"] == 0
    assert issue(hass, entry, "alarms_held_back") is None
    assert [row.url for row in box.device.platforms.values() if row.enabled]

    hub = entry.runtime_data.hub
    await hub.settings.write(SettingKey("upload_interval", "1"), 30)
    assert box.device.throttles[1] == {"enable": 1, "interval": 30}
    await entry.refresh()
    assert issue(hass, entry, "alarms_held_back")


async def test_uniview_never_arms(
    hass: HomeAssistant, box: UniviewBox, start_hub: Setup
) -> None:
    """A week without any time."""
    channel = box.device.channel(1)
    algorithms = [task["algo_model"] for task in channel.tasks]
    never = {day: [] for day in channel.schedules[algorithms[0]]}
    before = dict(channel.schedules)
    channel.schedules[algorithms[0]] = never
    entry = await start_hub(box)
    details = entry.runtime_data.hub._details
    await all_schedules(details)
    await entry.refresh()
    name = f"{channel.name}: {algorithms[0]}"
    assert named(hass, entry, "never_armed") == name
    assert (entry.state_of("1_alarm").state == STATE_UNAVAILABLE) is (
        len(algorithms) == 1
    )
    channel.schedules |= dict.fromkeys(algorithms, never)
    details.forget_channel(1)
    await all_schedules(details)
    await entry.refresh()
    assert entry.state_of("1_alarm").state == STATE_UNAVAILABLE
    assert entry.state_of("2_alarm").state != STATE_UNAVAILABLE
    channel.schedules = before
    details.forget_channel(1)
    await all_schedules(details)
    await entry.refresh()
    assert issue(hass, entry, "never_armed") is None
    assert entry.state_of("1_alarm").state != STATE_UNAVAILABLE


async def all_schedules(details: Details) -> None:
    """Read at once what else is read over hours."""
    for part in list(details._algorithms()):
        await details._schedules.read("schedule", part)


async def test_camguard_cannot_open_a_camera(
    hass: HomeAssistant, start_hub: Setup
) -> None:
    """The task runs and the camera is there, and nobody would be recognized."""
    async with CamGuardServer(password=PASSWORD) as server:
        entry = await start_hub(server)
        name = server.device.cameras[2].name
        assert entry.state_of("2_camera_stream").state == STATE_OFF
        assert issue(hass, entry, "camera_not_opened") is None
        server.set_camera_status(2, online=True, opens=False)
        await entry.refresh()
        assert name in named(hass, entry, "camera_not_opened")
        assert entry.state_of("2_camera_stream").state == STATE_ON
        assert entry.state_of("2_face").state == STATE_UNAVAILABLE
        assert entry.state_of("1_face").state != STATE_UNAVAILABLE
        assert entry.state_of("push").state == STATE_ON

        server.set_camera_status(2, online=True)
        await entry.refresh()
        assert issue(hass, entry, "camera_not_opened") is None
        assert entry.state_of("2_face").state != STATE_UNAVAILABLE


async def test_camguard_opens_no_camera(hass: HomeAssistant, start_hub: Setup) -> None:
    """Then no alarms can come at all."""
    async with CamGuardServer(password=PASSWORD) as server:
        entry = await start_hub(server)
        for camera in server.device.cameras:
            server.set_camera_status(camera, online=True, opens=False)
        await entry.refresh()
        assert entry.state_of("push").state == STATE_OFF
        assert entry.state_of("1_face").state == STATE_UNAVAILABLE
        for camera in server.device.cameras:
            server.set_camera_status(camera, online=True)
        await entry.refresh()
        assert entry.state_of("push").state == STATE_ON
        assert entry.state_of("1_face").state != STATE_UNAVAILABLE


async def test_camguard_task_is_stopped(
    hass: HomeAssistant, start_hub: Setup, hass_client: ClientSessionGenerator
) -> None:
    """Somebody stopped it elsewhere: the repair starts it."""
    async with CamGuardServer(password=PASSWORD) as server:
        entry = await start_hub(server)
        for task in server.device.tasks:
            server.set_task(task, running=False)
        await entry.refresh()
        assert server.device.tasks[1].name in named(hass, entry, "task_stopped")
        # Of a task that is stopped it says nothing of cameras.
        assert issue(hass, entry, "camera_not_opened") is None
        assert entry.state_of("1_face").state == STATE_UNAVAILABLE
        rule = server.faults.add(Fault.HTTP_STATUS, "/StartTask", status=500)
        answer = await mend(hass, hass_client, entry, "task_stopped")
        assert answer["errors"] == {"base": "failed"}
        assert issue(hass, entry, "task_stopped")
        server.faults.clear(rule)
        answer = await mend(hass, hass_client, entry, "task_stopped")
        assert answer["type"] == "create_entry"
        assert all(task.state == 1 for task in server.device.tasks.values())
        assert issue(hass, entry, "task_stopped") is None
        assert entry.state_of("1_face").state != STATE_UNAVAILABLE


async def test_camguard_task_is_stopped_here(
    hass: HomeAssistant, start_hub: Setup
) -> None:
    """Who stops it by its switch knows."""
    async with CamGuardServer(password=PASSWORD) as server:
        entry = await start_hub(server)
        await entry.call("switch", "turn_off", "task_1")
        await entry.refresh()
        assert server.device.tasks[1].state == 0
        assert issue(hass, entry, "task_stopped") is None
        assert entry.state_of("1_face").state != STATE_UNAVAILABLE


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (2, "camera_login_refused"),
        (3, "camera_stream_unusable"),
        (6, "camera_stream_unusable"),
    ],
)
async def test_megvii_cannot_use_a_camera(
    hass: HomeAssistant, start_hub: Setup, state: int, kind: str
) -> None:
    async with MegviiBox(password=PASSWORD) as box:
        entry = await start_hub(box, push="http")
        name = box.set_channel_status(1, state).name
        await entry.refresh()
        assert named(hass, entry, kind) == name
        assert entry.state_of("1_alarm").state == STATE_UNAVAILABLE
        assert entry.state_of("2_alarm").state != STATE_UNAVAILABLE
        # A camera that is only away is told by its own entity.
        box.set_channel_status(1, 1)
        await entry.refresh()
        assert issue(hass, entry, kind) is None


async def test_sensetime_is_full(
    hass: HomeAssistant, start_hub: Setup, hass_client: ClientSessionGenerator
) -> None:
    """It stops when it is full: the repair lets it overwrite."""
    async with SenseTimeNode(password=PASSWORD) as node:
        node.device.storage_strategy = 2
        entry = await start_hub(node)
        assert issue(hass, entry, "storage_stopped") is None
        node.device.used_storage = node.device.max_storage
        await hass.config_entries.async_reload(entry.entry_id)
        assert issue(hass, entry, "storage_stopped")
        answer = await mend(hass, hass_client, entry, "storage_stopped")
        assert answer["type"] == "create_entry"
        assert node.device.storage_strategy == 1
        assert issue(hass, entry, "storage_stopped") is None


@pytest.mark.parametrize(
    ("package", "state", "kind"),
    [
        (Package.INDUSTRY_DATA, CLOSED, "service_closed"),
        (Package.INDUSTRY_DATA, ARREAR, "in_arrears"),
        (Package.MANAGEMENT, ARREAR, "in_arrears"),
    ],
)
async def test_huawei_service(
    hass: HomeAssistant, start_hub: Setup, package: Package, state: str, kind: str
) -> None:
    """Without its services nothing is pushed of a camera."""
    async with HuaweiCloud(seed=7, password=PASSWORD) as cloud:
        entry = await start_hub(cloud)
        gate, *others = cloud.channels
        gate.packages[package] = state
        await entry.refresh()
        assert named(hass, entry, kind).endswith(f": {package}")
        assert entry.state_of(key(gate, "alarm")).state == STATE_UNAVAILABLE
        assert entry.state_of(key(others[0], "alarm")).state != STATE_UNAVAILABLE
        assert entry.state_of("push").state == STATE_ON
        for each in others:
            each.packages[package] = state
        await entry.refresh()
        assert entry.state_of("push").state == STATE_OFF
        for each in cloud.channels:
            each.packages[package] = GRANT
        await entry.refresh()
        assert issue(hass, entry, kind) is None
        assert entry.state_of("push").state == STATE_ON
        assert entry.state_of(key(gate, "alarm")).state != STATE_UNAVAILABLE


async def test_huawei_freezes_a_device(hass: HomeAssistant, start_hub: Setup) -> None:
    async with HuaweiCloud(seed=7, password=PASSWORD) as cloud:
        entry = await start_hub(cloud)
        gate = cloud.channels[0]
        gate.channel_system_state = "UNAVAILABLE_FROZEN"
        await entry.refresh()
        assert named(hass, entry, "frozen") == gate.channel_name
        gate.channel_system_state = "NORMAL"
        await entry.refresh()
        assert issue(hass, entry, "frozen") is None

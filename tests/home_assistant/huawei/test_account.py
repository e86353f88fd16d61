"""A Huawei account in Home Assistant: to add, to change, and to lose it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
import logging
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.vision_hub.const import DOMAIN, OPTION_CALLBACK_URL
from custom_components.vision_hub.coordinator import POLLS_UNTIL_GONE
from custom_components.vision_hub.diagnostics import async_get_config_entry_diagnostics
from custom_components.vision_hub.vendors.huawei.hub import subscription
from simulators.faults import Fault
from simulators.huawei import HuaweiCloud, Package, Subscription
from simulators.huawei.models import KeyPair

from ...conftest import Setup, connection, entity_id, new_entry, until, until_true
from ...helpers.huawei import ACCESS_KEY, SECRET_KEY, key, subscribed
from ...simulators.push_receiver import Receiver
from ..conftest import until_login_is_asked_for

ANOTHER_KEY = "another-sk-456"
DEVICES = "/v1/*/device-orgs/*/devices"
CALLBACK = "/v1/*/messages/callback"
TOKEN = "/v2/*/enterprises/access-token"


@pytest.fixture
async def cloud() -> AsyncIterator[HuaweiCloud]:
    """A recorder of three channels, a camera that moves, one that counts."""
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


async def begin(hass: HomeAssistant) -> str:
    """Choose the vendor; return the flow."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow = result["flow_id"]
    await hass.config_entries.flow.async_configure(flow, {"next_step_id": "huawei"})
    return flow


async def test_add(hass: HomeAssistant, cloud: HuaweiCloud, address: str) -> None:
    """An account is added through the config flow; wrong keys are told."""
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(
        flow, connection(cloud, secret_key="wrong")
    )
    assert result["errors"] == {"base": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(flow, connection(cloud))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == f"huawei_{cloud.user_id}"
    assert result["result"].state is ConfigEntryState.LOADED
    assert cloud.tokens_issued == 1

    result = await hass.config_entries.flow.async_configure(
        await begin(hass), connection(cloud)
    )
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("http://127.0.0.1:99999", "invalid_port"),
        ("https://[::1", "invalid_host"),
        ("https://api.example.com/v2", "address_with_path"),
    ],
)
async def test_address_of_the_service(
    hass: HomeAssistant, cloud: HuaweiCloud, address: str, typed: str, error: str
) -> None:
    """What leads to no service is told at its field; a final slash does no harm."""
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(
        flow, connection(cloud, url=typed)
    )
    assert result["errors"] == {"url": error}
    result = await hass.config_entries.flow.async_configure(
        flow, connection(cloud, url=f" {cloud.url}/ ")
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["url"] == cloud.url


@pytest.mark.parametrize(
    ("fault", "changes", "error"),
    [
        (None, {"access_key": "NOBODY"}, "invalid_auth"),
        (None, {"user_id": "12345"}, "invalid_auth"),
        (None, {"url": "http://127.0.0.1:9"}, "cannot_connect"),
        (Fault.TRUNCATED, {}, "unexpected_answer"),
        (Fault.RESET, {}, "cannot_connect"),
        (Fault.CODE, {}, "invalid_auth"),
    ],
)
async def test_failures_to_add(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    address: str,
    fault: Fault | None,
    changes: dict[str, Any],
    error: str,
) -> None:
    """Every failure says what is wrong, and the form can be sent again."""
    if fault:
        cloud.faults.add(fault, DEVICES, code=10000006)
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(
        flow, connection(cloud, **changes)
    )
    assert result["errors"] == {"base": error}
    cloud.faults.clear()
    result = await hass.config_entries.flow.async_configure(flow, connection(cloud))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_reauthentication(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keys that were deleted are asked for, and new ones go on with everything."""
    entry = await start_hub(cloud)
    cloud.revoke_keys()
    flow = await until_login_is_asked_for(hass, entry, monkeypatch)
    cloud.device.keys[ACCESS_KEY] = KeyPair(ACCESS_KEY, ANOTHER_KEY)
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"access_key": ACCESS_KEY, "secret_key": ANOTHER_KEY}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["secret_key"] == ANOTHER_KEY


async def test_reconfigure_and_options(
    hass: HomeAssistant, cloud: HuaweiCloud, address: str, start_hub: Setup
) -> None:
    """An account that moved is found again; another one is not taken for it."""
    entry = await start_hub(cloud)
    async with (
        HuaweiCloud(serial=cloud.user_id) as moved,
        HuaweiCloud() as another,
    ):
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(another)
        )
        assert result["reason"] == "another_hub"
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(moved)
        )
        await hass.async_block_till_done()
        assert result["reason"] == "reconfigure_successful"
        assert entry.data["url"] == moved.url
        await subscribed(moved, address)

        result = await hass.config_entries.options.async_init(entry.entry_id)
        await hass.config_entries.options.async_configure(
            result["flow_id"],
            {
                OPTION_CALLBACK_URL: address,
                "keep_days": 7,
                "keep_megabytes": 100,
                "stream_protocol": "rtsp",
            },
        )
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert entry.options["stream_protocol"] == "rtsp"


async def test_devices(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup
) -> None:
    """A recorder stands between the account and its cameras; others need none."""
    entry = await start_hub(cloud)
    registry = dr.async_get(hass)

    def device(name: str = "") -> dr.DeviceEntry:
        found = registry.async_get_device_by_identifier(
            (DOMAIN, f"{entry.unique_id}{name}"), entry.entry_id
        )
        assert found is not None
        return found

    recorder, dome, _ = cloud.devices
    account = device()
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    (box,) = [found for found in devices if found.name == recorder.device_name]
    assert len(devices) == 1 + 1 + 5
    assert box.via_device_id == account.id
    assert box.model == recorder.model
    for channel in recorder.channels.values():
        camera = device(f":{channel.device_id}_{channel.channel_id}")
        assert camera.via_device_id == box.id
        assert camera.name == channel.channel_name
    camera = device(f":{dome.device_id}_0")
    assert camera.via_device_id == account.id
    assert (camera.model, camera.serial_number) == (dome.model, dome.device_id)

    # What is added and removed at the console comes and goes.
    added = cloud.add_recorder(2, "Hall")
    cloud.remove_device(dome.device_id)
    for _ in range(POLLS_UNTIL_GONE):
        await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()
    names = {
        found.name
        for found in dr.async_entries_for_config_entry(registry, entry.entry_id)
    }
    assert added.device_name in names
    assert dome.device_name not in names


async def looked_again(hass: HomeAssistant, cloud: HuaweiCloud) -> None:
    """Let the pause between two polls be over, after the cloud told of a change."""
    assert await cloud.pushes[-1].delivered(timeout=10)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=11))
    await hass.async_block_till_done()


async def test_offline_and_back(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup
) -> None:
    """A recorder that loses its connection is told with its cameras, and back."""
    entry = await start_hub(cloud)
    recorder = cloud.devices[0]
    online = [
        entity_id(hass, entry, key(channel, "online"))
        for channel in recorder.channels.values()
    ]
    cloud.set_device_status(recorder.device_id, online=False)
    for sensor in online:
        await until(hass, sensor, STATE_OFF)
    offline = entity_id(hass, entry, key(recorder.channels["0"], "channel_offline"))
    assert hass.states.get(offline).state == STATE_ON
    cloud.set_device_status(recorder.device_id, online=True)
    await looked_again(hass, cloud)
    for sensor in online:
        await until(hass, sensor, STATE_ON)
    assert hass.states.get(offline).state == STATE_OFF
    last = recorder.channels["2"]
    cloud.set_channel_status(recorder.device_id, "2", online=False)
    await looked_again(hass, cloud)
    await until(hass, entity_id(hass, entry, key(last, "online")), STATE_OFF)
    assert hass.states.get(online[0]).state == STATE_ON


async def test_shared_token(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup
) -> None:
    """Whoever has the keys shares the token, also after a reload."""
    entry = await start_hub(cloud)
    # The same account under another name.
    twin = MockConfigEntry(
        domain=DOMAIN,
        title="Twin",
        unique_id=f"{entry.unique_id} ",
        data={**entry.data, "token": "w" * 43},
        options=dict(entry.options),
    )
    twin.add_to_hass(hass)
    assert await hass.config_entries.async_setup(twin.entry_id)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is twin.state is ConfigEntryState.LOADED
    assert cloud.request_log.count(TOKEN, authorized=None) == 1
    assert cloud.tokens_issued == 1


@pytest.mark.parametrize("forgotten", [False, True])
async def test_expired_token(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup, forgotten: bool
) -> None:
    """A token that ended is renewed once, however many requests meet that."""
    entry = await start_hub(cloud)
    hub = entry.runtime_data.hub
    cloud.request_log.clear()
    cloud.forget_tokens() if forgotten else cloud.expire_tokens()
    refused = await asyncio.gather(
        entry.runtime_data.coordinator.async_refresh(),
        *(hub.call("list_devices", {}) for _ in range(3)),
    )
    assert refused[1]["devices"]
    assert entry.runtime_data.coordinator.last_update_success
    assert cloud.request_log.count(TOKEN, authorized=None) == 1
    assert cloud.tokens_issued == 2


async def test_another_receiver_is_kept(
    hass: HomeAssistant, cloud: HuaweiCloud, address: str
) -> None:
    """The places of the callbacks are taken with consent only, and given back."""
    theirs = Receiver()
    await theirs.start()
    try:
        for kind in (Subscription.DEVICE_ALARM, Subscription.TARGET_DATA):
            assert await cloud.reporter.configure(kind, theirs.url, "their-key")
        before = dict(cloud.callbacks)
        entry = new_entry(cloud, address)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        issues, issue_id = ir.async_get(hass), f"subscription_taken_{entry.entry_id}"
        await until_true(
            hass,
            lambda: issues.async_get_issue(DOMAIN, issue_id),
            ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
        )
        assert cloud.callbacks == before

        await entry.runtime_data.alarms.take_over()
        await subscribed(cloud, address)
        await until(hass, entity_id(hass, entry, "push"), STATE_ON)
        assert issues.async_get_issue(DOMAIN, issue_id) is None
        await hass.config_entries.async_remove(entry.entry_id)
        assert cloud.callbacks == before
        callback = cloud.reporter.callback(Subscription.TARGET_DATA)
        assert callback is not None
        assert callback.auth_key == "their-key"
    finally:
        await theirs.stop()


async def test_without_an_address(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cloud of the internet cannot call us at home: that is told, the rest works."""
    # As if the cloud were none of our own network.
    own = subscription.is_inside
    monkeypatch.setattr(
        subscription,
        "is_inside",
        lambda url: url.port != cloud.port and own(url),
    )
    entry = new_entry(cloud, address)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    issues, issue_id = ir.async_get(hass), f"no_callback_address_{entry.entry_id}"
    await until_true(
        hass,
        lambda: issues.async_get_issue(DOMAIN, issue_id),
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
    )
    assert cloud.callbacks == {}
    assert hass.states.get(entity_id(hass, entry, "push")).state == STATE_OFF
    dome = cloud.devices[1]
    camera = entity_id(hass, entry, key(dome.channels["0"], "online"))
    cloud.set_device_status(dome.device_id, online=False)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await until(hass, camera, STATE_OFF)


async def test_services(
    hass: HomeAssistant, cloud: HuaweiCloud, start_hub: Setup
) -> None:
    """A service that ends soon is told, before its cameras stand still."""
    resource = next(iter(cloud.device.resources.values()))
    resource.exp_time = cloud.device.now() + 5 * 86_400
    entry = await start_hub(cloud)
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"service_expires_{entry.entry_id}"
    )
    assert issue is not None
    assert resource.resource_name in issue.translation_placeholders["services"]
    sensor = entity_id(hass, entry, f"service_expires_{resource.resource_id}")
    ends = dt_util.parse_datetime(hass.states.get(sensor).state)
    assert ends is not None
    assert abs(ends.timestamp() - resource.exp_time) < 2

    # Cameras whose access was not paid for have no live video until it is.
    gate = entity_id(hass, entry, key(cloud.channels[0], "camera"))

    def streams() -> bool:
        return bool(hass.states.get(gate).attributes["supported_features"])

    assert streams()
    cloud.expire_service(Package.MANAGEMENT)
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert not streams()
    cloud.pay_service(Package.MANAGEMENT)
    await entry.runtime_data.coordinator.async_refresh()
    await hass.async_block_till_done()
    assert streams()


async def test_secrets(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    start_hub: Setup,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Keys and tokens are in no diagnostics and in no log."""
    caplog.set_level(logging.DEBUG, "custom_components.vision_hub")
    entry = await start_hub(cloud)
    await entry.runtime_data.coordinator.async_refresh()
    told = str(await async_get_config_entry_diagnostics(hass, entry))
    callback = cloud.reporter.callback(Subscription.DEVICE_ALARM)
    assert callback is not None
    (token,) = cloud.device.tokens.alive(ACCESS_KEY)
    for secret in (SECRET_KEY, callback.auth_key, token.value, entry.data["token"]):
        assert secret not in told
        assert not [
            record.getMessage()
            for record in caplog.records
            if record.name.startswith("custom_components.vision_hub")
            and secret in record.getMessage()
        ]

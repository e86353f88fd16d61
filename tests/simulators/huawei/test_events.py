"""Alarms, states of devices, what is unbound (10.1.4.2 to 10.1.4.4)."""

from typing import Any

import pytest

from simulators.huawei import HuaweiCloud, Package, State
from simulators.huawei.device_messages import (
    ALARMS,
    TARGET_CLASSES,
    Method,
    Unbind,
    age_group,
)
from simulators.huawei.push_messages import Subscription
from simulators.huawei.target_libraries import libraries_of

from .client import Client
from .listener import Listener


@pytest.fixture
async def heard(client: Client, listener: Listener) -> Listener:
    await listener.subscribe(client)
    return listener


@pytest.mark.parametrize("alarm_type", list(ALARMS))
async def test_every_alarm(
    heard: Listener, cloud: HuaweiCloud, alarm_type: str
) -> None:
    channel = cloud.channel(cloud.devices[1].device_id)
    push = await cloud.alarm(alarm_type, channel=channel, status="start")
    assert await push.delivered()
    (message,) = heard.messages
    assert message.json["message_type"] == "device_alarm"
    data = message.json["data"]
    assert data["classification"] == ALARMS[alarm_type]
    assert data["alarm_type"] == alarm_type
    assert data["alarm_status"] == "start"
    assert (data["device_id"], data["channel_id"]) == channel.key
    assert data["channel_type"] == "video_input"
    assert data["alarm_uuid"] == push.event_id
    assert data["alarm_uuid"].startswith(f"{channel.device_id}_0_{alarm_type}_20")
    assert data["alarm_time"].endswith("+08:00")
    assert ("target" in data) == (data["classification"] in TARGET_CLASSES)


async def test_who_an_alarm_is_about(heard: Listener, cloud: HuaweiCloud) -> None:
    cloud.quirks.target_alarm_uuid = True
    await cloud.alarm("target_alarm", target_id="person4", similarity=97)
    target = (await heard.data())["target"]
    assert target["name"] == "Liu Chen"
    assert (target["similarity"], target["age_group"]) == (97, "MIDDLE_AGE")
    assert target["targetgroup_name"] == "Staff"
    assert target["alarm_uuid"]
    cloud.quirks.target_only_with_target = True
    await cloud.alarm("mask_alarm")
    assert "target" not in await heard.data(2)
    stranger = await cloud.alarm("target_alarm")
    assert stranger.body["data"]["target"]["target_id"] == "-1"
    with pytest.raises(LookupError):
        await cloud.alarm("target_alarm", target_id="nobody")


async def test_other_alarms(heard: Listener, cloud: HuaweiCloud) -> None:
    await cloud.alarm("customer_flow")
    data = await heard.data()
    assert data["alarm_type"] == "customer_flow_statistics_alarm"
    counts = ("enter_count", "leave_count", "repeat_count")
    assert [data[name] for name in counts] == [3, 2, 1]
    await cloud.alarm("io_event", name="Local<-3")
    assert (await heard.data(2))["alarm_type_name"] == "Local<-3"
    await cloud.alarm("brand_new_alarm")
    assert (await heard.data(3))["alarm_type"] == "brand_new_alarm"


async def test_what_is_not_pushed(heard: Listener, cloud: HuaweiCloud) -> None:
    device_id = cloud.devices[1].device_id
    channel = cloud.channel(device_id)
    channel.packages[Package.INDUSTRY_DATA] = "CLOSED"
    lost = await cloud.alarm(channel=channel)
    assert lost.held_back == "the channel has no data stream service"
    cloud.quirks.alarms_need_services = False
    assert await (await cloud.alarm(channel=channel)).delivered()
    cloud.set_channel_status(device_id, online=False)
    assert (await cloud.vehicle(channel=channel)).held_back == "the channel is offline"
    told = await cloud.alarm("device_offline", channel=channel)
    assert await told.delivered()
    past = await cloud.alarm(at=cloud.device.now() - 100)
    assert past.held_back == "past"
    kinds = [message.json["message_type"] for message in heard.messages]
    assert kinds.count("device_alarm") == 2


async def test_message_ids_never_repeat(heard: Listener, cloud: HuaweiCloud) -> None:
    for _ in range(5):
        await cloud.status("login")
    cloud.clock_offset = -3600
    await cloud.status("login")
    ids = [m.json["message_id"] for m in await heard.wait_for(6)]
    assert ids == sorted(set(ids))


async def test_what_the_manual_announces(heard: Listener, cloud: HuaweiCloud) -> None:
    cloud.quirks.new_fields = cloud.quirks.long_message_ids = True
    assert await (await cloud.alarm()).delivered()
    message = heard.messages[0].json
    assert len(str(message["message_id"])) == 32
    assert message["data"]["new_algorithm"]["version"] == 2


# States


async def test_device_comes_and_goes(heard: Listener, cloud: HuaweiCloud) -> None:
    device = cloud.devices[0]
    device.online_since = cloud.device.now() - 1077
    cloud.set_device_status(device.device_id, online=False)
    gone = await heard.data()
    assert gone["method"] == "logout"
    param = gone["param"]
    assert param["video_channel"] is None
    assert param["online_time"] in (1077, 1078)
    assert param["offline_reason_type"] == "TMOUT"
    assert param["alarm_uuid"] == f"{device.device_id}_device_offline_{param['time']}"

    cloud.set_device_status(device.device_id, online=True)
    back = await heard.data(2)
    assert back["method"] == "login"
    assert "last_login_time" not in back["param"]
    (first, *rest) = back["param"]["video_channel"]
    assert len(rest) == 2
    assert (first["channel_state"], first["status_list"]) == (1, None)
    assert "talk" in first["channel_ability"]


async def test_channel_comes_and_goes(
    heard: Listener, cloud: HuaweiCloud, client: Client
) -> None:
    device_id = cloud.devices[0].device_id
    cloud.set_channel_status(device_id, "1", online=False)
    told = (await heard.data())["param"]["video_channel"]
    assert [(row["channel_id"], row["channel_state"]) for row in told] == [("1", 0)]
    assert "_1_channel_offline_" in told[0]["alarm_uuid"]
    path = f"devices/{device_id}/channels/2"
    await client.ok("PUT", path, {"channel_name": "South gate"})
    renamed = await heard.data(2)
    assert renamed["method"] == "channel_name_notice"
    assert renamed["param"]["video_channel"][0]["channel_name"] == "South gate"


@pytest.mark.parametrize("method", list(Method))
async def test_every_method(
    heard: Listener, cloud: HuaweiCloud, method: Method
) -> None:
    device = cloud.devices[0]
    push = await cloud.status(method, device=device, upgrade="failure")
    assert await push.delivered()
    data = await heard.data()
    assert (data["method"], data["param"]["device_id"]) == (method, device.device_id)
    files = data["param"]["video_channel"]
    if method is Method.UPGRADE:
        assert files[0]["status_list"][0]["status"] == "failure"
        assert data["param"]["overall_upgrade_status"] == "failure"
    if method is Method.OFFLINE_REASON:
        assert data["param"]["offline_reason_type"] == "NETWORK"
    one = await cloud.status(method, channel=cloud.channel(device.device_id, "1"))
    told = one.body["data"]["param"]["video_channel"]
    assert (told is None) == (method is Method.LOGOUT)


async def test_quirks_of_states(heard: Listener, cloud: HuaweiCloud) -> None:
    cloud.quirks.ability_as_text = True
    cloud.quirks.misnested_login = True
    cloud.quirks.late_status = 240
    await cloud.status("login")
    param = (await heard.data())["param"]
    assert isinstance(param["channel_ability"], str)
    assert set(param["video_channel"][0]) == {"channel_id", "channel_name"}
    assert param["push_time"] > param["time"].replace("T", " ")[:19]


# Unbinding


@pytest.mark.parametrize("kind", list(Unbind))
async def test_unbinding(heard: Listener, cloud: HuaweiCloud, kind: Unbind) -> None:
    device = cloud.devices[1]
    channel = cloud.channel(device.device_id)
    await cloud.unbind(kind, channel=channel)
    data = await heard.data()
    (row,) = data["devices"]
    assert data["message_type"] == kind
    assert row["device_id"] == device.device_id
    assert (device in cloud.devices) == (not kind.of_device)
    if kind.of_device:
        assert (row["channel_id"], row["message"]) == ("", None)
    else:
        assert row["channel_id"] == "0"
        assert len(row["message"]["resource_id"]) == 32
        assert "CLOSED" in channel.packages.values()


async def test_unbinding_a_recorder(heard: Listener, cloud: HuaweiCloud) -> None:
    device = cloud.devices[0]
    await cloud.unbind("UNBIND_MANAGE", device=device, resource_id="r" * 32)
    rows: list[dict[str, Any]] = (await heard.data())["devices"]
    assert [row["channel_id"] for row in rows] == ["0", "1", "2"]
    assert not any(c.granted(Package.MANAGEMENT) for c in device.channels.values())
    assert await (await cloud.unbind("DELETE_DEVICE", device=device)).delivered()
    assert (await heard.data(2))["devices"][0]["device_id"] == device.device_id
    people = libraries_of(cloud.device).everybody()
    assert device not in [one for one, _, _ in people]
    assert cloud.sent == {Subscription.DEVICE_UNBIND: 2}
    assert device.device_state == State.ONLINE


def test_age_groups() -> None:
    ages = {0: "UNKNOWN", 5: "CHILDREN", 12: "JUVENILE", 18: "YOUTHS", 60: "OLD_AGE"}
    assert {age: age_group(age) for age in ages} == ages


async def test_deleted_by_a_request(
    heard: Listener, cloud: HuaweiCloud, client: Client
) -> None:
    device_id = cloud.devices[2].device_id
    await client.ok("POST", "devices/batch-delete", {"devices": [device_id]})
    data = await heard.data()
    assert data == {
        "message_type": "DELETE_DEVICE",
        "devices": [{"device_id": device_id, "channel_id": "", "message": None}],
    }

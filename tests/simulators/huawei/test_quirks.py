"""Where the manual contradicts itself: both ways of devices, video and services."""

from simulators.huawei import HuaweiCloud, State
from simulators.huawei.defaults import furnish_gb

from .client import Client
from .operations_table import DOME, GB, RECORDER, REF
from .test_media import span

CHANNEL = f"devices/{RECORDER}/channels/0"
PLAYBACK = f"{CHANNEL}/media/playback-connections"


async def test_p2p(client: Client, cloud: HuaweiCloud) -> None:
    where = {"record_position": "DEVICE", "playback_protocol": "HOLO", **span()}
    answer = await client.ok("GET", PLAYBACK, version=2, **where)
    inner = answer["playback_connections"]
    assert inner["p2p_connections"]["device_state"] == "ONLINE"
    cloud.quirks.p2p_beside = True
    answer = await client.ok("GET", PLAYBACK, version=2, **where)
    assert answer.keys() == {"playback_connections", "p2p_connections"}
    assert answer["p2p_connections"]["start_time"] == where["start_time"]


async def test_totals_and_pages(client: Client, cloud: HuaweiCloud) -> None:
    path = f"{CHANNEL}/device-records"
    whole = await client.ok("GET", path, **span(6))
    assert whole["total"] == len(whole["records"]) >= 6
    second = await client.ok("GET", path, **span(6), limit=2, offset=1)
    assert second["records"] == whole["records"][2:4]
    cloud.quirks.pages_of_records = False
    cloud.quirks.old_total_zero = True
    second = await client.ok("GET", path, **span(6), limit=2, offset=1)
    assert second == {"total": 0, "records": whole["records"][1:3]}


async def test_presets_behind_a_recorder(client: Client, cloud: HuaweiCloud) -> None:
    channel = cloud.channel(RECORDER)
    channel.abilities += ("ptz", "preset", "zoom")
    path = f"{CHANNEL}/preset-position"
    body = {"preset_name": "Here", "index": 3}
    assert await client.code("POST", path, body) == "IVM.10020001"
    cloud.quirks.preset_index_demanded = False
    assert (await client.ok("POST", path, body))["preset_index"] == 3
    del body["index"]
    assert (await client.ok("POST", path, body))["preset_index"] == 1
    token = (await client.ok("GET", f"{CHANNEL}/control-lock"))["control_token"]
    step = {"direction": "IN", "control_lock": token}
    await client.ok("POST", f"{CHANNEL}/ptz/angle-spin", step)
    assert cloud.is_moving(RECORDER), "behind a recorder a step of the zoom goes on"


async def test_gb_cameras_do_not_step(client: Client, cloud: HuaweiCloud) -> None:
    camera = furnish_gb(cloud.device, GB, "Old", "IPC")
    (channel,) = camera.channels.values()
    camera.device_state = channel.channel_state = State.ONLINE
    path = f"devices/{GB}/channels/{channel.channel_id}"
    token = (await client.ok("GET", f"{path}/control-lock"))["control_token"]
    body = {"direction": "UP", "control_lock": token}
    assert await client.code("POST", f"{path}/ptz/angle-spin", body) == "IVM.20002007"
    body["mode"] = "NON_POINT"
    await client.ok("POST", f"{path}/ptz/angle-spin", body)
    assert await client.code("GET", f"{path}/preset-position") == "IVM.20020011"
    assert await client.code("PUT", path, {"channel_name": "x"}) == "IVM.20020011"
    named = {"device_name": "Gate 1", "modify_type": "ALL", "osd": "Gate"}
    answer = await client.ok("PUT", f"devices/{GB}", named)
    assert (answer["device_name"], answer["osd"]) == ("Gate 1", "Gate")
    account = {"device_username": "camera"}
    assert await client.code("PUT", f"devices/{GB}/gb-account", account) == (
        "IVM.20000031"
    )


async def test_services(client: Client, cloud: HuaweiCloud) -> None:
    cloud.quirks.mode_blank = cloud.quirks.unbind_normal = True
    cloud.quirks.unbound_is_error = True
    rows = (await client.ok("GET", "resources"))["resources"]
    assert {row["mode"] for row in rows} == {"PACKAGE ", "ONDEMAND "}
    body = {"resource_type_code": "NORMAL", "channels": [REF]}
    for code in ("IVM.0", "IVM.20060010"):
        answer = await client.ok("DELETE", "devices/channels/resources", body)
        assert answer["channels"][0]["result"]["code"] == code


async def test_policies_and_authorisation(client: Client, cloud: HuaweiCloud) -> None:
    cloud.quirks.both_policies = True
    cloud.quirks.direct_channels_result = False
    cloud.channel(RECORDER).storage_days["MOTION_RECORD"] = 3
    answer = await client.ok("GET", f"{CHANNEL}/time-policy")
    assert len(answer["time_policies"]) == 2
    path = f"devices/{DOME}/channels/targets/authorization"
    answer = await client.ok("PUT", path, {"state": "OPENED", "channels": ["0"]})
    assert answer == {"device_id": DOME, "device_result": "0"}


async def test_stream_ability_of_the_table(client: Client, cloud: HuaweiCloud) -> None:
    path = f"devices/{DOME}/channels/0/stream-ability"

    async def rates() -> list[object]:
        answer = await client.ok("GET", path)
        modes = answer["abilities"][0]["stream_info"][0]["encode_mode"]
        return list(modes[0]["resolution"][0]["frame_rate"])

    assert (await rates())[0] == "25"
    cloud.quirks.sample_streams = False
    assert (await rates())[0] == 25


async def test_reboot(client: Client, cloud: HuaweiCloud) -> None:
    path = f"devices/{DOME}/channels/0"
    token = (await client.ok("GET", f"{path}/control-lock"))["control_token"]
    await cloud.reboot(0.01)
    body = {"direction": "UP", "control_lock": token}
    assert await client.code("POST", f"{path}/ptz/angle-spin", body) == "IVM.20002001"
    await client.ok("GET", "devices")

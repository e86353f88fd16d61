"""Video: addresses that live as long as they were asked for, HLS and RTSP that play."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
import time
from typing import Any

import av
import pytest

from simulators.huawei import HuaweiCloud, Package
from simulators.huawei.models import Place
from simulators.huawei.request_fields import BEIJING

from .client import Client
from .operations_table import DOME, GB, RECORDER

LIVE = "devices/channels/media/live-connections"


@pytest.fixture
async def cloud() -> AsyncGenerator[HuaweiCloud]:
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


def play(url: str, pictures: int = 3) -> list[float]:
    options = {"rtsp_transport": "tcp"} if url.startswith("rtsp") else {}
    times = []
    with av.open(url, timeout=10, options=options) as container:
        for frame in container.decode(video=0):
            times.append(float((frame.pts or 0) * (frame.time_base or 0)))
            if len(times) == pictures:
                break
    return times


async def plays(url: str, pictures: int = 3) -> list[float]:
    return await asyncio.to_thread(play, url, pictures)


async def live(
    client: Client, protocol: str = "HTTPS_HLS", device_id: str = DOME, **life: Any
) -> dict[str, Any]:
    channel = {
        "device_id": device_id,
        "channel_id": "0",
        "live_protocol": protocol,
        "stream_type": "PRIMARY_STREAM",
    }
    body = {"channels": [channel], **life}
    answer = await client.ok("POST", LIVE, body, version=2)
    (item,) = answer["live_connections"]
    assert answer["fail_num"] == int(item["result"]["code"] != "IVM.0")
    return dict(item)


async def live_url(client: Client, protocol: str = "HTTPS_HLS", **life: Any) -> str:
    item = await live(client, protocol, **life)
    return str(item["cloud_trans_connections"]["live_url"])


def span(hours: float = 2.0) -> dict[str, str]:
    now = datetime.now(BEIJING)
    since = now - timedelta(hours=hours)
    form = "%Y-%m-%d %H:%M:%S"
    return {"start_time": since.strftime(form), "end_time": now.strftime(form)}


async def test_hls_plays_on_and_on(client: Client) -> None:
    times = await plays(await live_url(client), 45)
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(4.4, abs=0.01)


async def test_an_address_serves_once(client: Client) -> None:
    for protocol in ("HTTP_HLS", "RTSP"):
        url = await live_url(client, protocol)
        await plays(url)
        with pytest.raises(av.error.FFmpegError):
            await plays(url)


async def test_flv_plays(client: Client, cloud: HuaweiCloud) -> None:
    url = await live_url(client, "HTTPS_FLV")
    assert url.partition("?")[0].endswith(f"/live/{DOME}.flv")
    assert len(await plays(url, 12)) == 12
    assert (await client.fetch(url)).status == 403
    async with client.http.get(await live_url(client, "HTTP_FLV")) as response:
        assert await response.content.readexactly(3) == b"FLV"
        cloud.set_channel_status(DOME, online=False)
        await response.read()


async def test_an_address_serves_often(client: Client) -> None:
    url = await live_url(client, use_times=1)
    assert (await client.fetch(url)).status == 200
    assert (await client.fetch(url)).status == 200
    rtsp = await live_url(client, "RTSP", use_times=1)
    await plays(rtsp)
    with pytest.raises(av.error.FFmpegError):
        await plays(rtsp)


async def test_an_address_expires(client: Client, cloud: HuaweiCloud) -> None:
    cloud.device.time_scale = 0.01
    urls = [await live_url(client, name, use_times=1) for name in ("HTTP_HLS", "RTSP")]
    await asyncio.sleep(0.35)
    assert (await client.fetch(urls[0])).status == 403
    with pytest.raises(av.error.FFmpegError):
        await plays(urls[1])


async def test_use_renews(client: Client, cloud: HuaweiCloud) -> None:
    cloud.device.time_scale = 0.01
    url = await live_url(client, use_times=1)
    for _ in range(4):
        assert (await client.fetch(url)).status == 200
        await asyncio.sleep(0.2)
    session = (await client.fetch(url)).raw.decode().splitlines()[-1]
    for _ in range(4):
        assert (await client.fetch(cloud.url + session)).status == 200
        await asyncio.sleep(0.2)
    await asyncio.sleep(0.65)
    assert (await client.fetch(cloud.url + session)).status == 404


async def test_revoked(client: Client, cloud: HuaweiCloud) -> None:
    url = await live_url(client, use_times=1)
    session = (await client.fetch(url)).raw.decode().splitlines()[-1]
    body = {"urls": [{"url": url}]}
    answer = await client.ok("POST", "media/urls/batch-delete", body)
    assert answer == {"error_code": "IVM.0", "error_msg": "Success"}
    assert (await client.fetch(url)).status == 403
    assert (await client.fetch(cloud.url + session)).status == 404


async def test_holo_is_for_the_sdk(client: Client) -> None:
    item = await live(client, "HOLO")
    assert item["cloud_trans_connections"]["live_url"].startswith("jvmp://")
    assert item["p2p_connections"]["p2p_nodes"][0]["udp_port"] == 7050


async def test_items_fail_alone(client: Client, cloud: HuaweiCloud) -> None:
    async def refused(protocol: str = "RTSP", device_id: str = DOME) -> str:
        item = await live(client, protocol, device_id)
        assert item["cloud_trans_connections"] == {}
        return str(item["result"]["code"])

    assert await refused("HLS") == "IVM.10026003"
    assert await refused(device_id="UNKNOWN0001") == "IVM.10022002"
    cloud.expire_service()
    assert await refused() == "IVM.20020009"
    cloud.pay_service()
    cloud.set_mask(DOME, masked=True)
    assert await refused() == "IVM.20070006"
    cloud.set_mask(DOME, masked=False)
    cloud.set_channel_status(DOME, online=False)
    assert await refused() == "IVM.20000043"
    cloud.channel(DOME).packages[Package.MANAGEMENT] = "CLOSED"
    assert await refused() == "IVM.20020008"


async def test_playing_ends_when_the_camera_is_gone(
    client: Client, cloud: HuaweiCloud
) -> None:
    url = await live_url(client)
    session = (await client.fetch(url)).raw.decode().splitlines()[-1]
    cloud.set_channel_status(DOME, online=False)
    assert (await client.fetch(cloud.url + session)).code == "IVM.20000043"


async def records(client: Client, **query: Any) -> dict[str, Any]:
    path = f"devices/{RECORDER}/channels/0/media/records"
    query = {"record_position": "CLOUD", **span(), **query}
    return dict(await client.ok("GET", path, version=2, **query))


async def test_recordings_by_the_plan(client: Client, cloud: HuaweiCloud) -> None:
    answer = await records(client)
    assert answer["total"] == len(answer["records"]) in (2, 3)
    second = await records(client, limit=1, offset=1)
    assert second["records"] == answer["records"][1:2]
    cloud.channel(RECORDER).plan = None
    assert (await records(client))["records"] == []
    cloud.quirks.no_records_is_error = True
    path = f"devices/{RECORDER}/channels/0/media/records"
    query = {"record_position": "DEVICE", **span()}
    code = await client.code("GET", path, version=2, **query)
    assert code == "IVM.20020014"


async def test_recordings_put_in(client: Client, cloud: HuaweiCloud) -> None:
    now = time.time()
    cloud.add_recording(
        RECORDER, start=now - 60, end=now - 30, alarm_types=("linger_alarm",)
    )
    answer = await records(client, record_type="MOTION_RECORD")
    (row,) = answer["records"]
    assert row["alarm_rec_type"] == ["linger_alarm"]
    assert (await records(client, alarm_rec_type="linger_alarm"))["total"] == 1
    cloud.add_recording(RECORDER, start=now - 60, end=now - 30, place=Place.DEVICE)
    assert (await records(client, record_type="MOTION_RECORD"))["total"] == 1


async def playback(client: Client, **query: Any) -> str:
    path = f"devices/{RECORDER}/channels/0/media/playback-connections"
    query = {"record_position": "CLOUD", **span(), **query}
    answer = await client.ok("GET", path, version=2, **query)
    inner = answer["playback_connections"]
    return str(inner["cloud_trans_connections"]["playback_url"])


async def test_recordings_play(client: Client, cloud: HuaweiCloud) -> None:
    now = time.time()
    cloud.channel(RECORDER).plan = None
    cloud.add_recording(RECORDER, start=now - 60, end=now - 57)
    cloud.add_recording(RECORDER, start=now - 30, end=now - 28.5)
    url = await playback(client, playback_protocol="HTTPS_HLS")
    assert "/vod/vod.m3u8" in url
    times = await plays(url, 1000)
    assert len(times) == 45
    assert times[-1] == pytest.approx(4.4, abs=0.01)
    url = await playback(client, playback_protocol="RTSP")
    assert len(await plays(url, 5)) == 5


async def test_device_recordings_have_another_address(client: Client) -> None:
    where = {"playback_protocol": "HTTP_HLS", "record_position": "DEVICE"}
    assert "/dev_vod/vod.m3u8" in await playback(client, **where)


async def test_nothing_to_play(client: Client, cloud: HuaweiCloud) -> None:
    cloud.channel(RECORDER).plan = None
    path = f"devices/{RECORDER}/channels/0/media/playback-connections"
    query = {"record_position": "CLOUD", "playback_protocol": "RTSP", **span()}
    assert await client.code("GET", path, version=2, **query) == "IVM.20020002"


async def test_only_for_gb(client: Client) -> None:
    path = f"devices/{RECORDER}/channels/0/device-records/playback-url"
    assert await client.code("GET", path, **span()) == "IVM.20020010"
    assert await client.code("GET", f"devices/{GB}") == "IVM.10022002"

"""Video, pictures, counts and recording of a Huawei account in Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any

from aiohttp import ClientSession
from homeassistant.components import image as image_component
from homeassistant.components.camera import async_get_image
from homeassistant.components.media_source import async_resolve_media
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.vendors.huawei.hub import streams
from simulators.huawei import HuaweiCloud, statistics_requests
from simulators.huawei.models import Place
from simulators.huawei.people_counts import counts

from ...conftest import Setup, entity_id, until
from ...helpers.huawei import allow_reads, key
from ...helpers.media import follow

LIVE = "/v1/*/devices/channels/cloud-live/url"
SNAPSHOT = "/v1/*/devices/snap"
HEAT = "/v1/*/space-heatmap"

# Values of heat and what appendix 20.3 makes of them: red, green, blue, alpha.
CHECK_VALUES = bytes([0, 11, 12, 23, 24, 58, 93, 128, 185, 186, 232, 255])
CHECK_COLORS = (
    *((0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 255, 85), (0, 0, 255, 85)),
    *((0, 51, 255, 85), (0, 204, 255, 85), (0, 255, 153, 85), (0, 255, 0, 85)),
    *((204, 255, 0, 85), (255, 255, 0, 85), (255, 51, 0, 85), (255, 0, 0, 85)),
)


@pytest.fixture
async def cloud() -> AsyncIterator[HuaweiCloud]:
    """A recorder of three channels, a camera that moves, one that counts."""
    async with HuaweiCloud(seed=7) as cloud:
        yield cloud


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    start_hub: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> MockConfigEntry:
    """A loaded entry that need not wait for its turn to ask."""
    allow_reads(monkeypatch, per_minute=600_000)
    return await start_hub(cloud)


async def enabled(hass: HomeAssistant, entry: MockConfigEntry, name: str) -> str:
    """Return an entity that is not enabled by default, enabled."""
    entity = entity_id(hass, entry, name)
    er.async_get(hass).async_update_entity(entity, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    return entity


@pytest.mark.parametrize("protocol", ["https_hls", "rtsp"])
async def test_live(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    address: str,
    start_hub: Setup,
    protocol: str,
) -> None:
    """Every start of a stream has an address of its own, which plays."""
    entry = await start_hub(cloud, stream_protocol=protocol)
    gate = cloud.channels[0]
    camera = hass.data["camera"].get_entity(entity_id(hass, entry, key(gate, "camera")))
    sources = []
    for _ in range(2):
        stream = await camera.async_create_stream()
        sources.append(stream.source)
    assert len(set(sources)) == 2
    assert len(cloud.device.media.addresses) == 2
    if protocol == "rtsp":
        assert all(source.startswith("rtsp://") for source in sources)
        return
    async with ClientSession() as session:
        for source in sources:
            async with session.get(source) as reply:
                assert (await reply.text()).startswith("#EXTM3U")
    cloud.expire_media()
    async with ClientSession() as session, session.get(sources[0]) as reply:
        assert reply.status >= 400
    stream = await camera.async_create_stream()
    async with ClientSession() as session, session.get(stream.source) as reply:
        assert reply.status == 200


async def test_snapshots(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many look, a camera takes one picture in ten seconds."""
    camera = entity_id(hass, entry, key(cloud.channels[0], "camera"))
    seen = await asyncio.gather(*(async_get_image(hass, camera) for _ in range(4)))
    seen.append(await async_get_image(hass, camera))
    assert len({picture.content for picture in seen}) == 1
    assert Image.open(BytesIO(seen[0].content)).format == "JPEG"
    assert cloud.request_log.count(SNAPSHOT) == 1

    # Another program asked before us: the cloud refuses, the last one is shown.
    monkeypatch.setattr(streams, "SNAPSHOT_DISTANCE", 0.0)
    again = await async_get_image(hass, camera)
    assert cloud.request_log.count(SNAPSHOT) == 2
    assert again.content == seen[0].content
    # A camera beside it has ten seconds of its own.
    other = entity_id(hass, entry, key(cloud.channels[1], "camera"))
    assert (await async_get_image(hass, other)).content != again.content


async def test_recordings(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """What both places have recorded is found by camera and day, and plays."""
    await hass.config.async_set_time_zone("Asia/Shanghai")
    assert await async_setup_component(hass, "media_source", {})
    gate = cloud.channels[0]
    gate.plan = None
    day = dt_util.start_of_local_day() - timedelta(days=1)
    for hour, place in ((8, Place.CLOUD), (9, Place.DEVICE)):
        start = (day + timedelta(hours=hour)).timestamp()
        cloud.add_recording(*gate.key, start=start, end=start + 600, place=place)
    names = (entry.title, "Gate", "Recordings", f"{day.date()}")
    found = [child.title for child in (await follow(hass, *names)).children or ()]
    assert found == [
        "09:00:00 – 09:10:00 · Motion · Device",
        "08:00:00 – 08:10:00 · Motion · Cloud",
    ]
    for child in (await follow(hass, *names)).children or ():
        media = await async_resolve_media(hass, child.media_content_id, None)
        assert media.url.startswith("/api/hls/")
    assert len(cloud.device.media.addresses) == 2


async def test_heat_map(
    hass: HomeAssistant,
    cloud: HuaweiCloud,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The picture has the colours of the manual, and is asked for by who looks."""
    monkeypatch.setattr(statistics_requests, "_HEAT", (4, 3))
    monkeypatch.setattr(statistics_requests, "heat", lambda _: CHECK_VALUES)
    image = await enabled(hass, entry, key(cloud.channels[-1], "heat_map"))
    assert cloud.request_log.count(HEAT) == 0
    for _ in range(2):
        shown = await image_component.async_get_image(hass, image)
    assert shown.content_type == "image/png"
    picture = Image.open(BytesIO(shown.content)).convert("RGBA")
    assert picture.size == (4, 3)
    colors = [picture.getpixel((x, y)) for y in range(3) for x in range(4)]
    assert tuple(colors) == CHECK_COLORS
    assert cloud.request_log.count(HEAT) == 1


async def test_statistics(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """Who went in and out today, this week and this month is shown."""
    counter = cloud.channels[-1]

    def total(kind: str, side: int) -> int:
        rows = counts(cloud.device, counter, cloud.device.now(), kind)
        return sum(row[side] for row in rows)

    for span in ("week", "month"):
        await enabled(hass, entry, key(counter, f"entered_{span}"))
    cloud.count_people(*counter.key, into=1000, out=500)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    for span, kind in (("today", "DAY"), ("week", "WEEK"), ("month", "MONTH")):
        state = hass.states.get(entity_id(hass, entry, key(counter, f"entered_{span}")))
        assert int(state.state) == pytest.approx(total(kind, 0), abs=5)
        assert int(state.state) >= 1000
    left = hass.states.get(entity_id(hass, entry, key(counter, "left_today")))
    assert int(left.state) == pytest.approx(total("DAY", 1), abs=5)


async def test_recording_settings(
    hass: HomeAssistant, cloud: HuaweiCloud, entry: MockConfigEntry
) -> None:
    """Recording all day is switched, and which stream is recorded is chosen."""
    gate = cloud.channels[0]
    switch = entity_id(hass, entry, key(gate, "recording_plan"))
    assert hass.states.get(switch).state == STATE_ON

    async def use(domain: str, service: str, entity: str, **data: Any) -> None:
        await hass.services.async_call(
            domain, service, {"entity_id": entity, **data}, blocking=True
        )

    await use("switch", "turn_off", switch)
    assert gate.plan is None
    await until(hass, switch, STATE_OFF)
    await use("switch", "turn_on", switch)
    assert gate.plan is not None
    assert gate.plan.all_day
    await until(hass, switch, STATE_ON)

    select = await enabled(hass, entry, key(gate, "recording_stream"))
    assert hass.states.get(select).state == "main"
    await use("select", "select_option", select, option="sub_1")
    assert gate.recorded_stream == "SECONDARY_STREAM_1"
    await until(hass, select, "sub_1")

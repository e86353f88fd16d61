"""The archive in the media browser."""

import asyncio
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.vision_hub import media_source
from custom_components.vision_hub.alarms.archive import ArchiveQuery
from custom_components.vision_hub.vendors.errors import RejectedByHub
from custom_components.vision_hub.vendors.kinds import AlarmKind
from custom_components.vision_hub.vendors.model import (
    Alarm,
    Match,
    Phase,
    Picture,
    PictureRole,
)
from custom_components.vision_hub.views import media_url

from ..conftest import HubEntry, Setup
from ..helpers.actions import act, device
from ..helpers.media import ROOT, browse, follow, titles
from ..helpers.memory_hub import MemoryHub
from ..helpers.pictures import bomb, photo

HUGE = "9" * 5000
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CLIP = b"\0\0\0\x18ftypmp42" + bytes(64)


@pytest.fixture
async def entry(hass: HomeAssistant, start_hub: Setup) -> HubEntry:
    await hass.config.async_set_time_zone("Asia/Shanghai")
    assert await async_setup_component(hass, "media_source", {})
    return await start_hub(MemoryHub())


async def raise_alarm(entry: MockConfigEntry, alarm_id: str, **more: Any) -> None:
    values: dict[str, Any] = {
        "channel": "1",
        "kind": AlarmKind.INTRUSION,
        "code": "c",
        "time": NOON,
        **more,
    }
    await entry.runtime_data.alarms.accept(Alarm(id=alarm_id, **values))


async def test_down_to_an_alarm(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Hub, camera, day, alarm; days and times are local, the newest comes first."""
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, photo()),))
    await raise_alarm(
        entry,
        "2",
        kind=AlarmKind.FACE_RECOGNIZED,
        time=NOON + timedelta(hours=1),
        matches=(Match(person_id="P1", name="Ada", similarity=91),),
    )
    await raise_alarm(entry, "3", phase=Phase.ENDED)
    # 23:59 UTC is the morning of the next day in Shanghai.
    await raise_alarm(entry, "4", time=NOON.replace(hour=23, minute=59))
    await raise_alarm(entry, "5", channel=None, kind=AlarmKind.STORAGE_FULL)

    assert titles(await follow(hass)) == ["Memory"]
    assert titles(await follow(hass, "Memory")) == ["All cameras", "Gate"]
    assert titles(await follow(hass, "Memory", "Gate")) == [
        "Recordings",
        "2026-05-05",
        "2026-05-04",
    ]
    assert titles(await follow(hass, "Memory", "Gate", "2026-05-05")) == [
        "07:59:00 · Intrusion"
    ]
    day = await follow(hass, "Memory", "Gate", "2026-05-04")
    assert titles(day) == ["21:00:00 · Face recognized · Ada", "20:00:00 · Intrusion"]
    face, intrusion = day.children or ()
    assert (face.can_play, face.can_expand, face.thumbnail) == (False, False, None)
    assert (intrusion.can_play, intrusion.can_expand) == (True, False)

    assert titles(await follow(hass, "Memory", "All cameras", "2026-05-04")) == [
        "21:00:00 · Face recognized · Ada · Gate",
        "20:00:00 · Storage full",
        "20:00:00 · Intrusion · Gate",
    ]


async def test_play(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A picture is shown small in the list, and whole when opened; not to strangers."""
    content = photo()
    await raise_alarm(
        entry,
        "1",
        matches=(Match(person_id="P1", name="Ada", similarity=91),),
        pictures=(Picture(PictureRole.SCENE, content),),
    )
    (item,) = (await follow(hass, "Memory", "Gate", "2026-05-04")).children or ()
    assert item.thumbnail is not None
    assert "Ada" not in item.thumbnail + item.media_content_id

    websocket = await hass_ws_client()
    client = await hass_client()
    small = await client.get(item.thumbnail)
    assert small.status == HTTPStatus.OK
    with Image.open(BytesIO(await small.read())) as thumbnail:
        assert thumbnail.size == (320, 240)

    await websocket.send_json_auto_id(
        {
            "type": "media_source/resolve_media",
            "media_content_id": item.media_content_id,
        }
    )
    played = (await websocket.receive_json())["result"]
    assert played["mime_type"] == "image/jpeg"
    stranger = await hass_client_no_auth()
    response = await stranger.get(played["url"])
    assert (response.status, await response.read()) == (HTTPStatus.OK, content)
    assert response.headers["Content-Type"] == "image/jpeg"
    unsigned = played["url"].partition("?")[0]
    for secret in (unsigned, item.thumbnail):
        assert (await stranger.get(secret)).status == HTTPStatus.UNAUTHORIZED


async def test_several_pictures_and_a_video(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """An alarm shows its scene; inside are all pictures and the video."""
    scene, face = photo("navy"), photo("olive", "PNG")
    await raise_alarm(
        entry,
        "1",
        clip="1.mp4",
        pictures=(
            Picture(PictureRole.TARGET, face),
            Picture(PictureRole.SCENE, scene),
        ),
    )
    await entry.runtime_data.alarms.add_clip("1.mp4", CLIP, "video/mp4")
    (item,) = (await follow(hass, "Memory", "Gate", "2026-05-04")).children or ()
    assert (item.can_play, item.can_expand) == (True, True)
    inside = await async_browse_media(hass, item.media_content_id)
    assert titles(inside) == ["Scene", "Detail", "Video"]

    client = await hass_client()

    async def content(media_content_id: str) -> tuple[str, bytes]:
        media = await async_resolve_media(hass, media_content_id, None)
        assert media.path is not None
        assert media.path.name in media.url
        return media.mime_type, await (await client.get(media.url)).read()

    assert await content(item.media_content_id) == ("image/jpeg", scene)
    assert [await content(child.media_content_id) for child in inside.children] == [
        ("image/jpeg", scene),
        ("image/png", face),
        ("video/mp4", CLIP),
    ]
    assert [child.media_class for child in inside.children] == [
        "image",
        "image",
        "video",
    ]
    # A video has the thumbnail of the alarm.
    assert inside.children[2].thumbnail == inside.children[0].thumbnail


async def test_video_alone(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """An alarm without pictures plays its video."""
    await raise_alarm(entry, "1", clip="1.mp4")
    await entry.runtime_data.alarms.add_clip("1.mp4", CLIP, "video/mp4")
    (item,) = (await follow(hass, "Memory", "Gate", "2026-05-04")).children or ()
    assert (item.media_class, item.can_play, item.thumbnail) == ("video", True, None)
    media = await async_resolve_media(hass, item.media_content_id, None)
    assert media.mime_type == "video/mp4"


async def test_full_days(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day with too many alarms is split into hours, an hour into pages."""
    monkeypatch.setattr(media_source, "PAGE", 2)
    for number, minute in enumerate((0, 1, 2, 90)):
        await raise_alarm(entry, str(number), time=NOON + timedelta(minutes=minute))
    path = ("Memory", "Gate", "2026-05-04")
    assert titles(await follow(hass, *path)) == ["21:00 – 22:00", "20:00 – 21:00"]
    assert titles(await follow(hass, *path, "21:00 – 22:00")) == [
        "21:30:00 · Intrusion"
    ]
    assert titles(await follow(hass, *path, "20:00 – 21:00")) == [
        "20:02:00 · Intrusion",
        "20:01:00 · Intrusion",
        "Earlier",
    ]
    assert titles(await follow(hass, *path, "20:00 – 21:00", "Earlier")) == [
        "20:00:00 · Intrusion"
    ]


async def test_day_with_25_hours(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When clocks are set back, both hours of that name are there."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    monkeypatch.setattr(media_source, "PAGE", 2)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for number, hours in enumerate((0, 1, 22)):
        await raise_alarm(entry, str(number), time=first + timedelta(hours=hours))
    path = ("Memory", "Gate", "2026-10-25")
    day = await follow(hass, *path)
    assert titles(day) == ["23:00 – 00:00", "02:00 – 03:00", "02:00 – 02:00"]
    shown = [
        title
        for hour in day.children or ()
        for title in titles(await async_browse_media(hass, hour.media_content_id))
    ]
    assert shown == [
        "23:30:00 · Intrusion",
        "02:30:00 · Intrusion",
        "02:30:00 · Intrusion",
    ]


async def test_hub_that_is_not_loaded(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The past can be browsed while the hub is away."""
    await raise_alarm(entry, "1", channel="1")
    await hass.config_entries.async_unload(entry.entry_id)
    assert titles(await follow(hass, "Memory", "Gate", "2026-05-04")) == [
        "20:00:00 · Intrusion"
    ]


async def test_address_right_after_the_start(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Nobody has opened the media browser yet."""
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, photo()),))
    (stored,) = await entry.runtime_data.alarms.archive.search(ArchiveQuery())
    client: TestClient[Any, Any] = await hass_client()
    for thumbnail in (False, True):
        url = media_url(stored, stored.pictures[0].path, thumbnail=thumbnail)
        assert (await client.get(url)).status == HTTPStatus.OK


async def test_storage_that_cannot_be_read(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Whoever asks is told why."""
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, photo()),))
    archive = entry.runtime_data.alarms.archive
    (stored,) = await archive.search(ArchiveQuery())
    client: TestClient[Any, Any] = await hass_client()
    await archive.close()
    url = media_url(stored, stored.pictures[0].path)
    assert (await client.get(url)).status == HTTPStatus.SERVICE_UNAVAILABLE
    with pytest.raises(BrowseError, match="Database"):
        await follow(hass, "Memory", "Gate")
    with pytest.raises(Unresolvable, match="Database"):
        await async_resolve_media(hass, f"{ROOT}/{entry.entry_id}/1/1", None)
    with pytest.raises(HomeAssistantError, match="Database"):
        await act(hass, "search_alarms", device(hass, entry))


async def test_thumbnails_are_kept(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    tmp_path: Path,
) -> None:
    """Made once, counted as the pictures are, and deleted with them."""
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, photo()),))
    archive = entry.runtime_data.alarms.archive
    (stored,) = await archive.search(ArchiveQuery())
    size = (await archive.usage()).size
    client: TestClient[Any, Any] = await hass_client()
    url = media_url(stored, stored.pictures[0].path, thumbnail=True)
    small = await (await client.get(url)).read()
    with Image.open(BytesIO(small)) as picture:
        assert max(picture.size) == 320
    assert (await archive.usage()).size == size + len(small)
    path = archive.path(stored.pictures[0].path)
    assert path is not None
    await hass.async_add_executor_job(path.write_bytes, b"")
    assert await (await client.get(url)).read() == small

    # It outlives a restart.
    await archive.close()
    await archive.open()
    assert await (await client.get(url)).read() == small
    assert (await archive.usage()).size == size + len(small)
    await archive.forget(entry.entry_id)
    assert not [path for path in tmp_path.rglob("media/**/*") if path.is_file()]


@pytest.mark.parametrize("pixels", [40_000_000, 177_000_000])
async def test_picture_with_too_many_pixels(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    pixels: int,
) -> None:
    """Some kilobytes that unpack to a gigabyte; the file itself can be had."""
    content = bomb(pixels)
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, content),))
    (stored,) = await entry.runtime_data.alarms.archive.search(ArchiveQuery())
    client: TestClient[Any, Any] = await hass_client()
    before = getrusage(RUSAGE_SELF).ru_maxrss
    path = stored.pictures[0].path
    answers = [client.get(media_url(stored, path, thumbnail=True)) for _ in range(6)]
    statuses = [answer.status for answer in await asyncio.gather(*answers)]
    assert statuses == [HTTPStatus.NOT_FOUND] * 6
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 50_000
    assert await (await client.get(media_url(stored, path))).read() == content


async def test_what_is_not_there(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Nothing but files of the archive is reached, and each through its own alarm."""
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, photo()),))
    await raise_alarm(
        entry,
        "2",
        time=NOON + timedelta(minutes=1),
        pictures=(Picture(PictureRole.SCENE, b"\xff\xd8\xff damaged"),),
    )
    damaged, whole = (await follow(hass, "Memory", "Gate", "2026-05-04")).children or ()
    _, _, hub, channel, key = whole.media_content_id.split("/")[1:]
    assert (hub, channel) == (entry.entry_id, "1")

    client: TestClient[Any, Any] = await hass_client()
    assert (await client.get(str(damaged.thumbnail))).status == HTTPStatus.NOT_FOUND
    name = str(whole.thumbnail).rpartition("/")[2]
    for url in (
        f"/api/vision_hub/media/{int(key) + 1}/{name}",
        f"/api/vision_hub/media/99/{name}",
        f"/api/vision_hub/media/x/{name}",
        f"/api/vision_hub/media/²/{name}",
        f"/api/vision_hub/media/{HUGE}/{name}",
        f"/api/vision_hub/media/{2**63}/{name}",
        f"/api/vision_hub/thumbnail/{HUGE}/{name}",
        f"/api/vision_hub/media/{key}/vision_hub.db",
        f"/api/vision_hub/other/{key}/{name}",
    ):
        assert (await client.get(url)).status == HTTPStatus.NOT_FOUND

    escape = await client.get(f"/api/vision_hub/media/{key}/..%2f..%2fsecrets.yaml")
    assert escape.status == HTTPStatus.BAD_REQUEST

    for wrong in (
        "nobody",
        f"{hub}/1/yesterday",
        f"{hub}/1/9999-12-31",
        f"{hub}/1/2026-05-04/x",
        f"{hub}/1/2026-05-04/1/2/3",
        f"{hub}/1/2026-05-04/{HUGE}",
        f"{hub}/1/2026-05-04/1/{2**63}",
        f"{hub}/1/{HUGE}",
        f"{hub}/+/1/{HUGE}",
        f"{hub}/1/99",
    ):
        with pytest.raises(BrowseError):
            await browse(hass, wrong)
    for wrong in (
        hub,
        f"{hub}/1",
        f"{hub}/1/x",
        f"{hub}/1/99",
        f"{hub}/1/{HUGE}",
        f"{hub}/1/{2**63}",
        f"nobody/1/{key}",
        f"{hub}/1/{key}/other.jpg",
        f"{hub}/1/{key}/{name}/more",
    ):
        with pytest.raises(Unresolvable):
            await async_resolve_media(hass, f"{ROOT}/{wrong}", None)


async def test_picture_that_was_deleted(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Somebody tidied the media folder up."""
    await raise_alarm(entry, "1", pictures=(Picture(PictureRole.SCENE, photo()),))
    (item,) = (await follow(hass, "Memory", "Gate", "2026-05-04")).children or ()
    media = await async_resolve_media(hass, item.media_content_id, None)
    assert media.path is not None
    await hass.async_add_executor_job(media.path.unlink)
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, item.media_content_id, None)


async def test_today(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """An alarm of now is found under today's date."""
    await raise_alarm(entry, "1", time=dt_util.utcnow())
    today = f"{dt_util.now().date()}"
    assert len(titles(await follow(hass, "Memory", "Gate", today))) == 1


async def test_recordings(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What the hub recorded is found by camera and day, and plays through us."""
    days = await follow(hass, "Memory", "Gate", "Recordings")
    assert len(days.children or ()) == 30
    found = await follow(hass, "Memory", "Gate", "Recordings", days.children[1].title)
    assert titles(found) == [
        "09:00:00 – 09:30:00 · Motion · Cloud",
        "08:00:00 – 08:30:00 · Motion · Cloud",
    ]
    item = found.children[0]
    media = await async_resolve_media(hass, item.media_content_id, None)
    assert media.mime_type == "application/vnd.apple.mpegurl"
    assert media.url.startswith("/api/hls/")
    assert entry.runtime_data.hub.told.calls[-1] == ("source", "cloud/9")
    with pytest.raises(Unresolvable):
        await async_resolve_media(hass, f"{item.media_content_id}9", None)


async def test_recordings_of_a_hub_that_refuses(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The browser tells what the hub complains of."""
    days = await follow(hass, "Memory", "Gate", "Recordings")
    entry.runtime_data.hub.told.failure = RejectedByHub("7", "No disk")
    with pytest.raises(BrowseError) as caught:
        await follow(hass, "Memory", "Gate", "Recordings", days.children[0].title)
    assert caught.value.translation_key == "rejected_by_hub"

"""What hubs recorded, in the media browser: camera, day, recording.

Identifiers are, after the id of the config entry and `+`:

* `<channel>`: the days of a channel
* `<channel>/<day>`: the recordings of a day
* `<channel>/<day>/<id>`: a recording
"""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote, unquote

from homeassistant.components.camera import DynamicStreamSettings
from homeassistant.components.media_player import MediaClass, MediaType
from homeassistant.components.media_source import BrowseMediaSource, PlayMedia
from homeassistant.components.stream import HLS_PROVIDER, create_stream
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .errors import translate_errors
from .vendors.contract import Hub
from .vendors.model import Recording

FOLDER: Final = "+"
"""No channel is named so: its sign would be escaped."""

DAYS: Final = 30

_PLAYER_TIMEOUT: Final = 3600
_HLS: Final = "application/vnd.apple.mpegurl"


def recording_hub(entry: ConfigEntry[Any]) -> Hub | None:
    """Return the hub of an entry if it records and is there."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    hub: Hub = entry.runtime_data.hub
    return hub if hub.recordings else None


def folder_of(entry: ConfigEntry[Any], channel: str) -> str:
    """Return the identifier of what was recorded of a channel."""
    return "/".join((entry.entry_id, FOLDER, quote(channel, safe="")))


async def async_browse(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    path: list[str],
    title: str,
    texts: dict[str, str],
) -> BrowseMediaSource | None:
    """Return one level; None when there is no such thing."""
    match path:
        case [channel]:
            today = dt_util.now().date()
            base = folder_of(entry, unquote(channel))
            days = [today - timedelta(days=number) for number in range(DAYS)]
            return folder(
                base, title, [folder(f"{base}/{day}", f"{day}") for day in days]
            )
        case [channel, day]:
            found = await _async_search(hass, entry, unquote(channel), day)
            if found is None:
                return None
            base = f"{folder_of(entry, unquote(channel))}/{day}"
            return folder(
                base,
                f"{title} · {day}",
                [_item(base, recording, texts) for recording in reversed(found)],
            )
    return None


async def async_resolve(
    hass: HomeAssistant, entry: ConfigEntry[Any], path: list[str]
) -> PlayMedia | None:
    """Return where a recording plays: through us, so that no address leaves us."""
    match path:
        case [channel, day, recording_id]:
            for recording in (
                await _async_search(hass, entry, unquote(channel), day) or ()
            ):
                if recording.id == unquote(recording_id):
                    return await _async_play(hass, entry, recording)
    return None


async def _async_search(
    hass: HomeAssistant, entry: ConfigEntry[Any], channel: str, day: str
) -> tuple[Recording, ...] | None:
    hub = recording_hub(entry)
    try:
        start = dt_util.start_of_local_day(date.fromisoformat(day))
        end = dt_util.start_of_local_day(start.date() + timedelta(days=1))
    except OverflowError, ValueError:
        return None
    if hub is None or hub.recordings is None:
        return None
    with translate_errors(hass, entry):
        return await hub.recordings.search(channel, start, end)


async def _async_play(
    hass: HomeAssistant, entry: ConfigEntry[Any], recording: Recording
) -> PlayMedia:
    hub = recording_hub(entry)
    assert hub is not None
    assert hub.recordings is not None
    with translate_errors(hass, entry):
        source = await hub.recordings.source(recording)
    stream = create_stream(hass, source, {}, DynamicStreamSettings())
    stream.add_provider(HLS_PROVIDER, timeout=_PLAYER_TIMEOUT)
    return PlayMedia(stream.endpoint_url(HLS_PROVIDER), _HLS)


def _item(base: str, recording: Recording, texts: dict[str, str]) -> BrowseMediaSource:
    start, end = (
        f"{dt_util.as_local(time):%H:%M:%S}"
        for time in (recording.start, recording.end)
    )
    words = [
        f"{start} – {end}",
        texts.get(f"recording_{recording.kind}", recording.kind),
    ]
    if recording.place:
        words.append(texts.get(f"place_{recording.place}", recording.place))
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{base}/{quote(recording.id, safe='')}",
        media_class=MediaClass.VIDEO,
        media_content_type=MediaType.VIDEO,
        title=" · ".join(words),
        can_play=True,
        can_expand=False,
    )


def folder(
    identifier: str, title: str, children: list[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    """Return a folder of the media browser."""
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.VIDEO,
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
    )

"""The archive in the media browser: hub, camera, day, alarm.

Identifiers are, after the id of the config entry:

* `<channel>`: the days of a channel; `*` stands for all channels
* `<channel>/<day>` and `<channel>/<day>/<number of the hour>`: the alarms
* `<channel>/<day>/<number of the hour>/<key>`: the alarms before that one
* `<channel or ->/<key>`: the picture that shows an alarm best, else its video
* `<channel or ->/<key>/<file name>`: one picture or video of an alarm
* `+/...`: what the hub itself recorded, see `recordings`
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, override
from urllib.parse import quote, unquote

from homeassistant.components.media_player import BrowseError, MediaClass
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from . import media_source_recordings as recordings
from .alarms.archive import ARCHIVE, Archive, ArchiveQuery, StoredAlarm, parse_key
from .const import DOMAIN
from .errors import translate_storage_errors
from .identity import channel_of
from .media_source_recordings import folder
from .vendors.model import Phase
from .views import best_picture, content_type, file_name, media_url

ALL_CHANNELS: Final = "*"
PAGE: Final = 200
MAX_DAYS: Final = 400

_TEXTS: Final = {
    "selector": f"component.{DOMAIN}.selector.alarm_kind.options.",
    "common": f"component.{DOMAIN}.common.",
}
_HOUR: Final = timedelta(hours=1)
_NO_CHANNEL: Final = "-"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Offer the archive."""
    archive = hass.data[ARCHIVE]
    return VisionHubMediaSource(hass, archive)


class VisionHubMediaSource(MediaSource):
    """Pictures and videos of alarms."""

    name = "Vision Hub"

    def __init__(self, hass: HomeAssistant, archive: Archive) -> None:
        """Browse one archive."""
        super().__init__(DOMAIN)
        self._hass = hass
        self._archive = archive

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a picture or a video is."""
        with translate_storage_errors(self._archive, Unresolvable):
            return await self._resolve(item)

    async def _resolve(self, item: MediaSourceItem) -> PlayMedia:
        match item.identifier.split("/"):
            case [entry_id, recordings.FOLDER, *rest]:
                stored = None
                entry = self._hass.config_entries.async_get_entry(entry_id)
                if entry is not None and entry.domain == DOMAIN:
                    with _told_as(Unresolvable):
                        media = await recordings.async_resolve(self._hass, entry, rest)
                    if media is not None:
                        return media
            case [entry_id, _, key, *name] if len(name) < 2:
                stored = await self._find(entry_id, key)
            case _:
                stored = None
        if stored is not None:
            wanted = name[0] if name else None
            for relative in _files(stored):
                if wanted in {None, file_name(relative)} and (
                    path := await self._path(relative)
                ):
                    return PlayMedia(
                        media_url(stored, relative), content_type(relative), path=path
                    )
        raise Unresolvable(translation_domain=DOMAIN, translation_key="media_not_found")

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return one level."""
        with translate_storage_errors(self._archive, BrowseError):
            return await self._browse(item)

    async def _browse(self, item: MediaSourceItem) -> BrowseMediaSource:
        texts = await self._texts()
        if not item.identifier:
            return self._hubs()
        entry_id, *rest = item.identifier.split("/")
        entry = self._hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.domain != DOMAIN:
            raise _not_found()
        if not rest:
            return self._channels(entry, texts)
        names = self._channel_names(entry)
        if rest[0] == recordings.FOLDER and rest[1:]:
            title = (
                f"{names.get(unquote(rest[1]), entry.title)} · {texts['recordings']}"
            )
            with _told_as(BrowseError):
                found = await recordings.async_browse(
                    self._hass, entry, rest[1:], title, texts
                )
            if found is None:
                raise _not_found()
            return found
        level = _Level(entry, unquote(rest[0]), names, texts)
        match rest[1:]:
            case []:
                return await self._days(level)
            case [key] if key.isdecimal():
                return await self._files_of(level, key)
            case [day, *parts] if len(parts) < 3:
                numbers = [
                    number for part in parts if (number := parse_key(part)) is not None
                ]
                if len(numbers) == len(parts):
                    return await self._alarms(level, day, numbers)
        raise _not_found()

    async def _texts(self) -> dict[str, str]:
        """Return the words of titles: kinds of alarm, and a few more."""
        texts: dict[str, str] = {}
        for category, prefix in _TEXTS.items():
            found = await async_get_translations(
                self._hass, self._hass.config.language, category, {DOMAIN}
            )
            texts |= {
                key.removeprefix(prefix): text
                for key, text in found.items()
                if key.startswith(prefix)
            }
        return texts

    def _channel_names(self, entry: ConfigEntry[Any]) -> dict[str, str]:
        """Return what the user calls the channels, also of a hub that is not loaded."""
        return {
            channel: device.name_by_user or device.name or channel
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self._hass), entry.entry_id
            )
            if (channel := channel_of(device, entry.unique_id)) is not None
        }

    async def _find(self, entry_id: str, key: str) -> StoredAlarm | None:
        number = parse_key(key)
        stored = None if number is None else await self._archive.get(number)
        return stored if stored is not None and stored.hub == entry_id else None

    async def _path(self, relative: str) -> Path | None:
        return await self._hass.async_add_executor_job(self._archive.path, relative)

    def _hubs(self) -> BrowseMediaSource:
        entries = self._hass.config_entries.async_entries(DOMAIN)
        return folder(
            "",
            "Vision Hub",
            [folder(entry.entry_id, entry.title) for entry in entries],
        )

    def _channels(
        self, entry: ConfigEntry[Any], texts: dict[str, str]
    ) -> BrowseMediaSource:
        channels = {
            ALL_CHANNELS: texts.get("all_cameras", ""),
            **self._channel_names(entry),
        }
        return folder(
            entry.entry_id,
            entry.title,
            [
                folder(_Level(entry, channel, channels, texts).identifier, name)
                for channel, name in channels.items()
            ],
        )

    async def _days(self, level: _Level) -> BrowseMediaSource:
        """Return the days on which there was an alarm, newest first."""
        days: list[BrowseMediaSource] = []
        if level.channel and recordings.recording_hub(level.entry):
            days.append(
                folder(
                    recordings.folder_of(level.entry, level.channel),
                    level.texts.get("recordings", ""),
                )
            )
        end: datetime | None = None
        while len(days) < MAX_DAYS and (
            newest := await self._archive.search(level.query(end=end, limit=1))
        ):
            day = dt_util.as_local(newest[0].alarm.time).date()
            days.append(folder(f"{level.identifier}/{day}", f"{day}"))
            end = dt_util.start_of_local_day(day)
        return folder(level.identifier, level.title, days)

    async def _alarms(
        self, level: _Level, day: str, parts: Sequence[int]
    ) -> BrowseMediaSource:
        """Return the alarms of a day, or its hours when there are too many."""
        try:
            start = dt_util.as_utc(dt_util.start_of_local_day(date.fromisoformat(day)))
            # A day may have 23 or 25 hours.
            end = dt_util.as_utc(
                dt_util.start_of_local_day(date.fromisoformat(day) + timedelta(days=1))
            )
        except OverflowError, ValueError:
            raise _not_found() from None
        identifier = "/".join((level.identifier, day, *map(str, parts)))
        title = f"{level.title} · {day}"
        before_key = None
        if parts:
            start += min(parts[0], 25) * _HOUR
            end = start + _HOUR
            title = f"{title} · {_hour(start)}"
            before_key = parts[1] if parts[1:] else None
        found = await self._archive.search(
            level.query(start=start, end=end, before_key=before_key, limit=PAGE + 1)
        )
        if len(found) <= PAGE:
            return folder(identifier, title, [level.alarm(each) for each in found])
        if parts:
            shown = found[:PAGE]
            last = f"{level.identifier}/{day}/{parts[0]}/{shown[-1].key}"
            children = [level.alarm(each) for each in shown]
            children.append(folder(last, level.texts.get("earlier", "…")))
            return folder(identifier, title, children)
        hours = []
        for number in reversed(range((end - start) // _HOUR)):
            hour = start + number * _HOUR
            if await self._archive.search(
                level.query(start=hour, end=hour + _HOUR, limit=1)
            ):
                hours.append(folder(f"{identifier}/{number}", _hour(hour)))
        return folder(identifier, title, hours)

    async def _files_of(self, level: _Level, key: str) -> BrowseMediaSource:
        """Return the pictures and the video of an alarm."""
        stored = await self._find(level.entry.entry_id, key)
        if stored is None:
            raise _not_found()
        item = level.alarm(stored)
        item.children = [level.file(stored, relative) for relative in _files(stored)]
        return item


class _Level:
    """What is browsed: one channel of a hub, or all."""

    def __init__(
        self,
        entry: ConfigEntry[Any],
        channel: str,
        names: dict[str, str],
        texts: dict[str, str],
    ) -> None:
        self.entry = entry
        self.texts = texts
        self._names = names
        self._all = channel in {ALL_CHANNELS, _NO_CHANNEL}
        self._channels = () if self._all else (channel,)
        self.channel = None if self._all else channel
        self.identifier = "/".join(
            (entry.entry_id, channel if self._all else quote(channel, safe=""))
        )
        self.title = entry.title if self._all else names.get(channel, channel)

    def query(self, **limits: Any) -> ArchiveQuery:
        """Return a query for what is browsed."""
        return ArchiveQuery(
            hubs=(self.entry.entry_id,),
            channels=self._channels,
            phase=Phase.STARTED,
            **limits,
        )

    def alarm(self, stored: StoredAlarm) -> BrowseMediaSource:
        """Return an alarm as an item that shows its first file."""
        alarm = stored.alarm
        words = [
            f"{dt_util.as_local(alarm.time):%H:%M:%S}",
            self.texts.get(alarm.kind, alarm.kind),
        ]
        if match := alarm.best_match:
            words.append(match.name)
        if self._all and alarm.channel is not None:
            words.append(
                self._names.get(alarm.channel) or alarm.channel_name or alarm.channel
            )
        files = _files(stored)
        item = _item(stored, files[0] if files else None, " · ".join(words))
        item.can_expand = len(files) > 1
        return item

    def file(self, stored: StoredAlarm, relative: str) -> BrowseMediaSource:
        """Return one picture or video of an alarm as an item."""
        role = next(
            (picture.role for picture in stored.pictures if picture.path == relative),
            "video",
        )
        return _item(stored, relative, self.texts.get(role, role), name=True)


def _item(
    stored: StoredAlarm, relative: str | None, title: str, *, name: bool = False
) -> BrowseMediaSource:
    channel = stored.alarm.channel
    parts = [
        stored.hub,
        _NO_CHANNEL if channel is None else quote(channel, safe=""),
        str(stored.key),
    ]
    if relative and name:
        parts.append(file_name(relative))
    video = relative is not None and relative == stored.clip
    shown = _best(stored) if video else relative
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier="/".join(parts),
        media_class=MediaClass.VIDEO if video else MediaClass.IMAGE,
        media_content_type=content_type(relative) if relative else "",
        title=title,
        can_play=relative is not None,
        can_expand=False,
        thumbnail=media_url(stored, shown, thumbnail=True) if shown else None,
    )


def _best(stored: StoredAlarm) -> str | None:
    picture = best_picture(stored)
    return picture.path if picture else None


def _files(stored: StoredAlarm) -> list[str]:
    """Return the files of an alarm, what shows it best first."""
    # One file may stand for several pictures.
    files = list(dict.fromkeys(picture.path for picture in stored.pictures))
    if best := _best(stored):
        files.remove(best)
        files.insert(0, best)
    if stored.clip:
        files.append(stored.clip)
    return files


def _hour(start: datetime) -> str:
    local = dt_util.as_local(start)
    return f"{local:%H:%M} – {dt_util.as_local(start + _HOUR):%H:%M}"


@contextmanager
def _told_as(kind: type[HomeAssistantError]) -> Iterator[None]:
    """Let the media browser tell what a hub complains of."""
    try:
        yield
    except HomeAssistantError as error:
        raise kind(
            translation_domain=error.translation_domain,
            translation_key=error.translation_key,
            translation_placeholders=error.translation_placeholders,
        ) from error


def _not_found() -> BrowseError:
    return BrowseError(translation_domain=DOMAIN, translation_key="media_not_found")

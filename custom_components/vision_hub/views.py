"""Serves the pictures and videos of the archive to who is logged in."""

from http import HTTPStatus
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Final

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import HomeAssistantView

from .alarms.archive import Archive, StoredAlarm, StoredPicture, parse_key
from .vendors.model import PictureRole

URL: Final = "/api/vision_hub/{size:media|thumbnail}/{key}/{name}"

# The scene tells most in a list; then what was pointed at.
_PREFERRED: Final = (PictureRole.SCENE, PictureRole.TARGET, PictureRole.LIBRARY)

# A file of the archive never changes, and its name is never given again.
_HEADERS: Final = {
    "Cache-Control": "private, max-age=86400, immutable",
    "X-Content-Type-Options": "nosniff",
}


def best_picture(stored: StoredAlarm) -> StoredPicture | None:
    """Return the picture that shows an alarm best."""
    return min(
        stored.pictures,
        key=lambda picture: _PREFERRED.index(picture.role),
        default=None,
    )


def file_name(path: str) -> str:
    """Return the name of a file of the archive; it is random."""
    return PurePosixPath(path).name


def media_url(stored: StoredAlarm, path: str, *, thumbnail: bool = False) -> str:
    """Return the address of a file of an alarm.

    It holds the number of the alarm and a random name alone, since addresses travel
    through logs and browsers.
    """
    size = "thumbnail" if thumbnail else "media"
    return f"/api/vision_hub/{size}/{stored.key}/{file_name(path)}"


def content_type(path: str) -> str:
    """Return what a file of the archive is, by its name."""
    return guess_type(path)[0] or "application/octet-stream"


class MediaView(HomeAssistantView):
    """The way to the files of the archive."""

    url = URL
    name = "api:vision_hub:media"

    def __init__(self, hass: HomeAssistant, archive: Archive) -> None:
        """Serve from one archive."""
        self._hass = hass
        self._archive = archive

    async def get(
        self, request: web.Request, size: str, key: str, name: str
    ) -> web.StreamResponse:
        """Return a file of an alarm, or a small picture made of it."""
        try:
            found = await self._find(key, name)
            if found is None:
                return web.Response(status=HTTPStatus.NOT_FOUND)
            if size == "thumbnail":
                return await self._thumbnail(*found)
            path = await self._hass.async_add_executor_job(self._archive.path, found[1])
        except OSError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        headers = {**_HEADERS, "Content-Type": content_type(path.name)}
        return web.FileResponse(path, headers=headers)

    async def _thumbnail(self, stored: StoredAlarm, relative: str) -> web.Response:
        try:
            small = await self._archive.thumbnail(stored, relative)
        except FileNotFoundError:
            small = None
        if small is None:
            # Hubs do send damaged pictures.
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(body=small, content_type="image/jpeg", headers=_HEADERS)

    async def _find(self, key: str, name: str) -> tuple[StoredAlarm, str] | None:
        """Return an alarm, and which of its files is meant."""
        number = parse_key(key)
        if number is None or not (stored := await self._archive.get(number)):
            return None
        files = [picture.path for picture in stored.pictures]
        if stored.clip:
            files.append(stored.clip)
        for relative in files:
            if file_name(relative) == name:
                return stored, relative
        return None

"""How tests go through the media browser."""

from homeassistant.components.media_player import BrowseMedia
from homeassistant.components.media_source import async_browse_media
from homeassistant.core import HomeAssistant

from custom_components.vision_hub.const import DOMAIN

ROOT = f"media-source://{DOMAIN}"


async def browse(hass: HomeAssistant, *path: str) -> BrowseMedia:
    return await async_browse_media(hass, "/".join((ROOT, *path)))


def titles(item: BrowseMedia) -> list[str]:
    return [child.title for child in item.children or ()]


async def follow(hass: HomeAssistant, *names: str) -> BrowseMedia:
    """Open one folder after another by what the user reads."""
    item = await async_browse_media(hass, ROOT)
    for name in names:
        (child,) = [child for child in item.children or () if child.title == name]
        item = await async_browse_media(hass, child.media_content_id)
    return item

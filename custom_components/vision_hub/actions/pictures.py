"""Pictures that a user hands to an action."""

from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import camera, image, media_source
from homeassistant.const import Platform
from homeassistant.core import ServiceCall, split_entity_id, valid_entity_id
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import MediaSelector
from PIL import ExifTags, Image, ImageOps
import probatio

from ..vendors.decoding import Undecodable, in_turn, opened
from .action import async_check_permission, invalid

MAX_BYTES: Final = 24 * 1024 * 1024
MAX_SIDE: Final = 1920
"""Faces need no more, and some hubs refuse what is larger."""

_SCHEME: Final = "media-source://"
_ENTITIES: Final[dict[str, ModuleType]] = {
    Platform.CAMERA: camera,
    Platform.IMAGE: image,
}

_from_selector = MediaSelector({"accept": ["image/*"], "image_upload": True})


def picture(value: object) -> str:
    """Validate where a picture is.

    That is what the media selector gives, a media content id, a camera, an image entity
    or the path of a file.
    """
    if isinstance(value, dict):
        chosen = _from_selector(value)
        assert isinstance(chosen, dict)
        value = chosen["media_content_id"]
    text = cv.string(value)
    if text.startswith((_SCHEME, "/")) or _entity_of(text):
        return text
    raise probatio.Invalid("expected media, a camera, an image or the path of a file")


def _entity_of(text: str) -> str | None:
    """Return the camera or image entity that is meant, if it is one."""
    for domain in _ENTITIES:
        entity_id = text.removeprefix(f"{_SCHEME}{domain}/")
        if valid_entity_id(entity_id) and split_entity_id(entity_id)[0] == domain:
            return entity_id
    return None


async def async_read_picture(call: ServiceCall, text: str) -> bytes:
    """Return a picture as an upright JPEG of reasonable size."""
    if entity_id := _entity_of(text):
        await async_check_permission(call, [entity_id], POLICY_READ)
        taken = await _ENTITIES[split_entity_id(entity_id)[0]].async_get_image(
            call.hass, entity_id
        )
        content: bytes | Path = taken.content
    elif text.startswith(_SCHEME):
        content = await _async_media(call, text)
    else:
        content = Path(text)
        if not await call.hass.async_add_executor_job(
            call.hass.config.is_allowed_path, text
        ):
            raise invalid("path_not_allowed", path=text)
    try:
        return await in_turn(_prepared, content)
    except OSError:
        raise invalid("picture_not_found", picture=text) from None
    except Undecodable as error:
        raise invalid("not_a_picture", picture=text) from error


async def _async_media(call: ServiceCall, text: str) -> Path:
    try:
        media = await media_source.async_resolve_media(call.hass, text, None)
    except media_source.Unresolvable as error:
        raise invalid("picture_not_found", picture=text) from error
    if media.path is None:
        # Fetching it would let anybody make Home Assistant call any address.
        raise invalid("picture_not_local", picture=text)
    return media.path


def _prepared(content: bytes | Path) -> bytes:
    """Check a picture; turn it upright and shrink it where needed."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Undecodable("too many bytes")
    with opened(content) as original:
        fits = max(original.size) <= MAX_SIDE
        if original.format == "JPEG" and fits and _is_upright(original):
            original.load()
            return content
        original.thumbnail((MAX_SIDE, MAX_SIDE))
        buffer = BytesIO()
        upright = ImageOps.exif_transpose(original)
        upright.convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _is_upright(original: Image.Image) -> bool:
    return original.getexif().get(ExifTags.Base.Orientation) in {None, 1}

"""What messages and records of all kinds have in common: names, times, pictures."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import orjson

from ..model import Box, Json, Picture, PictureRole
from ..toolkit.alarm_values import box_in_scene, content_hash
from ..toolkit.lenient import as_int, as_number, as_text
from ..toolkit.pictures import decoded
from ..toolkit.shapes import as_object, objects_in
from .routes import file_reference

MAX_TEXT: Final = 256

_MAX_NAME: Final = 128

# From here on a number is milliseconds.
_MILLISECONDS: Final = 10**11


def unix_time(value: Json) -> datetime | None:
    """Read a time in seconds or milliseconds."""
    number = None if isinstance(value, bool) else as_int(value)
    if number is None or number <= 0:
        return None
    try:
        if number >= _MILLISECONDS:
            return datetime.fromtimestamp(number / 1000, UTC)
        return datetime.fromtimestamp(number, UTC)
    except ValueError, OverflowError, OSError:
        return None


def device_of(fields: Mapping[str, Json]) -> str:
    """Return which box sent a message."""
    return as_text(first_of(fields, "deviceId", "device_id", "deviceID"))[:MAX_TEXT]


def alarm_id(fields: Mapping[str, Json], code: str, channel: str, told: Json) -> str:
    """Name an alarm alike, however and however often it is told."""
    device = device_of(fields)
    track = as_text(first_of(fields, "trackId", "track_id"))
    time = as_text(told)
    if not track or not time:
        # What comes along with it is all there is to tell it from others.
        rest = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
        track = content_hash(rest)
    name = f"{code}:{device}:{channel}:{track}:{time}"
    return (
        name
        if len(name) <= _MAX_NAME
        else content_hash(name.encode(errors="surrogatepass"))
    )


def raw_time(fields: Mapping[str, Json]) -> Json:
    """Return when something was caught, as it was written."""
    return first_of(fields, "catchTimestamp", "timestamp")


def time_of(fields: Mapping[str, Json]) -> datetime | None:
    """Return when something was caught."""
    return unix_time(raw_time(fields))


def split_pictures(
    values: Mapping[PictureRole, Json],
) -> tuple[dict[PictureRole, bytes], dict[PictureRole, str]]:
    """Tell pictures from where they are kept: the tables have one, the samples both."""
    pictures: dict[PictureRole, bytes] = {}
    references: dict[PictureRole, str] = {}
    for role, value in values.items():
        text = as_text(value)
        # A JPEG in Base64 begins with a slash, too.
        if data := decoded(text):
            pictures[role] = data
        elif reference := picture_reference(text):
            references[role] = reference
    return pictures, references


def picture_reference(value: str) -> str | None:
    """Return what can be fetched from the box."""
    reference = file_reference(value)
    if reference.startswith(("./", "/")) and len(reference) <= 2 * MAX_TEXT:
        return reference
    return None


def pictures_of(
    given: Mapping[PictureRole, bytes],
    references: Mapping[PictureRole, str],
    *,
    known: bool,
) -> tuple[Picture, ...]:
    """Join bytes and references; `known` is whether somebody was recognised."""
    return tuple(
        Picture(role, given.get(role), references.get(role))
        for role in PictureRole
        # Whom a stranger resembles most is none of our business.
        if (known or role is not PictureRole.LIBRARY)
        and (role in given or role in references)
    )


def sides_of(value: Json) -> tuple[float, ...]:
    """Read a rectangle in pixels (S1)."""
    told = as_object(value)
    sides = (as_number(told.get(name)) for name in ("left", "top", "right", "bottom"))
    return tuple(side for side in sides if side is not None)


def corners_of(value: Json) -> tuple[float, ...]:
    """Read two corners in pixels as left, top, right and bottom (25.3)."""
    points = list(objects_in(value))
    told = (as_number(point.get(axis)) for point in points[:2] for axis in ("x", "y"))
    return tuple(number for number in told if number is not None)


def box_of(
    sides: tuple[float, ...], pictures: Mapping[PictureRole, bytes]
) -> Box | None:
    """Make fractions of pixels, with the size of the scene that came along."""
    scene = pictures.get(PictureRole.SCENE)
    if len(sides) != len(("left", "top", "right", "bottom")) or scene is None:
        return None
    left, top, right, bottom = sides
    return box_in_scene(left, top, right, bottom, scene)


def first_of(fields: Mapping[str, Json], *names: str) -> Json:
    """Return what stands under the first of several spellings that is there."""
    found = (fields.get(name) for name in names)
    return next((value for value in found if value not in (None, "")), None)

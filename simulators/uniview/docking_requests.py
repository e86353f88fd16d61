"""Chapter 12: the receivers of the pushes."""

from dataclasses import asdict
from urllib.parse import urlsplit

from simulators.request_fields import array, each, integer, text

from .device import Device
from .error_codes import Code, Refusal
from .models import Platform
from .operation import Answer, Fields, Operation
from .request_fields import SWITCH

MOST_PLATFORMS = 2

UPDATE = (
    array(
        "platform",
        each(
            integer("id", choices=(1, 2)),
            text("version_code", 128),
            integer("enabled", choices=SWITCH),
            text("url", 256),
            integer("picture_enable", choices=SWITCH),
            integer("video_enable", choices=SWITCH),
            integer("http_alive", choices=SWITCH),
            integer("alive_interval", low=30, high=600),
            integer("channel_enable", choices=SWITCH),
        ),
        high=MOST_PLATFORMS,
    ),
    array(
        "time_conf",
        each(
            integer("channel_id"),
            integer("interval", low=0, high=10080),
            integer("enable", choices=(0, 1, 2)),
        ),
    ),
)


def _reachable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


async def update(device: Device, request: Fields) -> Answer:
    """12.1: replaces both sets; throttles of unknown channels are dropped."""
    platforms = {row["id"]: Platform(**row) for row in request["platform"]}
    for platform in platforms.values():
        if platform.version_code not in device.versions or (
            platform.enabled and not _reachable(platform.url)
        ):
            raise Refusal(Code.INVALID_ARGUMENTS)
    if len(platforms) != len(request["platform"]):
        raise Refusal(Code.INVALID_ARGUMENTS)
    device.platforms = platforms
    device.throttles = {
        row["channel_id"]: {
            "interval": row["interval"],
            "enable": 1 if row["enable"] == 1 else 0,
        }
        for row in request["time_conf"]
        if row["channel_id"] in device.channels
    }
    device.on_docking()
    return None


async def get(device: Device, _: Fields) -> Answer:
    """12.2."""
    off = 2 if device.quirks.throttle_off_is_2 else 0
    return {
        "time_conf": [
            {
                "channel_id": channel_id,
                "enable": throttle["enable"] or off,
                "channel_name": device.channels[channel_id].name,
                "interval": throttle["interval"],
            }
            for channel_id, throttle in sorted(device.throttles.items())
        ],
        "platform": [asdict(device.platforms[key]) for key in sorted(device.platforms)],
    }


async def ability(device: Device, _: Fields) -> Answer:
    """12.3."""
    return {
        "list": [
            {"version_code": code, "version_name": name}
            for code, name in device.versions.items()
        ]
    }


OPERATIONS = (
    Operation("/api/v2/docking/config/update", update, UPDATE),
    Operation("/api/v2/docking/config/get", get, empty_body=True),
    Operation("/api/v2/docking/ability/get", ability, empty_body=True),
)

"""Chapter 19: pictures that the box uploads to an FTP server."""

import ftplib
from io import BytesIO
from typing import Any

from .device import Device
from .models import Sighting

NOTHING, CAMERA, DEVICE, DATE, CUSTOM = range(5)
# 19.2; "camera name" as first level has no number of its own, so CAMERA stands for it.
ALLOWED_LEVELS = frozenset(
    {
        (NOTHING, NOTHING, NOTHING),
        (CAMERA, NOTHING, NOTHING),
        (CAMERA, DATE, NOTHING),
        (DEVICE, NOTHING, NOTHING),
        (DEVICE, CAMERA, NOTHING),
        (DEVICE, CAMERA, DATE),
        (DEVICE, DATE, NOTHING),
        (DEVICE, DATE, CAMERA),
        (DATE, NOTHING, NOTHING),
        (DATE, DEVICE, NOTHING),
        (DATE, DEVICE, CAMERA),
        (DATE, CAMERA, NOTHING),
        (DATE, CAMERA, DEVICE),
        (CUSTOM, NOTHING, NOTHING),
        (CUSTOM, CAMERA, NOTHING),
        (CUSTOM, CAMERA, DATE),
        (CUSTOM, DATE, NOTHING),
        (CUSTOM, DATE, CAMERA),
    }
)
_TIMEOUT = 5.0
_PROBLEMS = (ftplib.Error, OSError, EOFError, UnicodeError)
SNAPSHOT, FULL = 1, 3


def _log_in(settings: dict[str, Any]) -> ftplib.FTP:
    connection = ftplib.FTP(timeout=_TIMEOUT, encoding="utf-8")
    connection.connect(settings["serverAddr"], settings["serverPort"])
    connection.login(settings["username"], settings["password"])
    return connection


def reachable(settings: dict[str, Any]) -> bool:
    """Return whether the server lets the box in; blocks."""
    try:
        with _log_in(settings):
            return True
    except _PROBLEMS:
        return False


def folders(device: Device, sighting: Sighting) -> list[str]:
    """Return the directories of a picture, from the root (19.2)."""
    settings = device.settings.ftp_upload
    words = {
        CAMERA: f"{sighting.channel}_{sighting.channel_name}",
        DEVICE: device.mac.replace(":", ""),
        DATE: f"{device.local(sighting.at / 1000):%Y-%m-%d}",
        CUSTOM: settings["customPath"],
    }
    levels = [words[level] for level in settings["pathMode"] if level]
    return [part for part in (*settings["remoteDir"].split("/"), *levels) if part]


def file_name(device: Device, sighting: Sighting, picture: int) -> str:
    """Return the name of a picture (19.3)."""
    moment = device.local(sighting.at / 1000)
    parts = [
        device.mac.replace(":", ""),
        f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}",
        f"{sighting.channel:02d}",
        f"{picture:02d}",
        f"{sighting.target:02d}",
        _last(sighting.track_id),
    ]
    if picture == SNAPSHOT:
        for target, track in sighting.bindings:
            parts += [f"{target:02d}", _last(track)]
    return "_".join(parts) + ".jpg"


def _last(track_id: int) -> str:
    return f"{track_id % 10_000:04d}"


def upload(settings: dict[str, Any], path: list[str], files: dict[str, bytes]) -> bool:
    """Store files in a directory that is made if needed; blocks."""
    try:
        with _log_in(settings) as connection:
            for part in path:
                try:
                    connection.cwd(part)
                except ftplib.error_perm:
                    connection.mkd(part)
                    connection.cwd(part)
            for name, content in files.items():
                connection.storbinary(f"STOR {name}", BytesIO(content))
    except _PROBLEMS:
        return False
    return True

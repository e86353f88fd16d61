"""Where settings stand in what the node tells (4.1, 6.1, 6.4)."""

from collections.abc import Mapping
from typing import Final

from ...contract import SettingScope, SettingSpec, SettingType
from ...model import Reading
from ...toolkit.lenient import as_int
from ..cameras import is_video
from ..wire import Camera, Ntp, Storage

SNAP_MODES: Final[Mapping[str, int]] = {"accurate": 1, "timed": 2, "real_time": 3}
STOP_WHEN_FULL: Final = 2
STRATEGIES: Final[Mapping[str, int]] = {"overwrite": 1, "stop": STOP_WHEN_FULL}

# Where a setting of a camera stands in 4.1 and 4.3.
FIELDS: Final[Mapping[str, str]] = {
    "match_threshold": "threshold",
    "face_min_size": "facesize_min",
    "face_max_size": "facesize_max",
    "snap_mode": "snap_mode",
}

CATALOG: Final = (
    SettingSpec(
        name="match_threshold",
        type=SettingType.NUMBER,
        scope=SettingScope.CHANNEL,
        unit="%",
    ),
    SettingSpec(
        name="face_min_size",
        type=SettingType.NUMBER,
        scope=SettingScope.CHANNEL,
        minimum=60,
        maximum=1000,
        unit="px",
        common=False,
    ),
    SettingSpec(
        name="face_max_size",
        type=SettingType.NUMBER,
        scope=SettingScope.CHANNEL,
        minimum=60,
        maximum=1000,
        unit="px",
        common=False,
    ),
    SettingSpec(
        name="snap_mode",
        type=SettingType.SELECT,
        scope=SettingScope.CHANNEL,
        options=tuple(SNAP_MODES),
    ),
    SettingSpec(
        name="storage_strategy",
        type=SettingType.SELECT,
        options=tuple(STRATEGIES),
    ),
    SettingSpec(name="ntp", type=SettingType.SWITCH),
)


def camera_readings(camera: Camera) -> dict[str, Reading]:
    """Read the settings of a camera out of 4.1."""
    found: dict[str, Reading] = {"match_threshold": camera.threshold}
    if is_video(camera):
        found["face_min_size"] = camera.facesize_min
        found["face_max_size"] = camera.facesize_max
        found["snap_mode"] = _option(SNAP_MODES, camera.snap_mode)
    return {name: value for name, value in found.items() if value is not None}


def node_readings(storage: Storage, ntp: Ntp | None) -> dict[str, Reading]:
    """Read the settings of the node out of 6.4 and 6.1."""
    found: dict[str, Reading] = {
        "storage_strategy": _option(STRATEGIES, storage.storage_strategy)
    }
    if ntp and (disabled := as_int(ntp.ntp_disable)) is not None:
        found["ntp"] = disabled == 0
    return {name: value for name, value in found.items() if value is not None}


def _option(options: Mapping[str, int], value: int | None) -> str | None:
    return next((name for name, number in options.items() if number == value), None)

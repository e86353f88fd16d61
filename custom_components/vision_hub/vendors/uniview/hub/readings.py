"""Where settings stand in what the hub tells of a channel (6.4, 6.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...contract import SettingScope, SettingSpec, SettingType
from ...model import Json, Reading
from ...toolkit.lenient import as_int
from ...toolkit.shapes import as_object


@dataclass(frozen=True, slots=True)
class Place:
    """Where a setting stands in 6.6 and 6.7."""

    group: str
    key: str


PLACES: Final[Mapping[str, Place]] = {
    "alarm_video": Place("alarm_video_param", "status"),
    # The manual's spelling.
    "alarm_video_before": Place("alarm_video_param", "befor_alarmed_time"),
    "alarm_video_after": Place("alarm_video_param", "after_alarmed_time"),
    "report_recovery": Place("status_recovery_param", "status"),
    "face_min_width": Place("face_param", "min_width"),
    "face_min_height": Place("face_param", "min_height"),
}

MODES: Final[Mapping[str, int]] = {"real_time": 1, "round_robin": 2}


def _seconds(name: str) -> SettingSpec:
    return SettingSpec(
        name=name,
        type=SettingType.NUMBER,
        scope=SettingScope.CHANNEL,
        minimum=5,
        maximum=30,
        unit="s",
    )


def _pixels(name: str, maximum: float) -> SettingSpec:
    return SettingSpec(
        name=name,
        type=SettingType.NUMBER,
        scope=SettingScope.CHANNEL,
        minimum=1,
        maximum=maximum,
        unit="px",
        common=False,
    )


# 12.1; told by whoever keeps our place.
UPLOAD_INTERVAL: Final = SettingSpec(
    name="upload_interval",
    type=SettingType.NUMBER,
    scope=SettingScope.CHANNEL,
    maximum=10080,
    unit="min",
    common=False,
)

CATALOG: Final = (
    SettingSpec(
        name="alarm_video", type=SettingType.SWITCH, scope=SettingScope.CHANNEL
    ),
    _seconds("alarm_video_before"),
    _seconds("alarm_video_after"),
    SettingSpec(
        name="report_recovery", type=SettingType.SWITCH, scope=SettingScope.CHANNEL
    ),
    _pixels("face_min_width", 1920),
    _pixels("face_min_height", 1080),
    SettingSpec(
        name="analysis_mode",
        type=SettingType.SELECT,
        scope=SettingScope.CHANNEL,
        options=tuple(MODES),
        assumed=True,
        common=False,
    ),
    SettingSpec(
        name="custom_sensitivity",
        type=SettingType.SWITCH,
        scope=SettingScope.CHANNEL,
        common=False,
    ),
    UPLOAD_INTERVAL,
)
SPECS: Final = {spec.name: spec for spec in CATALOG}


def readings(
    params: Mapping[str, Json] | None, extended: Mapping[str, Json] | None
) -> dict[str, Reading]:
    """Read the settings of a channel out of 6.6 and 6.4."""
    found: dict[str, Reading] = {}
    for name, place in PLACES.items():
        group = (params or {}).get(place.group)
        value = as_int(as_object(group).get(place.key))
        if value is not None:
            switch = SPECS[name].type is SettingType.SWITCH
            found[name] = value == 1 if switch else value
    if extended and (status := as_int(extended.get("status"))) is not None:
        found["custom_sensitivity"] = status == 1
    return found

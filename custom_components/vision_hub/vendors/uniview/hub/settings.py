"""What a user may change: alarm video, recovery, face size, mode, sensitivity (6.x)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, override

from ...contract import Settings, SettingScope, SettingSpec, SettingType, Tasks
from ...errors import InvalidRequest, UnexpectedAnswer
from ...model import Json, Reading, SettingKey
from ...toolkit.lenient import as_int
from ..transport import Transport
from ..wire import strict

if TYPE_CHECKING:
    from .details import Details


def channel_number(channel: str | None) -> int:
    """Read the id of a channel, which is a number here."""
    number = as_int(channel)
    if number is None:
        raise InvalidRequest("There is no such channel")
    return number


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a setting stands in 6.6 and 6.7."""

    group: str
    key: str


_PLACES: Final[Mapping[str, _Place]] = {
    "alarm_video": _Place("alarm_video_param", "status"),
    # The manual's spelling.
    "alarm_video_before": _Place("alarm_video_param", "befor_alarmed_time"),
    "alarm_video_after": _Place("alarm_video_param", "after_alarmed_time"),
    "report_recovery": _Place("status_recovery_param", "status"),
    "face_min_width": _Place("face_param", "min_width"),
    "face_min_height": _Place("face_param", "min_height"),
}

# What 6.7 demands of a group, and what stands in for what 6.6 left out.
_GROUPS: Final[Mapping[str, Mapping[str, int]]] = {
    "alarm_video_param": {
        "status": 0,
        "befor_alarmed_time": 5,
        "after_alarmed_time": 5,
    },
    "status_recovery_param": {"status": 0},
    "face_param": {"min_width": 10, "min_height": 10},
}

_MODES: Final[Mapping[str, int]] = {"real_time": 1, "round_robin": 2}


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
        options=tuple(_MODES),
        assumed=True,
        common=False,
    ),
    SettingSpec(
        name="custom_sensitivity",
        type=SettingType.SWITCH,
        scope=SettingScope.CHANNEL,
        common=False,
    ),
)
_SPECS: Final = {spec.name: spec for spec in CATALOG}


def readings(
    params: Mapping[str, Json] | None, extended: Mapping[str, Json] | None
) -> dict[str, Reading]:
    """Read the settings of a channel out of 6.6 and 6.4."""
    found: dict[str, Reading] = {}
    for name, place in _PLACES.items():
        group = (params or {}).get(place.group)
        value = as_int(group.get(place.key)) if isinstance(group, dict) else None
        if value is not None:
            switch = _SPECS[name].type is SettingType.SWITCH
            found[name] = value == 1 if switch else value
    if extended and (status := as_int(extended.get("status"))) is not None:
        found["custom_sensitivity"] = status == 1
    return found


class UniviewSettings(Settings):
    """Changes a setting by reading, merging and writing."""

    catalog = CATALOG

    def __init__(self, transport: Transport, details: Details) -> None:
        """Write through `transport`, tell `details`."""
        self._transport = transport
        self._details = details
        self._lock = asyncio.Lock()

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        channel = channel_number(key.channel)
        spec = _SPECS.get(key.name)
        if spec is None:
            raise InvalidRequest("There is no such setting")
        number = _CODED[spec.type](spec, value)
        async with self._lock:
            if spec.name == "analysis_mode":
                await self._transport.ask(
                    "smart_cycle", {"channel_id": channel, "status": number}
                )
            elif spec.name == "custom_sensitivity":
                await self._write_extended(channel, number)
            else:
                await self._write_params(channel, _PLACES[spec.name], number)

    async def _write_params(self, channel: int, place: _Place, value: int) -> None:
        data = await self._transport.ask("smart_params_get", {"channel_id": channel})
        if not isinstance(data, dict):
            raise UnexpectedAnswer("The hub did not tell its settings")
        earlier = data.get(place.group)
        demanded = _GROUPS[place.group]
        told = strict(earlier if isinstance(earlier, dict) else {}, demanded)
        group: dict[str, Json] = {
            name: told.get(name, default) for name, default in demanded.items()
        }
        group[place.key] = value
        # The groups are optional, so one goes alone: nobody else's change is undone.
        await self._transport.ask(
            "smart_params_update", {"channel_id": channel, place.group: group}
        )
        self._details.params[channel] = {**data, place.group: group}

    async def _write_extended(self, channel: int, status: int) -> None:
        data = await self._transport.ask("extend_get", {"channel_id": channel})
        for row in data if isinstance(data, list) else ():
            if isinstance(row, dict) and as_int(row.get("channel_id")) == channel:
                break
        else:
            raise UnexpectedAnswer("The hub did not tell its sensitivity")
        listed = row.get("smart_list")
        element: dict[str, Json] = {
            "channel_id": channel,
            "status": status,
            "smart_list": [
                strict(item, ("sensitive", "report_rate"))
                for item in (listed if isinstance(listed, list) else ())
                if isinstance(item, dict)
            ],
        }
        await self._transport.ask("extend_update", {"list": [element]})
        self._details.extended[channel] = element


def _coded_switch(_: SettingSpec, value: Reading) -> int:
    if not isinstance(value, bool):
        raise InvalidRequest("A switch is on or off")
    return int(value)


def _coded_number(spec: SettingSpec, value: Reading) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidRequest("This is not a number")
    if not spec.minimum <= value <= spec.maximum:
        raise InvalidRequest(f"From {spec.minimum:g} to {spec.maximum:g} is possible")
    return round(value)


def _coded_option(_: SettingSpec, value: Reading) -> int:
    if not isinstance(value, str) or value not in _MODES:
        raise InvalidRequest("There is no such option")
    return _MODES[value]


_CODED: Final[Mapping[SettingType, Callable[[SettingSpec, Reading], int]]] = {
    SettingType.SWITCH: _coded_switch,
    SettingType.NUMBER: _coded_number,
    SettingType.SELECT: _coded_option,
}


class UniviewTasks(Tasks):
    """Arms and disarms the analysis of a channel (6.8)."""

    def __init__(self, transport: Transport) -> None:
        """Write through `transport`."""
        self._transport = transport

    @override
    async def set_enabled(
        self, channel: str | None, task: str, *, enabled: bool
    ) -> None:
        if channel is None:
            raise InvalidRequest("Every task belongs to a channel")
        await self._transport.ask(
            "smart_task",
            {"channel_id": channel_number(channel), "status": int(enabled)},
        )

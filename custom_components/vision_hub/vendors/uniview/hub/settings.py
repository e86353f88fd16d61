"""What a user may change: alarm video, recovery, face size, mode, sensitivity (6.x)."""

import asyncio
from collections.abc import Mapping
from typing import Final, override

from ...contract import Settings, SettingSpec, SettingType, Tasks
from ...errors import InvalidRequest, UnexpectedAnswer
from ...model import Json, Reading, SettingKey
from ...toolkit.lenient import as_int
from ...toolkit.parameters import channel_number
from ...toolkit.replacing import demand_rows, demand_told
from ...toolkit.shapes import as_object, objects_in
from ..transport import Transport
from ..wire import list_in, strict
from .details import Details
from .readings import CATALOG, MODES, PLACES, UPLOAD_INTERVAL, Place
from .subscription import Subscription

# What 6.7 demands of a group.
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "alarm_video_param": ("status", "befor_alarmed_time", "after_alarmed_time"),
    "status_recovery_param": ("status",),
    "face_param": ("min_width", "min_height"),
}


class UniviewSettings(Settings):
    """Changes a setting by reading, merging and writing."""

    catalog = CATALOG

    def __init__(
        self, transport: Transport, details: Details, subscription: Subscription
    ) -> None:
        """Write through `transport`, tell `details`; `subscription` has the intervals."""
        self._transport = transport
        self._details = details
        self._subscription = subscription
        self._lock = asyncio.Lock()

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        channel = channel_number(key.channel)
        spec = self.spec(key)
        number = _coded(spec, value)
        async with self._lock:
            if spec.name == "analysis_mode":
                await self._transport.ask(
                    "smart_cycle", {"channel_id": channel, "status": number}
                )
            elif spec is UPLOAD_INTERVAL:
                await self._subscription.write_interval(channel, number)
            elif spec.name == "custom_sensitivity":
                await self._write_extended(channel, number)
            else:
                await self._write_params(channel, PLACES[spec.name], number)

    async def _write_params(self, channel: int, place: Place, value: int) -> None:
        data = await self._transport.ask("smart_params_get", {"channel_id": channel})
        if not isinstance(data, dict):
            raise UnexpectedAnswer("The hub did not tell its settings")
        earlier = as_object(data.get(place.group))
        group: dict[str, Json] = {
            name: as_int(earlier.get(name)) for name in _GROUPS[place.group]
        }
        group[place.key] = value
        demand_told(name for name, number in group.items() if number is None)
        # The groups are optional, so one goes alone: nobody else's change is undone.
        await self._transport.ask(
            "smart_params_update", {"channel_id": channel, place.group: group}
        )
        self._details.params[channel] = {**data, place.group: group}

    async def _write_extended(self, channel: int, status: int) -> None:
        data = await self._transport.ask("extend_get", {"channel_id": channel})
        for row in list_in(data):
            if isinstance(row, dict) and as_int(row.get("channel_id")) == channel:
                break
        else:
            raise UnexpectedAnswer("The hub did not tell its sensitivity")
        demand_rows("smart_list", row, ("algo_model",))
        listed = row["smart_list"]
        element: dict[str, Json] = {
            "channel_id": channel,
            "status": status,
            "smart_list": [
                strict(item, ("sensitive", "report_rate"))
                for item in objects_in(listed)
            ],
        }
        await self._transport.ask("extend_update", {"list": [element]})
        self._details.extended[channel] = element


def _coded(spec: SettingSpec, value: Reading) -> int:
    match spec.type:
        case SettingType.SWITCH:
            return int(spec.switch(value))
        case SettingType.NUMBER:
            return round(spec.number(value))
        case SettingType.SELECT:
            return MODES[spec.option(value)]


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

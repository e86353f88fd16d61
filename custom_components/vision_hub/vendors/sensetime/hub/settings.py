"""What a user may change: cameras (4.3), storage (6.5), network time (6.2)."""

import asyncio
from collections.abc import Mapping
from typing import Final, override

from ...contract import Settings
from ...errors import InvalidRequest
from ...model import Json, Reading, SettingKey
from ...toolkit.lenient import as_int, as_text
from ...toolkit.parameters import channel_number
from ...toolkit.replacing import demand_told, untold_in
from ...toolkit.shapes import as_object
from ..cameras import merged
from ..transport import Transport
from .details import Details
from .readings import CATALOG, FIELDS, SNAP_MODES, STRATEGIES

# What 6.2 takes for what is missing would switch it off or change the server.
_NTP: Final = ("url", "ntp_cycle", "ntp_disable")


class SenseTimeSettings(Settings):
    """Changes a setting by reading, merging and writing."""

    catalog = CATALOG

    def __init__(self, transport: Transport, details: Details) -> None:
        """Write through `transport`, tell `details`."""
        self._transport = transport
        self._details = details
        self._lock = asyncio.Lock()

    @override
    async def write(self, key: SettingKey, value: Reading) -> None:
        spec = self.spec(key)
        match spec.name:
            case "storage_strategy":
                strategy = STRATEGIES[spec.option(value)]
                await self._transport.ask("storage_set", {"storage_strategy": strategy})
                self._details.forget("storage")
            case "ntp":
                await self.write_ntp(
                    {"ntp_disable": "0" if spec.switch(value) else "1"}
                )
            case "snap_mode":
                changes = {"snap_mode": SNAP_MODES[spec.option(value)]}
                await self.write_camera(channel_number(key.channel), changes)
            case name:
                number = round(spec.number(value))
                await self.write_camera(
                    channel_number(key.channel), {FIELDS[name]: number}
                )

    async def write_camera(
        self, channel: int, changes: Mapping[str, Json]
    ) -> dict[str, Json]:
        """Change a camera; what is not named stays (4.3)."""
        async with self._lock:
            for row in await self._details.camera_rows():
                if as_int(row.get("channel")) == channel:
                    break
            else:
                raise InvalidRequest("There is no such channel")
            return await self._transport.ask_envelope(
                "camera_modify", merged(row, changes)
            )

    async def write_ntp(self, changes: Mapping[str, Json]) -> dict[str, Json]:
        """Set network time; all three fields go out, as each has a default (6.2)."""
        async with self._lock:
            told = as_object(await self._transport.ask("ntp_get"))
            demand_told(untold_in(told, _NTP, filled=_NTP), changes)
            message: dict[str, Json] = {
                **{name: as_text(told.get(name)) for name in _NTP},
                **changes,
            }
            self._details.forget("ntp", "time")
            return await self._transport.ask_envelope("ntp_set", message)

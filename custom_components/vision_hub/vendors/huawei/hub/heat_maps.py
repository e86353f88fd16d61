"""Where people were, and when (10.4.2, 10.4.3)."""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, override

from ...contract import HeatMap, HeatMaps
from ...toolkit.lenient import as_int
from ...toolkit.shapes import as_rows
from ..heat_map import draw_bars, draw_heat_map
from ..transport import Transport
from ..wire import HeatValues, text_of

if TYPE_CHECKING:
    from .details import Details

_SPANS: Final = (
    ("DAY", timedelta(days=1)),
    ("WEEK", timedelta(days=7)),
    ("MONTH", timedelta(days=31)),
)


class HuaweiHeatMaps(HeatMaps):
    """Asks for the day, week, month or year that a time begins in."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Ask through `transport`."""
        self._transport = transport
        self._details = details

    @override
    async def render(
        self, channel: str, kind: HeatMap, start: datetime, end: datetime
    ) -> bytes:
        span = next((name for name, most in _SPANS if end - start <= most), "YEAR")
        answer = await self._transport.ask(
            "get_space_heatmap" if kind is HeatMap.SPACE else "get_time_heatmap",
            {
                **self._details.camera(channel).ids,
                "start_time": text_of(start),
                "type": span,
            },
        )
        if kind is HeatMap.TIME:
            counts = answer.get("data")
            bars = [as_int(count) or 0 for count in as_rows(counts)]
            return await asyncio.to_thread(draw_bars, bars)
        values = HeatValues.from_dict(answer)
        return await asyncio.to_thread(
            draw_heat_map, values.width or 0, values.height or 0, values.rawbase64
        )

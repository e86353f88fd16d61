"""How the box works at present, which decides what its messages and records mean."""

from dataclasses import dataclass
from time import monotonic
from typing import Final

from ...errors import RejectedByHub, Unsupported
from ...lenient import as_int, as_text
from ...model import Json
from ..alarms import Site
from ..transport import Transport
from ..turns import Priority
from ..wire import DetectMode
from .details import Details

_FRESH: Final = 600.0
"""Seconds; a change of the work mode wipes the box, so it is rare."""

_WHITELIST: Final = "whitenamelistmode"


@dataclass(slots=True)
class _Known:
    whitelist: bool = False
    detect: int | None = None
    several: bool = False
    until: float = 0.0


class Modes:
    """Asks for the work mode (3.1.2) and the detect mode (3.1.3), and remembers."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Ask through `transport`."""
        self._transport = transport
        self._details = details
        self._known = _Known()

    async def site(self, *, counts_from_zero: bool = False) -> Site:
        """Return what must be known to understand messages and records."""
        await self._refresh()
        channels = self._details.status().channels
        return Site(
            blacklist=not self._known.whitelist,
            channels={channel.name: id_ for id_, channel in channels.items()},
            counts_from_zero=counts_from_zero,
        )

    async def detect_mode(self) -> int | None:
        """Return one of `DetectMode`; None where the box does not tell."""
        await self._refresh()
        return self._known.detect

    async def several_algorithms(self) -> bool:
        """Whether a channel has several algorithms (26), so that it may do anything."""
        await self._refresh()
        return self._known.several

    async def _refresh(self) -> None:
        if self._known.until > monotonic():
            return
        switches = _object(_object(await self._ask("get_configs")).get("modelSw"))
        mode = as_text(switches.get("workMode")).casefold()
        detect = as_int(_object(await self._ask("get_detect_mode")).get("type"))
        several = False
        if detect not in (DetectMode.FACE, DetectMode.ALERT):
            several = bool(_object(await self._ask("list_multi_alg_videos")))
        self._known = _Known(mode == _WHITELIST, detect, several, monotonic() + _FRESH)

    async def _ask(self, operation: str) -> Json:
        try:
            return await self._transport.ask(operation, priority=Priority.POLL)
        except RejectedByHub, Unsupported:
            return None


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}

"""Relays, known by the channel that they belong to (13)."""

from typing import override

from ...contract import Relays
from ...toolkit.parameters import channel_number
from ..transport import Transport


class MegviiRelays(Relays):
    """Closes a relay for its pulse."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport

    @override
    async def trigger(self, relay: str) -> None:
        await self._transport.ask("trigger_relay", {"videoNo": channel_number(relay)})

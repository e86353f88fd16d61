"""Voice alarms (29)."""

from typing import override

from ...contract import Voices
from ...errors import InvalidRequest
from ...toolkit.lenient import as_int
from ...toolkit.parameters import channel_number
from ..transport import Transport


class MegviiVoices(Voices):
    """Plays the files that were imported."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport

    @override
    async def play(self, voice: str) -> None:
        number = as_int(voice)
        if number is None:
            raise InvalidRequest("There is no such voice file")
        await self._transport.ask("trigger_voice", {"voiceFileNo": number})

    @override
    async def cancel(self, channel: str) -> None:
        await self._transport.ask("cancel_voice", {"videoNo": channel_number(channel)})

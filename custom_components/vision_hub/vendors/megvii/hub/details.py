"""What is known of a box."""

from ...errors import UnexpectedAnswer
from ...model import HubStatus
from ..transport import Transport
from ..wire import Device


class Details:
    """Remembers what the box told, and asks again for what is old."""

    def __init__(self, transport: Transport) -> None:
        """Know nothing yet."""
        self._transport = transport
        self._device = Device()

    async def device(self) -> Device:
        """Ask who the box is (4.1.1)."""
        data = await self._transport.ask("get_device")
        device = Device.from_dict(data) if isinstance(data, dict) else Device()
        if not device.device_id:
            raise UnexpectedAnswer("The box has no identity")
        self._device = device
        return device

    async def refresh(self) -> None:
        """Read what is due."""
        await self.device()

    def status(self) -> HubStatus:
        """Return all that is known."""
        return HubStatus(channels={})

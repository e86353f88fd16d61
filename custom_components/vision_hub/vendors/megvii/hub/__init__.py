"""One MegBox."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Hub, HubConfig
from ...errors import Unsupported
from ...model import HubInfo, HubStatus, Json
from ...operations import load_operations
from ..transport import Transport
from .details import Details

_OPERATIONS: Final = load_operations("custom_components.vision_hub.vendors.megvii")


class MegviiHub(Hub):
    """Talks to one box through one queue."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)

    def __init__(self, config: HubConfig, session: ClientSession) -> None:
        """Prepare; nothing is sent yet."""
        self._transport = Transport(
            session,
            scheme="https" if config.get("ssl") else "http",
            host=str(config["host"]),
            port=int(config["port"]),
            username=str(config.get("username") or "admin"),
            password=str(config.get("password") or ""),
            operations=_OPERATIONS,
        )
        self._details = Details(self._transport)

    @override
    async def connect(self) -> None:
        self._transport.begin()
        device = await self._details.device()
        self.info = HubInfo(
            serial=device.device_id,
            name=device.device_model or "MegBox",
            manufacturer="Megvii",
            model=device.device_model or "MegBox",
            firmware=device.firmware_ver or None,
            mac=None,
            configuration_url=str(self._transport.origin),
        )

    @override
    async def poll(self) -> HubStatus:
        await self._details.refresh()
        return self._details.status()

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        raise Unsupported

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        raise Unsupported

    @override
    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        return await self._transport.ask_envelope(operation, params)

    @override
    async def fetch(self, reference: str) -> bytes:
        return (await self._transport.download(reference)).content


def open_hub(config: HubConfig, session: ClientSession) -> Hub:
    """Make the hub of a configuration."""
    return MegviiHub(config, session)

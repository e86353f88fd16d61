"""One account of Huawei's cloud for video."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Hub, HubConfig, TokenStore
from ...errors import Unsupported
from ...model import HubInfo, HubStatus, Json
from ...operations import load_operations
from ..transport import Transport

_OPERATIONS: Final = load_operations("custom_components.vision_hub.vendors.huawei")


class HuaweiHub(Hub):
    """Talks to one account."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)

    def __init__(
        self, config: HubConfig, session: ClientSession, tokens: TokenStore
    ) -> None:
        """Prepare; nothing is sent yet."""
        self._user_id = str(config["user_id"]).strip()
        self._transport = Transport(
            session,
            tokens,
            url=str(config["url"]),
            user_id=self._user_id,
            access_key=str(config["access_key"]),
            secret_key=str(config["secret_key"]),
            operations=_OPERATIONS,
        )

    @override
    async def connect(self) -> None:
        await self._transport.connect()
        self.info = HubInfo(
            serial=self._user_id,
            name="Huawei IVM",
            manufacturer="Huawei",
            model="Industry Video Management",
        )

    @override
    async def poll(self) -> HubStatus:
        return HubStatus(channels={})

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
        return await self._transport.ask(operation, params)

    @override
    async def fetch(self, reference: str) -> bytes:
        return (await self._transport.download(reference)).content


def open_hub(config: HubConfig, session: ClientSession, tokens: TokenStore) -> Hub:
    """Make the hub of a configuration."""
    return HuaweiHub(config, session, tokens)

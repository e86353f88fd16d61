"""One account of Huawei's cloud for video."""

from datetime import timedelta
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Hub, HubStore
from ...errors import CannotConnect, InvalidRequest
from ...model import HubConfig, HubInfo, HubStatus
from ...toolkit.addresses import is_inside
from ...toolkit.operations import load_operations
from ..transport import Transport
from .details import Details
from .heat_maps import HuaweiHeatMaps
from .operations import OperationRunner
from .people import HuaweiPeople
from .pictures import Pictures
from .ptz import HuaweiPtz
from .push import Push
from .recordings import HuaweiRecordings
from .settings import HuaweiSettings
from .streams import HLS, PROTOCOLS, HuaweiSnapshots, HuaweiStreams

_OPERATIONS: Final = load_operations("huawei")


class HuaweiHub(Hub):
    """Talks to one account."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)

    def __init__(
        self, config: HubConfig, session: ClientSession, store: HubStore
    ) -> None:
        """Prepare; nothing is sent yet."""
        self._user_id = str(config["user_id"]).strip()
        self._transport = Transport(
            session,
            store,
            url=str(config["url"]),
            user_id=self._user_id,
            access_key=str(config["access_key"]),
            secret_key=str(config["secret_key"]),
            operations=_OPERATIONS,
        )
        self.notes = self._transport.notes
        protocol = str(config.get("stream_protocol"))
        if protocol not in PROTOCOLS:
            protocol = HLS
        self._details = Details(self._transport)
        self._ptz = HuaweiPtz(self._transport, self._details)
        snapshots = HuaweiSnapshots(self._transport, self._details)
        self.operation_runner = OperationRunner(
            self._transport, self._details, self._ptz, snapshots
        )
        self._push = Push(self._transport, self._details)
        people = HuaweiPeople(self._transport, self._details)
        self._pictures = Pictures(self._transport, people.picture)
        self.people = people
        self.ptz = self._ptz
        self.snapshots = snapshots
        self.streams = HuaweiStreams(self._transport, self._details, protocol)
        self.recordings = HuaweiRecordings(self._transport, self._details, protocol)
        self.heat_maps = HuaweiHeatMaps(self._transport, self._details)
        self.settings = HuaweiSettings(
            self._transport, self._details, store, f"plans:{self._user_id}"
        )

    @override
    async def connect(self) -> None:
        origin = self._transport.origin
        if origin.scheme == "http" and not is_inside(origin):
            raise InvalidRequest("The keys would travel in the clear: use https")
        await self._transport.connect()
        # Whether the keys fit the user id is told by the first request.
        await self._details.read_devices()
        self.info = HubInfo(
            serial=self._user_id,
            name="Huawei IVM",
            manufacturer="Huawei",
            model="Industry Video Management",
        )

    @override
    async def poll(self) -> HubStatus:
        try:
            await self._details.refresh()
        except CannotConnect:
            self._push.missed()
            raise
        self._push.reached()
        return self._push.added_to(self._details.status())

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        await self._push.listen(sink, callbacks, take_over=take_over)

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        await self._push.unsubscribe(callbacks)

    @override
    async def fetch(self, reference: str) -> bytes:
        return await self._pictures.fetch(reference)

    @override
    async def close(self) -> None:
        await self._ptz.close()

"""One MegBox."""

from datetime import timedelta
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Hub
from ...model import HubConfig, HubInfo, HubStatus
from ...toolkit.connection import Account
from ...toolkit.operations import load_operations
from ..transport import Transport
from .details import Details
from .discovery import MegviiDiscovery
from .history import MegviiHistory
from .inspection import MegviiInspection
from .operations import OperationRunner
from .people import MegviiPeople, fetch_face
from .push import listen
from .relays import MegviiRelays
from .schedules import MegviiSchedules
from .settings import MegviiCommands, MegviiSettings, MegviiTasks
from .streams import MegviiSnapshots, MegviiStreams
from .subscription import Subscription
from .voices import MegviiVoices
from .writer import Writer

_OPERATIONS: Final = load_operations("megvii")


class MegviiHub(Hub):
    """Talks to one box through one queue."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)

    def __init__(self, config: HubConfig, session: ClientSession) -> None:
        """Prepare; nothing is sent yet."""
        self._config = config
        account = Account.of(config, username="admin")
        self._host = account.host
        self._transport = Transport(session, account, _OPERATIONS)
        self.notes = self._transport.notes
        self._details = Details(self._transport)
        self._subscription = Subscription(self._transport)
        self._people = MegviiPeople(self._transport, self._details)
        writer = Writer(self._transport, self._details)
        self.operation_runner = OperationRunner(self._transport, writer)
        self.streams = MegviiStreams(self._details)
        self.snapshots = MegviiSnapshots(self._transport)
        self.tasks = MegviiTasks(writer)
        self.history = MegviiHistory(self._transport, self._details)
        self.people = self._people
        self.relays = MegviiRelays(self._transport)
        self.voices = MegviiVoices(self._transport)
        self.schedules = MegviiSchedules(self._details)
        self.discovery = MegviiDiscovery(self._transport)
        self.inspection = MegviiInspection(self._transport)
        self.settings = MegviiSettings(writer)
        self.commands = MegviiCommands(self._transport, writer)

    @override
    async def connect(self) -> None:
        self._transport.begin()
        device = await self._details.device()
        await self._details.prepare()
        self._adapt()
        ports = [port for port in (device.eth, device.eth1) if port and port.eth_mac]
        ports.sort(key=lambda port: port.eth_ip_addr != self._host)
        model = device.device_model or "MegBox"
        self.info = HubInfo(
            serial=device.device_id,
            name=model,
            manufacturer="Megvii",
            model=model,
            firmware=device.firmware_ver or None,
            mac=ports[0].eth_mac.lower() if ports else None,
            configuration_url=str(self._transport.origin),
        )

    @override
    async def read_serial(self) -> str:
        return (await self._details.device()).device_id

    @override
    async def read_clock(self) -> timedelta | None:
        await self._details.device()
        return self._details.clock_offset

    @override
    async def poll(self) -> HubStatus:
        await self._details.refresh()
        self._adapt()
        return self._details.status()

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        await listen(
            self._transport,
            self._details,
            sink,
            callbacks,
            self._config,
            take_over=take_over,
        )

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        await self._subscription.unsubscribe(callbacks)

    @override
    async def fetch(self, reference: str) -> bytes:
        if (face := await fetch_face(self._transport, reference)) is not None:
            return face
        return (await self._transport.download(reference)).content

    def _adapt(self) -> None:
        """Offer what the mode has: in alert mode nobody is recognised."""
        self.people = self._people if self._details.knows_faces else None

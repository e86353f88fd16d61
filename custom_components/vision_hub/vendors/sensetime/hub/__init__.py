"""One SenseNebula-M node."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Command, Commands, Hub, Streams
from ...errors import Unsupported
from ...model import HubConfig, HubInfo, HubStatus, Json
from ...toolkit.connection import Account
from ...toolkit.operations import load_operations
from ...toolkit.parameters import channel_number
from ...toolkit.replacing import demand_told
from ..cameras import stream_of
from ..transport import Transport
from .details import Details
from .history import SenseTimeHistory
from .operations import OperationRunner
from .people import SenseTimePeople
from .push import HttpSubscription, WebSocketListener, listen_http
from .settings import SenseTimeSettings

_OPERATIONS: Final = load_operations("sensetime")

# 4.1: the two models differ in their computing power.
_MODELS: Final[Mapping[int | None, str]] = {8: "M4s", 16: "M8s"}


class SenseTimeStreams(Streams):
    """Passes on the addresses of RTSP cameras; the node itself streams nothing."""

    def __init__(self, details: Details) -> None:
        """Look into `details`."""
        self._details = details

    @override
    async def source(self, channel: str) -> str | None:
        number = channel_number(channel)
        if number not in self._details.cameras:
            await self._details.read_cameras()
        camera = self._details.cameras.get(number)
        return stream_of(camera) if camera else None


class SenseTimeCommands(Commands):
    """Restarts the node, sets its clock, opens its web pages."""

    catalog = (Command.REBOOT, Command.SET_CLOCK, Command.ENABLE_WEB)

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`."""
        self._transport = transport
        self._details = details

    @override
    async def run(self, command: Command) -> None:
        match command:
            case Command.REBOOT:
                await self._transport.ask("reboot")
            case Command.SET_CLOCK:
                await self._set_clock()
            case Command.ENABLE_WEB:
                await self._transport.ask("web_enable")
            case _:
                raise Unsupported

    async def _set_clock(self) -> None:
        """6.7, in the zone and the order that are set."""
        told = await self._details.system_time()
        await self._details.read_time()
        # A zone that was guessed by a clock that is wrong would be wrong, too.
        demand_told(() if told.time_zone else ("time_zone",))
        message: dict[str, Json] = {
            "sys_time": self._details.clock.write(datetime.now(UTC)),
            "time_zone": told.time_zone,
        }
        if told.time_format:
            message["time_format"] = told.time_format
        await self._transport.ask("time_set", message)
        self._details.forget("time")


class SenseTimeHub(Hub):
    """Talks to one node through one session."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)

    def __init__(self, config: HubConfig, session: ClientSession) -> None:
        """Prepare; nothing is sent yet."""
        account = Account.of(config)
        self._host = account.host
        self._transport = Transport(session, account, _OPERATIONS)
        self.notes = self._transport.notes
        self._by_http = bool(config.get("http_push"))
        self._details = Details(self._transport)
        self._websocket = WebSocketListener(self._transport, self._details)
        self._subscription = HttpSubscription(self._transport)
        settings = SenseTimeSettings(self._transport, self._details)
        self.operation_runner = OperationRunner(
            self._transport, self._details, settings
        )
        self.settings = settings
        self.streams = SenseTimeStreams(self._details)
        self.commands = SenseTimeCommands(self._transport, self._details)
        self.people = SenseTimePeople(self._transport, self._details)
        self.history = SenseTimeHistory(self._transport, self._details)

    @override
    async def connect(self) -> None:
        await self._transport.login()
        versions = await self._details.versions()
        await self._details.read_cameras()
        await self._details.read_time(needed=False)
        model = f"SenseNebula-{_MODELS.get(self._details.capacity, 'M')}"
        self.info = HubInfo(
            serial=versions.serial_id,
            name=model,
            manufacturer="SenseTime",
            model=model,
            firmware=versions.version or None,
            mac=await self._details.mac(self._host),
            configuration_url=str(self._transport.origin),
        )

    @override
    async def read_serial(self) -> str:
        return (await self._details.versions()).serial_id

    @override
    async def read_clock(self) -> timedelta | None:
        await self._details.read_time()
        return self._details.clock_offset

    @override
    async def poll(self) -> HubStatus:
        await self._details.refresh()
        return self._details.status()

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        if self._by_http:
            await listen_http(
                self._subscription,
                self._details,
                sink,
                callbacks,
                take_over=take_over,
            )
        # The user may have changed from HTTP to WebSocket.
        await self._subscription.unsubscribe(callbacks)
        await self._websocket.listen(sink)

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        await self._subscription.unsubscribe(callbacks)

    @override
    async def fetch(self, reference: str) -> bytes:
        return (await self._transport.download(reference)).content

    @override
    async def close(self) -> None:
        await self._transport.logout()

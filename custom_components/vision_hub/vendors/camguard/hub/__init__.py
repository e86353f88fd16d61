"""One CamGuard server."""

from datetime import timedelta
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Discovery, Hub, Streams
from ...errors import InvalidRequest
from ...model import FoundCamera, HubConfig, HubInfo, HubStatus, Json
from ...toolkit.addresses import stream_address
from ...toolkit.connection import Account
from ...toolkit.lenient import as_int, as_text, rows_of
from ...toolkit.operations import load_operations
from ...toolkit.shapes import rows_in
from ..transport import Transport
from ..wire import FoundDevice
from .details import Details
from .history import CamGuardHistory
from .operations import OperationRunner
from .own_lists import OwnLists
from .people import CamGuardPeople
from .pictures import Pictures
from .record_listener import RecordListener
from .resources import Resources
from .settings import CamGuardSettings, CamGuardTasks, TaskEditor

_OPERATIONS: Final = load_operations("camguard")


class CamGuardStreams(Streams):
    """Passes on the addresses of cameras; the server itself streams nothing."""

    def __init__(self, details: Details) -> None:
        """Look into `details`."""
        self._details = details

    @override
    async def source(self, channel: str) -> str | None:
        number = as_int(channel)
        cameras = self._details.cameras
        if number not in cameras:
            cameras = await self._details.read_cameras()
        camera = cameras.get(-1 if number is None else number)
        return stream_address(camera.rtsp) if camera else None


class CamGuardDiscovery(Discovery):
    """Lets the server look through its network (5.5, 5.6)."""

    def __init__(self, transport: Transport) -> None:
        """Work through `transport`."""
        self._transport = transport

    @override
    async def search(self) -> tuple[FoundCamera, ...]:
        info = await self._transport.info("camera_search")
        return tuple(
            FoundCamera(address=row.ip, manufacturer=row.manufacturer or None)
            for row in rows_of(FoundDevice, rows_in(info, "items"))
            if row.ip
        )

    @override
    async def streams(
        self, address: str, username: str | None, password: str | None
    ) -> tuple[str, ...]:
        if not address.strip():
            raise InvalidRequest("The address of the camera is missing")
        message: dict[str, Json] = {"ip": address.strip()}
        if username:
            message["user"] = username
        if password:
            message["password"] = password
        info = await self._transport.info("camera_rtsp_query", message)
        stream = as_text(info.get("rtsp"))
        return (stream,) if stream else ()


class CamGuardHub(Hub):
    """Talks to one server through one session."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=30)

    def __init__(self, config: HubConfig, session: ClientSession) -> None:
        """Prepare; nothing is sent yet."""
        account = Account.of(config)
        self._host = account.host
        self._port = account.port
        self._transport = Transport(session, account, _OPERATIONS)
        self.notes = self._transport.notes
        self._details = Details(self._transport)
        self._pictures = Pictures(self._transport, self._details, self._host)
        resources = Resources(self._transport)
        lists = OwnLists(self._transport, resources)
        self._records = RecordListener(self._transport, self._details, lists)
        editor = TaskEditor(self._transport, self._details)
        people = CamGuardPeople(
            self._transport,
            self._details,
            resources,
            str(config.get("upload_part") or "file"),
        )
        self.operation_runner = OperationRunner(
            self._transport, self._details, resources, people, editor
        )
        self.streams = CamGuardStreams(self._details)
        self.tasks = CamGuardTasks(editor)
        self.settings = CamGuardSettings(editor)
        self.people = people
        self.history = CamGuardHistory(self._transport, self._details, lists)
        self.discovery = CamGuardDiscovery(self._transport)

    @override
    async def connect(self) -> None:
        await self._transport.login()
        host = self._host.lower()
        self.info = HubInfo(
            # The server has no number of its own.
            serial=f"{host}:{self._port}",
            name=f"CamGuard {host}",
            manufacturer="CamGuard",
            model="CamGuard",
            configuration_url=str(self._transport.origin),
        )

    @override
    async def read_clock(self) -> timedelta | None:
        # Every answer tells it.
        return self._details.clock_offset

    @override
    async def poll(self) -> HubStatus:
        await self._details.refresh()
        return self._details.status()

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        await self._records.listen(sink, callbacks)

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Do nothing: reading leaves no trace on the server."""

    @override
    async def fetch(self, reference: str) -> bytes:
        return await self._pictures.fetch(reference)

    @override
    async def close(self) -> None:
        self._transport.forget_session()

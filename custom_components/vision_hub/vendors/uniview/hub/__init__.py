"""One Uniview box."""

from datetime import timedelta
from functools import partial
from typing import Final, override

from aiohttp import ClientSession

from ...contract import AlarmSink, CallbackServer, Hub
from ...model import HubConfig, HubInfo, HubStatus
from ...toolkit.connection import Account
from ...toolkit.operations import load_operations
from ...toolkit.subscriptions import RECHECK, keep_subscribed
from ..transport import Transport
from .details import Details
from .history import UniviewHistory
from .operations import OperationRunner
from .people import UniviewPeople
from .push import Receiver
from .settings import UniviewSettings, UniviewTasks
from .streams import UniviewStreams
from .subscription import ALIVE_INTERVAL, Subscription

_OPERATIONS: Final = load_operations("uniview")


class UniviewHub(Hub):
    """Talks to one box through one transport."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)
    recheck_interval = RECHECK
    """How often we look whether our place among the platforms is still ours."""

    def __init__(self, config: HubConfig, session: ClientSession) -> None:
        """Prepare; nothing is sent yet."""
        account = Account.of(config)
        self._transport = Transport(session, account, _OPERATIONS)
        self.notes = self._transport.notes
        self._details = Details(self._transport)
        self._subscription = Subscription(self._transport)
        self.operation_runner = OperationRunner(self._transport, self._details)
        self.streams = UniviewStreams(
            self._transport,
            self._details,
            str(config.get("stream_username") or ""),
            str(config.get("stream_password") or ""),
        )
        self.history = UniviewHistory(self._transport, self._details)
        self.people = UniviewPeople(self._transport, self._details)
        self.settings = UniviewSettings(
            self._transport, self._details, self._subscription
        )
        self.tasks = UniviewTasks(self._transport)

    @override
    async def connect(self) -> None:
        self._transport.refusal.forget()
        device = await self._details.device()
        self.info = HubInfo(
            serial=device.serial_number,
            name=device.device_name or device.device_model or device.serial_number,
            manufacturer="Uniview",
            model=device.device_model,
            firmware=device.firmware_version or None,
            configuration_url=str(self._transport.origin),
        )

    @override
    async def read_serial(self) -> str:
        return (await self._details.device()).serial_number

    @override
    async def read_clock(self) -> timedelta | None:
        await self._details.device()
        return self._transport.clock_offset

    @override
    async def poll(self) -> HubStatus:
        await self._details.refresh()
        return self._subscription.added_to(self._details.status())

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        with callbacks.serve(
            Receiver(sink, self._details, self.info.serial, self.notes)
        ):
            await self._subscription.subscribe(callbacks, take_over=take_over)
            sink.expect(timedelta(seconds=3 * ALIVE_INTERVAL))
            await keep_subscribed(
                self.recheck_interval,
                partial(self._subscription.subscribe, callbacks, take_over=False),
                sink.missed,
            )

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        await self._subscription.unsubscribe(callbacks)

    @override
    async def fetch(self, reference: str) -> bytes:
        return (await self._transport.download(reference)).content

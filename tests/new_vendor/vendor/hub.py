"""One box: its camera, and the alarms that it calls us with."""

import asyncio
from datetime import timedelta
from typing import Final, override

from aiohttp import ClientSession

from ..contract import (
    AlarmSink,
    CallbackReply,
    CallbackRequest,
    CallbackServer,
    Hub,
    HubStore,
)
from ..errors import NoCallbackAddress, RejectedByHub, UnexpectedAnswer
from ..kinds import AlarmKind
from ..model import Channel, HubConfig, HubInfo, HubStatus
from ..toolkit.json_reader import read_json
from ..toolkit.lenient import as_text, rows_of
from ..toolkit.operations import load_operations
from ..toolkit.shapes import as_object, rows_in
from .alarms import alarm_of
from .transport import Transport
from .wire import Camera, Message

_OPERATIONS: Final = load_operations("toy")


class ToyHub(Hub):
    """Talks to one box."""

    operations = _OPERATIONS
    poll_interval = timedelta(seconds=60)

    def __init__(self, config: HubConfig, session: ClientSession) -> None:
        """Prepare; nothing is sent yet."""
        self.operation_runner = Transport(session, config)

    @override
    async def connect(self) -> None:
        info = await self.call("info", {})
        serial = as_text(info.get("serial"))
        if not serial:
            raise UnexpectedAnswer("The box does not tell who it is")
        self.info = HubInfo(
            serial=serial, name="Toy box", manufacturer="Toy", model="Box"
        )

    @override
    async def poll(self) -> HubStatus:
        cameras = rows_of(Camera, rows_in(await self.call("cameras", {}), "cameras"))
        return HubStatus(
            channels={
                str(camera.id): Channel(
                    id=str(camera.id),
                    name=camera.name,
                    online=camera.online,
                    kinds=frozenset({AlarmKind.INTRUSION}),
                )
                for camera in cameras
                if camera.id is not None
            }
        )

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        async def receive(request: CallbackRequest) -> CallbackReply:
            message = Message.from_dict(as_object(read_json(request.content)))
            await sink.accept(alarm_of(message))
            return CallbackReply()

        if callbacks.url is None:
            raise NoCallbackAddress
        with callbacks.serve(receive):
            await self.call("receiver", {"url": callbacks.url})
            sink.expect(None)
            await asyncio.Event().wait()

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        await self.call("receiver", {"url": ""})

    @override
    async def fetch(self, reference: str) -> bytes:
        raise RejectedByHub("404", "Toy boxes keep no pictures")


def open_hub(config: HubConfig, session: ClientSession, store: HubStore) -> Hub:
    """Return the hub of an entry."""
    return ToyHub(config, session)

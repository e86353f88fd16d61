"""A hub that does what a test wants, and remembers alarms."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import override

from custom_components.vision_hub.vendors.contract import (
    AlarmQuery,
    AlarmSink,
    CallbackServer,
    History,
    Hub,
)
from custom_components.vision_hub.vendors.errors import VisionError
from custom_components.vision_hub.vendors.model import Alarm, HubStatus, Json


class Records(History):
    """What a hub remembers."""

    def __init__(self) -> None:
        self.alarms: list[Alarm] = []
        self.queries: list[AlarmQuery] = []
        self.error: VisionError | None = None

    @override
    async def search(self, query: AlarmQuery) -> AsyncIterator[Alarm]:
        self.queries.append(query)
        if self.error is not None:
            raise self.error
        for alarm in sorted(self.alarms, key=lambda a: a.time, reverse=True):
            if query.start <= alarm.time < query.end:
                yield alarm


class FakeHub(Hub):
    """A hub that does what a test wants."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.within: timedelta | None = timedelta(seconds=90)
        self.taken_over: list[bool] = []
        self.pictures: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []
        self.hangs = False
        """Fetching a picture has no end."""
        self.history = Records()

    @override
    async def connect(self) -> None: ...

    @override
    async def poll(self) -> HubStatus:
        return HubStatus(channels={})

    @override
    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool = False
    ) -> None:
        self.taken_over.append(take_over)
        if self.errors and not take_over:
            raise self.errors.pop(0)
        assert callbacks.url is not None
        sink.expect(self.within)
        await asyncio.Event().wait()

    @override
    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        return

    @override
    async def call(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        return {}

    @override
    async def fetch(self, reference: str) -> bytes:
        self.fetched.append(reference)
        if self.hangs:
            await asyncio.Event().wait()
        found = self.pictures[reference]
        if isinstance(found, Exception):
            raise found
        return found

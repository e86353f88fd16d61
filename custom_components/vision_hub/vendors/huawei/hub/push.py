"""What the cloud tells us by itself (10.1.4)."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
import logging
from typing import Final

from ...contract import AlarmSink, CallbackReply, CallbackRequest, CallbackServer
from ...errors import Busy, CannotConnect, UnexpectedAnswer
from ...model import HubStatus
from ...toolkit.http import BIG
from ...toolkit.read_notes import Oddity, ReadNotes
from ..alarms import ChannelsOf, Message, read_alarm, read_status
from ..analytics import read_intelligence
from ..messages import DeviceUnbind, Envelope, opened
from ..signature import is_genuine
from ..transport import Transport
from .details import Details
from .readings import Readings
from .subscription import Subscription

_LOGGER = logging.getLogger(__name__)

RECHECK: Final = timedelta(hours=1)
"""How often we look whether the places are still ours."""

PAUSE: Final = timedelta(seconds=30)
"""How long we wait before we tell the cloud again to push."""

SILENCED_AFTER: Final = 6
"""Failures in a row after which the cloud is silent for ten minutes."""

ANSWER_WITHIN: Final = 3.0
"""Seconds; the cloud waits for five, and never sends a message again."""

_MOST_AT_WORK: Final = 256

_DONE: Final = CallbackReply(HTTPStatus.OK)
_REFUSED: Final = CallbackReply(HTTPStatus.FORBIDDEN)


def read_message(envelope: Envelope, channels_of: ChannelsOf, now: datetime) -> Message:
    """Understand any message; one of an unknown type says nothing."""
    match envelope.type:
        case "device_alarm":
            return Message(alarms=(read_alarm(envelope, now),))
        case "device_status":
            return Message(alarms=read_status(envelope, channels_of, now), changed=True)
        case "device_unbind":
            told = DeviceUnbind.from_dict(dict(envelope.data))
            _LOGGER.info(
                "The cloud tells %s of %s devices",
                told.message_type[:64],
                len(told.devices),
            )
            return Message(changed=True)
    return read_intelligence(envelope, now) or Message()


class Receiver:
    """Takes every message of one account."""

    def __init__(
        self,
        sink: AlarmSink,
        subscription: Subscription,
        readings: Readings,
        channels_of: ChannelsOf,
        notes: ReadNotes,
    ) -> None:
        """Bring alarms to `sink`, counts to `readings`."""
        self._notes = notes
        self._sink = sink
        self._subscription = subscription
        self._readings = readings
        self._channels_of = channels_of
        self._at_work: set[asyncio.Task[None]] = set()
        self._failures = 0
        self.silenced = asyncio.Event()
        """The cloud got so many failures that it may be silent now."""

    async def __call__(self, request: CallbackRequest) -> CallbackReply:
        """Answer one message, in the time that the cloud gives."""
        if len(request.content) > BIG:
            envelope = await asyncio.to_thread(opened, request.content)
        else:
            envelope = opened(request.content)
        now = datetime.now(UTC)
        genuine = self._is_genuine(request.headers, now)
        if genuine:
            self._sink.heard()
        if envelope.test:
            # Nothing says that it is signed, and it does nothing.
            return _DONE
        if not genuine:
            _LOGGER.debug("A message without our signature was refused")
            # If it was the cloud, it has to be told our key again.
            self._count_failure()
            return _REFUSED
        message = read_message(envelope, self._channels_of, now)
        if not envelope.type or message == Message():
            self._notes.add("push", Oddity.UNKNOWN, "message_type", type(envelope.type))
        task = asyncio.create_task(self._take(message))
        self._at_work.add(task)
        task.add_done_callback(self._finished)
        # A late answer is worth nothing: the message does not come again, and after some
        # of them no other comes. What is at work goes on.
        slow = len(self._at_work) > _MOST_AT_WORK
        await asyncio.wait({task}, timeout=None if slow else ANSWER_WITHIN)
        if task.done():
            task.result()
        return _DONE

    async def _take(self, message: Message) -> None:
        for alarm in message.alarms:
            self._readings.notice(alarm)
            await self._sink.accept(alarm)
        if self._readings.learn(message) or message.changed:
            self._sink.changed()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if task.cancelled():
            return
        if task.exception() is None:
            self._failures = 0
        else:
            self._count_failure()

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= SILENCED_AFTER:
            self._failures = 0
            self.silenced.set()

    def _is_genuine(self, headers: Mapping[str, str], now: datetime) -> bool:
        subscription = self._subscription
        if not subscription.key:
            return False
        return is_genuine(headers, subscription.addresses, subscription.key, now)


class Push:
    """Keeps the cloud telling us, and knows what it counted."""

    def __init__(self, transport: Transport, details: Details) -> None:
        """Subscribe through `transport`, know the channels from `details`."""
        self._transport = transport
        self._subscription = Subscription(transport)
        self._readings = Readings()
        self._details = details
        self._lost = False
        self._back = asyncio.Event()

    async def listen(
        self, sink: AlarmSink, callbacks: CallbackServer, *, take_over: bool
    ) -> None:
        """Subscribe, and bring what the cloud posts to `sink` until cancelled."""
        receiver = Receiver(
            sink,
            self._subscription,
            self._readings,
            self._channels_of,
            self._transport.notes,
        )
        self._subscription.recall(callbacks)
        with callbacks.serve(receiver):
            # Also what is set already: while we were away the cloud fell silent.
            await self._subscription.subscribe(
                callbacks, take_over=take_over, renew=True
            )
            # There is no heartbeat.
            sink.expect(None)
            renew = False
            while True:
                if not renew:
                    renew = await self._wait(receiver)
                if renew:
                    await asyncio.sleep(PAUSE.total_seconds())
                    self._back.clear()
                    receiver.silenced.clear()
                try:
                    if await self._subscription.subscribe(
                        callbacks, take_over=False, renew=renew
                    ):
                        sink.missed()
                except (Busy, CannotConnect, UnexpectedAnswer) as error:
                    # Polling tells about it, and the cloud may try our address again.
                    _LOGGER.debug("The callbacks are not configured: %s", error.key)
                    renew = True
                else:
                    renew = False

    async def unsubscribe(self, callbacks: CallbackServer) -> None:
        """Set the cloud back to what it was."""
        await self._subscription.unsubscribe(callbacks)

    def added_to(self, status: HubStatus) -> HubStatus:
        """Return a snapshot with what cameras counted."""
        return self._readings.added_to(status)

    def missed(self) -> None:
        """Tell that the cloud cannot be reached: nor, most likely, can we."""
        self._lost = True

    def reached(self) -> None:
        """Tell that the cloud can be reached: after an outage it must be told again."""
        if self._lost:
            self._lost = False
            self._back.set()

    def _channels_of(self, device_id: str) -> tuple[str, ...]:
        return tuple(
            key
            for key, camera in self._details.cameras.items()
            if camera.device.device_id == device_id
        )

    async def _wait(self, receiver: Receiver) -> bool:
        """Wait until it is time to look; tell whether the cloud may be silent."""
        waits = [
            asyncio.ensure_future(event.wait())
            for event in (self._back, receiver.silenced)
        ]
        try:
            done, _ = await asyncio.wait(
                waits,
                timeout=RECHECK.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for wait in waits:
                wait.cancel()
        return bool(done)

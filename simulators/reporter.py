"""What sends a device's messages: queues, background work, their end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from .device_state import DeviceState
from .push_delivery import Accept, Outbox, OutgoingRequest, ResendPolicy, Sender

type Release = Callable[[list[OutgoingRequest]], list[OutgoingRequest]]


class Reporter[D: DeviceState[Any, Any, Any]]:
    """Sends over HTTP, with one queue for each receiver.

    A vendor adds the messages; a device that sends nothing can use it as it is.
    """

    def __init__(self, device: D, policy: ResendPolicy, accept: Accept) -> None:
        """Start without receivers; `accept` tells what is an acknowledgement."""
        self.device = device
        self.policy = policy
        self.sender = Sender(accept)
        self.outboxes: dict[int, Outbox[Any]] = {}
        self.running = False
        self._background: set[asyncio.Future[Any]] = set()

    def start(self) -> None:
        """Begin to send."""
        self.running = True

    async def close(self) -> None:
        """Stop; what waits is given up."""
        self.running = False
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for outbox in self.outboxes.values():
            await outbox.close()
        self.outboxes.clear()
        await self.sender.close()

    def in_background(self, work: Awaitable[Any]) -> asyncio.Future[Any]:
        """Run something beside, until it ends or the device stops."""
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def starter_of(self, work: Callable[[], Awaitable[Any]]) -> Callable[[], None]:
        """Return a function that starts the work and does not wait for it."""

        def start() -> None:
            self.in_background(work())

        return start

    def open_outbox(self, target: int, *, connections: int = 1) -> Outbox:
        """Make the queue of a receiver."""
        self.outboxes[target] = Outbox(
            target,
            self.sender,
            policy=self.policy,
            scale=lambda: self.device.time_scale,
            connections=connections,
        )
        return self.outboxes[target]

    def post(self, request: OutgoingRequest, target: int) -> None:
        """Queue a message, or give it up when the receiver has no queue any more."""
        if (outbox := self.outboxes.get(target)) is None:
            request.push.give_up(target)
        else:
            outbox.put(request)

    def post_once(self, request: OutgoingRequest, target: int) -> None:
        """Send past the queue and only once."""
        self.in_background(self._once(request, target))

    def hold(self) -> None:
        """Keep all messages back."""
        for outbox in self.outboxes.values():
            outbox.hold()

    def release(self, order: Release = list) -> None:
        """Send what was kept back, in the order that the function returns."""
        for outbox in self.outboxes.values():
            outbox.release(order)

    async def _once(self, request: OutgoingRequest, target: int) -> None:
        attempt = await self.sender.send(request, target, self.policy.timeout)
        request.push.note(attempt, last=True)

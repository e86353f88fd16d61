"""Sends messages to the configured URLs: once, signed, silent after six failures."""

import asyncio
from collections import Counter, deque
from dataclasses import replace
from functools import partial
from typing import Any

from simulators.push_delivery import (
    Attempt,
    Outbox,
    OutgoingRequest,
    Push,
    ResendPolicy,
)
from simulators.reporter import Reporter as BaseReporter

from .account import Account
from .callbacks import Callback, Callbacks, signed
from .push_messages import Kind, Subscription, dump, envelope, probe

_REPORTER = "reporter"


def acknowledged(status: int, _: bytes) -> bool:
    """Return whether a receiver took a message: with 200, whatever it says."""
    return status == 200


class CallbackOutbox(Outbox):
    """The queue to the URL of a subscription: one attempt each, none while silent."""

    subscription: Subscription
    reporter: Reporter

    async def _deliver(self, request: OutgoingRequest) -> None:
        reporter, callback = self.reporter, self.reporter.callback(self.subscription)
        reason = "not subscribed" if callback is None else ""
        if callback is not None and reporter.is_silent(callback.url):
            reason = "silent"
        if callback is None or reason:
            reporter.drop(request.push, self.subscription, reason)
            request.push.give_up(self.target)
            return
        self.policy = reporter.policy_now()
        await super()._deliver(request)
        taken = request.push.attempts[-1].acknowledged
        reporter.note(callback.url, taken, self.subscription)


class Reporter(BaseReporter[Account]):
    """Sends what cameras report and what becomes of devices.

    `sent`, `taken` and `dropped` count messages by subscription; `pushes` are the
    last ones, also those that nobody was to have.
    """

    def __init__(self, account: Account) -> None:
        """Begin without URLs."""
        super().__init__(account, ResendPolicy(attempts=1), acknowledged)
        self.callbacks = Callbacks()
        self.pushes: deque[Push] = deque(maxlen=10_000)
        self.sent: Counter[Subscription] = Counter()
        self.taken: Counter[Subscription] = Counter()
        self.dropped: Counter[Subscription] = Counter()
        self._last_id = 0
        account.extras[_REPORTER] = self

    def start(self) -> None:
        """Begin to send."""
        super().start()
        for subscription in Subscription:
            self._open(subscription)

    # Where to

    def callback(self, subscription: Subscription) -> Callback | None:
        """Return the URL of a subscription."""
        return self.callbacks.known.get(subscription)

    async def configure(
        self, subscription: Subscription, url: str, auth_key: str
    ) -> Callback | None:
        """Test an URL and keep it; None when it does not answer as it must (10.1.1)."""
        if not await self._probe(url, auth_key):
            return None
        return self.callbacks.put(subscription, url, auth_key, self.device.now())

    def is_silent(self, url: str) -> bool:
        """Return whether nothing is pushed to an URL now."""
        return self.callbacks.breaker(url).is_silent(
            self.device.steady(), keep_count=self.device.quirks.half_lifts_silence
        )

    def note(self, url: str, taken: bool, subscription: Subscription) -> None:
        """Count what became of a transmission."""
        device = self.device
        self.sent[subscription] += 1
        self.taken[subscription] += taken
        silence = device.timing.silence * device.time_scale
        self.callbacks.breaker(url).note(taken, device.steady(), silence)

    def drop(self, push: Push, subscription: Subscription, reason: str) -> None:
        """Count a message that is lost without having been sent."""
        self.dropped[subscription] += 1
        push.held_back = reason

    def policy_now(self) -> ResendPolicy:
        """Return how often and how long a message is tried: once, five seconds."""
        return ResendPolicy(attempts=1, timeout=self.device.timing.callback)

    # Messages

    def push(
        self, subscription: Subscription, data: dict[str, Any], *, held_back: str = ""
    ) -> Push:
        """Send a message to whoever subscribed; `held_back` tells why not to."""
        if self.device.quirks.new_fields:
            data = {**data, "new_algorithm": {"version": 2, "values": [1, None]}}
        body = envelope(self._message_id(), self._name(subscription), data)
        push = Push(str(body["message_id"]), subscription.kind, body)
        self.pushes.append(push)
        callback = self.callback(subscription)
        if not held_back:
            held_back = self._obstacle(callback)
        if held_back:
            self.drop(push, subscription, held_back)
            push.check()
            return push
        push.targets = {subscription.kind}
        self.post(self._outgoing(push, subscription), subscription.kind)
        return push

    def _obstacle(self, callback: Callback | None) -> str:
        if not self.running or self.device.rebooting:
            return "the cloud does not run"
        if callback is None:
            return "not subscribed"
        return "silent" if self.is_silent(callback.url) else ""

    def _name(self, subscription: Subscription) -> str:
        quirks = self.device.quirks
        if subscription is Subscription.HEAD_SHOULDER_DATA and quirks.head_should_data:
            return "head_should_data"
        if subscription is Subscription.VEHICLE_DATA and quirks.vehicles_as_target_data:
            return Subscription.TARGET_DATA.message_type
        return subscription.message_type

    def _message_id(self) -> int:
        """Return a new id: Unix nanoseconds, never twice."""
        self._last_id = max(self._last_id + 1, int(self.device.now() * 1e9))
        if self.device.quirks.long_message_ids:
            return self._last_id * 10**13
        return self._last_id

    def _outgoing(self, push: Push, subscription: Subscription) -> OutgoingRequest:
        def current() -> Callback:
            return self.callbacks.known[subscription]

        return OutgoingRequest(
            push,
            lambda: current().url,
            dump(push.body),
            headers=lambda: self._signature(current().url, current().auth_key),
        )

    def _signature(self, url: str, auth_key: str) -> dict[str, str]:
        quirks = self.device.quirks
        return signed(
            quirks.signature,
            url,
            auth_key,
            self.device.now(),
            capitals=quirks.upper_case_signature,
        )

    async def _probe(self, url: str, auth_key: str) -> bool:
        if not self.running:
            return False
        body = probe(self._message_id())
        push = Push(str(body["message_id"]), Kind.TEST, body, targets={Kind.TEST})
        request = OutgoingRequest(push, lambda: url, dump(body))
        if self.device.quirks.sign_test:
            sign = partial(self._signature, url, auth_key)
            request = replace(request, headers=sign)
        limit = self.device.timing.callback
        sending = self.in_background(self.sender.send(request, Kind.TEST, limit))
        # It is cancelled when the cloud stops.
        await asyncio.wait({sending})
        if sending.cancelled():
            return False
        attempt: Attempt = sending.result()
        push.note(attempt, last=True)
        self.pushes.append(push)
        return attempt.acknowledged

    def _open(self, subscription: Subscription) -> None:
        outbox = CallbackOutbox(
            subscription.kind,
            self.sender,
            policy=self.policy_now(),
            scale=lambda: self.device.time_scale,
        )
        outbox.subscription, outbox.reporter = subscription, self
        self.outboxes[subscription.kind] = outbox


def reporter_of(account: Account) -> Reporter:
    """Return what sends the messages of an account."""
    reporter = account.extras[_REPORTER]
    assert isinstance(reporter, Reporter)
    return reporter

"""Tells subscribers what becomes of devices and packages (10.1.4.3, 10.1.4.4)."""

from collections.abc import Sequence

from simulators.push_delivery import Push

from .account import Account
from .device_messages import Method, Unbind, device_status, device_unbind
from .models import Channel, Device, State
from .push_messages import Subscription
from .reporter import Reporter

_TIMED_OUT = "TMOUT"


class StatusReports:
    """Hears of every change of the account and reports it."""

    def __init__(self, account: Account, reporter: Reporter) -> None:
        """Listen to the account."""
        self._account = account
        self._reporter = reporter
        change_listeners = account.change_listeners
        change_listeners.device_state = self._device
        change_listeners.channel_state = self._channel
        change_listeners.channel_name = self._name
        change_listeners.unbound = self._unbound

    def tell(
        self,
        method: Method,
        device: Device,
        channels: Sequence[Channel],
        *,
        reason: str = "",
        upgrade: str = "",
    ) -> Push:
        """Report a state as it is now, late if the quirks say so."""
        account = self._account
        now = account.now()
        data = device_status(
            device,
            method,
            at=now - account.quirks.late_status,
            pushed=now,
            quirks=account.quirks,
            channels=channels,
            reason=reason,
            upgrade=upgrade,
        )
        return self._reporter.push(Subscription.DEVICE_EXCEPTION, data)

    def unbound(
        self, kind: Unbind, ids: Sequence[tuple[str, str]], resource_id: str = ""
    ) -> Push:
        """Report what was deleted or unbound."""
        data = device_unbind(kind, ids, resource_id)
        return self._reporter.push(Subscription.DEVICE_UNBIND, data)

    def _device(self, device: Device) -> None:
        online = device.device_state == State.ONLINE
        method = Method.LOGIN if online else Method.LOGOUT
        channels = list(device.channels.values())
        self.tell(method, device, channels, reason="" if online else _TIMED_OUT)

    def _channel(self, channel: Channel) -> None:
        self.tell(Method.CHANNEL_STATE, self._owner(channel), [channel])

    def _name(self, channel: Channel) -> None:
        self.tell(Method.CHANNEL_NAME, self._owner(channel), [channel])

    def _unbound(
        self, kind: str, device_id: str, channel_id: str, resource_id: str
    ) -> None:
        self.unbound(Unbind(kind), [(device_id, channel_id)], resource_id)

    def _owner(self, channel: Channel) -> Device:
        return self._account.devices[channel.device_id]

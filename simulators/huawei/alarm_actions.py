"""The part of the cloud that reports: alarms, states, what is unbound, and where to."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, Unpack

from simulators.file_store import Content
from simulators.push_delivery import Push
from simulators.virtual_device import Listening, VirtualDevice

from . import camera_pictures, device_messages
from .account import Account
from .device_messages import ALARMS, FLOW, TARGET_CLASSES, Method, Unbind
from .models import CLOSED, Channel, Device, Limits, Package, State, Timing
from .picture_store import AlarmPictures, picture_store_of
from .push_messages import Subscription
from .quirks import Quirks
from .reporter import Reporter
from .status_reports import StatusReports
from .target_libraries import Target, TargetGroup, libraries_of
from .web_server import WebServer

_PACKAGES = {
    Unbind.UNBIND_MANAGE: Package.MANAGEMENT,
    Unbind.UNBIND_MOTION: Package.EVENT_RECORD,
    Unbind.UNBIND_NORMAL: Package.FULL_RECORD,
    Unbind.UNBIND_DATAFLOW: Package.INDUSTRY_DATA,
}


class AlarmActions(VirtualDevice[Quirks, Timing, Limits]):
    """A cloud that reports alarms. Methods take a channel, by default the first.

    What happened `at` a moment in the past is remembered but not sent.
    """

    device: Account
    reporter: Reporter

    def __init__(
        self,
        web_server: WebServer,
        reporter: Reporter,
        *,
        username: str,
        password: str,
        **listening: Unpack[Listening],
    ) -> None:
        """Hear of every change of the account."""
        super().__init__(
            web_server, reporter, username=username, password=password, **listening
        )
        self._status_reports = StatusReports(self.device, reporter)

    # Where messages go

    @property
    def silent(self) -> bool:
        """Return whether a configured URL gets nothing now."""
        known = self.reporter.callbacks.known.values()
        return any(self.reporter.is_silent(callback.url) for callback in known)

    @property
    def callbacks(self) -> dict[Subscription, str]:
        """Return the configured URLs."""
        known = self.reporter.callbacks.known
        return {subscription: callback.url for subscription, callback in known.items()}

    @property
    def pushes(self) -> list[Push]:
        """Return the last messages, also those that nobody was to have."""
        return list(self.reporter.pushes)

    @property
    def sent(self) -> Counter[Subscription]:
        """Return how many messages were sent, by subscription."""
        return self.reporter.sent

    @property
    def taken(self) -> Counter[Subscription]:
        """Return how many messages were answered with 200."""
        return self.reporter.taken

    @property
    def dropped(self) -> Counter[Subscription]:
        """Return how many messages were lost without having been sent."""
        return self.reporter.dropped

    def lift_silence(self) -> None:
        """Push again to every URL."""
        self.reporter.callbacks.breakers.clear()

    # What happens

    async def alarm(
        self,
        alarm_type: str = "motion_detection",
        *,
        channel: Channel | None = None,
        target_id: str = "",
        similarity: int = 92,
        name: str = "",
        status: str = "pulse",
        flow: tuple[int, int, int] | None = None,
        picture: Content | None = None,
        at: float | None = None,
    ) -> Push:
        """Report an alarm of table 10-15, or of any other type.

        Alarms about persons know the one of `target_id`, or tell a stranger. `name`
        is the type's name of inputs and third parties. `flow` are people in, out and
        back of customer flow; `customer_flow` stands for its type.
        """
        account = self.device
        channel = self._seeing(channel)
        device = account.device(channel.device_id)
        if alarm_type == "customer_flow":
            alarm_type = f"{account.quirks.flow_prefix}{FLOW}"
        if alarm_type.endswith(FLOW):
            flow = flow or (3, 2, 1)
        moment = account.now() if at is None else at
        number = account.next_id("alarm")
        uuid = device_messages.alarm_uuid(channel, alarm_type, moment, number)
        found = self._enrolled(target_id, channel) if target_id else None
        await self._keep_pictures(uuid, alarm_type, channel, moment, picture, found)
        target = None
        classification = ALARMS.get(alarm_type, "")
        only = account.quirks.target_only_with_target
        if classification in TARGET_CLASSES and not (
            only and classification != "TARGET"
        ):
            target = self._target_of(uuid, found, similarity)
        data = device_messages.device_alarm(
            device,
            channel,
            alarm_type,
            uuid,
            at=moment,
            status=status,
            name=name,
            target=target,
            flow=flow,
        )
        reason = self._obstacle(channel, at)
        if classification == "DEVICE" and at is None:
            reason = ""
        push = self.reporter.push(Subscription.DEVICE_ALARM, data, held_back=reason)
        push.event_id = uuid
        return push

    async def status(
        self,
        method: Method | str,
        *,
        device: Device | None = None,
        channel: Channel | None = None,
        reason: str = "",
        upgrade: str = "success",
    ) -> Push:
        """Report the state of a device, or of a channel, as it is now.

        `set_device_status` and `set_channel_status` change it and report by
        themselves.
        """
        method = Method(method)
        if device is None:
            device = self.device.device(self._seeing(channel).device_id)
        channels = list(device.channels.values())
        if channel is not None:
            channels = [channel]
        elif method in (Method.CHANNEL_STATE, Method.CHANNEL_NAME):
            channels = channels[:1]
        if method is Method.OFFLINE_REASON:
            reason = reason or "NETWORK"
        return self._status_reports.tell(
            method,
            device,
            channels,
            reason=reason,
            upgrade=upgrade if method is Method.UPGRADE else "",
        )

    async def unbind(
        self,
        kind: Unbind | str,
        *,
        device: Device | None = None,
        channel: Channel | None = None,
        resource_id: str | None = None,
    ) -> Push:
        """Delete or unbind a device, or end a package of a channel; report it."""
        account, kind = self.device, Unbind(kind)
        if kind.of_device:
            if device is None:
                device = account.device(self._seeing(channel).device_id)
            account.devices.pop(device.device_id)
            return self._status_reports.unbound(kind, [(device.device_id, "")])
        chosen: Sequence[Channel] = [channel or self._seeing(None)]
        if device is not None:
            chosen = list(device.channels.values())
        for one in chosen:
            one.packages[_PACKAGES[kind]] = CLOSED
        if resource_id is None:
            resource_id = account.uuid()
        return self._status_reports.unbound(
            kind, [one.key for one in chosen], resource_id
        )

    # Parts

    def _seeing(self, channel: Channel | None) -> Channel:
        """Return the channel, or the first that is online."""
        if channel is not None:
            return channel
        channels = list(self.device.channels())
        online = [one for one in channels if one.channel_state == State.ONLINE]
        return (online or channels)[0]

    def _obstacle(self, channel: Channel, at: float | None) -> str:
        """Return why a channel's message is not sent; empty if it is."""
        if at is not None:
            return "past"
        if channel.channel_state != State.ONLINE:
            return "the channel is offline"
        needed = (Package.MANAGEMENT, Package.INDUSTRY_DATA)
        if self.device.quirks.alarms_need_services and not all(
            channel.granted(package) for package in needed
        ):
            return "the channel has no data stream service"
        return ""

    def _enrolled(self, target_id: str, channel: Channel) -> tuple[TargetGroup, Target]:
        """Return somebody by id, external id or name, first of the same device."""
        found = [
            (device.device_id != channel.device_id, number, group, target)
            for number, (device, group, target) in enumerate(
                libraries_of(self.device).everybody()
            )
            if target_id in (target.target_id, target.external_target_id, target.name)
        ]
        if not found:
            raise LookupError(f"nobody is enrolled as {target_id}")
        return min(found)[2:]

    def _target_of(
        self, uuid: str, found: tuple[TargetGroup, Target] | None, similarity: int
    ) -> dict[str, Any]:
        quirks = self.device.quirks
        if found is None:
            age = self.device.rng.randrange(18, 70)
            return device_messages.alarm_target(quirks, uuid, age=age)
        group, target = found
        return device_messages.alarm_target(
            quirks,
            uuid,
            target_id=target.target_id,
            name=target.name,
            gender=str(target.fields["gender"]),
            age=int(target.fields.get("age", 0)),
            organization=str(target.fields.get("organization", "")),
            similarity=similarity,
            group_id=group.group_id,
            group_name=group.name,
            group_label=group.name,
        )

    async def _keep_pictures(
        self,
        uuid: str,
        alarm_type: str,
        channel: Channel,
        at: float,
        picture: Content | None,
        found: tuple[TargetGroup, Target] | None,
    ) -> None:
        store, key, photo = picture_store_of(self.device), "", ""
        if picture is None and alarm_type not in device_messages.WITHOUT_PICTURE:
            figure = device_messages.FIGURES.get(alarm_type, "person")
            shot = camera_pictures.shot(channel, at, self.device.rng, figure)
            picture = partial(camera_pictures.Shot.panorama, shot)
        if picture is not None:
            key = uuid
            store.keep(key, picture)
        if found is not None:
            content = await self.device.files.read(found[1].photo)
            photo = f"{uuid}_target.jpg"
            store.keep(photo, content or b"")
        store.remember_alarm(uuid, AlarmPictures(at, key, photo))

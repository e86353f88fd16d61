"""What cameras count and push every few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Final

from ...model import Alarm, ChannelReading, HubStatus, Reading
from ..alarms import Message, Traffic

AT_MOST_EVERY: Final = timedelta(seconds=30)
"""Cameras report every few seconds; so often a count is news."""

HOLD: Final = timedelta(hours=1)
"""How long what a camera counted is believed."""


@dataclass(slots=True)
class _Counting:
    """What is known of one channel."""

    queue: int | None = None
    lanes: dict[int, Traffic] = field(default_factory=dict)
    heard: float = float("-inf")
    passing: bool = False
    inside: bool = False

    def readings(self) -> Mapping[ChannelReading, Reading]:
        lanes = self.lanes.values()
        told: dict[ChannelReading, Reading] = {}
        if self.queue is not None:
            told[ChannelReading.PEOPLE_QUEUING] = self.queue
        counts = [lane.vehicles for lane in lanes if lane.vehicles is not None]
        if counts:
            told[ChannelReading.VEHICLE_COUNT] = sum(counts)
        # A lane without vehicles has no speed.
        speeds = [
            (lane.speed, lane.vehicles or 1)
            for lane in lanes
            if lane.speed is not None and lane.vehicles != 0
        ]
        if speeds:
            weight = sum(vehicles for _, vehicles in speeds)
            told[ChannelReading.VEHICLE_SPEED] = round(
                sum(speed * vehicles for speed, vehicles in speeds) / weight
            )
        elif counts:
            told[ChannelReading.VEHICLE_SPEED] = 0
        return told


class Readings:
    """Keeps what is counted, and what of it is news."""

    def __init__(self) -> None:
        """Know nothing."""
        self._channels: dict[str, _Counting] = {}
        self._changed = float("-inf")

    def learn(self, message: Message) -> bool:
        """Keep readings; tell whether they changed and it is time to say so."""
        concerned = {*message.queues, *(each.channel for each in message.traffic)}
        before = {channel: self._of(channel).readings() for channel in concerned}
        now = monotonic()
        for channel, waiting in message.queues.items():
            self._of(channel).queue = waiting
        for traffic in message.traffic:
            self._of(traffic.channel).lanes[traffic.lane] = traffic
        changed = False
        for channel in concerned:
            counting = self._of(channel)
            counting.heard = now
            changed |= counting.readings() != before[channel]
        if not changed or now - self._changed < AT_MOST_EVERY.total_seconds():
            return False
        self._changed = now
        return True

    def notice(self, alarm: Alarm) -> None:
        """Learn what a channel counts: nothing but its counts says so."""
        if alarm.channel is not None and (counts := alarm.counts):
            counting = self._of(alarm.channel)
            counting.passing |= counts.entered is not None or counts.left is not None
            counting.inside |= counts.inside is not None

    def added_to(self, status: HubStatus) -> HubStatus:
        """Return a snapshot with what was counted, and who was seen to count."""
        channels = dict(status.channels)
        since = monotonic() - HOLD.total_seconds()
        for name, counting in self._channels.items():
            if channel := channels.get(name):
                channels[name] = replace(
                    channel,
                    counts_passing=channel.counts_passing or counting.passing,
                    counts_inside=channel.counts_inside or counting.inside,
                    readings={**channel.readings, **counting.readings()}
                    if counting.heard > since
                    else channel.readings,
                )
        return replace(status, channels=channels)

    def _of(self, channel: str) -> _Counting:
        return self._channels.setdefault(channel, _Counting())
